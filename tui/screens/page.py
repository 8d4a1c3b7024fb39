"""What every screen and dialog shares: the three bars, the line, and what a scan means by default.

A scan goes where the screen wants it, else it opens the asset's card. It never commands: only
function keys, their Ctrl twins, Escape, and Enter straight after an arrow key do.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget

from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from tui.commands import Command, bindings
from tui.i18n import _
from tui.messages import LineRead
from tui.widgets.bars import KeyBar, PlaceBar, ScanLine
from tui.widgets.scan_gate import lookup_candidates, scans_in

if TYPE_CHECKING:
    from tui.app import ArdoiseApp
    from tui.office import Office

BACK = Command("page.back", "escape", "back", _("Retour"), _("Revenir à l’écran précédent."))

STEERING: list[BindingType] = [
    Binding("up", "steer(-1)", show=False),
    Binding("down", "steer(1)", show=False),
    Binding("enter", "choose", show=False),
]


class Page(Screen[ScreenResultType]):
    """A screen under the place bar, above the line and the key bar."""

    PLACE: ClassVar[str] = ""
    PROMPT: ClassVar[str] = _("Scanner une étiquette")
    KEYS: ClassVar[tuple[Command, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = [
        *STEERING,
        Binding("escape", "back", BACK.label, show=False, id=BACK.id),
    ]

    def compose(self) -> ComposeResult:
        yield PlaceBar()
        yield from self.body()
        yield ScanLine()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """The widgets between the bars."""
        return ()

    def on_mount(self) -> None:
        for bar in self.query(PlaceBar):
            bar.place = f"Ardoise › {self.PLACE}" if self.PLACE else "Ardoise"
            bar.who = self.who
        self.query_one(KeyBar).commands = self.KEYS
        self.query_one(ScanLine).prompt = self.PROMPT
        self.start()
        self.watch(self.app, "typed", self._show_typed)

    def start(self) -> None:
        """Begin, once the widgets are there."""

    @property
    def ardoise(self) -> "ArdoiseApp":
        """The application."""
        return cast("ArdoiseApp", self.app)

    @property
    def office(self) -> "Office":
        """The open office; screens that need it are only reached once there is one."""
        office = self.ardoise.office
        assert office is not None
        return office

    @property
    def who(self) -> str:
        """Who works here, for the place bar."""
        office = self.ardoise.office
        return office.author if office else ""

    def _show_typed(self, text: str) -> None:
        if self.is_current:
            self.query_one(ScanLine).typed = text
            self.typed_changed(text)

    @on(events.ScreenResume)
    def _line_again(self) -> None:
        self._show_typed(self.ardoise.typed)

    def typed_changed(self, text: str) -> None:
        """The line under way changed: a search may follow it, nothing else."""

    @on(LineRead)
    def _line_read(self, message: LineRead) -> None:
        self.line_read(message.text)

    def line_read(self, text: str) -> None:
        """Take a whole line: one scan, or several that came without a suffix."""
        for scan in scans_in(text):
            self.scanned(scan)

    def scanned(self, scan: Scan) -> None:
        """Take one scan."""
        self.open_card(scan)

    def open_card(self, scan: Scan) -> None:
        """Open the card of what was scanned."""
        if self.ardoise.office is None:
            self.notify(_("La base n’est pas encore ouverte."))
        elif isinstance(scan, Misread):
            self.notify(
                _("« {text} » : lecture incomplète, scanner de nouveau.").format(text=scan.text),
                severity="warning",
                markup=False,
            )
        elif isinstance(scan, ScannedTag) and scan.code.kind is not CodeKind.ASSET:
            self.notify(_("Ce code n’est pas celui d’un appareil."), severity="warning")
        else:
            self.show_card(lookup_candidates(scan))

    def show_card(self, candidates: tuple[str, ...]) -> None:
        """Open the card of the asset that one of these codes names."""
        from tui.screens.card import CardScreen

        self.app.push_screen(CardScreen(candidates))

    def action_steer(self, by: int) -> None:
        """Move this screen's mark."""

    def action_choose(self) -> None:
        """Act on the mark: Enter straight after an arrow key."""
        self.ardoise.clear_line()

    def action_back(self) -> None:
        """Leave this screen."""
        self.app.pop_screen()


class Dialog(Page[ScreenResultType], ModalScreen[ScreenResultType]):
    """A page in a frame over another one; leaving it by Escape answers nothing."""

    def compose(self) -> ComposeResult:
        from textual.containers import Vertical

        with Vertical(id="frame") as frame:
            frame.border_title = self.PLACE
            yield from self.body()
            yield ScanLine()
            yield KeyBar()

    def action_back(self) -> None:
        self.dismiss(None)


__all__ = ["BACK", "Command", "Dialog", "Page", "bindings"]
