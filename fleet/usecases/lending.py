"""Lending and taking back: the rules of the desk.

A loan is all or nothing; a return takes what it can and says what it could not. Both accept a
batch id, so that a doubled trigger or a replayed scan writes nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fleet import movements
from fleet.asset import LENDABLE_KINDS, Asset, Condition, Loan, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.operation import OWNER_SCOPE, Draft, Json, Operation
from fleet.persons import Person
from fleet.ports import Work
from fleet.stamps import iso

ACCESSORIES = ("charger", "cover", "stylus", "keyboard", "headset")
"""Kinds of unlabelled accessories that go with a loan; all chargers are alike."""


@dataclass(frozen=True, slots=True)
class LoanOrder:
    """Lend these assets to this person."""

    person: str
    """Id of the person."""
    tags: Sequence[str]
    due: date | None = None
    at: datetime | None = None
    """When it happened, for a day on paper entered in the evening."""
    accessories: Sequence[str] = ()
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class LoanReceipt:
    """A loan that stands in the ledger."""

    id: str
    tag: str
    asset: Asset
    person: Person
    due: date | None
    operation: str
    repeated: bool = False
    """True when an earlier order with the same batch id had written it."""


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """Take these assets back."""

    tags: Sequence[str]
    condition: Condition = Condition.GOOD
    missing: Sequence[str] = ()
    by: str | None = None
    """Id of the person who brought it, when it is not the borrower."""
    at: datetime | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnReceipt:
    """A return that stands in the ledger."""

    id: str
    """Id of the operation."""
    tag: str
    asset: Asset
    person: Person | None
    """Who had borrowed it, where the register still knows."""
    condition: Condition
    missing: tuple[str, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return took, and what it could not take."""

    receipts: tuple[ReturnReceipt, ...] = ()
    refused: tuple[tuple[str, FleetError], ...] = field(default=())


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
    terms = _terms(order)
    assets = [_asset(work, tag) for tag in dict.fromkeys(order.tags)]
    receipts: list[LoanReceipt | None] = []
    drafts: list[Draft] = []
    for asset in assets:
        operation_id = _operation_id(work, order.batch, asset)
        earlier = work.operation(operation_id)
        if earlier is not None:
            receipts.append(_repeated_loan(work, earlier, asset, person, terms))
            continue
        check_lendable(work, asset, person)
        reference = work.new_id()
        scope = asset.school or person.school
        body = {**terms, "ref": reference}
        drafts.append(Draft(movements.LENT, asset.id, scope, body, happened, id=operation_id))
        work.link(reference, person.id)
        receipts.append(None)
    written = iter(zip(drafts, work.record(drafts), strict=True))
    done: list[LoanReceipt] = []
    for asset, receipt in zip(assets, receipts, strict=True):
        if receipt is None:
            _, operation = next(written)
            receipt = LoanReceipt(operation.id, asset.label, asset, person, order.due, operation.id)
        done.append(receipt)
    return tuple(done)


def check_lendable(work: Work, asset: Asset, person: Person) -> None:
    """Raise the ``Refusal`` that forbids lending ``asset`` to ``person`` now, if there is one."""
    standing = asset.standing_loan
    if standing is not None:
        raise already_lent(work, asset, standing)
    if asset.kind not in LENDABLE_KINDS:
        raise Refusal("loan.not_lendable", tag=asset.label, kind=str(asset.kind))
    if asset.custody is not State.AVAILABLE:
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
    missing = _accessories(order.missing)
    receipts: list[ReturnReceipt] = []
    refused: list[tuple[str, FleetError]] = []
    for tag in dict.fromkeys(order.tags):
        try:
            receipts.append(_give_back_one(work, order, tag, happened, missing))
        except (Refusal, NotFound) as error:
            refused.append((tag, error))
    return Returned(tuple(receipts), tuple(refused))


