"""Deliveries: known things are known again, and a file never moves what people have moved."""

from dataclasses import replace
from datetime import date

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, tag_of

from fleet import movements
from fleet.asset import Asset
from fleet.imports.assets import DeliveryRow
from fleet.imports.rows import Parsed, Rejected
from fleet.kinds import AssetKind
from fleet.query import parse
from fleet.tags import is_code
from fleet.usecases.importing.assets import import_assets
from fleet.usecases.importing.report import ImportReport
from fleet.views import AssetRow

TABLET = DeliveryRow(
    kind=AssetKind.TABLET,
    serial="R9XT70ABCDE",
    maker="Samsung",
    model="Galaxy Tab A8",
    designation="",
    macs=("a0:b1:c2:d3:e4:f5",),
    accounting_number="2026-0042",
    tag=None,
    school=SCHOOL,
    school_name="",
    room="",
    name=None,
    cart="M-01",
    slot=1,
    capacity=None,
    purchased_on=date(2026, 10, 1),
    delivered_on=date(2026, 10, 12),
    warranty_until=date(2029, 10, 11),
    supplier="Fournitout",
    lot="BL-7",
    price_cents=19990,
)
CART = replace(
    TABLET,
    kind=AssetKind.CART,
    serial=None,
    macs=(),
    name="M-01",
    cart=None,
    slot=None,
    capacity=16,
)


@pytest.fixture(autouse=True)
def _schools(school: str) -> None:
    """Every delivery here goes to a known school unless the test says otherwise."""


def tablet(number: int, **changes: object) -> DeliveryRow:
    values: dict[str, object] = {
        "serial": f"R9X{number:04}",
        "slot": number,
        "macs": (),
        **changes,
    }
    return replace(TABLET, **values)  # type: ignore[arg-type]


def bring_in(city: City, *rows: DeliveryRow, school: str | None = None) -> ImportReport:
    parsed: list[Parsed[DeliveryRow] | Rejected] = [
        Parsed(line, row) for line, row in enumerate(rows, 2)
    ]
    with city.store.work("Camille") as work:
        report = import_assets(work, parsed, school=school)
        work.commit()
    return report


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.same, len(report.rejected)


def listed(city: City, query: str = "") -> tuple[AssetRow, ...]:
    return city.views.assets(parse(query, "assets")).items


def only(city: City, query: str) -> Asset:
    (row,) = listed(city, query)
    return city.asset(row.id)


def test_a_tablet_is_entered_with_all_that_the_delivery_says(city: City) -> None:
    assert counts(bring_in(city, CART, TABLET)) == (2, 0, 0, 0)

    asset, cart = only(city, "kind:tablet"), only(city, "kind:cart")
    assert (asset.serial, asset.wifi_mac, asset.model) == (
        "R9XT70ABCDE",
        "a0:b1:c2:d3:e4:f5",
        "Galaxy Tab A8",
    )
    assert (asset.school, asset.cart, asset.slot) == (SCHOOL, cart.id, 1)
    assert (asset.purchased_on, asset.warranty_until) == ("2026-10-01", "2029-10-11")
    assert (asset.supplier, asset.lot, asset.price_cents) == ("Fournitout", "BL-7", 19990)
    assert (cart.name, cart.capacity, cart.school) == ("M-01", 16, SCHOOL)
    assert is_code(tag_of(asset))
    assert is_code(tag_of(cart))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_the_same_delivery_twice_changes_nothing(city: City, order: tuple[int, ...]) -> None:
    rows = (CART, tablet(1), tablet(2))
    bring_in(city, *(rows[place] for place in order))
    before = city.dump()

    assert counts(bring_in(city, *rows)) == (0, 0, 3, 0)
    assert city.dump() == before


def test_a_cart_is_made_when_a_tablet_names_it_first(city: City) -> None:
    assert counts(bring_in(city, tablet(1), tablet(2))) == (2, 0, 0, 0)
    (cart,) = listed(city, "kind:cart")
    assert (cart.name, cart.school) == ("M-01", SCHOOL)
    assert [row.cart for row in listed(city, "kind:tablet")] == [cart.tag, cart.tag]

    assert counts(bring_in(city, CART)) == (0, 1, 0, 0)
    assert only(city, "kind:cart").capacity == 16


def test_carts_of_one_name_in_two_schools_are_two_carts(city: City) -> None:
    bring_in(city, tablet(1), tablet(1, serial="other", school=OTHER_SCHOOL))

    assert {row.school for row in listed(city, "kind:cart")} == {SCHOOL, OTHER_SCHOOL}


def test_a_cart_that_a_file_lists_twice_is_one_cart(city: City) -> None:
    assert counts(bring_in(city, CART, CART)) == (1, 0, 1, 0)
    assert counts(bring_in(city, CART, CART)) == (0, 0, 2, 0)


def test_a_delivery_imported_after_a_move_to_another_school_moves_nothing_back(city: City) -> None:
    row = tablet(1, room="12")
    bring_in(city, CART, row)
    asset = only(city, "kind:tablet")
    city.write(movements.MOVED, asset.id, {"school": OTHER_SCHOOL})
    before = city.dump()

    assert counts(bring_in(city, CART, row)) == (0, 0, 2, 0)
    assert city.dump() == before


def test_a_delivery_imported_after_a_move_to_a_room_moves_nothing_back(city: City) -> None:
    row = tablet(1, room="12")
    bring_in(city, CART, row)
    city.write(movements.MOVED, only(city, "kind:tablet").id, {"room": "salle des maîtres"})

    assert counts(bring_in(city, CART, row)) == (0, 0, 2, 0)
    assert only(city, "kind:tablet").room == "salle des maîtres"


