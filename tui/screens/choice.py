"""A dialog to choose one of many: typing narrows the list, an arrow key marks, Enter takes.

Without an arrow key nothing is marked, so no scan and no stray Enter ever chooses.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.scan import ScannedTag
from tui.commands import Command
from tui.glyphs import Tone
from tui.i18n import _
from tui.screens.page import BACK, Dialog
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_gate import scans_in
from tui.widgets.toned import Span

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One thing to choose."""

    value: Value
    label: str
    detail: str = ""


@dataclass
class Found(Message):
    """What the search found for ``text``."""

    text: str
    choices: Sequence[Choice[Any]]


@dataclass
class Lost(Message):
    """The search failed."""

    error: FleetError


class ChoiceDialog(Dialog[Value | None], Generic[Value]):
    """Asks for one of what ``search`` finds for the typed text; ``search`` may block."""

    KEYS = (Command("choice.take", "enter", "choose", _("↑↓ puis Entrée")), BACK)
    PROMPT = _("Taper pour chercher")

    def __init__(self, title: str, search: Callable[[str], Sequence[Choice[Value]]]) -> None:
        super().__init__()
        self._title = title
        self._search = search
        self._choices: Sequence[Choice[Value]] = ()
        self._wanted = ""
        self._searching = False

    def body(self) -> Iterable[Widget]:
        yield LineList(id="choices")

    def start(self) -> None:
        self.query_one("#frame").border_title = self._title
        self.query_one(LineList).empty_text = _("Rien de ce nom.")
        self._look("")

    def typed_changed(self, text: str) -> None:
        self._look(text)

    def _look(self, text: str) -> None:
        """Search for the newest text; letters that came meanwhile are searched together."""
        self._wanted = text
        if not self._searching:
            self._searching = True
            self._find(text)

    @work(thread=True, group="search", exit_on_error=False)
    def _find(self, text: str) -> None:
        try:
            self.post_message(Found(text, self._search(text)))
        except FleetError as error:
            self.post_message(Lost(error))

    @on(Found)
    def _show_found(self, message: Found) -> None:
        self._searching = False
        if message.text != self._wanted:
            self._look(self._wanted)
            return
        self._choices = message.choices
        self.query_one(LineList).show(
            [
                ListLine((Span(each.label), Span(f"  {each.detail}", Tone.MUTED)), str(index))
                for index, each in enumerate(self._choices)
            ]
        )

    @on(Lost)
    def _report(self, message: Lost) -> None:
        self._searching = False
        self.ardoise.report(message.error)

    def line_read(self, text: str) -> None:
        if any(isinstance(scan, ScannedTag) for scan in scans_in(text)):
            super().line_read(text)
        else:
            self._look(text)  # Enter after typing keeps the search; an arrow key goes on from it

    def action_steer(self, by: int) -> None:
        self.query_one(LineList).move(by)

    def action_choose(self) -> None:
        key = self.query_one(LineList).marked_key
        self.ardoise.clear_line()
        if key:
            self.dismiss(self._choices[int(key)].value)
