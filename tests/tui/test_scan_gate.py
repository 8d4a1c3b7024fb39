"""The gate: bursts come out whole, and no line is ever a command."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.scan import Misread, ScannedForeign, ScannedTag
from fleet.tags import ALPHABET, CodeKind, draw_code
from tui.widgets.scan_gate import Gate, Line, ScanGate, scans_in

CODES = st.builds(
    lambda kind, seed: draw_code(kind, Random(seed).randrange),
    st.sampled_from(CodeKind),
    st.integers(0, 10**6),
)
SUFFIXES = st.sampled_from(["enter", "ctrl+j", "tab"])


def feed(gate: ScanGate, text: str) -> list[Line | Gate]:
    return [gate.key(letter, letter) for letter in text]


def test_a_burst_and_its_suffix_are_one_line() -> None:
    gate = ScanGate()
    assert set(feed(gate, "KDRTBXLP")) == {Gate.KEPT}
    assert gate.key("enter", "\r") == Line("KDRTBXLP")
    assert gate.text == ""


@given(st.lists(st.tuples(CODES, SUFFIXES), min_size=1, max_size=50))
def test_any_number_of_bursts_come_out_whole_and_in_order(bursts: list[tuple[str, str]]) -> None:
    gate = ScanGate()
    read = []
    for code, suffix in bursts:
        assert set(feed(gate, code)) == {Gate.KEPT}
        read.append(gate.key(suffix, None))
    assert read == [Line(code) for code, _suffix in bursts]


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=40))
def test_no_printed_character_ever_passes_as_a_command(text: str) -> None:
    gate = ScanGate()
    assert Gate.PASSED not in feed(gate, text)
    assert gate.key("enter", "\r") is not Gate.PASSED


def test_enter_passes_only_straight_after_an_arrow_key() -> None:
    gate = ScanGate()
    assert gate.key("enter", "\r") is Gate.KEPT
    assert gate.key("down", None) is Gate.PASSED
    assert gate.key("enter", "\r") is Gate.PASSED
    assert gate.key("enter", "\r") is Gate.KEPT, "a doubled Enter confirms nothing"
    gate.key("down", None)
    feed(gate, "KDRTBXLP")
    assert gate.key("enter", "\r") == Line("KDRTBXLP"), "a scan after an arrow key is a scan"
    assert gate.key("enter", "\r") is Gate.KEPT, "so is its second suffix"


def test_space_is_a_command_only_on_an_empty_line() -> None:
    gate = ScanGate()
    assert gate.key("space", " ") is Gate.PASSED
    feed(gate, "de")
    assert gate.key("space", " ") is Gate.KEPT
    assert gate.text == "de "


def test_backspace_and_escape_mend_the_line_before_they_are_commands() -> None:
    gate = ScanGate()
    feed(gate, "ab")
    assert gate.key("backspace", None) is Gate.KEPT
    assert gate.text == "a"
    assert gate.key("escape", None) is Gate.KEPT
    assert gate.text == ""
    assert gate.key("escape", None) is Gate.PASSED


def test_a_command_key_drops_what_was_half_typed() -> None:
    gate = ScanGate()
    feed(gate, "mar")
    assert gate.key("f2", None) is Gate.PASSED
    assert gate.text == ""


@pytest.mark.parametrize("separator", ["ctrl+right_square_bracket", "ctrl+underscore"])
def test_separators_inside_a_foreign_code_do_not_cut_it(separator: str) -> None:
    gate = ScanGate()
    feed(gate, "0104")
    assert gate.key(separator, None) is Gate.KEPT
    feed(gate, "17")
    assert gate.key("enter", "\r") == Line("010417")


def test_a_pasted_block_is_its_lines_and_the_rest_waits() -> None:
    gate = ScanGate()
    feed(gate, "KD")
    assert gate.paste("RTBXLP\r\nBBBB\n\nCC") == (Line("KDRTBXLP"), Line("BBBB"))
    assert gate.text == "CC"


@given(CODES, st.text(alphabet="aeiouéàç 'qwmz", max_size=12))
def test_a_code_after_abandoned_typing_is_found(code: str, typed: str) -> None:
    (scan,) = scans_in(typed + code)
    assert isinstance(scan, ScannedTag)
    assert scan.code.value == code


@given(CODES)
def test_capitals_after_small_letters_are_the_code(code: str) -> None:
    (scan,) = scans_in("galaxy" + code)
    assert isinstance(scan, ScannedTag)
    assert scan.code.value == code


def test_glued_codes_are_taken_apart() -> None:
    random = Random(7)
    codes = [draw_code(CodeKind.ASSET, random.randrange) for _ in range(3)]
    scans = scans_in("".join(codes))
    assert [scan.code.value for scan in scans if isinstance(scan, ScannedTag)] == codes


def test_names_and_foreign_codes_are_no_tags() -> None:
    assert isinstance(scans_in("dupont")[0], ScannedForeign)
    assert isinstance(scans_in("LYNCH")[0], Misread)
    assert set("LYNCH") <= set(ALPHABET)
