"""The words of the bench: steps, reasons, remedies, notes and results, for every code that the
policies, the plan and its application use; and how a slot shows.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fleet.errors import Param
from fleet.policies import ABSENT, DISABLED, ENABLED, PRESENT, Verdict
from fleet.steps import StepState
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.words import Look

if TYPE_CHECKING:
    from fleet.steps import Step, StepOutcome, Word
    from tui.bench import SlotView

STEPS: Mapping[str, str] = {
    "uninstall": _("désinstaller"),
    "install": _("installer"),
    "enable": _("activer"),
    "disable": _("désactiver"),
    "put_setting": _("régler"),
    "delete_setting": _("retirer le réglage"),
    "put_file": _("copier"),
    "set_timezone": _("fuseau horaire"),
    "set_locale": _("langue"),
    "reboot": _("redémarrer"),
}

OUTCOMES: Mapping[StepState, Look] = {
    StepState.PLANNED: Look(Glyph.EMPTY, _("prévu"), Tone.MUTED),
    StepState.DOING: Look(Glyph.BUSY, _("en cours"), Tone.BUSY),
    StepState.DONE: Look(Glyph.DONE, _("fait"), Tone.OK),
    StepState.SKIPPED: Look(Glyph.EMPTY, _("inutile"), Tone.MUTED),
    StepState.REFUSED: Look(Glyph.BAD, _("refusé"), Tone.BAD),
    StepState.FAILED: Look(Glyph.BAD, _("échec"), Tone.BAD),
}

VALUES: Mapping[str, str] = {
    ABSENT: _("absent"),
    PRESENT: _("présent"),
    ENABLED: _("actif"),
    DISABLED: _("désactivé"),
}

WORDS: Mapping[str, str] = {
    "why.forbidden": _("interdit par le profil"),
    "why.app_missing": _("manque"),
    "why.app_old": _("version {found}, il faut {wanted}"),
    "why.app_disabled": _("est désactivé"),
    "why.app_enabled": _("est actif, le profil le coupe"),
    "why.setting_differs": _("vaut {found}, il faut {wanted}"),
    "why.file_missing": _("manque"),
    "why.file_differs": _("contenu différent"),
    "why.timezone_differs": _("est {found}, il faut {wanted}"),
    "why.locale_differs": _("est {found}, il faut {wanted}"),
    "why.locale_needs_boot": _("pour que la langue s’affiche"),
    "plan.already_so": _("conforme à {profile} : rien à faire"),
    "plan.unknown": _("{policy} : illisible, relire la tablette"),
    "plan.by_hand": _("{policy} : {found}, il faut {wanted} — {remedy}"),
    "plan.no_apk": _("{package} : aucun APK dans le catalogue"),
    "plan.apk_too_old": _("{package} : l’APK ({version}) est trop ancien"),
    "plan.package_case": _("{package} : la casse du nom diffère dans le profil"),
    "remedy.read_again": _("relire la tablette"),
    "remedy.settings_put": _("appliquer le profil"),
    "remedy.settings_delete": _("appliquer le profil"),
    "remedy.disable_app": _("appliquer le profil"),
    "remedy.uninstall_app": _("appliquer le profil"),
    "remedy.install_app": _("appliquer le profil"),
    "remedy.update_app": _("appliquer le profil"),
    "remedy.enable_app": _("appliquer le profil"),
    "remedy.fix_package_case": _("corriger le nom dans le profil"),
    "remedy.put_file": _("appliquer le profil"),
    "remedy.set_timezone": _("appliquer le profil"),
    "remedy.set_locale": _("appliquer le profil"),
    "remedy.reboot": _("redémarrer la tablette"),
    "remedy.charge": _("mettre en charge"),
    "remedy.free_storage": _("libérer de la place"),
    "remedy.system_update": _("mettre le système à jour"),
    "apply.done": _("fait et relu"),
    "apply.rebooting": _("redémarre"),
    "apply.already_gone": _("déjà retiré"),
    "apply.no_effect": _("envoyé, sans effet"),
    "apply.refused": _("refusé par la tablette"),
    "apply.unclear": _("réponse ambiguë"),
    "apply.reboot_useless": _("redémarrage inutile"),
}

_POLICIES: Mapping[str, str] = {
    "battery": _("batterie"),
    "storage": _("place libre"),
    "security_patch": _("correctif de sécurité"),
    "timezone": _("fuseau horaire"),
    "locale": _("langue"),
}

_FAILURES: Mapping[str, str] = {
    "device.unauthorised": _("non autorisée"),
    "device.unplugged": _("débranchée"),
    "device.unreachable": _("injoignable"),
    "device.timeout": _("ne répond plus"),
    "device.cancelled": _("arrêtée"),
    "device.charge_only": _("charge seule"),
}


def word(code: str, params: Mapping[str, Param] | None = None) -> str:
    """The words for a code of the bench; the code itself when there are none."""
    given = {name: _value(name, value) for name, value in (params or {}).items()}
    return WORDS.get(code, code).format_map(_Gaps(given))


def why(step: "Step") -> str:
    """Why a step is in the plan."""
    return word(step.why.code, step.why.params)


def step(each: "Step") -> str:
    """What a step does: ``désactiver com.example``."""
    return f"{STEPS.get(each.kind, each.kind)} {each.subject}".strip()


def planned(each: "Step") -> str:
    """A step and its reason on one line, before anything is changed."""
    return f"{step(each)} ({why(each)})"


def outcome(each: "StepOutcome") -> str:
    """What became of a step, with the tablet's own words where it gave some."""
    look = OUTCOMES[each.state]
    message = word(each.message, each.step.why.params)
    detail = f" — {each.detail}" if each.detail else ""
    return f"{look.glyph} {step(each.step)} : {message}{detail}"


