"""The bench: sixteen slots as in the case, live; plan first, then apply."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.plan import Plan
from fleet.scan import Scan, ScannedTag
from tui import device_words
from tui.bench import SlotView
from tui.bench_port import BenchLike
from tui.commands import Command, bindings
from tui.glyphs import Glyph
from tui.i18n import _, ngettext
from tui.messages import SlotChanged
from tui.screens.page import BACK, Page
from tui.screens.plan import PlanDialog
from tui.widgets.bars import PlaceBar
from tui.widgets.slot_cell import SlotCell
from tui.widgets.status_line import StatusLine

PER_ROW = 4

AUDIT = Command("bench.audit", "f2", "audit", _("Contrôler"), _("Relire et comparer au profil."))
PLAN = Command("bench.plan", "f3", "plan", _("Plan"), _("Ce qui serait changé, et pourquoi."))
APPLY = Command(
    "bench.apply", "f5", "plan", _("Appliquer"), _("Montrer le plan, puis l’appliquer.")
)
CHOOSE = Command("bench.choose", "space", "pick", _("Choisir"))
ENROL = Command("bench.enrol", "f6", "enrol", _("Inscrire"), _("Inscrire les tablettes inconnues."))


class BenchScreen(Page[None]):
    """Slots and what is done to them; nothing is chosen, nothing is left out: all are meant."""

    PLACE = _("Banc")
    PROMPT = _("Scanner une étiquette pour trouver son emplacement")
    KEYS = (AUDIT, PLAN, APPLY, CHOOSE, ENROL, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((AUDIT, PLAN, APPLY, ENROL)),
        Binding("space", "pick", show=False, id=CHOOSE.id),
        Binding("left", "across(-1)", show=False),
        Binding("right", "across(1)", show=False),
    ]
    CSS_PATH = "bench.tcss"

    @dataclass
    class _Planned(Message):
        plans: dict[int, Plan]

    @dataclass
    class _Unplanned(Message):
        error: FleetError

    def __init__(self, bench: BenchLike) -> None:
        super().__init__()
        self._bench = bench
        self._views: dict[int, SlotView] = {}
        self._chosen: set[int] = set()
        self._marked = 0

    def body(self) -> Iterable[Widget]:
        self._views = {view.slot: view for view in self._bench.slots}
        yield Grid(*(SlotCell(id=f"slot-{slot}") for slot in self._views), id="slots")
        yield StatusLine(id="totals")

    def start(self) -> None:
        cart = self._bench.cart_name
        subject = _("Mallette {name}").format(name=cart) if cart else _("Sans mallette")
        profile = _("profil {name}").format(name=self._bench.profile_name)
        self.query_one(PlaceBar).subject = f"{subject} · {profile}"
        for slot, view in self._views.items():
            self._cell(slot).view = view
        self._draw()

    @on(SlotChanged)
    def _slot_changed(self, message: SlotChanged) -> None:
        view = message.view
        if view.slot in self._views:
            self._views[view.slot] = view
            self._cell(view.slot).view = view
            self._draw_totals()

    def _cell(self, slot: int) -> SlotCell:
        return self.query_one(f"#slot-{slot}", SlotCell)

    def _draw(self) -> None:
        for index, slot in enumerate(self._views):
            cell = self._cell(slot)
            cell.set_class(index == self._marked, "-marked")
            cell.chosen = slot in self._chosen
        self._draw_totals()

    def _draw_totals(self) -> None:
        counted = Counter(_group(view) for view in self._views.values())
        parts = [_GROUPS[group](counted[group]) for group in _GROUPS if counted[group]]
        chosen = len(self._chosen)
        right = (
            ngettext("{count} choisie", "{count} choisies", chosen).format(count=chosen)
            if chosen
            else ""
        )
        self.query_one("#totals", StatusLine).show(" · ".join(parts), right)

    @property
    def _meant(self) -> Collection[int] | None:
        """The chosen slots, or all."""
        return frozenset(self._chosen) or None

    def scanned(self, scan: Scan) -> None:
        """Mark the slot of a scanned tablet; open the card of one that has none."""
        tag = scan.code.value if isinstance(scan, ScannedTag) else None
        for index, view in enumerate(self._views.values()):
            if tag is not None and tag in (view.tag, view.expected):
                self._marked = index
                self._draw()
                return
        self.open_card(scan)

    def action_steer(self, by: int) -> None:
        self._mark(self._marked + by * PER_ROW)

    def action_across(self, by: int) -> None:
        """Mark the next slot, or the one before."""
        self._mark(self._marked + by)

    def _mark(self, index: int) -> None:
        if 0 <= index < len(self._views):
            self._marked = index
            self._draw()

    def action_pick(self) -> None:
        """Choose the marked slot, or leave it out again."""
        slots = list(self._views)
        if slots:
            self._chosen ^= {slots[self._marked]}
            self._draw()

    def action_choose(self) -> None:
        self.ardoise.clear_line()
        slots = list(self._views)
        tag = self._views[slots[self._marked]].tag if slots else None
        if tag:
            self.show_card((tag,))

    def action_audit(self) -> None:
        """Read and judge."""
        self._bench.audit(self._meant)

    def action_enrol(self) -> None:
        """Register the tablets that the register does not know."""
        unknown = {
            slot
            for slot, view in self._views.items()
            if view.phase.value == "read"
            and view.tag is None
            and (not self._chosen or slot in self._chosen)
        }
        if unknown:
            self._bench.enrol(frozenset(unknown))
        else:
            self.notify(_("Aucune tablette à inscrire : toutes sont connues."))

    @work(thread=True, exclusive=True, group="plan", exit_on_error=False)
    def action_plan(self) -> None:
        """Work the plans out, then show them."""
        try:
            self.post_message(self._Planned(self._bench.plans()))
        except FleetError as error:
            self.post_message(self._Unplanned(error))

    @on(_Unplanned)
    def _report(self, message: _Unplanned) -> None:
        self.ardoise.report(message.error)

    @on(_Planned)
    @work
    async def _ask(self, message: _Planned) -> None:
        plans = {
            slot: plan
            for slot, plan in message.plans.items()
            if not self._chosen or slot in self._chosen
        }
        if not plans:
            self.notify(_("Aucune tablette lue : F2 pour contrôler d’abord."))
            return
        tags = {slot: view.tag for slot, view in self._views.items()}
        wanted = await self.app.push_screen_wait(PlanDialog(plans, tags))
        if wanted:
            self._bench.apply(frozenset(wanted))

    def action_back(self) -> None:
        """Stop what is under way; with nothing under way, leave."""
        if self._bench.busy:
            self._bench.cancel()
            self.notify(_("Arrêt après l’étape en cours…"))
        else:
            super().action_back()


def _group(view: SlotView) -> str:
    look = device_words.slot_look(view)
    match look.glyph:
        case Glyph.PRESENT:
            return "compliant"
        case Glyph.BUSY:
            return "busy"
        case Glyph.BAD:
            return "failed"
        case Glyph.EMPTY:
            return "empty"
        case Glyph.UNKNOWN:
            return "unknown"
        case _:
            return "prompt" if view.phase.value == "prompt" else "drifted"


_GROUPS = {
    "compliant": lambda count: ngettext("{count} conforme", "{count} conformes", count).format(
        count=count
    ),
    "drifted": lambda count: ngettext("{count} à configurer", "{count} à configurer", count).format(
        count=count
    ),
    "busy": lambda count: ngettext("{count} en cours", "{count} en cours", count).format(
        count=count
    ),
    "prompt": lambda count: ngettext("{count} à autoriser", "{count} à autoriser", count).format(
        count=count
    ),
    "failed": lambda count: ngettext("{count} en échec", "{count} en échec", count).format(
        count=count
    ),
    "unknown": lambda count: ngettext("{count} inconnue", "{count} inconnues", count).format(
        count=count
    ),
    "empty": lambda count: ngettext("{count} vide", "{count} vides", count).format(count=count),
}
