"""Home, the fleet list and the card."""

import pytest
from pilot_world import World, press, scan, screen_text, settle, type_in

from fleet.asset import Condition
from fleet.errors import StorageError
from fleet.tags import format_tag
from fleet.usecases.lending import LoanOrder, ReturnOrder
from tui.app import ArdoiseApp
from tui.office import Office

LATIN_1 = 255


async def test_home_says_that_all_is_well_and_gives_the_figures(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
    assert "Tout est en ordre." in text
    assert "4  personnes" in text
    assert "m.durand" in text


async def test_home_leads_to_what_needs_somebody(world: World) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]]))
    world.office.give_back(ReturnOrder([world.tags[0]], Condition.DAMAGED))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "1 appareil rendu abîmé, à examiner" in screen_text(app)
        await press(pilot, "down", "enter")
        text = screen_text(app)
    assert "Filtre\u202f: state:damaged" in text
    assert format_tag(world.tags[0]) in text
    assert format_tag(world.tags[1]) not in text


async def test_a_database_that_cannot_be_opened_says_why_and_what_to_do() -> None:
    def refuse() -> Office:
        raise StorageError("storage.newer", database="ardoise.sqlite3")

    app = ArdoiseApp(refuse)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        await press(pilot, "f2", "f4", "f5")
    assert "vient d’un Ardoise plus récent" in text
    assert "Mettre Ardoise à jour" in text


async def test_typing_narrows_the_list_and_enter_keeps_the_filter(world: World) -> None:
    world.office.lend(LoanOrder(world.people[1].id, [world.tags[2]]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "6 appareils" in screen_text(app)
        type_in(pilot, "state:lent")
        await settle(pilot)
        text = screen_text(app)
        assert "1 appareil" in text
        assert "NGUYEN Léa" in text
        await press(pilot, "enter")
        assert "Filtre\u202f: state:lent" in screen_text(app)
        await press(pilot, "escape")
        assert "6 appareils" in screen_text(app)


async def test_a_filter_that_cannot_be_read_says_which_ones_can(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        await scan(pilot, "colour:blue")
        assert "« colour » n’est pas un critère" in screen_text(app).replace("\u202f", " ")


async def test_arrows_and_enter_open_the_card_with_its_history(world: World) -> None:
    world.office.lend(LoanOrder(world.people[1].id, [world.tags[0]]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        type_in(pilot, "nguyen")
        await settle(pilot)
        await press(pilot, "down", "enter")
        text = screen_text(app)
    assert f"→  {format_tag(world.tags[0])}   en prêt" in text
    assert "École Jean Macé · M-01 · 01" in text
    assert "NGUYEN Léa (CM2 A), depuis le 21 nov. 2026" in text
    assert "→ prêté NGUYEN Léa" in text
    assert "● reçu" in text


async def test_a_scan_on_any_screen_opens_the_card_and_on_a_card_the_next_one(
    world: World,
) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await scan(pilot, world.tags[0])
        assert f"{format_tag(world.tags[0])}   disponible" in screen_text(app)
        await scan(pilot, "r52n0002x")
        assert f"{format_tag(world.tags[1])}   disponible" in screen_text(app)
        await scan(pilot, "3017620422003")
        assert "3017620422003 n’est pas une étiquette connue" in screen_text(app)
        await press(pilot, "escape")
        assert "Aujourd’hui" in screen_text(app)


async def test_a_wide_terminal_shows_more_and_nothing_else(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        text = screen_text(app)
    assert "École Jean Macé" in text
    assert "? jamais contrôlé" in text


async def test_every_state_reads_in_ascii_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARDOISE_ASCII", "1")
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        text = screen_text(app)
    assert "* disponible" in text
    assert not {letter for letter in text if ord(letter) > LATIN_1}
