"""The demo city's files are in the field's formats and say what the city is known to have."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from agents.files import open_table
from fleet.imports.assets import DeliveryRow, read_deliveries
from fleet.imports.people import read_people
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow, read_schools
from fleet.kinds import AssetKind, SchoolKind
from fleet.names import person_key
from tui.demo.city import (
    CART_SIZE,
    DEMO_CLASS_SIZE,
    DIRECTORY_HEADER,
    PHASES,
    PILOT,
    City,
    write_city,
)
from tui.demo.pupils import HOMONYMS

SERIALS = tuple(f"R9WR30DEM{number:02}" for number in range(16))
Row = TypeVar("Row")


def whole(found: Iterable[Parsed[Row] | Rejected]) -> list[Row]:
    """The rows of a file that must be read without a fault or a duplicate."""
    rows = []
    for each in found:
        assert isinstance(each, Parsed), each
        assert not each.is_duplicate, each
        rows.append(each.row)
    return rows


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return write_city(tmp_path_factory.mktemp("city"), cart_serials=SERIALS)


@pytest.fixture(scope="module")
def schools(city: City) -> list[SchoolRow]:
    return whole(read_schools(open_table(city.directory)))


@pytest.fixture(scope="module")
def assets(city: City) -> list[DeliveryRow]:
    return whole(read_deliveries(open_table(city.delivery)))


@pytest.fixture(scope="module")
def pupils(city: City) -> list[PersonRow]:
    return whole(read_people(open_table(city.class_list)))


@pytest.fixture(scope="module")
def next_pupils(city: City) -> list[PersonRow]:
    return whole(read_people(open_table(city.next_class_list)))


def identity(person: PersonRow) -> tuple[str, object]:
    return person_key(person.family_name, person.given_name), person.birth_date


def test_the_phases_are_of_eight_nine_and_three_schools() -> None:
    assert [(phase.year, len(phase.schools)) for phase in PHASES] == [
        (2019, 8),
        (2020, 9),
        (2021, 3),
    ]
    assert set(PILOT.schools) == {"Boris Vian", "Paul Fort", "Verlaine"}
    assert "Verlaine" in PHASES[0].schools


def test_the_directory_has_the_twenty_schools_of_the_phases(
    city: City, schools: list[SchoolRow]
) -> None:
    assert [row.uai for row in schools] == list(city.uais.values())
    assert len(schools) == 20
    assert {row.kind for row in schools} == {SchoolKind.ELEMENTARY}
    assert {row.departement for row in schools} == {"059"}
    for name, row in zip(city.uais, schools, strict=True):
        assert row.name.endswith(name)


def test_the_directory_is_written_as_the_ministry_does(city: City) -> None:
    content = city.directory.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfIdentifiant_de_l_etablissement;")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 22
    assert {line.count(";") for line in lines[:-1]} == {70}
    assert len(set(DIRECTORY_HEADER.split(";"))) == 71


def test_each_school_gets_a_server_a_case_and_sixteen_tablets(assets: list[DeliveryRow]) -> None:
    by_school: dict[str | None, Counter[AssetKind]] = defaultdict(Counter)
    for row in assets:
        by_school[row.school][row.kind] += 1
    assert len(by_school) == 20
    for count in by_school.values():
        assert count[AssetKind.KWARTZ_SERVER] == count[AssetKind.CART] == 1
        assert count[AssetKind.TABLET] == CART_SIZE
        assert 6 <= count[AssetKind.COMPUTER] == count[AssetKind.PROJECTOR] <= 12
    assert len(assets) >= 360


def test_the_demo_case_comes_empty_and_the_others_are_filled(
    city: City, assets: list[DeliveryRow]
) -> None:
    cases: dict[str | None, set[int | None]] = defaultdict(set)
    for row in assets:
        if row.kind is AssetKind.TABLET:
            cases[row.cart].add(row.slot)
    assert cases.pop(None) == {None}
    assert len(cases) == 19
    assert all(slots == set(range(1, 17)) for slots in cases.values())
    demo = [row for row in assets if row.school == city.demo_school]
    assert tuple(row.serial for row in demo if row.kind is AssetKind.TABLET) == SERIALS
    (case,) = (row for row in demo if row.kind is AssetKind.CART)
    assert (case.name, case.capacity) == (city.demo_cart, 16)


def test_fewer_serials_leave_the_other_slots_filled(tmp_path: Path) -> None:
    city = write_city(tmp_path, cart_serials=SERIALS[:3])
    rows = whole(read_deliveries(open_table(city.delivery)))
    slots = [
        row.slot for row in rows if row.school == city.demo_school and row.kind is AssetKind.TABLET
    ]
    assert slots == [None, None, None, *range(4, 17)]


def test_more_serials_than_slots_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="slots"):
        write_city(tmp_path, cart_serials=[*SERIALS, "R9WR30DEMXX"])


def test_the_demo_class_has_its_pupils_and_two_homonyms_are_told_apart_by_birth(
    city: City, pupils: list[PersonRow]
) -> None:
    assert sum(row.class_name == city.demo_class for row in pupils) == DEMO_CLASS_SIZE
    assert len(pupils) == city.pupils == len({identity(row) for row in pupils})
    names = Counter(person_key(row.family_name, row.given_name) for row in pupils)
    assert [name for name, count in names.items() if count > 1] == [person_key(*HOMONYMS[:2])]
    assert {row.level for row in pupils} == {"CP", "CE1", "CE2", "CM1", "CM2"}


def test_names_are_varied_and_survive_the_encoding(pupils: list[PersonRow]) -> None:
    text = " ".join(f"{row.family_name} {row.given_name}" for row in pupils)
    for mark in ("É", "Œ", "'", "-", "ë", "DE LA"):
        assert mark in text, mark


def test_a_year_later_the_same_pupils_are_one_level_up_with_newcomers_and_leavers(
    city: City, pupils: list[PersonRow], next_pupils: list[PersonRow]
) -> None:
    now = {identity(row): row for row in pupils}
    then = {identity(row): row for row in next_pupils}
    assert len(then) == len(next_pupils)
    assert len(then.keys() - now.keys()) == city.newcomers > 0
    assert len(now.keys() - then.keys()) == city.leavers > 0
    levels = ["CP", "CE1", "CE2", "CM1", "CM2"]
    stayed = now.keys() & then.keys()
    assert len(stayed) > 100
    for key in stayed:
        assert levels.index(then[key].level) == levels.index(now[key].level) + 1
    assert len({(now[key].class_name[-1], then[key].class_name[-1]) for key in stayed}) > 2


def test_the_same_arguments_give_the_same_city_and_another_seed_another(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        folder.mkdir()
        write_city(folder, cart_serials=SERIALS, seed=seed)
    for name in ("annuaire.csv", "onde-camus.csv", "onde-camus-next-year.csv"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    one, same, other = (
        whole(read_deliveries(open_table(folder / "livraison.xlsx"))) for folder in folders
    )
    assert one == same != other
    assert (folders[0] / "onde-camus.csv").read_bytes() != (
        folders[2] / "onde-camus.csv"
    ).read_bytes()


@pytest.mark.parametrize("seed", range(2, 8))
def test_every_seed_gives_a_city_without_a_fault(tmp_path: Path, seed: int) -> None:
    city = write_city(tmp_path, cart_serials=SERIALS, seed=seed)
    whole(read_deliveries(open_table(city.delivery)))
    pupils = whole(read_people(open_table(city.class_list)))
    assert len({identity(row) for row in pupils}) == city.pupils


def test_the_school_year_moves_the_births(tmp_path: Path) -> None:
    city = write_city(tmp_path, cart_serials=SERIALS, school_year=2030)
    pupils = whole(read_people(open_table(city.class_list)))
    births = {row.birth_date.year for row in pupils if row.birth_date and row.level == "CP"}
    assert births == {2024}


def test_lists_of_pupils_are_for_their_owner_alone(tmp_path: Path) -> None:
    city = write_city(tmp_path, cart_serials=[])

    for path in (city.class_list, city.next_class_list):
        assert path.stat().st_mode & 0o777 == 0o600
