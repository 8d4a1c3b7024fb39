"""Lending: all or nothing, by rules that name who has the tablet, and once for each batch id."""

from datetime import date, timedelta
from typing import Any

import pytest
from small_city import AUTHOR, MONDAY, City, damaged, tag_of

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.kinds import AssetKind
from fleet.persons import Person
from fleet.stamps import iso
from fleet.usecases.lending import LoanOrder, ReturnOrder

DUE = date(2027, 7, 5)


def refused(city: City, order: LoanOrder) -> FleetError:
    """The error that ``order`` meets; nothing may have been written."""
    before = city.dump()
    with pytest.raises(FleetError) as caught:
        city.lend(order, author="Somebody new")
    assert city.dump() == before
    return caught.value


def test_a_loan_is_one_operation_that_names_nobody(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag], DUE, accessories=["charger", "cover"]))

    (*_, operation) = city.operations(tablets[0].id)
    body = operation.content()
    assert operation.kind == movements.LENT
    assert set(body) == {"ref", "due", "accessories"}
    assert (body["due"], body["accessories"]) == ("2027-07-05", ["charger", "cover"])
    assert people[0].id not in operation.body
    assert (receipt.id, receipt.operation, receipt.tag) == (operation.id, operation.id, tag)
    assert (receipt.person, receipt.due, receipt.repeated) == (people[0], DUE, False)

    asset = city.asset(tablets[0].id)
    assert asset.state is State.LENT
    row = city.views.assets_like(["R9X0001"])[0]
    assert (row.borrower, row.borrower_name) == (people[0].id, "MARTIN Léa")


def test_several_tablets_go_out_in_one_transaction_in_the_order_given(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in reversed(tablets)]
    receipts = city.lend(LoanOrder(people[0].id, [*tags, tags[0]]))

    assert [receipt.tag for receipt in receipts] == tags


def test_a_lent_tablet_is_refused_with_who_has_it_since_when_and_by_whom(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    city.clock.advance(timedelta(days=2))

    error = refused(city, LoanOrder(people[1].id, [tag]))

    assert isinstance(error, Refusal)
    assert error.code == "loan.already_lent"
    assert error.params == {
        "tag": tag,
        "person": "MARTIN Léa",
        "person_id": people[0].id,
        "class_name": "CM2 A",
        "since": iso(MONDAY),
        "author": AUTHOR,
    }


def test_the_same_borrower_is_refused_too(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))

    assert refused(city, LoanOrder(people[0].id, [tag_of(tablets[0])])).code == "loan.already_lent"


def test_one_refused_tablet_keeps_all_of_them_in(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in tablets]
    city.lend(LoanOrder(people[0].id, tags[-1:]))

    assert refused(city, LoanOrder(people[1].id, tags)).params["tag"] == tags[-1]


def test_what_cannot_be_lent_says_why(city: City, people: list[Person]) -> None:
    projector = city.receive(AssetKind.PROJECTOR)
    error = refused(city, LoanOrder(people[0].id, [tag_of(projector)]))

    assert (error.code, error.params) == (
        "loan.not_lendable",
        {"tag": projector.tag, "kind": "projector"},
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (movements.SENT_TO_REPAIR, "in_repair"),
        (movements.LOST, "lost"),
        (movements.STOLEN, "stolen"),
        (movements.RETIRED, "retired"),
    ],
)
def test_what_is_not_on_the_shelf_is_refused_with_its_state(
    city: City, people: list[Person], tablets: list[Asset], kind: str, state: str
) -> None:
    city.write(kind, tablets[0].id)
    error = refused(city, LoanOrder(people[0].id, [tag_of(tablets[0])]))

    assert (error.code, error.params) == (
        "loan.bad_state",
        {"tag": tablets[0].tag, "state": state},
    )


