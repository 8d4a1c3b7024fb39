"""Folding everything again: rebuilding the state tables, and checking them against the ledger."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text

from db.ledger import OPERATION
from db.projection import ASSET, CONFLICT, LOAN, PHASE, PHASE_SCHOOL, SCHOOL, Projection, upsert
from db.rows import (
    asset_row,
    conflict_row,
    loan_row,
    operation_value,
    phase_row,
    school_row,
)
from db.schema import family
from fleet.asset import Asset
from fleet.movements import step
from fleet.operation import GENESIS, Operation, broken_links
from fleet.ports import Finding
from fleet.register import Phase, School, step_phase, step_school

Subject = Asset | School | Phase

_BATCH = 2000


def rebuild(connection: Connection) -> int:
    """Empty the state tables and fold the whole ledger into them; number of subjects."""
    for table in reversed(family("state")):
        connection.execute(delete(table))
    count = 0
    for subject in _folded(connection):
        _write(connection, subject)
        count += 1
    return count


def check(connection: Connection) -> list[Finding]:
    """Everything in the database that does not follow from its ledger, or breaks a guard."""
    findings = list(_integrity(connection))
    if any(finding.code == "check.file" for finding in findings):
        return findings  # what stands in a damaged file cannot be read, let alone compared
    return [*findings, *_chains(connection), *_state(connection)]


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
            folded = _fold(subject, list(about))
            if folded is not None:
                yield folded
        last = subjects[-1]


def _fold(subject: str, operations: list[Operation]) -> Subject | None:
    counted: set[str] = set()
    state: Subject | None = None
    for operation in operations:
        if operation.id in counted:
            continue
        counted.add(operation.id)
        match operation.kind.partition(".")[0]:
            case "asset":
                asset = state if isinstance(state, Asset) else Asset(subject)
                state = step(asset, operation)
            case "school":
                school = state if isinstance(state, School) else School(subject)
                state = step_school(school, operation)
            case "phase":
                phase = state if isinstance(state, Phase) else Phase(subject)
                state = step_phase(phase, operation)
            case _:
                pass
    return state


def _rows(subject: Subject) -> Iterator[tuple[Table, dict[str, Any]]]:
    match subject:
        case Asset():
            yield ASSET, asset_row(subject)
            for loan in subject.loans:
                yield LOAN, loan_row(loan)
            for conflict in subject.conflicts:
                yield CONFLICT, conflict_row(conflict)
        case School():
            yield SCHOOL, school_row(subject)
        case Phase():
            yield PHASE, phase_row(subject)
            for school in subject.schools:
                yield PHASE_SCHOOL, {"phase": subject.id, "school": school}


def _write(connection: Connection, subject: Subject) -> None:
    if isinstance(subject, Asset):
        Projection(connection).write_assets([subject])
        return
    for table, row in _rows(subject):
        upsert(connection, table, [row])


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
    expected: dict[str, int] = {}
    for subject in _folded(connection):
        for table, row in _rows(subject):
            expected[table.name] = expected.get(table.name, 0) + 1
            keys = [table.c[column.name] == row[column.name] for column in table.primary_key]
            found = connection.execute(select(table).where(*keys)).mappings().first()
            if found is None:
                yield Finding("check.state_missing", str(next(iter(row.values()))), table.name)
            elif wrong := [name for name in row if found[name] != row[name]]:
                detail = f"{table.name}: {', '.join(wrong)}"
                yield Finding("check.state", str(next(iter(row.values()))), detail)
    for table in (ASSET, LOAN, CONFLICT, SCHOOL, PHASE, PHASE_SCHOOL):
        count = connection.scalar(select(func.count()).select_from(table)) or 0
        if count > expected.get(table.name, 0):
            surplus = count - expected.get(table.name, 0)
            yield Finding("check.state_surplus", table.name, str(surplus))
