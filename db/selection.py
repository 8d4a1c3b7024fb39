"""What the views select and how a row becomes a value: joins, columns, page keys."""

import base64
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, func, select

from db.filters import CART
from db.statements import ASSET, CONFLICT, LINK, LOAN, PERSON, SCHOOL
from fleet.asset import State
from fleet.errors import InvalidInput
from fleet.kinds import AssetKind, PersonKind
from fleet.views import AssetRow, LoanRow, Page, PersonRow

Row = TypeVar("Row")

_OPEN = LOAN.alias("open_loan")
STANDING = (
    select(_OPEN.c.id)
    .where(_OPEN.c.asset == ASSET.c.id, _OPEN.c.closed_at.is_(None))
    .order_by(_OPEN.c.contested, _OPEN.c.opened_hlc, _OPEN.c.id)
    .limit(1)
    .correlate(ASSET)
    .scalar_subquery()
)
"""The open loan that counts, as ``Asset.standing_loan`` chooses it."""
ASSETS = (
    ASSET.outerjoin(SCHOOL, SCHOOL.c.uai == ASSET.c.school)
    .outerjoin(CART, CART.c.id == ASSET.c.cart)
    .outerjoin(LOAN, LOAN.c.id == STANDING)
    .outerjoin(LINK, LINK.c.ref == LOAN.c.ref)
    .outerjoin(PERSON, PERSON.c.id == LINK.c.person)
)
ASSET_COLUMNS = (
    ASSET,
    SCHOOL.c.name.label("school_name"),
    CART.c.tag.label("cart_tag"),
    CART.c.name.label("cart_name"),
    LOAN.c.id.label("loan_id"),
    LOAN.c.due.label("due"),
    LOAN.c.opened_at.label("lent_at"),
    LOAN.c.accessories.label("accessories"),
    PERSON.c.id.label("borrower"),
    PERSON.c.family_name.label("family_name"),
    PERSON.c.given_name.label("given_name"),
    PERSON.c.class_name.label("class_name"),
)
LOANS = (
    LOAN.join(ASSET, ASSET.c.id == LOAN.c.asset)
    .outerjoin(LINK, LINK.c.ref == LOAN.c.ref)
    .outerjoin(PERSON, PERSON.c.id == LINK.c.person)
)
OPEN_LOANS = (
    select(func.count())
    .select_from(LOAN.join(LINK, LINK.c.ref == LOAN.c.ref))
    .where(LINK.c.person == PERSON.c.id, LOAN.c.closed_at.is_(None))
    .scalar_subquery()
    .label("loans")
)


CARD_PLAIN = (
    "owner",
    "platform",
    "managed_by",
    "wifi_mac",
    "os_version",
    "room",
    "capacity",
    "accounting_number",
    "purchased_on",
    "warranty_until",
    "supplier",
    "lot",
    "price_cents",
    "funding",
    "profile",
    "unknown_kinds",
)


def loan_ids(row: RowMapping, body: dict[str, Any]) -> list[str]:
    named = [row["id"]] if row["kind"] == "asset.lent" else []
    named += [body["loan"]] if isinstance(body.get("loan"), str) else []
    listed = body.get("loans")
    return named + ([str(each) for each in listed] if isinstance(listed, list) else [])


def is_unsettled() -> ColumnElement[bool]:
    """True for a conflict with an open loan; one whose loans are all closed only informs."""
    pair = (CONFLICT.c.earlier, CONFLICT.c.later)
    return select(LOAN.c.id).where(LOAN.c.id.in_(pair), LOAN.c.closed_at.is_(None)).exists()


def to_asset(row: RowMapping) -> AssetRow:
    name = f"{row['family_name']} {row['given_name']}" if row["borrower"] else None
    return AssetRow(
        id=row["id"],
        tag=row["tag"],
        kind=AssetKind(row["kind"] or AssetKind.TABLET),
        state=State(row["state"]),
        name=row["name"],
        maker=row["maker"],
        model=row["model"],
        serial=row["serial"],
        school=row["school"],
        school_name=row["school_name"],
        cart=row["cart_tag"],
        cart_name=row["cart_name"],
        slot=row["slot"],
        borrower=row["borrower"],
        borrower_name=name,
        borrower_class=row["class_name"],
        due=_day(row["due"]),
        lent_at=row["lent_at"],
        compliant=row["compliant"],
        audited_at=row["audited_at"],
    )


def to_person(row: RowMapping) -> PersonRow:
    return PersonRow(
        id=row["id"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        kind=PersonKind(row["kind"]),
        school=row["school"],
        class_name=row["class_name"],
        mark=row["mark"],
        code=row["code"],
        guardian=row["guardian"],
        left=row["left"],
        loans=row["loans"],
        debts=row["debts"],
    )


def to_loan(row: RowMapping) -> LoanRow:
    name = f"{row['family_name']} {row['given_name']}" if row["person"] else None
    return LoanRow(
        id=row["id"],
        asset=row["asset"],
        tag=row["tag"],
        model=row["model"],
        person=row["person"],
        person_name=name,
        class_name=row["class_name"],
        school=row["asset_school"],
        lent_at=row["opened_at"],
        due=_day(row["due"]),
        returned_at=row["closed_at"],
        condition=row["condition"],
        missing=tuple(json.loads(row["missing"])),
        contested=row["contested"],
        cancelled=row["cancelled"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def to_page(rows: Sequence[RowMapping], limit: int, make: Any, key: Any) -> Page[Any]:
    more = len(rows) > limit
    kept = rows[:limit]
    return Page(tuple(make(row) for row in kept), _encode(key(kept[-1])) if more else None)


def _encode(key: Sequence[str]) -> str:
    """A page key as one word that survives a shell and a URL."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def decode_key(text: str, size: int = 1) -> list[str]:
    """The ``size`` words of a page key; ``InvalidInput('query.after')`` for anything else."""
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise InvalidInput("query.after", value=text) from error
    if not isinstance(value, list) or len(value) != size:
        raise InvalidInput("query.after", value=text)
    return [str(each) for each in value]
