"""An asset's card: what it is, where, who has it, and what happened to it, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from fleet import movements
from fleet.errors import FleetError, NotFound, Refusal
from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from fleet.usecases.bulk import Order, Outcome
from fleet.views import AssetCard, HistoryRow, Views
from tui import format as shown
from tui.commands import bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.screens.card_actions import (
    ACTIONS,
    COMMANDS,
    LABEL,
    UNDO,
    action_lines,
    refusals,
)
from tui.screens.card_lines import event, facts, head
from tui.screens.page import BACK, Page
from tui.screens.selection import order_for
from tui.screens.sheet import SheetDialog
from tui.sentences import sentence
from tui.widgets.bars import KeyBar, PlaceBar
from tui.widgets.line_list import LineList
from tui.widgets.scan_gate import lookup_candidates
from tui.widgets.scan_panel import Answer, ScanPanel

if TYPE_CHECKING:
    from tui.office import Office


class CardScreen(Page[None]):
    """Shows one asset and what may be done with it; scanning another one shows that."""

    PLACE = _("Fiche")
    PROMPT = _("Scanner un autre appareil")
    KEYS = (*COMMANDS, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((UNDO, *COMMANDS))]
    CSS_PATH = "card.tcss"

    @dataclass
    class _Found(Message):
        wanted: tuple[str, ...]
        card: AssetCard
        history: tuple[HistoryRow, ...]

    @dataclass
    class _Missing(Message):
        wanted: tuple[str, ...]
        error: FleetError

    @dataclass
    class _Changed(Message):
        outcome: Outcome

    @dataclass
    class _Undone(Message):
        pass

    @dataclass
    class _Refused(Message):
        error: FleetError

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__()
        self._wanted = candidates
        self._card: AssetCard | None = None
        self._refused: dict[str, Refusal] = {}
        """Why a key does nothing now."""
        self._batch: tuple[str, ...] = ()
        """What was done here last, for undoing."""
        self._busy = False

    def body(self) -> Iterable[Widget]:
        yield ScanPanel()
        yield Horizontal(LineList(_("Détails"), id="facts"), LineList(_("Histoire"), id="history"))
        yield LineList(_("Ce que l’on peut faire"), id="actions")

    def start(self) -> None:
        self._load(self.office.views, self._wanted)

    @work(thread=True, group="card", exit_on_error=False)
    def _load(self, views: Views, wanted: tuple[str, ...]) -> None:
        try:
            card = find_card(views, wanted)
            self.post_message(self._Found(wanted, card, views.history(card.row.id)))
        except FleetError as error:
            self.post_message(self._Missing(wanted, error))

    @on(_Found)
    def _show(self, message: _Found) -> None:
        if message.wanted != self._wanted:
            return
        self._offer(message.card)
        card = message.card
        today = self.ardoise.clock().astimezone().date()
        self.query_one(ScanPanel).show(head(card))
        self.query_one(PlaceBar).subject = shown.tag(card.row.tag)
        self.query_one("#facts", LineList).show(facts(card))
        self.query_one("#history", LineList).show([event(row, today) for row in message.history])

    def _offer(self, card: AssetCard | None) -> None:
        """Show what may be done, and grey what may not."""
        if card is None or self._card is None or card.row.id != self._card.row.id:
            self._batch = ()
        self._card = card
        self._refused = refusals(card) if card else {}
        self.query_one("#actions", LineList).show(action_lines(self._refused) if card else ())
        bar = self.query_one(KeyBar)
        bar.greyed = frozenset(command.id for command in COMMANDS if command.key in self._refused)
        undoing = (UNDO,) if self._batch else ()
        bar.commands = (*undoing, *self.KEYS) if card else (BACK,)

    @on(_Missing)
    def _say_missing(self, message: _Missing) -> None:
        if message.wanted != self._wanted:
            return
        self._offer(None)
        text = sentence(message.error)
        self.query_one(ScanPanel).show(Answer(Tone.BAD, Glyph.UNKNOWN, text.what, (text.remedy,)))
        self.query_one(PlaceBar).subject = ""
        self.query_one("#facts", LineList).show(())
        self.query_one("#history", LineList).show(())

    def scanned(self, scan: Scan) -> None:
        is_other = isinstance(scan, ScannedTag) and scan.code.kind is not CodeKind.ASSET
        if is_other or isinstance(scan, Misread):
            super().scanned(scan)
        else:
            self._wanted = lookup_candidates(scan)
            self.start()

    def action_change(self, key: str) -> None:
        """Do what a key says, or say why it cannot be done."""
        card = self._ready(key)
        if card is None:
            return
        kind = ACTIONS[key].kind
        if kind == movements.MOVED:
            order_for(self.ardoise, kind, (card.row.id,), self._moved)
        else:
            self._apply(self.office, Order(kind, (card.row.id,)))

    def action_label(self) -> None:
        """Print the label again."""
        card = self._ready(LABEL.key)
        if card is not None:
            self.app.push_screen(SheetDialog((card.row.id,)))

    def action_undo(self) -> None:
        """Take back what was done here last."""
        if self._batch and not self._busy:
            self._take_back(self.office, self._batch)

    def _ready(self, key: str) -> AssetCard | None:
        if key in self._refused:
            self.ardoise.report(self._refused[key])
            return None
        return None if self._busy else self._card

    def _moved(self, operations: tuple[str, ...]) -> None:
        self._batch = operations
        self.start()

    @work(thread=True, group="change", exit_on_error=False)
    def _apply(self, office: "Office", order: Order) -> None:
        self._busy = True
        try:
            self.post_message(self._Changed(office.apply(order)))
        except FleetError as error:
            self.post_message(self._Refused(error))

    @work(thread=True, group="change", exit_on_error=False)
    def _take_back(self, office: "Office", batch: tuple[str, ...]) -> None:
        self._busy = True
        try:
            office.undo_batch(batch)
            self.post_message(self._Undone())
        except FleetError as error:
            self.post_message(self._Refused(error))

    @on(_Changed)
    def _say_changed(self, message: _Changed) -> None:
        self._busy = False
        for line in message.outcome.lines:
            if line.refusal is not None:
                self.ardoise.report(line.refusal)
        self._batch = message.outcome.operations
        self.ardoise.play(accepted=bool(self._batch))
        self.start()

    @on(_Undone)
    def _say_undone(self) -> None:
        self._busy = False
        self._batch = ()
        self.notify(_("Annulé."))
        self.start()

    @on(_Refused)
    def _say_refused(self, message: _Refused) -> None:
        self._busy = False
        self.ardoise.report(message.error)

    def action_steer(self, by: int) -> None:
        history = self.query_one("#history", LineList)
        history.move(by)


def find_card(views: Views, candidates: tuple[str, ...]) -> AssetCard:
    """The card of the asset that one of these codes names, by tag first, then by serial.

    Raises ``NotFound('asset.unknown')`` or ``Refusal`` where several answer.
    """
    for code in candidates:
        card = views.asset(code)
        if card is not None:
            return card
    alike = views.assets_like(candidates)
    if len(alike) > 1:
        raise NotFound("asset.ambiguous", serial=candidates[0], count=len(alike))
    card = views.asset(alike[0].id) if alike else None
    if card is None:
        raise NotFound("asset.unknown", tag=candidates[0])
    return card
