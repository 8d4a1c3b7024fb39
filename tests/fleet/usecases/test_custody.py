"""Custody: movements of several assets are all or nothing, and each can be taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, tag_of

from db.past import open_past
from db.views import SqlViews
from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.kinds import AssetKind, PersonKind
from fleet.operation import Json
from fleet.persons import Person
from fleet.ports import Work
from fleet.query import EVERYTHING, parse
from fleet.usecases.custody import Change, change, move, swap_slots
from fleet.usecases.editing import (
    NewAsset,
    NewPerson,
    add_asset,
    add_person,
    add_school,
    edit_assets,
    edit_person,
    edit_school,
)
from fleet.usecases.exchanging import STOCK, attach, exchange, extend, transfer
from fleet.usecases.lending import LoanOrder
from fleet.usecases.undoing import undo_gesture


def do(city: City, act: Callable[[Work], object]) -> object:
    with city.store.work("Camille") as work:
        result = act(work)
        work.commit()
    return result


def refused(city: City, act: Callable[[Work], object]) -> FleetError:
    before = city.dump()
    with pytest.raises(FleetError) as caught:
        do(city, act)
    assert city.dump() == before
    return caught.value


def whole(city: City) -> dict[str, tuple[object, ...]]:
    """Everything about every asset that a person can see."""
    rows = city.views.assets(EVERYTHING, limit=500).items
    return {row.id: (row, city.asset(row.id).codes, city.asset(row.id).room) for row in rows}


def undo_all(city: City) -> None:
    do(city, undo_gesture)
    assert city.store.check() == []


def test_one_that_cannot_move_keeps_all_where_they_are(city: City, tablets: list[Asset]) -> None:
    tags = [tag_of(each) for each in tablets[:3]]
    do(city, lambda work: change(work, Change(movements.LOST, tags[1:2])))
    error = refused(city, lambda work: move(work, tags, school=OTHER_SCHOOL))

    assert (error.code, error.params["tag"]) == ("passage.state", tags[1])
    unknown = refused(city, lambda work: move(work, [tags[0], "BBBBBBBB"], school=OTHER_SCHOOL))
    assert (unknown.code, unknown.exit_code) == ("asset.unknown", 3)


def test_a_cart_moves_with_all_that_belongs_in_it(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    cover = city.receive(AssetKind.ACCESSORY, bound_to=tablets[0].id)
    do(city, lambda work: change(work, Change(movements.LOST, [tag_of(tablets[5])])))
    before = whole(city)
    tags = [tag_of(cart), tag_of(tablets[0])]
    moved = do(city, lambda work: move(work, tags, school=OTHER_SCHOOL, room="12"))

    assert isinstance(moved, tuple)
    assert len(moved) == 1 + len(tablets) + 1
    for asset in (cart, *tablets, cover):
        now = city.asset(asset.id)
        assert (now.school, now.room, now.cart, now.slot) == (
            *(OTHER_SCHOOL, "12"),
            *(asset.cart, asset.slot),
        )
    undo_all(city)
    assert whole(city) == before


def test_a_stolen_tablet_keeps_its_complaint_outside_the_ledger(
    city: City, tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    do(city, lambda work: change(work, Change(movements.STOLEN, [tag], note="plainte 2026/77")))

    assert city.views.history(tablets[0].id)[0].note == "plainte 2026/77"
    assert all("2026/77" not in each.body for each in city.operations(tablets[0].id))
    assert city.asset(tablets[0].id).state is State.STOLEN


def test_a_retirement_needs_its_decision_and_empties_the_slot(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    for reference in (None, "", "  "):
        order = Change(movements.RETIRED, [tag], reference=reference)
        assert refused(city, partial(change, wanted=order)).code == "retire.no_reference"
    before = whole(city)
    do(city, lambda work: change(work, Change(movements.RETIRED, [tag], reference="2026-41")))
    gone = city.asset(tablets[0].id)
    assert (gone.state, gone.cart, gone.slot, gone.school) == (State.RETIRED, None, None, SCHOOL)
    undo_all(city)
    assert whole(city) == before

    do(city, lambda work: change(work, Change(movements.RETIRED, [tag], reference="2026-41")))
    other = city.receive()
    do(city, lambda work: move(work, [tag_of(other)], cart=cart.tag, slot=1))
    retired = city.operations(tablets[0].id)[-1]
    assert refused(city, lambda work: undo_gesture(work, retired.id)).code == "undo.superseded"


def test_swapping_two_slots_is_one_gesture_there_and_back(city: City, tablets: list[Asset]) -> None:
    one, other = tag_of(tablets[0]), tag_of(tablets[1])
    before = whole(city)
    do(city, lambda work: swap_slots(work, one, other))
    assert [city.asset(each.id).slot for each in tablets[:2]] == [2, 1]
    undo_all(city)
    assert whole(city) == before
    undo_all(city)
    assert [city.asset(each.id).slot for each in tablets[:2]] == [2, 1]

    assert refused(city, lambda work: swap_slots(work, one, one)).code == "swap.same"
    loose = tag_of(city.receive())
    assert refused(city, lambda work: swap_slots(work, one, loose)).code == "swap.no_place"


@pytest.mark.parametrize(("slot", "code"), [(0, "place.no_such_slot"), (17, "place.no_such_slot")])
def test_a_slot_that_the_cart_has_not_is_refused(
    city: City, cart: Asset, slot: int, code: str
) -> None:
    tag = tag_of(city.receive())
    error = refused(city, lambda work: move(work, [tag], cart=cart.tag, slot=slot))
    assert error.code == code


def test_a_cart_goes_into_no_cart_and_a_slot_needs_one(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    other = city.receive(AssetKind.CART, name="M-02", capacity=1)
    inside = refused(city, lambda work: move(work, [tag_of(other)], cart=cart.tag))
    assert inside.code == "place.cart_in_cart"
    tags = [tag_of(each) for each in tablets[:2]]
    assert refused(city, lambda work: move(work, tags, cart=other.tag)).code == "slot.none"
    taken = refused(city, lambda work: move(work, tags[:1], cart=cart.tag, slot=2))
    assert (taken.code, taken.params["tag"]) == ("place.slot_taken", tags[1])
    with pytest.raises(InvalidInput):
        do(city, lambda work: move(work, tags, slot=2))
    with pytest.raises(InvalidInput):
        do(city, lambda work: move(work, tags))
    with pytest.raises(NotFound):
        do(city, lambda work: move(work, tags, school="0351234A"))


def test_a_repeated_batch_writes_nothing_twice(city: City, tablets: list[Asset]) -> None:
    order = Change(movements.LOST, [tag_of(each) for each in tablets[:2]], batch="scan-1")
    first = do(city, lambda work: change(work, order))
    before = city.dump()
    again = do(city, lambda work: change(work, order))

    assert again == first
    assert city.dump() == before


def test_nothing_happens_in_the_future(city: City, tablets: list[Asset]) -> None:
    later = city.clock.now + timedelta(hours=1)
    order = Change(movements.LOST, [tag_of(tablets[0])], at=later)
    assert refused(city, lambda work: change(work, order)).code == "at.future"


def test_an_exchange_keeps_label_place_and_loan_and_retires_the_old_device(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    asset, tag = tablets[0], tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    city.write(movements.AUDITED, asset.id, {"compliant": True, "profile": "ecole 3"})
    do(city, lambda work: change(work, Change(movements.SENT_TO_REPAIR, [tag])))
    before = whole(city)
    do(city, lambda work: exchange(work, tag, "NEW1", reference="RMA 9"))

    now = city.asset(asset.id)
    assert (now.serial, now.tag, now.slot, now.state) == ("NEW1", tag, 1, State.LENT)
    assert now.compliant is None
    (old,) = city.views.assets_like(["R9X0001"])
    assert (old.tag, old.state, old.serial) == (None, State.RETIRED, "R9X0001")
    assert '"reference":"RMA 9"' in city.operations(old.id)[-1].body
    assert refused(city, lambda work: exchange(work, tag, "r9x0002")).code == "serial.taken"
    assert refused(city, lambda work: exchange(work, tag, "new1")).code == "exchange.same_serial"

    undo_all(city)
    after = whole(city)
    del after[old.id]
    assert after == before
    assert [row.id for row in city.views.assets_like(["R9X0001"])] == [asset.id]


def test_a_longer_loan_can_be_shortened_again(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in tablets[:2]]
    assert refused(city, lambda work: extend(work, tags, date(2027, 1, 5))).code == (
        "passage.not_lent"
    )
    city.lend(LoanOrder(people[0].id, tags, due=date(2026, 12, 18)))
    early = refused(city, lambda work: extend(work, tags, date(2026, 1, 1)))
    assert (early.code, early.exit_code) == ("due.before_loan", 2)
    do(city, lambda work: extend(work, tags, date(2027, 7, 2)))
    assert {row.due for row in city.views.loans(EVERYTHING).items} == {date(2027, 7, 2)}
    undo_all(city)
    assert {row.due for row in city.views.loans(EVERYTHING).items} == {date(2026, 12, 18)}


def test_a_transfer_takes_the_cart_whole_to_a_school_or_to_the_stock(
    city: City, people: list[Person], cart: Asset, tablets: list[Asset]
) -> None:
    before = whole(city)
    do(city, lambda work: transfer(work, [tag_of(cart)], OTHER_SCHOOL))
    assert {city.asset(each.id).school for each in (cart, *tablets)} == {OTHER_SCHOOL}
    there = refused(city, lambda work: transfer(work, [tag_of(cart)], OTHER_SCHOOL))
    assert there.code == "transfer.already_there"
    undo_all(city)
    assert whole(city) == before

    do(city, lambda work: transfer(work, [tag_of(tablets[0])], STOCK))
    now = city.asset(tablets[0].id)
    assert (now.school, now.cart, now.slot) == (None, None, None)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[1])]))
    lent = refused(city, lambda work: transfer(work, [tag_of(cart)], OTHER_SCHOOL))
    assert (lent.code, lent.params["tag"]) == ("passage.lent", tag_of(tablets[1]))


def test_an_attached_code_finds_its_asset_and_no_other(city: City, tablets: list[Asset]) -> None:
    one, other = tag_of(tablets[0]), tag_of(tablets[1])
    before = whole(city)
    do(city, lambda work: attach(work, "inv-2019 044", one))

    assert [row.id for row in city.views.assets_like(["INV-2019044"])] == [tablets[0].id]
    for code in ("INV-2019044", "R9X0002", other, one):
        assert refused(city, partial(attach, code=code, tag=other)).code == "code.taken"
    assert refused(city, lambda work: attach(work, " ", one)).code == "code.empty"
    undo_all(city)
    assert whole(city) == before
    assert city.views.assets_like(["INV-2019044"]) == ()
    do(city, lambda work: attach(work, "INV-2019044", other))


def test_what_is_entered_by_hand_is_checked_like_what_is_imported(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    new = NewAsset(
        AssetKind.TABLET,
        {"serial": "IPAD1", "platform": "ipados", "managed_by": "Jamf", "school": SCHOOL},
        cart="M-01",
    )
    do(city, lambda work: add_asset(work, new))
    (row,) = city.views.assets_like(["IPAD1"])
    assert (row.cart_name, row.slot) == ("M-01", 7)
    card = city.views.asset(row.id)
    assert card is not None
    assert (card.platform, card.managed_by) == ("ipados", "Jamf")

    taken = NewAsset(AssetKind.TABLET, {"serial": "ipad1"})
    assert refused(city, lambda work: add_asset(work, taken)).code == "serial.taken"
    nameless = NewAsset(AssetKind.CART, {})
    assert refused(city, lambda work: add_asset(work, nameless)).code == "add.no_name"
    namesake = NewAsset(AssetKind.CART, {"name": "M-01", "school": SCHOOL})
    assert refused(city, lambda work: add_asset(work, namesake)).code == "name.taken"
    labelled = NewAsset(AssetKind.TABLET, {}, tag=tag_of(tablets[0]))
    assert refused(city, lambda work: add_asset(work, labelled)).code == "tag.taken"


def test_a_correction_writes_only_what_changes_and_is_undone_whole(
    city: City, tablets: list[Asset]
) -> None:
    tags = [tag_of(each) for each in tablets[:3]]
    before = whole(city)
    changes: dict[str, Json] = {
        "funding": "TNE 2026",
        "price_cents": 28990,
        "model": "Galaxy Tab A8",
    }
    done = do(city, lambda work: edit_assets(work, tags, changes))
    assert isinstance(done, tuple)
    assert len(done) == 3
    assert "model" not in city.operations(tablets[0].id)[-1].content()
    assert do(city, lambda work: edit_assets(work, tags, changes)) == ()
    undo_all(city)
    assert whole(city) == before

    assert refused(city, lambda work: edit_assets(work, tags, {})).code == "edit.nothing"
    astray = refused(city, lambda work: edit_assets(work, tags, {"school": OTHER_SCHOOL}))
    assert astray.code == "edit.in_cart"
    assert refused(city, lambda work: edit_assets(work, tags, {"tag": "X"})).code == "edit.field"


def test_schools_and_persons_are_entered_and_corrected(city: City, people: list[Person]) -> None:
    do(city, lambda work: add_school(work, "0351111T", "École du Moulin", {"commune": "Lys"}))
    assert refused(city, lambda work: add_school(work, "0351111T", "X", {})).code == (
        "school.exists"
    )
    do(city, lambda work: edit_school(work, "0351111T", {"name": "École du Moulin neuf"}))
    (row,) = city.views.schools(parse("moulin neuf", "schools")).items
    assert (row.uai, row.commune) == ("0351111T", "Lys")

    twin = NewPerson("martin", "Léa", SCHOOL, PersonKind.PUPIL, "CM1 B")
    assert refused(city, lambda work: add_person(work, twin)).code == "person.exists"
    person = do(city, lambda work: add_person(work, twin, homonym=True))
    assert isinstance(person, Person)
    assert (person.family_name, person.mark) == ("MARTIN", "2")
    do(city, lambda work: edit_person(work, person.id, {"class_name": "CM2 A", "left": True}))
    found = city.views.person(person.id)
    assert found is not None
    assert (found.class_name, found.left, found.code) == ("CM2 A", True, person.code)


def test_a_day_in_the_past_shows_what_had_happened_by_its_evening(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    first = city.clock.now.astimezone().date()
    city.clock.advance(timedelta(days=10))
    tag = tag_of(tablets[0])
    due = first + timedelta(days=12)
    city.lend(LoanOrder(people[0].id, [tag], due=due))
    city.clock.advance(timedelta(days=10))
    written = city.clock.now - timedelta(days=9)
    do(city, lambda work: change(work, Change(movements.LOST, [tag_of(tablets[1])], at=written)))
    before = city.dump()

    def states(days: int) -> list[State]:
        past = open_past(city.store, first + timedelta(days=days))
        rows = SqlViews(past).assets(parse("kind:tablet", "assets")).items
        assert past.check() == []
        past.close()
        return [row.state for row in rows[:2]]

    assert states(-1) == []
    assert states(0) == states(9) == [State.AVAILABLE, State.AVAILABLE]
    assert states(10) == [State.LENT, State.AVAILABLE]
    assert states(11) == [State.LENT, State.LOST]
    past = open_past(city.store, first + timedelta(days=11))
    assert SqlViews(past).loans(EVERYTHING).items[0].person == people[0].id
    assert SqlViews(past).loans(parse("is:late", "loans")).items == ()
    past = open_past(city.store, first + timedelta(days=13))
    assert len(SqlViews(past).loans(parse("is:late", "loans")).items) == 1
    assert city.dump() == before


def test_warranties_that_end_soon_are_counted_and_found(city: City, tablets: list[Asset]) -> None:
    today = city.clock.now.date()
    for number, days in enumerate((-1, 0, 90, 91)):
        until = (today + timedelta(days=days)).isoformat()
        city.write(movements.DESCRIBED, tablets[number].id, {"warranty_until": until})

    assert city.views.ending_warranties(today) == 2
    assert len(city.views.assets(parse("warranty:soon", "assets")).items) == 2
    ended = parse(f"warranty<{today}", "assets")
    assert len(city.views.assets(ended).items) == 1
    order = Change(movements.RETIRED, [tag_of(tablets[1])], reference="R1")
    do(city, lambda work: change(work, order))
    assert city.views.ending_warranties(today) == 1


def test_a_refusal_of_the_table_says_what_and_where(city: City, tablets: list[Asset]) -> None:
    tag = tag_of(tablets[0])
    do(city, lambda work: change(work, Change(movements.RETIRED, [tag], reference="R1")))
    error = refused(city, lambda work: change(work, Change(movements.LOST, [tag])))
    assert isinstance(error, Refusal)
    assert error.params["movement"] == movements.LOST
    assert error.params["state"] == "retired"
