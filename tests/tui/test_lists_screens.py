"""Lists on screen: facets, a selection that stays, changes of many and their undo, cards."""

from pathlib import Path

import pytest
from pilot_world import SCHOOL, World, press, scan, screen_text, settle, type_in

from fleet import movements
from fleet.asset import State
from fleet.errors import StorageError
from fleet.kinds import AssetKind
from fleet.operation import Draft, Json
from fleet.query import Query
from fleet.register import SCHOOL_DESCRIBED
from fleet.tags import draw_tag, format_tag
from fleet.usecases.lending import LoanOrder
from fleet.views import Facet, FacetKey
from tui.app import ArdoiseApp
from tui.screens.card import CardScreen
from tui.screens.fleet_list import FleetScreen

OTHER = "0599802J"
LONG_NAME = "École élémentaire publique Françoise-d’Eaubonne-et-des-Chênes-Verts à l’Orée"
SIZES = [(80, 24), (140, 45)]
REPAIR, MOVE, RETIRE, LABELS = 3, 1, 7, 8
"""How far down the list of gestures."""


def gesture(number: int) -> tuple[str, ...]:
    return ("f6", *("down",) * number, "enter")


def plain(app: ArdoiseApp) -> str:
    """What is on the screen, with ordinary spaces."""
    return screen_text(app).replace("\u202f", " ")


def states(world: World) -> list[State]:
    found = [world.office.views.asset(tag) for tag in world.tags]
    return [card.row.state for card in found if card]


def fill(world: World, count: int) -> None:
    """Enter a school with a long name, and tablets until it holds ``count``."""
    drafts = [Draft(SCHOOL_DESCRIBED, OTHER, OTHER, {"name": LONG_NAME, "commune": "Épinay"})]
    with world.office.work() as work:
        tags: set[str] = set()
        while len(tags) < count:
            tags.add(draw_tag(work.entropy))
        for tag in sorted(tags):
            body: dict[str, Json] = {
                "kind": AssetKind.TABLET.value,
                "tag": tag,
                "model": "Tablette à encre",
                "school": OTHER,
            }
            drafts.append(Draft(movements.RECEIVED, work.new_id(), OTHER, body))
        work.record(drafts)
        work.commit()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("count", "said"), [(0, "0 appareil"), (1, "1 appareil"), (40, "40 app")])
async def test_the_list_shows_any_number_of_rows(
    world: World, size: tuple[int, int], count: int, said: str
) -> None:
    fill(world, count)
    app = world.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        type_in(pilot, f"school:{OTHER}")
        await settle(pilot)
        text = screen_text(app)
        assert said in text
        assert ("Aucun appareil ne répond" in text) == (count == 0)
        await press(pilot, "end", "space")
        assert ("✔ 1 choisi" in screen_text(app)) == (count > 0)


@pytest.mark.parametrize("size", SIZES)
async def test_ten_thousand_rows_are_searched_narrowed_and_chosen(
    world: World, size: tuple[int, int]
) -> None:
    fill(world, 10_000)
    app = world.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "10 006 appareils" in plain(app)
        type_in(pilot, "ENCRE epinay")
        await settle(pilot)
        await press(pilot, "f7", "end", "pageup")
        text = plain(app)
        assert "10 000 appareils · ✔ 10 000 choisis" in text
        if size[0] > 100:
            assert "Élém. Fra…" in text
            assert "10 000" in text
        await press(pilot, "f8")
        assert "choisis" not in plain(app)


async def test_a_wide_screen_narrows_by_the_panel(world: World) -> None:
    world.office.lend(LoanOrder(world.people[1].id, [world.tags[2]]))
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "disponible     5" in screen_text(app)
        await press(pilot, "left", "down", "enter")
        text = plain(app)
        assert "Filtre : state:lent" in text
        assert "✔ en prêt" in text
        assert "disponible     5" in text
        await press(pilot, "enter")
        await press(pilot, "right", "left", "down", "enter")
        assert "Tout le parc" in plain(app)


