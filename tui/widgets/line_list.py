"""A short list of lines with a mark that the arrow keys move; it never takes the focus.

For up to some hundred lines that are all at hand; longer lists are ``VirtualTable``'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.widgets.toned import Span, Toned


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line."""

    spans: tuple[Span, ...]
    key: str = ""
    """What the line stands for; empty for a heading or a remark."""

    @classmethod
    def of(cls, text: str, tone: Tone = Tone.PLAIN, key: str = "") -> "ListLine":
        """A line in one tone."""
        return cls((Span(text, tone),), key)


class LineList(Toned):
    """Lines in a frame, the marked one always in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--marked"}

    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        border: round $panel-lighten-2;
        border-title-color: $muted;
        padding: 0 1;
        & > .line-list--marked { background: $primary 25%; text-style: bold; }
    }
    """

    lines: reactive[tuple[ListLine, ...]] = reactive(())
    marked: reactive[int | None] = reactive(None)
    """Index of the marked line."""
    empty_text: reactive[str] = reactive("")
    """What an empty list says to do."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._top = 0

    def show(self, lines: Sequence[ListLine], marked: int | None = None) -> None:
        """Show ``lines`` with one of them marked, or none."""
        self.lines = tuple(lines)
        self.marked = marked if marked is not None and 0 <= marked < len(lines) else None

    def move(self, by: int) -> None:
        """Move the mark, over headings; from no mark, to the first or last line."""
        places = [index for index, line in enumerate(self.lines) if line.key]
        if not places:
            return
        if self.marked is None or self.marked not in places:
            self.marked = places[0] if by > 0 else places[-1]
            return
        target = places.index(self.marked) + by
        self.marked = places[max(0, min(target, len(places) - 1))]

    @property
    def marked_key(self) -> str:
        """Key of the marked line; empty when there is none."""
        if self.marked is None or self.marked >= len(self.lines):
            return ""
        return self.lines[self.marked].key

    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        if not self.lines:
            text = self.empty_text if y == 0 else ""
            spans = [Span(text, Tone.MUTED)]
            return Strip(self.segments(spans, width, self.rich_style), width)
        self._scroll(height)
        hidden = len(self.lines) - self._top - height
        if y == height - 1 and hidden > 0:
            more = Span("  " + _("… {count} autres").format(count=hidden + 1), Tone.MUTED)
            return Strip(self.segments([more], width, self.rich_style), width)
        index = self._top + y
        if index >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        return Strip(self._line(index, width), width)

    def _line(self, index: int, width: int) -> list[Segment]:
        line = self.lines[index]
        if index != self.marked:
            indent = "  " if any(each.key for each in self.lines) else ""
            return self.segments((Span(indent), *line.spans), width, self.rich_style)
        style = self.rich_style + self.get_component_rich_style("line-list--marked")
        return self.segments((Span(f"{Glyph.MARK} "), *line.spans), width, style)

    def _scroll(self, height: int) -> None:
        marked = self.marked or 0
        # The last row may hold the count of what follows, so the mark stays above it.
        self._top = max(min(self._top, marked), marked - max(height - 2, 0), 0)
        self._top = min(self._top, max(0, len(self.lines) - height))
