"""Hybrid stamps order operations as text, and never go back whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.stamps import Stamp, from_iso, iso, tick, unix_ms

LATEST_MS = (1 << 48) - 2
STAMPS = st.builds(Stamp, st.integers(0, LATEST_MS), st.integers(0, (1 << 16) - 1))
MOMENTS = st.integers(0, 7_258_118_400_000_000).map(
    lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
)


@given(STAMPS, STAMPS)
def test_stamps_sort_as_text_exactly_as_they_sort_as_values(one: Stamp, other: Stamp) -> None:
    assert (str(one) < str(other)) == (one < other)
    assert (str(one) == str(other)) == (one == other)


@given(STAMPS)
def test_a_stamp_survives_being_written_and_read(stamp: Stamp) -> None:
    assert Stamp.parse(str(stamp)) == stamp
    assert len(str(stamp)) == 16


@given(st.integers(0, LATEST_MS), st.lists(STAMPS, max_size=4))
def test_a_tick_comes_after_everything_seen_and_never_before_the_clock(
    now_ms: int, seen: list[Stamp]
) -> None:
    made = tick(now_ms, *seen)

    assert all(made > each for each in seen)
    assert made.ms >= now_ms


@given(st.lists(st.integers(0, LATEST_MS), min_size=1, max_size=50))
def test_ticks_rise_strictly_on_a_clock_that_jumps_at_will(clock: list[int]) -> None:
    last = Stamp()
    for now_ms in clock:
        made = tick(now_ms, last)
        assert made > last
        last = made


def test_a_clock_set_back_advances_the_counter_of_the_last_millisecond() -> None:
    assert tick(500, Stamp(1000, 7)) == Stamp(1000, 8)


def test_a_clock_that_stands_still_advances_the_counter() -> None:
    assert tick(1000, Stamp(1000)) == Stamp(1000, 1)


def test_a_full_counter_carries_into_the_milliseconds() -> None:
    assert tick(500, Stamp(1000, 0xFFFF)) == Stamp(1001, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "00000000000000000",
        "g000000000000000",
        "-000000000010001",
        " 00000000010 001",
        "0x00000000010001",
        "0000_00000010001",
        "00000000ABCD0001",
    ],
)
def test_what_is_not_sixteen_lower_case_digits_is_no_stamp(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Stamp.parse(text)


@given(MOMENTS)
def test_a_moment_survives_being_written_to_the_millisecond(moment: datetime) -> None:
    read = from_iso(iso(moment))

    assert timedelta() <= moment - read < timedelta(milliseconds=1)
    assert unix_ms(moment) == unix_ms(read)


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_text(one: datetime, other: datetime) -> None:
    assert (iso(one) < iso(other)) == (from_iso(iso(one)) < from_iso(iso(other)))


def test_a_moment_is_written_in_utc() -> None:
    assert iso(datetime.fromisoformat("2026-11-21T09:30:00.5+01:00")) == "2026-11-21T08:30:00.500Z"
