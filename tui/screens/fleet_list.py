"""The fleet: every asset in one table, narrowed by words and ``clé:valeur`` as they are typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.query import EVERYTHING, Query, parse
from fleet.scan import Misread, Scan, ScannedForeign
from fleet.tags import ALPHABET
from fleet.views import AssetRow, Facet, FacetKey, Views
from tui import format as shown
from tui.commands import Command, bindings
from tui.glyphs import Glyph
from tui.i18n import _, ngettext
from tui.screens.choice import ChoiceDialog
from tui.screens.fleet_facets import facet_search, panel_lines
from tui.screens.fleet_rows import COLUMNS, asset_line
from tui.screens.page import BACK, Page
from tui.screens.selection import act_on, toggled
from tui.sentences import sentence
from tui.widgets.bars import KeyBar, PlaceBar
from tui.widgets.keyset import KeysetSource
from tui.widgets.line_list import LineList
from tui.widgets.scan_gate import scans_in
from tui.widgets.status_line import StatusLine
from tui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui.office import Office

WIDTHS: list[tuple[int, str]] | None = [(0, "-narrow"), (100, "-wide")]
"""The panel of filters needs more than 80 columns; below, F3 shows the same as a dialog."""

UNDO = Command("fleet.undo", "f2", "undo", _("Annuler le lot"))
NARROW = Command("fleet.narrow", "f3", "narrow", _("Filtrer"))
DRIFTED = Command("fleet.drifted", "f4", "filter('compliant:no')", _("Non conformes"))
ALL = Command("fleet.all", "f5", "filter('')", _("Tout"))
ACT = Command("fleet.act", "f6", "act", _("Agir"), _("Changer ou imprimer ce qui est choisi."))
CHOOSE_ALL = Command("fleet.choose_all", "f7", "tick_all", _("Tout choisir"))
CHOOSE_NONE = Command("fleet.choose_none", "f8", "untick", _("Aucun"))
TICK = Command("fleet.tick", "space", "tick", _("Choisir"))
OPEN = Command("fleet.open", "enter", "choose", _("↑↓ puis Entrée : fiche"))


class FleetScreen(Page[None]):
    """Search, open cards, and act on many assets at once.

    What was chosen stays chosen through scrolling and new searches, until it is cleared.
    """

    PLACE = _("Parc")
    PROMPT = _("Chercher : des mots, state:lent, school:verlaine, due<2026-12-01 …")
    KEYS = (OPEN, TICK, NARROW, DRIFTED, ALL, ACT, CHOOSE_ALL, CHOOSE_NONE, BACK)
    CSS_PATH = "fleet_list.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((UNDO, NARROW, DRIFTED, ALL, ACT, CHOOSE_ALL, CHOOSE_NONE)),
        Binding("space", TICK.action, show=False, id=TICK.id),
        Binding("left", "side(1)", show=False),
        Binding("right", "side(0)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    @dataclass
    class _Counted(Message):
        generation: int
        facets: tuple[Facet, ...]

    @dataclass
    class _Ticked(Message):
        ids: tuple[str, ...]

    @dataclass
    class _Undone(Message):
        count: int

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self._kept = query
        """The filter that Enter kept; what is being typed goes before it."""
        self._shown: str | None = None
        self._complaint = ""
        """What is wrong with the filter; it stays until the next one."""
        self._query = EVERYTHING
        self._chosen: dict[str, None] = {}
        """Ids of what is chosen, in the order of choosing."""
        self._batch: tuple[str, ...] = ()
        """Operations of the last batch, for undoing."""
        self._generation = 0
        """Which counting of facets is wanted; an older one stops."""
        self._in_panel = False

    def body(self) -> Iterable[Widget]:
        yield StatusLine(id="filter")
        yield Horizontal(LineList(_("Filtrer"), id="facets"), VirtualTable(COLUMNS))

    def start(self) -> None:
        self._table.empty_text = _("Aucun appareil ne répond à cette recherche.")
        self._search(self._kept)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _panel(self) -> LineList:
        return self.query_one("#facets", LineList)

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
        self._query = query
        self._generation += 1  # counts under way are of no use any more
        self._table.show(self._source(query))

    def _source(self, query: Query) -> KeysetSource[AssetRow]:
        views = self.office.views
        return KeysetSource(
            lambda: views.count_assets(query),
            lambda limit, after: views.assets(query, limit=limit, after=after),
            asset_line,
        )

    @on(VirtualTable.Loaded)
    def _say_count(self) -> None:
        self._say()
        self._count_facets()

    def _say(self) -> None:
        text = _("Filtre : {text}").format(text=self._shown) if self._shown else _("Tout le parc")
        found = self._table.count or 0
        count = ngettext("{count} appareil", "{count} appareils", found).format(
            count=shown.number(found)
        )
        chosen = ngettext("{count} choisi", "{count} choisis", len(self._chosen)).format(
            count=shown.number(len(self._chosen))
        )
        right = f"{count} · {Glyph.DONE} {chosen}" if self._chosen else count
        self.query_one("#filter", StatusLine).show(self._complaint or text, right)
        self.query_one(PlaceBar).subject = count
        undoing = (UNDO,) if self._batch else ()
        self.query_one(KeyBar).commands = (*undoing, *self.KEYS)

    def _count_facets(self) -> None:
        """Count what the list can be narrowed by, once its page is there."""
        self._generation += 1
        if self._panel.display:
            self._read_facets(self.office.views, self._query, self._generation)

    @work(thread=True, group="facets", exit_on_error=False)
    def _read_facets(self, views: Views, query: Query, generation: int) -> None:
        facets = []
        try:
            for key in FacetKey:
                if generation != self._generation:
                    return
                facets.append(views.facet(query, key))
        except FleetError:
            return  # the table reads the same database, and says what is wrong with it
        self.post_message(self._Counted(generation, tuple(facets)))

    @on(_Counted)
    def _show_facets(self, message: _Counted) -> None:
        if message.generation == self._generation:
            lines = panel_lines(message.facets, self._query, self._shown or "")
            self._panel.show(lines, self._panel.marked if self._in_panel else None)

    @on(events.Resize)
    def _resized(self) -> None:
        if self._panel.display and not self._panel.lines and self._table.count is not None:
            self._count_facets()

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
        if not text and self.ardoise.dropped and self.ardoise.dropped == self._shown:
            self._kept = self._shown  # a key acts on what is in sight
            return
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

    def action_side(self, panel: int) -> None:
        """Go into the panel of filters, or back to the table."""
        self._keep_typed()
        self._in_panel = bool(panel) and self._panel.display
        self._panel.marked = None
        if self._in_panel:
            self._panel.move(1)

    def action_steer(self, by: int) -> None:
        self._keep_typed()
        if self._in_panel:
            self._panel.move(by)
        else:
            self._table.move(by)

    def action_page(self, by: int) -> None:
        """Move by as many rows as are in sight."""
        self._keep_typed()
        self._table.move(by * self._table.page_rows)

    def action_edge(self, last: int) -> None:
        """Go to the first or the last row."""
        self._keep_typed()
        self._table.mark((self._table.count or 1) - 1 if last else 0)

    def action_choose(self) -> None:
        self._keep_typed()
        if self._in_panel and self._panel.marked_key:
            self.action_filter(self._panel.marked_key.strip())
        elif self._table.marked_key:
            self.show_card((self._table.marked_key,))

    def action_narrow(self) -> None:
        """Choose a value to narrow the list by."""
        self._keep_typed()
        text = self._shown or ""
        search = facet_search(self.office.views, self._query, text)
        self.app.push_screen(ChoiceDialog(_("Filtrer"), search), self._narrowed)

    def _narrowed(self, text: str | None) -> None:
        if text is not None:
            self.action_filter(text)

    def action_tick(self) -> None:
        """Choose the marked row, or let it go, and step on."""
        key = self._table.marked_key
        if key:
            self._chosen = toggled(self._chosen, key)
            self._show_chosen()
            self._table.move(1)

    def action_tick_all(self) -> None:
        """Choose all that answer to the filter."""
        self._tick_all(self.office.views, self._query)

    @work(thread=True, group="ticks", exit_on_error=False)
    def _tick_all(self, views: Views, query: Query) -> None:
        try:
            self.post_message(self._Ticked(views.asset_ids(query)))
        except FleetError as error:
            self.post_message(VirtualTable.Failed(error))

    @on(_Ticked)
    def _show_ticked(self, message: _Ticked) -> None:
        self._chosen |= dict.fromkeys(message.ids)
        self._show_chosen()

    def action_untick(self) -> None:
        """Let go of all that was chosen."""
        self._chosen = {}
        self._show_chosen()

    def _show_chosen(self) -> None:
        self._table.chosen = self._chosen.keys()
        self._table.refresh()
        self._say()

    def action_act(self) -> None:
        """Do something with what is chosen, or with the marked row."""
        self._keep_typed()
        marked = self._table.marked_key
        assets = tuple(self._chosen) or ((marked,) if marked else ())
        if assets:
            act_on(self.ardoise, assets, self._acted)

    def _acted(self, operations: tuple[str, ...]) -> None:
        self._batch = operations
        self._reload()

    def action_undo(self) -> None:
        """Take the last batch back."""
        batch, self._batch = self._batch, ()
        if batch:
            self._undo(self.office, batch)

    @work(thread=True, group="undo", exit_on_error=False)
    def _undo(self, office: "Office", batch: tuple[str, ...]) -> None:
        try:
            self.post_message(self._Undone(len(office.undo_batch(batch))))
        except FleetError as error:
            self.post_message(VirtualTable.Failed(error))

    @on(_Undone)
    def _show_undone(self, message: _Undone) -> None:
        count = ngettext("{count} appareil", "{count} appareils", message.count).format(
            count=shown.number(message.count)
        )
        self.notify(_("Annulé : {assets}.").format(assets=count))
        self._reload()

    def _reload(self) -> None:
        text, self._shown = self._shown or "", None
        self._search(text)

    def action_back(self) -> None:
        if self._kept:
            self.action_filter("")
        else:
            super().action_back()
