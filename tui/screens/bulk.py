"""A change of a whole selection: what it would do, line by line, before F5 does it in one go.

F2 takes all of it back. Nothing typed or scanned here writes anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from fleet import movements
from fleet.asset import Asset
from fleet.errors import FleetError
from fleet.scan import ScannedTag
from fleet.usecases.bulk import Line, Order, Outcome
from tui import format as shown
from tui import words
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import BACK, Dialog
from tui.sentences import sentence
from tui.widgets.bars import KeyBar, ScanLine
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_gate import scans_in
from tui.widgets.status_line import StatusLine
from tui.widgets.toned import Span

PAGE = 10
SHOWN = 300
"""Lines of a long preview; refusals come first, so that none is hidden behind the others."""

APPLY = Command("bulk.apply", "f5", "apply", _("Appliquer"))
UNDO = Command("bulk.undo", "f2", "undo", _("Tout annuler"))


class BulkDialog(Dialog[tuple[str, ...] | None]):
    """Answers with the operations that stand; None when nothing was applied."""

    KEYS = (APPLY, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((APPLY, UNDO)),
        Binding("pageup", f"steer(-{PAGE})", show=False),
        Binding("pagedown", f"steer({PAGE})", show=False),
    ]
    CSS_PATH = "bulk.tcss"

    @dataclass
    class _Previewed(Message):
        outcome: Outcome

    @dataclass
    class _Applied(Message):
        outcome: Outcome

    class _Undone(Message):
        pass

    @dataclass
    class _Failed(Message):
        error: FleetError

    def __init__(self, title: str, order: Order, target: str = "") -> None:
        super().__init__()
        self._title = title
        self._order = order
        self._target = target
        """What the place they go to is called."""
        self._outcome: Outcome | None = None
        self._applied: tuple[str, ...] | None = None
        self._busy = False

    def body(self) -> Iterable[Widget]:
        yield StatusLine(id="total")
        yield LineList(id="lines")

    def start(self) -> None:
        self.query_one("#frame").border_title = self._title
        if self._lacks_reference:
            self.query_one(ScanLine).prompt = _("Taper la référence de la décision, puis Entrée")
            self._say(_("Une réforme demande la référence de sa décision."))
        else:
            self.query_one(ScanLine).prompt = ""
            self._preview()

    @property
    def _lacks_reference(self) -> bool:
        return self._order.kind == movements.RETIRED and not self._order.reference

    def _preview(self) -> None:
        office, order = self.office, self._order
        self._begin(_("Calcul de l’aperçu…"), lambda: self._Previewed(office.preview(order)))

    def _begin(self, what: str, act: Callable[[], Message]) -> None:
        self._busy = True
        self._say(what)
        self._run(act)

    @work(thread=True, group="bulk", exit_on_error=False)
    def _run(self, act: Callable[[], Message]) -> None:
        try:
            self.post_message(act())
        except FleetError as error:
            self.post_message(self._Failed(error))

    @on(_Failed)
    def _say_failed(self, message: _Failed) -> None:
        self._busy = False
        self._say(str(sentence(message.error)))

    @on(_Previewed)
    def _show_preview(self, message: _Previewed) -> None:
        self._busy = False
        self._outcome = message.outcome
        self._draw(message.outcome)
        self._say(_counts(message.outcome), _("Échap laisse tout comme avant"))

    @on(_Applied)
    def _show_applied(self, message: _Applied) -> None:
        self._busy = False
        self._outcome, self._applied = message.outcome, message.outcome.operations
        self._draw(message.outcome)
        self.query_one(KeyBar).commands = (UNDO, BACK)
        count = message.outcome.changed
        done = ngettext("{count} appareil changé.", "{count} appareils changés.", count)
        self._say(f"{Glyph.DONE} {done.format(count=shown.number(count))}", _("F2 annule tout"))
        self.ardoise.play(accepted=True)

    @on(_Undone)
    def _show_undone(self) -> None:
        self._busy = False
        self._applied = ()
        self._outcome = None
        self.query_one(KeyBar).commands = (BACK,)
        self.query_one(LineList).show(())
        restored = _("Tout est comme avant.")
        self._say(f"{Glyph.UNDONE} {restored}")

    def _say(self, left: str, right: str = "") -> None:
        self.query_one(StatusLine).show(left, right)

    def _draw(self, outcome: Outcome) -> None:
        ordered = sorted(outcome.lines, key=lambda line: (line.refusal is None, line.after is None))
        lines = [self._line(line) for line in ordered[:SHOWN]]
        if len(ordered) > SHOWN:
            rest = shown.number(len(ordered) - SHOWN)
            lines.append(ListLine.of(_("… {count} autres").format(count=rest), Tone.MUTED))
        self.query_one(LineList).show(lines)

    def _line(self, line: Line) -> ListLine:
        named = Span(f"{_label(line.before)}  ", Tone.STRONG)
        if line.refusal is not None:
            what = sentence(line.refusal).what
            return ListLine((Span(f"{Glyph.BAD} ", Tone.BAD), named, Span(what)), line.before.id)
        if line.after is None:
            same = Span(_("y est déjà"), Tone.MUTED)
            return ListLine((Span(f"{Glyph.PRESENT} ", Tone.MUTED), named, same), line.before.id)
        change = Span(self._change(line.before, line.after))
        return ListLine((Span(f"{Glyph.DONE} ", Tone.OK), named, change), line.before.id)

    def _change(self, before: Asset, after: Asset) -> str:
        if before is after:
            return _("suit")
        match self._order.kind:
            case movements.MOVED:
                left = before.school or _("sans école")
                return f"{left} → {self._target}"
            case movements.PLACED:
                return f"→ {self._target} · {after.slot or 0:02}"
            case _:
                old, new = words.STATES[before.state], words.STATES[after.state]
                return f"{old.word} → {new.word}"

    def line_read(self, text: str) -> None:
        """Take the reference that a retirement asks for; a scan opens the card, as anywhere."""
        is_typed = not any(isinstance(scan, ScannedTag) for scan in scans_in(text))
        if is_typed and self._order.kind == movements.RETIRED and self._applied is None:
            self._order = replace(self._order, reference=text)
            reference = _("Décision {reference}").format(reference=text)
            self.query_one("#frame").border_title = f"{self._title} · {reference}"
            self._preview()
        else:
            super().line_read(text)

    def action_steer(self, by: int) -> None:
        self.query_one(LineList).move(by)

    def action_apply(self) -> None:
        """Do what the preview says."""
        if self._busy or self._applied is not None or self._outcome is None:
            return
        if not self._outcome.changed:
            self._say(_("Rien ne changerait."))
            return
        office, order = self.office, self._order
        self._begin(_("Écriture…"), lambda: self._Applied(office.apply(order)))

    def action_undo(self) -> None:
        """Take back all that was applied here."""
        if self._busy or not self._applied:
            return
        office, applied = self.office, self._applied

        def take_back() -> Message:
            office.undo_batch(applied)
            return self._Undone()

        self._begin(_("Annulation…"), take_back)

    def action_back(self) -> None:
        if not self._busy:
            self.dismiss(self._applied)


def _label(asset: Asset) -> str:
    return shown.tag(asset.tag) if asset.tag else asset.label


def _counts(outcome: Outcome) -> str:
    changed, refused = outcome.changed, outcome.refused
    same = len(outcome.lines) - changed - refused
    parts = [
        ngettext("{count} changera", "{count} changeront", changed).format(
            count=shown.number(changed)
        )
    ]
    if refused:
        text = ngettext("{count} refusé", "{count} refusés", refused)
        parts.append(f"{Glyph.BAD} {text.format(count=shown.number(refused))}")
    if same:
        text = ngettext("{count} y est déjà", "{count} y sont déjà", same)
        parts.append(text.format(count=shown.number(same)))
    return " · ".join(parts)
