"""Turns the filter language (``fleet.query``) into SQL conditions; every value is bound."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.sql import func

from db.plain_text import plain
from db.search import ASSET_WORDS, PERSON_WORDS, SCHOOL_WORDS, Index, word_condition
from db.statements import ASSET, LINK, LOAN, PERSON, PHASE, PHASE_SCHOOL, SCHOOL
from fleet.errors import InvalidInput
from fleet.names import fold_name
from fleet.query import WARRANTY_SOON_DAYS, Compare, Query, Term

Condition = ColumnElement[bool]
Rule = Callable[[Term], Condition]

CART = ASSET.alias("cart")

_YES = frozenset({"yes", "oui", "true", "1"})
_NO = frozenset({"no", "non", "false", "0"})
_NONE = "none"
_SOON = "soon"
_LARGEST = (1 << 63) - 1
"""What both engines compare an integer with."""


def asset_conditions(query: Query) -> list[Condition]:
    """Conditions on ``asset`` joined with its school, cart, open loan and borrower."""
    return _conditions(query, _ASSET_RULES, (ASSET_WORDS, SCHOOL_WORDS, PERSON_WORDS))


def person_conditions(query: Query) -> list[Condition]:
    """Conditions on ``person``."""
    return _conditions(query, _PERSON_RULES, (PERSON_WORDS,))


def loan_conditions(query: Query) -> list[Condition]:
    """Conditions on ``loan`` joined with its asset and borrower."""
    return _conditions(query, _LOAN_RULES, (ASSET_WORDS, PERSON_WORDS))


def school_conditions(query: Query) -> list[Condition]:
    """Conditions on ``school``."""
    return _conditions(query, _SCHOOL_RULES, (SCHOOL_WORDS,))


def _conditions(
    query: Query, rules: Mapping[str, Rule], searched: tuple[Index, ...]
) -> list[Condition]:
    conditions = []
    for term in query.terms:
        condition = rules[term.key](term)
        conditions.append(not_(func.coalesce(condition, False)) if term.negated else condition)
    conditions += [word_condition(word, searched) for word in query.words]
    return conditions


def _is(column: ColumnElement[str]) -> Rule:
    return lambda term: column == term.value


def _upper(column: ColumnElement[str]) -> Rule:
    return lambda term: column == term.value.replace(" ", "").upper()


def _contains(column: ColumnElement[str]) -> Rule:
    return lambda term: func.plain(column).contains(plain(term.value), autoescape=True)


def _number(column: ColumnElement[int]) -> Rule:
    return lambda term: _compared(column, term.compare, _integer(term))


def _integer(term: Term) -> int:
    try:
        value = int(term.value)
    except ValueError as error:
        raise InvalidInput("query.number", key=term.key, value=term.value) from error
    if abs(value) > _LARGEST:
        raise InvalidInput("query.number", key=term.key, value=term.value)
    return value


def _day(column: ColumnElement[str]) -> Rule:
    """Compare the day of an ISO date or moment; ``none`` means that there is none."""

    def rule(term: Term) -> Condition:
        if term.value == _NONE:
            return column.is_(None)
        try:
            day = date.fromisoformat(term.value).isoformat()
        except ValueError as error:
            raise InvalidInput("query.date", key=term.key, value=term.value) from error
        return _compared(func.substr(column, 1, 10), term.compare, day)

    return rule


def _truth(column: ColumnElement[bool]) -> Rule:
    def rule(term: Term) -> Condition:
        word = term.value.lower()
        if word in _YES:
            return column.is_(True)
        if word in _NO:
            return column.is_(False)
        if word == _NONE:
            return column.is_(None)
        raise InvalidInput("query.value", key=term.key, value=term.value, known="yes, no, none")

    return rule


def _compared(column: ColumnElement[Any], compare: Compare, value: object) -> Condition:
    match compare:
        case Compare.IS:
            return column == value
        case Compare.BEFORE:
            return column < value
        case Compare.AFTER:
            return column > value
        case Compare.UP_TO:
            return column <= value
        case Compare.FROM:
            return column >= value


def _school(column: ColumnElement[str]) -> Rule:
    """By UAI, else by a part of the school's name or commune."""

    def rule(term: Term) -> Condition:
        named = select(SCHOOL.c.uai).where(
            SCHOOL.c.search.contains(fold_name(term.value), autoescape=True)
        )
        return or_(column == term.value.upper(), column.in_(named))

    return rule


