"""The application: first paint at once, the database behind it, and every key through the gate.

Keys become lines here, before any widget sees them, and a line goes to the screen on top as text
to look up. Work that blocks runs in threads and comes back as messages.
"""

from asyncio import to_thread
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.reactive import var

from fleet.errors import FleetError
from tui.i18n import _
from tui.messages import LineRead, OfficeOpened, OpeningFailed, SlotChanged
from tui.screens.home import HomeScreen
from tui.sentences import sentence
from tui.theme import SLATE, THEMES, AsciiGlyphs, wants_ascii
from tui.widgets.scan_gate import Gate, Line, ScanGate

if TYPE_CHECKING:
    from tui.bench import SlotView
    from tui.bench_port import BenchLike
    from tui.office import Office

WIDTHS = [(0, "-narrow"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (32, "-tall")]
"""Classes of a screen by its size: 80×24 has everything, wider shows more."""

REFUSAL_GAP_S = 0.18
"""Between the two notes of a refusal: closer, terminals play them as one."""


def _now() -> datetime:
    return datetime.now(UTC)


class ArdoiseApp(App[None]):
    """Ardoise on a terminal."""

    TITLE = "Ardoise"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+n", "mute", _("Son"), show=False, id="app.mute"),
    ]

    typed: var[str] = var("")
    """The line under way."""
    muted: var[bool] = var(False)

    def __init__(
        self,
        open_office: "Callable[[], Office]",
        open_bench: "Callable[[Office], BenchLike] | None" = None,
        *,
        clock: Callable[[], datetime] = _now,
        theme: str = SLATE.name,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.office: Office | None = None
        self.bench: BenchLike | None = None
        self._open_office = open_office
        self._open_bench = open_bench
        self._gate = ScanGate()
        self.dropped = ""
        """What was being typed when a command key put an end to it."""
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        if wants_ascii(encoding=self.console.encoding):
            self._filters.append(AsciiGlyphs())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(SLATE.variables)

    def get_default_screen(self) -> HomeScreen:
        return HomeScreen()

    def on_mount(self) -> None:
        # After the first paint: opening imports the database's libraries.
        self.call_after_refresh(self._open)

    @work(thread=True, group="open", exit_on_error=False)
    def _open(self) -> None:
        try:
            office = self._open_office()
            bench = self._open_bench(office) if self._open_bench else None
        except FleetError as error:
            self.post_message(OpeningFailed(error))
        else:
            self.post_message(OfficeOpened(office, bench))

    @on(OfficeOpened)
    def _office_opened(self, message: OfficeOpened) -> None:
        self.office, self.bench = message.office, message.bench
        if message.bench is not None:
            message.bench.subscribe(self._slot_changed)
        self._home.open(message.office)

    @on(OpeningFailed)
    def _opening_failed(self, message: OpeningFailed) -> None:
        self._home.fail(message.error)

    @property
    def _home(self) -> HomeScreen:
        home = self.screen_stack[0]
        assert isinstance(home, HomeScreen)
        return home

    def _slot_changed(self, view: "SlotView") -> None:
        # Called from the bench's threads; posting is what may be done from there.
        self.post_message(SlotChanged(view))

    @on(SlotChanged)
    def _pass_slot_on(self, message: SlotChanged) -> None:
        for screen in self.screen_stack:
            screen.post_message(SlotChanged(message.view))

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if not self._take(self._gate.key(event.key, event.character)):
                return
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            for line in self._gate.paste(event.text):
                self._take(line)
            self.typed = self._gate.text
            return
        await super().on_event(event)

    def _take(self, outcome: Line | Gate) -> bool:
        """Act on what the gate made of a key; true when the key is for the screen."""
        if not self.app_focus:
            self.app_focus = True  # keys arrive, so the window is not asleep
        if isinstance(outcome, Line):
            self.screen.post_message(LineRead(outcome.text))
        commanded = outcome is Gate.PASSED and not self._gate.text
        self.dropped = self.typed if commanded else ""
        self.typed = self._gate.text
        return outcome is Gate.PASSED

    def clear_line(self) -> None:
        """Forget what is being typed."""
        self._gate.clear()
        self.typed = ""

    def play(self, accepted: bool) -> None:
        """One note for what was accepted, two for a refusal."""
        if self.muted:
            return
        self.bell()
        if not accepted:
            self.set_timer(REFUSAL_GAP_S, self.bell)

    def action_mute(self) -> None:
        """Turn the sounds off or on."""
        self.muted = not self.muted
        self.notify(_("Sons coupés.") if self.muted else _("Sons rétablis."))

    def report(self, error: FleetError) -> None:
        """Show an error's sentence without leaving the screen."""
        words = sentence(error)
        self.notify(words.remedy, title=words.what, severity="error", timeout=8, markup=False)

    def action_help_quit(self) -> None:
        """Say how to leave; Ctrl+C alone is too near to copying."""
        self.notify(_("Ctrl+Q quitte Ardoise."))

    async def on_unmount(self) -> None:
        if self.bench is not None:
            await to_thread(self.bench.close)  # it waits for its own threads
