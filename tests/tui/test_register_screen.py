"""Registration in pairs on the screen: scan, scan, next."""

from random import Random

import pytest
from pilot_world import World, press, scan, screen_text, settle

from fleet.tags import draw_tag, format_tag
from tui.screens.register import RegisterScreen

BLANKS = [draw_tag(Random(number).randrange) for number in range(3)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_box_and_a_label_make_a_tablet_in_either_order(
    world: World, order: tuple[int, int]
) -> None:
    codes = ("R9WR300000C", BLANKS[0])
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f6")
        assert isinstance(app.screen, RegisterScreen)
        await scan(pilot, codes[order[0]])
        assert "→" in screen_text(app)
        await scan(pilot, codes[order[1]])
        text = screen_text(app)
    assert f"✔  {format_tag(BLANKS[0])} ← R9WR300000C" in text
    assert "1 inscrit" in text
    card = world.office.views.asset(BLANKS[0])
    assert card is not None
    assert card.row.serial == "R9WR300000C"


async def test_a_pile_of_scans_is_taken_in_order(world: World) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f6")
        for number, blank in enumerate(BLANKS):
            await scan(pilot, f"R9WR30000{number}C", blank)
        assert "3 inscrits" in screen_text(app)
    assert world.operations() == before + 3


async def test_school_cart_and_model_are_chosen_once(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f6", "f5", "down", "enter", "f6", "down", "enter")
        await press(pilot, "f4", "down", "enter")
        await scan(pilot, "R9WR300000C", BLANKS[0])
        text = screen_text(app)
    assert "tablette · Galaxy Tab A7 · École Jean Macé · M-01" in text
    card = world.office.views.asset(BLANKS[0])
    assert card is not None
    assert (card.row.cart_name, card.row.slot, card.row.model) == ("M-01", 6, "Galaxy Tab A7")


async def test_each_mistake_has_its_answer_and_keeps_the_good_half(world: World) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f6")
        await scan(pilot, world.tags[0])
        assert "est déjà celle d’un" in screen_text(app)
        await scan(pilot, "R52N0001X")
        assert "est déjà inscrit sous" in screen_text(app)
        await scan(pilot, "3017620422003")
        assert "code-barres du produit" in screen_text(app)
        await scan(pilot, BLANKS[0][:5])
        assert "lecture incomplète" in screen_text(app)
        await scan(pilot, "R9WR300000C", "R9WR300001J")
        assert "R9WR300000C est mis de côté" in screen_text(app)
        await scan(pilot, world.tags[1])
        assert "est déjà celle d’un" in screen_text(app)
        assert world.operations() == before
        await scan(pilot, BLANKS[1])
        assert f"{format_tag(BLANKS[1])} ← R9WR300001J" in screen_text(app)
    assert world.operations() == before + 1


async def test_f2_forgets_half_a_pair_then_takes_the_last_one_back(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f6")
        await scan(pilot, "R9WR300000C", BLANKS[0], BLANKS[1])
        await press(pilot, "f2")
        assert "Demi-paire oubliée" in screen_text(app)
        await press(pilot, "f2")
        assert "Dernière paire annulée" in screen_text(app)
        assert "0 inscrit" in screen_text(app)
        await scan(pilot, BLANKS[0], "R9WR300000C")
        assert f"✔  {format_tag(BLANKS[0])} ← R9WR300000C" in screen_text(app)
    assert world.office.store.check() == []