def test_a_delivery_imported_after_a_change_of_slot_moves_nothing_back(city: City) -> None:
    bring_in(city, CART, tablet(1))
    asset = only(city, "kind:tablet")
    city.write(movements.PLACED, asset.id, {"cart": asset.cart, "slot": 9})

    assert counts(bring_in(city, CART, tablet(1))) == (0, 0, 2, 0)
    assert only(city, "kind:tablet").slot == 9


def test_a_second_file_may_give_a_place_to_what_had_none(city: City) -> None:
    bring_in(city, tablet(1, cart=None, slot=None, school=None))
    assert counts(bring_in(city, tablet(1))) == (0, 1, 0, 0)

    row = listed(city, "kind:tablet")[0]
    assert (row.school, row.cart_name, row.slot) == (SCHOOL, "M-01", 1)


def test_a_corrected_file_corrects_what_it_says_of_the_thing(city: City) -> None:
    bring_in(city, tablet(1))
    assert counts(bring_in(city, tablet(1, model="SM-X200", lot="", price_cents=None))) == (
        0,
        1,
        0,
        0,
    )

    asset = only(city, "kind:tablet")
    assert (asset.model, asset.lot, asset.price_cents) == ("SM-X200", "BL-7", 19990)


def test_a_taken_slot_is_rejected_and_the_rest_goes_in(city: City) -> None:
    bring_in(city, tablet(1))
    report = bring_in(city, tablet(1, serial="another"), tablet(2))

    assert counts(report) == (1, 0, 0, 1)
    assert report.rejected == [Rejected(2, "slot", "1", "slot.taken")]
    assert len(listed(city, "kind:tablet")) == 2


def test_two_rows_for_one_slot_leave_it_to_the_first(city: City) -> None:
    report = bring_in(city, tablet(1), tablet(1, serial="another"))

    assert [fault.reason for fault in report.rejected] == ["slot.taken"]
    assert only(city, "kind:tablet").serial == "R9X0001"


def test_an_unknown_school_is_rejected(city: City) -> None:
    report = bring_in(city, tablet(1, school="0359999Z"), tablet(2))

    assert report.rejected == [Rejected(2, "UAI", "0359999Z", "import.school_unknown")]
    assert report.created == 1


def test_rows_without_a_school_take_the_one_that_was_asked_for(city: City) -> None:
    bring_in(city, tablet(1, school=None), school=OTHER_SCHOOL)

    assert only(city, "kind:tablet").school == OTHER_SCHOOL


def test_without_any_school_it_is_the_owners_stock(city: City) -> None:
    bring_in(city, tablet(1, school=None, cart=None, slot=None))
    asset = only(city, "kind:tablet")

    assert asset.school is None
    assert city.operations(asset.id)[0].scope == "owner"


def test_an_asset_is_known_again_by_its_tag_first(city: City) -> None:
    bring_in(city, tablet(1))
    asset = only(city, "kind:tablet")
    row = tablet(1, tag=asset.tag, serial="R9XCORRECTED")

    assert counts(bring_in(city, row)) == (0, 1, 0, 0)
    assert city.asset(asset.id).serial == "R9XCORRECTED"


def test_a_tag_that_nobody_knows_does_not_double_a_known_serial(city: City) -> None:
    bring_in(city, tablet(1))
    row = tablet(1, tag="KDRTBXLP")

    assert counts(bring_in(city, row)) == (0, 0, 1, 0)
    assert len(listed(city, "kind:tablet")) == 1


def test_a_tag_from_an_older_label_is_kept(city: City) -> None:
    row = tablet(1, tag="KDRTBXLP")
    bring_in(city, row)

    assert only(city, "kind:tablet").tag == "KDRTBXLP"
    assert counts(bring_in(city, row)) == (0, 0, 1, 0)


def test_a_serial_of_another_kind_of_thing_is_another_thing(city: City) -> None:
    bring_in(city, tablet(1))
    row = tablet(1, kind=AssetKind.PROJECTOR, cart=None, slot=None)

    assert counts(bring_in(city, row)) == (1, 0, 0, 0)


def test_a_server_is_known_again_by_its_name_in_its_school(city: City) -> None:
    server = replace(CART, kind=AssetKind.KWARTZ_SERVER, name="kwartz", capacity=None)
    bring_in(city, server)

    assert counts(bring_in(city, server)) == (0, 0, 1, 0)
    assert counts(bring_in(city, replace(server, school=OTHER_SCHOOL))) == (1, 0, 0, 0)


def test_a_server_named_like_the_cart_is_not_taken_for_it(city: City) -> None:
    bring_in(city, CART)
    server = replace(CART, kind=AssetKind.KWARTZ_SERVER, capacity=None)

    assert counts(bring_in(city, server)) == (1, 0, 0, 0)
    assert only(city, "kind:cart").capacity == 16


def test_things_without_a_serial_are_known_again_by_the_inventory_number(city: City) -> None:
    row = tablet(1, kind=AssetKind.PROJECTOR, serial=None, cart=None, slot=None, room="3")
    bring_in(city, row)

    assert counts(bring_in(city, row)) == (0, 0, 1, 0)


def test_a_delivery_larger_than_a_batch_fills_one_cart_for_all_of_it(city: City) -> None:
    rows = [tablet(number, slot=None) for number in range(1, 720)]
    assert counts(bring_in(city, *rows, CART)) == (719, 1, 0, 0)
    assert len(listed(city, "kind:cart")) == 1

    assert counts(bring_in(city, *rows, CART)) == (0, 0, 720, 0)
    assert city.store.check() == []
