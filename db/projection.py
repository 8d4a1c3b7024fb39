"""The state tables as a cache of the fold: reading what a step needs, writing what it left.

``Projection`` keeps the subjects of one transaction in memory, so a burst of operations on one
asset reads it once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from db.rows import (
    asset_row,
    asset_value,
    conflict_row,
    loan_row,
    loan_value,
    phase_row,
    phase_value,
    school_row,
    school_value,
)
from db.tables import AssetRow, ConflictRow, LoanRow, PhaseRow, PhaseSchoolRow, SchoolRow
from fleet.asset import Asset, Loan
from fleet.movements import step, touched_loans
from fleet.operation import Operation
from fleet.register import Phase, School, step_phase, step_school

ASSET: Table = AssetRow.__table__  # type: ignore[attr-defined]
LOAN: Table = LoanRow.__table__  # type: ignore[attr-defined]
CONFLICT: Table = ConflictRow.__table__  # type: ignore[attr-defined]
SCHOOL: Table = SchoolRow.__table__  # type: ignore[attr-defined]
PHASE: Table = PhaseRow.__table__  # type: ignore[attr-defined]
PHASE_SCHOOL: Table = PhaseSchoolRow.__table__  # type: ignore[attr-defined]

CHUNK = 500
"""Values per ``IN`` list, well under SQLite's limit on variables."""


def chunks(values: Iterable[str]) -> Iterable[list[str]]:
    """``values`` without repetition, in lists that fit an ``IN``."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), CHUNK):
        yield unique[start : start + CHUNK]


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``, which have every column, or overwrite those whose primary key is there."""
    if rows:
        connection.execute(_upserting(connection.dialect.name, table), rows)


@cache
def _upserting(dialect: str, table: Table) -> Insert:
    # Building it costs more than running it, so once per table.
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in keys]
    changes = {name: statement.excluded[name] for name in names}
    if not changes:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


