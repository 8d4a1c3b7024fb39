"""The schema: the migrations make what the tables declare, and the database guards itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from small_city import SCHOOL, City, add_pupils, add_schools, add_tablets, tag_of
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import db
from db.schema import HEAD, family
from db.search import INDEX_TABLES
from db.store import SqlStore
from fleet.asset import Asset
from fleet.errors import StorageError
from fleet.kinds import AssetKind
from fleet.operation import Draft
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder

LEDGER = {"operation"}
REGISTER = {"replica", "setting", "agent", "person", "loan_link"}


def test_the_newest_migration_is_the_one_that_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(db.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_make_exactly_what_the_tables_declare(city: City) -> None:
    with city.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, _type, _parents: name not in INDEX_TABLES,
            },
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_belongs_to_one_family_and_is_strict(city: City) -> None:
    families = {name: {t.name for t in family(name)} for name in ("ledger", "register", "state")}
    assert families["ledger"] == LEDGER
    assert families["ledger"] | families["register"] >= LEDGER | REGISTER
    declared = families["ledger"] | families["register"] | families["state"]
    with city.store.engine.connect() as connection:
        strict = connection.execute(
            text("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1")
        )
        assert declared <= {name for (name,) in strict}
        made = set(inspect(connection).get_table_names())
        assert declared | {"alembic_version"} | INDEX_TABLES == made


def test_the_migrated_checks_are_those_that_the_tables_declare(city: City) -> None:
    with city.store.engine.connect() as connection:
        for table in (*family("ledger"), *family("register")):
            made = {each["name"] for each in inspect(connection).get_check_constraints(table.name)}
            declared = {str(each.name) for each in table.constraints if "ck_" in str(each.name)}
            assert made == declared, table.name


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A cart of tablets, one of them lent."""
    city = City(tmp_path_factory.mktemp("schema") / "ardoise.sqlite3")
    add_schools(city)
    people = add_pupils(city)
    tablets = add_tablets(city, city.receive(AssetKind.CART, name="M-01", capacity=16))
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    yield city
    city.close()


def try_sql(connection: Connection, statement: str) -> str:
    """What the database says against ``statement``."""
    with pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement))
    return str(caught.value.orig)


def copy_row(table: str, **changes: str) -> str:
    """A statement that inserts the first row of ``table`` again, changed."""
    columns = [each.name for each in SQLModel.metadata.tables[table].columns]
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE operation SET body = '{}'", "append-only"),
        ("UPDATE operation SET seq = seq WHERE seq = 1", "append-only"),
        ("DELETE FROM operation", "append-only"),
        ("DELETE FROM operation WHERE seq = 1", "append-only"),
        (copy_row("operation"), "UNIQUE"),
        (copy_row("operation", seq="0"), "ck_operation_seq"),
        (copy_row("operation", seq="99", hlc="'short'"), "ck_operation_hlc"),
        (copy_row("operation", seq="99", hash="'short'"), "ck_operation_hash"),
        (copy_row("operation", seq="'x'"), "cannot store TEXT"),
        (copy_row("operation", seq="99", body="NULL"), "NOT NULL"),
        (copy_row("asset", id="'x'", slot="NULL"), "UNIQUE constraint failed: asset.tag"),
        (copy_row("asset", id="'x'", tag="'x'", slot="0"), "ck_asset_slot"),
        (copy_row("asset", id="'x'", tag="'x'", slot="'three'"), "cannot store TEXT"),
        ("UPDATE asset SET slot = 3 WHERE slot = 2", "asset.cart, asset.slot"),
        (copy_row("loan", id="'x'"), "UNIQUE constraint failed: loan.asset"),
        (copy_row("loan", id="'x'", asset="'nobody'"), "FOREIGN KEY"),
        ("DELETE FROM asset", "FOREIGN KEY"),
        ("DELETE FROM person", "FOREIGN KEY"),
        ("UPDATE person SET code = (SELECT min(code) FROM person)", "person.code"),
        (copy_row("agent", id="'x'"), "agent.name"),
    ],
)
def test_the_database_refuses_by_itself(full: City, statement: str, words: str) -> None:
    before = full.dump()
    with full.store.engine.connect() as connection:
        assert words in try_sql(connection, statement)

    assert full.dump() == before


def test_contested_rows_are_outside_the_guards(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    city.write("asset.lent", tablets[0].id, {"ref": "a"})
    city.write("asset.lent", tablets[0].id, {"ref": "b"})

    assert [loan.contested for loan in city.asset(tablets[0].id).open_loans] == [False, True]
    assert city.store.check() == []


def test_a_guard_that_holds_is_a_storage_error_and_writes_nothing(
    city: City, tablets: list[Asset]
) -> None:
    before = city.dump()
    with pytest.raises(StorageError) as caught:
        city.write("asset.described", tablets[0].id, {"slot": 2})

    assert caught.value.code == "storage.guard"
    assert city.dump() == before


def test_a_tablet_is_exchanged_with_its_neighbour_in_one_batch(
    city: City, tablets: list[Asset]
) -> None:
    one, other = tablets[:2]
    city.record(
        Draft("asset.placed", one.id, SCHOOL, {"cart": one.cart, "slot": other.slot}),
        Draft("asset.placed", other.id, SCHOOL, {"cart": one.cart, "slot": one.slot}),
    )

    assert (city.asset(one.id).slot, city.asset(other.id).slot) == (2, 1)
    assert city.store.check() == []


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 10_000),
        ("trusted_schema", 0),
    ],
)
def test_every_connection_is_opened_with_care(city: City, pragma: str, value: object) -> None:
    with city.store.engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_the_sqlite_in_use_has_no_wal_reset_bug(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        version = connection.scalar(text("SELECT sqlite_version()")) or ""
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)


def test_state_tables_are_in_no_migration() -> None:
    migrated = (Path(db.__file__).parent / "migrations" / "versions").glob("*.py")
    written = "".join(path.read_text(encoding="utf-8") for path in migrated)

    made = set(re.findall(r'create_table\(\s*"(\w+)"', written))
    assert made == {table.name for table in (*family("ledger"), *family("register"))}
