"""The database of one fleet: opening, making, units of work, rebuilding and checking it."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select

from db.engine import open_engine, writing
from db.faults import translated
from db.rebuild import check, rebuild
from db.schema import bring_up_to_date
from db.staging import SqlStaging
from db.statements import REPLICA, SETTING, upsert
from db.work import Entropy, SqlWork
from fleet.ids import uuid7
from fleet.ports import Finding
from fleet.stamps import iso, unix_ms

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


class SqlStore:
    """See ``fleet.ports.Store``. Without a path the database lives in memory, empty."""

    def __init__(
        self,
        path: Path | None,
        *,
        clock: Clock = wall_clock,
        entropy: Entropy = secrets.randbelow,
        name: str = "",
    ) -> None:
        self.database = str(path) if path else ":memory:"
        self._clock = clock
        self._entropy = entropy
        self.engine: Engine = open_engine(path, clock)
        with ExitStack() as on_failure, translated(self.database):
            on_failure.callback(self.close)
            bring_up_to_date(self.engine, self.database, rebuild)
            self.replica, self._fleet_key = self._identify(name)
            on_failure.pop_all()

    @contextmanager
    def work(self, author: str) -> Iterator[SqlWork]:
        """A unit of work for ``author``; what was not committed when it ends is undone."""
        with translated(self.database), writing(self.engine) as connection:
            connection.begin()  # explicit, so that the clock is read once the lock is held
            yield SqlWork(
                connection,
                replica=self.replica,
                fleet_key=self._fleet_key,
                author=author,
                now=self._clock(),
                entropy=self._entropy,
            )

    @contextmanager
    def staging(self) -> Iterator[SqlStaging]:
        """Room beside the database for the rows of one import; gone when it ends."""
        staging = SqlStaging()
        try:
            yield staging
        finally:
            staging.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on one consistent picture of the database."""
        with translated(self.database), self.engine.connect() as connection:
            yield connection

    def setting(self, name: str) -> str:
        """A setting of this database; empty when it was never set."""
        with self.reading() as connection:
            return self._settings(connection).get(name, "")

    def set_settings(self, settings: Mapping[str, str]) -> None:
        """Write settings of this database."""
        with translated(self.database), writing(self.engine) as connection, connection.begin():
            rows = [{"name": name, "value": value} for name, value in settings.items()]
            upsert(connection, SETTING, rows)

    def check(self) -> list[Finding]:
        """What does not follow from the ledger, or breaks a guard (``db.rebuild.check``)."""
        with self.reading() as connection:
            return check(connection)

    def close(self) -> None:
        self.engine.dispose()

    def _identify(self, name: str) -> tuple[str, bytes]:
        with self.engine.connect() as connection:
            known = self._settings(connection)
        if "replica" not in known:
            with writing(self.engine) as connection, connection.begin():
                known = self._settings(connection)
                if "replica" not in known:
                    known = self._introduce(connection, name)
        return known["replica"], bytes.fromhex(known["fleet_key"])

    def _introduce(self, connection: Connection, name: str) -> dict[str, str]:
        now = self._clock()
        replica = uuid7(unix_ms(now), self._entropy(1 << 74))
        made = {"replica": replica, "fleet_key": f"{self._entropy(1 << 256):064x}"}
        row = {"id": replica, "name": name, "created_at": iso(now)}
        connection.execute(insert(REPLICA), row)
        rows = [{"name": key, "value": value} for key, value in made.items()]
        connection.execute(insert(SETTING), rows)
        return made

    @staticmethod
    def _settings(connection: Connection) -> dict[str, str]:
        rows = connection.execute(select(SETTING.c.name, SETTING.c.value))
        return {row.name: row.value for row in rows}
