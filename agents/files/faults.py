"""Errors of the operating system and of archives, in the words of the project."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet.errors import InvalidInput, StorageError


def not_a_table(path: Path, reason: str) -> InvalidInput:
    """The error for a file that cannot be a table; ``reason`` is one of ``opening``'s words."""
    return InvalidInput("file.not_a_table", file=path.name, reason=reason)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate what the operating system says about ``path``."""
    try:
        yield
    except FileNotFoundError as error:
        raise InvalidInput("file.missing", file=path.name) from error
    except IsADirectoryError as error:
        raise not_a_table(path, "folder") from error
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "EIO")
        raise StorageError("file.unreadable", file=path.name, reason=reason) from error
