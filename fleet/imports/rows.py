"""What goes in and out of an import: lines of a table, rows that were read, rows that were not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")

SHOWN_CHARACTERS = 120
"""How much of a faulty value is kept: enough to find it again in the file."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a line that could not be read as text."""

    reason: str
    """``cell.encoding``, ``cell.error``, ``cell.rounded`` or ``line.quote``."""
    value: str
    cell: int | None = None
    """Position of the cell in its line; None for the whole line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, its cells trimmed."""

    number: int
    """Of the line in the file, or of the row in the sheet, from 1."""
    cells: tuple[str, ...]
    """Dates of a spreadsheet are in ISO form."""
    damages: tuple[Damage, ...] = ()


class Table(Protocol):
    """A file of lines, opened but not yet understood; ``agents.files`` implements it."""

    @property
    def name(self) -> str:
        """The file's name, for messages."""

    @property
    def has_fixed_width(self) -> bool:
        """True where every line must have as many cells as the header (CSV)."""

    def lines(self) -> Iterator[Line]:
        """The lines that are not blank, from the first, as often as asked."""

    def part_read(self) -> float | None:
        """Share of the file that the newest reading is through, 0 to 1; None where unknown."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Row]):
    """A row that was read."""

    line: int
    row: Row
    is_duplicate: bool = False
    """The file said it before: the first row counts, this one changes nothing."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One fault of a row that did not go in; a row with several faults yields several."""

    line: int
    field: str
    """The column's header as the file writes it; empty for the whole line."""
    value: str
    reason: str
    """The code of an error, such as ``uai.letter`` or ``cell.missing``."""
    expected: str | None = None
    """What would have been right, where that is known."""
