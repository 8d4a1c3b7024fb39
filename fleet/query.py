"""The filter language of lists, labels and export: ``school:0380001A state:lent due<2026-12-01``.

Words without a key are searched in everything shown. Parsing is here; ``db.filters`` turns the
value into SQL.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fleet.errors import InvalidInput


class Compare(StrEnum):
    """How a term compares."""

    IS = ":"
    BEFORE = "<"
    AFTER = ">"
    UP_TO = "<="
    FROM = ">="


@dataclass(frozen=True, slots=True)
class Term:
    """``key:value`` or ``key<value``; ``negated`` when written with a leading ``-``."""

    key: str
    compare: Compare
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody asked a list for."""

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not self.terms and not self.words


EVERYTHING = Query()

_TOKEN = re.compile(r'\s*((?:[^\s"]|"[^"]*"?)+)')
_TERM = re.compile(r"(-?)([a-z_]+)(<=|>=|:|<|>)(.+)", re.DOTALL)

_SEVERAL = re.compile(r"\s-?[a-z_]+(<=|>=|:|<|>)")
_BLANK_VALUE = re.compile(r'^(-?[a-z_]+(?:<=|>=|:|<|>))([^"]*\s[^"]*)$')

KEYS: Mapping[str, frozenset[str]] = {
    "assets": frozenset(
        {"kind", "state", "school", "cart", "slot", "tag", "serial", "model", "maker", "class"}
        | {"due", "compliant", "name", "lot", "supplier", "phase", "borrower", "warranty"}
    ),
    "people": frozenset({"school", "class", "kind", "left", "loans"}),
    "loans": frozenset({"school", "class", "due", "person", "tag", "is", "condition", "lent"}),
    "schools": frozenset({"departement", "commune", "phase", "kind", "uai", "postcode"}),
}
"""Keys that each list understands."""

WARRANTY_SOON_DAYS = 90
"""How far ``warranty:soon`` looks ahead."""


def join(arguments: Iterable[str]) -> str:
    """The query that a shell's arguments spell, its own quotes put back.

    A shell takes the quotes of ``class:"CM2 A"`` away. An argument that begins with a key, has
    blanks and holds no second key is therefore one term.
    """
    return " ".join(
        argument if _SEVERAL.search(argument) else _BLANK_VALUE.sub(r'\1"\2"', argument)
        for argument in arguments
    )


def narrowed(text: str, key: str, value: str) -> str:
    """The query with ``key:value`` as its only term on ``key``; without it, if it had it."""
    kept, had = [], False
    for token in _TOKEN.findall(text):
        match = _TERM.fullmatch(token)
        if match is None or match[2] != key:
            kept.append(token)
        elif match[4].replace('"', "") == value and match[1] == "" and match[3] == Compare.IS:
            had = True
    quoted = f'"{value}"' if re.search(r"\s", value) else value
    return " ".join(kept if had else [*kept, f"{key}:{quoted}"])


def parse(text: str, about: str) -> Query:
    """The query written as ``text`` for the list ``about`` (a key of ``KEYS``).

    Quotes keep spaces together: ``class:"CM2 A"``. Raises ``InvalidInput('query.key')`` for a key
    that this list does not have; a word with a colon in it is searched when quoted.
    """
    terms: list[Term] = []
    words: list[str] = []
    for token in _TOKEN.findall(text):
        match = _TERM.fullmatch(token)
        if match is None:
            word = token.replace('"', "").strip()
            if word:
                words.append(word)
            continue
        sign, key, compare, value = match.groups()
        if key not in KEYS[about]:
            raise InvalidInput("query.key", key=key, known=", ".join(sorted(KEYS[about])))
        terms.append(Term(key, Compare(compare), value.replace('"', ""), bool(sign)))
    return Query(tuple(terms), tuple(words))
