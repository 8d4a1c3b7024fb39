"""The codes that Ardoise prints catch every slip of one letter and every exchange of two."""

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.tags import (
    ALPHABET,
    Code,
    CodeKind,
    check_letter,
    draw_code,
    draw_tag,
    format_tag,
    is_code,
    parse_code,
)

kinds = st.sampled_from(CodeKind)


@st.composite
def codes(draw: st.DrawFn, kind: CodeKind | None = None) -> Code:
    chosen = kind or draw(kinds)
    return Code(chosen, draw_code(chosen, lambda n: draw(st.integers(0, n - 1))))


def always(value: int) -> Callable[[int], int]:
    return lambda n: value


def test_the_alphabet_has_no_vowel_no_digit_and_no_key_that_moves_between_layouts() -> None:
    assert len(set(ALPHABET)) == 17
    assert not set(ALPHABET) & set("AEIOU0123456789")
    assert not set(ALPHABET) & set("AQZWM")


def test_the_printed_example_is_a_right_tag() -> None:
    assert check_letter("KDRTBXL") == "P"
    assert parse_code("KDRTBXLP") == Code(CodeKind.ASSET, "KDRTBXLP")


@given(codes())
def test_a_drawn_code_parses_to_its_kind(code: Code) -> None:
    assert parse_code(code.value) == code
    assert len(code.value) == code.kind.length


@given(codes(), st.data())
def test_case_and_blanks_do_not_matter_to_a_person_who_types(
    code: Code, data: st.DataObject
) -> None:
    blanks = data.draw(
        st.lists(
            st.sampled_from(["", " ", "\u00a0", "\u202f", "\t"]),
            min_size=len(code.value),
            max_size=len(code.value),
        )
    )
    typed = "".join(blank + letter for blank, letter in zip(blanks, code.value, strict=True))
    assert parse_code(typed.lower()) == code


@given(codes())
def test_every_single_wrong_letter_is_caught(code: Code) -> None:
    for position, right in enumerate(code.value):
        for wrong in ALPHABET:
            changed = code.value[:position] + wrong + code.value[position + 1 :]
            assert is_code(changed) == (wrong == right)


@given(codes())
def test_every_exchange_of_two_letters_is_caught(code: Code) -> None:
    for left, right in combinations(range(len(code.value)), 2):
        letters = list(code.value)
        letters[left], letters[right] = letters[right], letters[left]
        assert is_code("".join(letters)) == (code.value[left] == code.value[right])


@pytest.mark.parametrize("kind", CodeKind)
def test_the_weights_prove_it_for_all_codes_at_once(kind: CodeKind) -> None:
    # The sum is linear, so a code of one C (value 1) among B (value 0) shows the weight of a place.
    weights = []
    for position in range(kind.length - 1):
        body = "B" * position + "C" + "B" * (kind.length - 2 - position)
        weights.append(-ALPHABET.index(check_letter(body)) % 17)
    weights.append(1)
    assert 0 not in weights
    assert len(set(weights)) == kind.length


def test_letters_are_drawn_one_by_one_from_the_entropy_given() -> None:
    asked: list[int] = []

    def entropy(bound: int) -> int:
        asked.append(bound)
        return len(asked) - 1

    assert draw_tag(entropy)[:7] == "BCDFGHJ"
    assert asked == [17] * 7
    assert draw_tag(always(0)) == "BBBBBBBB"


@pytest.mark.parametrize(
    "text",
    ["", "KDRT", "KDRTBXL", "KDRTBXLPBCD", "KDRTBXLA", "K0RTBXLP", "KDRT-BXLP", "ΚDRTBXLP"],
)
def test_what_has_not_the_shape_of_a_code_is_refused_as_such(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_code(text)
    assert caught.value.code == "tag.shape"
    assert caught.value.params == {"tag": text}


def test_a_wrong_check_letter_is_refused_as_such() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_code("kdrt bxln")
    assert caught.value.code == "tag.check"
    assert caught.value.params == {"tag": "KDRTBXLN"}


def test_codes_are_printed_in_groups() -> None:
    assert format_tag("KDRTBXLP") == "KDRT BXLP"
    assert format_tag("KDRTBXLPB") == "KDR TBX LPB"
    assert format_tag("KDRTBXLPBC") == "KDRTB XLPBC"
    assert format_tag("") == ""
    assert format_tag("3017620422003") == "3017620422003"


@given(codes())
def test_a_printed_code_parses_back(code: Code) -> None:
    assert parse_code(format_tag(code.value)) == code
