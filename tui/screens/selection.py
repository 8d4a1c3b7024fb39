"""What may be done with a selection of assets: the gestures, and the places they may go to."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fleet import movements
from fleet.kinds import AssetKind
from fleet.names import fold_name
from fleet.query import Compare, Query, Term
from fleet.usecases.bulk import Order
from fleet.views import AssetRow, SchoolRow, Views
from tui import format as shown
from tui import words
from tui.i18n import _
from tui.lists_words import GESTURES
from tui.screens.bulk import BulkDialog
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.desk_choices import schools
from tui.screens.sheet import SheetDialog

if TYPE_CHECKING:
    from tui.app import ArdoiseApp

LABELS = "labels"
_CARTS = 50

Done = Callable[[tuple[str, ...]], None]
"""Called with the operations that stand, when something was applied."""


def act_on(app: "ArdoiseApp", assets: Sequence[str], done: Done) -> None:
    """Ask what to do with ``assets`` and go through it."""

    def chosen(gesture: str | None) -> None:
        if gesture == LABELS:
            app.push_screen(SheetDialog(assets))
        elif gesture is not None:
            order_for(app, gesture, assets, done)

    title = _("Agir sur {assets}").format(assets=words.assets(len(assets)))
    app.push_screen(ChoiceDialog(title, gestures), chosen)


def gestures(text: str) -> Sequence[Choice[str]]:
    """What can be done with any selection."""
    offered = [*GESTURES.items(), (LABELS, _("Imprimer les étiquettes"))]
    wanted = fold_name(text)
    return [Choice(code, label) for code, label in offered if wanted in fold_name(label)]


def order_for(app: "ArdoiseApp", gesture: str, assets: Sequence[str], done: Done) -> None:
    """Ask where to, when the gesture needs a place, and show what it would do."""
    assert app.office is not None
    views = app.office.views

    def show(order: Order, target: str = "") -> None:
        app.push_screen(BulkDialog(GESTURES[gesture], order, target), answered)

    def answered(operations: tuple[str, ...] | None) -> None:
        if operations is not None:
            done(operations)

    def to_school(school: SchoolRow | None) -> None:
        if school is not None:
            show(Order(gesture, assets, school=school.uai), school.name)

    def to_cart(cart: AssetRow | None) -> None:
        if cart is not None:
            show(Order(gesture, assets, cart=cart.id), cart_name(cart))

    match gesture:
        case movements.MOVED:
            app.push_screen(
                ChoiceDialog(_("Vers quelle école ?"), partial(schools, views)), to_school
            )
        case movements.PLACED:
            app.push_screen(
                ChoiceDialog(_("Dans quelle mallette ?"), partial(carts, views)), to_cart
            )
        case _:
            show(Order(gesture, assets))


def carts(views: Views, text: str) -> Sequence[Choice[AssetRow]]:
    """The first carts that match."""
    of_kind = Term("kind", Compare.IS, AssetKind.CART.value)
    query = Query((of_kind,), tuple(fold_name(text).split()))
    return [
        Choice(row, cart_name(row), row.school_name or row.school or "")
        for row in views.assets(query, limit=_CARTS).items
    ]


def cart_name(row: AssetRow) -> str:
    """What people call a cart."""
    return row.name or shown.tag(row.tag)


def toggled(chosen: dict[str, None], key: str) -> dict[str, None]:
    """``chosen`` with ``key``, or without it when it was there."""
    if key in chosen:
        return {each: None for each in chosen if each != key}
    return {**chosen, key: None}
