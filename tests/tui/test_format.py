"""Dates, numbers and tags as people write them."""

from datetime import date

import pytest

from tui import format as shown
from tui.i18n import choose_language, ngettext, typeset
from tui.school_year import end_of_school_year


def test_dates_are_short_and_french() -> None:
    assert shown.day(date(2027, 7, 3)) == "3 juil. 2027"
    assert shown.day(date(2026, 9, 1)) == "1er sept. 2026"
    assert shown.short_day(date(2026, 8, 15)) == "15 août"


def test_numbers_are_in_groups_and_prices_in_euros() -> None:
    assert shown.number(1234567) == "1\u202f234\u202f567"
    assert shown.euros(28990) == "289,90 €"
    assert shown.euros(5) == "0,05 €"


@pytest.mark.parametrize(
    ("seconds", "words"), [(12, "12 s"), (59.6, "60 s"), (180, "3 min"), (3900, "1 h 05")]
)
def test_durations_have_the_unit_that_matters(seconds: float, words: str) -> None:
    assert shown.duration(seconds) == words


def test_tags_are_in_two_groups_and_what_has_none_is_a_dash() -> None:
    assert shown.tag("KDRTBXLP") == "KDRT BXLP"
    assert shown.tag(None) == "—"


def test_a_moment_that_is_none_comes_back_as_it_is() -> None:
    assert shown.since("2026-09-12") == "12 sept. 2026"
    assert shown.since("hier") == "hier"


def test_high_punctuation_has_a_narrow_space() -> None:
    assert typeset("« Quoi ? »") == "«\u202fQuoi\u202f?\u202f»"


def test_nothing_at_all_is_singular_in_french() -> None:
    assert ngettext("{count} étape", "{count} étapes", 0) == "{count} étape"
    assert ngettext("{count} étape", "{count} étapes", 2) == "{count} étapes"


@pytest.mark.parametrize(
    ("wanted", "environment", "language"),
    [
        ("en", {}, "en"),
        (None, {"LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, "fr"),
        (None, {"LANG": "C.UTF-8"}, "fr"),
        (None, {"LANG": "de_DE.UTF-8"}, "fr"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        (None, {}, "fr"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_sessions_else_french(
    wanted: str | None, environment: dict[str, str], language: str
) -> None:
    assert choose_language(wanted, environment) == language


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 11, 21), date(2027, 7, 3)),
        (date(2027, 7, 3), date(2027, 7, 3)),
        (date(2027, 7, 4), date(2028, 7, 1)),
    ],
)
def test_the_school_year_ends_on_a_saturday_of_july(today: date, end: date) -> None:
    assert end_of_school_year(today) == end


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ecole élémentaire Camus", "Élém. Camus"),
        ("École Élémentaire publique Arc-en-Ciel", "Élém. Arc-en-Ciel"),
        ("Ecole maternelle privée Sainte-Anne", "Mat. Sainte-Anne"),
        ("Collège Jean Macé", "Clg Jean Macé"),
        ("Ecole élémentaire", "Ecole élémentaire"),
        ("Institut médico-éducatif", "Institut médico-éducatif"),
    ],
)
def test_a_school_keeps_in_a_narrow_column_what_tells_it_from_the_others(
    name: str, short: str
) -> None:
    assert shown.short_school(name) == short
