"""Stocktakes: what is expected, what a scan says, what closing writes, whatever the order."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import AUTHOR, OTHER_SCHOOL, SCHOOL, City, tag_of

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.operation import Operation, canonical
from fleet.persons import Person
from fleet.stocktake import Finding, Stocktake, step_stocktake
from fleet.stocktake_report import StocktakeReport
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.usecases.stocktaking import Scanned, close, open_stocktake, scan


def opened(city: City, **where: str) -> Stocktake:
    with city.store.work(AUTHOR) as work:
        stocktake = open_stocktake(work, **(where or {"school": SCHOOL}))
        work.commit()
    return stocktake


def scanned(city: City, stocktake: Stocktake, *codes: str) -> Scanned:
    with city.store.work(AUTHOR) as work:
        outcome = scan(work, stocktake.id, codes)
        work.commit()
    return outcome


def finding(city: City, stocktake: Stocktake, code: str) -> Finding:
    (verdict,) = scanned(city, stocktake, code).verdicts
    return verdict.finding


def closed(city: City, stocktake: Stocktake, *, lost: bool = False) -> StocktakeReport:
    with city.store.work(AUTHOR) as work:
        close(work, stocktake.id, "Mme Lefèvre", lost=lost)
        work.commit()
    return report(city, stocktake)


def report(city: City, stocktake: Stocktake) -> StocktakeReport:
    found = city.views.stocktaking.stocktake(stocktake.id)
    assert found is not None
    return found


def test_what_is_lost_or_retired_is_not_expected_and_what_is_lent_stands_apart(
    city: City, people: list[Person], cart: Asset, tablets: list[Asset]
) -> None:
    city.write(movements.LOST, tablets[0].id)
    city.write(movements.RETIRED, tablets[1].id)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[2])]))

    stocktake = opened(city)

    assert set(stocktake.expected) == {cart.id, *(each.id for each in tablets[3:])}
    assert stocktake.lent == (tablets[2].id,)


def test_the_expected_list_is_frozen_at_the_opening(city: City, tablets: list[Asset]) -> None:
    stocktake = opened(city)
    city.write(movements.RETIRED, tablets[0].id)
    city.receive(serial="NEUF1")

    counts = report(city, stocktake).counts
    assert counts[Finding.MISSING] == 7
    assert finding(city, stocktake, tag_of(tablets[0])) is Finding.FOUND


def test_a_scan_says_what_the_register_knew(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    elsewhere = city.receive(school=OTHER_SCHOOL, room="12")
    city.write(movements.LOST, tablets[0].id)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[1])]))
    stocktake = opened(city)

    codes = [*(tag_of(each) for each in (*tablets[:3], elsewhere)), "3017620422003"]
    outcome = scanned(city, stocktake, *codes)

    assert [each.finding for each in outcome.verdicts] == [
        Finding.UNEXPECTED,
        Finding.UNEXPECTED,
        Finding.FOUND,
        Finding.MOVED,
        Finding.UNKNOWN,
    ]
    moved = outcome.verdicts[3]
    assert (moved.known.school, moved.known.room) == (OTHER_SCHOOL, "12")


def test_a_lent_asset_that_came_back_meanwhile_is_found(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    tag = tag_of(tablets[0])
    city.lend(LoanOrder(people[0].id, [tag]))
    stocktake = opened(city)
    city.give_back(ReturnOrder([tag]))
    assert finding(city, stocktake, tag) is Finding.FOUND


def test_serials_attached_codes_and_names_scan_as_tags_do(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    city.write(movements.CODE_ATTACHED, tablets[1].id, {"code": "VILLE-0042"})
    stocktake = opened(city)
    outcome = scanned(city, stocktake, "r9x0001", "ville-0042", "M-01", tag_of(tablets[0]))
    ids = [each.asset.id for each in outcome.verdicts if each.asset]
    assert ids == [tablets[0].id, tablets[1].id, cart.id, tablets[0].id]
    assert [each.repeated for each in outcome.verdicts] == [False, False, False, True]


def test_of_two_with_one_serial_the_one_that_is_still_expected_is_meant(city: City) -> None:
    city.add_school(SCHOOL, "Verlaine")
    city.add_school(OTHER_SCHOOL, "Vian")
    here = city.receive(serial="0123456789ABCDEF")
    city.receive(serial="0123456789ABCDEF", school=OTHER_SCHOOL)
    stocktake = opened(city)
    (verdict,) = scanned(city, stocktake, "0123456789ABCDEF").verdicts
    assert verdict.asset is not None
    assert verdict.asset.id == here.id


def test_what_may_name_a_person_or_is_half_read_is_refused_and_not_written(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    stocktake = opened(city)
    before = city.count()
    codes = [people[0].code, "DUPONT", tag_of(tablets[0])[:5], "7" * 65]
    outcome = scanned(city, stocktake, *codes)

    assert outcome.verdicts == ()
    assert [error.code for _, error in outcome.refused] == [
        "stocktake.not_an_asset",
        "stocktake.no_code",
        "stocktake.misread",
        "stocktake.no_code",
    ]
    assert city.count() == before


def test_closing_marks_what_was_seen_and_moves_what_was_expected_elsewhere(
    city: City, tablets: list[Asset]
) -> None:
    elsewhere = city.receive(school=OTHER_SCHOOL, room="12")
    stocktake = opened(city)
    scanned(city, stocktake, tag_of(tablets[0]), tag_of(elsewhere))
    at = city.clock.now
    city.clock.advance()

    final = closed(city, stocktake)

    assert city.asset(elsewhere.id).school == SCHOOL
    assert city.asset(tablets[0].id).seen_at == city.asset(elsewhere.id).seen_at
    assert city.asset(tablets[0].id).seen_at == at.isoformat("T", "milliseconds")[:-6] + "Z"
    assert city.asset(tablets[1].id).custody is State.AVAILABLE
    assert final.signed_by == "Mme Lefèvre"
    assert "Lefèvre" not in "".join(each.body for each in city.operations(stocktake.id))
    assert city.store.check() == []


def test_only_a_confirmed_closing_declares_the_missing_lost(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    stocktake = opened(city)
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[5])]))
    scanned(city, stocktake, *(tag_of(each) for each in tablets[:4]), "M-01")

    final = closed(city, stocktake, lost=True)

    assert city.asset(tablets[4].id).state is State.LOST
    assert city.asset(tablets[5].id).state is State.LENT
    assert [line.asset.id for line in final.of(Finding.LENT) if line.asset] == [tablets[5].id]
    assert final.row.missing == final.counts[Finding.MISSING] == 1


def test_a_moved_cart_brings_its_content_and_a_room_keeps_slots(
    city: City, cart: Asset, tablets: list[Asset]
) -> None:
    stocktake = opened(city, school=OTHER_SCHOOL, room="B2")
    outcome = scanned(city, stocktake, tag_of(cart), tag_of(tablets[0]))
    assert {each.finding for each in outcome.verdicts} == {Finding.MOVED}
    closed(city, stocktake)
    for each in (cart, *tablets):
        assert (city.asset(each.id).school, city.asset(each.id).room) == (OTHER_SCHOOL, "B2")
    assert city.asset(tablets[3].id).slot == 4
    assert finding(city, opened(city, cart=tag_of(cart)), tag_of(tablets[1])) is Finding.FOUND


def test_a_cart_takes_what_is_found_in_it(city: City, cart: Asset, tablets: list[Asset]) -> None:
    loose = city.receive()
    stocktake = opened(city, cart="M-01")
    assert len(stocktake.expected) == len(tablets)
    assert finding(city, stocktake, tag_of(loose)) is Finding.MOVED
    closed(city, stocktake)
    assert (city.asset(loose.id).cart, city.asset(loose.id).slot) == (cart.id, None)


def test_a_late_scan_is_kept_and_a_second_closing_refused(city: City, tablets: list[Asset]) -> None:
    stocktake = opened(city)
    closed(city, stocktake)
    (verdict,) = scanned(city, stocktake, tag_of(tablets[0])).verdicts
    assert verdict.late
    assert [line.late for line in report(city, stocktake).of(Finding.FOUND)] == [True]
    with pytest.raises(Refusal, match=r"stocktake\.closed"):
        closed(city, stocktake)
    assert city.store.check() == []


@pytest.mark.parametrize(
    ("where", "error", "code"),
    [
        ({}, InvalidInput, "stocktake.place"),
        ({"school": SCHOOL, "room": "1", "cart": "M-01"}, InvalidInput, "stocktake.place"),
        ({"school": "0350009U"}, NotFound, "school.unknown"),
        ({"cart": "M-99"}, NotFound, "cart.unknown"),
    ],
)
def test_a_place_that_is_none_is_refused(
    city: City, cart: Asset, where: dict[str, str], error: type[FleetError], code: str
) -> None:
    with pytest.raises(error) as caught, city.store.work(AUTHOR) as work:
        open_stocktake(work, **where)
    assert caught.value.code == code


ASSETS = [f"asset-{number}" for number in range(8)]
EXPECTED = ASSETS[:5]
ELSEWHERE = {"asset-5": "moved", "asset-6": "moved", "asset-7": "unexpected"}


def fold(kinds: Sequence[tuple[str, dict[str, object]]]) -> Stocktake:
    stocktake = Stocktake("s")
    blank = Operation("r", 1, "", "", SCHOOL, "s", "", 1, "{}", "2026", "a", "[]", "", "")
    for number, (kind, body) in enumerate(kinds, 1):
        operation = replace(
            blank,
            id=str(number),
            hlc=f"{number:016}",
            kind=kind,
            body=canonical(body),  # type: ignore[arg-type]
        )
        stocktake = step_stocktake(stocktake, operation)
    return stocktake


def sighting(what: str) -> tuple[str, dict[str, object]]:
    if what not in ASSETS:
        return "stocktake.scanned", {"code": what, "finding": "unknown"}
    said = ELSEWHERE.get(what, "found")
    return "stocktake.scanned", {"asset": what, "finding": said}


SCANS = st.lists(st.sampled_from([*ASSETS, "EAN1", "EAN2"]), max_size=30)


@given(SCANS.flatmap(lambda scans: st.tuples(st.just(scans), st.permutations(scans))), st.data())
def test_findings_do_not_depend_on_order_or_repetition(
    pair: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    scans, shuffled = pair
    again = shuffled + (data.draw(st.lists(st.sampled_from(scans))) if scans else [])
    start = ("stocktake.opened", {"expected": EXPECTED})
    end: tuple[str, dict[str, object]] = ("stocktake.closed", {})
    cut = data.draw(st.integers(0, len(again)))

    first = fold([start, *map(sighting, scans)])  # type: ignore[list-item]
    other = [*map(sighting, again[:cut]), end, *map(sighting, again[cut:])]
    second = fold([start, *other])  # type: ignore[list-item]

    assert {key: each.finding for key, each in first.seen.items()} == {
        key: each.finding for key, each in second.seen.items()
    }
    assert first.missing == second.missing
    assert set(first.missing) == set(EXPECTED) - set(scans)
    assert second.scans == len(again)
    assert [each.position for each in second.seen.values()] == list(range(second.sighted))


def test_a_refolded_stocktake_replaces_its_rows(city: City, tablets: list[Asset]) -> None:
    stocktake = opened(city)
    scanned(city, stocktake, tag_of(tablets[0]), "3017620422003")
    with city.store.work(AUTHOR) as work:
        whole = work.stocktake(stocktake.id)
        assert whole is not None
        shorter = replace(whole, expected=whole.expected[:2], seen={}, sighted=0)
        work._projection.write(shorter)
        assert work.stocktake(stocktake.id) == shorter
        work._projection.write(whole)
        work.commit()
    assert city.count("stocktake_sighting") == 2
    assert city.store.check() == []
