"""Class lists: each person once, whatever the list, the laptop, the year or the homonym."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City

from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed, Rejected
from fleet.kinds import PersonKind
from fleet.persons import Person
from fleet.usecases.importing.people import import_people
from fleet.usecases.importing.report import ImportReport

BORN, LATER = date(2016, 3, 4), date(2016, 11, 30)
LEA = PersonRow("MARTIN", "Léa", PersonKind.PUPIL, "CM1 B", "CM1", "MARTIN Anne", birth_date=BORN)
NOE = PersonRow("LE GALL", "Noé", PersonKind.PUPIL, "CM2 A", "CM2", birth_date=LATER)
PAUL = PersonRow("DUVAL", "Paul", PersonKind.TEACHER)


@pytest.fixture(autouse=True)
def _schools(school: str) -> None:
    """Both schools are known."""


def bring_in(
    city: City, *rows: PersonRow, school: str | None = SCHOOL, complete: bool = False
) -> ImportReport:
    parsed: list[Parsed[PersonRow] | Rejected] = [
        Parsed(line, row) for line, row in enumerate(rows, 2)
    ]
    with city.store.work("Camille") as work:
        report = import_people(work, parsed, school=school, complete=complete)
        work.commit()
    return report


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.same, len(report.rejected)


def everybody(city: City) -> list[Person]:
    with city.store.work("x") as work:
        return [*work.people_of(SCHOOL), *work.people_of(OTHER_SCHOOL)]


def one(city: City) -> Person:
    (person,) = everybody(city)
    return person


def undated(row: PersonRow) -> PersonRow:
    return replace(row, birth_date=None)


def test_a_pupil_is_entered_with_a_card_and_no_operation(city: City) -> None:
    before = city.count()
    assert counts(bring_in(city, LEA)) == (1, 0, 0, 0)

    person = one(city)
    assert (person.full_name, person.class_name, person.level) == ("MARTIN Léa", "CM1 B", "CM1")
    assert (person.guardian, person.mark, person.left) == ("MARTIN Anne", "", False)
    assert len(person.code) == 10
    assert city.count() == before


@pytest.mark.parametrize("rows", [(LEA, NOE, PAUL), (undated(LEA), undated(NOE), PAUL)])
def test_the_same_list_twice_changes_nothing(city: City, rows: Sequence[PersonRow]) -> None:
    assert counts(bring_in(city, *rows)) == (3, 0, 0, 0)
    before = city.dump()

    assert counts(bring_in(city, *rows)) == (0, 0, 3, 0)
    assert city.dump() == before


@pytest.mark.parametrize("dated", [True, False])
def test_next_years_list_with_other_classes_creates_nobody_twice(city: City, dated: bool) -> None:
    rows = [LEA, NOE] if dated else [undated(LEA), undated(NOE)]
    bring_in(city, *rows)
    ids = {person.id for person in everybody(city)}
    next_year = [replace(row, class_name="CM2 B", level="CM2") for row in reversed(rows)]

    assert counts(bring_in(city, *next_year)) == (0, 2, 0, 0)
    assert {person.id for person in everybody(city)} == ids
    assert {person.class_name for person in everybody(city)} == {"CM2 B"}


def test_a_pupil_with_a_birth_date_is_followed_to_another_school(city: City) -> None:
    bring_in(city, LEA)
    before = one(city)

    assert counts(bring_in(city, LEA, school=OTHER_SCHOOL)) == (0, 1, 0, 0)
    assert one(city) == replace(before, school=OTHER_SCHOOL)


def test_names_typed_otherwise_are_the_same_pupil(city: City) -> None:
    bring_in(city, LEA)
    row = replace(LEA, given_name="LEA", family_name="Martin")

    assert counts(bring_in(city, row)) == (0, 1, 0, 0)
    assert one(city).full_name == "Martin LEA"


@pytest.mark.parametrize(("first", "second"), [(LEA, undated(LEA)), (undated(LEA), LEA)])
def test_lists_with_and_without_birth_dates_agree(
    city: City, first: PersonRow, second: PersonRow
) -> None:
    bring_in(city, first)

    assert counts(bring_in(city, second)) == (0, 0, 1, 0)
    assert counts(bring_in(city, first)) == (0, 0, 1, 0)


def test_laptops_with_one_fleet_key_make_the_same_persons(city: City, tmp_path: Path) -> None:
    other = City(tmp_path / "other.sqlite3", seed=99)
    other.add_school(SCHOOL, "École Paul Verlaine")
    with city.store.engine.connect() as connection:
        key = connection.exec_driver_sql("SELECT value FROM setting WHERE name = 'fleet_key'")
        other.store.set_settings({"fleet_key": key.scalar_one()})
    other.close()
    other = City(tmp_path / "other.sqlite3", seed=7)
    rows = (LEA, undated(NOE), undated(NOE), replace(NOE, birth_date=BORN))
    bring_in(city, *rows)
    bring_in(other, *rows)

    assert {person.id for person in everybody(city)} == {person.id for person in everybody(other)}
    other.close()


def test_homonyms_get_marks_and_stay_apart(city: City) -> None:
    twin = replace(LEA, birth_date=LATER, class_name="CE1")
    assert counts(bring_in(city, LEA, twin)) == (2, 0, 0, 0)
    assert sorted(person.mark for person in everybody(city)) == ["1", "2"]
    before = city.dump()

    assert counts(bring_in(city, twin, LEA)) == (0, 0, 2, 0)
    assert city.dump() == before


def test_homonyms_without_birth_dates_are_told_apart_by_number(city: City) -> None:
    rows = (undated(LEA), replace(undated(LEA), class_name="CE1"))
    bring_in(city, *rows)

    assert {(each.mark, each.class_name) for each in everybody(city)} == {
        ("1", "CM1 B"),
        ("2", "CE1"),
    }
    assert counts(bring_in(city, *rows)) == (0, 0, 2, 0)


def test_a_homonym_who_arrives_from_another_school_gets_a_mark(city: City) -> None:
    twin = replace(LEA, birth_date=LATER)
    bring_in(city, LEA)
    bring_in(city, twin, school=OTHER_SCHOOL)
    assert [person.mark for person in everybody(city)] == ["", ""]
    bring_in(city, twin)

    assert sorted(person.mark for person in everybody(city)) == ["1", "2"]


def test_marks_stay_different_when_one_of_three_homonyms_has_moved(city: City) -> None:
    rows = [replace(LEA, birth_date=date(2016, 1, day)) for day in (1, 2, 3, 4)]
    bring_in(city, *rows[:3])
    bring_in(city, rows[0], school=OTHER_SCHOOL)
    bring_in(city, rows[3])

    marks = [person.mark for person in everybody(city) if person.school == SCHOOL]
    assert len(marks) == len(set(marks)) == 3


def test_namesakes_born_on_one_day_are_two_persons_once(city: City) -> None:
    rows = (LEA, replace(LEA, class_name="CE1"))
    assert counts(bring_in(city, *rows)) == (2, 0, 0, 0)

    assert counts(bring_in(city, *rows)) == (0, 0, 2, 0)
    assert len(everybody(city)) == 2


def test_a_pupil_whom_a_list_names_twice_on_equal_lines_is_one_pupil(city: City) -> None:
    assert counts(bring_in(city, LEA, LEA)) == (1, 0, 1, 0)


def test_many_moves_of_homonyms_lose_nobody(city: City) -> None:
    first, second, third = (
        replace(LEA, birth_date=None, class_name=name) for name in ("A", "B", "C")
    )
    bring_in(city, first, second)
    dated = replace(LEA, class_name="D")
    bring_in(city, dated, school=OTHER_SCHOOL)
    bring_in(city, dated)
    bring_in(city, dated, school=OTHER_SCHOOL)
    bring_in(city, first, second, third)

    assert len(everybody(city)) == 4
    assert len({person.id for person in everybody(city)}) == 4


def test_a_teacher_is_not_taken_for_the_pupil_of_the_same_name(city: City) -> None:
    bring_in(city, undated(LEA))
    teacher = PersonRow("MARTIN", "Léa", PersonKind.TEACHER)

    assert counts(bring_in(city, teacher)) == (1, 0, 0, 0)
    assert {person.kind for person in everybody(city)} == {PersonKind.PUPIL, PersonKind.TEACHER}
    assert counts(bring_in(city, teacher)) == (0, 0, 1, 0)
    assert counts(bring_in(city, undated(LEA))) == (0, 0, 1, 0)


def test_who_is_not_in_a_complete_list_has_left(city: City) -> None:
    bring_in(city, LEA, NOE)
    report = bring_in(city, NOE, complete=True)

    assert counts(report) == (0, 1, 1, 0)
    assert {person.given_name: person.left for person in everybody(city)} == {
        "Léa": True,
        "Noé": False,
    }
    assert counts(bring_in(city, NOE, complete=True)) == (0, 0, 1, 0)


def test_a_complete_list_speaks_for_its_school_and_kind_only(city: City) -> None:
    bring_in(city, LEA, school=OTHER_SCHOOL)
    bring_in(city, PAUL)
    bring_in(city, NOE, complete=True)

    assert not any(person.left for person in everybody(city))


def test_without_a_word_nobody_leaves(city: City) -> None:
    bring_in(city, LEA)
    bring_in(city, NOE)

    assert not any(person.left for person in everybody(city))


def test_who_comes_back_is_the_same_person(city: City) -> None:
    bring_in(city, LEA, NOE)
    before = {person.id for person in everybody(city)}
    bring_in(city, NOE, complete=True)
    bring_in(city, LEA, NOE, complete=True)

    assert {person.id for person in everybody(city) if not person.left} == before


def test_rows_name_their_school_or_take_the_one_asked_for(city: City) -> None:
    bring_in(city, replace(LEA, school=OTHER_SCHOOL), NOE)

    assert {person.given_name: person.school for person in everybody(city)} == {
        "Léa": OTHER_SCHOOL,
        "Noé": SCHOOL,
    }


@pytest.mark.parametrize(
    ("school", "code"), [(None, "import.school_missing"), ("0359999Z", "import.school_unknown")]
)
def test_a_row_without_a_known_school_is_rejected(
    city: City, school: str | None, code: str
) -> None:
    report = bring_in(city, LEA, school=school)

    assert report.rejected == [Rejected(2, "UAI", school or "", code)]
    assert everybody(city) == []


def test_a_list_that_says_less_takes_nothing_away(city: City) -> None:
    bring_in(city, LEA)
    report = bring_in(city, PersonRow("MARTIN", "Léa", PersonKind.PUPIL, birth_date=BORN))

    assert counts(report) == (0, 0, 1, 0)
    assert one(city).guardian == "MARTIN Anne"


def test_a_list_larger_than_a_batch_makes_everybody_once(city: City) -> None:
    rows = [replace(LEA, given_name=f"Prénom{number}") for number in range(620)]
    assert counts(bring_in(city, *rows)) == (620, 0, 0, 0)

    assert counts(bring_in(city, *rows, complete=True)) == (0, 0, 620, 0)
    assert len({person.code for person in everybody(city)}) == 620