def verdict(each: Verdict) -> str:
    """A policy that does not hold, or could not be read, with its remedy."""
    glyph = Glyph.UNKNOWN if each.ok is None else Glyph.DONE if each.ok else Glyph.WARN
    text = _("{policy} : {found}, il faut {wanted}").format(
        policy=policy(each.policy),
        found=_value("found", each.found),
        wanted=_value("wanted", each.wanted),
    )
    remedy = f" → {word(each.remedy)}" if each.remedy else ""
    return f"{glyph} {text}{remedy}"


def note(each: "Word") -> str:
    """What the plan leaves undone."""
    return word(each.code, each.params)


def policy(name: str) -> str:
    """A policy by name: the setting, package or file that it is about, or a word."""
    return _POLICIES.get(name) or name.partition(".")[2] or name


def slot_look(view: "SlotView") -> Look:
    """Glyph, word and tone of a slot."""
    match view.phase.value:
        case "empty":
            return Look(Glyph.EMPTY, _("vide"), Tone.MUTED)
        case "connecting":
            return Look(Glyph.BUSY, _("connexion…"), Tone.BUSY)
        case "prompt":
            return Look(Glyph.WARN, _("autoriser"), Tone.WARN)
        case "reading":
            return Look(Glyph.BUSY, _("lecture…"), Tone.BUSY)
        case "applying":
            return Look(Glyph.BUSY, _("configuration"), Tone.BUSY)
        case "failed":
            code = view.error.code if view.error else ""
            return Look(Glyph.BAD, _FAILURES.get(code, _("échec")), Tone.BAD)
        case _:
            return _read_look(view)


def _read_look(view: "SlotView") -> Look:
    if view.tag is None:
        return Look(Glyph.UNKNOWN, _("non inscrite"), Tone.WARN)
    if view.compliant is True:
        return Look(Glyph.PRESENT, _("conforme"), Tone.OK)
    if view.compliant is False:
        text = ngettext("{count} écart", "{count} écarts", len(view.failing))
        return Look(Glyph.WARN, text.format(count=len(view.failing)), Tone.WARN)
    return Look(Glyph.UNKNOWN, _("à relire"), Tone.WARN)


class _Gaps(dict[str, str]):
    """Shows a dash for what is not given."""

    def __missing__(self, key: str) -> str:
        return "—"


def _value(name: str, value: Param) -> str:
    if value is None:
        return "—"
    text = str(value)
    match name:
        case "found" | "wanted":
            return VALUES.get(text, text)
        case "remedy":
            return WORDS.get(text, text)
        case "policy":
            return policy(text)
        case _:
            return text