class Projection:
    """The folded subjects that one transaction works on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._assets: dict[str, Asset] = {}
        self._schools: dict[str, School] = {}
        self._phases: dict[str, Phase] = {}

    def assets(self, ids: Collection[str]) -> dict[str, Asset]:
        """Assets by id with their open loans; unknown ids are left out."""
        for part in chunks(each for each in ids if each not in self._assets):
            rows = self._connection.execute(select(ASSET).where(ASSET.c.id.in_(part))).mappings()
            found = {row["id"]: row for row in rows}
            loans = self._loans(LOAN.c.asset.in_(found), LOAN.c.closed_at.is_(None))
            for asset_id, row in found.items():
                self._assets[asset_id] = asset_value(row, tuple(loans.get(asset_id, ())))
        return {each: self._assets[each] for each in ids if each in self._assets}

    def assets_where(self, *conditions: Any) -> list[Asset]:
        """Assets whose row matches, in no particular order."""
        ids = list(self._connection.scalars(select(ASSET.c.id).where(*conditions)))
        return list(self.assets(ids).values())

    def schools(self, uais: Collection[str]) -> dict[str, School]:
        """Schools by UAI."""
        for part in chunks(each for each in uais if each not in self._schools):
            rows = self._connection.execute(select(SCHOOL).where(SCHOOL.c.uai.in_(part)))
            for row in rows.mappings():
                self._schools[row["uai"]] = school_value(row)
        return {each: self._schools[each] for each in uais if each in self._schools}

    def phase(self, phase_id: str) -> Phase | None:
        """The phase with this id."""
        if phase_id not in self._phases:
            row = self._connection.execute(select(PHASE).where(PHASE.c.id == phase_id)).mappings()
            found = row.first()
            if found is None:
                return None
            schools = self._connection.scalars(
                select(PHASE_SCHOOL.c.school)
                .where(PHASE_SCHOOL.c.phase == phase_id)
                .order_by(PHASE_SCHOOL.c.school)
            )
            self._phases[phase_id] = phase_value(found, tuple(schools))
        return self._phases[phase_id]

    def last_hlc(self, subject: str) -> str | None:
        """Stamp of the newest operation about a subject that was loaded before."""
        known: Asset | School | Phase | None = (
            self._assets.get(subject) or self._schools.get(subject) or self._phases.get(subject)
        )
        return known.last_hlc or None if known else None

    def load(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Bring the subjects of operations, given as (kind, subject), into memory."""
        by_family: dict[str, list[str]] = {}
        for kind, subject in kinds:
            by_family.setdefault(kind.partition(".")[0], []).append(subject)
        self.assets(by_family.get("asset", ()))
        self.schools(by_family.get("school", ()))
        for phase in by_family.get("phase", ()):
            self.phase(phase)

    def apply(self, operations: Sequence[Operation]) -> None:
        """Step every subject through ``operations``, given in order, and write what changed."""
        assets: set[str] = set()
        schools: set[str] = set()
        phases: set[str] = set()
        self._load_touched_loans(operations)
        for operation in operations:
            subject = operation.subject
            match operation.kind.partition(".")[0]:
                case "asset":
                    asset = self._assets.get(subject) or Asset(subject)
                    self._assets[subject] = step(asset, operation)
                    assets.add(subject)
                case "school":
                    school = self._schools.get(subject) or School(subject)
                    self._schools[subject] = step_school(school, operation)
                    schools.add(subject)
                case "phase":
                    phase = self._phases.get(subject) or Phase(subject)
                    self._phases[subject] = step_phase(phase, operation)
                    phases.add(subject)
                case _:
                    pass  # of a newer Ardoise: kept in the ledger, folded by it
        self.write_assets([self._assets[each] for each in sorted(assets)])
        upsert(self._connection, SCHOOL, [school_row(self._schools[s]) for s in sorted(schools)])
        self._write_phases([self._phases[each] for each in sorted(phases)])

    def write_assets(self, assets: Sequence[Asset]) -> None:
        """Write assets with the loans and conflicts that they carry."""
        self._leave_slots(assets)
        upsert(self._connection, ASSET, [asset_row(asset) for asset in assets])
        # Closed ones first: a loan that ends makes room for the one that begins.
        loans = [loan for asset in assets for loan in asset.loans]
        upsert(self._connection, LOAN, [loan_row(loan) for loan in loans if not loan.is_open])
        upsert(self._connection, LOAN, [loan_row(loan) for loan in loans if loan.is_open])
        conflicts = [conflict_row(each) for asset in assets for each in asset.conflicts]
        upsert(self._connection, CONFLICT, conflicts)

    def _leave_slots(self, assets: Sequence[Asset]) -> None:
        # Two tablets that swap slots would meet in one for the length of a statement.
        if len(assets) > 1 and any(asset.slot is not None for asset in assets):
            for part in chunks(asset.id for asset in assets):
                placed = ASSET.update().where(ASSET.c.id.in_(part), ASSET.c.slot.is_not(None))
                self._connection.execute(placed.values(slot=None))

    def _write_phases(self, phases: Sequence[Phase]) -> None:
        upsert(self._connection, PHASE, [phase_row(phase) for phase in phases])
        for phase in phases:
            self._connection.execute(delete(PHASE_SCHOOL).where(PHASE_SCHOOL.c.phase == phase.id))
            rows = [{"phase": phase.id, "school": school} for school in phase.schools]
            upsert(self._connection, PHASE_SCHOOL, rows)

    def _load_touched_loans(self, operations: Sequence[Operation]) -> None:
        wanted: dict[str, str] = {}
        for operation in operations:
            asset = self._assets.get(operation.subject)
            if asset is not None:
                present = {loan.id for loan in asset.loans}
                wanted.update({x: asset.id for x in touched_loans(operation) if x not in present})
        for part in chunks(wanted):
            for asset_id, loans in self._loans(LOAN.c.id.in_(part)).items():
                asset = self._assets.get(asset_id)
                if asset is not None:
                    self._assets[asset_id] = _with_more_loans(asset, loans)

    def _loans(self, *conditions: Any) -> dict[str, list[Loan]]:
        statement = select(LOAN).where(*conditions).order_by(LOAN.c.opened_hlc, LOAN.c.id)
        loans: dict[str, list[Loan]] = {}
        for row in self._connection.execute(statement).mappings():
            loans.setdefault(row["asset"], []).append(loan_value(row))
        return loans


def _with_more_loans(asset: Asset, loans: Sequence[Loan]) -> Asset:
    merged = {loan.id: loan for loan in (*loans, *asset.loans)}
    ordered = sorted(merged.values(), key=lambda loan: (loan.opened_hlc, loan.id))
    return replace(asset, loans=tuple(ordered))
