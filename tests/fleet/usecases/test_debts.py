"""What is missing at a return is owed until somebody settles it; a spare is handed over."""

from collections.abc import Sequence

import pytest
from small_city import SCHOOL, City, tag_of

from fleet.asset import Asset
from fleet.errors import FleetError
from fleet.kinds import AssetKind
from fleet.persons import Person
from fleet.query import EVERYTHING, parse
from fleet.usecases.accessories import Settled, Settlement, give_spare, settle_debt
from fleet.usecases.lending import LoanOrder, ReturnOrder

GIVEN = ["charger", "cover"]


def settle(
    city: City, loan: str, names: Sequence[str], how: Settlement = Settlement.RETURNED
) -> Settled:
    with city.store.work("Camille") as work:
        settled = settle_debt(work, loan, names, how)
        work.commit()
    return settled


def give(city: City, tag: str, names: Sequence[str]) -> Settled:
    with city.store.work("Camille") as work:
        given = give_spare(work, tag, names)
        work.commit()
    return given


def owing(city: City, person: Person, tablet: Asset, missing: Sequence[str]) -> str:
    """A loan that came back without something; its id."""
    (receipt,) = city.lend(LoanOrder(person.id, [tag_of(tablet)], accessories=GIVEN))
    city.give_back(ReturnOrder([tag_of(tablet)], missing=missing))
    return receipt.id


def debts_of(city: City, person: Person) -> int:
    row = city.views.person(person.id)
    assert row is not None
    return row.debts


def test_what_is_missing_is_owed_until_it_is_settled(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    loan = owing(city, people[0], tablets[0], GIVEN)

    (debt,) = city.views.debts(EVERYTHING).items
    assert (debt.loan, debt.owed, debt.person) == (loan, ("charger", "cover"), people[0].id)
    assert (debts_of(city, people[0]), debts_of(city, people[1])) == (1, 0)

    settled = settle(city, loan, ["charger"], Settlement.REPLACED)
    assert settled.loan.debts == ("cover",)
    assert settled.person == people[0]
    assert city.views.debts(EVERYTHING).items[0].owed == ("cover",)

    settle(city, loan, ["cover"], Settlement.WAIVED)
    assert city.views.debts(EVERYTHING).items == ()
    assert debts_of(city, people[0]) == 0
    bodies = [each.content().get("how") for each in city.operations(tablets[0].id)[-2:]]
    assert bodies == ["replaced", "waived"]
    assert city.store.check() == []


def test_a_debt_goes_on_while_the_tablet_is_lent_to_somebody_else(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    loan = owing(city, people[0], tablets[0], ["charger"])
    city.lend(LoanOrder(people[1].id, [tag_of(tablets[0])]))

    assert (debts_of(city, people[0]), debts_of(city, people[1])) == (1, 0)
    settle(city, loan, ["charger"])
    assert debts_of(city, people[0]) == 0


@pytest.mark.parametrize(
    ("loan", "names", "code"),
    [
        ("nothing", ["charger"], "loan.unknown"),
        (None, ["cover"], "debt.none"),
        (None, ["spoon"], "accessory.unknown"),
        (None, [], "accessory.none"),
    ],
)
def test_only_what_is_owed_is_settled(
    city: City,
    people: list[Person],
    tablets: list[Asset],
    loan: str | None,
    names: list[str],
    code: str,
) -> None:
    known = owing(city, people[0], tablets[0], ["charger"])
    before = city.dump()
    with pytest.raises(FleetError) as caught:
        settle(city, loan or known, names)

    assert caught.value.code == code
    assert city.dump() == before


def test_a_debt_is_settled_once(city: City, people: list[Person], tablets: list[Asset]) -> None:
    loan = owing(city, people[0], tablets[0], ["charger"])
    settle(city, loan, ["charger"])
    with pytest.raises(FleetError) as caught:
        settle(city, loan, ["charger"])

    assert caught.value.code == "debt.none"


def test_a_labelled_accessory_left_behind_is_a_debt_of_its_borrower(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    cover = city.receive(AssetKind.ACCESSORY, bound_to=tablets[0].id, model="Coque")
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    assert city.views.debts(EVERYTHING).items == (), "both are out together"
    city.give_back(ReturnOrder([tag_of(tablets[0])]))

    (debt,) = city.views.debts(parse('class:"CM2 A"', "loans")).items
    assert (debt.tag, debt.owed, debt.bound_to) == (cover.tag, (), tablets[0].tag)
    assert debts_of(city, people[0]) == 1
    city.give_back(ReturnOrder([tag_of(cover)]))
    assert city.views.debts(EVERYTHING).items == ()


def test_debts_are_paged_and_filtered(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    for tablet, person in zip(tablets[:3], people, strict=True):
        city.clock.advance()
        owing(city, person, tablet, ["charger"])
    first = city.views.debts(EVERYTHING, limit=2)
    rest = city.views.debts(EVERYTHING, limit=2, after=first.next)

    assert [each.person for each in (*first.items, *rest.items)] == [
        each.id for each in reversed(people)
    ]
    assert rest.next is None
    found = city.views.debts(parse(f"person:{people[1].id}", "loans")).items
    assert [each.person for each in found] == [people[1].id]


def test_a_spare_joins_the_open_loan(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag], accessories=["cover"]))
    given = give(city, tag, ["charger"])

    assert given.loan.accessories == ("cover", "charger")
    assert given.person == people[0]
    assert city.store.check() == []


def test_a_spare_needs_somebody_to_give_it_to(city: City, tablets: list[Asset]) -> None:
    with pytest.raises(FleetError) as caught:
        give(city, tag_of(tablets[0]), ["charger"])

    assert caught.value.code == "give.not_lent"


def test_accessories_are_counted_by_school_and_type(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    owing(city, people[0], tablets[0], ["charger"])
    settled = owing(city, people[0], tablets[1], ["charger"])
    settle(city, settled, ["charger"])
    for tablet in tablets[2:4]:
        city.lend(LoanOrder(people[1].id, [tag_of(tablet)], accessories=GIVEN))

    counts = {each.accessory: (each.out, each.missing) for each in city.views.accessory_counts()}
    assert counts == {"charger": (2, 1), "cover": (2, 0)}
    assert {each.school for each in city.views.accessory_counts(SCHOOL)} == {SCHOOL}
    assert city.views.accessory_counts("nowhere") == ()
