"""Enrolling: a tablet is tied to the asset that it is, or refused; never to its twin."""

from dataclasses import replace

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, tag_of

from fleet import movements
from fleet.asset import Asset
from fleet.errors import FleetError, NotFound, Refusal
from fleet.facts import ASSET_TAG_SETTING, DeviceFacts, Namespace
from fleet.kinds import AssetKind
from fleet.policies import Audit, Verdict
from fleet.steps import PutSetting, StepOutcome, StepState, Word
from fleet.tags import is_code
from fleet.usecases.enrolling import (
    Enrolled,
    enrol,
    recognise,
    record_audit,
    record_provisioned,
    usable_serial,
)

FACTS = DeviceFacts(
    serial="R9XT70ABCDE",
    manufacturer="samsung",
    model="SM-X200",
    release="14",
    security_patch="2026-09-01",
    build="UP1A",
    wifi_mac="a0:b1:c2:d3:e4:01",
)
PLACEHOLDER = "0123456789ABCDEF"


def twin(number: int, **changes: str | None) -> DeviceFacts:
    """One of a batch whose maker gave every tablet one serial."""
    said: dict[str, str | None] = {
        "serial": PLACEHOLDER,
        "wifi_mac": f"a0:b1:c2:d3:e4:{number:02x}",
        **changes,
    }
    return replace(FACTS, **said)  # type: ignore[arg-type]


def with_tag(facts: DeviceFacts, tag: str | None) -> DeviceFacts:
    return replace(facts, settings={Namespace.GLOBAL: {ASSET_TAG_SETTING: tag or ""}})


def enter(
    city: City,
    facts: DeviceFacts,
    *,
    school: str | None = None,
    cart: str | None = None,
    slot: int | None = None,
) -> Enrolled:
    with city.store.work("Camille") as work:
        enrolled = enrol(work, facts, school=school, cart=cart, slot=slot)
        work.commit()
    return enrolled


def refused(
    city: City, facts: DeviceFacts, *, cart: str | None = None, slot: int | None = None
) -> FleetError:
    before = city.dump()
    with pytest.raises(FleetError) as caught:
        enter(city, facts, cart=cart, slot=slot)
    assert city.dump() == before
    return caught.value


def test_an_unknown_tablet_is_received_with_a_new_tag_and_a_place(city: City, cart: Asset) -> None:
    enrolled = enter(city, FACTS, cart="M-01", slot=7)

    assert enrolled.is_new
    assert is_code(enrolled.tag)
    asset = city.asset(enrolled.asset.id)
    assert (asset.kind, asset.platform, asset.tag) == (AssetKind.TABLET, "android", enrolled.tag)
    assert (asset.serial, asset.wifi_mac) == (FACTS.serial, FACTS.wifi_mac)
    assert (asset.maker, asset.model, asset.os_version) == ("samsung", "SM-X200", "14")
    assert (asset.school, asset.cart, asset.slot) == (SCHOOL, cart.id, 7)


def test_a_delivered_tablet_keeps_its_tag_place_and_name_of_the_model(
    city: City, tablets: list[Asset]
) -> None:
    enrolled = enter(city, replace(FACTS, serial="R9X0003"))

    assert (enrolled.is_new, enrolled.tag) == (False, tablets[2].tag)
    asset = city.asset(tablets[2].id)
    assert (asset.model, asset.maker, asset.slot) == ("Galaxy Tab A8", "samsung", 3)
    assert (asset.wifi_mac, asset.os_version) == (FACTS.wifi_mac, "14")


def test_enrolling_twice_changes_nothing(city: City, cart: Asset) -> None:
    first = enter(city, FACTS, cart="M-01", slot=7)
    before = city.dump()
    again = enter(city, FACTS, cart="M-01", slot=7)

    assert (again.tag, again.is_new) == (first.tag, False)
    assert city.dump() == before


