"""The answer to the last scan: the largest thing on a desk screen, read from two metres away."""

import textwrap
from dataclasses import dataclass
from functools import partial

from textual.content import Content
from textual.widget import Widget

from tui.glyphs import Tone

MARGIN = 3
"""Room for the glyph before every line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan came to."""

    tone: Tone
    glyph: str
    title: str
    lines: tuple[str, ...] = ()


class ScanPanel(Widget):
    """Glyph, colour and words, filling the width."""

    DEFAULT_CSS = """
    ScanPanel {
        height: 6;
        padding: 0 3;
        content-align: left middle;
        border: outer $panel;
        background: $surface;
        &.-ok { border: outer $success; background: $success 22%; }
        &.-busy { border: outer $primary; background: $primary 18%; }
        &.-warn { border: outer $warning; background: $warning 20%; }
        &.-bad { border: outer $error; background: $error 25%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.answer: Answer | None = None

    def show(self, answer: Answer) -> None:
        """Replace the answer."""
        self.answer = answer
        for tone in Tone:
            self.set_class(tone is answer.tone, f"-{tone}")
        self.refresh()

    def render(self) -> Content:
        if self.answer is None:
            return Content("")
        # Never wider than the panel: what wraps stays under its own line.
        width = max(MARGIN + 1, self.content_size.width)
        wrap = partial(
            textwrap.wrap, width=width, initial_indent=" " * MARGIN, subsequent_indent=" " * MARGIN
        )
        head = wrap(self.answer.title) or [""]
        head[0] = f"{self.answer.glyph}  {head[0][MARGIN:]}"
        rest = [Content(row) for line in self.answer.lines for row in wrap(line)]
        return Content("\n").join([*(Content.styled(row, "bold") for row in head), *rest])
