"""Reading stocktakes: figures for lists, and the whole report (``fleet.stocktake_report``)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, exists, func, or_, select

from db.selection import ASSET_COLUMNS, ASSETS, to_asset
from db.statements import (
    AGENT,
    ASSET,
    EXPECTED,
    LOAN,
    NOTE,
    SCHOOL,
    SIGHTING,
    STOCKTAKE,
    chunks,
)
from db.store import SqlStore
from fleet.asset import State
from fleet.stocktake import Finding
from fleet.stocktake_report import KnownPlace, ReportLine, StocktakeReport, StocktakeRow
from fleet.views import AssetRow

_CART = ASSET.alias("stocktake_cart")
_ORDER = (
    Finding.MISSING,
    Finding.MOVED,
    Finding.UNEXPECTED,
    Finding.UNKNOWN,
    Finding.FOUND,
    Finding.LENT,
)


class SqlStocktakeViews:
    """See ``fleet.stocktake_report.StocktakeViews``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def stocktakes(self, *, open_only: bool = False, limit: int = 50) -> tuple[StocktakeRow, ...]:
        statement = _heads()
        if open_only:
            statement = statement.where(STOCKTAKE.c.closed_at.is_(None))
        ordered = statement.order_by(STOCKTAKE.c.opened_at.desc(), STOCKTAKE.c.id.desc())
        with self._store.reading() as connection:
            rows = connection.execute(ordered.limit(limit)).mappings()
            return tuple(_row(row) for row in rows)

    def stocktake(self, stocktake_id: str) -> StocktakeReport | None:
        with self._store.reading() as connection:
            wanted = _heads().where(STOCKTAKE.c.id == stocktake_id)
            head = connection.execute(wanted).mappings().first()
            if head is None:
                return None
            return StocktakeReport(
                _row(head),
                _lines(connection, head),
                connection.scalar(select(NOTE.c.text).where(NOTE.c.operation == head["closed_by"])),
            )

    def rooms(self, school: str) -> tuple[tuple[str, int], ...]:
        statement = (
            select(ASSET.c.room, func.count())
            .where(ASSET.c.school == school, ASSET.c.room.is_not(None))
            .group_by(ASSET.c.room)
            .order_by(ASSET.c.room)
        )
        with self._store.reading() as connection:
            return tuple((room, count) for room, count in connection.execute(statement))


def _heads() -> Select[Any]:
    belongs = (EXPECTED.c.stocktake == STOCKTAKE.c.id, ~EXPECTED.c.lent)
    expected = select(func.count()).where(*belongs).correlate(STOCKTAKE).scalar_subquery()
    missing = (
        select(func.count())
        .select_from(EXPECTED)
        .where(*belongs, ~_is_seen(), ~_is_away())
        .correlate(STOCKTAKE)
        .scalar_subquery()
    )
    return (
        select(
            STOCKTAKE,
            SCHOOL.c.name.label("school_name"),
            func.coalesce(_CART.c.name, _CART.c.tag).label("cart_name"),
            expected.label("expected"),
            missing.label("missing"),
        )
        .select_from(
            STOCKTAKE.outerjoin(SCHOOL, SCHOOL.c.uai == STOCKTAKE.c.school).outerjoin(
                _CART, _CART.c.id == STOCKTAKE.c.cart
            )
        )
        .where(STOCKTAKE.c.opened_at != "")
    )


def _is_seen() -> ColumnElement[bool]:
    return exists().where(
        SIGHTING.c.stocktake == EXPECTED.c.stocktake, SIGHTING.c.asset == EXPECTED.c.asset
    )


def _is_away() -> ColumnElement[bool]:
    """Lent since the opening of a stocktake that is still open; a closing freezes it."""
    lent = exists().where(LOAN.c.asset == EXPECTED.c.asset, LOAN.c.closed_at.is_(None))
    return STOCKTAKE.c.closed_at.is_(None) & lent