async def test_a_narrow_screen_narrows_by_a_dialog(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f3")
        assert "École : École Jean Macé" in plain(app)
        type_in(pilot, "mallette")
        await settle(pilot)
        await press(pilot, "down", "enter")
        text = plain(app)
    assert "Filtre : kind:cart" in text
    assert "1 appareil" in text


async def test_counts_that_are_not_wanted_any_more_are_not_finished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = world.app()
    asked: list[FacetKey] = []
    real = world.office.views.facet

    def facet(query: Query, key: FacetKey, *, limit: int = 8) -> Facet:
        asked.append(key)
        screen = app.screen
        assert isinstance(screen, FleetScreen)
        screen._generation += 1  # as the next key does
        return real(query, key, limit=limit)

    monkeypatch.setattr(world.office.views, "facet", facet)
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        text = screen_text(app)
    assert asked == [FacetKey.STATE]
    assert "disponible     5" not in text


async def test_the_page_is_there_although_counting_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def facet(query: Query, key: FacetKey, *, limit: int = 8) -> Facet:
        raise StorageError("storage.newer", database="x", key=key, limit=limit, query=str(query))

    monkeypatch.setattr(world.office.views, "facet", facet)
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert format_tag(world.tags[0]) in screen_text(app)


async def test_what_was_chosen_stays_chosen_through_searches_and_cards(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "space", "space")
        type_in(pilot, "kind:cart\r")
        await settle(pilot)
        assert "✔ 2 choisis" in screen_text(app)
        await press(pilot, "down", "enter", "escape", "escape")
        text = screen_text(app)
        assert "✔ 2 choisis" in text
        assert f" ✔● disponible    {format_tag(world.tags[1])}" in text
        await press(pilot, "f8")
        assert "choisis" not in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_many_are_changed_after_a_preview_and_put_back_by_one_key(
    world: World, size: tuple[int, int]
) -> None:
    world.office.lend(LoanOrder(world.people[1].id, [world.tags[0]]))
    app = world.app()
    before = world.operations()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        type_in(pilot, "kind:tablet\r")
        await settle(pilot)
        await press(pilot, "f7", *gesture(REPAIR))
        text = plain(app)
        assert "5 changeront" in text
        assert f"{format_tag(world.tags[1])}  disponible → en réparation" in text
        assert world.operations() == before
        await press(pilot, "f5")
        assert "✔ 5 appareils changés." in screen_text(app)
        assert set(states(world)) == {State.IN_REPAIR}
        await press(pilot, "f5")
        assert world.operations() == before + 5
        await press(pilot, "f2")
        assert "Tout est comme avant." in screen_text(app)
        assert states(world) == [State.LENT, *[State.AVAILABLE] * 4]
        await press(pilot, "escape")
        assert isinstance(app.screen, FleetScreen)
        assert "Annuler le lot" not in screen_text(app)


async def test_a_batch_can_be_undone_from_the_list_too(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "space", "space", *gesture(REPAIR), "f5", "escape")
        text = screen_text(app)
        assert text.count("⚒ en réparation") == 2
        assert "Annuler le lot" in text
        await press(pilot, "f2")
        assert set(states(world)) == {State.AVAILABLE}
        assert "⚒ en réparation" not in screen_text(app)


async def test_refusals_come_first_with_their_reason(world: World) -> None:
    world.office.lend(LoanOrder(world.people[1].id, [world.tags[3]]))
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        type_in(pilot, "kind:tablet\r")
        await settle(pilot)
        await press(pilot, "f7", *gesture(RETIRE))
        assert "Taper la référence de la décision" in screen_text(app)
        await press(pilot, "f5")
        type_in(pilot, "DM-2026-12\r")
        await settle(pilot)
        text = plain(app)
        assert "4 changeront · ✖ 1 refusé" in text
        lines = text.splitlines()
        assert f"✖ {format_tag(world.tags[3])}  " in lines[3]
        assert "est en prêt" in lines[3]
        await press(pilot, "f5")
    assert states(world) == [State.RETIRED] * 3 + [State.LENT, State.RETIRED]


async def test_a_move_names_the_school_it_goes_to(world: World) -> None:
    fill(world, 0)
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "space", *gesture(MOVE))
        type_in(pilot, "épin")
        await settle(pilot)
        await press(pilot, "down", "enter")
        assert f"{SCHOOL} → {LONG_NAME}" in screen_text(app)
        await press(pilot, "f5", "escape")
    card = world.office.views.asset(world.tags[1])
    assert card is not None
    assert (card.row.school, card.row.cart, card.row.slot) == (OTHER, None, None)


