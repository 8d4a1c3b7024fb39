"""Names compare by what a person reads, not by how a file was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.names import fold_name, person_key, show_family_name, show_name

LATIN = st.text(
    st.sampled_from([chr(code) for code in range(0x20, 0x250) if chr(code).isprintable()])
)


@pytest.mark.parametrize(
    "typed",
    [
        "D’HÆNE-LEBŒUF Zoé",
        "d'haene leboeuf zoe",
        "D'Haene  Lebœuf\u00a0Zoé *",
        "D’HAENE‑LEBOEUF ZOE\u0301.",
        " d´hæne – lebœuf, ZOÉ",
    ],
)
def test_one_name_typed_in_many_ways_has_one_key(typed: str) -> None:
    assert fold_name(typed) == "d haene leboeuf zoe"


@pytest.mark.parametrize(
    ("one", "other"), [("Jean Marie", "Jeanmarie"), ("Anne", "Anna"), ("Léo", "Léa")]
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("YILDIZ", "yildiz"),
        ("yıldız", "yildiz"),
        ("İpek", "ipek"),
        ("Weiß", "weiss"),
        ("Nguyễn", "nguyen"),
        ("Мария", "мария"),
        ("", ""),
        ("--", ""),
    ],
)
def test_names_of_other_languages_fold_too(typed: str, key: str) -> None:
    assert fold_name(typed) == key


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(LATIN)
def test_case_and_composition_do_not_count(text: str) -> None:
    key = fold_name(text)
    assert fold_name(text.upper()) == key
    assert fold_name(text.lower()) == key
    assert fold_name(unicodedata.normalize("NFD", text)) == key


def test_a_word_on_the_other_side_makes_another_person() -> None:
    assert person_key("MARTIN PAUL", "Luc") != person_key("MARTIN", "Paul Luc")
    assert person_key("LE GOFF", "Maëlys") == person_key("Le  Goff", "MAELYS")


def test_family_names_are_shown_in_capitals_with_accents_and_given_names_as_typed() -> None:
    assert show_family_name("  lefe\u0300vre  de\u00a0la tour ") == "LEFÈVRE DE LA TOUR"
    assert show_name(" Jean-Baptiste\u00a0 Noé ") == "Jean-Baptiste Noé"


@given(st.text())
def test_showing_twice_changes_nothing(text: str) -> None:
    assert show_name(show_name(text)) == show_name(text)
    assert show_family_name(show_family_name(text)) == show_family_name(text)