def _row(row: RowMapping) -> StocktakeRow:
    return StocktakeRow(
        id=row["id"],
        school=row["school"],
        school_name=row["school_name"],
        room=row["room"],
        cart=row["cart_name"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        expected=row["expected"],
        missing=row["missing"],
        scans=row["scans"],
    )


def _lines(connection: Connection, head: RowMapping) -> tuple[ReportLine, ...]:
    about = SIGHTING.c.stocktake == head["id"]
    seen = list(
        connection.execute(
            select(SIGHTING, AGENT.c.name.label("agent_name"))
            .outerjoin(AGENT, AGENT.c.id == SIGHTING.c.author)
            .where(about)
            .order_by(SIGHTING.c.position)
        ).mappings()
    )
    belongs = list(
        connection.execute(
            select(EXPECTED, _is_away().label("away"))
            .select_from(EXPECTED.join(STOCKTAKE, STOCKTAKE.c.id == EXPECTED.c.stocktake))
            .where(EXPECTED.c.stocktake == head["id"], ~_is_seen())
        ).mappings()
    )
    assets, order = _assets(connection, head["id"])
    places = _Places(connection, seen)
    lines = [
        ReportLine(
            finding=Finding(row["finding"]),
            asset=assets.get(row["asset"]),
            code=row["code"] or (row["asset"] if row["asset"] not in assets else None),
            position=row["position"],
            at=row["at"],
            author=row["agent_name"] or row["author"],
            known=places.of(row),
            state=State(row["state"]) if row["state"] in set(State) else None,
            late=row["late"],
        )
        for row in seen
    ]
    lines += [
        ReportLine(
            finding=Finding.LENT if row["lent"] or row["away"] else Finding.MISSING,
            asset=assets.get(row["asset"]),
            code=None if row["asset"] in assets else row["asset"],
        )
        for row in belongs
    ]

    def rank(line: ReportLine) -> tuple[int, str, int]:
        place = order.get(line.asset.id, "") if line.asset else ""
        return (_ORDER.index(line.finding), place, line.position or 0)

    return tuple(sorted(lines, key=rank))


def _assets(
    connection: Connection, stocktake_id: str
) -> tuple[dict[str, AssetRow], dict[str, str]]:
    """The assets that a stocktake is about, and where each stands in lists."""
    about = [
        select(table.c.asset).where(table.c.stocktake == stocktake_id)
        for table in (EXPECTED, SIGHTING)
    ]
    statement = (
        select(*ASSET_COLUMNS)
        .select_from(ASSETS)
        .where(or_(*(ASSET.c.id.in_(each) for each in about)))
    )
    rows = list(connection.execute(statement).mappings())
    return {row["id"]: to_asset(row) for row in rows}, {row["id"]: row["sort_key"] for row in rows}


class _Places:
    """Names of the places that sightings mention."""

    def __init__(self, connection: Connection, seen: Iterable[RowMapping]) -> None:
        rows = list(seen)
        self._schools: dict[str, str] = {}
        for part in chunks(row["known_school"] for row in rows if row["known_school"]):
            statement = select(SCHOOL.c.uai, SCHOOL.c.name).where(SCHOOL.c.uai.in_(part))
            self._schools |= {row.uai: row.name for row in connection.execute(statement)}
        self._carts: dict[str, str] = {}
        for part in chunks(row["known_cart"] for row in rows if row["known_cart"]):
            named = func.coalesce(ASSET.c.name, ASSET.c.tag, ASSET.c.id).label("named")
            carts = connection.execute(select(ASSET.c.id, named).where(ASSET.c.id.in_(part)))
            self._carts |= {row.id: row.named for row in carts}

    def of(self, row: RowMapping) -> KnownPlace | None:
        """The place of one sighting; None for an unknown code."""
        if row["asset"] is None:
            return None
        return KnownPlace(
            school=self._schools.get(row["known_school"]) or row["known_school"],
            room=row["known_room"],
            cart=self._carts.get(row["known_cart"]) if row["known_cart"] else None,
            slot=row["known_slot"],
        )
