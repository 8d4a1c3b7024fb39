"""Undo: a new operation takes the newest one back; nothing is erased, nothing is undone blindly."""

from datetime import timedelta

import pytest
from small_city import City, damaged, tag_of

from fleet import movements
from fleet.asset import Asset, Condition, State
from fleet.errors import NotFound, Refusal
from fleet.operation import Draft
from fleet.persons import Person
from fleet.register import SCHOOL_DESCRIBED
from fleet.usecases.lending import LoanOrder, ReturnOrder


@pytest.fixture
def tag(tablets: list[Asset]) -> str:
    return tag_of(tablets[0])


def refused(city: City, operation: str | None = None) -> Refusal:
    before = city.dump()
    with pytest.raises(Refusal) as caught:
        city.undo(operation)
    assert city.dump() == before
    return caught.value


def test_an_undone_loan_leaves_the_tablet_on_the_shelf_and_both_in_the_ledger(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag]))
    undone = city.undo()

    assert (undone.undone, undone.kind) == (receipt.operation, movements.LENT)
    assert undone.asset.state is State.AVAILABLE
    kinds = [each.kind for each in city.operations(tablets[0].id)]
    assert kinds == [movements.RECEIVED, movements.LENT, movements.LOAN_CANCELLED]
    with city.store.work("x") as work:
        loan = work.loan(receipt.id)
    assert loan is not None
    assert loan.cancelled
    assert city.lend(LoanOrder(people[1].id, [tag]))


def test_an_undone_return_gives_the_loan_back_to_its_borrower(
    city: City, people: list[Person], tag: str
) -> None:
    city.lend(LoanOrder(people[0].id, [tag]))
    city.give_back(ReturnOrder([tag], missing=["charger"]))
    undone = city.undo()

    assert undone.asset.state is State.LENT
    row = city.views.assets_like(["R9X0001"])[0]
    assert row.borrower == people[0].id
    assert undone.asset.open_loans[0].missing == ()


def test_an_undone_damaged_return_restores_the_state_too(
    city: City, people: list[Person], tag: str
) -> None:
    city.lend(LoanOrder(people[0].id, [tag]))
    city.give_back(damaged(tag))
    undone = city.undo()

    assert (undone.asset.custody, undone.asset.state) == (State.AVAILABLE, State.LENT)
    (receipt,) = city.give_back(ReturnOrder([tag])).receipts
    assert receipt.condition is Condition.GOOD
    assert city.asset(undone.asset.id).state is State.AVAILABLE


def test_an_undone_return_of_a_lost_tablet_loses_it_again(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    city.lend(LoanOrder(people[0].id, [tag]))
    city.write(movements.LOST, tablets[0].id)
    city.give_back(ReturnOrder([tag]))

    assert city.undo().asset.state is State.LOST


def test_an_undone_return_of_a_tablet_lent_twice_keeps_one_loan_standing(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    city.lend(LoanOrder(people[0].id, [tag]))
    city.write(movements.LENT, tablets[0].id, {"ref": "from another laptop"})
    city.give_back(ReturnOrder([tag]))
    undone = city.undo()

    assert [loan.contested for loan in undone.asset.open_loans] == [False, True]
    assert city.store.check() == []


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (movements.SENT_TO_REPAIR, State.AVAILABLE),
        (movements.LOST, State.AVAILABLE),
        (movements.RETIRED, State.AVAILABLE),
    ],
)
def test_an_undone_movement_restores_the_state_before_it(
    city: City, tablets: list[Asset], kind: str, state: State
) -> None:
    city.write(kind, tablets[0].id)

    assert city.undo().asset.state is state


