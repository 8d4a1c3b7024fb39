"""Every cart with what is in it; one of them opens its slots."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from fleet.kinds import AssetKind
from fleet.query import Compare, Query, Term
from fleet.tags import ALPHABET
from fleet.views import CartRow
from tui import carts_words, words
from tui import format as shown
from tui.commands import Command
from tui.glyphs import Tone
from tui.i18n import _, ngettext
from tui.screens.cart_slots import CartScreen
from tui.screens.page import BACK, Page
from tui.widgets.bars import PlaceBar
from tui.widgets.keyset import KeysetSource
from tui.widgets.toned import Span
from tui.widgets.virtual_table import Column, Row, VirtualTable

COLUMNS = (
    Column(_("État"), 15),
    Column(_("Mallette"), 12),
    Column(_("Contenu"), 0),
    Column(_("École"), 22),
    Column(_("Emprunteur"), 22, from_width=110),
)
OPEN = Command("carts.open", "enter", "choose", _("↑↓ puis Entrée : emplacements"))


class CartsScreen(Page[None]):
    """Every cart, by school; typing narrows the list."""

    PLACE = _("Mallettes")
    PROMPT = _("Chercher une mallette, une école")
    KEYS = (OPEN, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def body(self) -> Iterable[Widget]:
        yield VirtualTable(COLUMNS)

    def start(self) -> None:
        self._table.empty_text = _("Aucune mallette.")
        self._search("")

    @on(events.ScreenResume)
    def _look_again(self) -> None:
        self._search(self.ardoise.typed)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def _search(self, text: str) -> None:
        views = self.office.views
        query = Query((Term("kind", Compare.IS, AssetKind.CART.value),), tuple(text.split()))
        self._table.show(
            KeysetSource(
                lambda: views.count_assets(query),
                lambda limit, after: views.carts(query, limit=limit, after=after),
                _cart_row,
            )
        )

    @on(VirtualTable.Loaded)
    def _say_count(self, message: VirtualTable.Loaded) -> None:
        text = ngettext("{count} mallette", "{count} mallettes", message.count)
        self.query_one(PlaceBar).subject = text.format(count=shown.number(message.count))

    @on(VirtualTable.Failed)
    def _say_failed(self, message: VirtualTable.Failed) -> None:
        self.ardoise.report(message.error)

    @on(VirtualTable.Opened)
    def _open(self, message: VirtualTable.Opened) -> None:
        self._open_cart(message.key)

    def _open_cart(self, key: str) -> None:
        self.ardoise.clear_line()
        self.app.push_screen(CartScreen(key))

    def typed_changed(self, text: str) -> None:
        # Capitals of our alphabet alone are most likely a scan under way.
        if not text or not set(text) <= set(ALPHABET):
            self._search(text)

    def action_steer(self, by: int) -> None:
        self._table.move(by)

    def action_page(self, by: int) -> None:
        """Move by as many rows as are in sight."""
        self._table.move(by * self._table.page_rows)

    def action_choose(self) -> None:
        if self._table.marked_key:
            self._open_cart(self._table.marked_key)


def _cart_row(cart: CartRow) -> Row:
    row = cart.row
    look = words.STATES[row.state]
    return Row(
        row.id,
        (
            Span(str(look), look.tone),
            Span(row.name or shown.tag(row.tag), Tone.STRONG),
            Span(carts_words.content(cart)),
            Span(shown.short_school(row.school_name or row.school or "")),
            Span(row.borrower_name or ""),
        ),
    )
