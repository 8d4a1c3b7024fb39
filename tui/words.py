"""The words of the interface for what the core says in codes: states, kinds, history, phases.

Sentences for errors are in ``tui.sentences``, those of audits and plans in ``tui.device_words``.
Words suit a tablet, a cart or a server alike, so none agrees in gender with one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet import movements
from fleet.asset import Condition, State
from fleet.kinds import AssetKind, PersonKind
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Look:
    """How a state shows: glyph, word and colour, of which the first two suffice."""

    glyph: Glyph
    word: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.glyph} {self.word}"


STATES: Mapping[State, Look] = {
    State.AVAILABLE: Look(Glyph.PRESENT, _("disponible"), Tone.OK),
    State.IN_SERVICE: Look(Glyph.PRESENT, _("en service"), Tone.OK),
    State.LENT: Look(Glyph.LENT, _("en prêt"), Tone.BUSY),
    State.DAMAGED: Look(Glyph.WARN, _("à examiner"), Tone.WARN),
    State.IN_REPAIR: Look(Glyph.REPAIR, _("en réparation"), Tone.WARN),
    State.LOST: Look(Glyph.BAD, _("perdu"), Tone.BAD),
    State.STOLEN: Look(Glyph.BAD, _("volé"), Tone.BAD),
    State.RETIRED: Look(Glyph.EMPTY, _("réformé"), Tone.MUTED),
}

KINDS: Mapping[AssetKind, str] = {
    AssetKind.TABLET: _("tablette"),
    AssetKind.CART: _("mallette"),
    AssetKind.KWARTZ_SERVER: _("serveur Kwartz"),
    AssetKind.COMPUTER: _("ordinateur"),
    AssetKind.PROJECTOR: _("vidéoprojecteur"),
    AssetKind.INTERACTIVE_DISPLAY: _("écran interactif"),
    AssetKind.WEBRADIO_KIT: _("kit webradio"),
    AssetKind.WEBTV_KIT: _("kit webtélé"),
    AssetKind.ACCESS_POINT: _("borne Wi-Fi"),
    AssetKind.ACCESSORY: _("accessoire"),
}

PERSON_KINDS: Mapping[PersonKind, str] = {
    PersonKind.PUPIL: _("élève"),
    PersonKind.TEACHER: _("enseignant"),
    PersonKind.STAFF: _("personnel"),
}

CONDITIONS: Mapping[Condition, Look] = {
    Condition.GOOD: Look(Glyph.DONE, _("bon état"), Tone.OK),
    Condition.WORN: Look(Glyph.DONE, _("usure normale"), Tone.OK),
    Condition.DAMAGED: Look(Glyph.WARN, _("abîmé"), Tone.WARN),
}

ACCESSORIES: Mapping[str, str] = {
    "charger": _("chargeur"),
    "cover": _("coque"),
    "stylus": _("stylet"),
    "keyboard": _("clavier"),
    "headset": _("casque"),
}

HISTORY: Mapping[str, Look] = {
    movements.RECEIVED: Look(Glyph.PRESENT, _("reçu"), Tone.OK),
    movements.DESCRIBED: Look(Glyph.DONE, _("fiche corrigée"), Tone.PLAIN),
    movements.ENROLLED: Look(Glyph.DONE, _("inscrit par câble"), Tone.PLAIN),
    movements.MOVED: Look(Glyph.LENT, _("changé d’école"), Tone.PLAIN),
    movements.PLACED: Look(Glyph.LENT, _("rangé"), Tone.PLAIN),
    movements.LENT: Look(Glyph.LENT, _("prêté"), Tone.BUSY),
    movements.EXTENDED: Look(Glyph.LENT, _("prêt prolongé"), Tone.BUSY),
    movements.RETURNED: Look(Glyph.DONE, _("rendu"), Tone.OK),
    movements.LOAN_CANCELLED: Look(Glyph.UNDONE, _("prêt annulé"), Tone.MUTED),
    movements.RETURN_CANCELLED: Look(Glyph.UNDONE, _("retour annulé"), Tone.MUTED),
    movements.SENT_TO_REPAIR: Look(Glyph.REPAIR, _("parti en réparation"), Tone.WARN),
    movements.REPAIRED: Look(Glyph.DONE, _("revenu de réparation"), Tone.OK),
    movements.LOST: Look(Glyph.BAD, _("déclaré perdu"), Tone.BAD),
    movements.STOLEN: Look(Glyph.BAD, _("déclaré volé"), Tone.BAD),
    movements.FOUND: Look(Glyph.DONE, _("retrouvé"), Tone.OK),
    movements.RETIRED: Look(Glyph.EMPTY, _("réformé"), Tone.MUTED),
    movements.RESTORED: Look(Glyph.UNDONE, _("état rétabli"), Tone.MUTED),
    movements.EXCHANGED: Look(Glyph.DONE, _("échangé sous garantie"), Tone.PLAIN),
    movements.CODE_ATTACHED: Look(Glyph.DONE, _("code rattaché"), Tone.PLAIN),
    movements.ACCESSORY_SETTLED: Look(Glyph.DONE, _("accessoire réglé"), Tone.OK),
    movements.ACCESSORY_GIVEN: Look(Glyph.LENT, _("accessoire remis"), Tone.BUSY),
    movements.SEEN: Look(Glyph.DONE, _("vu au récolement"), Tone.PLAIN),
    movements.AUDITED: Look(Glyph.DONE, _("contrôlé"), Tone.PLAIN),
    movements.PROVISIONED: Look(Glyph.DONE, _("configuré"), Tone.OK),
}


def state(word: object) -> str:
    """The word for a state that came as text; the text itself when there is none."""
    known = {each.value: look.word for each, look in STATES.items()}
    return known.get(str(word), str(word))


def kind(word: object) -> str:
    """The word for a kind that came as text; the text itself when there is none."""
    known = {each.value: name for each, name in KINDS.items()}
    return known.get(str(word), str(word))


def history(code: str) -> Look:
    """How an operation shows; one of a newer Ardoise shows its code."""
    return HISTORY.get(code, Look(Glyph.UNKNOWN, code, Tone.MUTED))


def operation(code: object) -> str:
    """The word for a kind of operation."""
    return history(str(code)).word


def accessory(code: str) -> str:
    """The word for an accessory."""
    return ACCESSORIES.get(code, code)


def accessories(given: tuple[str, ...], usual: tuple[str, ...] = ("charger", "cover")) -> str:
    """What went with a loan: ``chargeur ✔ · coque ✖``."""
    named = [*usual, *(code for code in given if code not in usual)]
    return " · ".join(
        f"{accessory(code)} {Glyph.DONE if code in given else Glyph.BAD}" for code in named
    )


def compliance(compliant: bool | None) -> Look:
    """How the last audit shows."""
    match compliant:
        case True:
            return Look(Glyph.PRESENT, _("conforme"), Tone.OK)
        case False:
            return Look(Glyph.WARN, _("non conforme"), Tone.WARN)
        case None:
            return Look(Glyph.UNKNOWN, _("jamais contrôlé"), Tone.MUTED)


def assets(count: int) -> str:
    """``12 appareils``."""
    return ngettext("{count} appareil", "{count} appareils", count).format(count=count)
