"""Opening: private files, one replica, rebuilt state, and no touching what a newer Ardoise made."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from small_city import SCHOOL, City
from sqlalchemy import text

import db.store
from db.schema import family
from db.store import SqlStore
from fleet.asset import Asset
from fleet.errors import StorageError
from fleet.operation import Draft
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder, ReturnOrder


def modes(folder: Path) -> dict[str, int]:
    return {
        path.name.removeprefix("ardoise.sqlite3"): stat.S_IMODE(path.stat().st_mode)
        for path in folder.iterdir()
        if path.name.startswith("ardoise.sqlite3")
    }


def set_sql(path: Path, *statements: str) -> None:
    """Change a database behind Ardoise's back."""
    made = SqlStore(path)
    with made.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    made.close()


def test_the_files_are_for_their_owner_only_whatever_the_umask(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = os.umask(0)
    request.addfinalizer(lambda: os.umask(before))
    made = City(tmp_path / "ardoise.sqlite3")
    made.receive()

    assert modes(tmp_path) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
    made.close()
    assert modes(tmp_path)[""] == 0o600


def test_a_database_is_one_replica_with_one_key_at_every_opening(tmp_path: Path) -> None:
    first = SqlStore(tmp_path / "new" / "ardoise.sqlite3", name="laptop")
    first.close()
    second = SqlStore(tmp_path / "new" / "ardoise.sqlite3", name="other")

    assert second.replica == first.replica
    with second.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, name FROM replica")).fetchall()
    assert [tuple(row) for row in rows] == [(first.replica, "laptop")]
    assert len(second.setting("fleet_key")) == 64
    second.close()


def test_many_programs_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    path, barrier = tmp_path / "ardoise.sqlite3", Barrier(6)

    def start(_number: int) -> str:
        barrier.wait(timeout=30)
        made = SqlStore(path)
        made.close()
        return made.replica

    with ThreadPoolExecutor(6) as pool:
        replicas = set(pool.map(start, range(6)))
    assert len(replicas) == 1


def state(city: City) -> dict[str, list[tuple[object, ...]]]:
    names = {table.name for table in family("state")}
    return {name: rows for name, rows in city.dump().items() if name in names}


@pytest.fixture
def busy_path(city: City, tablets: list[Asset], people: list[Person]) -> Path:
    """A database with loans open, closed, contested and undone; closed again."""
    tags = [each.tag or "" for each in tablets]
    city.lend(LoanOrder(people[0].id, tags[:4]))
    city.give_back(ReturnOrder(tags[:2]))
    city.undo()
    city.write("asset.lent", tablets[2].id, {"ref": "double"})
    city.write("asset.teleported", tablets[4].id)
    city.write("phase.described", "phase:1", {"name": "Pilote", "schools": [SCHOOL]})
    assert city.path is not None
    return city.path


def test_another_projection_version_folds_the_ledger_again_to_equal_tables(
    city: City, busy_path: Path
) -> None:
    before = state(city)
    city.close()
    set_sql(
        busy_path,
        *(f"DELETE FROM {table.name}" for table in reversed(family("state"))),
        "UPDATE setting SET value = '0' WHERE name = 'projection_version'",
    )

    again = City(busy_path)
    assert state(again) == before
    assert all(before[name] for name in ("asset", "loan", "conflict", "school", "phase"))
    assert again.store.check() == []
    again.close()


def test_state_tables_of_another_shape_are_dropped(city: City, busy_path: Path) -> None:
    before = state(city)
    city.close()
    set_sql(
        busy_path,
        "ALTER TABLE asset ADD COLUMN colour TEXT",
        "UPDATE setting SET value = '0' WHERE name = 'projection_version'",
    )

    again = City(busy_path)
    assert state(again) == before
    again.close()


def test_a_rebuilding_that_is_cut_is_done_at_the_next_opening(
    city: City, busy_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(city)
    city.close()
    set_sql(busy_path, "UPDATE setting SET value = '0' WHERE name = 'projection_version'")

    def power_cut(_connection: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(db.store, "rebuild", power_cut)
        with pytest.raises(KeyboardInterrupt):
            SqlStore(busy_path)

    again = City(busy_path)
    assert state(again) == before
    assert again.store.check() == []
    again.close()


def test_a_newer_database_is_refused_and_left_as_it_is(city: City, busy_path: Path) -> None:
    city.close()
    set_sql(busy_path, "UPDATE alembic_version SET version_num = '9999'")
    before = busy_path.read_bytes()

    with pytest.raises(StorageError) as caught:
        SqlStore(busy_path)

    assert caught.value.code == "storage.newer"
    assert caught.value.params["revision"] == "9999"
    assert busy_path.read_bytes() == before
    assert list(modes(busy_path.parent)) == [""]


def a_text(path: Path) -> None:
    path.write_text("Ceci n'est pas une base.\n" * 100)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "code"), [(a_text, "storage.not_a_database"), (a_folder, "storage.cannot_open")]
)
def test_what_is_no_database_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "ardoise.sqlite3"
    make(path)
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(StorageError) as caught:
        SqlStore(path)

    assert caught.value.code == code
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_database_in_memory_works_alike(people: list[Person]) -> None:
    made = City(None)
    asset = made.receive()

    assert made.asset(asset.id).tag == asset.tag
    assert made.store.check() == []
    made.close()


def test_settings_are_kept(city: City) -> None:
    city.store.set_settings({"owner": "Ville", "phone": "1"})
    city.store.set_settings({"phone": "2"})

    assert [city.store.setting(name) for name in ("owner", "phone", "never")] == ["Ville", "2", ""]


def test_work_that_is_not_committed_is_undone(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    before = city.dump()
    with city.store.work("Somebody new") as work:
        work.link(work.new_id(), people[0].id)
        work.save_people([replace(people[0], left=True)])
        work.record([Draft("asset.lost", tablets[0].id, SCHOOL, {})])

    assert city.dump() == before


def test_an_erased_name_leaves_no_trace_in_the_file(city: City, people: list[Person]) -> None:
    with city.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM person WHERE family_name = 'MARTIN'"))
    with city.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    city.close()
    assert city.path is not None

    assert b"MARTIN" not in city.path.read_bytes()
