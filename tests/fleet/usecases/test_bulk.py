"""Bulk changes: a preview that writes nothing, one batch, reasons for refusals, one undo."""

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, tag_of

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.kinds import AssetKind
from fleet.persons import Person
from fleet.usecases.bulk import Order, Outcome, apply, undo_batch
from fleet.usecases.lending import LoanOrder


def preview(city: City, order: Order) -> Outcome:
    with city.store.work("Camille") as work:
        return apply(work, order)


def do(city: City, order: Order) -> Outcome:
    with city.store.work("Camille") as work:
        outcome = apply(work, order)
        work.commit()
    return outcome


def take_back(city: City, outcome: Outcome) -> None:
    city.clock.advance()
    with city.store.work("Camille") as work:
        undo_batch(work, outcome.operations)
        work.commit()


def ids(*assets: Asset) -> list[str]:
    return [asset.id for asset in assets]


def code(error: FleetError | None) -> str:
    return error.code if error else ""


STATE_CHANGES = [movements.SENT_TO_REPAIR, movements.LOST, movements.RETIRED]


@pytest.mark.parametrize("kind", STATE_CHANGES)
def test_a_preview_says_what_applying_does_and_writes_nothing(
    city: City, tablets: list[Asset], kind: str
) -> None:
    order = Order(kind, ids(*tablets), reference="DM-2026-12")
    before = city.dump()
    shown = preview(city, order)
    assert city.dump() == before

    done = do(city, order)

    assert [(line.before, line.refusal) for line in done.lines] == [
        (line.before, line.refusal) for line in shown.lines
    ]
    assert [line.after and line.after.state for line in done.lines] == [
        line.after and line.after.state for line in shown.lines
    ]
    assert done.changed == len(tablets)
    assert city.store.check() == []


@pytest.mark.parametrize("kind", [*STATE_CHANGES, movements.MOVED])
def test_undoing_a_batch_puts_all_of_it_back(city: City, tablets: list[Asset], kind: str) -> None:
    order = Order(kind, ids(*tablets), school=OTHER_SCHOOL, reference="DM-2026-12")
    outcome = do(city, order)
    take_back(city, outcome)

    for tablet in tablets:
        now = city.asset(tablet.id)
        assert (now.state, now.school, now.cart, now.slot) == (
            tablet.state,
            tablet.school,
            tablet.cart,
            tablet.slot,
        )
    assert city.store.check() == []


def test_a_batch_is_undone_whole_or_not_at_all(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    outcome = do(city, Order(movements.MOVED, ids(*tablets), school=OTHER_SCHOOL))
    city.clock.advance()
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[2])]))
    before = city.dump()

    with pytest.raises(Refusal) as caught:
        take_back(city, outcome)

    assert caught.value.code == "undo.superseded"
    assert city.dump() == before


def test_what_cannot_change_is_listed_with_its_reason_and_the_rest_changes(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    city.write(movements.RETIRED, tablets[1].id, {"reference": "DM-1"})

    outcome = do(city, Order(movements.RETIRED, ids(*tablets), reference="DM-2"))

    reasons = [code(line.refusal) for line in outcome.lines]
    assert reasons == ["passage.lent", "passage.state", "", "", "", ""]
    assert (outcome.changed, outcome.refused) == (4, 2)
    assert city.asset(tablets[0].id).state is State.LENT


def test_what_is_there_already_is_neither_changed_nor_refused(
    city: City, school: str, cart: Asset
) -> None:
    shelf = city.receive(school=school)
    count = city.count()

    outcome = do(city, Order(movements.MOVED, [shelf.id], school=school))

    assert (outcome.changed, outcome.refused, len(outcome.lines)) == (0, 0, 1)
    assert city.count() == count
    assert cart.school == school


def test_a_cart_takes_its_content_along_once(city: City, cart: Asset, tablets: list[Asset]) -> None:
    chosen = ids(tablets[0], cart)
    outcome = do(city, Order(movements.MOVED, chosen, school=OTHER_SCHOOL))

    assert len(set(outcome.operations)) == len(outcome.operations) == 1 + len(tablets)
    for tablet in tablets:
        now = city.asset(tablet.id)
        assert (now.school, now.cart, now.slot) == (OTHER_SCHOOL, cart.id, tablet.slot)
    take_back(city, outcome)
    assert {city.asset(each).school for each in ids(cart, *tablets)} == {SCHOOL}


def test_a_cart_takes_as_many_as_it_has_slots(city: City, tablets: list[Asset]) -> None:
    small = city.receive(AssetKind.CART, name="M-02", capacity=2)

    outcome = do(city, Order(movements.PLACED, ids(*tablets, small), cart=small.id))

    assert [code(line.refusal) for line in outcome.lines] == [
        "",
        "",
        *["slot.none"] * 4,
        "place.cart_in_cart",
    ]
    assert [city.asset(each.id).slot for each in tablets[:2]] == [1, 2]
    again = preview(city, Order(movements.PLACED, ids(*tablets[:2]), cart=small.id))
    assert (again.changed, again.refused) == (0, 0)


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (Order(movements.LOST, []), InvalidInput("asset.no_tag")),
        (Order(movements.PLACED, ["x"], cart="nowhere"), NotFound("cart.unknown")),
    ],
)
def test_an_order_that_means_nothing_is_refused(
    city: City, order: Order, error: FleetError
) -> None:
    with pytest.raises(type(error)) as caught:
        do(city, order)
    assert caught.value.code == error.code


def test_a_retirement_needs_its_decision(city: City, tablets: list[Asset]) -> None:
    with pytest.raises(Refusal) as caught:
        do(city, Order(movements.RETIRED, ids(*tablets)))
    assert caught.value.code == "retire.no_reference"


def test_an_unknown_school_is_refused(city: City, tablets: list[Asset]) -> None:
    with pytest.raises(NotFound) as caught:
        do(city, Order(movements.MOVED, ids(*tablets), school="0000000X"))
    assert caught.value.code == "school.unknown"


def test_the_same_batch_twice_writes_once(city: City, tablets: list[Asset]) -> None:
    order = Order(movements.MOVED, ids(*tablets), school=OTHER_SCHOOL, batch="again")
    do(city, order)
    count = city.count()

    assert do(city, order).changed == 0
    assert city.count() == count
