"""What a command answers: a document for ``--json``, lines for people, an exit code."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

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
    """One JSON document, as the contract prints it."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


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
