"""Any tag on any screen or dialog only does what a scan means there; most write nothing."""

from collections.abc import Sequence

import pytest
from pilot_world import FakeBench, World, press, scan, screen_text, settle, type_in
from textual.binding import Binding, BindingType

from fleet.tags import ALPHABET, CodeKind, draw_code
from tui.app import ArdoiseApp
from tui.commands import TWINS, Command
from tui.screens.accessories import AccessoriesDialog
from tui.screens.bench import BenchScreen
from tui.screens.bulk import BulkDialog
from tui.screens.card import CardScreen
from tui.screens.cart_slots import CartScreen
from tui.screens.carts import CartsScreen
from tui.screens.choice import ChoiceDialog
from tui.screens.desk import DeskScreen
from tui.screens.desk_keys import KEYS_OF
from tui.screens.fleet_list import FleetScreen
from tui.screens.home import HomeScreen
from tui.screens.intake import ImportScreen
from tui.screens.page import Dialog, Page
from tui.screens.plan import PlanDialog
from tui.screens.register import RegisterScreen
from tui.screens.sheet import SheetDialog
from tui.screens.stocktake import StocktakeScreen
from tui.screens.stocktake_closing import ClosingDialog

NEW_STOCKTAKE = ("f8", "down", "enter", "down", "enter", "down", "enter")

WAYS: dict[str, tuple[Sequence[str], type]] = {
    "home": ((), HomeScreen),
    "fleet": (("f4",), FleetScreen),
    "fleet, marked": (("f4", "down"), FleetScreen),
    "fleet, chosen": (("f4", "down", "space"), FleetScreen),
    "filters": (("f4", "f3", "down"), ChoiceDialog),
    "gestures": (("f4", "down", "f6", "down"), ChoiceDialog),
    "bulk": (("f4", "down", "f6", "down", "down", "down", "enter"), BulkDialog),
    "retirement": (("f4", "down", "f6", *("down",) * 7, "enter"), BulkDialog),
    "sheet": (("f4", "down", "f6", *("down",) * 8, "enter"), SheetDialog),
    "card": (("f4", "down", "enter"), CardScreen),
    "bench": (("f5",), BenchScreen),
    "bench, chosen": (("f5", "space"), BenchScreen),
    "plan": (("f5", "f5"), PlanDialog),
    "carts": (("f7",), CartsScreen),
    "carts, marked": (("f7", "down"), CartsScreen),
    "cart": (("f7", "down", "enter"), CartScreen),
    "cart, a swap begun": (("f7", "down", "enter", "right", "f4"), CartScreen),
    "cart, a slot left out": (("f7", "down", "enter", "space"), CartScreen),
    "cart, borrower": (("f7", "down", "enter", "f5"), ChoiceDialog),
    "school": (("f2",), ChoiceDialog),
    "school, marked": (("f2", "down"), ChoiceDialog),
    "class": (("f2", "down", "enter"), ChoiceDialog),
    "desk without a class": (("f2", "escape"), DeskScreen),
    "desk": (("f2", "down", "enter", "down", "enter", "f6"), DeskScreen),
    "returns": (("f3", "down", "enter", "down", "enter"), DeskScreen),
    "accessories": (("f2", "down", "enter", "down", "enter", "f3"), AccessoriesDialog),
    "date": (("f2", "down", "enter", "down", "enter", "f7"), ChoiceDialog),
    "intake": (("f6",), ImportScreen),
    "intake, school": (("f6", "f4"), ChoiceDialog),
    "register": (("f6", "f6"), RegisterScreen),
    "register, model": (("f6", "f6", "f4"), ChoiceDialog),
    "date, marked": (("f2", "down", "enter", "down", "enter", "f7", "down"), ChoiceDialog),
    "stocktake, none chosen": (("f8", "escape"), StocktakeScreen),
    "stocktake": (NEW_STOCKTAKE, StocktakeScreen),
    "stocktake, closing": ((*NEW_STOCKTAKE, "f2"), ClosingDialog),
}

SIGHTED = {"stocktake", "stocktake, closing"}
"""Where a scan means a sighting, and writes nothing else."""


def subclasses(cls: type) -> set[type]:
    below: list[type] = cls.__subclasses__()
    return {cls}.union(*(subclasses(each) for each in below))


@pytest.mark.parametrize("way", WAYS)
async def test_a_tag_and_its_enter_write_nothing(world: World, way: str) -> None:
    keys, expected = WAYS[way]
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        assert isinstance(app.screen, expected)
        before = world.operations()
        for code in (world.tags[0], world.tags[0].lower(), world.tags[4], world.tags[1][:6]):
            await scan(pilot, code)
        await press(pilot, "enter", "enter")
        if way in SIGHTED:
            assert world.kinds_since(before) == ["stocktake.scanned"] * 3
            (stocktake,) = world.office.views.stocktaking.stocktakes()
            assert stocktake.is_open
        else:
            assert world.operations() == before
        assert bench.asked == []
        assert screen_text(app).strip()


def test_every_screen_and_dialog_is_tried() -> None:
    tried = {screen for _keys, screen in WAYS.values()}
    assert subclasses(Page) - {Page, Dialog} == tried


async def test_where_a_scan_means_a_loan_it_makes_exactly_one(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f2", "down", "enter", "down", "enter")
        before = world.operations()
        await scan(pilot, world.tags[0], world.tags[0])
        assert world.operations() == before + 1


def test_no_letter_is_bound_anywhere() -> None:
    letters = set(ALPHABET) | set(ALPHABET.lower())
    for screen in (*subclasses(Page), ArdoiseApp):
        declared: list[BindingType] = vars(screen).get("BINDINGS", [])
        for binding in Binding.make_bindings(declared):
            assert binding.key not in letters
            assert len(binding.key) > 1, f"{screen.__name__} binds {binding.key}"


def test_every_function_key_has_a_twin_that_terminals_let_through() -> None:
    taken = {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+j", "ctrl+c", "ctrl+q", "ctrl+p"}
    assert set(TWINS) == {f"f{number}" for number in range(2, 10)}
    assert not taken & set(TWINS.values())
    assert len(set(TWINS.values())) == len(TWINS)


def test_a_binding_id_means_one_thing() -> None:
    actions: dict[str, set[tuple[str, str]]] = {}
    commands: list[Command] = [each for keys in KEYS_OF.values() for each in keys]
    for screen in subclasses(Page):
        commands += vars(screen).get("KEYS", ())
    for command in commands:
        actions.setdefault(command.id, set()).add((command.key, command.action))
    assert {name: each for name, each in actions.items() if len(each) > 1} == {}


async def test_a_person_code_and_a_document_code_open_no_card(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await scan(pilot, world.people[0].code, draw_code(CodeKind.DOCUMENT, lambda n: n // 2))
        assert isinstance(app.screen, HomeScreen)
        assert "Ce code n’est pas celui d’un" in screen_text(app)


async def test_fifty_bursts_across_a_change_of_screen_are_none_garbled(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _round in range(10):
            for tag in world.tags:
                type_in(pilot, f"{tag}\r")
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, CardScreen)
        assert world.tags[-1][:4] in screen_text(app)
