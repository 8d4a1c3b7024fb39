"""Views: what screens read, joined with the register, in order, and page by page."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from small_city import (
    MONDAY,
    OTHER_SCHOOL,
    SCHOOL,
    City,
    add_pupils,
    add_schools,
    add_tablets,
    damaged,
    tag_of,
)

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import InvalidInput
from fleet.kinds import AssetKind
from fleet.persons import Person
from fleet.query import EVERYTHING, parse
from fleet.stamps import iso
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.usecases.planning import describe_phase
from fleet.views import Page

TODAY = MONDAY.date()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Thirty-odd assets, loans of several minutes, people of two schools; only read here."""
    city = City(tmp_path_factory.mktemp("views") / "ardoise.sqlite3")
    add_schools(city)
    people = add_pupils(city)
    cart = city.receive(AssetKind.CART, name="M-01", capacity=16)
    for number in range(20):
        city.receive(school=[SCHOOL, OTHER_SCHOOL, None][number % 3])
        city.add_person(f"NOM{number}", "Ami", f"CE{number % 2 + 1}", school=OTHER_SCHOOL)
    for number, tablet in enumerate(add_tablets(city, cart)):
        city.clock.advance()
        city.lend(LoanOrder(people[number % 3].id, [tag_of(tablet)]))
    yield city
    city.close()


@pytest.mark.parametrize("limit", [1, 3, 7, 500])
@pytest.mark.parametrize("about", ["assets", "people", "loans", "schools"])
def test_pages_cover_every_row_once_in_one_order(full: City, about: str, limit: int) -> None:
    read: Callable[..., Page[object]] = getattr(full.views, about)
    rows: list[object] = []
    after: str | None = None
    while True:
        page = read(EVERYTHING, limit=limit, after=after)
        assert len(page.items) <= limit
        rows += page.items
        after = page.next
        if after is None:
            break

    assert rows == list(read(EVERYTHING, limit=1000).items)
    tables = {"assets": "asset", "people": "person", "loans": "loan", "schools": "school"}
    assert len(rows) == full.count(tables[about])


@pytest.mark.parametrize(
    "after", ["x", "é", "", "W10", "NQ", "bnVsbA", "WyJhIl0", "WyJhIiwiYiIsImMiXQ"]
)
def test_a_key_that_is_no_key_is_refused(full: City, after: str) -> None:
    for about in ("assets", "people", "loans", "schools"):
        read: Callable[..., Page[object]] = getattr(full.views, about)
        if after == "WyJhIl0" and about != "loans":  # the shape of a key of these lists
            continue
        with pytest.raises(InvalidInput) as caught:
            read(EVERYTHING, after=after)
        assert caught.value.code == "query.after"


def test_a_row_of_the_fleet_says_where_it_is_and_who_has_it(
    city: City, tablets: list[Asset], people: list[Person], cart: Asset
) -> None:
    due = date(2027, 7, 5)
    city.lend(LoanOrder(people[1].id, [tag_of(tablets[2])], due, accessories=["charger"]))
    card = city.views.asset(tag_of(tablets[2]))

    assert card is not None
    row = card.row
    assert (row.state, row.kind, row.slot) == (State.LENT, AssetKind.TABLET, 3)
    assert (row.school, row.school_name) == (SCHOOL, "École Paul Verlaine")
    assert (row.cart, row.cart_name) == (cart.tag, "M-01")
    assert (row.borrower, row.borrower_name) == (people[1].id, "D’HÆNE Zoé")
    assert (row.borrower_class, row.due, row.lent_at) == ("CM2 A", due, iso(MONDAY))
    assert (card.accessories, card.conflicts, card.present) == (("charger",), 0, None)
    assert city.views.asset(tablets[2].id) == card
    assert city.views.asset("nobody") is None


def test_the_fleet_is_listed_by_school_cart_slot_and_tag(full: City) -> None:
    rows = full.views.assets(EVERYTHING, limit=1000).items

    schools = [row.school or "~" for row in rows]
    assert schools == sorted(schools)
    slots = [row.slot for row in rows if row.cart_name == "M-01"]
    assert slots == [1, 2, 3, 4, 5, 6]


def test_a_cart_shows_its_empty_slots(city: City, tablets: list[Asset], cart: Asset) -> None:
    city.write(movements.MOVED, tablets[3].id, {"room": "12"})
    slots = city.views.slots(tag_of(cart))

    assert [row.slot for row in slots] == list(range(1, 17))
    filled = [row.slot for row in slots if row.asset is not None]
    assert filled == [1, 2, 3, 5, 6]
    assert slots[0].asset is not None
    assert slots[0].asset.id == tablets[0].id
    card = city.views.asset(cart.id)
    assert card is not None
    assert (card.present, card.capacity) == (5, 16)
    assert city.views.slots("nobody") == ()


def test_the_history_is_told_backwards_with_the_names_that_the_register_knows(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]), author="Ada")
    city.give_back(damaged(tag), author="Grace")
    history = city.views.history(tablets[0].id)

    assert [(row.kind, row.author, row.person_name) for row in history] == [
        (movements.RETURNED, "Grace", "MARTIN Léa"),
        (movements.LENT, "Ada", "MARTIN Léa"),
        (movements.RECEIVED, "Camille", None),
    ]
    assert history[0].body["condition"] == "damaged"
    assert len(city.views.history(tablets[0].id, limit=1)) == 1


def test_a_forgotten_person_and_agent_leave_ids_behind(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]), author="Ada")
    with city.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM loan_link")
        connection.exec_driver_sql("DELETE FROM agent WHERE name = 'Ada'")
    row = city.views.history(tablets[0].id)[0]

    assert row.person_name is None
    assert row.author == city.operations(tablets[0].id)[-1].author
    assert city.views.assets_like(["r9x0001"])[0].borrower_name is None
    assert city.views.loans(EVERYTHING).items[0].person is None


