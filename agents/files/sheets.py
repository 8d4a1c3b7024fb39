"""The first filled sheet of an XLSX workbook, row by row, with stored values only.

Formulas are never evaluated: the result that the spreadsheet program stored is read. An archive
that would unpack to more than a delivery can be is refused before anything is unpacked.
"""

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from errno import EINVAL
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar
from xml.etree.ElementTree import ParseError

from agents.files.cells import clean
from agents.files.faults import not_a_table, reading
from fleet.imports.rows import Damage, Line

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MOST_MEMBERS = 2_000
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_SHARED_BYTES = 64 * 1024 * 1024
"""The table of shared texts is the one part that is held in memory."""
MOST_ROWS = 1_048_576
EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number (IEEE 754): the rest of a serial is lost."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)

Result = TypeVar("Result")


class StoredCell(Protocol):
    """What is read of openpyxl's several classes of cells."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def check_archive(path: Path) -> None:
    """Refuse an archive that is no workbook or not a safe one.

    Raises ``InvalidInput``: ``file.not_a_table`` with ``archive``, ``too_big`` or ``damaged``.
    """
    with reading(path), path.open("rb") as file:
        members = _guarded(path, lambda: zipfile.ZipFile(file).infolist())
    names = {member.filename for member in members}
    is_ambiguous = len(names) < len(members) or any(_leaves_archive(name) for name in names)
    if "xl/workbook.xml" not in names or is_ambiguous:
        raise not_a_table(path, "archive")
    # zipfile stops a member at its declared size, so a lie about it cannot unpack more.
    shared = sum(each.file_size for each in members if each.filename.endswith("sharedStrings.xml"))
    if (
        len(members) > MOST_MEMBERS
        or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES
        or shared > MOST_SHARED_BYTES
    ):
        raise not_a_table(path, "too_big")


def _leaves_archive(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


class SheetTable:
    """A workbook's first visible sheet that is not empty; implements ``Table``."""

    has_fixed_width = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading: BinaryIO | None = None
        self._sheet = (0, 0)
        """Where the archive holds its largest sheet: the first byte, and how many."""

    @property
    def name(self) -> str:
        return self._path.name

    def lines(self) -> Iterator[Line]:
        with reading(self._path), self._path.open("rb") as file:
            self._sheet = _guarded(self._path, lambda: _largest_sheet(file))
            workbook = _guarded(self._path, lambda: _open_workbook(file))
            self._reading = file
            try:
                lines = _lines(workbook)
                while (line := _guarded(self._path, lambda: next(lines, None))) is not None:
                    yield line
            finally:
                workbook.close()

    def part_read(self) -> float | None:
        start, size = self._sheet
        if self._reading is None or not size:
            return None
        if self._reading.closed:
            return 1.0
        return max(0.0, min(1.0, (self._reading.tell() - start) / size))


def _guarded(path: Path, step: Callable[[], Result]) -> Result:
    """Run one step of a library that lets whatever a broken member causes come through."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and validations that it will not write back; we only read.
            warnings.simplefilter("ignore")
            return step()
    except _BROKEN as error:
        raise not_a_table(path, "damaged") from error
    except OSError as error:
        # A wrong offset inside the archive seeks before its start; the disk itself is well.
        if error.errno not in (None, EINVAL):
            raise
        raise not_a_table(path, "damaged") from error


def _largest_sheet(file: BinaryIO) -> tuple[int, int]:
    members = [
        member
        for member in zipfile.ZipFile(file).infolist()
        if member.filename.startswith("xl/worksheets/")
    ]
    largest = max(members, key=lambda member: member.compress_size, default=None)
    return (0, 0) if largest is None else (largest.header_offset, largest.compress_size)


def _open_workbook(file: BinaryIO) -> "Workbook":
    from openpyxl import load_workbook

    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _lines(workbook: "Workbook") -> Iterator[Line]:
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # The declared dimension of a sheet is often wrong; the cells themselves are counted.
        sheet.reset_dimensions()
        lines = _sheet_lines(islice(sheet.iter_rows(), MOST_ROWS))
        first = next(lines, None)
        if first is not None:
            yield first
            yield from lines
            return


def _sheet_lines(rows: Iterable[Sequence[StoredCell]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        damages = tuple(
            Damage(reason, str(cell.value), place)
            for place, cell in enumerate(row)
            if (reason := _damage(cell))
        )
        cells = tuple(_text(cell.value) for cell in row)
        if any(cells):
            yield Line(number, cells, damages)


def _damage(cell: StoredCell) -> str:
    if cell.data_type == "e":
        return "cell.error"
    value = cell.value
    if isinstance(value, int | float) and abs(value) >= 10**EXACT_DIGITS:
        return "cell.rounded"
    return ""


def _text(value: object) -> str:
    """A stored value as a CSV file would write it, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time.min
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return clean(str(value))
