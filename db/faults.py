"""Translates what the database driver raises into ``StorageError``, once, at this edge."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from fleet.errors import StorageError

_WORDS = (
    ("database is locked", "storage.busy"),
    ("database or disk is full", "storage.full"),
    ("readonly database", "storage.read_only"),
    ("unable to open database", "storage.cannot_open"),
    ("malformed", "storage.damaged"),
    ("file is not a database", "storage.not_a_database"),
    ("disk i/o error", "storage.disk"),
)


@contextmanager
def translated(database: str) -> Iterator[None]:
    """Raise ``StorageError`` in place of the driver's exceptions; ``database`` names the file."""
    try:
        yield
    except IntegrityError as error:
        # A guard of the schema held where a rule of the core should have said no before.
        raise StorageError("storage.guard", database=database, reason=str(error.orig)) from error
    except (DBAPIError, DatabaseError) as error:
        raise storage_error(str(error.orig or error), database) from error


def storage_error(reason: str, database: str) -> StorageError:
    """The storage error for the driver's words ``reason``."""
    lowered = reason.lower()
    code = next((code for words, code in _WORDS if words in lowered), "storage.failed")
    return StorageError(code, database=database, reason=reason)
