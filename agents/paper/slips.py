"""Hand-over slips as PDF: who hands over, who receives, what, and a place for two signatures.

Long lists go over as many pages as they need, numbered; the signatures stand under the last line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agents.paper.document import BOLD, REGULAR, Document, cap_mm, one_line
from fleet.labels import PAGE_HEIGHT_MM, PAGE_WIDTH_MM

_LEFT_MM = 18.0
_RIGHT_MM = PAGE_WIDTH_MM - _LEFT_MM
_TOP_MM = 18.0
_BOTTOM_MM = PAGE_HEIGHT_MM - 18.0
_ROW_MM = 7.0
_CELL_PT = 8.5
_GAP_MM = 3.0
_HAIRLINE_MM = 0.2
_SIGNATURE_MM = 42.0
_COLUMNS = (0.06, 0.2, 0.24, 0.3, 0.2)
"""Shares of the width: number, tag, serial, model, place."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One asset that changes hands."""

    tag: str
    """In groups, as the label shows it."""
    serial: str
    model: str
    place: str
    """Name of a cart, or cart and slot."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says, beside its fixed words."""

    number: str
    """Reference of the hand-over: the id of its first operation."""
    day: str
    giver: tuple[str, ...]
    """Name and address, a line each."""
    receiver: tuple[str, ...]
    lines: Sequence[SlipLine]


@dataclass(frozen=True, slots=True)
class SlipWords:
    """The words of a slip, in the user's language."""

    title: str
    giver: str
    receiver: str
    columns: tuple[str, str, str, str, str]
    """Number, tag, serial, model, place."""
    total: str
    """Already counted: ``16 appareils``."""
    signature: str
    """What a signer writes: name, date and signature."""
    page: str
    """With ``{page}`` and ``{pages}``."""


def write_slip(path: Path, slip: Slip, *, words: SlipWords, created: datetime) -> int:
    """Write the slip and return its number of pages; ``StorageError('file.write')`` otherwise."""
    document = Document(title=f"{words.title} {slip.number}", created=created)
    drawn = _Drawing(document, slip, words)
    drawn.draw()
    document.save(path)
    return document.pages


class _Drawing:
    def __init__(self, document: Document, slip: Slip, words: SlipWords) -> None:
        self._document = document
        self._slip = slip
        self._words = words
        self._top = _TOP_MM

    def draw(self) -> None:
        pages = self._paged()
        for number, lines in enumerate(pages, start=1):
            self._document.add_page()
            self._top = _TOP_MM
            self._head(is_first=number == 1)
            if lines:
                self._row(self._words.columns, style=BOLD)
            for position, line in lines:
                cells = (str(position), line.tag, line.serial, line.model, line.place)
                self._row(cells, style=REGULAR)
            if number == len(pages):
                self._foot()
            page = self._words.page.format(page=number, pages=len(pages))
            self._document.write(page, _LEFT_MM, _BOTTOM_MM, 7.5, style=REGULAR)

    def _paged(self) -> list[list[tuple[int, SlipLine]]]:
        """The lines of each page; the last one keeps room for total and signatures."""
        rest = list(enumerate(self._slip.lines, start=1))
        pages: list[list[tuple[int, SlipLine]]] = []
        foot = _SIGNATURE_MM + 3 * _ROW_MM
        while True:
            head = self._head_mm(is_first=not pages) + _ROW_MM
            room = int((_BOTTOM_MM - _TOP_MM - head - _GAP_MM) / _ROW_MM)
            room_above_foot = int((_BOTTOM_MM - _TOP_MM - head - foot - _GAP_MM) / _ROW_MM)
            if len(rest) <= room_above_foot:
                return [*pages, rest]
            pages.append(rest[:room])
            rest = rest[room:]

    def _head_mm(self, *, is_first: bool) -> float:
        if not is_first:
            return 2 * _ROW_MM
        return (max(len(self._slip.giver), len(self._slip.receiver)) + 5) * _ROW_MM

    def _head(self, *, is_first: bool) -> None:
        start = self._top
        slip, words = self._slip, self._words
        width = _RIGHT_MM - _LEFT_MM
        self._text(words.title, _LEFT_MM, width, 16.0 if is_first else 9.0, BOLD)
        self._top += _ROW_MM * (1.6 if is_first else 0.8)
        if is_first:
            self._text(f"{slip.day} · {slip.number}", _LEFT_MM, width, 8.5, REGULAR)
            self._top += _ROW_MM * 1.4
            half = (width - _GAP_MM) / 2
            below = self._top
            for index, (title, lines) in enumerate(
                ((words.giver, slip.giver), (words.receiver, slip.receiver))
            ):
                left = _LEFT_MM + index * (half + _GAP_MM)
                self._top = below
                self._text(title, left, half, 8.5, BOLD)
                for line in lines:
                    self._top += _ROW_MM
                    self._text(line, left, half, 10.0, REGULAR)
        self._top = start + self._head_mm(is_first=is_first)

    def _row(self, cells: Sequence[str], *, style: str) -> None:
        width = _RIGHT_MM - _LEFT_MM
        left = _LEFT_MM
        for cell, share in zip(cells, _COLUMNS, strict=True):
            self._text(cell, left, width * share - 1.5, _CELL_PT, style)
            left += width * share
        self._top += _ROW_MM
        self._document.fill(_LEFT_MM, self._top - 2.2, width, _HAIRLINE_MM, grey=150)

    def _foot(self) -> None:
        self._top += _ROW_MM
        width = (_RIGHT_MM - _LEFT_MM - _GAP_MM) / 2
        self._text(self._words.total, _LEFT_MM, _RIGHT_MM - _LEFT_MM, 10.0, BOLD)
        self._top += _ROW_MM
        for index, title in enumerate((self._words.giver, self._words.receiver)):
            left = _LEFT_MM + index * (width + _GAP_MM)
            self._document.outline(left, self._top, width, _SIGNATURE_MM, line=_HAIRLINE_MM)
            top = self._top
            self._top = top + 3.0
            self._text(title, left + 2.5, width - 5.0, 8.5, BOLD)
            self._top += cap_mm(8.5) + 3.0
            self._text(self._words.signature, left + 2.5, width - 5.0, 7.5, REGULAR)
            self._top = top

    def _text(self, text: str, left: float, width: float, size_pt: float, style: str) -> None:
        shown = self._document.shortened(one_line(text), width, size_pt, style=style)
        self._document.write(shown, left, self._top, size_pt, style=style)
