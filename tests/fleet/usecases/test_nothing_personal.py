"""No person in the ledger, no birth date anywhere: the bytes of the files say so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from small_city import SCHOOL, City, damaged, tag_of
from sqlalchemy import text

from fleet.asset import Asset
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed
from fleet.kinds import PersonKind
from fleet.persons import Person
from fleet.query import parse
from fleet.usecases.importing.people import import_people
from fleet.usecases.lending import LoanOrder, ReturnOrder

BORN = date(2016, 3, 4)
WRITTEN = ("2016-03-04", "20160304", "04/03/2016", "2016/03/04", "04-03-2016", "04.03.2016")
NAMES = ("QUETZAL", "Ysoline", "Quetzalcoatl")


def a_busy_day(city: City, tablets: list[Asset]) -> list[Person]:
    """Import, lend, refuse, return, bring back for another, undo, import again."""
    rows = [
        PersonRow(NAMES[0], NAMES[1], PersonKind.PUPIL, "CE1", "CE1", NAMES[2], birth_date=BORN),
        PersonRow("NOVAK", "Ilya", PersonKind.PUPIL, "CE1", birth_date=BORN),
    ]
    for class_name in ("CE1", "CE2"):
        parsed = [
            Parsed(line, replace(row, class_name=class_name)) for line, row in enumerate(rows)
        ]
        with city.store.work("Camille") as work:
            import_people(work, parsed, school=SCHOOL, complete=True)
            work.commit()
    with city.store.work("Camille") as work:
        people = work.people_of(SCHOOL)
    first, second = (tag_of(each) for each in tablets[:2])
    city.lend(LoanOrder(people[0].id, [first, second], accessories=["charger"], batch="b"))
    city.give_back(ReturnOrder([first], by=people[1].id))
    city.give_back(damaged(second))
    city.undo()
    return people


def test_no_operation_holds_a_name_or_the_id_of_a_person(city: City, tablets: list[Asset]) -> None:
    people = a_busy_day(city, tablets)
    with city.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM operation")).fetchall()

    written = "\n".join(repr(tuple(row)) for row in rows)
    unwanted = [*NAMES, "NOVAK", "Ilya", *(each.id for each in people), *(p.code for p in people)]
    assert len(rows) > len(tablets)
    assert [word for word in unwanted if word.casefold() in written.casefold()] == []


def test_a_birth_date_is_in_no_file_of_the_database(city: City, tablets: list[Asset]) -> None:
    a_busy_day(city, tablets)
    folder = Path(city.store.database).parent
    files = sorted(path for path in folder.iterdir() if path.name.startswith("ardoise"))
    content = b"".join(path.read_bytes() for path in files)
    city.close()
    content += Path(city.store.database).read_bytes()

    assert {path.suffix for path in files} >= {".sqlite3", ".sqlite3-wal"}
    assert NAMES[0].encode() in content
    assert [word for word in WRITTEN if word.encode() in content] == []


def test_a_state_table_names_nobody(city: City, tablets: list[Asset]) -> None:
    a_busy_day(city, tablets)
    register = {"person", "loan_link", "agent", "replica", "setting", "alembic_version"}
    state = {name: rows for name, rows in city.dump().items() if name not in register}

    assert NAMES[0] not in repr(state)
    assert len(city.views.people(parse("quetzal", "people")).items) == 1
