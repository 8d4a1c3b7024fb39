"""The rows of one import in temporary tables: on disk once they are many, gone when it ends.

A database of its own, so that a preview can be looked at while nobody holds the register's write
lock. The file has no name and mode 0600, and holds nothing that the imported file does not hold.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as driver

from db.faults import storage_error
from fleet.imports.rows import Rejected
from fleet.imports.staging import Difference, Fate, Staged

Result = TypeVar("Result")

BATCH = 500
"""Rows written, or read, together."""

_SETUP = (
    # The build's default is memory, which is what staging is there to spare.
    "PRAGMA temp_store = FILE",
    "CREATE TEMP TABLE staged (fate TEXT NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL,"
    " subject TEXT NOT NULL, label TEXT NOT NULL, content TEXT NOT NULL,"
    " PRIMARY KEY (fate, place)) STRICT, WITHOUT ROWID",
    "CREATE TEMP TABLE seen (space TEXT NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY (space, name)) STRICT, WITHOUT ROWID",
    "PRAGMA temp.journal_mode = OFF",
    "PRAGMA temp.synchronous = OFF",
)
_INSERT = (
    "INSERT INTO staged (fate, place, line, subject, label, content) VALUES (?, ?, ?, ?, ?, ?)"
)
_PAGE = (
    "SELECT fate, line, subject, label, content FROM staged"
    " WHERE fate = ? AND place >= ? AND place < ? ORDER BY place"
)
_FAULTS = (
    "SELECT fate, line, subject, label, content FROM staged"
    " WHERE fate IN ('conflicting', 'rejected') ORDER BY line, place"
)


class SqlStaging:
    """See ``fleet.imports.staging.Staging``; any thread may read what another one staged."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[object, ...]] = []
        self._counts = dict.fromkeys(Fate, 0)
        self._connection = self._guarded(
            partial(driver.connect, ":memory:", isolation_level=None, check_same_thread=False)
        )
        for statement in _SETUP:
            self._execute(statement)

    def seen(self, space: str) -> "SqlSeen":
        """The keys met in this file under a name of the caller's."""
        return SqlSeen(self, space)

    def add(self, staged: Staged) -> None:
        """Put one row aside."""
        place = self._counts[staged.fate]
        row = (staged.fate.value, place, staged.line, staged.subject, staged.label)
        self._waiting.append((*row, _to_json(staged)))
        self._counts[staged.fate] = place + 1
        if len(self._waiting) >= BATCH:
            self._flush()

    def count(self, fate: Fate) -> int:
        """How many rows had one fate."""
        return self._counts[fate]

    def page(self, fate: Fate, start: int = 0, limit: int = 50) -> tuple[Staged, ...]:
        """Rows of one fate in the order in which they came, from the ``start``-th on."""
        self._flush()
        rows = self._execute(_PAGE, (fate.value, start, start + limit))
        return tuple(_from_row(row) for row in rows)

    def faults(self) -> Iterator[Rejected]:
        """All faults by line, read a few at a time."""
        self._flush()
        cursor = self._guarded(lambda: self._connection.execute(_FAULTS))
        while rows := self._guarded(lambda: cursor.fetchmany(BATCH)):
            for row in rows:
                fault = _from_row(row).fault
                if fault is not None:
                    yield fault

    def close(self) -> None:
        """Drop everything."""
        with self._lock:
            self._connection.close()

    def has_seen(self, space: str, name: str) -> bool:
        """Whether ``name`` was met in ``space``."""
        found = self._execute("SELECT 1 FROM seen WHERE space = ? AND name = ?", (space, name))
        return bool(found)

    def note_seen(self, space: str, name: str) -> None:
        """Remember ``name`` in ``space``."""
        self._execute("INSERT OR IGNORE INTO seen (space, name) VALUES (?, ?)", (space, name))

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._guarded(lambda: self._write(waiting))

    def _write(self, rows: list[tuple[object, ...]]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(_INSERT, rows)
        self._connection.execute("COMMIT")

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return self._guarded(lambda: self._connection.execute(statement, values).fetchall())

    def _guarded(self, step: Callable[[], Result]) -> Result:
        with self._lock:
            try:
                return step()
            except driver.Error as error:
                raise storage_error(str(error), "import") from error


class SqlSeen:
    """See ``fleet.imports.staging.Seen``."""

    def __init__(self, staging: SqlStaging, space: str) -> None:
        self._staging = staging
        self._space = space

    def __contains__(self, key: object) -> bool:
        return self._staging.has_seen(self._space, str(key))

    def add(self, key: str) -> None:
        """Remember a key."""
        self._staging.note_seen(self._space, key)


def _to_json(staged: Staged) -> str:
    content: dict[str, object] = {}
    if staged.differs:
        content["differs"] = [[each.field, each.before, each.after] for each in staged.differs]
    if staged.fault is not None:
        fault = staged.fault
        content["fault"] = [fault.field, fault.value, fault.reason, fault.expected]
    return json.dumps(content, ensure_ascii=False)


def _from_row(row: tuple[Any, ...]) -> Staged:
    fate, line, subject, label, text = row
    content = json.loads(text)
    fault = content.get("fault")
    return Staged(
        Fate(fate),
        line,
        label,
        subject,
        tuple(Difference(*each) for each in content.get("differs", ())),
        None if fault is None else Rejected(line, *fault),
    )
