"""What goes out and comes back with something else: a cart's content, a tablet's own accessories.

Each is an operation of its own, and all of them name the one that leads as their batch, so that a
return and an undo find them again even when something has changed place since.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fleet import movements
from fleet.asset import LENDABLE_KINDS, Asset, State
from fleet.errors import Refusal
from fleet.kinds import AssetKind
from fleet.operation import Json
from fleet.persons import Person
from fleet.ports import Work

BATCH = "batch"
"""In the bodies of one gesture: id of the operation that leads."""


@dataclass(frozen=True, slots=True)
class Along:
    """What a loan takes with it."""

    going: tuple[Asset, ...] = ()
    staying: tuple[Asset, ...] = ()
    """What belongs to it and does not go: left out on purpose, in repair, lent elsewhere."""


def goes_along(
    work: Work,
    lead: Asset,
    *,
    without: Collection[str] = (),
    partial: bool = False,
    named: Collection[str] = (),
) -> Along:
    """What goes out with ``lead``: the content of a cart, and every labelled accessory.

    ``without`` holds tags that stay, ``named`` ids that are lent by name. Raises
    ``Refusal('cart.content_lent')``, which lists who has what, unless ``partial``.
    """
    inside = work.assets_in(lead.id) if lead.kind is AssetKind.CART else []
    inside = [each for each in inside if each.id not in named]
    wanted = [each for each in inside if each.tag not in without]
    elsewhere = [each for each in wanted if each.open_loans]
    if elsewhere and not partial:
        raise Refusal(
            "cart.content_lent",
            cart=lead.label,
            count=len(elsewhere),
            tags=", ".join(_with_borrower(work, each) for each in elsewhere),
        )
    going = [each for each in wanted if _is_on_shelf(each)]
    accessories = [
        accessory
        for each in (lead, *going)
        for accessory in work.bound_to(each.id)
        if accessory.id not in named and accessory not in inside
    ]
    going += [each for each in accessories if _is_on_shelf(each) and each.tag not in without]
    taken = {each.id for each in going}
    staying = [each for each in (*inside, *accessories) if each.id not in taken]
    return Along(tuple(going), tuple(staying))


def still_out(work: Work, lead: Asset, *, without: Collection[str] = ()) -> tuple[Asset, ...]:
    """What went out with the cart ``lead`` and is still on that loan."""
    loan = lead.standing_loan
    opening = work.operation(loan.operation) if loan else None
    if opening is None or lead.kind is not AssetKind.CART:
        return ()
    followers = [each for each in work.written_with(opening) if each.kind == movements.LENT]
    wanted = {each.id for each in followers if each.id != opening.id}
    assets = work.assets([each.subject for each in followers])
    return tuple(
        asset
        for asset in assets.values()
        if asset.tag not in without and any(loan.operation in wanted for loan in asset.open_loans)
    )


def expected_with(work: Work, asset: Asset, borrower: Person | None) -> tuple[Asset, ...]:
    """The labelled accessories of ``asset`` that its borrower still has."""
    return tuple(
        each for each in work.bound_to(asset.id) if _has(work, each, borrower) and each.open_loans
    )


def batch_of(lead: str, followers: Sequence[str]) -> dict[str, Json]:
    """What the body of the operation ``lead`` says, if anything follows it."""
    return {BATCH: lead} if followers else {}


def _has(work: Work, asset: Asset, person: Person | None) -> bool:
    loan = asset.standing_loan
    borrower = work.borrower(loan.ref) if loan else None
    return (borrower and borrower.id) == (person and person.id)


def _is_on_shelf(asset: Asset) -> bool:
    return (
        asset.custody is State.AVAILABLE and not asset.open_loans and asset.kind in LENDABLE_KINDS
    )


def _with_borrower(work: Work, asset: Asset) -> str:
    loan = asset.standing_loan
    borrower = work.borrower(loan.ref) if loan else None
    return f"{asset.label} ({borrower.full_name})" if borrower else asset.label
