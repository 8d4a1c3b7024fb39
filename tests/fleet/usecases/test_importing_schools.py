"""Schools come in by UAI, keep what a file leaves empty, and the same file changes nothing."""

from dataclasses import replace

from small_city import OTHER_SCHOOL, SCHOOL, City

from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow
from fleet.kinds import SchoolKind, Sector
from fleet.usecases.importing.report import ImportReport
from fleet.usecases.importing.schools import import_schools

VERLAINE = SchoolRow(
    uai=SCHOOL,
    name="École élémentaire Paul Verlaine",
    kind=SchoolKind.ELEMENTARY,
    status=Sector.PUBLIC,
    address="1, rue des Lilas",
    postcode="35000",
    commune="Épinay-sur-Lys",
    commune_code="35001",
    departement="035",
    circonscription="Lys Nord",
    nature="151",
    priority="REP",
    condition="OUVERT",
    phone="02 00 00 00 00",
    mail="ecole@example.org",
)


def bring_in(city: City, *rows: SchoolRow | Rejected) -> ImportReport:
    parsed = [
        each if isinstance(each, Rejected) else Parsed(line, each)
        for line, each in enumerate(rows, 2)
    ]
    with city.store.work("Camille") as work:
        report = import_schools(work, parsed)
        work.commit()
    return report


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.same, len(report.rejected)


def test_a_school_is_one_operation_with_everything_the_directory_says(city: City) -> None:
    report = bring_in(city, VERLAINE)

    assert counts(report) == (1, 0, 0, 0)
    (operation,) = city.operations(SCHOOL)
    assert operation.scope == SCHOOL
    with city.store.work("x") as work:
        school = work.schools([SCHOOL])[SCHOOL]
    for name in SchoolRow.__slots__:
        assert getattr(school, name) == str(getattr(VERLAINE, name)), name


def test_the_same_directory_twice_changes_nothing(city: City) -> None:
    rows = (VERLAINE, replace(VERLAINE, uai=OTHER_SCHOOL, name="École Boris Vian"))
    bring_in(city, *rows)
    before = city.dump()

    assert counts(bring_in(city, *rows)) == (0, 0, 2, 0)
    assert city.dump() == before


def test_only_what_changed_is_written(city: City) -> None:
    bring_in(city, VERLAINE)
    report = bring_in(city, replace(VERLAINE, phone="02 11 11 11 11", mail=""))

    assert counts(report) == (0, 1, 0, 0)
    assert city.operations(SCHOOL)[-1].content() == {"phone": "02 11 11 11 11"}
    with city.store.work("x") as work:
        assert work.schools([SCHOOL])[SCHOOL].mail == "ecole@example.org"


def test_repeated_and_rejected_rows_are_counted_and_not_written(city: City) -> None:
    fault = Rejected(3, "UAI", "0350001X", "uai.letter", "L")
    rows: list[Parsed[SchoolRow] | Rejected] = [
        Parsed(2, VERLAINE),
        fault,
        Parsed(4, VERLAINE, is_duplicate=True),
    ]
    done: list[int] = []
    with city.store.work("Camille") as work:
        report = import_schools(work, rows, done.append)
        work.commit()

    assert counts(report) == (1, 0, 1, 1)
    assert report.rejected == [fault]
    assert city.count() == 1
    assert done == [3]


def test_more_rows_than_a_batch_come_in_once_each(city: City) -> None:
    rows = [replace(VERLAINE, uai=f"{number:07}X") for number in range(1203)]

    assert counts(bring_in(city, *rows)) == (1203, 0, 0, 0)
    assert counts(bring_in(city, *rows)) == (0, 0, 1203, 0)
    assert city.store.check() == []
