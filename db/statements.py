"""The tables as SQLAlchemy Core sees them, and how their rows are written."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from db import state_tables, tables


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


OPERATION = _table(tables.OperationRow)
REPLICA = _table(tables.ReplicaRow)
SETTING = _table(tables.SettingRow)
AGENT = _table(tables.AgentRow)
PERSON = _table(tables.PersonRow)
LINK = _table(tables.LoanLinkRow)
NOTE = _table(tables.NoteRow)
ASSET = _table(state_tables.AssetRow)
ASSET_CODE = _table(state_tables.AssetCodeRow)
LOAN = _table(state_tables.LoanRow)
CONFLICT = _table(state_tables.ConflictRow)
SCHOOL = _table(state_tables.SchoolRow)
PHASE = _table(state_tables.PhaseRow)
PHASE_SCHOOL = _table(state_tables.PhaseSchoolRow)
STOCKTAKE = _table(state_tables.StocktakeRow)
EXPECTED = _table(state_tables.StocktakeExpectedRow)
SIGHTING = _table(state_tables.StocktakeSightingRow)

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