def test_tablets_that_share_a_placeholder_serial_are_told_apart_by_their_address(
    city: City, cart: Asset
) -> None:
    enrolled = [enter(city, twin(number), cart="M-01") for number in (1, 2, 3)]

    assert len({each.asset.id for each in enrolled}) == 3
    assert [city.asset(each.asset.id).slot for each in enrolled] == [1, 2, 3]
    for number, each in enumerate(enrolled, 1):
        again = enter(city, twin(number))
        assert (again.asset.id, again.is_new) == (each.asset.id, False)


def test_tablets_of_a_batch_whose_common_serial_nobody_knew_are_told_apart_too(
    city: City, cart: Asset
) -> None:
    enrolled = [enter(city, twin(number, serial="MAKER01"), cart="M-01") for number in (1, 2, 3)]

    assert [each.is_new for each in enrolled] == [True, True, True]
    for number, each in enumerate(enrolled, 1):
        assert enter(city, twin(number, serial="MAKER01")).asset.id == each.asset.id


def test_an_address_mistyped_on_the_delivery_note_is_corrected_by_the_tablet(city: City) -> None:
    asset = city.receive(serial=FACTS.serial, wifi_mac="a0:00:00:00:00:00")
    enrolled = enter(city, FACTS)

    assert (enrolled.asset.id, enrolled.is_new) == (asset.id, False)
    assert city.asset(asset.id).wifi_mac == FACTS.wifi_mac


def test_a_shared_serial_without_an_address_is_refused(city: City, school: str) -> None:
    for _ in range(2):
        city.receive(serial="R9XTWICE")
    error = refused(city, replace(FACTS, serial="R9XTWICE", wifi_mac=None))

    assert isinstance(error, Refusal)
    assert (error.code, error.params) == ("enrol.ambiguous", {"serial": "R9XTWICE", "count": 2})


def test_a_tablet_that_says_nothing_of_itself_is_refused(city: City, school: str) -> None:
    error = refused(city, twin(1, wifi_mac=None))

    assert (error.code, error.params) == ("enrol.no_identity", {"serial": PLACEHOLDER})


def test_the_tag_in_the_tablet_is_the_last_resort(city: City, school: str) -> None:
    asset = city.receive()
    facts = with_tag(twin(1, wifi_mac=None), asset.tag)

    assert enter(city, facts).asset.id == asset.id


def test_a_tag_carried_over_to_another_tablet_is_not_believed(
    city: City, tablets: list[Asset]
) -> None:
    enrolled = enter(city, with_tag(FACTS, tablets[0].tag))

    assert enrolled.is_new
    assert enrolled.tag != tablets[0].tag


@pytest.mark.parametrize(
    "serial", [None, "", " ", "unknown", "UNKNOWN", "0", PLACEHOLDER, PLACEHOLDER.lower()]
)
def test_a_serial_that_makers_leave_on_whole_batches_is_none(serial: str | None) -> None:
    assert usable_serial(replace(FACTS, serial=serial)) is None


def test_recognising_writes_nothing(city: City, tablets: list[Asset]) -> None:
    before = city.dump()
    with city.store.work("Somebody new") as work:
        asset = recognise(work, replace(FACTS, serial="R9X0001"))
        assert recognise(work, FACTS) is None

    assert asset is not None
    assert asset.id == tablets[0].id
    assert city.dump() == before


def test_a_taken_slot_is_refused_with_what_is_in_it(city: City, tablets: list[Asset]) -> None:
    error = refused(city, FACTS, cart="M-01", slot=3)

    assert (error.code, error.params["slot"], error.params["tag"]) == (
        "enrol.slot_taken",
        3,
        tablets[2].tag,
    )


@pytest.mark.parametrize("slot", [17, 0, -1])
def test_a_slot_that_the_cart_does_not_have_is_refused(city: City, cart: Asset, slot: int) -> None:
    error = refused(city, FACTS, cart="M-01", slot=slot)

    assert (error.code, error.params) == (
        "enrol.no_such_slot",
        {"cart": cart.tag, "slot": slot, "capacity": 16},
    )


