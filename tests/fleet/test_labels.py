"""Label sheets: every label has a place of its own on the paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.labels import (
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    SHEETS,
    Label,
    Sheet,
    layout,
    sheet_named,
)
from fleet.tags import draw_tag

sheets = st.sampled_from(SHEETS)
TAG = "KDRTBXLP"


def many(count: int) -> list[Label]:
    digits = iter(range(10**9))
    return [Label(draw_tag(lambda n: next(digits) // 7 % n)) for _ in range(count)]


def test_the_sheets_hold_what_their_packets_say() -> None:
    assert {sheet.name: sheet.capacity for sheet in SHEETS} == {
        "L7651": 65,
        "L7160": 21,
        "A4-24": 24,
        "L4731": 189,
    }


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_lies_on_the_page_centred_and_without_overlap(sheet: Sheet) -> None:
    right, bottom = sheet.position(sheet.capacity - 1)
    assert sheet.position(0) == (sheet.left_mm, sheet.top_mm)
    assert right + sheet.width_mm + sheet.left_mm == pytest.approx(PAGE_WIDTH_MM, abs=0.01)
    assert bottom + sheet.height_mm + sheet.top_mm == pytest.approx(PAGE_HEIGHT_MM, abs=0.01)
    assert sheet.pitch_x_mm >= sheet.width_mm
    assert sheet.pitch_y_mm >= sheet.height_mm


@given(sheets, st.integers(0, 400), st.data(), st.sampled_from([1, 2]))
def test_labels_follow_one_another_from_the_start_position(
    sheet: Sheet, count: int, data: st.DataObject, copies: int
) -> None:
    start = data.draw(st.integers(1, sheet.capacity))
    labels = many(count)
    placements = layout(labels, sheet, start=start, copies=copies)

    assert [placement.label for placement in placements] == [
        label for label in labels for _ in range(copies)
    ]
    places = [(placement.page, placement.y_mm, placement.x_mm) for placement in placements]
    assert places == sorted(set(places))
    if placements:
        first_x, first_y = sheet.position(start - 1)
        assert (placements[0].page, placements[0].x_mm, placements[0].y_mm) == (0, first_x, first_y)
        assert placements[-1].page + 1 == math.ceil((start - 1 + count * copies) / sheet.capacity)
    for placement in placements:
        assert 0 <= placement.x_mm <= PAGE_WIDTH_MM - placement.width_mm + 1e-9
        assert 0 <= placement.y_mm <= PAGE_HEIGHT_MM - placement.height_mm + 1e-9


def test_the_cover_s_label_follows_the_tablet_s() -> None:
    first, second = layout([Label(TAG)], SHEETS[0], copies=2)
    assert (first.copy, second.copy) == (1, 2)
    assert second.x_mm == pytest.approx(first.x_mm + SHEETS[0].pitch_x_mm)
    assert second.y_mm == first.y_mm


@pytest.mark.parametrize("start", [0, -1, 66])
def test_a_start_position_outside_the_sheet_is_refused(start: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        layout([Label(TAG)], sheet_named("L7651"), start=start)
    assert caught.value.code == "labels.start"
    assert caught.value.params == {"start": start, "last": 65, "sheet": "L7651"}


@pytest.mark.parametrize("copies", [0, 3])
def test_one_or_two_copies(copies: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        layout([Label(TAG)], SHEETS[0], copies=copies)
    assert caught.value.code == "labels.copies"


def test_a_sheet_is_found_by_name_in_either_case() -> None:
    assert sheet_named(" l7160 ").name == "L7160"
    with pytest.raises(InvalidInput) as caught:
        sheet_named("L9999")
    assert caught.value.code == "labels.sheet"
    assert caught.value.params["known"] == "L7651, L7160, A4-24, L4731"


def test_an_offset_moves_every_label_and_nothing_else() -> None:
    sheet = sheet_named("L7160")
    shifted = sheet.shifted(1.5, -0.5)
    for index in (0, 20):
        x, y = sheet.position(index)
        assert shifted.position(index) == pytest.approx((x + 1.5, y - 0.5))
    assert (shifted.width_mm, shifted.pitch_y_mm) == (sheet.width_mm, sheet.pitch_y_mm)


@pytest.mark.parametrize("offset", [(10.1, 0.0), (0.0, -11.0), (math.nan, 0.0), (0.0, math.inf)])
def test_an_offset_that_no_printer_has_is_refused(offset: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput) as caught:
        SHEETS[0].shifted(*offset)
    assert caught.value.code == "labels.offset"


@pytest.mark.parametrize("tag", ["", "KDRTBXLN", "kdrtbxlp", "KDRT BXLP"])
def test_a_label_without_a_right_tag_cannot_be_made(tag: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Label(tag)
    assert caught.value.code == "tag.check"
