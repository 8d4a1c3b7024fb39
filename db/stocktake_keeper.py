"""Stocktakes with what they expected and saw, within one transaction.

A scan reads and writes the lines that it is about, never all of them, so the last of two thousand
costs what the first did.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from db.keepers import Keeper, TableRow
from db.rows import Row
from db.statements import EXPECTED, SIGHTING, STOCKTAKE, chunks, upsert
from fleet.operation import Operation
from fleet.stocktake import (
    CLOSED,
    SCANNED,
    Finding,
    Place,
    Sighting,
    SightingKey,
    Stocktake,
    scanned_sighting,
)

_HEAD = (
    "id",
    "school",
    "room",
    "cart",
    "opened_at",
    "closed_at",
    "closed_by",
    "sighted",
    "scans",
    "last_hlc",
)


class StocktakeKeeper(Keeper[Stocktake]):
    """See the module; ``load`` reads heads, ``about`` some lines, ``whole`` everything."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._written: dict[str, Stocktake] = {}
        self._whole: set[str] = set()

    def read(self, ids: list[str]) -> Iterator[tuple[str, Stocktake]]:
        statement = select(STOCKTAKE).where(STOCKTAKE.c.id.in_(ids))
        for row in self.connection.execute(statement).mappings():
            self._written[row["id"]] = head = Stocktake(**{name: row[name] for name in _HEAD})
            yield row["id"], head

    def whole(self, stocktake_id: str) -> Stocktake | None:
        """A stocktake with all of its lines."""
        if stocktake_id not in self._whole:
            self.known.pop(stocktake_id, None)
            head = self.load([stocktake_id]).get(stocktake_id)
            if head is None:
                return None
            self._keep(head, self._rows(EXPECTED, head.id), self._rows(SIGHTING, head.id))
            self._whole.add(stocktake_id)
        return self.known[stocktake_id]

    def about(
        self, stocktake_id: str, assets: Sequence[str], codes: Sequence[str] = ()
    ) -> Stocktake | None:
        """A stocktake with its lines about ``assets`` and about unknown ``codes``."""
        head = self.load([stocktake_id]).get(stocktake_id)
        if head is None or stocktake_id in self._whole:
            return head
        expected: list[Row] = []
        seen: list[Row] = []
        for part in chunks(assets):
            expected += self._rows(EXPECTED, head.id, EXPECTED.c.asset.in_(part))
            seen += self._rows(SIGHTING, head.id, SIGHTING.c.asset.in_(part))
        for part in chunks(codes):
            wanted = (SIGHTING.c.code.in_(part), SIGHTING.c.asset.is_(None))
            seen += self._rows(SIGHTING, head.id, *wanted)
        self._keep(head, expected, seen)
        return self.known[stocktake_id]

    def prepare(self, operations: Sequence[Operation]) -> None:
        wanted: dict[str, list[SightingKey]] = {}
        for operation in operations:
            if operation.kind == SCANNED:
                wanted.setdefault(operation.subject, []).append(scanned_sighting(operation))
            elif operation.kind == CLOSED:
                self.whole(operation.subject)
        for subject, keys in wanted.items():
            assets = [asset for asset, _ in keys if asset is not None]
            self.about(subject, assets, [code for _, code in keys if code is not None])

    def write(self, values: Sequence[Stocktake]) -> None:
        upsert(self.connection, STOCKTAKE, [_head_row(each) for each in values])
        for stocktake in values:
            before = self._written.get(stocktake.id)
            if before is None:
                self._whole.add(stocktake.id)
                before = Stocktake(stocktake.id)
            if (before.expected, before.lent) != (stocktake.expected, stocktake.lent):
                self._forget(EXPECTED, stocktake.id)
                upsert(self.connection, EXPECTED, list(_expected_rows(stocktake)))
            new = [each for key, each in stocktake.seen.items() if key not in before.seen]
            upsert(self.connection, SIGHTING, [_sighting_row(stocktake.id, each) for each in new])
            self._written[stocktake.id] = stocktake

    def replace(self, value: Stocktake) -> None:
        for table in (EXPECTED, SIGHTING):
            self._forget(table, value.id)
        self._written.pop(value.id, None)
        self.known[value.id] = value
        self.write([value])

    def rows(self, value: Stocktake) -> Iterator[TableRow]:
        yield STOCKTAKE, _head_row(value)
        for row in _expected_rows(value):
            yield EXPECTED, row
        for sighting in value.seen.values():
            yield SIGHTING, _sighting_row(value.id, sighting)

    def _keep(self, head: Stocktake, expected: Iterable[Row], seen: Iterable[Row]) -> None:
        """Add lines to what is known of a stocktake; they are in the database already."""
        rows = list(expected)
        value = replace(
            head,
            expected=_merged(head.expected, (row["asset"] for row in rows if not row["lent"])),
            lent=_merged(head.lent, (row["asset"] for row in rows if row["lent"])),
            seen={**head.seen, **{each.key: each for each in map(_sighting, seen)}},
        )
        self.known[head.id] = self._written[head.id] = value

    def _rows(self, table: Table, stocktake_id: str, *conditions: Any) -> list[Row]:
        statement = select(table).where(table.c.stocktake == stocktake_id, *conditions)
        return list(self.connection.execute(statement.order_by(table.c.position)).mappings())

    def _forget(self, table: Table, stocktake_id: str) -> None:
        self.connection.execute(delete(table).where(table.c.stocktake == stocktake_id))


def _merged(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _head_row(stocktake: Stocktake) -> dict[str, Any]:
    return {name: getattr(stocktake, name) for name in _HEAD}


def _expected_rows(stocktake: Stocktake) -> Iterator[dict[str, Any]]:
    lent = len(stocktake.expected)
    for position, asset in enumerate((*stocktake.expected, *stocktake.lent)):
        yield {
            "stocktake": stocktake.id,
            "asset": asset,
            "position": position,
            "lent": position >= lent,
        }


def _sighting_row(stocktake_id: str, sighting: Sighting) -> dict[str, Any]:
    return {
        "stocktake": stocktake_id,
        "position": sighting.position,
        "asset": sighting.asset,
        "code": sighting.code,
        "at": sighting.at,
        "author": sighting.author,
        "replica": sighting.replica,
        "finding": sighting.finding.value,
        "known_school": sighting.known.school,
        "known_room": sighting.known.room,
        "known_cart": sighting.known.cart,
        "known_slot": sighting.known.slot,
        "state": sighting.state,
        "late": sighting.late,
    }


def _sighting(row: Row) -> Sighting:
    return Sighting(
        position=row["position"],
        asset=row["asset"],
        code=row["code"],
        at=row["at"],
        author=row["author"],
        replica=row["replica"],
        finding=Finding(row["finding"]),
        known=Place(row["known_school"], row["known_room"], row["known_cart"], row["known_slot"]),
        state=row["state"],
        late=row["late"],
    )
