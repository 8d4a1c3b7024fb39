"""UAI codes: the check letter catches every wrong letter, and only real départements pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.uai import DEPARTEMENTS, LETTERS, check_letter, departement_of, parse_uai, uai_of

PREFIXES = st.sampled_from(sorted(DEPARTEMENTS))
NUMBERS = st.integers(0, 9999)


@pytest.mark.parametrize(
    "uai",
    [
        "0750655E",  # Louis-le-Grand
        "0750654D",  # Henri-IV
        "0783774D",
        "0010005A",
        "0480680D",
        "9711032V",
        "6200001G",  # Ajaccio
        "7200009X",  # Bastia
        "9750001C",  # Saint-Pierre
        "9760127J",  # Mamoudzou
        "9830002K",  # Nouméa
        "9840002E",  # Papeete
        "9870026P",  # Wallis
    ],
)
def test_codes_of_real_schools_pass(uai: str) -> None:
    assert parse_uai(uai) == uai


def test_lower_case_and_blanks_are_normalised() -> None:
    assert parse_uai(" 075 0655e\u00a0") == "0750655E"


@pytest.mark.parametrize("text", ["", "075065E", "07506555E", "0750655", "0750655_", "٠750655E"])
def test_what_is_not_seven_digits_and_a_letter_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_uai(text)
    assert (caught.value.code, caught.value.params) == ("uai.shape", {"found": text})


@given(PREFIXES, NUMBERS)
def test_every_single_wrong_letter_is_refused_and_the_right_one_named(
    prefix: str, number: int
) -> None:
    uai = uai_of(DEPARTEMENTS[prefix], number)
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ".replace(uai[7], ""):
        with pytest.raises(InvalidInput) as caught:
            parse_uai(uai[:7] + letter)
        assert caught.value.code == "uai.letter"
        assert caught.value.params["expected"] == uai[7]


@given(PREFIXES, NUMBERS, st.integers(0, 6), st.integers(1, 9))
def test_every_single_wrong_digit_is_refused(
    prefix: str, number: int, place: int, shift: int
) -> None:
    uai = uai_of(DEPARTEMENTS[prefix], number)
    wrong = str((int(uai[place]) + shift) % 10)
    with pytest.raises(InvalidInput):
        parse_uai(uai[:place] + wrong + uai[place + 1 :])


@given(PREFIXES, NUMBERS)
def test_a_made_code_parses_to_itself_and_to_its_departement(prefix: str, number: int) -> None:
    uai = uai_of(DEPARTEMENTS[prefix], number)
    assert parse_uai(uai.lower()) == uai
    assert departement_of(uai) == DEPARTEMENTS[prefix]


@pytest.mark.parametrize("prefix", ["000", "020", "096", "099", "100", "621", "970", "999"])
def test_a_right_letter_does_not_save_a_departement_that_does_not_exist(prefix: str) -> None:
    digits = f"{prefix}0001"
    with pytest.raises(InvalidInput) as caught:
        parse_uai(digits + check_letter(digits))
    assert caught.value.code == "uai.departement"


@pytest.mark.parametrize(
    ("departement", "prefix"), [("2A", "620"), ("02b", "720"), ("38", "038"), ("974", "974")]
)
def test_departements_are_read_as_people_write_them(departement: str, prefix: str) -> None:
    assert uai_of(departement, 1).startswith(prefix)


@pytest.mark.parametrize(("departement", "number"), [("20", 1), ("620", 1), ("59", 10_000)])
def test_no_code_is_made_for_what_cannot_exist(departement: str, number: int) -> None:
    with pytest.raises(InvalidInput):
        uai_of(departement, number)


def test_the_alphabet_leaves_out_the_letters_that_look_like_digits() -> None:
    assert len(LETTERS) == 23
    assert not set("IOQ") & set(LETTERS)
