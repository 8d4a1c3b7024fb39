"""The fleet: every asset in one table, narrowed by words and ``clé:valeur`` as they are typed."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.query import Query, parse
from fleet.scan import Misread, Scan, ScannedForeign
from fleet.tags import ALPHABET
from fleet.views import AssetRow
from tui import format as shown
from tui import words
from tui.commands import Command, bindings
from tui.glyphs import Tone
from tui.i18n import _, ngettext
from tui.screens.card import place
from tui.screens.page import BACK, Page
from tui.sentences import sentence
from tui.widgets.bars import PlaceBar
from tui.widgets.keyset import KeysetSource
from tui.widgets.scan_gate import scans_in
from tui.widgets.status_line import StatusLine
from tui.widgets.toned import Span
from tui.widgets.virtual_table import Column, Row, VirtualTable

COLUMNS = (
    Column(_("État"), 15),
    Column(_("Étiquette"), 10),
    Column(_("Modèle"), 0),
    Column(_("Place"), 10),
    Column(_("Emprunteur"), 18),
    Column(_("Retour"), 13, from_width=100),
    Column(_("École"), 24, from_width=120),
    Column(_("Contrôle"), 18, from_width=138),
)

LENT = Command("fleet.lent", "f2", "filter('state:lent')", _("En prêt"))
DAMAGED = Command("fleet.damaged", "f3", "filter('state:damaged')", _("À examiner"))
DRIFTED = Command("fleet.drifted", "f4", "filter('compliant:no')", _("Non conformes"))
ALL = Command("fleet.all", "f5", "filter('')", _("Tout"))
OPEN = Command("fleet.open", "enter", "choose", _("↑↓ puis Entrée : fiche"))


class FleetScreen(Page[None]):
    """Search and open cards."""

    PLACE = _("Parc")
    PROMPT = _("Chercher : des mots, state:lent, school:verlaine, due<2026-12-01 …")
    KEYS = (OPEN, LENT, DAMAGED, DRIFTED, ALL, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((LENT, DAMAGED, DRIFTED, ALL)),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self._kept = query
        """The filter that Enter kept; what is being typed goes before it."""
        self._shown: str | None = None
        self._complaint = ""
        """What is wrong with the filter; it stays until the next one."""

    def body(self) -> Iterable[Widget]:
        yield StatusLine(id="filter")
        yield VirtualTable(COLUMNS)

    def start(self) -> None:
        self._table.empty_text = _("Aucun appareil ne répond à cette recherche.")
        self._search(self._kept)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def _search(self, text: str) -> None:
        self._complaint = ""
        if text == self._shown:
            return
        try:
            query = parse(text, "assets")
        except FleetError as error:
            self._complain(error)
            return
        self._shown = text
        self._table.show(self._source(query))

    def _source(self, query: Query) -> KeysetSource[AssetRow]:
        views = self.office.views
        return KeysetSource(
            lambda: views.count_assets(query),
            lambda limit, after: views.assets(query, limit=limit, after=after),
            _row,
        )

    @on(VirtualTable.Loaded)
    def _say_count(self, message: VirtualTable.Loaded) -> None:
        text = _("Filtre : {text}").format(text=self._shown) if self._shown else _("Tout le parc")
        count = ngettext("{count} appareil", "{count} appareils", message.count).format(
            count=shown.number(message.count)
        )
        self.query_one("#filter", StatusLine).show(self._complaint or text, count)
        self.query_one(PlaceBar).subject = count

    @on(VirtualTable.Failed)
    def _say_failed(self, message: VirtualTable.Failed) -> None:
        self._shown = None
        self._complain(message.error)

    def _complain(self, error: FleetError) -> None:
        self._complaint = str(sentence(error))
        self.query_one("#filter", StatusLine).show(self._complaint)

    @on(VirtualTable.Opened)
    def _open(self, message: VirtualTable.Opened) -> None:
        self.show_card((message.key,))

    def typed_changed(self, text: str) -> None:
        # Capitals of our alphabet alone are most likely a scan under way.
        if not text or not set(text) <= set(ALPHABET):
            self._search(text or self._kept)

    def line_read(self, text: str) -> None:
        """Keep typed words as the filter; open what was scanned."""
        if all(isinstance(scan, ScannedForeign | Misread) for scan in scans_in(text)):
            self._search(text)
            self._kept = self._kept if self._complaint else text
        else:
            super().line_read(text)

    def scanned(self, scan: Scan) -> None:
        self.open_card(scan)

    def _keep_typed(self) -> None:
        if self.ardoise.typed:
            self._kept = self.ardoise.typed
            self.ardoise.clear_line()

    def action_filter(self, text: str) -> None:
        """Show what answers to a filter that is often asked."""
        self._kept = text
        self._search(text)

    def action_steer(self, by: int) -> None:
        self._keep_typed()
        self._table.move(by)

    def action_page(self, by: int) -> None:
        """Move by as many rows as are in sight."""
        self._keep_typed()
        self._table.move(by * self._table.page_rows)

    def action_edge(self, last: int) -> None:
        """Go to the first or the last row."""
        self._table.mark((self._table.count or 1) - 1 if last else 0)

    def action_choose(self) -> None:
        self._keep_typed()
        if self._table.marked_key:
            self.show_card((self._table.marked_key,))

    def action_back(self) -> None:
        if self._kept:
            self.action_filter("")
        else:
            super().action_back()


def _row(asset: AssetRow) -> Row:
    look = words.STATES[asset.state]
    audit = words.compliance(asset.compliant)
    has_audit = asset.kind.value == "tablet"
    return Row(
        asset.id,
        (
            Span(str(look), look.tone),
            Span(shown.tag(asset.tag), Tone.STRONG),
            Span(asset.model or asset.name or words.KINDS[asset.kind]),
            Span(place(asset)),
            Span(asset.borrower_name or ""),
            Span(shown.day(asset.due) if asset.due else ""),
            Span(asset.school_name or asset.school or ""),
            Span(str(audit) if has_audit else "", audit.tone),
        ),
    )
