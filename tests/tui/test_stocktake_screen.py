"""The stocktake screen: what is pressed and scanned, and what is then shown and written."""

from pathlib import Path

import pytest
from pilot_world import SCHOOL, World, press, scan, screen_text, settle, type_in

from fleet import movements
from fleet.asset import State
from fleet.operation import Draft
from fleet.register import SCHOOL_DESCRIBED
from fleet.stocktake import Finding
from fleet.stocktake_report import StocktakeReport
from fleet.tags import format_tag
from fleet.usecases.lending import LoanOrder
from tui.screens.stocktake_closing import ClosingDialog
from tui.stocktaking import open_stocktake, read_report, scan_each

OTHER = "0599899P"
NEW = ("f8", "down", "enter", "down", "enter", "down", "enter")


def report_of(world: World) -> StocktakeReport:
    (row,) = world.office.views.stocktaking.stocktakes()
    return read_report(world.office, row.id)


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_what_is_expected_shrinks_and_what_came_in_grows(
    world: World, size: tuple[int, int]
) -> None:
    app = world.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, *NEW)
        assert "École Jean Macé" in screen_text(app)
        assert "6 attendus" in screen_text(app)
        await scan(pilot, world.tags[0], world.tags[1], world.tags[1], "3017620422003")
        text = screen_text(app)
    assert f"✔ {format_tag(world.tags[0])} trouvé" in text
    assert "? 3017620422003 inconnu" in text
    assert "4 scans" in text
    assert "manquants" in text
    report = report_of(world)
    assert report.counts[Finding.MISSING] == 4
    assert report.counts[Finding.FOUND] == 2


async def test_a_moved_one_says_where_it_was_expected(world: World) -> None:
    card = world.office.views.asset(world.tags[0])
    assert card is not None
    with world.office.work() as work:
        work.record([Draft(SCHOOL_DESCRIBED, OTHER, OTHER, {"name": "École Boris Vian"})])
        work.record([Draft(movements.MOVED, card.row.id, OTHER, {"school": OTHER})])
        work.commit()
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *NEW)
        await scan(pilot, world.tags[0])
        text = screen_text(app)
    assert f"→  {format_tag(world.tags[0])}  déplacé" in text
    assert "attendu à École Boris Vian" in text


async def test_a_half_read_code_a_card_and_a_typed_name_enter_nothing(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *NEW)
        before = world.operations()
        for text in (world.tags[0][:5], world.people[0].code, "MARTIN"):
            await scan(pilot, text)
        shown = screen_text(app)
    assert world.operations() == before
    assert "ne ressemble à aucun code" in shown


async def test_an_open_stocktake_is_resumed_with_the_scans_of_other_desks(world: World) -> None:
    stocktake = open_stocktake(world.office, SCHOOL)
    list(scan_each(world.office, stocktake.id, world.tags[:2]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8")
        assert "4 manquants" in screen_text(app)
        await press(pilot, "down", "enter")
        assert "2 scans" in screen_text(app)
        list(scan_each(world.office, stocktake.id, world.tags[2:3]))
        await press(pilot, "f4")
        assert "3 scans" in screen_text(app)


async def test_closing_asks_for_a_typed_name_and_a_function_key(world: World) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[4]]))
    app = world.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, *NEW)
        await scan(pilot, *world.tags[:4])
        await press(pilot, "f2", "f2")
        assert isinstance(app.screen, ClosingDialog)
        assert report_of(world).row.is_open
        type_in(pilot, "Mme Lefèvre\r")
        await settle(pilot)
        assert "Signé par\u202f: Mme Lefèvre" in screen_text(app)
        await scan(pilot, "M-01")  # a scan counts here too, and is no name
        assert "1  → en prêt" in screen_text(app)
        await press(pilot, "f2")
        text = screen_text(app)
    report = report_of(world)
    assert report.signed_by == "Mme Lefèvre"
    assert not report.row.is_open
    assert report.counts[Finding.MISSING] == 0
    folder = Path(world.office.store.database).parent
    assert sorted(path.suffix for path in folder.glob("recolement-*")) == [".csv", ".pdf"]
    assert "Rapport écrit" in text
    assert ".pdf" in text


async def test_the_word_for_lost_declares_the_missing_lost(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *NEW)
        await scan(pilot, *world.tags[:4], "M-01")
        await press(pilot, "f2")
        type_in(pilot, "perdus\rLefèvre\r")
        await settle(pilot)
        assert "1 manquant sera déclaré perdu" in screen_text(app)
        await press(pilot, "f2")
    card = world.office.views.asset(world.tags[4])
    assert card is not None
    assert card.row.state is State.LOST


async def test_after_the_closing_a_scan_is_kept_and_shown(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *NEW, "f2")
        type_in(pilot, "Lefèvre\r")
        await settle(pilot)
        await press(pilot, "f2")
        await scan(pilot, world.tags[0])
        text = screen_text(app)
    assert "Après la clôture" in text
    (late,) = [line for line in report_of(world).lines if line.late]
    assert late.asset is not None
    assert late.asset.tag == world.tags[0]
