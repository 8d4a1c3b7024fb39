"""A dialog to say which accessories go with the loans: Space toggles, F5 takes."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from fleet.usecases.lending import ACCESSORIES
from tui import words
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.screens.page import BACK, Dialog
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.toned import Span

TAKE = Command("accessories.take", "f5", "take", _("Valider"))


class AccessoriesDialog(Dialog[tuple[str, ...] | None]):
    """Answers with the kinds that were ticked."""

    PLACE = _("Accessoires remis")
    PROMPT = ""
    KEYS = (Command("accessories.toggle", "space", "tick", _("Cocher")), TAKE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((TAKE,)),
        Binding("space", "tick", show=False, id="accessories.toggle"),
    ]

    def __init__(self, given: tuple[str, ...]) -> None:
        super().__init__()
        self._given = set(given)

    def body(self) -> Iterable[Widget]:
        yield LineList(id="accessories")

    def start(self) -> None:
        self._draw(0)

    def _draw(self, marked: int | None) -> None:
        self.query_one(LineList).show([self._line(code) for code in ACCESSORIES], marked)

    def _line(self, code: str) -> ListLine:
        given = code in self._given
        glyph = Span(f"{Glyph.DONE if given else Glyph.EMPTY} ", Tone.OK if given else Tone.MUTED)
        return ListLine((glyph, Span(words.accessory(code))), code)

    def action_steer(self, by: int) -> None:
        self.query_one(LineList).move(by)

    def action_tick(self) -> None:
        """Tick or untick the marked accessory."""
        self._given ^= {self.query_one(LineList).marked_key}
        self._draw(self.query_one(LineList).marked)

    def action_take(self) -> None:
        """Answer with what is ticked."""
        self.dismiss(tuple(code for code in ACCESSORIES if code in self._given))
