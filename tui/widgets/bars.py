"""The three bars of every screen: where one is, what is being typed, and which keys matter."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from tui.commands import Command
from tui.glyphs import Tone
from tui.i18n import _
from tui.widgets.toned import Span, Toned, fit


class PlaceBar(Toned):
    """Place, subject, author and the state of the exchange; or that the window sleeps."""

    DEFAULT_CSS = """
    PlaceBar {
        dock: top;
        height: 1;
        background: $panel;
        color: $foreground;
        &.-asleep { background: $error; color: $background; text-style: bold; }
    }
    """

    place: reactive[str] = reactive("")
    subject: reactive[str] = reactive("")
    who: reactive[str] = reactive("")

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._wake)

    def _wake(self, awake: bool) -> None:
        self.set_class(not awake, "-asleep")

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        if self.has_class("-asleep"):
            text = _("FENÊTRE INACTIVE : le lecteur écrit ailleurs")
            return Strip([Segment(text.center(width)[:width], self.rich_style)], width)
        left = f" {self.place}"
        right = f"{self.who} "
        middle = fit(self.subject, min(cell_len(self.subject), max(0, width - 4 - len(left))))
        room = width - cell_len(left) - cell_len(middle) - cell_len(right)
        if room < 2:
            right, room = "", max(1, width - cell_len(left) - cell_len(middle))
        before = max(1, min((width - cell_len(middle)) // 2 - cell_len(left), room - 1))
        spans = [
            Span(left, Tone.STRONG),
            Span(" " * before),
            Span(middle),
            Span(" " * (room - before)),
            Span(right, Tone.MUTED),
        ]
        return Strip(self.segments(spans, width, self.rich_style), width)


class ScanLine(Toned):
    """What is being typed or scanned; it shows the line, the gate gathers it."""

    DEFAULT_CSS = """
    ScanLine { height: 1; background: $surface; }
    """

    typed: reactive[str] = reactive("")
    prompt: reactive[str] = reactive("")

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        cursor = Span("▌", Tone.STRONG)
        if y:
            return Strip.blank(width, self.rich_style)
        if self.typed:
            shown = self.typed[-max(1, width - 4) :]
            spans = [Span(" "), Span(shown, Tone.STRONG), cursor]
        else:
            spans = [Span(" "), cursor, Span(f" {self.prompt}", Tone.MUTED)]
        return Strip(self.segments(spans, width, self.rich_style), width)


class KeyBar(Toned):
    """The keys that matter here, each with its Ctrl twin; it takes a second row when it must."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: auto; background: $panel; }
    """

    commands: reactive[tuple[Command, ...]] = reactive((), layout=True)
    greyed: reactive[frozenset[str]] = reactive(frozenset())
    """Ids of the commands that do nothing now."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._rows(width or min(container.width, viewport.width))))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self._rows(width)
        spans: list[Span] = []
        for command in rows[y] if y < len(rows) else ():
            key, twin = command.keys_shown
            is_greyed = command.id in self.greyed
            spans.append(Span(f" {key}", Tone.MUTED if is_greyed else Tone.STRONG))
            spans.append(Span(f" {twin}" if twin else "", Tone.MUTED))
            spans.append(Span(f" {command.label} ", Tone.MUTED if is_greyed else Tone.PLAIN))
        return Strip(self.segments(spans, width, self.rich_style), width)

    def _rows(self, width: int) -> list[Sequence[Command]]:
        rows: list[list[Command]] = [[]]
        used = 0
        for command in self.commands:
            size = cell_len("".join(command.keys_shown)) + cell_len(command.label) + 3
            size += bool(command.keys_shown[1])
            if used and used + size > width:
                rows.append([])
                used = 0
            rows[-1].append(command)
            used += size
        return list(rows)