def test_a_person_is_read_by_id_or_card_with_the_open_loans(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(each) for each in tablets[:2]]))
    city.give_back(ReturnOrder([tag_of(tablets[0])]))
    row = city.views.person(people[0].code)

    assert row is not None
    assert (row.id, row.full_name, row.loans) == (people[0].id, "MARTIN Léa", 1)
    assert city.views.person(people[0].id) == row
    assert city.views.person("") is None
    assert city.views.person("nobody") is None


def test_loans_are_listed_newest_first(full: City) -> None:
    rows = full.views.loans(EVERYTHING).items

    assert len(rows) == 6
    assert [row.lent_at for row in rows] == sorted((row.lent_at for row in rows), reverse=True)


def test_only_open_loans_are_listed_unless_closed_ones_are_asked_for(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    tags = [tag_of(each) for each in tablets[:2]]
    first, _ = city.lend(LoanOrder(people[0].id, tags))
    city.give_back(ReturnOrder(tags[:1], missing=["charger"]))

    assert [row.tag for row in city.views.loans(EVERYTHING).items] == tags[1:]
    (closed,) = city.views.loans(parse("is:closed", "loans")).items
    assert (closed.id, closed.condition, closed.missing) == (first.id, "good", ("charger",))
    assert (closed.school, closed.class_name) == (SCHOOL, "CM2 A")


def test_classes_are_counted_without_those_who_left(city: City, people: list[Person]) -> None:
    city.add_person("PETIT", "Tom", "CE1")
    city.add_person("GRAND", "Max", "CE1", left=True)
    city.add_person("SANS", "Classe", "")

    assert city.views.classes(SCHOOL) == (("CE1", 1), ("CM2 A", 3))


def test_schools_show_their_phases_and_figures(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    with city.store.work("Camille") as work:
        for position, schools in ((1, [SCHOOL]), (2, [SCHOOL, OTHER_SCHOOL])):
            assert describe_phase(
                work,
                f"phase:{position}",
                programme="Écoles numériques",
                name=f"Phase {position}",
                position=position,
                year=2026,
                schools=schools,
            )
        work.commit()
    rows = city.views.schools(EVERYTHING).items

    assert [(row.uai, row.phases, row.assets, row.people) for row in rows] == [
        (SCHOOL, (1, 2), 7, 3),
        (OTHER_SCHOOL, (2,), 0, 0),
    ]


def test_a_phase_described_again_alike_writes_nothing(city: City, school: str) -> None:
    def describe(name: str) -> bool:
        with city.store.work("Camille") as work:
            done = describe_phase(
                work,
                "phase:1",
                programme="P",
                name=name,
                position=1,
                year=2026,
                schools=[OTHER_SCHOOL, SCHOOL],
            )
            work.commit()
        return done

    assert [describe("Pilote"), describe("Pilote"), describe("Phase 1")] == [True, False, True]
    assert [each.content() for each in city.operations("phase:1")][1:] == [{"name": "Phase 1"}]


def test_the_figures_count_what_is_there(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.receive(AssetKind.KWARTZ_SERVER)
    city.add_person("GRAND", "Max", left=True)
    yesterday = TODAY - timedelta(days=1)
    last_week = MONDAY - timedelta(days=7)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])], due=yesterday, at=last_week))
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[1])], due=TODAY))
    city.write(movements.LENT, tablets[1].id, {"ref": "double"})
    figures = city.views.figures(TODAY)

    assert (figures.schools, figures.people, figures.assets) == (2, 3, 8)
    assert (figures.carts, figures.servers, figures.tablets) == (1, 1, 6)
    assert (figures.open_loans, figures.late, figures.conflicts) == (3, 1, 1)
    assert figures.operations == city.count()


def test_an_overlap_counts_until_all_its_loans_are_closed(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    second = city.write(movements.LENT, tablets[0].id, {"ref": "double"})

    def conflicts() -> tuple[int, int]:
        card = city.views.asset(tablets[0].id)
        assert card is not None
        return card.conflicts, city.views.figures(TODAY).conflicts

    assert conflicts() == (1, 1)
    first = city.asset(tablets[0].id).open_loans[0]
    city.write(movements.RETURNED, tablets[0].id, {"loans": [first.id], "condition": "good"})
    assert conflicts() == (1, 1)
    city.write(movements.RETURNED, tablets[0].id, {"loans": [second.id], "condition": "good"})
    assert conflicts() == (0, 0)


def test_a_contested_loan_that_is_left_alone_shows_its_borrower(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    with city.store.work("Grace") as work:
        work.link("double", people[1].id)
        work.commit()
    second = city.write(movements.LENT, tablets[0].id, {"ref": "double"})
    first = city.asset(tablets[0].id).open_loans[0]
    city.write(movements.RETURNED, tablets[0].id, {"loans": [first.id], "condition": "good"})
    card = city.views.asset(tablets[0].id)

    assert card is not None
    assert (card.row.state, card.row.borrower, card.loan) == (State.LENT, people[1].id, second.id)
    assert len(city.views.assets(EVERYTHING).items) == 7


def test_assets_are_found_by_serial_or_inventory_number(city: City, tablets: list[Asset]) -> None:
    numbered = city.receive(accounting_number="2026-0042")

    found = city.views.assets_like(["r9x0001", "2026-0042"])
    assert {row.id for row in found} == {tablets[0].id, numbered.id}
    assert city.views.assets_like(["R9X"]) == ()
