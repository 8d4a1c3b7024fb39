"""The words of intake: faults of a file, how far an import is, fields, registration in pairs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fleet.errors import InvalidInput
from fleet.imports.rows import Rejected
from fleet.imports.staging import Difference
from tui import format as shown
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from tui.intake import Advance

INTAKE: Mapping[str, tuple[str, str]] = {
    "import.two_assets": (
        _("L’étiquette et le n° de série {value} sont ceux de deux appareils."),
        _("Vérifier les deux sur place, puis corriger la ligne."),
    ),
    "import.cancelled": (
        _("Import arrêté : rien n’est écrit."),
        _("Le relancer quand vous voulez."),
    ),
    "import.file_changed": (
        _("{file} a changé depuis l’aperçu."),
        _("Refaire l’aperçu, puis importer."),
    ),
    "register.two_labels": (
        _("Deux étiquettes de suite : il manque un n° de série."),
        _("Scanner le n° de série sur la boîte."),
    ),
    "register.no_label": (
        _("« {value} » n’est pas une étiquette Ardoise."),
        _("Scanner une étiquette de réserve."),
    ),
    "register.no_serial": (
        _("« {value} » n’est pas un n° de série."),
        _("Scanner le n° de série sur la boîte (S/N)."),
    ),
    "register.product": (
        _("{value} est le code-barres du produit, le même sur toutes les boîtes."),
        _("Scanner le code-barres marqué S/N."),
    ),
    "register.tag_taken": (
        _("L’étiquette {tag} est déjà celle d’un appareil ({serial})."),
        _("Prendre une autre étiquette de réserve."),
    ),
    "register.serial_known": (
        _("Le n° de série {serial} est déjà inscrit sous {tag}."),
        _("Passer à la boîte suivante ; étiquette perdue : réimprimer {tag}."),
    ),
    "register.ambiguous": (
        _("{count} appareils portent le n° de série {serial}."),
        _("L’inscrire par le câble, qui sait les distinguer."),
    ),
}

FIELDS: Mapping[str, str] = {
    "accounting_number": _("n° d’inventaire"),
    "address": _("adresse"),
    "capacity": _("emplacements"),
    "cart": _("mallette"),
    "circonscription": _("circonscription"),
    "class_name": _("classe"),
    "commune": _("commune"),
    "family_name": _("nom"),
    "given_name": _("prénom"),
    "guardian": _("responsable"),
    "kind": _("genre"),
    "left": _("parti"),
    "level": _("niveau"),
    "lot": _("lot"),
    "maker": _("marque"),
    "model": _("modèle"),
    "name": _("nom"),
    "postcode": _("code postal"),
    "price_cents": _("prix"),
    "purchased_on": _("achat"),
    "room": _("salle"),
    "school": _("école"),
    "serial": _("n° de série"),
    "slot": _("emplacement"),
    "supplier": _("fournisseur"),
    "warranty_until": _("garantie"),
    "wifi_mac": _("adresse Wi-Fi"),
}
"""Others show under their own name, which is the one of the JSON."""


def why(fault: Rejected) -> str:
    """What is wrong with a cell, in words."""
    params = {"field": fault.field, "value": fault.value, "expected": fault.expected}
    from tui.sentences import sentence

    return sentence(InvalidInput(fault.reason, **params)).what


def changes(differs: tuple[Difference, ...]) -> str:
    """``classe : CM1 → CM2``, for a person ``parti`` alone."""
    parts = []
    for each in differs:
        name = FIELDS.get(each.field, each.field)
        if each.field == "left":
            parts.append(name if each.after == "True" else _("revenu"))
        elif each.field == "cart":
            parts.append(name)  # ids say nothing to people
        else:
            text = _("{field} : {before} → {after}")
            parts.append(
                text.format(field=name, before=each.before or "—", after=each.after or "—")
            )
    return ", ".join(parts)


def advance(done: "Advance") -> str:
    """``12 500 lignes · 43 % · reste 2 min``."""
    count = shown.number(done.rows)
    parts = [ngettext("{count} ligne", "{count} lignes", done.rows).format(count=count)]
    if done.part is not None:
        parts.append(_("{percent} %").format(percent=round(done.part * 100)))
    if done.seconds_left is not None:
        parts.append(_("reste {time}").format(time=shown.duration(done.seconds_left)))
    return " · ".join(parts)
