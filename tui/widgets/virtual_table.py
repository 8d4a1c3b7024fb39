"""A table of any length: only the rows in sight exist, read page by page in a thread.

No cell is ever measured, so a million rows open as fast as ten. It takes no focus: the screen
moves its mark.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events, on, work
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fleet.errors import FleetError
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.widgets.toned import Span, Toned, fit

PAGES_KEPT = 64
MARK_WIDTH = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of fixed width; the one of width 0 takes what is left."""

    title: str
    width: int
    from_width: int = 0
    """Shown only in a table at least this wide."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the key of what it stands for, and a span for each column."""

    key: str
    cells: tuple[Span, ...]


class RowSource(Protocol):
    """Where rows come from; both calls may block and run in a thread."""

    @property
    def page_size(self) -> int: ...

    def count(self) -> int:
        """How many rows there are."""

    def page(self, index: int) -> Sequence[Row]:
        """The rows from ``index * page_size`` on, ``page_size`` of them but at the end."""


class VirtualTable(Toned, ScrollView, can_focus=False):
    """Rows of a ``RowSource`` under a line of titles."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"virtual-table--title", "virtual-table--marked"}

    DEFAULT_CSS = """
    VirtualTable {
        height: 1fr;
        scrollbar-size-vertical: 1;
        width: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        & > .virtual-table--title { color: $muted; text-style: underline; }
        & > .virtual-table--marked { background: $primary 25%; text-style: bold; }
    }
    """

    @dataclass
    class Loaded(Message):
        """A source was counted and its first page is there."""

        table: "VirtualTable"
        count: int

    @dataclass
    class Failed(Message):
        """A page could not be read."""

        error: FleetError

    @dataclass
    class Opened(Message):
        """A row was clicked when it was marked already."""

        key: str

    @dataclass
    class _Read(Message, bubble=False):
        generation: int
        index: int
        rows: tuple[Row, ...]
        count: int | None

    @dataclass
    class _Unread(Message, bubble=False):
        generation: int
        error: FleetError

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.source: RowSource | None = None
        self.count: int | None = None
        """None until the source has been counted."""
        self.marked = 0
        self.empty_text = ""
        self.chosen: Collection[str] = ()
        """Keys of the rows that bear a tick; whoever changes it calls ``refresh``."""
        self._pages: LRUCache[int, tuple[Row, ...]] = LRUCache(PAGES_KEPT)
        self._generation = 0
        self._reading = False
        self._broken = False
        self._stale = False
        """The rows are those of an earlier source."""

    def show(self, source: RowSource) -> None:
        """Show another source from its first row on; the old rows stay until it answers."""
        self.source = source
        self._generation += 1
        self._broken = False
        self._stale = True
        self._read_next()

    def move(self, by: int) -> None:
        """Move the mark by some rows."""
        self.mark(self.marked + by)

    def mark(self, index: int) -> None:
        """Put the mark on a row and bring it into sight."""
        self.marked = max(0, min(index, (self.count or 1) - 1))
        top, height = self.scroll_offset.y, self._rows_in_sight
        if self.marked < top:
            self.scroll_to(y=self.marked, animate=False, immediate=True)
        elif self.marked >= top + height:
            self.scroll_to(y=self.marked - height + 1, animate=False, immediate=True)
        self.refresh()
        self._read_next()

    @property
    def marked_key(self) -> str:
        """Key of the marked row; empty while it is not there."""
        row = self._row(self.marked)
        return row.key if row else ""

    @property
    def page_rows(self) -> int:
        """How far a page key moves."""
        return max(1, self._rows_in_sight - 1)

    @property
    def _rows_in_sight(self) -> int:
        return max(1, self.size.height - 1)

    def _row(self, index: int) -> Row | None:
        if self.source is None or not 0 <= index < (self.count or 0):
            return None
        page, place = divmod(index, self.source.page_size)
        rows = self._pages.get(page)
        return rows[place] if rows is not None and place < len(rows) else None

    def _read_next(self) -> None:
        """Read one page that is wanted now, unless a reading is under way."""
        if self._reading or self.source is None or self._broken:
            return
        index = 0 if self._stale else self._missing_page()
        if index is not None:
            self._reading = True
            self._read(self.source, self._generation, index, self._stale)

    def _missing_page(self) -> int | None:
        assert self.source is not None
        size = self.source.page_size
        first = self.scroll_offset.y
        last = min(first + self._rows_in_sight, self.count or 0) - 1
        wanted = range(first // size, last // size + 1)
        return next((page for page in wanted if page not in self._pages), None)

    @work(thread=True, group="rows", exit_on_error=False)
    def _read(self, source: RowSource, generation: int, index: int, counted: bool) -> None:
        try:
            count = source.count() if counted else None
            rows = tuple(source.page(index)) if count is None or count else ()
        except FleetError as error:
            self.post_message(self._Unread(generation, error))
        else:
            self.post_message(self._Read(generation, index, rows, count))

    @on(_Read)
    def _show_page(self, message: _Read) -> None:
        self._reading = False
        if message.generation == self._generation:
            if message.count is not None:
                self._start(message.count)
            self._pages[message.index] = message.rows
            self.refresh()
        self._read_next()

    @on(_Unread)
    def _report(self, message: _Unread) -> None:
        self._reading = False
        if message.generation == self._generation:
            self._broken = True  # asking again at each repaint would repeat the same trouble
            self.post_message(self.Failed(message.error))
        else:
            self._read_next()

    def _start(self, count: int) -> None:
        self._pages.clear()
        self._stale = False
        self.count = count
        self.virtual_size = Size(0, count + 1)
        self.marked = 0
        self.scroll_to(y=0, animate=False, immediate=True)
        self.post_message(self.Loaded(self, count))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._read_next()

    @on(events.Resize)
    def _resized(self) -> None:
        self.mark(self.marked)

    def on_click(self, event: events.Click) -> None:
        """Mark the row; open it when it was marked already."""
        if event.y == 0 or not self.count:
            return
        index = self.scroll_offset.y + event.y - 1
        if index == self.marked and self.marked_key:
            self.post_message(self.Opened(self.marked_key))
        elif index < self.count:
            self.mark(index)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        base = self.rich_style
        if y == 0:
            style = base + self.get_component_rich_style("virtual-table--title")
            titles = tuple(Span(column.title) for column in self.columns)
            return Strip(self._cells(titles, width, " " * MARK_WIDTH, style), width)
        if self.count == 0 and y == 1:
            empty = [Span(" " * MARK_WIDTH + self.empty_text, Tone.MUTED)]
            return Strip(self.segments(empty, width, base), width)
        index = self.scroll_offset.y + y - 1
        if index >= (self.count or 0):
            return Strip.blank(width, base)
        row = self._row(index)
        if row is None:
            waiting = [Span(" " * MARK_WIDTH + _("lecture…"), Tone.MUTED)]
            return Strip(self.segments(waiting, width, base), width)
        tick = Glyph.DONE if row.key in self.chosen else " "
        if index == self.marked:
            style = base + self.get_component_rich_style("virtual-table--marked")
            return Strip(self._cells(row.cells, width, f"{Glyph.MARK}{tick}", style), width)
        return Strip(self._cells(row.cells, width, f" {tick}", base), width)

    def _cells(self, cells: Sequence[Span], width: int, mark: str, base: Style) -> list[Segment]:
        shown = [
            (column, cell)
            for column, cell in zip(self.columns, cells, strict=True)
            if width >= column.from_width
        ]
        taken = MARK_WIDTH + sum(column.width for column, _cell in shown) + len(shown)
        spans = [Span(mark)]
        for column, cell in shown:
            size = column.width or max(1, width - taken)
            spans.append(Span(fit(cell.text, size) + " ", cell.tone))
        return self.segments(spans, width, base)
