"""What happens to an asset beside loans: repair, loss, theft, find, retirement, a change of place.

Each takes any number of assets and is all or nothing, one operation per asset under one batch.
Moving a cart moves what belongs in it, and a tablet's own accessories follow it.
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
from fleet.passages import check_passage, obstacle
from fleet.ports import Work
from fleet.stamps import iso
from fleet.usecases.enrolling import find_cart

_MANY = 1000
"""Slots to look through in a cart whose capacity nobody entered."""


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
    if wanted.kind == movements.RETIRED and not (wanted.reference or "").strip():
        raise Refusal("retire.no_reference")
    body: dict[str, Json] = {"reference": wanted.reference} if wanted.reference else {}
    assets = known_assets(work, wanted.tags)
    check_all(work, assets, wanted.kind, wanted.batch)
    pairs = [(asset, body) for asset in assets]
    moved = record_all(work, wanted.kind, pairs, wanted.at, wanted.batch)
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
    if slot is not None:
        raise InvalidInput("move.slot_without_cart", slot=slot)
    if school is None and room is None:
        raise InvalidInput("move.nowhere")
    if school is not None and school not in work.schools([school]):
        raise NotFound("school.unknown", school=school)
    check_all(work, assets, movements.MOVED, batch)
    wanted: list[tuple[Asset, Body]] = [
        (asset, {"school": school or asset.school, "room": room, **along})
        for asset, along in with_followers(work, assets)
    ]
    return record_all(work, movements.MOVED, wanted, at, batch)


def with_followers(work: Work, assets: Sequence[Asset]) -> list[tuple[Asset, Body]]:
    """``assets`` and what goes with them, each once, with what its operation has to say of that.

    What belongs in a cart keeps its slot, whatever its state: a lost tablet has its place there.
    """
    found: dict[str, tuple[Asset, Body]] = {}
    for asset in assets:
        if asset.kind is AssetKind.CART:
            for each in work.assets_in(asset.id):
                found[each.id] = (each, {"with_cart": True})
    for asset in assets:
        found.setdefault(asset.id, (asset, {}))
    for asset, _ in list(found.values()):
        for each in work.bound_to(asset.id):
            if obstacle(each, movements.MOVED) is None:
                found.setdefault(each.id, (each, {}))
    first = [asset.id for asset in assets]
    return [found[each] for each in dict.fromkeys([*first, *found])]


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

    Raises ``Refusal``: ``place.slot_taken``, ``place.no_such_slot``, ``place.cart_in_cart``, and
    ``slot.none`` when the cart is full.
    """
    if slot is not None and (slot < 1 or (cart.capacity and slot > cart.capacity)):
        raise Refusal("place.no_such_slot", cart=cart.label, slot=slot, capacity=cart.capacity)
    inside = {each.slot: each for each in work.assets_in(cart.id) if each.slot is not None}
    staying = {asset.id for asset in assets}
    free = _free_slots(cart, {s for s, each in inside.items() if each.id not in staying}, slot)
    check_all(work, assets, movements.PLACED, batch)
    wanted: list[tuple[Asset, Body]] = []
    for asset in assets:
        if asset.kind is AssetKind.CART:
            raise Refusal("place.cart_in_cart", tag=asset.label, cart=cart.label)
        chosen = next(free, None)
        if chosen is None:
            raise Refusal("slot.none", cart=cart.label, capacity=cart.capacity)
        other = inside.get(chosen)
        if other is not None and other.id not in staying:
            raise Refusal("place.slot_taken", cart=cart.label, slot=chosen, tag=other.label)
        body: dict[str, Json] = {"cart": cart.id, "slot": chosen, "school": cart.school}
        wanted.append((asset, body))
    return record_all(work, movements.PLACED, wanted, at, batch)


def swap_slots(
    work: Work, first: str, second: str, *, batch: str | None = None
) -> tuple[Moved, ...]:
    """Exchange the places of two assets, as one batch.

    Raises ``Refusal('swap.no_place')`` when one of them has no slot, ``Refusal('swap.same')``.
    """
    assets = known_assets(work, [first, second])
    if len({asset.id for asset in assets}) == 1:
        raise Refusal("swap.same", tag=assets[0].label)
    one, other = assets
    check_all(work, assets, movements.PLACED, batch)
    for asset in assets:
        if asset.cart is None or asset.slot is None:
            raise Refusal("swap.no_place", tag=asset.label)
    wanted: list[tuple[Asset, Body]] = [
        (asset, {"cart": new.cart, "slot": new.slot, "school": new.school})
        for asset, new in ((one, other), (other, one))
    ]
    return record_all(work, movements.PLACED, wanted, None, batch)


def known_assets(work: Work, codes: Sequence[str]) -> list[Asset]:
    """The assets that bear these tags or ids, each once, in that order.

    Raises ``NotFound('asset.unknown')``.
    """
    if not codes:
        raise InvalidInput("asset.no_tag")
    unique = list(dict.fromkeys(codes))
    found = work.assets_by_tag(unique)
    found |= work.assets([code for code in unique if code not in found])
    for code in unique:
        if code not in found:
            raise NotFound("asset.unknown", tag=code)
    return list({found[code].id: found[code] for code in unique}.values())


def check_all(work: Work, assets: Sequence[Asset], kind: str, batch: str | None) -> None:
    """Check the passage of each asset; what this batch has written already need not pass again."""
    for asset in assets:
        if batch is None or work.operation(batch_operation_id(batch, asset.id)) is None:
            check_passage(asset, kind)


def record_all(
    work: Work,
    kind: str,
    wanted: Iterable[tuple[Asset, Body]],
    at: datetime | None,
    batch: str | None,
) -> tuple[Moved, ...]:
    """Write one operation per asset under one batch; several name it, so that one undo finds all.

    Raises ``InvalidInput('at.future')``.
    """
    if at is not None and at > work.now:
        raise InvalidInput("at.future", at=iso(at))
    pairs = list(wanted)
    key = batch or work.new_id()
    together: Body = {"batch": key} if len(pairs) > 1 else {}
    drafts = [
        Draft(
            kind,
            asset.id,
            str(body.get("school") or asset.school or OWNER_SCOPE),
            {**body, **together},
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
    """The slots to fill: the free ones, or all from ``first`` on, whose takers are then named."""
    last = cart.capacity or (first or len(taken)) + _MANY
    if first is not None:
        return iter(range(first, last + 1))
    return iter(each for each in range(1, last + 1) if each not in taken)
