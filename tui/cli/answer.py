"""What a command answers: a document for ``--json``, lines for people, an exit code."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from fleet.errors import StorageError

DONE = 0
REFUSED = 1
BAD_INPUT = 2
NOT_FOUND = 3
UNREACHABLE = 4
STORAGE = 5
DIFFERENCES = 6
"""Exit codes of the contract."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a command."""

    document: Mapping[str, Any]
    """What ``--json`` prints."""
    lines: Iterable[str] = ()
    """What people read."""
    exit_code: int = DONE
    silent: bool = False
    """The command has printed its document itself."""


def to_json(document: object) -> str:
    """One JSON document, as the contract prints it; valid on a terminal without UTF-8 too."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return json.dumps(document, ensure_ascii=encoding != "utf8", indent=2, default=_plain)


def write(text: str) -> None:
    """A part of the answer: standard output, at once.

    Raises ``StorageError('file.write')`` for a full disk and ``BrokenPipeError`` for a reader who
    has gone; whatever is written afterwards goes nowhere.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered would fail a second time when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise StorageError("file.write", path="/dev/stdout", reason=error.strerror) from error


def say(text: str) -> None:
    """A message beside the answer: standard error, so that ``--json`` stays one document."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"not for JSON: {type(value).__name__}")
