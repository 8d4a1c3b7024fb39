"""What happens to an asset beside loans: repair, loss, theft, find, retirement, a change of place.

Each takes any number of assets and is all or nothing, one operation per asset under one batch.
Moving a cart moves what belongs in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fleet import movements
from fleet.asset import Asset
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.passages import check_passage
from fleet.ports import Work
from fleet.stamps import iso
from fleet.usecases.enrolling import find_cart


@dataclass(frozen=True, slots=True)
class Change:
    """One movement of several assets."""

    kind: str
    """``movements.SENT_TO_REPAIR`` …"""
    tags: Sequence[str]
    at: datetime | None = None
    reference: str | None = None
    """RMA number, decision of retirement: a reference of the city's, never about a person."""
    note: str | None = None
    """Free text and complaint numbers; kept in the erasable register, not in the ledger."""
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One asset after a change."""

    operation: str
    asset: Asset
    """As it is afterwards."""


def change(work: Work, wanted: Change) -> tuple[Moved, ...]:
    """Write one movement per asset.

    Raises ``Refusal('passage.…')``, ``NotFound('asset.unknown')``, and
    ``Refusal('retire.no_reference')`` for a retirement without its decision.
    """
    if wanted.kind == movements.RETIRED and not wanted.reference:
        raise Refusal("retire.no_reference")
    body: dict[str, Json] = {"reference": wanted.reference} if wanted.reference else {}
    assets = known_assets(work, wanted.tags)
    for asset in assets:
        check_passage(asset, wanted.kind)
    moved = _write(work, wanted.kind, [(asset, body) for asset in assets], wanted.at, wanted.batch)
    if wanted.note:
        for each in moved:
            work.save_note(each.operation, wanted.note)
    return moved


def move(
    work: Work,
    tags: Sequence[str],
    *,
    school: str | None = None,
    room: str | None = None,
    cart: str | None = None,
    slot: int | None = None,
    at: datetime | None = None,
    batch: str | None = None,
) -> tuple[Moved, ...]:
    """Move assets to a school, a room, or a slot of a cart; a cart takes its content along.

    Raises ``NotFound('school.unknown')``, and ``Refusal``: ``place.slot_taken``, ``slot.none``.
    """
    assets = known_assets(work, tags)
    if cart is not None:
        container = find_cart(work, cart, school)
        return place(work, assets, container, slot, at=at, batch=batch)
    if school is None and room is None:
        raise InvalidInput("move.nowhere")
    if school is not None and school not in work.schools([school]):
        raise NotFound("school.unknown", school=school)
    wanted: list[tuple[Asset, Body]] = []
    for asset in assets:
        check_passage(asset, movements.MOVED)
        body: dict[str, Json] = {"school": school or asset.school, "room": room}
        wanted.append((asset, body))
        if asset.kind is AssetKind.CART:
            wanted += [(each, {**body, "with_cart": True}) for each in work.assets_in(asset.id)]
    return _write(work, movements.MOVED, wanted, at, batch)


def place(
    work: Work,
    assets: Sequence[Asset],
    cart: Asset,
    slot: int | None = None,
    *,
    at: datetime | None = None,
    batch: str | None = None,
) -> tuple[Moved, ...]:
    """Put assets into free slots of ``cart``, from ``slot`` on.

    Raises ``Refusal('place.slot_taken')`` and ``Refusal('slot.none')`` when the cart is full.
    """
    inside = {each.slot: each for each in work.assets_in(cart.id) if each.slot is not None}
    staying = {asset.id for asset in assets}
    free = _free_slots(cart, {s for s, each in inside.items() if each.id not in staying}, slot)
    wanted: list[tuple[Asset, Body]] = []
    for asset in assets:
        check_passage(asset, movements.PLACED)
        chosen = next(free, None)
        if chosen is None:
            raise Refusal("slot.none", cart=cart.label, capacity=cart.capacity)
        other = inside.get(chosen)
        if other is not None and other.id not in staying:
            raise Refusal("place.slot_taken", cart=cart.label, slot=chosen, tag=other.label)
        body: dict[str, Json] = {"cart": cart.id, "slot": chosen, "school": cart.school}
        wanted.append((asset, body))
    return _write(work, movements.PLACED, wanted, at, batch)


def swap_slots(
    work: Work, first: str, second: str, *, batch: str | None = None
) -> tuple[Moved, ...]:
    """Exchange the places of two assets, as one batch.

    Raises ``Refusal('swap.no_place')`` when one of them has no slot.
    """
    one, other = known_assets(work, [first, second])
    for asset in (one, other):
        check_passage(asset, movements.PLACED)
        if asset.cart is None or asset.slot is None:
            raise Refusal("swap.no_place", tag=asset.label)
    wanted: list[tuple[Asset, Body]] = [
        (asset, {"cart": new.cart, "slot": new.slot, "school": new.school})
        for asset, new in ((one, other), (other, one))
    ]
    return _write(work, movements.PLACED, wanted, None, batch)


def known_assets(work: Work, tags: Sequence[str]) -> list[Asset]:
    """The assets that bear ``tags``, in that order; else ``NotFound('asset.unknown')``."""
    if not tags:
        raise InvalidInput("asset.no_tag")
    unique = list(dict.fromkeys(tags))
    found = work.assets_by_tag(unique)
    for tag in unique:
        if tag not in found:
            raise NotFound("asset.unknown", tag=tag)
    return [found[tag] for tag in unique]


def _write(
    work: Work,
    kind: str,
    wanted: Iterable[tuple[Asset, Body]],
    at: datetime | None,
    batch: str | None,
) -> tuple[Moved, ...]:
    if at is not None and at > work.now:
        raise InvalidInput("at.future", at=iso(at))
    pairs = list(wanted)
    key = batch or work.new_id()
    drafts = [
        Draft(
            kind,
            asset.id,
            str(body.get("school") or asset.school or OWNER_SCOPE),
            body,
            at,
            tuple(loan.id for loan in asset.open_loans),
            batch_operation_id(key, asset.id),
        )
        for asset, body in pairs
    ]
    operations = work.record(drafts)
    return tuple(
        Moved(operation.id, work.asset(asset.id) or asset)
        for operation, (asset, _) in zip(operations, pairs, strict=True)
    )


def _free_slots(cart: Asset, taken: set[int], first: int | None) -> Iterator[int]:
    if first is not None:
        last = cart.capacity or first + 1000
        return iter(range(first, last + 1))
    last = cart.capacity or len(taken) + 1000
    return iter(each for each in range(1, last + 1) if each not in taken)
