"""Registration in pairs: either order, each mistake its own answer, undo frees both codes."""

from collections.abc import Sequence

import pytest
from small_city import SCHOOL, City

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.kinds import AssetKind
from fleet.tags import draw_tag
from fleet.usecases.registering import (
    Delivery,
    Registered,
    is_product_code,
    register,
    take_back,
    tell_apart,
)

TABLET = Delivery(AssetKind.TABLET, "Samsung", "Galaxy Tab A8", SCHOOL)
TAG, OTHER_TAG = (draw_tag(lambda below, start=start: start % below) for start in (3, 5))
SERIAL = "R9WR300000C"


@pytest.fixture(autouse=True)
def _schools(school: str) -> None:
    """The school of the delivery is known."""


def pair(
    city: City,
    serials: Sequence[str] = (SERIAL,),
    tag: str = TAG,
    delivery: Delivery = TABLET,
    slot: int | None = None,
) -> Registered:
    with city.store.work("Camille") as work:
        done = register(work, serials, tag, delivery, slot=slot)
        work.commit()
    return done


def undo(city: City, operation: str | None) -> Asset:
    assert operation is not None
    with city.store.work("Camille") as work:
        asset = take_back(work, operation)
        work.commit()
    return asset


def refusal(city: City, **changes: object) -> FleetError:
    before = city.count()
    with pytest.raises(FleetError) as caught:
        pair(city, **changes)  # type: ignore[arg-type]
    assert city.count() == before
    return caught.value


def test_a_pair_makes_an_asset_with_all_that_the_pile_has_in_common(city: City) -> None:
    done = pair(city)
    asset = city.asset(done.asset.id)
    assert done.is_new
    assert (asset.tag, asset.serial, asset.kind) == (TAG, SERIAL, AssetKind.TABLET)
    assert (asset.maker, asset.model, asset.school) == ("Samsung", "Galaxy Tab A8", SCHOOL)


def test_the_same_pair_again_changes_nothing(city: City) -> None:
    pair(city)
    before = city.dump()
    again = pair(city, [SERIAL.lower()])
    assert (again.operation, again.is_new) == (None, False)
    assert city.dump() == before


def test_a_used_label_is_refused_with_what_bears_it(city: City) -> None:
    pair(city)
    error = refusal(city, serials=["R9WR300001J"])
    assert (error.code, error.params["serial"]) == ("register.tag_taken", SERIAL)


def test_a_known_serial_is_refused_with_its_label(city: City) -> None:
    pair(city)
    error = refusal(city, tag=OTHER_TAG)
    assert (error.code, error.params["tag"]) == ("register.serial_known", TAG)


def test_an_asset_without_a_label_gets_it(city: City) -> None:
    asset = city.receive(serial=SERIAL, tag=None)
    done = pair(city)
    assert (done.asset.id, done.asset.tag, done.is_new) == (asset.id, TAG, False)
    assert undo(city, done.operation).tag is None
    assert city.asset(asset.id).state is State.AVAILABLE


def test_a_serial_of_another_kind_of_thing_is_another_thing(city: City) -> None:
    city.receive(AssetKind.PROJECTOR, serial=SERIAL)
    assert pair(city).is_new


def test_a_reading_that_is_known_wins_over_the_likeliest(city: City) -> None:
    city.receive(serial=SERIAL)
    assert refusal(city, serials=["QQQ", SERIAL]).code == "register.serial_known"


def test_a_cart_is_filled_slot_by_slot_until_it_is_full(city: City) -> None:
    cart = city.receive(AssetKind.CART, name="M-01", capacity=2)
    into = Delivery(AssetKind.TABLET, cart="M-01", school=SCHOOL)
    assert pair(city, ["S1"], TAG, into).asset.slot == 1
    second = pair(city, ["S2"], OTHER_TAG, into)
    assert (second.asset.slot, second.asset.cart) == (2, cart.id)
    third = draw_tag(lambda below: 7 % below)
    assert refusal(city, serials=["S3"], tag=third, delivery=into).code == "slot.none"
    taken = refusal(city, serials=["S3"], tag=third, delivery=into, slot=1)
    assert taken.code == "enrol.slot_taken"
    nowhere = refusal(city, serials=["S3"], tag=third, delivery=into, slot=9)
    assert nowhere.code == "enrol.no_such_slot"
    undo(city, second.operation)
    assert pair(city, ["S3"], third, into).asset.slot == 2
    assert city.store.check() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"delivery": Delivery(AssetKind.TABLET, school="0359999Z")}, "school.unknown"),
        ({"delivery": Delivery(AssetKind.TABLET, cart="M-77")}, "cart.unknown"),
        ({"slot": 3}, "enrol.slot_without_cart"),
    ],
)
def test_a_place_that_does_not_exist_is_refused(
    city: City, changes: dict[str, object], code: str
) -> None:
    assert refusal(city, **changes).code == code


def test_an_undone_pair_frees_label_and_serial_and_stays_in_the_ledger(city: City) -> None:
    done = pair(city)
    gone = undo(city, done.operation)
    assert (gone.tag, gone.serial, gone.state) == (None, None, State.RETIRED)
    assert undo(city, done.operation) == gone, "twice is once"
    again = pair(city)
    assert again.is_new
    assert again.asset.id != done.asset.id
    assert city.store.check() == []


def test_what_something_followed_cannot_be_taken_back(city: City) -> None:
    done = pair(city)
    city.write(movements.MOVED, done.asset.id, {"room": "12"})
    with pytest.raises(Refusal, match=r"undo\.superseded"):
        undo(city, done.operation)
    with pytest.raises(NotFound, match=r"operation\.unknown"):
        undo(city, "nothing")


@pytest.mark.parametrize("order", [(SERIAL, TAG), (TAG, SERIAL), (SERIAL, TAG.lower())])
def test_the_two_codes_come_in_either_order(order: tuple[str, str]) -> None:
    serials, tag = tell_apart(*order)
    assert (serials[0], tag) == (SERIAL, TAG)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (TAG, OTHER_TAG, "register.two_labels"),
        (SERIAL, "R9WR300001J", "register.no_label"),
        (TAG, "8806092612341", "register.product"),
        (TAG, "", "register.no_serial"),
        (TAG, "3,58E+14", "cell.rounded"),
    ],
)
def test_what_cannot_be_a_pair_says_why(first: str, second: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        tell_apart(first, second)
    assert caught.value.code == code


def test_a_product_code_is_told_by_its_check_digit() -> None:
    assert is_product_code("3017620422003")
    assert not is_product_code("3017620422004")
    assert not is_product_code("R9WR300000C")
