"""Lending and taking back: the rules of the desk.

A loan is all or nothing; a return takes what it can and says what it could not. Both accept a
batch id, so that a doubled trigger or a replayed scan writes nothing twice. A cart goes and comes
with its content, a tablet goes with its labelled accessories.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from fleet import movements
from fleet.asset import Asset, Condition, Loan
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Draft, Json, Operation
from fleet.passages import Obstacle, obstacle
from fleet.persons import Person
from fleet.ports import Work
from fleet.stamps import iso
from fleet.usecases.along import (
    BATCH,
    batch_of,
    expected_with,
    goes_along,
    still_out,
)
from fleet.usecases.orders import (
    ACCESSORIES,
    LoanOrder,
    LoanReceipt,
    Returned,
    ReturnOrder,
    ReturnReceipt,
    known_accessories,
)
from fleet.usecases.swapped import find_swaps, record_swap

__all__ = [
    "ACCESSORIES",
    "LoanOrder",
    "LoanReceipt",
    "ReturnOrder",
    "ReturnReceipt",
    "Returned",
    "already_lent",
    "check_lendable",
    "give_back",
    "lend",
]


def lend(work: Work, order: LoanOrder) -> tuple[LoanReceipt, ...]:
    """Open one loan per tag, all of them or none.

    Raises ``NotFound`` for an unknown person or tag and ``Refusal`` with the rule's code: whoever
    has the asset already, and since when, is in the parameters.
    """
    person = work.person(order.person)
    if person is None:
        raise NotFound("person.unknown", person=order.person)
    if not order.tags:
        raise InvalidInput("loan.no_tag")
    happened = _past(work, order.at)
    if order.due is not None and order.due < (happened or work.now).date():
        raise InvalidInput("due.before_loan", due=order.due.isoformat())
    assets = [_asset(work, tag) for tag in dict.fromkeys(order.tags)]
    named = {asset.id for asset in assets}
    unknown = set(order.without)
    receipts: list[LoanReceipt] = []
    drafts: list[Draft] = []
    for asset in assets:
        operation_id = _operation_id(work, order.batch, asset)
        earlier = work.operation(operation_id)
        if earlier is not None:
            receipts.append(_repeated_loan(work, earlier, asset, person, order))
            unknown.clear()
            continue
        check_lendable(work, asset, person)
        along = goes_along(work, asset, without=order.without, partial=order.partial, named=named)
        ids = [_operation_id(work, order.batch, each) for each in along.going]
        named.update(each.id for each in along.going)
        unknown.difference_update(each.tag or "" for each in along.staying)
        body = {**order.terms(), **batch_of(operation_id, ids)}
        drafts.append(_loan_draft(work, order, person, asset, body, operation_id))
        followers = []
        for each, follower_id in zip(along.going, ids, strict=True):
            body = {**order.term_of_due(), BATCH: operation_id}
            drafts.append(_loan_draft(work, order, person, each, body, follower_id))
            followers.append(_loan_receipt(follower_id, each, person, order))
        receipt = _loan_receipt(operation_id, asset, person, order)
        receipts.append(replace(receipt, along=tuple(followers), staying=along.staying))
    if unknown:
        raise NotFound("cart.not_inside", tag=min(unknown))
    work.record(drafts)
    return tuple(receipts)


def _loan_draft(
    work: Work,
    order: LoanOrder,
    person: Person,
    asset: Asset,
    body: dict[str, Json],
    operation_id: str,
) -> Draft:
    reference = work.new_id()
    work.link(reference, person.id)
    scope = asset.school or person.school
    full = {**body, "ref": reference}
    return Draft(movements.LENT, asset.id, scope, full, order.at, id=operation_id)


def _loan_receipt(operation_id: str, asset: Asset, person: Person, order: LoanOrder) -> LoanReceipt:
    return LoanReceipt(operation_id, asset.label, asset, person, order.due, operation_id)


def check_lendable(work: Work, asset: Asset, person: Person) -> None:
    """Raise the ``Refusal`` that forbids lending ``asset`` to ``person`` now, if there is one."""
    standing = asset.standing_loan
    if standing is not None:
        raise already_lent(work, asset, standing)
    found = obstacle(asset, movements.LENT)
    if found is Obstacle.NOT_LENDABLE:
        raise Refusal("loan.not_lendable", tag=asset.label, kind=str(asset.kind))
    if found is not None:
        raise Refusal("loan.bad_state", tag=asset.label, state=asset.custody.value)
    if person.left:
        raise Refusal("loan.person_left", tag=asset.label, person=person.full_name)


def already_lent(work: Work, asset: Asset, loan: Loan) -> Refusal:
    """The refusal that names who has the asset, since when, and who lent it."""
    borrower = work.borrower(loan.ref)
    opening = work.operation(loan.operation)
    return Refusal(
        "loan.already_lent",
        tag=asset.label,
        person=borrower.full_name if borrower else None,
        person_id=borrower.id if borrower else None,
        class_name=borrower.class_name if borrower else None,
        since=loan.opened_at,
        author=work.agent_name(opening.author) if opening else None,
    )


def give_back(work: Work, order: ReturnOrder) -> Returned:
    """Close the open loans of each tag; what cannot be taken back is listed, not raised."""
    if not order.tags:
        raise InvalidInput("return.no_tag")
    happened = _past(work, order.at)
    known_accessories(order.missing)
    receipts: list[ReturnReceipt] = []
    refused: list[tuple[str, FleetError]] = []
    named = [each for each in map(work.asset_by_tag, order.tags) if each is not None]
    just_back = [each for each in map(work.asset_by_tag, order.just_back) if each is not None]
    swaps = find_swaps(work, named, just_back)
    staying = {*order.without, *order.tags}
    for tag in dict.fromkeys(order.tags):
        try:
            asset = _asset(work, tag)
            owed = swaps.get(asset.id)
            if owed is not None:
                receipts.append(_swap(work, order, asset, owed, happened))
            else:
                receipts.append(_give_back_one(work, order, asset, happened, staying))
        except (Refusal, NotFound) as error:
            refused.append((tag, error))
    return Returned(tuple(receipts), tuple(refused))


def _give_back_one(
    work: Work,
    order: ReturnOrder,
    asset: Asset,
    happened: datetime | None,
    staying: Collection[str],
) -> ReturnReceipt:
    operation_id = _operation_id(work, order.batch, asset)
    earlier = work.operation(operation_id)
    if earlier is not None:
        return _repeated_return(work, order, earlier, asset)
    open_loans = asset.open_loans
    if not open_loans:
        raise Refusal("return.not_lent", tag=asset.label, state=asset.state.value)
    if happened is not None and iso(happened) < max(loan.opened_at for loan in open_loans):
        raise Refusal("return.before_loan", tag=asset.label, since=open_loans[-1].opened_at)
    content = still_out(work, asset, without=staying)
    ids = [_operation_id(work, order.batch, each) for each in content]
    loans: list[Json] = [loan.id for loan in open_loans]
    body = {**order.findings(), "loans": loans, **batch_of(operation_id, ids)}
    if order.by is not None:
        bringer = work.person(order.by)
        if bringer is None:
            raise NotFound("person.unknown", person=order.by)
        body["by"] = work.new_id()
        work.link(str(body["by"]), bringer.id)
    drafts = [_return_draft(asset, body, happened, operation_id)]
    along = []
    for each, follower_id in zip(content, ids, strict=True):
        drafts.append(_follower(each, operation_id, happened, follower_id))
        along.append(_return_receipt(work, each, follower_id))
    work.record(drafts)
    receipt = _return_receipt(work, asset, operation_id)
    expected = expected_with(work, asset, receipt.person)
    return replace(
        receipt,
        condition=order.condition,
        missing=known_accessories(order.missing),
        along=tuple(along),
        expected=expected if asset.kind is not AssetKind.CART else (),
    )


def _follower(asset: Asset, lead: str, happened: datetime | None, operation_id: str) -> Draft:
    body: dict[str, Json] = {
        "condition": Condition.GOOD.value,
        "loans": [loan.id for loan in asset.open_loans],
        BATCH: lead,
    }
    return _return_draft(asset, body, happened, operation_id)


def _return_draft(
    asset: Asset, body: dict[str, Json], happened: datetime | None, operation_id: str
) -> Draft:
    seen = tuple(loan.id for loan in asset.open_loans)
    scope = asset.school or OWNER_SCOPE
    return Draft(movements.RETURNED, asset.id, scope, body, happened, seen, operation_id)


def _return_receipt(work: Work, asset: Asset, operation_id: str) -> ReturnReceipt:
    standing = asset.standing_loan
    borrower = work.borrower(standing.ref) if standing else None
    return ReturnReceipt(operation_id, asset.label, asset, borrower, Condition.GOOD, ())


def _swap(
    work: Work, order: ReturnOrder, brought: Asset, owed: Asset, happened: datetime | None
) -> ReturnReceipt:
    def operation_id(subject: str) -> str:
        return work.new_id() if order.batch is None else batch_operation_id(order.batch, subject)

    receipt = _return_receipt(work, owed, "")
    lead = record_swap(work, brought, owed, operation_id, happened, order.condition)
    return replace(
        receipt,
        id=lead,
        tag=brought.label,
        asset=brought,
        condition=order.condition,
        instead_of=owed,
    )


def _repeated_loan(
    work: Work, earlier: Operation, asset: Asset, person: Person, order: LoanOrder
) -> LoanReceipt:
    content = earlier.content()
    content.pop(BATCH, None)
    borrower = work.borrower(str(content.pop("ref", "")))
    same = earlier.kind == movements.LENT and borrower is not None and borrower.id == person.id
    if not same or content != order.terms():
        raise Refusal("operation.id_reused", operation=earlier.id, tag=asset.label)
    loan = work.loan(earlier.id)
    due = loan.due if loan else None
    receipt = LoanReceipt(earlier.id, asset.label, asset, person, due, earlier.id, repeated=True)
    followers = [each for each in work.written_with(earlier) if each.id != earlier.id]
    known = work.assets([each.subject for each in followers])
    along = (
        replace(receipt, id=each.id, tag=one.label, asset=one, operation=each.id)
        for each in followers
        if (one := known.get(each.subject)) is not None
    )
    return replace(receipt, along=tuple(along))


def _repeated_return(
    work: Work, order: ReturnOrder, earlier: Operation, asset: Asset
) -> ReturnReceipt:
    content = earlier.content()
    lead = content.pop(BATCH, earlier.id)
    if lead != earlier.id:
        return _repeated_swap(work, order, str(lead), asset)
    loans = content.pop("loans", None)
    bringer = work.borrower(str(content.pop("by"))) if "by" in content else None
    same = earlier.kind == movements.RETURNED and (bringer and bringer.id) == order.by
    if not same or content != order.findings():
        raise Refusal("operation.id_reused", operation=earlier.id, tag=asset.label)
    loan = work.loan(str(loans[0])) if isinstance(loans, list) and loans else None
    return ReturnReceipt(
        earlier.id,
        asset.label,
        asset,
        work.borrower(loan.ref) if loan else None,
        order.condition,
        known_accessories(order.missing),
        repeated=True,
    )


def _repeated_swap(work: Work, order: ReturnOrder, lead: str, brought: Asset) -> ReturnReceipt:
    first = work.operation(lead)
    owed = work.asset(first.subject) if first else None
    if first is None or owed is None or brought.kind is not AssetKind.ACCESSORY:
        raise Refusal("operation.id_reused", operation=lead, tag=brought.label)
    receipt = _return_receipt(work, owed, lead)
    return replace(
        receipt,
        tag=brought.label,
        asset=brought,
        condition=order.condition,
        instead_of=owed,
        repeated=True,
    )


def _asset(work: Work, tag: str) -> Asset:
    asset = work.asset_by_tag(tag) or work.asset(tag)
    if asset is None:
        raise NotFound("asset.unknown", tag=tag)
    return asset


def _operation_id(work: Work, batch: str | None, asset: Asset) -> str:
    return work.new_id() if batch is None else batch_operation_id(batch, asset.id)


def _past(work: Work, at: datetime | None) -> datetime | None:
    if at is not None and at > work.now:
        raise InvalidInput("at.future", at=iso(at))
    return at
