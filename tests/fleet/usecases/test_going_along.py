"""A cart goes and comes with its content, a tablet goes with its own labelled accessories."""

from datetime import date

import pytest
from small_city import City, tag_of

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, NotFound, Refusal
from fleet.kinds import AssetKind, PersonKind
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder, ReturnOrder

DUE = date(2027, 7, 2)


@pytest.fixture
def teacher(city: City, school: str) -> Person:
    return city.add_person("DUVAL", "Anne", "", kind=PersonKind.TEACHER)


@pytest.fixture
def cover(city: City, tablets: list[Asset]) -> Asset:
    """A labelled cover of the first tablet."""
    return city.receive(AssetKind.ACCESSORY, bound_to=tablets[0].id, model="Coque bleue")


@pytest.fixture
def other_cover(city: City, tablets: list[Asset]) -> Asset:
    """A cover of the same model, of the second tablet."""
    return city.receive(AssetKind.ACCESSORY, bound_to=tablets[1].id, model="Coque bleue")


def states(city: City, assets: list[Asset]) -> list[State]:
    return [city.asset(each.id).state for each in assets]


def refused(city: City, order: LoanOrder) -> FleetError:
    before = city.dump()
    with pytest.raises(FleetError) as caught:
        city.lend(order, author="Somebody new")
    assert city.dump() == before
    return caught.value


# labelled accessories


def test_a_labelled_accessory_goes_with_its_tablet(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])], DUE))

    assert [each.asset.id for each in receipt.along] == [cover.id]
    loan = city.asset(cover.id).standing_loan
    assert loan is not None
    assert loan.due == DUE
    assert city.store.check() == []


def test_an_accessory_that_is_not_on_the_shelf_stays_and_is_named(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    city.write(movements.LOST, cover.id)
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))

    assert receipt.along == ()
    assert [each.id for each in receipt.staying] == [cover.id]


