"""Slots and carts as screens read them: every state of a slot, and counts that tell capacity."""

from datetime import timedelta

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, damaged, tag_of

from fleet import movements, stocktake
from fleet.asset import Asset
from fleet.kinds import AssetKind
from fleet.operation import Draft, Json
from fleet.persons import Person
from fleet.query import EVERYTHING, parse
from fleet.usecases import custody
from fleet.usecases.lending import LoanOrder
from fleet.views import SlotState


def look(city: City, cart: Asset, slot: int) -> SlotState:
    return next(each.state for each in city.views.slots(tag_of(cart)) if each.slot == slot)


def sight(city: City, asset: Asset, school: str, cart: Asset | None = None) -> None:
    """Scan an asset in a stocktake of a school, or of one of its carts."""
    city.clock.advance()
    body: dict[str, Json] = {"expected": [], "cart": cart.id if cart else None}
    number = f"stocktake-{city.count()}"
    city.record(
        Draft(stocktake.OPENED, number, school, body),
        Draft(stocktake.SCANNED, number, school, {"asset": asset.id, "finding": "moved"}),
    )


def test_an_empty_slot_and_a_full_one(city: City, cart: Asset, tablets: list[Asset]) -> None:
    slots = city.views.slots(tag_of(cart))

    assert [each.slot for each in slots] == list(range(1, 17))
    assert [each.state for each in slots[5:7]] == [SlotState.PRESENT, SlotState.EMPTY]
    assert slots[6].asset is None


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (movements.SENT_TO_REPAIR, SlotState.IN_REPAIR),
        (movements.LOST, SlotState.GONE),
        (movements.STOLEN, SlotState.GONE),
    ],
)
def test_what_is_not_in_use_shows_in_its_slot(
    city: City, cart: Asset, tablets: list[Asset], kind: str, state: SlotState
) -> None:
    city.write(kind, tablets[0].id)

    assert look(city, cart, 1) is state


def test_a_lent_tablet_shows_who_has_it_and_a_broken_one_waits_for_repair(
    city: City, cart: Asset, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    (first, *_rest) = city.views.slots(tag_of(cart))
    assert first.asset is not None
    assert (first.state, first.asset.borrower_name) == (SlotState.LENT, "MARTIN Léa")

    city.give_back(damaged(tag_of(tablets[0])))
    assert look(city, cart, 1) is SlotState.IN_REPAIR


def test_a_tablet_of_another_school_than_its_cart_is_misplaced(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    city.write(movements.DESCRIBED, tablets[0].id, {"school": OTHER_SCHOOL})

    assert look(city, cart, 1) is SlotState.MISPLACED


def test_a_tablet_seen_elsewhere_is_misplaced_until_it_is_seen_or_put_here(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    other = city.receive(AssetKind.CART, name="M-02", capacity=16)
    sight(city, tablets[0], OTHER_SCHOOL)
    sight(city, tablets[1], SCHOOL, other)
    sight(city, tablets[2], SCHOOL, cart)
    sight(city, tablets[3], SCHOOL)
    expected = [SlotState.MISPLACED, SlotState.MISPLACED, SlotState.PRESENT, SlotState.PRESENT]
    assert [look(city, cart, slot) for slot in (1, 2, 3, 4)] == expected

    sight(city, tablets[0], SCHOOL, cart)
    city.clock.advance(timedelta(hours=1))
    with city.store.work("Camille") as work:
        custody.swap_slots(work, tag_of(tablets[1]), tag_of(tablets[2]))
        work.commit()
    assert {look(city, cart, slot) for slot in (1, 2, 3)} == {SlotState.PRESENT}


def test_a_list_of_carts_counts_what_belongs_what_is_there_and_what_is_not(
    city: City, cart: Asset, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0]), tag_of(tablets[1])]))
    city.write(movements.SENT_TO_REPAIR, tablets[2].id)
    city.write(movements.LOST, tablets[3].id)
    (row,) = city.views.carts(EVERYTHING).items

    assert row.row.id == cart.id
    assert (row.capacity, row.belonging) == (16, 6)
    assert (row.present, row.lent, row.in_repair) == (2, 2, 1)


def test_carts_are_paged_filtered_and_only_carts(city: City, school: str) -> None:
    made = [city.receive(AssetKind.CART, name=f"M-{number}", capacity=8) for number in range(5)]
    city.receive(AssetKind.TABLET)
    first = city.views.carts(EVERYTHING, limit=3)
    rest = city.views.carts(EVERYTHING, limit=3, after=first.next)

    assert {each.row.id for each in (*first.items, *rest.items)} == {each.id for each in made}
    assert rest.next is None
    (found,) = city.views.carts(parse("name:M-3", "assets")).items
    assert (found.row.name, found.capacity, found.belonging) == ("M-3", 8, 0)
