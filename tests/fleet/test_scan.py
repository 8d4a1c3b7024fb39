"""A scan means the same whatever the layouts, and never more than it says."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fleet.scan import (
    Misread,
    MisreadReason,
    ScannedForeign,
    ScannedTag,
    canonical,
    read_scan,
    split_burst,
)
from fleet.tags import ALPHABET, Code, CodeKind, draw_code, is_code

US = (
    "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
    '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?',
)
FR = (
    "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
    "³1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
)
LAYOUTS = {"us": US, "fr": FR}
CAPS_LOCKS = ("off", "letters", "every key")

TAG = "KDRTBXLP"


@st.composite
def codes(draw: st.DrawFn, kind: CodeKind | None = None) -> Code:
    chosen = kind or draw(st.sampled_from(CodeKind))
    return Code(chosen, draw_code(chosen, lambda n: draw(st.integers(0, n - 1))))


def type_keys(text: str, scanner: str, computer: str, caps_lock: str) -> str:
    """What the computer writes when the scanner presses the keys of ``text`` in its own layout."""
    written = []
    for char in text:
        level = 0 if char in LAYOUTS[scanner][0] else 1
        key = LAYOUTS[scanner][level].index(char)
        plain, shifted = LAYOUTS[computer][0][key], LAYOUTS[computer][1][key]
        if caps_lock == "every key" or (caps_lock == "letters" and plain.upper() == shifted):
            level = 1 - level
        seen = (plain, shifted)[level]
        written.append(seen.upper() if caps_lock == "letters" and seen in "éèçàù" else seen)
    return "".join(written)


layouts = st.sampled_from(sorted(LAYOUTS))
caps_locks = st.sampled_from(CAPS_LOCKS)


@given(
    codes(), layouts, layouts, caps_locks, st.booleans(), st.sampled_from(["", "\r", "\r\n", "\t"])
)
def test_our_codes_read_alike_under_every_layout_and_caps_lock(
    code: Code, scanner: str, computer: str, caps_lock: str, lower: bool, suffix: str
) -> None:
    payload = code.value.lower() if lower else code.value
    assert read_scan(type_keys(payload, scanner, computer, caps_lock) + suffix) == ScannedTag(code)


@given(
    st.text(st.sampled_from(US[0] + US[1]), min_size=1, max_size=30),
    layouts,
    layouts,
    caps_locks,
)
@example("3017620422003", "us", "fr", "off")
@example("TAB-00001-K", "us", "fr", "letters")
@example("SN;42", "us", "fr", "letters")
@example("R52N80,A", "fr", "us", "letters")
def test_the_true_reading_of_a_foreign_code_is_among_the_candidates(
    payload: str, scanner: str, computer: str, caps_lock: str
) -> None:
    assume(all(char in LAYOUTS[scanner][0] + LAYOUTS[scanner][1] for char in payload))
    # Only Windows' French layout locks every key.
    assume(caps_lock != "every key" or computer == "fr")
    assume(not set(canonical(payload)) <= set(ALPHABET))
    typed = type_keys(payload, scanner, computer, caps_lock)
    scan = read_scan(typed)
    assume(isinstance(scan, ScannedForeign))
    assert isinstance(scan, ScannedForeign)
    assert canonical(payload) in scan.candidates


def test_a_serial_typed_by_an_english_scanner_on_a_french_keyboard_is_read_first() -> None:
    scan = read_scan("TQB)àààà&)K\r")
    assert isinstance(scan, ScannedForeign)
    assert scan.candidates[0] == "TAB-00001-K"


@pytest.mark.parametrize("typed", ["3017620422003", '"à&èçéà\'éé"', "]E03017620422003"])
def test_a_plain_number_stands_first(typed: str) -> None:
    scan = read_scan(typed)
    assert isinstance(scan, ScannedForeign)
    assert scan.candidates[0].isdigit()


def test_a_serial_as_typed_comes_before_its_other_readings() -> None:
    scan = read_scan("r52n80ABQ7")
    assert isinstance(scan, ScannedForeign)
    assert scan.candidates[0] == "R52N80ABQ7"
    assert len(scan.candidates) == len(set(scan.candidates))


@pytest.mark.parametrize(
    "typed",
    [
        TAG,
        "kdrt bxlp",
        f"  {TAG}\r\n",
        f"\ufeff{TAG}",
        f"]Q1{TAG}",
        f"]q1{TAG}".lower(),
        f"$A&{TAG}",  # ]Q1 of a US scanner on AZERTY
        f"\x1d{TAG}",
        f"]C1\x1d{TAG}\x04",
    ],
)
def test_prefixes_suffixes_and_blanks_are_no_part_of_a_tag(typed: str) -> None:
    assert read_scan(typed) == ScannedTag(Code(CodeKind.ASSET, TAG))


def test_canonical_is_what_foreign_codes_are_stored_as() -> None:
    assert canonical("  sn 12-34é\r\n") == "SN12-34é"
    assert canonical("]C1\x1d0103017620422003") == "0103017620422003"
    assert canonical("]C1") == "]C1"
    assert canonical("µß") == "µß"


@given(st.text())
def test_canonical_is_stable_unless_a_second_identifier_follows(text: str) -> None:
    once = canonical(text)
    assume(not once.startswith("]"))
    assert canonical(once) == once


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", MisreadReason.EMPTY),
        (" \r\n", MisreadReason.EMPTY),
        ("K", MisreadReason.TOO_SHORT),
        (TAG[:-1], MisreadReason.TOO_SHORT),
        ("KDRTBXLN", MisreadReason.CHECK_LETTER),
        (TAG + "C", MisreadReason.CHECK_LETTER),
        (TAG + TAG, MisreadReason.GLUED),
        (TAG + TAG[:4], MisreadReason.TOO_LONG),
        (TAG + TAG[:-1] + "N", MisreadReason.TOO_LONG),
    ],
)
def test_a_misread_says_what_is_wrong(typed: str, reason: MisreadReason) -> None:
    scan = read_scan(typed)
    assert isinstance(scan, Misread)
    assert scan.reason is reason
    assert scan.text == typed.strip()


@given(codes(), st.data())
def test_a_code_cut_short_or_with_one_letter_changed_is_never_taken_for_that_code(
    code: Code, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(code.value) - 1))
    assert read_scan(code.value[:cut]) != ScannedTag(code)
    letter = data.draw(st.sampled_from(ALPHABET))
    changed = code.value[:cut] + letter + code.value[cut + 1 :]
    assume(changed != code.value)
    assert read_scan(changed) == Misread(changed, MisreadReason.CHECK_LETTER)


@given(st.lists(codes(CodeKind.ASSET), min_size=1, max_size=20))
def test_tags_glued_in_one_burst_come_apart(codes: list[Code]) -> None:
    burst = "".join(code.value for code in codes)
    assert split_burst(burst) == tuple(ScannedTag(code) for code in codes)


@given(st.lists(codes(), max_size=20), st.sampled_from(["\r", "\n", "\r\n", "\t", "\n\n"]))
def test_lines_of_a_paste_are_scans_in_order(codes: list[Code], suffix: str) -> None:
    burst = "".join(code.value + suffix for code in codes)
    assert split_burst(burst) == tuple(ScannedTag(code) for code in codes)


def test_a_person_and_a_tablet_glued_together_come_apart() -> None:
    person = draw_code(CodeKind.PERSON, lambda n: 5)
    assert split_burst(person + TAG) == (
        ScannedTag(Code(CodeKind.PERSON, person)),
        ScannedTag(Code(CodeKind.ASSET, TAG)),
    )


def test_what_can_be_taken_apart_in_two_ways_is_left_alone() -> None:
    # B has the value 0: eight, nine or ten of them are all right codes.
    assert is_code("B" * 8)
    assert is_code("B" * 9)
    assert split_burst("B" * 17) == (Misread("B" * 17, MisreadReason.TOO_LONG),)


def test_one_bad_line_does_not_spoil_its_neighbours() -> None:
    tag = ScannedTag(Code(CodeKind.ASSET, TAG))
    assert split_burst(f"{TAG}\n{TAG[:3]}\nEPSON-42\n{TAG}{TAG}\n") == (
        tag,
        Misread(TAG[:3], MisreadReason.TOO_SHORT),
        read_scan("EPSON-42"),
        tag,
        tag,
    )


@given(st.text())
def test_no_burst_raises(text: str) -> None:
    read_scan(text)
    split_burst(text)
