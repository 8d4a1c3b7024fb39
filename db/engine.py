"""Opens SQLite as Ardoise wants it: WAL, full syncs, one writer at a time, files of mode 0600.

SQLCipher's build of SQLite is the only library that touches a database (``docs/decisions``).
"""

import os
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from db.plain_text import plain
from fleet.errors import StorageError

BUSY_TIMEOUT_MS = 10_000
_PAUSE_S = 0.01
_WRITING = "ardoise_writing"


def open_engine(path: Path | None, clock: Callable[[], datetime]) -> Engine:
    """An engine on the file ``path``, made with mode 0600 when missing; in memory without one.

    In SQL, ``today()`` is the local day of ``clock``: that of the picture, not of the machine.
    Raises ``StorageError('storage.cannot_open')``.
    """
    if path is None:
        engine = create_engine("sqlite://", module=driver, poolclass=StaticPool)
    else:
        _make_private(path)
        engine = create_engine(f"sqlite:///{path}", module=driver)
    event.listen(engine, "connect", partial(_on_connect, clock))
    event.listen(engine, "begin", _on_begin)
    return engine


def writing(engine: Engine) -> Connection:
    """A connection whose transaction takes the write lock at once.

    A deferred one would fail at its first write, whatever the busy timeout, when another process
    wrote since its first read (``SQLITE_BUSY_SNAPSHOT``).
    """
    return engine.connect().execution_options(**{_WRITING: True})


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if path.is_file() and os.access(path, os.R_OK):
            return  # a disk mounted read-only can still be read
        raise StorageError(
            "storage.cannot_open", database=str(path), reason=error.strerror or str(error)
        ) from error
    os.close(descriptor)


def _on_connect(clock: Callable[[], datetime], connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver starts no transaction of its own
    pragmas: list[str] = [
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # a purged name leaves no trace in freed pages
        "temp_store = MEMORY",
        "trusted_schema = OFF",
    ]
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _switch_to_wal(connection)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("plain", 1, plain)
    connection.create_function("today", 0, lambda: clock().astimezone().date().isoformat())


def _switch_to_wal(connection: Any) -> None:
    # Two programs that switch one new file would wait for each other for ever: SQLite says
    # "locked" at once, whatever the busy timeout, and the slower one has to come again.
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except driver.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
