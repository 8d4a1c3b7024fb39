"""Keepers of schools and phases, and what every keeper of a family of subjects does.

A keeper reads the subjects that a transaction needs into memory and writes back what changed. It
knows rows, and nothing of what an operation means.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, delete, select

from db.rows import Row, phase_row, phase_value, school_row, school_value
from db.statements import PHASE, PHASE_SCHOOL, SCHOOL, chunks, upsert
from fleet.operation import Operation
from fleet.register import Phase, School

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

    def forget(self) -> None:
        """Let go of what was read; it will be read again."""
        self.known.clear()

    def prepare(self, operations: Sequence[Operation]) -> None:
        """Read what else the steps of ``operations`` may need."""

    @abstractmethod
    def read(self, ids: list[str]) -> Iterator[tuple[str, Value]]:
        """Subjects from the database, as many as fit one ``IN``."""

    @abstractmethod
    def write(self, values: Sequence[Value]) -> None:
        """Write subjects, new or changed."""

    def replace(self, value: Value) -> None:
        """Write one subject that was folded whole; rows that it has no more are gone after it."""
        self.write([value])

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


def _mappings(connection: Connection, statement: Any) -> Iterable[Row]:
    return connection.execute(statement).mappings()


def _phase_schools(phase: Phase) -> Iterator[dict[str, Any]]:
    for school in phase.schools:
        yield {"phase": phase.id, "school": school}
