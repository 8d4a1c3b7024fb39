"""Taking back: what can be taken is taken, what cannot is listed, whoever brings it."""

from datetime import timedelta
from typing import Any

import pytest
from small_city import MONDAY, City, damaged, tag_of

from fleet import movements
from fleet.asset import Asset, Condition, State
from fleet.errors import InvalidInput
from fleet.persons import Person
from fleet.stamps import iso
from fleet.usecases.lending import LoanOrder, ReturnOrder


@pytest.fixture
def tag(city: City, people: list[Person], tablets: list[Asset]) -> str:
    """A tablet that the first pupil has since Monday; the clock stands an hour later."""
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])], accessories=["charger", "cover"]))
    city.clock.advance(timedelta(hours=1))
    return tag_of(tablets[0])


def test_a_return_closes_the_loan(city: City, people: list[Person], tag: str) -> None:
    (receipt,) = city.give_back(ReturnOrder([tag])).receipts

    assert (receipt.tag, receipt.person, receipt.condition) == (tag, people[0], Condition.GOOD)
    card = city.views.asset(tag)
    assert card is not None
    assert (card.row.state, card.row.borrower, card.loan) == (State.AVAILABLE, None, None)


def test_what_is_missing_and_how_it_came_back_stays_with_the_loan(city: City, tag: str) -> None:
    order = ReturnOrder([tag], Condition.WORN, missing=["charger", "charger"])
    (receipt,) = city.give_back(order).receipts

    assert receipt.missing == ("charger",)
    opening = city.operations(receipt.asset.id)[-2]
    with city.store.work("x") as work:
        loan = work.loan(opening.id)
    assert loan is not None
    assert (loan.condition, loan.missing) == (Condition.WORN, ("charger",))
    assert loan.closed_by == receipt.id
    assert loan.closed_at == iso(MONDAY + timedelta(hours=1))


def test_a_damaged_tablet_is_taken_back_and_waits(city: City, tag: str) -> None:
    (receipt,) = city.give_back(damaged(tag)).receipts

    assert city.asset(receipt.asset.id).state is State.DAMAGED


def test_the_rest_of_a_pile_is_taken_back(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    other = tag_of(tablets[1])
    returned = city.give_back(ReturnOrder([other, tag, "KDRTBXLP", tag]))

    assert [receipt.tag for receipt in returned.receipts] == [tag]
    assert [(each, error.code, error.params) for each, error in returned.refused] == [
        (other, "return.not_lent", {"tag": other, "state": "available"}),
        ("KDRTBXLP", "asset.unknown", {"tag": "KDRTBXLP"}),
    ]


def test_a_return_cannot_be_earlier_than_the_loan(city: City, tag: str) -> None:
    order = ReturnOrder([tag], at=MONDAY - timedelta(minutes=1))
    before = city.dump()
    ((_, error),) = city.give_back(order).refused

    assert (error.code, error.params) == (
        "return.before_loan",
        {"tag": tag, "since": iso(MONDAY)},
    )
    assert city.dump() == before


def test_a_return_may_bear_the_moment_of_the_loan(city: City, tag: str) -> None:
    assert city.give_back(ReturnOrder([tag], at=MONDAY)).receipts


def test_a_clock_set_back_does_not_keep_a_tablet_out(city: City, tag: str) -> None:
    city.clock.advance(timedelta(days=-400))

    (receipt,) = city.give_back(ReturnOrder([tag])).receipts
    assert city.asset(receipt.asset.id).state is State.AVAILABLE
    assert city.store.check() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tags": []}, "return.no_tag"),
        ({"at": MONDAY + timedelta(days=1)}, "at.future"),
        ({"missing": ["spoon"]}, "accessory.unknown"),
    ],
)
def test_an_order_that_cannot_be_understood_takes_nothing_back(
    city: City, tag: str, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        city.give_back(ReturnOrder(**{"tags": [tag], **changes}))

    assert caught.value.code == code


def test_another_person_may_bring_it(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    (receipt,) = city.give_back(ReturnOrder([tag], by=people[1].id)).receipts

    assert receipt.person == people[0]
    (*_, operation) = city.operations(tablets[0].id)
    reference = operation.content()["by"]
    assert people[1].id not in operation.body
    with city.store.work("x") as work:
        assert work.borrower(str(reference)) == people[1]


def test_an_unknown_bringer_takes_nothing_back(city: City, tag: str) -> None:
    ((_, error),) = city.give_back(ReturnOrder([tag], by="nobody")).refused

    assert (error.code, error.params) == ("person.unknown", {"person": "nobody"})
    assert city.views.assets_like(["R9X0001"])[0].state is State.LENT


def test_a_repeated_batch_writes_nothing_and_gives_the_same_return(city: City, tag: str) -> None:
    order = ReturnOrder([tag], Condition.WORN, ["cover"], batch="pile")
    (first,) = city.give_back(order).receipts
    before = city.dump()
    (again,) = city.give_back(order).receipts

    assert city.dump() == before
    assert (again.id, again.repeated) == (first.id, True)
    assert (again.person, again.condition, again.missing) == (
        first.person,
        Condition.WORN,
        ("cover",),
    )


def test_a_batch_id_does_not_return_the_next_loan(
    city: City, people: list[Person], tag: str
) -> None:
    city.give_back(ReturnOrder([tag], batch="pile"))
    city.lend(LoanOrder(people[1].id, [tag]))

    assert city.give_back(ReturnOrder([tag], batch="pile")).receipts[0].repeated
    assert city.views.assets_like(["R9X0001"])[0].state is State.LENT


@pytest.mark.parametrize(
    "changes", [{"condition": Condition.DAMAGED}, {"missing": ["charger"]}, {"by": "another"}]
)
def test_a_batch_id_with_another_return_is_refused(
    city: City, people: list[Person], tag: str, changes: dict[str, Any]
) -> None:
    if "by" in changes:
        changes = {"by": people[1].id}
    (first,) = city.give_back(ReturnOrder([tag], batch="pile")).receipts
    before = city.dump()
    order: dict[str, Any] = {"tags": [tag], "batch": "pile", **changes}
    ((_, error),) = city.give_back(ReturnOrder(**order)).refused

    assert (error.code, error.params) == (
        "operation.id_reused",
        {"operation": first.id, "tag": tag},
    )
    assert city.dump() == before


def test_a_return_ends_every_loan_of_a_tablet_that_was_lent_twice(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    city.write(movements.LENT, tablets[0].id, {"ref": "from another laptop"})
    (receipt,) = city.give_back(ReturnOrder([tag])).receipts

    assert receipt.person == people[0]
    assert city.asset(tablets[0].id).open_loans == ()
    assert len(city.operations(tablets[0].id)[-1].seen_loans()) == 2
    assert city.store.check() == []
