"""CSV in the forms that the field's programs write, read line by line in flat memory.

A line that was cut, or whose quotes do not close, is a fault of that line; it never swallows the
good lines after it, which is why the standard library's reader is not used.
"""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from agents.files.cells import clean
from agents.files.encodings import LONGEST_LINE_BYTES, TextEncoding
from agents.files.faults import not_a_table, reading
from fleet.imports.rows import Damage, Line

SEPARATORS = ";\t,"
"""In the order of preference between two that occur as often."""
HEADER_DEPTH = 20
LONGEST_CELL_LINES = 20
"""Lines that a quoted cell may run over."""

_EXCEL_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_OPEN_QUOTE = re.compile(r'"(?:[^"]|"")*')


class TextTable:
    """A CSV file; implements ``fleet.imports.rows.Table``."""

    has_fixed_width = True

    def __init__(self, path: Path, encoding: TextEncoding) -> None:
        self._path = path
        self._encoding = encoding
        self._reading: TextIO | None = None

    @property
    def name(self) -> str:
        return self._path.name

    def lines(self) -> Iterator[Line]:
        with reading(self._path):
            separator = self._find_separator()
            with self._open() as file:
                self._reading = file
                yield from self._read(file, separator)

    def part_read(self) -> float | None:
        file = self._reading
        if file is None:
            return None
        if file.closed:
            return 1.0
        # What the decoder has taken in; the text's own position is costly and off while iterating.
        size = os.fstat(file.fileno()).st_size
        return min(1.0, file.buffer.tell() / size) if size else 1.0

    def _open(self) -> TextIO:
        file = self._path.open(
            encoding=self._encoding.codec, errors=self._encoding.errors, newline=""
        )
        file.seek(len(self._encoding.bom))
        return file

    def _find_separator(self) -> str:
        """The separator of the first line that has two of one kind, else of the first with one."""
        nearest = ";"
        with self._open() as file:
            for number, text in islice(self._physical(file), HEADER_DEPTH):
                if number == 1 and (said := _EXCEL_SEPARATOR.fullmatch(text.strip())):
                    return said.group(1)
                bare = _QUOTED.sub("", text)
                best = max(SEPARATORS, key=bare.count)
                if bare.count(best) > 1:
                    return best
                if bare.count(best) and nearest == ";":
                    nearest = best
        return nearest

    def _physical(self, file: TextIO) -> Iterator[tuple[int, str]]:
        number = 0
        while text := file.readline(LONGEST_LINE_BYTES):
            if len(text) >= LONGEST_LINE_BYTES:
                raise not_a_table(self._path, "long_line")
            number += 1
            yield number, text.rstrip("\r\n\x1a")

    def _read(self, file: TextIO, separator: str) -> Iterator[Line]:
        source = self._physical(file)
        waiting: list[tuple[int, str]] = []
        while True:
            number, text = waiting.pop(0) if waiting else next(source, (0, ""))
            if not number:
                return
            if number == 1 and _EXCEL_SEPARATOR.fullmatch(text.strip()):
                continue
            cells, is_open = split_record(text, separator)
            joined = 0
            while is_open and joined < LONGEST_CELL_LINES:
                if joined == len(waiting):
                    following = next(source, None)
                    if following is None:
                        break
                    waiting.append(following)
                joined += 1
                whole = "\n".join([text, *(later for _, later in waiting[:joined])])
                cells, is_open = split_record(whole, separator)
            if cells is None:
                shown = clean(self._shown(text))
                yield Line(number, (), (Damage("line.quote", shown),))
                continue
            del waiting[:joined]
            line = self._line(number, cells)
            if any(line.cells):
                yield line

    def _line(self, number: int, cells: list[str]) -> Line:
        damages = tuple(
            Damage("cell.encoding", clean(self._encoding.show(cell)), place)
            for place, cell in enumerate(cells)
            if not cell.isascii() and self._encoding.is_damaged(cell)
        )
        return Line(number, tuple(clean(self._shown(cell)) for cell in cells), damages)

    def _shown(self, text: str) -> str:
        """Text without lone surrogates, which nothing downstream could write."""
        if text.isascii() or not self._encoding.is_damaged(text):
            return text
        return self._encoding.show(text)


def split_record(text: str, separator: str) -> tuple[list[str] | None, bool]:
    """The cells of one record (RFC 4180), and whether a quote is still open at its end.

    None in place of cells when the record cannot be split: a quote is open, or something other than
    a separator follows a closing one. Quotes inside an unquoted cell are text (``Tablette 10"``).
    """
    if '"' not in text:
        return text.split(separator), False
    cells: list[str] = []
    place = 0
    while True:
        if text.startswith('"', place):
            found = _QUOTED.match(text, place)
            if found is None:
                still_open = _OPEN_QUOTE.fullmatch(text, place) is not None
                return None, still_open
            cells.append(found.group(1).replace('""', '"'))
            end = found.end()
            if end < len(text) and text[end] != separator:
                return None, False
        else:
            end = text.find(separator, place)
            if end < 0:
                end = len(text)
            cells.append(text[place:end])
        if end >= len(text):
            return cells, False
        place = end + 1
