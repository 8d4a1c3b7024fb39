"""Carts: the list, the slots by glyph and word, and every gesture on them by a function key."""

import pytest
from pilot_world import CLASS, SCHOOL, World, open_desk, press, scan, screen_text, settle

from fleet import movements
from fleet.kinds import PersonKind
from fleet.operation import Draft, Json
from fleet.persons import Person
from fleet.query import EVERYTHING
from fleet.tags import format_tag
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.usecases.tagging import draw_free_tag
from tui.screens.card import CardScreen
from tui.screens.cart_slots import CartScreen

OPEN = ("f7", "down", "enter")


@pytest.fixture
def teacher(world: World) -> Person:
    person = Person("person-duval", "DUVAL", "Anne", PersonKind.TEACHER, SCHOOL)
    with world.office.work() as work:
        work.save_people([person])
        work.commit()
    return person


def change(world: World, tag: str, kind: str, body: dict[str, Json] | None = None) -> None:
    with world.office.work() as work:
        asset = work.asset_by_tag(tag)
        assert asset is not None
        work.record([Draft(kind, asset.id, SCHOOL, body or {})])
        work.commit()


def slots(world: World) -> dict[int, str | None]:
    """Which tag belongs in which slot."""
    (cart,) = world.office.views.carts(EVERYTHING).items
    rows = world.office.views.slots(cart.row.id)
    return {each.slot: each.asset.tag for each in rows if each.asset is not None}


async def test_a_list_shows_what_is_there_and_the_capacity_apart(world: World) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f7")
        text = screen_text(app)
    assert "M-01" in text
    assert "4 présentes · 1 en prêt" in text
    assert "1 mallette" in text


async def test_every_slot_reads_by_glyph_and_word(world: World) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]]))
    change(world, world.tags[1], movements.SENT_TO_REPAIR)
    change(world, world.tags[2], movements.DESCRIBED, {"school": "0599802K"})
    change(world, world.tags[3], movements.LOST)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN)
        text = screen_text(app)
    assert f"1 → {format_tag(world.tags[0])}" in text
    assert "MARTIN Jade" in text
    assert "2 ⚒" in text
    assert "3 ▲" in text
    assert "mal rangée" in text
    assert "4 ✖" in text
    assert "5 ●" in text
    assert "16 ○" in text
    assert "11 vide" in text


async def test_two_slots_change_places_in_one_gesture_and_back(world: World) -> None:
    before = slots(world)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "f4", "right")
        assert "Emplacement 1" in screen_text(app)
        await press(pilot, "ctrl+f")
        assert "Les emplacements 1 et 2 sont échangés." in screen_text(app)
        after = slots(world)
        assert (after[1], after[2]) == (before[2], before[1])
        await press(pilot, "f2")
        assert slots(world) == before


async def test_swapping_with_an_empty_slot_moves(world: World) -> None:
    before = slots(world)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "f4", "down", "down", "down", "f4")
        after = slots(world)
        assert (after.get(1), after[13]) == (None, before[1])
        await press(pilot, "f2")
    assert slots(world) == before


async def test_a_scan_is_only_shown_until_a_key_places_it(world: World) -> None:
    before = slots(world)
    tag = world.tags[0]
    app = world.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "down", "down", "f3")
        assert "Scanner d’abord" in screen_text(app)
        await scan(pilot, tag)
        assert f"{format_tag(tag)} → emplacement 9" in screen_text(app)
        assert slots(world) == before
        await press(pilot, "f3")
        assert slots(world)[9] == tag
        await scan(pilot, world.tags[1])
        await press(pilot, "escape")
        assert isinstance(app.screen, CartScreen)
        assert "F3 pour ranger" not in screen_text(app)


async def test_a_taken_slot_says_who_has_it(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN)
        await scan(pilot, world.tags[2])
        before = world.operations()
        await press(pilot, "f3")
        assert "déjà pris" in screen_text(app)
        assert world.operations() == before


