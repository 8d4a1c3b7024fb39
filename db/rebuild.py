"""Folding everything again: rebuilding the state tables, and checking them against the ledger."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, delete, func, select, text

from db.projection import Projection
from db.rows import operation_value
from db.schema import family
from db.search import check_indexes
from db.statements import OPERATION
from fleet.operation import GENESIS, broken_links
from fleet.ports import Finding
from fleet.subjects import Subject, fold

_BATCH = 2000


def rebuild(connection: Connection) -> int:
    """Empty the state tables and fold the whole ledger into them; number of subjects."""
    for table in reversed(family("state")):
        connection.execute(delete(table))
    projection = Projection(connection)
    count = 0
    for subject in _folded(connection):
        projection.write(subject)
        count += 1
    return count


def check(connection: Connection) -> list[Finding]:
    """Everything in the database that does not follow from its ledger, or breaks a guard."""
    findings = list(_integrity(connection))
    if any(finding.code == "check.file" for finding in findings):
        return findings  # what stands in a damaged file cannot be read, let alone compared
    return [*findings, *_chains(connection), *_state(connection), *check_indexes(connection)]


def _folded(connection: Connection) -> Iterator[Subject]:
    last = ""
    while True:
        subjects = list(
            connection.scalars(
                select(OPERATION.c.subject)
                .distinct()
                .where(OPERATION.c.subject > last)
                .order_by(OPERATION.c.subject)
                .limit(_BATCH)
            )
        )
        if not subjects:
            return
        statement = (
            select(OPERATION)
            .where(OPERATION.c.subject.between(subjects[0], subjects[-1]))
            .order_by(
                OPERATION.c.subject,
                OPERATION.c.hlc,
                OPERATION.c.id,
                OPERATION.c.replica,
                OPERATION.c.seq,
            )
        )
        operations = [operation_value(row) for row in connection.execute(statement).mappings()]
        for subject, about in groupby(operations, key=lambda each: each.subject):
            folded = fold(subject, about)
            if folded is not None:
                yield folded
        last = subjects[-1]


def _integrity(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for (word,) in connection.execute(text("PRAGMA integrity_check(20)")):
        if word != "ok":
            yield Finding("check.file", "sqlite", str(word))
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding("check.reference", str(row[0]), f"→ {row[2]}")


def _chains(connection: Connection) -> Iterator[Finding]:
    statement = select(OPERATION).order_by(OPERATION.c.replica, OPERATION.c.seq)
    rows = connection.execution_options(yield_per=_BATCH).execute(statement).mappings()
    replica, prev, seq = None, GENESIS, 0
    for row in rows:
        operation = operation_value(row)
        if operation.replica != replica:
            replica, prev, seq = operation.replica, GENESIS, 0
        for broken in broken_links([operation], prev, seq):
            yield Finding("check.chain", broken.subject, f"{broken.replica}/{broken.seq}")
        prev, seq = operation.hash, operation.seq


def _state(connection: Connection) -> Iterator[Finding]:
    """Compare every row of every state table with the row that the fold yields."""
    projection = Projection(connection)
    expected: dict[str, int] = {}
    for subject in _folded(connection):
        for table, row in projection.rows(subject):
            expected[table.name] = expected.get(table.name, 0) + 1
            keys = [table.c[column.name] == row[column.name] for column in table.primary_key]
            found = connection.execute(select(table).where(*keys)).mappings().first()
            if found is None:
                yield Finding("check.state_missing", str(next(iter(row.values()))), table.name)
            elif wrong := [name for name in row if found[name] != row[name]]:
                detail = f"{table.name}: {', '.join(wrong)}"
                yield Finding("check.state", str(next(iter(row.values()))), detail)
    for table in family("state"):
        count = connection.scalar(select(func.count()).select_from(table)) or 0
        if count > expected.get(table.name, 0):
            surplus = count - expected.get(table.name, 0)
            yield Finding("check.state_surplus", table.name, str(surplus))
