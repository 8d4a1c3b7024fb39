"""Colours and glyphs: two themes, the tones that a state can have, and a set of ASCII stand-ins.

A state always reads without its colour: ``Tone`` only adds to a glyph and a word.
"""

import os
from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

from tui.glyphs import Glyph, Tone

TONE_CLASSES = frozenset(f"tone--{tone}" for tone in Tone)
"""Component classes of every widget that draws toned text."""

SLATE = Theme(
    name="ardoise",
    primary="#86b0c4",
    secondary="#a9b8a0",
    accent="#e3c078",
    warning="#e3b55b",
    error="#e27d6f",
    success="#8fc88a",
    foreground="#e4e8e6",
    background="#191f23",
    surface="#20282d",
    panel="#2a343a",
    dark=True,
    variables={"muted": "#93a3aa"},
)
"""Chalk on slate."""

PAPER = Theme(
    name="craie",
    primary="#2f6178",
    secondary="#56664c",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#a3281c",
    success="#22691f",
    foreground="#1d2529",
    background="#f6f4ee",
    surface="#ecebe3",
    panel="#dedfd8",
    dark=False,
    variables={"muted": "#56626a"},
)
"""Ink on paper, for a bright room."""

THEMES = (SLATE, PAPER)

_STAND_INS = {
    Glyph.PRESENT: "*",
    Glyph.EMPTY: "o",
    Glyph.BUSY: "~",
    Glyph.WARN: "!",
    Glyph.BAD: "X",
    Glyph.DONE: "+",
    Glyph.LENT: ">",
    Glyph.REPAIR: "#",
    Glyph.UNDONE: "<",
    Glyph.MARK: ">",
    Glyph.SYNC: "=",
    "…": ".",
    "·": "-",
    "•": "*",
    "—": "-",
    "–": "-",
    "›": ">",
    "’": "'",
    "«": '"',
    "»": '"',
    "↑": "^",
    "↓": "v",
    "⏎": "<",
    "\u00a0": " ",
    "\u202f": " ",
    "œ": "o",
    "€": "E",
    "▌": "_",
    "▐": "|",
    "▓": "#",
    "░": ".",
}
_RULES = {"-": "─━┄┅┈┉╌╍═▔▁▀▄", "|": "│┃┆┇┊┋╎╏║▏▕▎▊", "#": "█▒▉▋▍▆▇▅▃▂▖▗▘▝"}
_BOX = range(0x2500, 0x2580)


def _ascii_table() -> dict[int, str]:
    table = dict.fromkeys(_BOX, "+")
    table |= {ord(char): stand_in for stand_in, chars in _RULES.items() for char in chars}
    return table | {ord(char): stand_in for char, stand_in in _STAND_INS.items()}


class AsciiGlyphs(LineFilter):
    """Draws every glyph, rule and typographic sign by an ASCII character of the same width.

    Accented letters stay: Latin-1 terminals, the only ones left without UTF-8, have them.
    """

    def __init__(self, enabled: bool = True) -> None:
        super().__init__(enabled)
        self._table = _ascii_table()

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background  # a glyph does not depend on what lies behind it
        return [
            Segment(text.translate(self._table), style, control)
            for text, style, control in segments
        ]


def wants_ascii(environment: Mapping[str, str] = os.environ, encoding: str = "utf-8") -> bool:
    """Whether the terminal lacks the glyphs: asked for, not UTF-8, or the bare Linux console."""
    wanted = environment.get("ARDOISE_ASCII", "")
    if wanted:
        return wanted != "0"
    plain = encoding.lower().replace("-", "") != "utf8"
    return plain or environment.get("TERM") == "linux"