def test_an_undone_repair_sends_it_back_to_repair(city: City, tablets: list[Asset]) -> None:
    city.write(movements.SENT_TO_REPAIR, tablets[0].id)
    city.write(movements.REPAIRED, tablets[0].id)

    assert city.undo().asset.state is State.IN_REPAIR


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (movements.DESCRIBED, {"model": "SM-X200", "lot": "7", "room": "12"}),
        (movements.ENROLLED, {"os_version": "14", "slot": 9, "serial": "other"}),
        (movements.MOVED, {"school": "0350002B", "room": "4"}),
        (movements.PLACED, {"cart": None, "slot": None}),
    ],
)
def test_an_undone_edit_restores_every_field(
    city: City, tablets: list[Asset], kind: str, body: dict[str, str | int | None]
) -> None:
    before = city.asset(tablets[0].id)
    city.write(kind, tablets[0].id, {**body})
    assert city.views.asset(tablets[0].id) is not None
    after = city.undo().asset

    def without_stamp(asset: Asset) -> list[object]:
        return [getattr(asset, name) for name in Asset.__slots__ if name != "last_hlc"]

    assert without_stamp(after) == without_stamp(before)
    assert city.store.check() == []


def test_undoing_twice_changes_nothing(city: City, people: list[Person], tag: str) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag]))
    first = city.undo(receipt.operation)
    before = city.dump()
    again = city.undo(receipt.operation)

    assert (again.operation, again.undone, again.kind) == (
        first.operation,
        first.undone,
        first.kind,
    )
    assert city.dump() == before


def test_an_undo_has_no_undo(city: City, people: list[Person], tag: str) -> None:
    city.lend(LoanOrder(people[0].id, [tag]))
    city.undo()
    error = refused(city)

    assert (error.code, error.params) == ("undo.impossible", {"kind": movements.LOAN_CANCELLED})


def test_what_came_later_must_be_undone_first(
    city: City, people: list[Person], tablets: list[Asset], tag: str
) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag]))
    city.clock.advance(timedelta(hours=1))
    city.give_back(ReturnOrder([tag]))
    error = refused(city, receipt.operation)

    (*_, newest) = city.operations(tablets[0].id)
    assert (error.code, error.params) == (
        "undo.superseded",
        {"tag": tag, "kind": movements.RETURNED, "since": newest.at},
    )


@pytest.mark.parametrize("kind", [movements.SEEN, movements.AUDITED, movements.PROVISIONED])
def test_what_changed_nothing_that_can_be_restored_cannot_be_undone(
    city: City, tablets: list[Asset], kind: str
) -> None:
    city.write(kind, tablets[0].id)

    assert refused(city).code == "undo.impossible"


def test_a_delivery_and_a_school_cannot_be_undone(city: City, tablets: list[Asset]) -> None:
    assert refused(city, city.operations(tablets[0].id)[0].id).code == "undo.impossible"
    (edit,) = city.record(Draft(SCHOOL_DESCRIBED, "0350001A", "0350001A", {"name": "Verlaine"}))
    assert refused(city, edit.id).code == "undo.impossible"


def test_a_slot_that_was_taken_meanwhile_is_not_given_back(
    city: City, tablets: list[Asset]
) -> None:
    one, other = tablets[0], tablets[1]
    moved = city.write(movements.ENROLLED, one.id, {"slot": 9})
    city.write(movements.ENROLLED, other.id, {"slot": 1})
    error = refused(city, moved.id)

    assert (error.code, error.params["tag"]) == ("undo.superseded", other.tag)
    assert error.params["kind"] == movements.ENROLLED


def test_the_newest_operation_of_this_author_is_meant(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    one, other = (tag_of(each) for each in tablets[:2])
    (mine,) = city.lend(LoanOrder(people[0].id, [one]), author="Ada")
    city.lend(LoanOrder(people[1].id, [other]), author="Grace")

    assert city.undo(author="Ada").undone == mine.operation


def test_somebody_who_did_nothing_has_nothing_to_undo(city: City, tablets: list[Asset]) -> None:
    with pytest.raises(NotFound) as caught:
        city.undo(author="Newcomer")
    assert caught.value.code == "operation.unknown"
    with pytest.raises(NotFound) as caught:
        city.undo("no-such-operation")
    assert caught.value.params == {"operation": "no-such-operation"}
