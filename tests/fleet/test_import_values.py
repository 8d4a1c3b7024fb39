"""Cells are read as French files write them, and refused where two readings are possible."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.imports.values import (
    add_months,
    parse_date,
    parse_macs,
    parse_months,
    parse_price_cents,
    parse_serial,
    parse_slot,
)


@pytest.mark.parametrize(
    "text",
    [
        "02/09/2021",
        "2/9/2021",
        "02.09.2021",
        "2021-09-02",
        "2021-09-02 14:30:00",
        "02/09/2021 00:00",
    ],
)
def test_a_day_is_read_in_french_and_iso_order(text: str) -> None:
    assert parse_date(text) == date(2021, 9, 2)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("219,90 €", 21_990),
        ("1 234,56", 123_456),
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("200.9", 20_090),
        ("182.41666666666666", 18_242),
        ("0.285000000000000", 29),
        ("500 EUR TTC", 50_000),
    ],
)
def test_a_price_is_read_to_the_cent(text: str, cents: int) -> None:
    assert parse_price_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "unit", "months"),
    [("36", "", 36), ("36 mois", "", 36), ("3 ans", "", 36), ("1 an", "", 12), ("3", "ans", 36),
     ("6", "mois", 6)],
)  # fmt: skip
def test_a_duration_is_read_with_its_own_unit_or_the_headers(
    text: str, unit: str, months: int
) -> None:
    assert parse_months(text, default_unit=unit) == months


@pytest.mark.parametrize("text", ["A4:75:B9:00:0A:01", "a4-75-b9-00-0a-01", "A475.B900.0A01"])
def test_an_address_is_read_in_every_usual_form(text: str) -> None:
    assert parse_macs(text) == ("a4:75:b9:00:0a:01",)


def test_several_addresses_in_one_cell_keep_their_order() -> None:
    assert parse_macs("A475B9000A02 / A475B9000A01") == ("a4:75:b9:00:0a:02", "a4:75:b9:00:0a:01")


@pytest.mark.parametrize(("text", "slot"), [("7", 7), ("07", 7), ("n° 16", 16), ("Slot 3", 3)])
def test_a_slot_is_a_number_from_1(text: str, slot: int) -> None:
    assert parse_slot(text) == slot


def test_a_serial_keeps_its_case_and_loses_its_blanks() -> None:
    assert parse_serial("R52 M90 abC") == "R52M90abC"


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_date, "31/02/2021", "date.calendar"),
        (parse_date, "02/09/21", "date.shape"),
        (parse_date, "septembre 2021", "date.shape"),
        (parse_price_cents, "1.234", "price.shape"),
        (parse_price_cents, "-5", "price.shape"),
        (parse_price_cents, "gratuit", "price.shape"),
        (parse_months, "3", "duration.unit"),
        (parse_months, "à vie", "duration.shape"),
        (parse_slot, "0", "slot.shape"),
        (parse_slot, "salle 12", "slot.shape"),
        (parse_slot, "100", "slot.shape"),
        (parse_macs, "A4:75:B9:00:0A", "mac.shape"),
        (parse_macs, "02:00:00:00:00:00", "mac.placeholder"),
        (parse_macs, "00-00-00-00-00-00", "mac.placeholder"),
        (parse_macs, "FF:FF:FF:FF:FF:FF", "mac.placeholder"),
        (parse_serial, "3,58E+14", "cell.rounded"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused(
    parse: Callable[[str], object], text: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert caught.value.code == code


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_reads_back_in_both_orders(day: date) -> None:
    assert parse_date(f"{day:%d/%m/%Y}") == day == parse_date(day.isoformat())


@given(st.integers(0, 10**9))
def test_every_price_reads_back_as_french_text(cents: int) -> None:
    assert parse_price_cents(
        f"{cents // 100:,}".replace(",", "\u202f") + f",{cents % 100:02} €"
    ) == (cents)


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert add_months(date(2020, 12, 31), 2) == date(2021, 2, 28)
    assert add_months(date(2021, 9, 2), 36) == date(2024, 9, 2)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 120), st.integers(0, 120))
def test_more_months_never_end_earlier(day: date, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert day <= add_months(day, fewer) <= add_months(day, more)
