"""The filter language: what is typed is read as terms and words, or refused with the known keys."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.query import EVERYTHING, KEYS, Compare, Query, Term, join, parse


def test_nothing_typed_asks_for_everything() -> None:
    assert parse("  ", "assets") == EVERYTHING
    assert EVERYTHING.is_everything


def test_terms_and_words_are_told_apart() -> None:
    query = parse("school:0350001A galaxy -state:lent due<2026-12-01", "assets")

    assert query.words == ("galaxy",)
    assert query.terms == (
        Term("school", Compare.IS, "0350001A"),
        Term("state", Compare.IS, "lent", negated=True),
        Term("due", Compare.BEFORE, "2026-12-01"),
    )


@pytest.mark.parametrize("compare", list(Compare))
def test_every_comparison_is_read(compare: Compare) -> None:
    assert parse(f"slot{compare}3", "assets").terms == (Term("slot", compare, "3"),)


def test_quotes_keep_spaces_and_colons_together() -> None:
    query = parse('class:"CM2 A" "b: c" "école: du "centre', "assets")

    assert query == Query((Term("class", Compare.IS, "CM2 A"),), ("b: c", "école: du centre"))


@pytest.mark.parametrize("about", sorted(KEYS))
def test_a_key_of_another_list_is_refused_with_the_known_ones(about: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("colour:red", about)

    assert caught.value.code == "query.key"
    assert caught.value.params == {"key": "colour", "known": ", ".join(sorted(KEYS[about]))}


@given(st.text(), st.sampled_from(sorted(KEYS)))
def test_whatever_is_typed_is_read_or_refused(text: str, about: str) -> None:
    query = Query()
    with suppress(InvalidInput):
        query = parse(text, about)

    assert all(term.key in KEYS[about] for term in query.terms)
    assert all(query.words)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["class:CM2 A"], 'class:"CM2 A"'),
        (["-class:CM2 A", "state:lent"], '-class:"CM2 A" state:lent'),
        (["school:0380001A state:lent"], "school:0380001A state:lent"),
        (['class:"CM2 A"'], 'class:"CM2 A"'),
        (["due<2026-12-01", "galaxy tab"], "due<2026-12-01 galaxy tab"),
    ],
)
def test_the_quotes_that_a_shell_took_are_put_back(arguments: list[str], text: str) -> None:
    assert join(arguments) == text
