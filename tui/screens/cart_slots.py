"""The slots of one cart: what is there, lent, in repair, misplaced; a key for each gesture."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError, NotFound
from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from fleet.views import AssetCard, AssetRow, SlotRow, SlotState
from tui import carts_words, words
from tui import format as shown
from tui.commands import Command, bindings
from tui.glyphs import Glyph
from tui.i18n import _, ngettext
from tui.screens import cart_gestures
from tui.screens.card import find_card
from tui.screens.cart_gestures import Done
from tui.screens.choice import ChoiceDialog
from tui.screens.page import BACK, Page
from tui.widgets.bars import PlaceBar
from tui.widgets.cart_cell import CartCell
from tui.widgets.scan_gate import lookup_candidates
from tui.widgets.status_line import StatusLine

PER_ROW = 4
FITTING = 16
"""Slots that the smallest terminal shows at once; more of them scroll."""

UNDO = Command("cart.undo", "f2", "undo", _("Annuler"), _("Annuler le dernier geste."))
PUT = Command("cart.place", "f3", "place", _("Ranger"), _("Ranger ce qui vient d’être scanné."))
SWAP = Command("cart.swap", "f4", "swap", _("Échanger"), _("Échanger deux emplacements."))
LEND = Command("cart.lend", "f5", "lend", _("Prêter"), _("Prêter la mallette et son contenu."))
RETURN = Command("cart.return", "f6", "return", _("Reprendre"), _("Reprendre ce qui est revenu."))
LEAVE = Command("cart.leave", "space", "leave", _("Laisser"))


class CartScreen(Page[None]):
    """The slots of one cart; a scan shows what would be placed, a key places it."""

    PLACE = _("Mallette")
    PROMPT = _("Scanner une tablette à ranger dans l’emplacement choisi")
    KEYS = (UNDO, PUT, SWAP, LEND, RETURN, LEAVE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((UNDO, PUT, SWAP, LEND, RETURN)),
        Binding("space", "leave", show=False, id=LEAVE.id),
        Binding("left", "across(-1)", show=False),
        Binding("right", "across(1)", show=False),
    ]
    CSS_PATH = "cart_slots.tcss"

    @dataclass
    class _Loaded(Message):
        card: AssetCard
        slots: tuple[SlotRow, ...]
        done: Done | None = None

    @dataclass
    class _Failed(Message):
        error: FleetError
        retry: Callable[[], Done] | None = None
        """The same gesture with what is possible of it."""

    @dataclass
    class _Scanned(Message):
        asset: AssetRow

    def __init__(self, cart: str) -> None:
        super().__init__()
        self._wanted = cart
        self._cart: AssetRow | None = None
        self._slots: tuple[SlotRow, ...] = ()
        self._marked = 0
        self._left: set[int] = set()
        """Slots whose content stays, or did not come back."""
        self._first: int | None = None
        """The first slot of two that change places."""
        self._asset: AssetRow | None = None
        """What was scanned and waits to be placed."""
        self._last: str | None = None
        self._working = False

    def body(self) -> Iterable[Widget]:
        yield Grid(id="slots")
        yield StatusLine(id="preview")
        yield StatusLine(id="totals")

    def start(self) -> None:
        self._work_on(None)

    # what blocks

    def _work_on(
        self, gesture: Callable[[], Done] | None, retry: Callable[[], Done] | None = None
    ) -> None:
        if self._working:
            self.notify(_("Un instant : le geste précédent n’est pas fini."))
            return
        self._working = True
        self._perform(gesture, retry)

    @work(thread=True, group="cart", exit_on_error=False)
    def _perform(
        self, gesture: Callable[[], Done] | None, retry: Callable[[], Done] | None
    ) -> None:
        views = self.office.views
        try:
            done = gesture() if gesture else None
            card = views.asset(self._wanted)
            if card is None:
                raise NotFound("asset.unknown", tag=self._wanted)
            self.post_message(self._Loaded(card, views.slots(self._wanted), done))
        except FleetError as error:
            self.post_message(self._Failed(error, retry))

    @on(_Loaded)
    async def _show(self, message: _Loaded) -> None:
        self._working = False
        self._cart = message.card.row
        if len(message.slots) != len(self._slots):
            grid = self.query_one("#slots", Grid)
            await grid.remove_children()
            await grid.mount(*(CartCell(id=f"slot-{each.slot}") for each in message.slots))
            grid.set_class(len(message.slots) > FITTING, "-many")
        self._slots = message.slots
        if message.done is not None:
            self._last = message.done.operation
            self._asset = self._first = None
            self._left.clear()
            self.ardoise.play(accepted=True)
        self._draw(message.done.text if message.done else "")

    @on(_Failed)
    @work
    async def _report(self, message: _Failed) -> None:
        self._working = False
        self.ardoise.report(message.error)
        if message.retry is not None and message.error.code == "cart.content_lent":
            dialog = ChoiceDialog(
                _("Certaines sont en prêt ailleurs"), cart_gestures.rest_or_nothing
            )
            if await self.app.push_screen_wait(dialog):
                self._work_on(message.retry)

    # what is on the screen

    def _draw(self, said: str = "") -> None:
        for index, slot in enumerate(self._slots):
            cell = self.query_one(f"#slot-{slot.slot}", CartCell)
            cell.view = slot
            cell.left_out = slot.slot in self._left
            cell.swapped = slot.slot == self._first
            cell.set_class(index == self._marked, "-marked")
            if index == self._marked:
                cell.scroll_visible(animate=False)
        cart = self._cart
        if cart is not None:
            look = words.STATES[cart.state]
            who = f" {Glyph.LENT} {cart.borrower_name}" if cart.borrower_name else ""
            name = cart.name or shown.tag(cart.tag)
            self.query_one(PlaceBar).subject = f"{name} · {look}{who}"
        self.query_one("#preview", StatusLine).show(said or self._preview())
        self._draw_totals()

    def _preview(self) -> str:
        slot = self._marked_slot
        if slot is None:
            return _("Cette mallette n’a pas d’emplacement.") if self._cart else ""
        if self._asset is not None:
            text = _("{tag} → emplacement {slot} : F3 pour ranger")
            return text.format(tag=shown.tag(self._asset.tag), slot=slot.slot)
        if self._first is not None:
            text = _("Emplacement {first} : choisir l’autre, puis F4")
            return text.format(first=self._first)
        return ""

    def _draw_totals(self) -> None:
        there = dict.fromkeys(SlotState, 0)
        for slot in self._slots:
            there[slot.state] += 1
        parts = [carts_words.slots(state, count) for state, count in there.items() if count]
        left = len(self._left)
        right = ngettext("{count} laissée", "{count} laissées", left) if left else ""
        self.query_one("#totals", StatusLine).show(" · ".join(parts), right.format(count=left))

    @property
    def _marked_slot(self) -> SlotRow | None:
        return self._slots[self._marked] if self._marked < len(self._slots) else None

    # what is scanned

    def scanned(self, scan: Scan) -> None:
        """Keep what was scanned for the marked slot; nothing is written."""
        is_other = isinstance(scan, ScannedTag) and scan.code.kind is not CodeKind.ASSET
        if is_other or isinstance(scan, Misread):
            super().scanned(scan)
        else:
            self._find(lookup_candidates(scan))

    @work(thread=True, group="scan", exit_on_error=False)
    def _find(self, candidates: tuple[str, ...]) -> None:
        try:
            self.post_message(self._Scanned(find_card(self.office.views, candidates).row))
        except FleetError as error:
            self.post_message(self._Failed(error))

    @on(_Scanned)
    def _keep(self, message: _Scanned) -> None:
        self._asset = message.asset
        self._first = None
        self._draw()

    # commands

    def action_steer(self, by: int) -> None:
        self._mark(self._marked + by * PER_ROW)

    def action_across(self, by: int) -> None:
        """Mark the next slot, or the one before."""
        self._mark(self._marked + by)

    def _mark(self, index: int) -> None:
        if 0 <= index < len(self._slots):
            self._marked = index
            self._draw()

    def action_choose(self) -> None:
        self.ardoise.clear_line()
        slot = self._marked_slot
        if slot is not None and slot.asset is not None:
            self.show_card((slot.asset.id,))

    def action_leave(self) -> None:
        """Leave the marked slot out of the next loan or return, or take it in again."""
        slot = self._marked_slot
        if slot is not None and slot.asset is not None:
            self._left ^= {slot.slot}
            self._draw()

    def action_place(self) -> None:
        """Put what was scanned into the marked slot."""
        cart, slot, asset = self._cart, self._marked_slot, self._asset
        if cart is None or slot is None or asset is None:
            self.notify(_("Scanner d’abord la tablette à ranger."))
        else:
            self._work_on(lambda: cart_gestures.place(self.office, cart, slot.slot, asset))

    def action_swap(self) -> None:
        """Choose the first slot, then let it change places with the marked one."""
        cart, second = self._cart, self._marked_slot
        if cart is None or second is None:
            return
        first = next((each for each in self._slots if each.slot == self._first), None)
        if first is None or first.slot == second.slot:
            self._first = second.slot if first is None else None
            self._asset = None
            self._draw()
        else:
            self._work_on(lambda: cart_gestures.swap(self.office, cart, first, second))

    @work(exclusive=True, group="lend")
    async def action_lend(self) -> None:
        """Ask for a teacher and lend the cart."""
        cart, without = self._cart, self._left_tags
        if cart is None:
            return
        office = self.office
        search = partial(cart_gestures.borrowers, office.views, cart.school)
        person = await self.app.push_screen_wait(ChoiceDialog(_("Prêter à"), search))
        if person is not None:
            lend = partial(cart_gestures.lend, office, cart, person, without)
            self._work_on(partial(lend, partial=False), partial(lend, partial=True))

    def action_return(self) -> None:
        """Take the cart back with what came."""
        cart, without = self._cart, self._left_tags
        if cart is not None:
            self._work_on(lambda: cart_gestures.take_back(self.office, cart, without))

    def action_undo(self) -> None:
        """Take the last gesture back."""
        self._work_on(lambda: cart_gestures.undo(self.office, self._last))

    @property
    def _left_tags(self) -> tuple[str, ...]:
        rows = [each.asset for each in self._slots if each.slot in self._left]
        return tuple(each.tag for each in rows if each is not None and each.tag)

    def action_back(self) -> None:
        """Forget what was begun; with nothing begun, leave."""
        if self._asset is not None or self._first is not None:
            self._asset = self._first = None
            self._draw()
        else:
            super().action_back()