async def test_a_cart_is_lent_whole_and_taken_back(world: World, teacher: Person) -> None:
    app = world.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "f5", "down", "enter")
        assert "Mallette prêtée à DUVAL Anne avec 5 appareils." in screen_text(app)
        assert {world.borrower(tag) for tag in world.tags} == {"DUVAL Anne"}
        await press(pilot, "space", "f6")
        assert "Mallette rendue avec 4 appareils." in screen_text(app)
        assert [world.borrower(tag) for tag in world.tags] == ["DUVAL Anne", *[None] * 4]
        await press(pilot, "f2")
        assert {world.borrower(tag) for tag in world.tags} == {"DUVAL Anne"}


async def test_what_is_lent_elsewhere_is_named_and_the_rest_can_go(
    world: World, teacher: Person
) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]]))
    app = world.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "f5", "down", "enter")
        assert "MARTIN Jade" in screen_text(app)
        assert world.borrower(world.tags[1]) is None
        await press(pilot, "down", "enter")
        assert world.borrower(world.tags[0]) == "MARTIN Jade"
        assert {world.borrower(tag) for tag in world.tags[1:]} == {"DUVAL Anne"}


async def test_enter_after_an_arrow_opens_the_card_of_a_slot(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, "right", "enter")
        assert isinstance(app.screen, CardScreen)
        assert format_tag(world.tags[1]) in screen_text(app)


async def test_a_cart_of_forty_slots_scrolls_to_the_marked_one(world: World) -> None:
    (cart,) = world.office.views.carts(EVERYTHING).items
    with world.office.work() as work:
        work.record([Draft(movements.DESCRIBED, cart.row.id, SCHOOL, {"capacity": 40})])
        work.commit()
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPEN, *["down"] * 9)
        assert "37 ○" in screen_text(app)


async def test_the_desk_warns_of_what_the_next_pupil_still_owes(world: World) -> None:
    jade = world.people[0]
    world.office.lend(LoanOrder(jade.id, [world.tags[0]], accessories=["charger"]))
    world.office.give_back(ReturnOrder([world.tags[0]], missing=["charger"]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        assert CLASS in screen_text(app)
        assert "▲ MARTIN Jade doit encore" in screen_text(app)
        assert "chargeur" in screen_text(app)
        await press(pilot, "down")
        assert "doit encore" not in screen_text(app)


async def test_a_spare_is_handed_over_with_one_key(world: World) -> None:
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]], accessories=["cover"]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await press(pilot, "f6", "f4")
        assert "Aucune tablette en prêt" in screen_text(app)
        await scan(pilot, world.tags[0])
        await press(pilot, "f4")
        assert "chargeur de rechange" in screen_text(app)
        before = world.operations()
        await press(pilot, "f4")
    assert world.operations() == before
    card = world.office.views.asset(world.tags[0])
    assert card is not None
    assert card.accessories == ("cover", "charger")


async def test_a_labelled_accessory_that_stays_out_is_said_at_the_return(world: World) -> None:
    with world.office.work() as work:
        tablet = work.asset_by_tag(world.tags[0])
        assert tablet is not None
        tag = draw_free_tag(work)
        body: dict[str, Json] = {
            "kind": "accessory",
            "tag": tag,
            "model": "Coque",
            "bound_to": tablet.id,
            "school": SCHOOL,
        }
        work.record([Draft(movements.RECEIVED, work.new_id(), SCHOOL, body)])
        work.commit()
    world.office.lend(LoanOrder(world.people[0].id, [world.tags[0]]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot, "f3")
        await scan(pilot, world.tags[0])
        assert "encore attendu" in screen_text(app)
        assert format_tag(tag) in screen_text(app)
        await scan(pilot, tag)
        assert f"{format_tag(tag)}\u202f: rendu" in screen_text(app)
    assert world.borrower(tag) is None
