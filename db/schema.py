"""Brings a database to this version: the ledger and register by migrations, the state by folding.

Alembic is imported only when there is something to migrate, which keeps every other start fast.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, inspect, text
from sqlmodel import SQLModel

from db.engine import writing
from db.search import is_complete, renew
from db.state_tables import PROJECTION_VERSION
from fleet.errors import StorageError

HEAD = "0002"
"""Newest revision in ``db/migrations``; a test compares the two."""

_PROJECTION = "projection_version"


def family(name: str) -> list[Table]:
    """The tables of the family ``name`` (see ``db.tables``), parents first."""
    return [t for t in SQLModel.metadata.sorted_tables if t.info.get("family") == name]


def bring_up_to_date(
    engine: Engine, database: str, rebuild: Callable[[Connection], object]
) -> None:
    """Migrate if needed, and ``rebuild`` the state tables when their shape is another.

    What search needs is made where it is missing. One transaction: a cut in the middle leaves the
    database as it was. Raises ``StorageError('storage.newer')`` for one of a newer Ardoise.
    """
    with engine.connect() as connection:
        revision = _revision(connection)
        is_current = revision == HEAD and _projection(connection) == PROJECTION_VERSION
        if is_current and is_complete(connection):
            return
    if revision is not None and revision > HEAD:
        raise StorageError("storage.newer", database=database, revision=revision, known=HEAD)
    with writing(engine) as connection, connection.begin():
        # Another process may have been faster while this one waited for the lock.
        if _revision(connection) != HEAD:
            _migrate(connection)
        if _projection(connection) == PROJECTION_VERSION:
            if not is_complete(connection):
                renew(connection)
            return
        state = family("state")
        SQLModel.metadata.drop_all(connection, tables=state)
        SQLModel.metadata.create_all(connection, tables=state)
        connection.execute(
            text(
                "INSERT INTO setting (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": _PROJECTION, "value": str(PROJECTION_VERSION)},
        )
        rebuild(connection)
        renew(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    value: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return value


def _projection(connection: Connection) -> int | None:
    if not inspect(connection).has_table("setting"):
        return None
    value = connection.scalar(
        text("SELECT value FROM setting WHERE name = :name"), {"name": _PROJECTION}
    )
    return None if value is None else int(value)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
