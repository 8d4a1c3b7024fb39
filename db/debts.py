"""What borrowers still owe, and how many accessories are out or missing (``fleet.views``)."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from db.filters import loan_conditions
from db.selection import LOANS, decode_key, to_page
from db.statements import ASSET, LINK, LOAN, PERSON, SCHOOL
from fleet.kinds import AssetKind
from fleet.query import Query
from fleet.views import AccessoryCount, DebtRow, Page

_LEAD = ASSET.alias("lead")
_LEAD_LOAN = LOAN.alias("lead_loan")
_ITS = ASSET.alias("its")


def is_debt() -> ColumnElement[bool]:
    """True for a loan with unlabelled accessories owed, and for a labelled one left behind.

    What was settled is a part of what was missing, both as canonical JSON: they are the same when
    they are of one length.
    """
    ticks = func.length(LOAN.c.missing) > func.length(LOAN.c.settled)
    lead_is_out = (
        select(_LEAD_LOAN.c.id)
        .where(_LEAD_LOAN.c.asset == _ITS.c.bound_to, _LEAD_LOAN.c.closed_at.is_(None))
        .exists()
    )
    left_behind = (
        select(_ITS.c.id)
        .where(
            _ITS.c.id == LOAN.c.asset,
            _ITS.c.kind == AssetKind.ACCESSORY.value,
            _ITS.c.bound_to.is_not(None),
            ~lead_is_out,
        )
        .exists()
    )
    return or_(ticks, and_(LOAN.c.closed_at.is_(None), left_behind))


DEBTS = (
    select(func.count())
    .select_from(LOAN.join(LINK, LINK.c.ref == LOAN.c.ref))
    .where(LINK.c.person == PERSON.c.id, is_debt())
    .scalar_subquery()
    .label("debts")
)
"""How many loans a person owes something from."""


def read_debts(
    connection: Connection, query: Query, limit: int, after: str | None
) -> Page[DebtRow]:
    """One page of debts, newest loans first."""
    statement = (
        select(
            LOAN,
            ASSET.c.tag,
            ASSET.c.model,
            ASSET.c.school.label("asset_school"),
            _LEAD.c.tag.label("lead_tag"),
            PERSON.c.id.label("person"),
            PERSON.c.family_name,
            PERSON.c.given_name,
            PERSON.c.class_name,
        )
        .select_from(LOANS.outerjoin(_LEAD, _LEAD.c.id == ASSET.c.bound_to))
        .where(is_debt(), *loan_conditions(query))
    )
    if after is not None:
        hlc, loan_id = decode_key(after, 2)
        statement = statement.where(tuple_(LOAN.c.opened_hlc, LOAN.c.id) < (hlc, loan_id))
    ordered = statement.order_by(LOAN.c.opened_hlc.desc(), LOAN.c.id.desc()).limit(limit + 1)
    rows = list(connection.execute(ordered).mappings())
    return to_page(rows, limit, _to_debt, lambda row: [row["opened_hlc"], row["id"]])


def count_accessories(connection: Connection, school: str | None) -> tuple[AccessoryCount, ...]:
    """Unlabelled accessories by school and type; rows of alike loans are counted together."""
    alike = (LOAN.c.accessories, LOAN.c.missing, LOAN.c.settled, LOAN.c.closed_at.is_(None))
    statement = (
        select(ASSET.c.school, SCHOOL.c.name, *alike, func.count())
        .select_from(
            LOAN.join(ASSET, ASSET.c.id == LOAN.c.asset).outerjoin(
                SCHOOL, SCHOOL.c.uai == ASSET.c.school
            )
        )
        .where(or_(LOAN.c.accessories != "[]", LOAN.c.missing != "[]"))
        .group_by(ASSET.c.school, SCHOOL.c.name, *alike)
        .order_by(ASSET.c.school)
    )
    if school is not None:
        statement = statement.where(ASSET.c.school == school)
    counts: dict[tuple[str | None, str | None, str], list[int]] = {}
    for uai, name, given, missing, settled, is_open, number in connection.execute(statement):
        owed = _owed(missing, settled)
        for place, names in enumerate((json.loads(given) if is_open else (), owed)):
            for each in names:
                counts.setdefault((uai, name, each), [0, 0])[place] += number
    return tuple(
        AccessoryCount(school=uai, school_name=name, accessory=accessory, out=out, missing=lacking)
        for (uai, name, accessory), (out, lacking) in counts.items()
        if out or lacking
    )


def _owed(missing: str, settled: str) -> Sequence[str]:
    paid = json.loads(settled)
    return [each for each in json.loads(missing) if each not in paid]


def _to_debt(row: Any) -> DebtRow:
    return DebtRow(
        loan=row["id"],
        tag=row["tag"],
        model=row["model"],
        owed=tuple(_owed(row["missing"], row["settled"])),
        bound_to=row["lead_tag"] if row["closed_at"] is None else None,
        person=row["person"],
        person_name=f"{row['family_name']} {row['given_name']}" if row["person"] else None,
        class_name=row["class_name"],
        school=row["asset_school"],
        lent_at=row["opened_at"],
        returned_at=row["closed_at"],
    )
