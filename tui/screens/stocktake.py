"""The stocktake screen: what is expected shrinks, what came in grows, one number says the rest.

Every scan counts at once, as a transaction of its own, in the order in which they came.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Digits, Static

from fleet.errors import FleetError
from fleet.scan import Scan
from fleet.stocktake import Finding
from fleet.stocktake_report import DIFFERENCES, StocktakeReport
from fleet.usecases.stocktaking import Scanned
from tui import format as shown
from tui import stocktake_words, stocktaking
from tui.commands import Command, bindings
from tui.i18n import _
from tui.screens import stocktake_answers
from tui.screens.choice import ChoiceDialog
from tui.screens.desk_choices import schools
from tui.screens.page import BACK, Page
from tui.screens.stocktake_choices import places, under_way
from tui.screens.stocktake_closing import ClosingDialog, Signature
from tui.widgets.bars import PlaceBar
from tui.widgets.line_list import LineList
from tui.widgets.scan_panel import Answer, ScanPanel
from tui.widgets.status_line import StatusLine

CLOSE = Command("stocktake.close", "f2", "close", _("Clore"), _("Signer et clore le récolement."))
REPORT = Command(
    "stocktake.report", "f3", "report", _("Rapport"), _("Écrire le rapport tel qu’il est.")
)
READ = Command("stocktake.read", "f4", "read", _("Relire"), _("Voir les scans des autres postes."))
OTHER = Command("stocktake.other", "f8", "other", _("Autre"), _("Reprendre ou ouvrir un autre."))
KEYS = (CLOSE, REPORT, READ, OTHER)


class StocktakeScreen(Page[None]):
    """Left what is expected, right what came in."""

    PLACE = _("Récolement")
    PROMPT = _("Scanner une étiquette, ou taper un n° de série")
    KEYS = (*KEYS, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(KEYS)]
    CSS_PATH = "stocktake.tcss"

    @dataclass
    class _Counted(Message):
        scanned: Scanned
        report: StocktakeReport | None
        """None while more scans wait."""

    @dataclass
    class _Read(Message):
        report: StocktakeReport
        files: tuple[Path, ...] = ()

    @dataclass
    class _Failed(Message):
        error: FleetError
        was_scanning: bool = False

    def __init__(self) -> None:
        super().__init__()
        self._report: StocktakeReport | None = None
        self._scans: deque[Scan] = deque()
        self._scanning = False

    def body(self) -> Iterable[Widget]:
        yield ScanPanel()
        yield Horizontal(
            LineList(id="expected"),
            Vertical(Digits("", id="count"), Static("", id="word"), id="missing"),
            LineList(id="seen"),
            id="lists",
        )
        yield StatusLine(id="figures")

    def start(self) -> None:
        self.query_one(ScanPanel).show(_CHOOSE_FIRST)
        self.query_one("#expected", LineList).border_title = _("Attendus")
        seen = self.query_one("#seen", LineList)
        seen.border_title = _("Arrivés")
        seen.empty_text = _("Rien pour l’instant.")
        self.ask()

    # scans

    def scanned(self, scan: Scan) -> None:
        if self._report is None:
            self.open_card(scan)
            return
        self._scans.append(scan)
        self._scan_on()

    def _scan_on(self) -> None:
        if self._scans and not self._scanning and self._report is not None:
            self._scanning = True
            self._perform(self._report.row.id, self._scans.popleft(), not self._scans)

    @work(thread=True, group="stocktake", exit_on_error=False)
    def _perform(self, stocktake_id: str, scan: Scan, is_last: bool) -> None:
        try:
            (scanned,) = stocktaking.scan_each(self.office, stocktake_id, [scan])
            report = stocktaking.read_report(self.office, stocktake_id) if is_last else None
        except FleetError as error:
            self.post_message(self._Failed(error, was_scanning=True))
        else:
            self.post_message(self._Counted(scanned, report))

    @on(_Counted)
    def _show_counted(self, message: _Counted) -> None:
        self._scanning = False
        if message.report is not None:
            self._take(message.report)
        answer = stocktake_answers.answer(message.scanned, message.report)
        if answer is not None:
            self.query_one(ScanPanel).show(answer)
            self.ardoise.play(stocktake_answers.is_accepted(message.scanned))
        self._scan_on()

    @on(_Failed)
    def _show_failed(self, message: _Failed) -> None:
        if message.was_scanning:
            self._scanning = False
        self.query_one(ScanPanel).show(stocktake_answers.refusal(message.error))
        self.ardoise.play(False)
        self._scan_on()

    # what is on the screen

    @on(_Read)
    def _show_read(self, message: _Read) -> None:
        self._take(message.report)
        if message.files:
            self.query_one(ScanPanel).show(stocktake_answers.written(message.files))

    def _take(self, report: StocktakeReport) -> None:
        if self._report is None or self._report.row.id != report.row.id:
            self.query_one(ScanPanel).show(stocktake_answers.WELCOME)
        self._report = report
        row, counts = report.row, report.counts
        closed = (
            ""
            if row.is_open
            else " · " + _("clos le {at}").format(at=shown.since(row.closed_at or ""))
        )
        self.query_one(PlaceBar).subject = stocktake_words.place(row) + closed
        expected = self.query_one("#expected", LineList)
        expected.empty_text = _("Tout est là.")
        expected.show(stocktake_answers.missing_lines(report))
        self.query_one("#seen", LineList).show(stocktake_answers.seen_lines(report))
        missing = counts[Finding.MISSING]
        self.query_one("#count", Digits).update(str(missing))
        self.query_one("#missing").set_class(not missing, "-none")
        self.query_one("#word", Static).update(stocktake_words.missing(missing).split(" ", 1)[-1])
        parts = [_("{count} attendus").format(count=shown.number(row.expected))]
        parts += [
            f"{look.glyph} {shown.number(counts[finding])} {look.word}"
            for finding in (Finding.FOUND, *DIFFERENCES[1:], Finding.LENT)
            if counts[finding]
            for look in (stocktake_words.FINDINGS[finding],)
        ]
        scans = _("{count} scans").format(count=shown.number(row.scans))
        self.query_one("#figures", StatusLine).show(" · ".join(parts), scans)
        if isinstance(self.app.screen, ClosingDialog):
            self.app.screen.show_report(report)

    def action_steer(self, by: int) -> None:
        self.query_one("#expected", LineList).move(by)

    def action_choose(self) -> None:
        key = self.query_one("#expected", LineList).marked_key
        self.ardoise.clear_line()
        if key:
            self.show_card((key,))

    # commands

    def action_other(self) -> None:
        """Go to another stocktake."""
        self.ask()

    @work(exclusive=True, group="ask")
    async def ask(self) -> None:
        """Ask which stocktake to go on with, or where a new one is."""
        views = self.office.views
        chosen = await self.app.push_screen_wait(
            ChoiceDialog(_("Récolement"), partial(under_way, views))
        )
        if chosen is None:
            return
        if chosen.row is not None:
            self._read(chosen.row.id)
            return
        school = await self.app.push_screen_wait(ChoiceDialog(_("École"), partial(schools, views)))
        if school is None:
            return
        where = await self.app.push_screen_wait(
            ChoiceDialog(school.name, partial(places, views, school))
        )
        if where is not None:
            self._open(school.uai, where.room, where.cart)

    @work(thread=True, group="stocktake", exit_on_error=False)
    def _open(self, school: str, room: str | None, cart: str | None) -> None:
        try:
            opened = stocktaking.open_stocktake(self.office, school, room, cart)
            self.post_message(self._Read(stocktaking.read_report(self.office, opened.id)))
        except FleetError as error:
            self.post_message(self._Failed(error))

    def action_read(self) -> None:
        """Read again what all desks have scanned."""
        if self._report is not None:
            self._read(self._report.row.id)

    @work(thread=True, group="stocktake", exit_on_error=False)
    def _read(self, stocktake_id: str) -> None:
        try:
            self.post_message(self._Read(stocktaking.read_report(self.office, stocktake_id)))
        except FleetError as error:
            self.post_message(self._Failed(error))

    def action_report(self) -> None:
        """Write the report as it stands."""
        if self._report is not None:
            self._finish(self._report.row.id, None)

    def action_close(self) -> None:
        """Ask who signs, then close."""
        if self._report is None:
            return
        if not self._report.row.is_open:
            self.notify(_("Ce récolement est déjà clos ; F3 écrit son rapport."))
            return
        self._sign(self._report)

    @work(exclusive=True, group="ask")
    async def _sign(self, report: StocktakeReport) -> None:
        signature = await self.app.push_screen_wait(ClosingDialog(report, self.scanned))
        if signature is not None:
            self._finish(report.row.id, signature)

    @work(thread=True, group="stocktake", exit_on_error=False)
    def _finish(self, stocktake_id: str, signature: Signature | None) -> None:
        try:
            if signature is not None:
                stocktaking.close_stocktake(
                    self.office, stocktake_id, signature.name, lost=signature.lost
                )
            report = stocktaking.read_report(self.office, stocktake_id)
            files = stocktaking.report_files(self.office, report)
            for path in files:
                stocktaking.write_report(report, path)
        except FleetError as error:
            self.post_message(self._Failed(error))
        else:
            self.post_message(self._Read(report, files))


_CHOOSE_FIRST = Answer(
    stocktake_answers.WELCOME.tone,
    stocktake_answers.WELCOME.glyph,
    _("Aucun récolement choisi"),
    (_("F8 : en reprendre un, ou en ouvrir un nouveau."),),
)
