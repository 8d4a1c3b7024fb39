"""The first screen: what needs a person today, and the way to everything else.

It paints before the database is open, and fills in when it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.query import Compare, Query, Term
from fleet.views import Figures
from tui import format as shown
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import Page
from tui.sentences import sentence
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.toned import Span

if TYPE_CHECKING:
    from tui.office import Office

LEND = Command("home.lend", "f2", "lend", _("Guichet"), _("Prêter à une classe."))
RETURN = Command("home.return", "f3", "return", _("Retours"), _("Reprendre une pile de tablettes."))
FLEET = Command("home.fleet", "f4", "fleet('')", _("Parc"), _("Chercher un appareil."))
BENCH = Command("home.bench", "f5", "bench", _("Banc"), _("Contrôler et configurer par câble."))
INTAKE = Command("home.intake", "f6", "intake", _("Entrées"), _("Importer, inscrire."))
STOCKTAKE = Command(
    "home.stocktake", "f8", "stocktake", _("Récolement"), _("Compter ce qui est là.")
)
CARTS = Command("home.carts", "f7", "carts", _("Mallettes"), _("Emplacements et prêts entiers."))
ENDING_WARRANTIES = "warranty:soon -state:retired"

QUIT = Command("app.quit", "ctrl+q", "quit", _("Quitter"))


@dataclass(frozen=True, slots=True)
class Summary:
    """What the home screen says."""

    figures: Figures
    damaged: int
    not_compliant: int
    warranties: int
    """That end within 90 days."""


def summary(office: "Office", today: date) -> Summary:
    """Count what there is and what needs somebody."""
    views = office.views

    def count(key: str, value: str) -> int:
        return views.count_assets(Query((Term(key, Compare.IS, value),)))

    return Summary(
        views.figures(today),
        count("state", "damaged"),
        count("compliant", "no"),
        views.ending_warranties(today),
    )


class HomeScreen(Page[None]):
    """Attention first, then the figures."""

    KEYS = (LEND, RETURN, FLEET, BENCH, INTAKE, STOCKTAKE, CARTS, QUIT)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((LEND, RETURN, FLEET, BENCH, INTAKE, STOCKTAKE, CARTS))
    ]
    CSS_PATH = "home.tcss"

    @dataclass
    class _Counted(Message):
        summary: Summary

    @dataclass
    class _Uncounted(Message):
        error: FleetError

    def body(self) -> Iterable[Widget]:
        yield Container(LineList(id="attention"), LineList(id="figures"), id="lists")

    def start(self) -> None:
        attention = self.query_one("#attention", LineList)
        attention.border_title = _("Aujourd’hui")
        attention.empty_text = _("Ouverture de la base…")
        self.query_one("#figures", LineList).border_title = _("Le parc")

    def open(self, office: "Office") -> None:
        """The office is there: show its figures."""
        if not self.is_attached:
            return
        from tui.widgets.bars import PlaceBar

        self.query_one(PlaceBar).who = office.author
        self._count(office)

    def fail(self, error: FleetError) -> None:
        """There will be no office: say why."""
        if not self.is_attached:  # closed while the database was being opened
            return
        words = sentence(error)
        self.query_one("#attention", LineList).show(
            [
                ListLine((Span(f"{Glyph.BAD} ", Tone.BAD), Span(words.what))),
                ListLine.of(f"  {words.remedy}"),
            ]
        )

    @on(events.ScreenResume)
    def _count_again(self) -> None:
        if self.ardoise.office is not None:
            self._count(self.ardoise.office)

    @work(thread=True, exclusive=True, group="figures", exit_on_error=False)
    def _count(self, office: "Office") -> None:
        today = self.ardoise.clock().astimezone().date()
        try:
            self.post_message(self._Counted(summary(office, today)))
        except FleetError as error:
            self.post_message(self._Uncounted(error))

    @on(_Uncounted)
    def _report(self, message: _Uncounted) -> None:
        self.fail(message.error)

    @on(_Counted)
    def _show(self, message: _Counted) -> None:
        attention = _attention(message.summary)
        self.query_one("#attention", LineList).show(attention)
        self.query_one("#figures", LineList).show(_figures(message.summary.figures))

    def action_steer(self, by: int) -> None:
        self.query_one("#attention", LineList).move(by)

    def action_choose(self) -> None:
        query = self.query_one("#attention", LineList).marked_key
        self.ardoise.clear_line()
        if query:
            self.action_fleet(query)

    def action_lend(self) -> None:
        """Go to the desk and serve a class."""
        self._desk("roll")

    def action_return(self) -> None:
        """Go to the desk and take tablets back."""
        self._desk("return")

    def _desk(self, mode: str) -> None:
        if self._is_open():
            from tui.screens.desk import DeskScreen
            from tui.screens.desk_outcomes import Mode

            self.app.push_screen(DeskScreen(Mode(mode)))

    def action_fleet(self, query: str) -> None:
        """Go to the fleet list."""
        if self._is_open():
            from tui.screens.fleet_list import FleetScreen

            self.app.push_screen(FleetScreen(query))

    def action_intake(self) -> None:
        """Go to what comes in: files, and boxes one by one."""
        if self._is_open():
            from tui.screens.intake import ImportScreen

            self.app.push_screen(ImportScreen())

    def action_carts(self) -> None:
        """Go to the carts."""
        if self._is_open():
            from tui.screens.carts import CartsScreen

            self.app.push_screen(CartsScreen())

    def action_bench(self) -> None:
        """Go to the bench."""
        if not self._is_open():
            return
        if self.ardoise.bench is None:
            self.notify(_("Aucun banc sur cet ordinateur."))
            return
        from tui.screens.bench import BenchScreen

        self.app.push_screen(BenchScreen(self.ardoise.bench))

    def action_stocktake(self) -> None:
        """Go to the stocktake."""
        if self._is_open():
            from tui.screens.stocktake import StocktakeScreen

            self.app.push_screen(StocktakeScreen())

    def _is_open(self) -> bool:
        if self.ardoise.office is None:
            self.notify(_("La base n’est pas encore ouverte."))
        return self.ardoise.office is not None

    def action_back(self) -> None:
        """There is nothing before the first screen."""
        self.notify(_("Ctrl+Q quitte Ardoise."))


def _attention(summary: Summary) -> list[ListLine]:
    figures = summary.figures
    wanting = [
        (
            figures.conflicts,
            Glyph.BAD,
            Tone.BAD,
            ngettext(
                "{count} conflit à résoudre", "{count} conflits à résoudre", figures.conflicts
            ),
            "",
        ),
        (
            figures.late,
            Glyph.WARN,
            Tone.WARN,
            ngettext("{count} prêt en retard", "{count} prêts en retard", figures.late),
            "state:lent",
        ),
        (
            summary.damaged,
            Glyph.WARN,
            Tone.WARN,
            ngettext(
                "{count} appareil rendu abîmé, à examiner",
                "{count} appareils rendus abîmés, à examiner",
                summary.damaged,
            ),
            "state:damaged",
        ),
        (
            summary.not_compliant,
            Glyph.WARN,
            Tone.WARN,
            ngettext(
                "{count} tablette non conforme",
                "{count} tablettes non conformes",
                summary.not_compliant,
            ),
            "compliant:no",
        ),
        (
            summary.warranties,
            Glyph.WARN,
            Tone.WARN,
            ngettext(
                "{count} garantie finit dans les 90 jours",
                "{count} garanties finissent dans les 90 jours",
                summary.warranties,
            ),
            ENDING_WARRANTIES,
        ),
    ]
    lines = [
        ListLine((Span(f"{glyph} ", tone), Span(text.format(count=shown.number(count)))), query)
        for count, glyph, tone, text, query in wanting
        if count
    ]
    return lines or [ListLine((Span(f"{Glyph.DONE} ", Tone.OK), Span(_("Tout est en ordre."))))]


def _figures(figures: Figures) -> list[ListLine]:
    named = [
        (_("écoles"), figures.schools),
        (_("personnes"), figures.people),
        (_("appareils"), figures.assets),
        (_("dont tablettes"), figures.tablets),
        (_("mallettes"), figures.carts),
        (_("serveurs Kwartz"), figures.servers),
        (_("prêts en cours"), figures.open_loans),
        (_("opérations au registre"), figures.operations),
    ]
    return [
        ListLine((Span(f"{shown.number(count):>9}  ", Tone.STRONG), Span(name)))
        for name, count in named
    ]
