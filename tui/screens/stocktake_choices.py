"""What the stocktake screen lets choose: one under way, a new one, and where. May block."""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.kinds import AssetKind
from fleet.names import fold_name
from fleet.query import Compare, Query, Term
from fleet.stocktake_report import StocktakeRow
from fleet.views import SchoolRow, Views
from tui import format as shown
from tui import stocktake_words, words
from tui.i18n import _
from tui.screens.choice import Choice, Value

CARTS = 100


@dataclass(frozen=True, slots=True)
class Resumed:
    """A stocktake to go on with; None begins a new one."""

    row: StocktakeRow | None


@dataclass(frozen=True, slots=True)
class Where:
    """The whole school, one of its rooms, or a cart (by id)."""

    room: str | None = None
    cart: str | None = None


def under_way(views: Views, text: str) -> Sequence[Choice[Resumed]]:
    """The open stocktakes, then a new one."""
    found = [
        Choice(
            Resumed(row),
            stocktake_words.place(row),
            f"{shown.since(row.opened_at)} · {stocktake_words.missing(row.missing)}",
        )
        for row in views.stocktaking.stocktakes(open_only=True)
    ]
    return _matching([*found, Choice(Resumed(None), _("Nouveau récolement"))], text)


def places(views: Views, school: SchoolRow, text: str) -> Sequence[Choice[Where]]:
    """The whole school, its rooms, its carts."""
    whole = Choice(Where(), _("Toute l’école"), words.assets(school.assets))
    rooms = [
        Choice(Where(room=name), _("Salle {room}").format(room=name), words.assets(count))
        for name, count in views.stocktaking.rooms(school.uai)
    ]
    carts = Query(
        (
            Term("kind", Compare.IS, AssetKind.CART.value),
            Term("school", Compare.IS, school.uai),
        )
    )
    inside = [
        Choice(Where(cart=row.id), _("Mallette {cart}").format(cart=row.name or shown.tag(row.tag)))
        for row in views.assets(carts, limit=CARTS).items
    ]
    return _matching([whole, *rooms, *inside], text)


def _matching(choices: Sequence[Choice[Value]], text: str) -> Sequence[Choice[Value]]:
    wanted = fold_name(text)
    return [each for each in choices if wanted in fold_name(each.label)]