async def test_a_key_acts_on_what_was_being_typed(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        type_in(pilot, "kind:cart")
        await settle(pilot)
        await press(pilot, "f7")
        text = plain(app)
        assert "Filtre : kind:cart" in text
        assert "1 appareil · ✔ 1 choisi" in text
        type_in(pilot, "kind:tablet")
        await settle(pilot)
        await press(pilot, "escape")
        assert "Filtre : kind:cart" in plain(app)


async def test_labels_of_a_selection_go_to_a_file(world: World, tmp_path: Path) -> None:
    target = tmp_path / "planche"
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "space", "space", *gesture(LABELS))
        type_in(pilot, f"{target}\r")
        await settle(pilot)
        await press(pilot, "f5")
        assert "✔ 2 étiquettes · 1 page" in screen_text(app)
        await press(pilot, "escape")
    assert target.with_name("planche.pdf").read_bytes().startswith(b"%PDF")


async def test_labels_that_cannot_be_written_say_why(world: World, tmp_path: Path) -> None:
    app = world.app()
    async with app.run_test(size=(140, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "space", *gesture(LABELS))
        type_in(pilot, f"{tmp_path}/nulle/part/x.pdf\r")
        await settle(pilot)
        await press(pilot, "f5")
        assert "✖" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_offers_what_the_state_allows_and_undoes_it(
    world: World, size: tuple[int, int]
) -> None:
    app = world.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await scan(pilot, world.tags[0])
        text = plain(app)
        assert "F6  Retrouvé  ✖" in text or size[1] < 32
        await press(pilot, "f6")
        assert states(world)[0] is State.AVAILABLE
        await press(pilot, "f3")
        assert "en réparation" in screen_text(app)
        assert states(world)[0] is State.IN_REPAIR
        await press(pilot, "f2")
        assert states(world)[0] is State.AVAILABLE
        await press(pilot, "f5", "f6")
        assert states(world)[0] is State.AVAILABLE


async def test_a_key_that_cannot_act_says_why(world: World) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await scan(pilot, world.tags[0])
        await press(pilot, "f4")
        text = " ".join(plain(app).split())
    assert "Corriger d’abord l’état de" in text
    assert world.operations() == before


async def test_undo_on_a_card_is_about_that_card_only(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await scan(pilot, world.tags[0])
        await press(pilot, "f3")
        await scan(pilot, world.tags[1])
        assert "Annuler" not in screen_text(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, CardScreen)
    assert states(world)[:2] == [State.IN_REPAIR, State.AVAILABLE]


async def test_home_leads_to_the_warranties_that_end_soon(world: World) -> None:
    card = world.office.views.asset(world.tags[0])
    assert card is not None
    with world.office.work() as work:
        body: dict[str, Json] = {"warranty_until": "2026-12-31"}
        work.record([Draft(movements.DESCRIBED, card.row.id, SCHOOL, body)])
        work.commit()
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "1 garantie finit dans les 90 jours" in screen_text(app)
        await press(pilot, "down", "enter")
        text = plain(app)
    assert "warranty:soon" in text
    assert "1 appareil" in text
    assert format_tag(world.tags[0]) in text
