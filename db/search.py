"""Full-text search on SQLite: an FTS5 index beside each table that has a ``search`` column.

An index holds no text of its own; triggers keep it, so no writer can forget it. What is searched
is folded by ``fleet.names.fold_name`` beforehand. See ``docs/decisions/0006-search.md``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Template
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    TextClause,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    true,
)

from db.statements import ASSET, PERSON, SCHOOL
from fleet.names import fold_name
from fleet.ports import Finding

Condition = ColumnElement[bool]

_DROP = Template("DROP TABLE IF EXISTS $index")
_CREATE = Template(
    "CREATE VIRTUAL TABLE $index USING fts5 (search, content='$about', tokenize='$tokens')"
)
_SECURE = Template("INSERT INTO $index ($index, rank) VALUES ('secure-delete', 1)")
_FILL = Template("INSERT INTO $index ($index) VALUES ('rebuild')")
_LEARN = "INSERT INTO $index (rowid, search) VALUES (new.rowid, new.search);"
_FORGET = "INSERT INTO $index ($index, rowid, search) VALUES ('delete', old.rowid, old.search);"
_TRIGGERS = (
    Template("DROP TRIGGER IF EXISTS ${index}_on_insert"),
    Template(f"CREATE TRIGGER ${{index}}_on_insert AFTER INSERT ON $about BEGIN {_LEARN} END"),
    Template("DROP TRIGGER IF EXISTS ${index}_on_delete"),
    Template(f"CREATE TRIGGER ${{index}}_on_delete AFTER DELETE ON $about BEGIN {_FORGET} END"),
    Template("DROP TRIGGER IF EXISTS ${index}_on_update"),
    Template(
        "CREATE TRIGGER ${index}_on_update AFTER UPDATE ON $about"
        f" WHEN old.search IS NOT new.search BEGIN {_FORGET} {_LEARN} END"
    ),
)
_MAKE_FRESH = (
    Template("CREATE VIRTUAL TABLE temp.kept USING fts5vocab (main, $index, instance)"),
    Template("CREATE VIRTUAL TABLE temp.fresh USING fts5 (search, content='', tokenize='$tokens')"),
    Template("INSERT INTO temp.fresh (rowid, search) SELECT rowid, search FROM $about"),
    Template("CREATE VIRTUAL TABLE temp.wanted USING fts5vocab (temp, fresh, instance)"),
)
_COUNT_DIFFERING = Template(
    "SELECT (SELECT count(*) FROM (SELECT * FROM temp.wanted EXCEPT SELECT * FROM temp.kept))"
    " + (SELECT count(*) FROM (SELECT * FROM temp.kept EXCEPT SELECT * FROM temp.wanted))"
)
_DROP_FRESH = tuple(Template(f"DROP TABLE temp.{name}") for name in ("wanted", "kept", "fresh"))

_TOKENS = "unicode61 remove_diacritics 2"
_SHADOWS = ("", "_data", "_idx", "_docsize", "_config")
"""What FTS5 keeps of an index without content (https://sqlite.org/fts5.html#fts5_data_structures)."""


@dataclass(frozen=True, slots=True)
class Index:
    """The words of one table."""

    name: str
    about: Table
    erasable: bool = False
    """Whether a word that leaves the table must leave no trace in the index."""

    def beginning(self, pattern: str) -> Condition:
        """True for rows of ``about`` that hold what ``pattern`` says, in FTS5's language."""
        found = self._matches("rowid", pattern)
        return literal_column(f"{self.about.name}.rowid").in_(found)

    def knows(self, pattern: str) -> Condition:
        """True when any row of the index answers to ``pattern``."""
        return exists(self._matches("1", pattern))

    def say(self, sql: Template) -> TextClause:
        """A statement about this index."""
        return text(sql.substitute(index=self.name, about=self.about.name, tokens=_TOKENS))

    def _matches(self, column: str, pattern: str) -> Select[Any]:
        matched = literal_column(self.name).op("MATCH")(bindparam(None, pattern))
        return select(literal_column(column)).select_from(table(self.name)).where(matched)


ASSET_WORDS = Index("asset_words", ASSET)
SCHOOL_WORDS = Index("school_words", SCHOOL)
PERSON_WORDS = Index("person_words", PERSON, erasable=True)
INDEXES = (ASSET_WORDS, SCHOOL_WORDS, PERSON_WORDS)

INDEX_TABLES = frozenset(f"{index.name}{shadow}" for index in INDEXES for shadow in _SHADOWS)
"""Every table that search adds to a database; none is declared as a model."""


def word_condition(word: str, indexes: tuple[Index, ...]) -> Condition:
    """True for rows in which ``word`` begins a word of any of ``indexes``.

    What begins no word anywhere is looked for inside them, so the end of a serial is found too. A
    single letter begins so many that looking inside costs no more.
    """
    folded = fold_name(word)
    if not folded:
        return true()
    inside = or_(*(index.about.c.search.contains(folded, autoescape=True) for index in indexes))
    if len(folded) == 1:
        return inside
    pattern = f'"{folded}" *'
    begun = or_(*(index.beginning(pattern) for index in indexes))
    unknown = not_(or_(*(index.knows(pattern) for index in indexes)))
    return or_(begun, unknown & inside)


def is_complete(connection: Connection) -> bool:
    """Whether every index is there."""
    if connection.dialect.name != "sqlite":
        return True
    made = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    return all(index.name in made for index in INDEXES)


def renew(connection: Connection) -> None:
    """Make every index anew and fill it: after the state tables were, or where one is missing."""
    if connection.dialect.name != "sqlite":
        return
    for index in INDEXES:
        connection.execute(index.say(_DROP))
        connection.execute(index.say(_CREATE))
        if index.erasable:
            connection.execute(index.say(_SECURE))
        for trigger in _TRIGGERS:
            connection.execute(index.say(trigger))
        connection.execute(index.say(_FILL))


def check_indexes(connection: Connection) -> Iterator[Finding]:
    """Compare every index, word by word, with one that is made on the spot."""
    if connection.dialect.name != "sqlite":
        return
    for index in INDEXES:
        for statement in _MAKE_FRESH:
            connection.execute(index.say(statement))
        differing = connection.scalar(index.say(_COUNT_DIFFERING))
        for statement in _DROP_FRESH:
            connection.execute(index.say(statement))
        if differing:
            yield Finding("check.search", index.name, str(differing))