def test_a_damaged_tablet_is_refused_until_it_is_repaired(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    city.give_back(damaged(tag))

    assert refused(city, LoanOrder(people[0].id, [tag])).params["state"] == "damaged"
    city.write(movements.REPAIRED, tablets[0].id)
    assert city.lend(LoanOrder(people[0].id, [tag]))


def test_who_has_left_the_school_borrows_nothing(city: City, tablets: list[Asset]) -> None:
    gone = city.add_person("PETIT", "Tom", left=True)
    error = refused(city, LoanOrder(gone.id, [tag_of(tablets[0])]))

    assert (error.code, error.params) == (
        "loan.person_left",
        {"tag": tablets[0].tag, "person": "PETIT Tom"},
    )


@pytest.mark.parametrize(
    ("changes", "family", "code"),
    [
        ({"person": "nobody"}, NotFound, "person.unknown"),
        ({"tags": ["KDRTBXLP"]}, NotFound, "asset.unknown"),
        ({"tags": []}, InvalidInput, "loan.no_tag"),
        ({"at": MONDAY + timedelta(milliseconds=1)}, InvalidInput, "at.future"),
        ({"accessories": ["charger", "spoon"]}, InvalidInput, "accessory.unknown"),
    ],
)
def test_an_order_that_cannot_be_understood_is_refused(
    city: City,
    people: list[Person],
    tablets: list[Asset],
    changes: dict[str, Any],
    family: type[FleetError],
    code: str,
) -> None:
    order: dict[str, Any] = {"person": people[0].id, "tags": [tag_of(tablets[0])], **changes}
    error = refused(city, LoanOrder(**order))

    assert (type(error), error.code) == (family, code)


def test_a_day_on_paper_keeps_its_own_date(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    morning = MONDAY - timedelta(hours=6)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])], at=morning))

    assert city.asset(tablets[0].id).open_loans[0].opened_at == iso(morning)


def test_a_repeated_batch_writes_nothing_and_gives_the_same_loans(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in tablets[:2]]
    order = LoanOrder(people[0].id, tags, DUE, accessories=["charger"], batch="scan-1")
    first = city.lend(order)
    before = city.dump()
    city.clock.advance()
    again = city.lend(order)

    assert city.dump() == before
    assert [receipt.id for receipt in again] == [receipt.id for receipt in first]
    assert [receipt.due for receipt in again] == [DUE, DUE]
    assert [receipt.repeated for receipt in (*first, *again)] == [False, False, True, True]


def test_a_repeated_batch_is_the_same_after_the_return(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    order = LoanOrder(people[0].id, [tag_of(tablets[0])], batch="scan-1")
    (first,) = city.lend(order)
    city.give_back(ReturnOrder([first.tag]))

    assert city.lend(order)[0].repeated
    assert city.asset(tablets[0].id).state is State.AVAILABLE


def test_a_batch_that_was_cut_is_completed(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in tablets[:3]]
    city.lend(LoanOrder(people[0].id, tags[:2], batch="class"))
    receipts = city.lend(LoanOrder(people[0].id, tags, batch="class"))

    assert [receipt.repeated for receipt in receipts] == [True, True, False]
    assert [receipt.tag for receipt in receipts] == tags


@pytest.mark.parametrize(
    "changes", [{"person": 1}, {"due": date(2027, 1, 1)}, {"accessories": ["cover"]}]
)
def test_a_batch_id_with_another_order_is_refused(
    city: City, people: list[Person], tablets: list[Asset], changes: dict[str, Any]
) -> None:
    if "person" in changes:
        changes = {"person": people[1].id}
    order: dict[str, Any] = {
        "person": people[0].id,
        "tags": [tag_of(tablets[0])],
        "due": DUE,
        "batch": "scan-1",
    }
    (first,) = city.lend(LoanOrder(**order))
    error = refused(city, LoanOrder(**{**order, **changes}))

    assert (error.code, error.params) == (
        "operation.id_reused",
        {"operation": first.id, "tag": tablets[0].tag},
    )


def test_a_batch_id_of_a_loan_does_not_make_a_return(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag], batch="scan-1"))
    returned = city.give_back(ReturnOrder([tag], batch="scan-1"))

    assert [(each, error.code) for each, error in returned.refused] == [
        (tag, "operation.id_reused")
    ]
    assert city.asset(tablets[0].id).state is State.LENT


def test_an_erased_link_leaves_a_refusal_without_a_name(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    with city.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM loan_link")

    error = refused(city, LoanOrder(people[1].id, [tag]))

    assert error.code == "loan.already_lent"
    assert (error.params["person"], error.params["class_name"]) == (None, None)


def test_a_loan_is_not_due_before_it_begins(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    order = LoanOrder(people[0].id, [tag_of(tablets[0])], MONDAY.date() - timedelta(days=1))

    assert refused(city, order).code == "due.before_loan"
