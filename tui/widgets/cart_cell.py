"""One slot of a cart, as its slot view shows it: number, tag, state, who has it."""

from textual.reactive import reactive
from textual.strip import Strip

from fleet.views import SlotRow
from tui import carts_words
from tui import format as shown
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.widgets.toned import Span, Toned


class CartCell(Toned):
    """A frame with the slot's number and tag, and two lines."""

    DEFAULT_CSS = """
    CartCell {
        height: 1fr;
        min-height: 4;
        border: round $panel-lighten-2;
        padding: 0 1;
        &.-ok { border: round $success-darken-2; border-title-color: $text-success; }
        &.-busy { border: round $primary; border-title-color: $text-primary; }
        &.-warn { border: round $warning; border-title-color: $text-warning; }
        &.-bad { border: round $error; border-title-color: $text-error; }
        &.-marked { border: heavy $foreground; background: $primary 20%; }
    }
    """

    view: reactive[SlotRow | None] = reactive(None)
    left_out: reactive[bool] = reactive(False)
    """It stays when the cart goes, or did not come back with it."""
    swapped: reactive[bool] = reactive(False)
    """The first of two that change places."""

    def watch_view(self, view: SlotRow | None) -> None:
        """Draw frame and title anew."""
        if view is None:
            return
        look = carts_words.SLOTS[view.state]
        for tone in Tone:
            self.set_class(tone is look.tone, f"-{tone}")
        self._title()

    def watch_left_out(self) -> None:
        """The title carries the mark."""
        self._title()

    def watch_swapped(self) -> None:
        """The title carries the mark."""
        self._title()

    def _title(self) -> None:
        view = self.view
        if view is None:
            return
        tag = shown.tag(view.asset.tag) if view.asset else ""
        marks = f"{Glyph.SYNC} " if self.swapped else f"{Glyph.BAD} " if self.left_out else ""
        glyph = carts_words.SLOTS[view.state].glyph
        self.border_title = f"{marks}{view.slot} {glyph} {tag}".rstrip()

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = self._lines(self.view) if self.view else []
        spans = lines[y] if y < len(lines) else []
        return Strip(self.segments(spans, width, self.rich_style), width)

    def _lines(self, view: SlotRow) -> list[list[Span]]:
        look = carts_words.SLOTS[view.state]
        word = _("reste") if self.left_out else look.word
        second = ""
        if view.asset is not None:
            second = view.asset.borrower_name or view.asset.model or ""
            if view.state.value == "misplaced":
                second = view.asset.school_name or view.asset.school or ""
        return [[Span(word, look.tone)], [Span(second, Tone.MUTED)]]
