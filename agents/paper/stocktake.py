"""The signed-off report of a stocktake: figures first, then a table of every difference.

Draws what it is given: sentences, places and names come in as words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from agents.paper.document import BOLD, REGULAR, Document, cap_mm, one_line
from fleet.labels import PAGE_HEIGHT_MM, PAGE_WIDTH_MM

_MARGIN = 18.0
_WIDTH = PAGE_WIDTH_MM - 2 * _MARGIN
_BOTTOM = PAGE_HEIGHT_MM - 20.0
_FOOT_TOP = PAGE_HEIGHT_MM - 13.0
_ROW_MM = 5.6
_ROW_PT = 8.5
_SMALL_PT = 8.0
_HAIRLINE_MM = 0.15
_GREY = 150
_FIGURE_MM = 17.0
_SIGNATURE_MM = 28.0
_GAP = 4.0


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table: its title, the heads of its columns with their shares of the width, its rows."""

    title: str
    columns: tuple[tuple[str, float], ...]
    """Head and share; the shares of a table add up to 1."""
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """Everything that the paper says, in the user's language."""

    title: str
    subtitle: str
    """School, room or cart."""
    facts: tuple[str, ...]
    """When it was opened and closed, by whom: a line each."""
    figures: tuple[tuple[str, str], ...]
    """Number and word, at most seven."""
    tables: tuple[ReportTable, ...]
    nothing: str
    """What stands instead of the tables when there is no difference."""
    signatures: tuple[str, str]
    """Who signs left and right."""
    page: str
    """``Page {page} / {pages}``."""


def write_stocktake_report(path: Path, paper: ReportPaper, *, created: datetime) -> int:
    """Write the report; how many pages it has. Raises ``StorageError('file.write')``."""
    document = Document(title=one_line(paper.title), created=created)
    sheet = _Sheet(paper, document)
    sheet.heading()
    sheet.figures()
    tables = [table for table in paper.tables if table.rows]
    for table in tables:
        sheet.table(table)
    if not tables:
        sheet.line(paper.nothing, 10.0, style=REGULAR)
    sheet.signatures()
    sheet.draw()
    document.save(path)
    return document.pages


class _Sheet:
    """The layout of a document: strokes by page, and how far down the last page is written.

    Nothing is drawn before all of it is laid out, since every page says how many there are.
    """

    def __init__(self, paper: ReportPaper, document: Document) -> None:
        self._document = document
        self._paper = paper
        self._top = 0.0
        self._pages: list[list[Callable[[], None]]] = []
        self._new_page()

    def draw(self) -> None:
        """Draw every page with its foot."""
        for number, strokes in enumerate(self._pages, 1):
            self._document.add_page()
            for stroke in strokes:
                stroke()
            self._draw_foot(number)

    def heading(self) -> None:
        """Title, place and dates."""
        self.line(self._paper.title, 17.0, style=BOLD, after=3.0)
        self.line(self._paper.subtitle, 12.0, style=BOLD, after=3.0)
        for fact in self._paper.facts:
            self.line(fact, 9.0, style=REGULAR, after=1.6)
        self._top += _GAP

    def figures(self) -> None:
        """The figures side by side, each number over its word."""
        given = self._paper.figures
        width = _WIDTH / max(1, len(given))
        for index, (number, word) in enumerate(given):
            left = _MARGIN + index * width
            self._stroke(
                self._document.outline, left, self._top, width, _FIGURE_MM, line=0.2, grey=_GREY
            )
            self._centred(number, left, self._top + 3.2, width, 15.0, BOLD)
            self._centred(word, left, self._top + 11.8, width, _SMALL_PT, REGULAR)
        self._top += _FIGURE_MM + 2 * _GAP

    def table(self, table: ReportTable) -> None:
        """A table over as many pages as it takes; each page repeats the heads."""
        self._need(4 * _ROW_MM)
        self.line(table.title, 11.0, style=BOLD, after=2.5)
        heads = tuple(head for head, _share in table.columns)
        self._row(table, heads, BOLD)
        for row in table.rows:
            if self._top + _ROW_MM > _BOTTOM:
                self._new_page()
                self._row(table, heads, BOLD)
            self._row(table, row, REGULAR)
        self._top += 2 * _GAP

    def signatures(self) -> None:
        """Two boxes to sign in, never torn over two pages."""
        self._need(_SIGNATURE_MM)
        width = (_WIDTH - 10.0) / 2
        for index, words in enumerate(self._paper.signatures):
            left = _MARGIN + index * (width + 10.0)
            self._stroke(
                self._document.outline, left, self._top, width, _SIGNATURE_MM, line=0.2, grey=_GREY
            )
            lines = self._document.wrapped(
                one_line(words), width - 6.0, 9.0, style=REGULAR, lines=3
            )
            top = self._top + 3.0
            for each in lines:
                self._stroke(self._document.write, each, left + 3.0, top, 9.0, style=REGULAR)
                top += cap_mm(9.0) + 2.0
        self._top += _SIGNATURE_MM

    def line(self, text: str, size_pt: float, *, style: str, after: float = 2.0) -> None:
        """One line, made smaller where it is too long."""
        said = one_line(text)
        size = self._document.fitting_size(said, _WIDTH, style=style, largest_pt=size_pt)
        self._stroke(self._document.write, said, _MARGIN, self._top, size, style=style)
        self._top += cap_mm(size_pt) + after

    def _row(self, table: ReportTable, cells: Sequence[str], style: str) -> None:
        left = _MARGIN
        for cell, (_head, share) in zip(cells, table.columns, strict=True):
            width = share * _WIDTH
            shown = self._document.shortened(one_line(cell), width - 2.0, _ROW_PT, style=style)
            self._stroke(self._document.write, shown, left, self._top + 1.4, _ROW_PT, style=style)
            left += width
        self._top += _ROW_MM
        self._stroke(self._document.fill, _MARGIN, self._top, _WIDTH, _HAIRLINE_MM, grey=_GREY)

    def _centred(
        self, text: str, left: float, top: float, width: float, size_pt: float, style: str
    ) -> None:
        said = one_line(text)
        size = self._document.fitting_size(said, width - 2.0, style=style, largest_pt=size_pt)
        indent = (width - self._document.width(said, size, style=style)) / 2
        self._stroke(self._document.write, said, left + indent, top, size, style=style)

    def _need(self, height: float) -> None:
        if self._top + height > _BOTTOM:
            self._new_page()

    def _new_page(self) -> None:
        self._pages.append([])
        self._top = _MARGIN

    def _stroke(self, draw: Callable[..., None], *args: object, **options: object) -> None:
        self._pages[-1].append(partial(draw, *args, **options))

    def _draw_foot(self, number: int) -> None:
        document = self._document
        foot = self._paper.page.format(page=number, pages=len(self._pages))
        width = document.width(foot, _SMALL_PT, style=REGULAR)
        right = PAGE_WIDTH_MM - _MARGIN - width
        document.write(foot, right, _FOOT_TOP, _SMALL_PT, style=REGULAR)
        place = document.shortened(
            one_line(self._paper.subtitle), _WIDTH - width - _GAP, _SMALL_PT, style=REGULAR
        )
        document.write(place, _MARGIN, _FOOT_TOP, _SMALL_PT, style=REGULAR)
