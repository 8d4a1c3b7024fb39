"""One slot of the bench, as the case shows it: number, tag, state, and a bar while it works."""

from textual.reactive import reactive
from textual.strip import Strip

from tui import device_words
from tui import format as shown
from tui.bench import SlotView
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.sentences import sentence
from tui.widgets.toned import Span, Toned

BAR_WIDTH = 10


class SlotCell(Toned):
    """A frame with the slot's number and tag, and two lines or more."""

    DEFAULT_CSS = """
    SlotCell {
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

    view: reactive[SlotView | None] = reactive(None)
    chosen: reactive[bool] = reactive(False)

    def watch_view(self, view: SlotView | None) -> None:
        """Draw frame and title anew."""
        if view is None:
            return
        look = device_words.slot_look(view)
        for tone in Tone:
            self.set_class(tone is look.tone, f"-{tone}")
        self._title(view)

    def watch_chosen(self) -> None:
        """The title carries the mark of what was chosen."""
        if self.view is not None:
            self._title(self.view)

    def _title(self, view: SlotView) -> None:
        look = device_words.slot_look(view)
        tag = view.tag or (view.expected if view.phase.value == "empty" else None)
        named = shown.tag(tag) if tag else ""
        chosen = f"{Glyph.DONE} " if self.chosen else ""
        self.border_title = f"{chosen}{view.slot} {look.glyph} {named}".rstrip()

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = self._lines(self.view) if self.view else []
        spans = lines[y] if y < len(lines) else []
        return Strip(self.segments(spans, width, self.rich_style), width)

    def _lines(self, view: SlotView) -> list[list[Span]]:
        look = device_words.slot_look(view)
        state = [Span(look.word, look.tone)]
        match view.phase.value:
            case "empty":
                return [state, [Span(_("attendue ici"), Tone.MUTED)] if view.expected else []]
            case "prompt":
                return [state, [Span(_("sur son écran"), Tone.WARN)]]
            case "applying":
                return [_progress_words(view), [Span(_bar(view), Tone.BUSY)], _identity(view)]
            case "failed" if view.error is not None:
                return [state, [Span(sentence(view.error).remedy, Tone.MUTED)], _identity(view)]
            case "read":
                return self._read(view, state)
            case _:
                return [state, _identity(view)]

    def _read(self, view: SlotView, state: list[Span]) -> list[list[Span]]:
        if view.tag is None:
            return [state, [Span(_("F6 : inscrire"), Tone.MUTED)], _identity(view)]
        if view.borrower_name:
            state = [*state, Span(f" {Glyph.LENT} {view.borrower_name}", Tone.BUSY)]
        failing = [
            [Span(f"{Glyph.WARN} {device_words.policy(each)}", Tone.WARN)] for each in view.failing
        ]
        return [state, _health(view), _identity(view), *failing]


def _progress_words(view: SlotView) -> list[Span]:
    step = device_words.STEPS.get(view.step or "", view.step or "")
    return [Span(f"{step} {min(view.done + 1, view.total)}/{view.total}", Tone.BUSY)]


def _bar(view: SlotView) -> str:
    full = round(BAR_WIDTH * view.done / view.total) if view.total else 0
    return "▓" * full + "░" * (BAR_WIDTH - full)


def _health(view: SlotView) -> list[Span]:
    battery = f"{view.battery} %" if view.battery is not None else ""
    android = f"Android {view.os_version}" if view.os_version else ""
    return [Span("  ".join(filter(None, (battery, android))), Tone.MUTED)]


def _identity(view: SlotView) -> list[Span]:
    return [Span(view.model or view.serial or "", Tone.MUTED)]
