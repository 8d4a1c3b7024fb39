"""What the keys of a screen do: one list per screen makes its bindings and its key bar.

Only function keys and their Ctrl twins command anything. The twins run along the middle row, at
the same place on AZERTY and QWERTY: S D F G K L for F2 to F7, then O and N.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding

TWINS = {
    "f2": "ctrl+s",
    "f3": "ctrl+d",
    "f4": "ctrl+f",
    "f5": "ctrl+g",
    "f6": "ctrl+k",
    "f7": "ctrl+l",
    "f8": "ctrl+o",
    "f9": "ctrl+n",
}
"""Laptops hide function keys behind Fn, and some terminals eat them."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a key does."""

    id: str
    """Unique in the application, so that keys can be mapped anew: ``desk.undo``."""
    key: str
    """``f2`` to ``f9``, ``space``, ``enter`` or ``escape``."""
    action: str
    label: str
    """As short as the key bar wants it."""
    help: str = ""
    """One sentence."""

    @property
    def keys_shown(self) -> tuple[str, str]:
        """The key and its twin as the key bar writes them: ``F2``, ``^S``."""
        twin = TWINS.get(self.key, "")
        return KEY_NAMES.get(self.key, self.key.upper()), twin.replace("ctrl+", "^").upper()


KEY_NAMES = {"escape": "Éch", "enter": "⏎", "space": "Esp", "ctrl+q": "^Q"}


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """The bindings of a screen, each with its twin."""
    return [
        Binding(
            ",".join(filter(None, (command.key, TWINS.get(command.key)))),
            command.action,
            command.label,
            show=False,
            tooltip=command.help or command.label,
            id=command.id,
        )
        for command in commands
    ]
