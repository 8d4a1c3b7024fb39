"""Messages between the application and its screens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from fleet.errors import FleetError

if TYPE_CHECKING:
    from tui.bench import SlotView
    from tui.bench_port import BenchLike
    from tui.office import Office


@dataclass
class LineRead(Message, bubble=False):
    """A whole line was scanned or typed while this screen was on top."""

    text: str


@dataclass
class OfficeOpened(Message):
    """The database is open."""

    office: "Office"
    bench: "BenchLike | None"


@dataclass
class OpeningFailed(Message):
    """The database could not be opened."""

    error: FleetError


@dataclass
class SlotChanged(Message, bubble=False):
    """A slot of the bench changed."""

    view: "SlotView"

    def can_replace(self, message: Message) -> bool:
        """Only the newest view of a slot is worth drawing."""
        return isinstance(message, SlotChanged) and message.view.slot == self.view.slot