def _phase(column: ColumnElement[str]) -> Rule:
    def rule(term: Term) -> Condition:
        wanted = [PHASE_SCHOOL.c.school == column, PHASE.c.id == PHASE_SCHOOL.c.phase]
        if term.value.isdecimal():
            wanted.append(PHASE.c.position == _integer(term))
        else:
            wanted.append(func.plain(PHASE.c.name) == plain(term.value))
        return exists().where(and_(*wanted))

    return rule


def _cart(term: Term) -> Condition:
    tag = term.value.replace(" ", "").upper()
    return or_(CART.c.tag == tag, func.plain(CART.c.name) == plain(term.value))


def _borrower(term: Term) -> Condition:
    return or_(
        PERSON.c.id == term.value,
        PERSON.c.search.contains(fold_name(term.value), autoescape=True),
    )


def _open(term: Term) -> Condition:
    match term.value:
        case "open":
            return LOAN.c.closed_at.is_(None)
        case "closed":
            return LOAN.c.closed_at.is_not(None)
        case "late":
            return and_(LOAN.c.closed_at.is_(None), LOAN.c.due < func.today())
        case "contested":
            return LOAN.c.contested.is_(True)
        case _:
            known = "open, closed, late, contested"
            raise InvalidInput("query.value", key=term.key, value=term.value, known=known)


def _warranty(term: Term) -> Condition:
    """By the day on which it ends; ``soon`` for those of the next 90 days."""
    if term.value != _SOON:
        return _day(ASSET.c.warranty_until)(term)
    last = func.date(func.today(), f"+{WARRANTY_SOON_DAYS} days")
    return ASSET.c.warranty_until.between(func.today(), last)


def _loan_count(term: Term) -> Condition:
    count = (
        select(func.count())
        .select_from(LOAN.join(LINK, LINK.c.ref == LOAN.c.ref))
        .where(LINK.c.person == PERSON.c.id, LOAN.c.closed_at.is_(None))
        .scalar_subquery()
    )
    return _number(count)(term)


_ASSET_RULES: dict[str, Rule] = {
    "kind": _is(ASSET.c.kind),
    "state": _is(ASSET.c.state),
    "school": _school(ASSET.c.school),
    "cart": _cart,
    "slot": _number(ASSET.c.slot),
    "tag": _upper(ASSET.c.tag),
    "serial": _contains(ASSET.c.serial),
    "model": _contains(ASSET.c.model),
    "maker": _contains(ASSET.c.maker),
    "class": _is(PERSON.c.class_name),
    "due": _day(LOAN.c.due),
    "compliant": _truth(ASSET.c.compliant),
    "name": _contains(ASSET.c.name),
    "lot": _contains(ASSET.c.lot),
    "supplier": _contains(ASSET.c.supplier),
    "phase": _phase(ASSET.c.school),
    "borrower": _borrower,
    "warranty": _warranty,
}
_PERSON_RULES: dict[str, Rule] = {
    "school": _school(PERSON.c.school),
    "class": _is(PERSON.c.class_name),
    "kind": _is(PERSON.c.kind),
    "left": _truth(PERSON.c.left),
    "loans": _loan_count,
}
_LOAN_RULES: dict[str, Rule] = {
    "school": _school(ASSET.c.school),
    "class": _is(PERSON.c.class_name),
    "due": _day(LOAN.c.due),
    "person": _borrower,
    "tag": _upper(ASSET.c.tag),
    "is": _open,
    "condition": _is(LOAN.c.condition),
    "lent": _day(LOAN.c.opened_at),
}
_SCHOOL_RULES: dict[str, Rule] = {
    "departement": lambda term: SCHOOL.c.departement == term.value.upper().zfill(3),
    "commune": _contains(SCHOOL.c.commune),
    "phase": _phase(SCHOOL.c.uai),
    "kind": _is(SCHOOL.c.kind),
    "uai": _upper(SCHOOL.c.uai),
    "postcode": _is(SCHOOL.c.postcode),
}
