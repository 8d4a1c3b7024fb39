"""Keepers of the subjects that are not assets: schools, phases and stocktakes.

A keeper reads the subjects that a transaction needs into memory and writes back what changed. It
knows rows, and nothing of what an operation means.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, delete, select

from db.rows import (
    Row,
    expected_rows,
    phase_row,
    phase_value,
    school_row,
    school_value,
    sighting_rows,
    stocktake_row,
    stocktake_value,
)
from db.statements import (
    EXPECTED,
    PHASE,
    PHASE_SCHOOL,
    SCHOOL,
    SIGHTING,
    STOCKTAKE,
    chunks,
    upsert,
)
from fleet.operation import Operation
from fleet.register import Phase, School
from fleet.stocktake import Stocktake

Value = TypeVar("Value")
TableRow = tuple[Table, dict[str, Any]]


class Keeper(ABC, Generic[Value]):
    """The subjects of one family, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.known: dict[str, Value] = {}

    def load(self, ids: Collection[str]) -> dict[str, Value]:
        """Subjects by id; unknown ids are left out."""
        for part in chunks(each for each in ids if each not in self.known):
            for subject, value in self.read(part):
                self.known[subject] = value
        return {each: self.known[each] for each in ids if each in self.known}

    def prepare(self, operations: Sequence[Operation]) -> None:
        """Read what else the steps of ``operations`` may need."""

    @abstractmethod
    def read(self, ids: list[str]) -> Iterator[tuple[str, Value]]:
        """Subjects from the database, as many as fit one ``IN``."""

    @abstractmethod
    def write(self, values: Sequence[Value]) -> None:
        """Write subjects, new or changed."""

    @abstractmethod
    def rows(self, value: Value) -> Iterator[TableRow]:
        """Every row that a subject is made of, for comparing."""


class SchoolKeeper(Keeper[School]):
    """Schools by UAI."""

    def read(self, ids: list[str]) -> Iterator[tuple[str, School]]:
        for row in self.connection.execute(select(SCHOOL).where(SCHOOL.c.uai.in_(ids))).mappings():
            yield row["uai"], school_value(row)

    def write(self, values: Sequence[School]) -> None:
        upsert(self.connection, SCHOOL, [school_row(school) for school in values])

    def rows(self, value: School) -> Iterator[TableRow]:
        yield SCHOOL, school_row(value)


class PhaseKeeper(Keeper[Phase]):
    """Phases with their schools."""

    def read(self, ids: list[str]) -> Iterator[tuple[str, Phase]]:
        schools: dict[str, list[str]] = {}
        places = select(PHASE_SCHOOL).where(PHASE_SCHOOL.c.phase.in_(ids))
        for row in _mappings(self.connection, places.order_by(PHASE_SCHOOL.c.school)):
            schools.setdefault(row["phase"], []).append(row["school"])
        for row in _mappings(self.connection, select(PHASE).where(PHASE.c.id.in_(ids))):
            yield row["id"], phase_value(row, tuple(schools.get(row["id"], ())))

    def write(self, values: Sequence[Phase]) -> None:
        upsert(self.connection, PHASE, [phase_row(phase) for phase in values])
        for phase in values:
            self.connection.execute(delete(PHASE_SCHOOL).where(PHASE_SCHOOL.c.phase == phase.id))
            upsert(self.connection, PHASE_SCHOOL, list(_phase_schools(phase)))

    def rows(self, value: Phase) -> Iterator[TableRow]:
        yield PHASE, phase_row(value)
        for row in _phase_schools(value):
            yield PHASE_SCHOOL, row


class StocktakeKeeper(Keeper[Stocktake]):
    """Stocktakes with what they expected and saw; a scan writes one line, not all of them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._written: dict[str, Stocktake] = {}

    def read(self, ids: list[str]) -> Iterator[tuple[str, Stocktake]]:
        expected: dict[str, list[str]] = {}
        lines = select(EXPECTED).where(EXPECTED.c.stocktake.in_(ids)).order_by(EXPECTED.c.position)
        for row in _mappings(self.connection, lines):
            expected.setdefault(row["stocktake"], []).append(row["asset"])
        seen: dict[str, list[Row]] = {}
        sightings = select(SIGHTING).where(SIGHTING.c.stocktake.in_(ids))
        for row in _mappings(self.connection, sightings.order_by(SIGHTING.c.position)):
            seen.setdefault(row["stocktake"], []).append(row)
        for row in _mappings(self.connection, select(STOCKTAKE).where(STOCKTAKE.c.id.in_(ids))):
            stocktake = stocktake_value(
                row, tuple(expected.get(row["id"], ())), seen.get(row["id"], [])
            )
            self._written[stocktake.id] = stocktake
            yield stocktake.id, stocktake

    def write(self, values: Sequence[Stocktake]) -> None:
        upsert(self.connection, STOCKTAKE, [stocktake_row(each) for each in values])
        for stocktake in values:
            before = self._written.get(stocktake.id)
            if before is None or before.expected != stocktake.expected:
                upsert(self.connection, EXPECTED, list(expected_rows(stocktake)))
            old = 0 if before is None else len(before.seen)
            new = [row for row in sighting_rows(stocktake) if row["position"] >= old]
            upsert(self.connection, SIGHTING, new)
            self._written[stocktake.id] = stocktake

    def rows(self, value: Stocktake) -> Iterator[TableRow]:
        yield STOCKTAKE, stocktake_row(value)
        for row in expected_rows(value):
            yield EXPECTED, row
        for row in sighting_rows(value):
            yield SIGHTING, row


def _mappings(connection: Connection, statement: Any) -> Iterable[Row]:
    return connection.execute(statement).mappings()


def _phase_schools(phase: Phase) -> Iterator[dict[str, Any]]:
    for school in phase.schools:
        yield {"phase": phase.id, "school": school}
