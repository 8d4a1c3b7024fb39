"""Text in tones: the little pieces that lists, tables and bars are drawn from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from tui.glyphs import Tone
from tui.theme import TONE_CLASSES

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Span:
    """Some text in one tone."""

    text: str
    tone: Tone = Tone.PLAIN


def fit(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1).rstrip() + ELLIPSIS + " " * _lost(text, width)
    return set_cell_size(text, width)


def _lost(text: str, width: int) -> int:
    return width - 1 - cell_len(set_cell_size(text, width - 1).rstrip())


class Toned(Widget):
    """A widget that draws spans."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONE_CLASSES)

    def tone_style(self, tone: Tone, base: Style) -> Style:
        """The style of ``tone`` over the style of its line."""
        if tone is Tone.PLAIN:
            return base
        return base + self.get_component_rich_style(f"tone--{tone}", partial=True)

    def segments(self, spans: Iterable[Span], width: int, base: Style) -> list[Segment]:
        """``spans`` in exactly ``width`` cells."""
        drawn: list[Segment] = []
        left = width
        for span in spans:
            size = cell_len(span.text)
            text = span.text if size <= left else fit(span.text, left)
            drawn.append(Segment(text, self.tone_style(span.tone, base)))
            left -= min(size, left)
            if not left:
                break
        if left:
            drawn.append(Segment(" " * left, base))
        return drawn
