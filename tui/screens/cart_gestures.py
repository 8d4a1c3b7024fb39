"""What the slot view does to a cart, and the choices that it offers. These calls may block."""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.errors import NotFound
from fleet.kinds import PersonKind
from fleet.names import fold_name
from fleet.query import Compare, Query, Term
from fleet.usecases import custody, lending, undoing
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.views import AssetRow, PersonRow, SlotRow, Views
from tui import format as shown
from tui import words
from tui.i18n import _, ngettext
from tui.office import Office
from tui.screens.choice import Choice

PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Done:
    """A gesture that stands."""

    text: str
    operation: str | None
    """What an undo takes back; None after an undo."""


def place(office: Office, cart: AssetRow, slot: int, asset: AssetRow) -> Done:
    """Put an asset into a slot."""
    with office.work() as work:
        found = work.assets([cart.id, asset.id])
        (moved,) = custody.place(work, [found[asset.id]], found[cart.id], slot)
        work.commit()
    text = _("{tag} est rangée dans l’emplacement {slot}.")
    return Done(text.format(tag=shown.tag(asset.tag), slot=slot), moved.operation)


def swap(office: Office, cart: AssetRow, first: SlotRow, second: SlotRow) -> Done:
    """Let the contents of two slots change places; one of them may be empty."""
    if first.asset is None or second.asset is None:
        full, empty = (first, second) if first.asset else (second, first)
        if full.asset is None:
            raise NotFound("slot.empty", slot=first.slot)
        return place(office, cart, empty.slot, full.asset)
    with office.work() as work:
        moved, *_rest = custody.swap_slots(work, _code(first.asset), _code(second.asset))
        work.commit()
    text = _("Les emplacements {first} et {second} sont échangés.")
    return Done(text.format(first=first.slot, second=second.slot), moved.operation)


def lend(
    office: Office, cart: AssetRow, person: PersonRow, without: Sequence[str], *, partial: bool
) -> Done:
    """Lend the cart with its content."""
    order = LoanOrder(person.id, [_code(cart)], without=without, partial=partial)
    with office.work() as work:
        (receipt,) = lending.lend(work, order)
        work.commit()
    text = ngettext(
        "Mallette prêtée à {person} avec {count} appareil.",
        "Mallette prêtée à {person} avec {count} appareils.",
        len(receipt.along),
    ).format(person=person.full_name, count=len(receipt.along))
    if receipt.staying:
        left = ", ".join(shown.tag(each.label) for each in receipt.staying)
        staying = _("Restent : {tags}.").format(tags=left)
        text = f"{text} {staying}"
    return Done(text, receipt.operation)


def take_back(office: Office, cart: AssetRow, without: Sequence[str]) -> Done:
    """Take the cart back with what came."""
    with office.work() as work:
        returned = lending.give_back(work, ReturnOrder([_code(cart)], without=without))
        if returned.refused:
            raise returned.refused[0][1]
        work.commit()
    (receipt,) = returned.receipts
    text = ngettext(
        "Mallette rendue avec {count} appareil.",
        "Mallette rendue avec {count} appareils.",
        len(receipt.along),
    )
    return Done(text.format(count=len(receipt.along)), receipt.id)


def undo(office: Office, operation: str | None) -> Done:
    """Take the last gesture of the slot view back."""
    if operation is None:
        raise NotFound("operation.unknown")
    with office.work() as work:
        undone = undoing.undo_gesture(work, operation)
        work.commit()
    text = _("Annulé : {gesture}.").format(gesture=words.operation(undone[0].kind))
    return Done(text, None)


def borrowers(views: Views, school: str | None, text: str) -> Sequence[Choice[PersonRow]]:
    """Teachers and staff of the school first; pupils once something is typed."""
    wanted = tuple(fold_name(text).split())
    at = (Term("school", Compare.IS, school),) if school else ()
    kinds = [PersonKind.TEACHER, PersonKind.STAFF, *([PersonKind.PUPIL] if wanted else [])]
    here = (Term("left", Compare.IS, "no"),)
    found = [
        person
        for kind in kinds
        for person in views.people(
            Query((*at, *here, Term("kind", Compare.IS, kind.value)), wanted), limit=PEOPLE
        ).items
    ]
    return [
        Choice(each, each.full_name, each.class_name or words.PERSON_KINDS[each.kind])
        for each in found
    ]


def rest_or_nothing(_text: str) -> Sequence[Choice[bool]]:
    """What to do with a cart of which something is lent elsewhere."""
    return [Choice(True, _("Prêter le reste"))]


def _code(asset: AssetRow) -> str:
    return asset.tag or asset.id
