"""Columns found by their header's words, and one line's cells read through them.

Headers are compared without case, accents, punctuation and small words, so that both generations
of a file, and the apostrophes of every program, name the same column.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from fleet.errors import InvalidInput
from fleet.imports.rows import SHOWN_CHARACTERS, Line, Parsed, Rejected, Row, Table
from fleet.names import fold_name

Value = TypeVar("Value")

HEADER_DEPTH = 20
"""Suppliers write a title and an address above the table; the header is sought this far."""

_SMALL_WORDS = frozenset(["d", "de", "des", "du", "l", "la", "le", "les"])
_NUMBER_WORDS = frozenset(["no", "nr", "num", "numero"])


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a row may say, and the headers it is known under, the preferred one first."""

    name: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file."""

    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]
    """Each group must be there by at least one of its columns."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a file has the columns of a layout."""

    line: int
    labels: tuple[str, ...]
    positions: dict[str, int]

    @property
    def width(self) -> int:
        """Number of cells up to the last one with a label."""
        return max((place for place, label in enumerate(self.labels, 1) if label), default=0)

    def label(self, column: str) -> str:
        """The header of ``column`` as the file writes it; empty when the file lacks it."""
        place = self.positions.get(column)
        return "" if place is None else self.labels[place]


def fold_header(text: str) -> str:
    """The key of a header: ``N° de série``, ``Numero_serie`` and ``NUM. SÉRIE`` have the same."""
    words = (word for word in fold_name(text).split() if word not in _SMALL_WORDS)
    return "".join("n" if word in _NUMBER_WORDS else word for word in words)


def match_header(line: Line, layout: Layout) -> Header:
    """The columns of ``layout`` that ``line`` names; of two for one column the preferred wins."""
    places: dict[str, int] = {}
    for place, label in enumerate(line.cells):
        places.setdefault(fold_header(label), place)
    positions: dict[str, int] = {}
    for column in layout.columns:
        keys = (fold_header(label) for label in column.headers)
        found = next((key for key in keys if key in places), None)
        if found is not None:
            positions[column.name] = places[found]
    return Header(line.number, line.cells, positions)


def find_header(table: Table, lines: Iterator[Line], layout: Layout) -> Header:
    """Read on to the first line that names every required column; ``lines`` stands after it.

    Raises ``InvalidInput``: ``file.missing_column`` (``file``, ``column``) when the nearest line
    lacks some, ``file.not_a_table`` (``file``, ``reason``) when no line names any.
    """
    nearest = Header(0, (), {})
    for line in islice(lines, HEADER_DEPTH):
        header = match_header(line, layout)
        if not _missing(header, layout):
            return header
        if len(header.positions) > len(nearest.positions):
            nearest = header
    if not nearest.positions:
        raise InvalidInput("file.not_a_table", file=table.name, reason="header")
    missing = ", ".join(_missing(nearest, layout))
    raise InvalidInput("file.missing_column", file=table.name, column=missing)


def _missing(header: Header, layout: Layout) -> list[str]:
    preferred = {column.name: column.headers[0] for column in layout.columns}
    return [
        preferred[group[0]]
        for group in layout.required
        if not any(name in header.positions for name in group)
    ]


class Cells:
    """One line read through a header; it gathers the faults, at most one a column."""

    def __init__(self, header: Header, line: Line) -> None:
        self._header = header
        self._line = line
        self.number = line.number
        self.faults: list[Rejected] = []
        self._faulty: set[str] = set()

    def has(self, column: str) -> bool:
        """Whether the file has the column at all."""
        return column in self._header.positions

    def text(self, column: str) -> str:
        """The cell of ``column``, empty when the cell or the column is not there."""
        place = self._header.positions.get(column)
        if place is None or place >= len(self._line.cells):
            return ""
        value = self._line.cells[place]
        # Left by a program that had already lost the letter: a name would be another name.
        if "\ufffd" in value:
            self.reject(column, "cell.encoding")
        return value

    def required(self, column: str) -> str:
        """The cell of ``column``; a fault ``cell.missing`` when it is empty."""
        value = self.text(column)
        if not value:
            self.reject(column, "cell.missing")
        return value

    def parsed(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """What ``parse`` makes of the cell; None when it is empty or was refused."""
        value = self.text(column)
        if not value:
            return None
        try:
            return parse(value)
        except InvalidInput as error:
            expected = error.params.get("expected")
            self.reject(column, error.code, None if expected is None else str(expected))
            return None

    def reject(self, column: str, reason: str, expected: str | None = None) -> None:
        """Note the fault of this line in ``column``; of several in one column the first stays."""
        if column in self._faulty:
            return
        self._faulty.add(column)
        place = self._header.positions.get(column)
        cells = self._line.cells
        value = cells[place] if place is not None and place < len(cells) else ""
        label = self._header.label(column)
        shown = value[:SHOWN_CHARACTERS]
        self.faults.append(Rejected(self.number, label, shown, reason, expected))


def line_faults(header: Header, line: Line, *, fixed_width: bool) -> list[Rejected]:
    """What makes the line unreadable as a whole: damage, or cells missing or left over.

    An error or a rounded number in a column that nobody reads is no fault; letters of another
    encoding are, since the line then comes from another file.
    """
    used = {None, *header.positions.values()}
    faults = [
        Rejected(
            line.number,
            _label(header, damage.cell),
            damage.value[:SHOWN_CHARACTERS],
            damage.reason,
        )
        for damage in line.damages
        if damage.cell in used or damage.reason == "cell.encoding"
    ]
    if not faults and fixed_width and not _fits(header, line):
        shown = " ".join(cell for cell in line.cells if cell)[:SHOWN_CHARACTERS]
        faults.append(Rejected(line.number, "", shown, "line.cells", str(header.width)))
    return faults


def _label(header: Header, place: int | None) -> str:
    return header.labels[place] if place is not None and place < len(header.labels) else ""


def _fits(header: Header, line: Line) -> bool:
    return len(line.cells) >= header.width and not any(line.cells[len(header.labels) :])


def parse_rows(
    table: Table,
    layout: Layout,
    parse: Callable[[Cells], Row | None],
    *,
    has_footer: bool = False,
) -> Iterator[Parsed[Row] | Rejected]:
    """Read a table through a layout; the header is checked before this returns.

    ``parse`` notes its faults on the cells and returns None when there are any. With
    ``has_footer`` a last line with one filled cell and too few cells in all is left out.
    Raises as ``find_header`` does.
    """
    lines = table.lines()
    header = find_header(table, lines, layout)
    return _parse_rows(table, header, lines, parse, has_footer=has_footer)


def _parse_rows(
    table: Table,
    header: Header,
    lines: Iterator[Line],
    parse: Callable[[Cells], Row | None],
    *,
    has_footer: bool,
) -> Iterator[Parsed[Row] | Rejected]:
    held: list[Rejected] = []
    for line in lines:
        yield from held
        held = []
        faults = line_faults(header, line, fixed_width=table.has_fixed_width)
        if faults:
            if has_footer and faults[0].reason == "line.cells" and _is_footer(line):
                held = faults
            else:
                yield from faults
            continue
        cells = Cells(header, line)
        row = parse(cells)
        if cells.faults or row is None:
            yield from cells.faults
        else:
            yield Parsed(line.number, row)


def _is_footer(line: Line) -> bool:
    # More than one filled cell is a pupil whose line was cut, and must not vanish without a word.
    return sum(1 for cell in line.cells if cell) == 1
