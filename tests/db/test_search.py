"""Search: words begin what they find, the index follows each writer, an erased name is gone."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import City, add_pupils, add_schools, add_tablets, tag_of
from sqlalchemy import Connection, text

from db.rebuild import rebuild
from db.search import INDEX_TABLES, INDEXES
from db.store import SqlStore
from fleet.asset import Asset
from fleet.kinds import AssetKind
from fleet.names import fold_name
from fleet.persons import Person
from fleet.query import Query, parse
from fleet.usecases.lending import LoanOrder


def tags(city: City, words: str) -> list[str | None]:
    return [row.tag for row in city.views.assets(parse(words, "assets")).items]


def execute(city: City, *statements: str) -> None:
    with city.store.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def index_words(connection: Connection, index: str) -> set[str]:
    connection.execute(text(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab (main, {index}, row)"))
    return set(connection.scalars(text("SELECT term FROM temp.v")))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Six tablets of a school in Épinay, the first one lent to Léa Martin; only read here."""
    city = City(tmp_path_factory.mktemp("search") / "ardoise.sqlite3")
    add_schools(city)
    people = add_pupils(city)
    tablets = add_tablets(city, city.receive(AssetKind.CART, name="M-01", capacity=16))
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    yield city
    city.close()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("gal", 6),
        ("GALAXY épin", 6),
        ("mart", 1),
        ("lea galaxy verl", 1),
        ("vian", 0),
        ("r9x0003", 1),
        ("0003", 1),
        ("9x00", 6),
        ('"galaxy tab"', 6),
        ('"tab galaxy"', 0),
        ("m 01", 1),
        ("'", 7),
        ('"OR" mart', 0),
        ("gal*", 6),
        ('"search:gal"', 0),
    ],
)
def test_each_word_begins_a_word_of_the_asset_its_school_or_its_borrower(
    full: City, words: str, count: int
) -> None:
    query = parse(words, "assets")

    assert full.views.count_assets(query) == count
    assert len(full.views.assets(query).items) == count


def test_what_begins_no_word_is_looked_for_inside_them(full: City) -> None:
    (first, *_) = tags(full, "0001")

    assert tags(full, (first or "")[4:]) == [first]


@settings(max_examples=80)
@given(st.text(min_size=1, max_size=8))
def test_no_word_confuses_the_search(full: City, word: str) -> None:
    everything = full.views.count_assets(Query())

    found = full.views.count_assets(Query(words=(word,)))

    assert found <= everything
    assert found == everything or fold_name(word)


@pytest.mark.parametrize("name", ["Épinay", "ÉPINAY", "epinay", "e\u0301pinay"])
def test_accents_and_case_do_not_count(full: City, name: str) -> None:
    assert len(full.views.schools(Query(words=(name,))).items) == 1


def test_the_index_follows_every_change(city: City, tablets: list[Asset]) -> None:
    city.write("asset.described", tablets[0].id, {"model": "Ardoisine 7"})

    assert tags(city, "ardoisine") == [tablets[0].tag]
    assert tablets[0].tag not in tags(city, "galaxy")
    assert city.store.check() == []


def test_folding_everything_again_fills_the_index_again(city: City, tablets: list[Asset]) -> None:
    with city.store.engine.connect() as connection:
        rebuild(connection)
        connection.commit()

    assert len(tags(city, "galaxy")) == len(tablets)
    assert city.store.check() == []


@pytest.mark.parametrize("index", [index.name for index in INDEXES])
def test_a_database_without_an_index_gets_it_when_it_is_opened(
    city: City, tablets: list[Asset], people: list[Person], index: str
) -> None:
    execute(city, f"DROP TABLE {index}")
    assert city.path is not None
    city.close()
    reopened = City(city.path)

    assert len(tags(reopened, "galaxy")) == len(tablets)
    assert len(reopened.views.people(parse("martin", "people")).items) == 1
    assert len(reopened.views.schools(parse("verl", "schools")).items) == 1
    assert reopened.store.check() == []
    reopened.close()


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO asset_words (asset_words) VALUES ('delete-all')",
        "INSERT INTO asset_words (rowid, search) VALUES (999, 'forged')",
        "INSERT INTO person_words (rowid, search) VALUES (1, 'forged')",
    ],
)
@pytest.mark.usefixtures("tablets", "people")
def test_the_check_sees_an_index_that_says_something_else(city: City, damage: str) -> None:
    execute(city, damage)

    assert [finding.code for finding in city.store.check()] == ["check.search"]


def test_an_erased_name_leaves_no_trace_in_the_file(city: City, school: str) -> None:
    person = city.add_person("ZWYNGLAÏE", "Quenthéolinde", school=school)
    for number in range(200):
        city.add_person(f"NOM{number}", "Zoé", school=school)
    assert len(city.views.people(parse("zwyn", "people")).items) == 1

    with city.store.engine.connect() as connection:
        connection.execute(text("DELETE FROM person WHERE id = :id"), {"id": person.id})
        connection.commit()
    with city.store.engine.connect() as connection:
        assert not {"zwynglaie", "quentheolinde"} & index_words(connection, "person_words")
    with city.store.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert city.path is not None
    files = [city.path, city.path.with_name(f"{city.path.name}-wal")]
    content = b"".join(path.read_bytes() for path in files if path.exists()).lower()

    for trace in ("zwynglaie", "quentheolinde", "zwynglaïe", "quenthéolinde", "zwyng", "quenth"):
        assert trace.encode() not in content
    assert city.store.check() == []


@pytest.mark.parametrize("how", ["VACUUM", "VACUUM INTO"])
def test_a_compacted_file_is_searched_as_before(
    city: City, tablets: list[Asset], people: list[Person], how: str
) -> None:
    execute(city, f"DELETE FROM person WHERE id = '{people[0].id}'")
    assert city.path is not None
    target = city.path.with_name("copy.sqlite3")
    raw = city.store.engine.raw_connection()
    raw.cursor().execute(how if how == "VACUUM" else f"VACUUM INTO '{target}'")
    raw.close()
    city.close()
    compacted = City(city.path if how == "VACUUM" else target)

    assert len(tags(compacted, "galaxy")) == len(tablets)
    assert compacted.store.check() == []
    compacted.close()


def test_a_loan_does_not_touch_the_index(
    city: City, tablets: list[Asset], people: list[Person]
) -> None:
    def blocks() -> list[tuple[object, ...]]:
        with city.store.engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM asset_words_data ORDER BY id"))
            return [tuple(row) for row in rows]

    before = blocks()
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))

    assert blocks() == before


def test_the_tables_of_the_index_are_named_once(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        made = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))

    assert made >= INDEX_TABLES
