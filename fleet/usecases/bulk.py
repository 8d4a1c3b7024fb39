"""One change of many assets: what can change does, what cannot is listed with its reason.

A preview is the same call in a unit of work that nobody commits, so it cannot say anything else
than what applying does. Whoever applied it may take the whole batch back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet import movements
from fleet.asset import Asset
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.kinds import AssetKind
from fleet.passages import check_passage
from fleet.ports import Work
from fleet.usecases.custody import Change, Moved, change, move, place
from fleet.usecases.undoing import Undone, undo


@dataclass(frozen=True, slots=True)
class Order:
    """What should happen to a selection."""

    kind: str
    """``movements.MOVED``, ``PLACED``, ``SENT_TO_REPAIR`` …"""
    assets: Sequence[str]
    """Ids."""
    school: str | None = None
    cart: str | None = None
    """Id of the cart to place them in."""
    reference: str | None = None
    """Decision of a retirement."""
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What an order does to one asset."""

    before: Asset
    after: Asset | None = None
    """None when it stays as it is."""
    refusal: FleetError | None = None
    """Why it stays; None as well when it is there already."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an order does, in the order of the selection; what follows a cart comes last."""

    lines: tuple[Line, ...]
    operations: tuple[str, ...]

    @property
    def changed(self) -> int:
        return sum(line.after is not None for line in self.lines)

    @property
    def refused(self) -> int:
        return sum(line.refusal is not None for line in self.lines)


def apply(work: Work, order: Order) -> Outcome:
    """Change what may change, as one batch; without a commit afterwards this is the preview.

    Raises ``InvalidInput('asset.no_tag')`` for an empty selection, ``NotFound`` for an unknown
    school or cart, and ``Refusal('retire.no_reference')``.
    """
    if not order.assets:
        raise InvalidInput("asset.no_tag")
    known = work.assets(list(dict.fromkeys(order.assets)))
    container = _container(work, order)
    room = _room(work, container)
    wanted: list[Asset] = []
    refused: dict[str, Refusal] = {}
    for asset in known.values():
        try:
            check_passage(asset, order.kind)
            if container is not None and asset.kind is AssetKind.CART:
                raise Refusal("place.cart_in_cart", tag=asset.label, cart=container.label)
            if _is_there(asset, order):
                continue
            if container is not None and len(wanted) >= room:
                raise Refusal("slot.none", cart=container.label, capacity=container.capacity)
        except Refusal as refusal:
            refused[asset.id] = refusal
        else:
            wanted.append(asset)
    moved = _write(work, order, container, wanted) if wanted else ()
    after = {each.asset.id: each.asset for each in moved}
    lines = [Line(each, after.pop(each.id, None), refused.get(each.id)) for each in known.values()]
    lines += [Line(each, each) for each in after.values()]
    return Outcome(tuple(lines), tuple(each.operation for each in moved))


def undo_batch(work: Work, operations: Sequence[str]) -> tuple[Undone, ...]:
    """Take back what an order wrote, newest first, all of it or none.

    Raises ``Refusal('undo.superseded')`` when something happened since to one of the assets.
    """
    return tuple(undo(work, operation) for operation in reversed(operations))


def _container(work: Work, order: Order) -> Asset | None:
    if order.kind != movements.PLACED:
        return None
    found = work.asset(order.cart) if order.cart else None
    if found is None or found.kind is not AssetKind.CART:
        raise NotFound("cart.unknown", cart=order.cart)
    return found


def _room(work: Work, container: Asset | None) -> float:
    """How many more assets a cart holds."""
    if container is None or not container.capacity:
        return float("inf")
    taken = {each.slot for each in work.assets_in(container.id) if each.slot is not None}
    return max(0, container.capacity - len(taken))


def _is_there(asset: Asset, order: Order) -> bool:
    match order.kind:
        case movements.PLACED:
            return asset.cart == order.cart and asset.slot is not None
        case movements.MOVED:
            return asset.school == order.school and asset.cart is None and asset.room is None
        case _:
            return False


def _write(
    work: Work, order: Order, container: Asset | None, wanted: Sequence[Asset]
) -> tuple[Moved, ...]:
    ids = [asset.id for asset in wanted]
    if container is not None:
        return place(work, wanted, container, batch=order.batch)
    if order.kind == movements.MOVED:
        return move(work, ids, school=order.school, batch=order.batch)
    return change(work, Change(order.kind, ids, reference=order.reference, batch=order.batch))