def test_a_tablet_that_returns_alone_leaves_its_accessory_as_a_visible_debt(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    (receipt,) = city.give_back(ReturnOrder([tag])).receipts

    assert [each.id for each in receipt.expected] == [cover.id]
    assert states(city, [tablets[0], cover]) == [State.AVAILABLE, State.LENT]
    city.give_back(ReturnOrder([tag_of(cover)]))
    assert city.asset(cover.id).state is State.AVAILABLE


def test_a_tablet_and_its_accessory_scanned_together_both_come_back(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    tags = [tag_of(tablets[0]), tag_of(cover)]
    city.lend(LoanOrder(people[0].id, tags[:1]))
    returned = city.give_back(ReturnOrder(tags))

    assert [each.tag for each in returned.receipts] == tags
    assert returned.refused == ()


@pytest.mark.parametrize("which", [0, 1])
def test_undoing_a_loan_undoes_what_went_along(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset, which: int
) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    undone = city.undo([receipt.operation, None][which])

    assert {undone.asset.id, *(each.id for each in undone.also)} == {tablets[0].id, cover.id}
    assert states(city, [tablets[0], cover]) == [State.AVAILABLE, State.AVAILABLE]
    assert city.store.check() == []


def test_a_loan_whose_accessory_came_back_since_is_not_undone(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    (receipt,) = city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    city.give_back(ReturnOrder([tag_of(cover)]))
    before = city.dump()
    with pytest.raises(Refusal) as caught:
        city.undo(receipt.operation)

    assert (caught.value.code, caught.value.params["tag"]) == ("undo.superseded", cover.tag)
    assert city.dump() == before


def test_a_neighbours_accessory_is_accepted_as_a_swap(
    city: City,
    people: list[Person],
    tablets: list[Asset],
    cover: Asset,
    other_cover: Asset,
) -> None:
    one, two = (tag_of(each) for each in tablets[:2])
    city.lend(LoanOrder(people[0].id, [one]))
    city.lend(LoanOrder(people[1].id, [two], DUE))
    before = [city.asset(each.id) for each in (tablets[0], cover, other_cover)]

    receipts = city.give_back(ReturnOrder([one, tag_of(other_cover)])).receipts

    assert receipts[1].instead_of is not None
    assert (receipts[1].instead_of.id, receipts[1].person) == (cover.id, people[0])
    mine, theirs = city.asset(cover.id), city.asset(other_cover.id)
    assert (theirs.bound_to, theirs.state) == (tablets[0].id, State.AVAILABLE)
    assert (mine.bound_to, mine.state) == (tablets[1].id, State.LENT)
    row = city.views.asset(tag_of(cover))
    assert row is not None
    assert (row.row.borrower, row.row.due) == (people[1].id, DUE)
    assert city.store.check() == []

    city.undo(receipts[1].id)
    city.undo(receipts[0].id)
    after = [city.asset(each.id) for each in (tablets[0], cover, other_cover)]
    assert [(each.state, each.bound_to) for each in after] == [
        (each.state, each.bound_to) for each in before
    ]
    assert city.store.check() == []


def test_a_spare_that_nobody_has_is_accepted_also_a_moment_later(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset, other_cover: Asset
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    city.give_back(ReturnOrder([tag]))
    returned = city.give_back(ReturnOrder([tag_of(other_cover)], just_back=[tag]))

    assert returned.receipts[0].instead_of is not None
    assert city.asset(other_cover.id).bound_to == tablets[0].id
    assert city.asset(cover.id).bound_to == tablets[1].id
    assert states(city, [cover, other_cover]) == [State.AVAILABLE, State.AVAILABLE]


def test_a_swap_of_another_model_is_no_swap(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset
) -> None:
    stylus = city.receive(AssetKind.ACCESSORY, bound_to=tablets[1].id, model="Stylet")
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    returned = city.give_back(ReturnOrder([tag, tag_of(stylus)]))

    assert [error.code for _tag, error in returned.refused] == ["return.not_lent"]
    assert city.asset(cover.id).state is State.LENT


def test_a_repeated_swap_writes_nothing_more(
    city: City, people: list[Person], tablets: list[Asset], cover: Asset, other_cover: Asset
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    order = ReturnOrder([tag, tag_of(other_cover)], batch="scan-7")
    first = city.give_back(order)
    before = city.dump()
    again = city.give_back(order)

    assert city.dump() == before
    assert [each.id for each in again.receipts] == [each.id for each in first.receipts]
    assert all(each.repeated for each in again.receipts)


# carts


def test_a_cart_is_lent_with_its_content_and_returned_with_it(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset], cover: Asset
) -> None:
    everything = [cart, *tablets, cover]
    before = [city.asset(each.id) for each in everything]
    (receipt,) = city.lend(LoanOrder(teacher.id, [tag_of(cart)], DUE))

    assert {each.asset.id for each in receipt.along} == {each.id for each in everything[1:]}
    assert set(states(city, everything)) == {State.LENT}
    assert {city.operations(each.id)[-1].kind for each in everything} == {movements.LENT}

    (back,) = city.give_back(ReturnOrder([tag_of(cart)])).receipts
    assert len(back.along) == len(everything) - 1
    assert back.person == teacher
    after = [city.asset(each.id) for each in everything]
    assert [(each.state, each.cart, each.slot) for each in after] == [
        (each.state, each.cart, each.slot) for each in before
    ]
    assert city.store.check() == []


def test_a_cart_whose_content_is_lent_elsewhere_is_refused_and_says_who_has_what(
    city: City, people: list[Person], teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[2])]))
    error = refused(city, LoanOrder(teacher.id, [tag_of(cart)]))

    assert (error.code, error.params["count"]) == ("cart.content_lent", 1)
    assert error.params["tags"] == f"{tablets[2].tag} (MARTIN Léa)"


@pytest.mark.parametrize("way", ["without", "partial"])
def test_the_rest_of_a_cart_is_lent_when_that_is_asked(
    city: City, people: list[Person], teacher: Person, cart: Asset, tablets: list[Asset], way: str
) -> None:
    lent = tag_of(tablets[2])
    city.lend(LoanOrder(people[0].id, [lent]))
    without = [lent] if way == "without" else []
    order = LoanOrder(teacher.id, [tag_of(cart)], without=without, partial=way == "partial")
    (receipt,) = city.lend(order)

    assert len(receipt.along) == 5
    assert [each.id for each in receipt.staying] == [tablets[2].id]
    city.give_back(ReturnOrder([tag_of(cart)]))
    assert city.asset(tablets[2].id).state is State.LENT, "it is the pupil’s, not the cart’s"


def test_what_is_in_repair_stays_without_stopping_the_cart(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    city.write(movements.SENT_TO_REPAIR, tablets[0].id)
    (receipt,) = city.lend(LoanOrder(teacher.id, [tag_of(cart)]))

    assert len(receipt.along) == 5
    assert [each.id for each in receipt.staying] == [tablets[0].id]


def test_without_names_only_what_would_go(city: City, teacher: Person, cart: Asset) -> None:
    error = refused(city, LoanOrder(teacher.id, [tag_of(cart)], without=["KDRTBXLP"]))

    assert (type(error), error.code) == (NotFound, "cart.not_inside")


def test_a_cart_takes_back_what_came_and_the_rest_stays_a_loan(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    city.lend(LoanOrder(teacher.id, [tag_of(cart)]))
    city.give_back(ReturnOrder([tag_of(tablets[0])]))
    order = ReturnOrder([tag_of(cart)], without=[tag_of(tablets[1])])
    (receipt,) = city.give_back(order).receipts

    assert {each.asset.id for each in receipt.along} == {each.id for each in tablets[2:]}
    assert states(city, tablets[:3]) == [State.AVAILABLE, State.LENT, State.AVAILABLE]


def test_undoing_the_return_of_a_cart_gives_all_of_it_back(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    city.lend(LoanOrder(teacher.id, [tag_of(cart)]))
    city.give_back(ReturnOrder([tag_of(cart)]))
    city.undo()

    assert set(states(city, [cart, *tablets])) == {State.LENT}
    city.give_back(ReturnOrder([tag_of(cart)]))
    assert set(states(city, [cart, *tablets])) == {State.AVAILABLE}
    assert city.store.check() == []


def test_a_repeated_cart_is_lent_and_returned_once(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    order = LoanOrder(teacher.id, [tag_of(cart)], DUE, batch="monday")
    (first,) = city.lend(order)
    before = city.dump()
    (again,) = city.lend(order)
    assert city.dump() == before
    assert again.repeated
    assert {each.id for each in again.along} == {each.id for each in first.along}

    back = ReturnOrder([tag_of(cart)], batch="friday")
    city.give_back(back)
    before = city.dump()
    assert city.give_back(back).receipts[0].repeated
    assert city.dump() == before


def test_what_is_named_beside_its_cart_is_lent_once(
    city: City, teacher: Person, cart: Asset, tablets: list[Asset]
) -> None:
    receipts = city.lend(LoanOrder(teacher.id, [tag_of(cart), tag_of(tablets[0])]))

    assert len(receipts[0].along) == len(tablets) - 1
    returned = city.give_back(ReturnOrder([tag_of(cart), tag_of(tablets[0])]))
    assert returned.refused == ()
    assert set(states(city, [cart, *tablets])) == {State.AVAILABLE}
