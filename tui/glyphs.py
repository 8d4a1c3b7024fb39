"""Glyphs and tones: how a state shows on any surface, screen or command line.

Light on purpose: the command line words states too, and must not load the screens' library.
"""

from enum import StrEnum


class Tone(StrEnum):
    """What a colour stands for; the stylesheet gives each ``.tone--…`` its colour."""

    PLAIN = "plain"
    OK = "ok"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    MUTED = "muted"
    STRONG = "strong"


class Glyph(StrEnum):
    """One cell each, in any UTF-8 terminal."""

    PRESENT = "●"
    EMPTY = "○"
    BUSY = "◐"
    WARN = "▲"
    BAD = "✖"
    DONE = "✔"
    LENT = "→"
    REPAIR = "⚒"
    UNKNOWN = "?"
    UNDONE = "↶"
    MARK = "▸"
    SYNC = "⇅"
