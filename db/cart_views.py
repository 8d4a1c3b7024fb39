"""Carts and their slots as screens read them: what belongs there, what is there, what is not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from db.filters import asset_conditions
from db.selection import ASSET_COLUMNS, ASSETS, decode_key, to_asset, to_page
from db.statements import ASSET, OPERATION, SIGHTING, STOCKTAKE
from fleet import movements
from fleet.asset import State
from fleet.kinds import AssetKind
from fleet.query import Query
from fleet.views import AssetRow, CartRow, Page, SlotRow, SlotState

_INSIDE = ASSET.alias("inside")
_PLACING = (
    movements.PLACED,
    movements.ENROLLED,
    movements.RETURNED,
    movements.LENT,
    movements.DESCRIBED,
    movements.MOVED,
)
"""What says where an asset is, after which an older sighting says nothing any more."""
_AWAY = {
    State.LENT: SlotState.LENT,
    State.DAMAGED: SlotState.IN_REPAIR,
    State.IN_REPAIR: SlotState.IN_REPAIR,
    State.LOST: SlotState.GONE,
    State.STOLEN: SlotState.GONE,
    State.RETIRED: SlotState.GONE,
}


def read_carts(
    connection: Connection, query: Query, limit: int, after: str | None
) -> Page[CartRow]:
    """Carts with what belongs in them and what of it is there."""

    def count(*states: State) -> Any:
        inside = select(func.count()).where(_INSIDE.c.cart == ASSET.c.id)
        if states:
            inside = inside.where(_INSIDE.c.state.in_([each.value for each in states]))
        return inside.correlate(ASSET).scalar_subquery()

    statement = (
        select(
            *ASSET_COLUMNS,
            ASSET.c.room.label("cart_room"),
            ASSET.c.capacity.label("cart_capacity"),
            count().label("belonging"),
            count(State.AVAILABLE, State.IN_SERVICE).label("present"),
            count(State.LENT).label("lent"),
            count(State.DAMAGED, State.IN_REPAIR).label("in_repair"),
        )
        .select_from(ASSETS)
        .where(ASSET.c.kind == AssetKind.CART.value, *asset_conditions(query))
    )
    if after is not None:
        statement = statement.where(ASSET.c.sort_key > decode_key(after)[0])
    ordered = statement.order_by(ASSET.c.sort_key).limit(limit + 1)
    rows = list(connection.execute(ordered).mappings())
    return to_page(
        rows,
        limit,
        lambda row: CartRow(
            row=to_asset(row),
            room=row["cart_room"],
            capacity=row["cart_capacity"],
            belonging=row["belonging"],
            present=row["present"],
            lent=row["lent"],
            in_repair=row["in_repair"],
        ),
        lambda row: [row["sort_key"]],
    )


def read_slots(connection: Connection, cart: AssetRow, capacity: int | None) -> tuple[SlotRow, ...]:
    """All slots of a cart, to the last one of its capacity or in use."""
    statement = (
        select(*ASSET_COLUMNS)
        .select_from(ASSETS)
        .where(ASSET.c.cart == cart.id, ASSET.c.slot.is_not(None))
    )
    rows = connection.execute(statement).mappings()
    inside = {row["slot"]: to_asset(row) for row in rows}
    elsewhere = _seen_elsewhere(connection, cart, [each.id for each in inside.values()])
    last = max([capacity or 0, *inside])
    return tuple(
        SlotRow(slot, asset, slot_state(asset, cart, elsewhere))
        for slot in range(1, last + 1)
        for asset in (inside.get(slot),)
    )


def slot_state(asset: AssetRow | None, cart: AssetRow, elsewhere: set[str]) -> SlotState:
    """How the slot of ``asset`` shows; ``elsewhere`` holds ids of what was seen at other places."""
    if asset is None:
        return SlotState.EMPTY
    if asset.state in _AWAY:
        return _AWAY[asset.state]
    if asset.school != cart.school or asset.id in elsewhere:
        return SlotState.MISPLACED
    return SlotState.PRESENT


def _seen_elsewhere(connection: Connection, cart: AssetRow, ids: Sequence[str]) -> set[str]:
    """What a stocktake of another place saw after it was last put, lent or given back here."""
    placed = (
        select(func.max(OPERATION.c.at))
        .where(OPERATION.c.subject == SIGHTING.c.asset, OPERATION.c.kind.in_(_PLACING))
        .correlate(SIGHTING)
        .scalar_subquery()
    )
    other = or_(
        STOCKTAKE.c.school != cart.school,
        and_(STOCKTAKE.c.cart.is_not(None), STOCKTAKE.c.cart != cart.id),
    )
    statement = (
        select(SIGHTING.c.asset, SIGHTING.c.at, other.label("other"))
        .select_from(SIGHTING.join(STOCKTAKE, STOCKTAKE.c.id == SIGHTING.c.stocktake))
        .where(SIGHTING.c.asset.in_(ids), SIGHTING.c.at >= func.coalesce(placed, ""))
        .order_by(SIGHTING.c.at)
    )
    newest = {asset: is_other for asset, _at, is_other in connection.execute(statement)}
    return {asset for asset, is_other in newest.items() if is_other}
