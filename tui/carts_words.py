"""Words for carts, their slots, and the accessories that borrowers owe."""

from collections.abc import Mapping, Sequence

from fleet.usecases.accessories import Settlement
from fleet.views import CartRow, DebtRow, SlotState
from tui import format as shown
from tui import words
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.words import Look

SLOTS: Mapping[SlotState, Look] = {
    SlotState.EMPTY: Look(Glyph.EMPTY, _("vide"), Tone.MUTED),
    SlotState.PRESENT: Look(Glyph.PRESENT, _("présente"), Tone.OK),
    SlotState.LENT: Look(Glyph.LENT, _("en prêt"), Tone.BUSY),
    SlotState.IN_REPAIR: Look(Glyph.REPAIR, _("en réparation"), Tone.WARN),
    SlotState.MISPLACED: Look(Glyph.WARN, _("mal rangée"), Tone.WARN),
    SlotState.GONE: Look(Glyph.BAD, _("perdue ou volée"), Tone.BAD),
}

SETTLEMENTS: Mapping[Settlement, str] = {
    Settlement.RETURNED: _("rapporté"),
    Settlement.REPLACED: _("remplacé"),
    Settlement.WAIVED: _("abandonné"),
}

CARTS: Mapping[str, tuple[str, str]] = {
    "cart.content_lent": (
        _("{cart} ne peut pas être prêtée entière : {count} en prêt ailleurs ({tags})."),
        _("Reprendre d’abord, ou prêter le reste (--partial, --without ETIQUETTE)."),
    ),
    "cart.not_inside": (
        _("{tag} ne fait pas partie de ce qui serait prêté."),
        _("Vérifier l’étiquette donnée à --without."),
    ),
    "loan.unknown": (
        _("Aucun prêt ne porte l’identifiant {loan}."),
        _("Relire l’identifiant : ardoise debts list."),
    ),
    "debt.none": (
        _("« {name} » n’est pas dû pour ce prêt."),
        _("Relire ce qui est dû : ardoise debts list."),
    ),
    "desk.nothing_lent": (
        _("Aucune tablette en prêt ne vient d’être scannée."),
        _("Scanner d’abord la tablette dont l’accessoire est à remplacer."),
    ),
    "give.not_lent": (
        _("{tag} n’est pas en prêt : il n’y a personne à qui remettre un accessoire."),
        _("Vérifier l’étiquette."),
    ),
    "slot.empty": (
        _("L’emplacement {slot} est vide : il n’y a rien à échanger."),
        _("Choisir un emplacement occupé."),
    ),
    "accessory.none": (
        _("Aucun accessoire n’est donné."),
        _("Accessoires connus : {known}."),
    ),
}


def slots(state: SlotState, count: int) -> str:
    """How many slots are in one state: ``12 présentes``."""
    match state:
        case SlotState.EMPTY:
            text = ngettext("{count} vide", "{count} vides", count)
        case SlotState.PRESENT:
            text = ngettext("{count} présente", "{count} présentes", count)
        case SlotState.LENT:
            text = ngettext("{count} en prêt", "{count} en prêt", count)
        case SlotState.IN_REPAIR:
            text = ngettext("{count} en réparation", "{count} en réparation", count)
        case SlotState.MISPLACED:
            text = ngettext("{count} mal rangée", "{count} mal rangées", count)
        case SlotState.GONE:
            text = ngettext("{count} perdue ou volée", "{count} perdues ou volées", count)
    return text.format(count=count)


def content(cart: CartRow) -> str:
    """``12 présentes · 3 en prêt · 1 en réparation · 16 emplacements``."""
    parts = [
        ngettext("{count} présente", "{count} présentes", cart.present).format(count=cart.present)
    ]
    if cart.lent:
        parts.append(ngettext("{count} en prêt", "{count} en prêt", cart.lent))
        parts[-1] = parts[-1].format(count=cart.lent)
    if cart.in_repair:
        parts.append(ngettext("{count} en réparation", "{count} en réparation", cart.in_repair))
        parts[-1] = parts[-1].format(count=cart.in_repair)
    if cart.capacity is not None:
        parts.append(ngettext("{count} emplacement", "{count} emplacements", cart.capacity))
        parts[-1] = parts[-1].format(count=cart.capacity)
    return " · ".join(parts)


def owed(debt: DebtRow) -> str:
    """``chargeur, coque``; the label of what stayed out where it has one."""
    if debt.owed:
        return ", ".join(words.accessory(each) for each in debt.owed)
    return _("{tag}, de {lead}").format(tag=shown.tag(debt.tag), lead=shown.tag(debt.bound_to))


def debts(count: int) -> str:
    """``2 dettes``."""
    return ngettext("{count} dette", "{count} dettes", count).format(count=count)


def debt_warning(name: str, rows: Sequence[DebtRow]) -> str:
    """What somebody who stands at the desk still owes, in one line."""
    listed = " · ".join(owed(each) for each in rows)
    return _("{glyph} {person} doit encore : {owed}").format(
        glyph=Glyph.WARN, person=name, owed=listed
    )
