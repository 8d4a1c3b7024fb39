"""One line of figures between the parts of a screen: something on the left, something right."""

from rich.cells import cell_len
from textual.reactive import reactive
from textual.strip import Strip

from tui.glyphs import Tone
from tui.widgets.toned import Span, Toned, fit


class StatusLine(Toned):
    """Left text, right text."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; }
    """

    texts: reactive[tuple[str, str]] = reactive(("", ""))

    def show(self, left: str, right: str = "") -> None:
        """Replace both texts."""
        self.texts = (left, right)

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        left, right = self.texts if y == 0 else ("", "")
        room = max(0, width - cell_len(right) - (2 if right else 0))
        spans = [Span(fit(left, room), Tone.STRONG), Span("  " if right else ""), Span(right)]
        return Strip(self.segments(spans, width, self.rich_style), width)
