"""The dialog that closes a stocktake: a typed name, then a function key. A scan only counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from fleet.names import fold_name
from fleet.scan import Scan, ScannedTag
from fleet.stocktake import Finding
from fleet.stocktake_report import DIFFERENCES, StocktakeReport
from tui import format as shown
from tui import stocktake_words
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import BACK, Dialog
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_gate import scans_in
from tui.widgets.toned import Span

CONFIRM = Command("stocktake.confirm", "f2", "confirm", _("Clore et écrire le rapport"))
LOST_WORD = _("perdus")
"""Typed whole, it declares the missing assets lost; typed again, it takes that back."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and how many missing assets that person declares lost."""

    name: str
    lost: int | None = None


class ClosingDialog(Dialog[Signature | None]):
    """What will be written, and by whom; nothing is without a name and F2."""

    PLACE = _("Clôture du récolement")
    PROMPT = _("Taper le nom de qui signe, puis Entrée")
    KEYS = (CONFIRM, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((CONFIRM,))]

    def __init__(self, report: StocktakeReport, count: Callable[[Scan], None]) -> None:
        super().__init__()
        self._report = report
        self._count = count
        self._name = ""
        self._declares_lost = False

    def body(self) -> Iterable[Widget]:
        yield LineList(id="closing")

    def start(self) -> None:
        self._draw()

    def show_report(self, report: StocktakeReport) -> None:
        """The figures changed: a scan came in meanwhile."""
        self._report = report
        self._declares_lost = False  # it was said of another number
        if self.is_attached:
            self._draw()

    def line_read(self, text: str) -> None:
        """A name or the word for lost; whatever looks like a code counts as a scan."""
        if fold_name(text) == fold_name(LOST_WORD):
            self._declares_lost = not self._declares_lost
        elif _is_name(text):
            self._name = text
        else:
            for scan in scans_in(text):
                self._count(scan)
        self._draw()

    def action_confirm(self) -> None:
        """Close, once somebody signs."""
        if not self._name:
            self.notify(_("Taper d’abord un nom, puis Entrée."))
            return
        lost = self._report.row.missing if self._declares_lost else None
        self.dismiss(Signature(self._name, lost))

    def _draw(self) -> None:
        counts = self._report.counts
        lines = [ListLine.of(stocktake_words.place(self._report.row), Tone.STRONG)]
        for finding in (Finding.FOUND, *DIFFERENCES, Finding.LENT):
            look = stocktake_words.FINDINGS[finding]
            number = Span(f"{shown.number(counts[finding]):>7}  ", Tone.STRONG)
            lines.append(ListLine((number, Span(str(look), look.tone))))
        lines.append(ListLine.of(""))
        missing = counts[Finding.MISSING]
        if missing and not self._declares_lost:
            said = _("Taper « {word} » pour déclarer perdus les manquants.")
            lines.append(ListLine.of(said.format(word=LOST_WORD), Tone.MUTED))
        elif missing:
            lost = ngettext(
                "{count} manquant sera déclaré perdu",
                "{count} manquants seront déclarés perdus",
                missing,
            )
            bad = Span(f"{Glyph.BAD} {lost.format(count=shown.number(missing))}", Tone.BAD)
            lines.append(ListLine((bad,)))
        signed = _("Signé par : {name}").format(name=self._name or "…")
        lines.append(ListLine.of(signed, Tone.STRONG if self._name else Tone.MUTED))
        if self._name:
            lines.append(ListLine.of(_("F2 clôt ; Échap laisse tout ouvert.")))
        self.query_one("#closing", LineList).show(lines)


def _is_name(text: str) -> bool:
    """Typed words, not a code: no digit, no tag, and not the bare capitals of a half-read one."""
    if any(each.isdigit() for each in text):
        return False
    if any(isinstance(scan, ScannedTag) for scan in scans_in(text)):
        return False
    return any(each.islower() or each in "AEIOUaeiou" for each in text)
