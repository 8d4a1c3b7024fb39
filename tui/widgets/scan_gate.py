"""The one place where keys become lines: what a scanner sends, or what a person types.

Every key passes here first and in order, before any widget, so a burst of any length and speed
comes out whole. A line is only ever text to look up: nothing here is a command.
"""

import re
from dataclasses import dataclass
from enum import Enum

from fleet.scan import Misread, Scan, ScannedForeign, ScannedTag, canonical, split_burst
from fleet.tags import ALPHABET, KIND_BY_LENGTH, Code, is_code

_STEERING = frozenset({"up", "down", "left", "right", "home", "end", "pageup", "pagedown"})
_LINE_ENDS = frozenset({"enter", "ctrl+j", "tab"})
"""Suffixes that scanners send: carriage return, line feed, tabulation."""
_SEPARATORS = frozenset(
    {
        "ctrl+backslash",
        "ctrl+right_square_bracket",
        "ctrl+circumflex_accent",
        "ctrl+underscore",
    }
)
"""FS, GS, RS and US: GS1 and driving-licence codes hold them between their fields."""
_AT_END = (re.compile(f"[{ALPHABET}]+$"), re.compile(f"[{ALPHABET}]+$", re.IGNORECASE))
"""Scanners send capitals after what was typed in small letters; Caps Lock may be on, though."""


class Gate(Enum):
    """What became of a key that completed no line."""

    KEPT = "kept"
    """It belongs to the line under way, or means nothing."""
    PASSED = "passed"
    """It is a command key, for the screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A completed line."""

    text: str


class ScanGate:
    """Gathers keys into lines."""

    def __init__(self) -> None:
        self.text = ""
        """The line under way."""
        self._steered = False

    def key(self, key: str, character: str | None) -> Line | Gate:
        """Take one key; ``character`` is what it prints, if anything.

        Enter passes only straight after a key that moves a mark. At the end of a burst, doubled,
        or out of the blue it confirms nothing.
        """
        if key in _LINE_ENDS:
            return self._end(key)
        if key in _SEPARATORS and self.text:
            return Gate.KEPT
        if character is not None and character.isprintable() and (self.text or character != " "):
            self.text += character
            self._steered = False
            return Gate.KEPT
        if key in ("backspace", "escape") and self.text:
            self.text = self.text[:-1] if key == "backspace" else ""
            self._steered = False
            return Gate.KEPT
        self._steered = key in _STEERING or key == "space"
        if not self._steered:
            self.text = ""
        return Gate.PASSED

    def paste(self, text: str) -> tuple[Line, ...]:
        """Take a block of text: its whole lines come out, the rest is the line under way."""
        *whole, rest = re.split(r"\r\n|[\r\n\t]", self.text + text)
        self.text = rest
        self._steered = False
        return tuple(Line(each.strip()) for each in whole if each.strip())

    def clear(self) -> None:
        """Forget the line under way; an arrow key just pressed still counts."""
        self.text = ""

    def _end(self, key: str) -> Line | Gate:
        steered, self._steered = self._steered, False
        if steered and key == "enter":
            return Gate.PASSED
        text, self.text = self.text.strip(), ""
        return Line(text) if text else Gate.KEPT


def scans_in(text: str) -> tuple[Scan, ...]:
    """What a line holds; a code after some abandoned typing is found by its check letter."""
    scans = split_burst(text)
    if len(scans) == 1 and not isinstance(scans[0], ScannedTag):
        code = _code_at_end(text)
        if code is not None:
            return (ScannedTag(code),)
    return scans


def lookup_candidates(scan: Scan) -> tuple[str, ...]:
    """The readings under which a scan that is no code of ours may be known."""
    match scan:
        case ScannedTag(code):
            return (code.value,)
        case ScannedForeign(candidates):
            return candidates
        case Misread(text):
            return (canonical(text),)


def _code_at_end(text: str) -> Code | None:
    for pattern in _AT_END:
        match = pattern.search(text)
        letters = match[0].upper() if match else ""
        kind = KIND_BY_LENGTH.get(len(letters))
        if kind is not None and is_code(letters):
            return Code(kind, letters)
        found = [
            Code(kind, letters[-length:])
            for length, kind in KIND_BY_LENGTH.items()
            if len(letters) > length and is_code(letters[-length:])
        ]
        if len(found) == 1:
            return found[0]
    return None
