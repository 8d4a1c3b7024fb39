"""What went wrong and what to do next, in words, for every code that the project raises.

``sentence`` never fails: a parameter that is missing shows as a dash, a code without words shows
itself. A test compares this table with the codes in the source.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.errors import FleetError, Param
from tui import format as shown
from tui import words
from tui.carts_words import CARTS
from tui.command_words import COMMANDS
from tui.custody_words import CUSTODY
from tui.desk_words import DESK
from tui.fault_words import FILES, PROFILE_REASONS
from tui.i18n import _
from tui.intake_words import INTAKE
from tui.lists_words import LISTS
from tui.stocktake_words import STOCKTAKE


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, and the next gesture."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


_DEVICES: Mapping[str, tuple[str, str]] = {
    "device.unauthorised": (
        _("{device} : la tablette n’a pas autorisé cet ordinateur."),
        _("Déverrouiller la tablette, toucher « Autoriser » puis recommencer."),
    ),
    "device.busy": (
        _("{device} : un autre programme tient la tablette."),
        _("Fermer l’autre programme (adb, scrcpy), puis recommencer."),
    ),
    "device.no_rights": (
        _("{device} : le système refuse l’accès au port USB."),
        _("Installer la règle udev d’Ardoise, puis rebrancher."),
    ),
    "device.charge_only": (
        _("{device} : charge seule, ou batterie vide."),
        _("Attendre 15 minutes ou changer de câble."),
    ),
    "device.debugging_off": (
        _("{device} : le débogage USB est coupé."),
        _("L’activer dans les options pour les développeurs."),
    ),
    "device.unplugged": (
        _("{device} : la liaison est coupée."),
        _("Rebrancher la tablette ; le travail reprendra où il en était."),
    ),
    "device.unreachable": (
        _("{device} : aucune réponse à cette adresse."),
        _("Vérifier le câble, le réseau et l’adresse."),
    ),
    "device.timeout": (
        _("{device} : la tablette ne répond plus."),
        _("Débrancher, attendre dix secondes, rebrancher."),
    ),
    "device.protocol": (
        _("{device} : réponse incompréhensible ({reason})."),
        _("Rebrancher ; si cela dure, redémarrer la tablette."),
    ),
    "device.remote": (
        _("{device} : la tablette refuse ({reason})."),
        _("Lire la raison, corriger, puis recommencer."),
    ),
    "device.install_refused": (
        _("{device} : Android refuse l’application ({reason})."),
        _("Vérifier l’APK et la place libre, puis recommencer."),
    ),
    "device.cancelled": (
        _("{device} : arrêté à la demande."),
        _("Relancer quand vous voulez : rien n’est à moitié fait."),
    ),
    "device.address": (
        _("« {value} » n’est pas une adresse d’appareil."),
        _("Écrire HÔTE:PORT, comme 127.0.0.1:7000."),
    ),
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    **CARTS,
    **COMMANDS,
    **CUSTODY,
    **DESK,
    **_DEVICES,
    **FILES,
    **LISTS,
    **STOCKTAKE,
    **INTAKE,
}


_QUOTED = ("found", "tag", "uai")


class _Gaps(dict[str, str]):
    """Shows a dash for a parameter that the error does not carry."""

    def __missing__(self, key: str) -> str:
        return "—"


def sentence(error: FleetError) -> Sentence:
    """The words for ``error`` in the language in use."""
    what, remedy = SENTENCES.get(
        error.code, (f"{error.code}.", _("Noter ce code et demander de l’aide."))
    )
    given = _Gaps(_words(error.params))
    return Sentence(what.format_map(given), remedy.format_map(given))


def _words(params: Mapping[str, Param]) -> dict[str, str]:
    given = {name: _word(name, value) for name, value in params.items() if value not in (None, "")}
    for name in _QUOTED if "value" in given else ():
        given.setdefault(name, given["value"])  # a faulty cell comes as its value alone
    if "kind" in given:
        given["operation_kind"] = words.operation(params["kind"])
    return given


def _word(name: str, value: Param) -> str:
    match name:
        case "tag":
            return shown.tag(str(value))
        case "since" | "at":
            return shown.since(str(value))
        case "state":
            return words.state(value)
        case "kind":
            return words.kind(value)
        case "movement":
            return words.operation(value)
        case "reason":
            return PROFILE_REASONS.get(str(value), str(value))
        case _:
            return str(value)
