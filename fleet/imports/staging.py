"""What an import keeps aside while it runs: what became of each row, and what it has met already.

A file may have more faults than a memory holds, so the database keeps them in a temporary table
(``db.staging``); a plain ``set`` does for the little files of a test. Nothing here is ever written
to the register.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fleet.imports.rows import Rejected


class Seen(Protocol):
    """Keys that a file has named before; a ``set`` is one."""

    def __contains__(self, key: object, /) -> bool: ...

    def add(self, key: str, /) -> None: ...


class Fate(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "same"
    CONFLICTING = "conflicting"
    """Readable, but it claims what another asset or another line has."""
    REJECTED = "rejected"


CONFLICTS = frozenset(
    {"import.two_assets", "mac.duplicate", "serial.duplicate", "slot.taken", "tag.duplicate"}
)
"""Faults of a row that could be read and stands in another one's way."""


def fate_of(fault: Rejected) -> Fate:
    """Conflicting or rejected."""
    return Fate.CONFLICTING if fault.reason in CONFLICTS else Fate.REJECTED


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a row changes."""

    field: str
    """Its name in the core: ``class_name``, ``warranty_until``."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Staged:
    """What would become, or became, of one row."""

    fate: Fate
    line: int
    label: str
    """What people know the subject by: a name, a serial, a UAI."""
    subject: str = ""
    """Id of the school, asset or person; empty for a row that did not go in."""
    differs: tuple[Difference, ...] = ()
    fault: Rejected | None = None


class Staging(Protocol):
    """The rows of one import, put aside outside the register and outside memory."""

    def seen(self, space: str) -> Seen:
        """The keys met in this file under a name of the caller's."""

    def add(self, staged: Staged) -> None: ...

    def count(self, fate: Fate) -> int: ...

    def page(self, fate: Fate, start: int = 0, limit: int = 50) -> tuple[Staged, ...]:
        """Rows of one fate in the order in which they came, from the ``start``-th on."""

    def faults(self) -> Iterator[Rejected]:
        """All faults by line, read a few at a time."""