def _give_back_one(
    work: Work, order: ReturnOrder, tag: str, happened: datetime | None, missing: tuple[str, ...]
) -> ReturnReceipt:
    asset = _asset(work, tag)
    operation_id = _operation_id(work, order.batch, asset)
    earlier = work.operation(operation_id)
    if earlier is not None:
        return _repeated_return(work, order, earlier, asset)
    open_loans = asset.open_loans
    if not open_loans:
        raise Refusal("return.not_lent", tag=asset.label, state=asset.state.value)
    if happened is not None and iso(happened) < max(loan.opened_at for loan in open_loans):
        raise Refusal("return.before_loan", tag=asset.label, since=open_loans[-1].opened_at)
    standing = asset.standing_loan
    body = {**_findings(order), "loans": [loan.id for loan in open_loans]}
    if order.by is not None:
        bringer = work.person(order.by)
        if bringer is None:
            raise NotFound("person.unknown", person=order.by)
        body["by"] = work.new_id()
        work.link(str(body["by"]), bringer.id)
    seen = tuple(loan.id for loan in open_loans)
    scope = asset.school or OWNER_SCOPE
    draft = Draft(movements.RETURNED, asset.id, scope, body, happened, seen, operation_id)
    (operation,) = work.record([draft])
    borrower = work.borrower(standing.ref) if standing else None
    return ReturnReceipt(operation.id, asset.label, asset, borrower, order.condition, missing)


def _terms(order: LoanOrder) -> dict[str, Json]:
    """What a loan's body says beside the reference drawn for it."""
    terms: dict[str, Json] = {}
    if order.due is not None:
        terms["due"] = order.due.isoformat()
    if order.accessories:
        terms["accessories"] = list(_accessories(order.accessories))
    return terms


def _findings(order: ReturnOrder) -> dict[str, Json]:
    """What a return's body says beside the loans that it closes and who brought it."""
    findings: dict[str, Json] = {"condition": order.condition.value}
    if order.missing:
        findings["missing"] = list(_accessories(order.missing))
    return findings


def _repeated_loan(
    work: Work, earlier: Operation, asset: Asset, person: Person, terms: dict[str, Json]
) -> LoanReceipt:
    content = earlier.content()
    borrower = work.borrower(str(content.pop("ref", "")))
    same = earlier.kind == movements.LENT and borrower is not None and borrower.id == person.id
    if not same or content != terms:
        raise Refusal("operation.id_reused", operation=earlier.id, tag=asset.label)
    loan = work.loan(earlier.id)
    due = loan.due if loan else None
    return LoanReceipt(earlier.id, asset.label, asset, person, due, earlier.id, repeated=True)


def _repeated_return(
    work: Work, order: ReturnOrder, earlier: Operation, asset: Asset
) -> ReturnReceipt:
    content = earlier.content()
    loans = content.pop("loans", None)
    bringer = work.borrower(str(content.pop("by"))) if "by" in content else None
    same = earlier.kind == movements.RETURNED and (bringer and bringer.id) == order.by
    if not same or content != _findings(order):
        raise Refusal("operation.id_reused", operation=earlier.id, tag=asset.label)
    loan = work.loan(str(loans[0])) if isinstance(loans, list) and loans else None
    return ReturnReceipt(
        earlier.id,
        asset.label,
        asset,
        work.borrower(loan.ref) if loan else None,
        order.condition,
        _accessories(order.missing),
        repeated=True,
    )


def _asset(work: Work, tag: str) -> Asset:
    asset = work.asset_by_tag(tag)
    if asset is None:
        raise NotFound("asset.unknown", tag=tag)
    return asset


def _operation_id(work: Work, batch: str | None, asset: Asset) -> str:
    return work.new_id() if batch is None else batch_operation_id(batch, asset.id)


def _past(work: Work, at: datetime | None) -> datetime | None:
    if at is not None and at > work.now:
        raise InvalidInput("at.future", at=iso(at))
    return at


def _accessories(names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        if name not in ACCESSORIES:
            raise InvalidInput("accessory.unknown", name=name, known=", ".join(ACCESSORIES))
    return tuple(dict.fromkeys(names))