def test_without_a_slot_the_first_free_one_is_taken(city: City, tablets: list[Asset]) -> None:
    city.write(movements.MOVED, tablets[1].id, {"room": "12"})

    assert city.asset(enter(city, FACTS, cart="M-01").asset.id).slot == 2
    assert city.asset(enter(city, twin(2), cart="M-01").asset.id).slot == 7


def test_a_tablet_that_has_a_slot_keeps_it_when_none_is_given(
    city: City, tablets: list[Asset]
) -> None:
    enrolled = enter(city, replace(FACTS, serial="R9X0005"), cart="M-01")

    assert city.asset(enrolled.asset.id).slot == 5


def test_a_full_cart_takes_no_more(city: City, school: str) -> None:
    city.receive(AssetKind.CART, name="M-02", capacity=1)
    enter(city, FACTS, cart="M-02")

    assert refused(city, twin(2), cart="M-02").code == "enrol.no_such_slot"


def test_a_cart_is_found_by_its_tag_as_people_type_it(city: City, cart: Asset) -> None:
    typed = f"{tag_of(cart)[:4]} {tag_of(cart)[4:]}".lower()

    assert city.asset(enter(city, FACTS, cart=typed).asset.id).cart == cart.id


@pytest.mark.parametrize("code", ["M-99", "KDRTBXLP"])
def test_an_unknown_cart_is_refused(city: City, cart: Asset, code: str) -> None:
    error = refused(city, FACTS, cart=code)

    assert isinstance(error, NotFound)
    assert (error.code, error.params["cart"]) == ("cart.unknown", code)


def test_the_tag_of_a_tablet_is_no_cart(city: City, tablets: list[Asset]) -> None:
    assert refused(city, FACTS, cart=tag_of(tablets[0])).code == "cart.unknown"


def test_carts_of_one_name_are_told_apart_by_the_school(city: City, cart: Asset) -> None:
    other = city.receive(AssetKind.CART, name="M-01", capacity=16, school=OTHER_SCHOOL)
    error = refused(city, FACTS, cart="M-01")

    assert (error.code, error.params) == ("cart.ambiguous", {"cart": "M-01", "count": 2})
    enrolled = enter(city, FACTS, cart="M-01", school=OTHER_SCHOOL)
    assert city.asset(enrolled.asset.id).cart == other.id


def test_an_audit_enters_the_history_and_the_state(city: City, tablets: list[Asset]) -> None:
    def verdict(policy: str, ok: bool | None) -> Verdict:
        return Verdict(policy, ok, None, "wanted", critical=True, remedy=None)

    audit = Audit("ecole 3", (verdict("a", True), verdict("b", False), verdict("c", None)))
    with city.store.work("Camille") as work:
        record_audit(work, tablets[0], FACTS, audit)
        work.commit()

    body = city.operations(tablets[0].id)[-1].content()
    assert (body["failing"], body["unknown"]) == (["b"], ["c"])
    assert (body["android"], body["patch"], body["build"]) == ("14", "2026-09-01", "UP1A")
    asset = city.asset(tablets[0].id)
    assert (asset.profile, asset.compliant) == ("ecole 3", False)


@pytest.mark.parametrize(
    ("state", "whole"),
    [(StepState.DONE, True), (StepState.SKIPPED, True), (StepState.FAILED, False)],
)
def test_provisioning_enters_the_history_step_by_step(
    city: City, tablets: list[Asset], state: StepState, whole: bool
) -> None:
    step = PutSetting(Namespace.GLOBAL, "adb_enabled", "1", Word("why.drift"))
    with city.store.work("Camille") as work:
        record_provisioned(
            work, tablets[0], "ecole 3", (StepOutcome(1, 1, step, state, "why.drift"),)
        )
        work.commit()

    assert city.operations(tablets[0].id)[-1].content() == {
        "profile": "ecole 3",
        "steps": [{"step": step.kind, "subject": step.subject, "state": state.value}],
        "whole": whole,
    }
