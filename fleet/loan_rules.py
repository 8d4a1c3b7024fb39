"""The part of an asset's fold that is about its loans; ``fleet.movements`` has the rest."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from fleet.asset import Asset, Condition, Conflict, ConflictKind, Loan, State
from fleet.content import (
    Content,
    read_condition,
    read_date,
    read_list,
    read_state,
    read_text,
    read_texts,
)
from fleet.operation import Operation


def lent(asset: Asset, operation: Operation, content: Content) -> Asset:
    overlapping = asset.open_loans
    loan = Loan(
        id=operation.id,
        asset=asset.id,
        ref=read_text(content, "ref") or "",
        operation=operation.id,
        opened_at=operation.at,
        opened_hlc=operation.hlc,
        due=read_date(content, "due"),
        accessories=read_texts(content, "accessories"),
        contested=bool(overlapping),
    )
    conflicts = [_conflict(other, loan, operation) for other in overlapping]
    return replace(
        asset,
        loans=(*asset.loans, loan),
        conflicts=_with_conflicts(asset, conflicts),
        seen_at=operation.at,
    )


def extended(asset: Asset, _operation: Operation, content: Content) -> Asset:
    due = read_date(content, "due")
    return _with_loans(
        asset, content, lambda loan: replace(loan, due=due) if loan.is_open else loan
    )


def returned(asset: Asset, operation: Operation, content: Content) -> Asset:
    condition = read_condition(content)
    missing = read_texts(content, "missing")

    def close(loan: Loan) -> Loan:
        if not loan.is_open:  # the first close wins
            return loan
        return replace(
            loan,
            closed_at=operation.at,
            closed_by=operation.id,
            condition=condition,
            missing=missing,
        )

    custody = asset.custody
    if condition is Condition.DAMAGED and custody in (State.AVAILABLE, State.IN_SERVICE):
        custody = State.DAMAGED
    elif custody in (State.LOST, State.STOLEN):  # it is here again
        custody = State.DAMAGED if condition is Condition.DAMAGED else State.AVAILABLE
    return replace(_with_loans(asset, content, close), custody=custody, seen_at=operation.at)


def loan_cancelled(asset: Asset, operation: Operation, content: Content) -> Asset:
    def cancel(loan: Loan) -> Loan:
        if not loan.is_open:
            return loan
        return replace(loan, closed_at=operation.at, closed_by=operation.id, cancelled=True)

    return _with_loans(asset, content, cancel)


def return_cancelled(asset: Asset, operation: Operation, content: Content) -> Asset:
    open_loans = asset.open_loans
    taken = any(not loan.contested for loan in open_loans)
    conflicts: list[Conflict] = []

    def reopen(loan: Loan) -> Loan:
        if loan.is_open or loan.cancelled or loan.closed_by != read_text(content, "operation"):
            return loan
        # Somebody may have lent it meanwhile, on a laptop that did not know of this undoing.
        conflicts.extend(_conflict(loan, other, operation) for other in open_loans)
        return replace(
            loan,
            closed_at=None,
            closed_by=None,
            condition=None,
            missing=(),
            contested=loan.contested or taken,
        )

    reopened = _with_loans(asset, content, reopen)
    return replace(
        reopened,
        custody=read_state(content) or asset.custody,
        conflicts=_with_conflicts(asset, conflicts),
    )


def accessory_settled(asset: Asset, _operation: Operation, content: Content) -> Asset:
    names = read_texts(content, "accessories")

    def settle(loan: Loan) -> Loan:
        new = [each for each in names if each in loan.missing and each not in loan.settled]
        return replace(loan, settled=(*loan.settled, *new))

    return _with_loans(asset, content, settle)


def accessory_given(asset: Asset, _operation: Operation, content: Content) -> Asset:
    names = read_texts(content, "accessories")

    def give(loan: Loan) -> Loan:
        new = [each for each in names if each not in loan.accessories]
        return replace(loan, accessories=(*loan.accessories, *new)) if loan.is_open else loan

    return _with_loans(asset, content, give)


def _with_loans(asset: Asset, content: Content, change: Callable[[Loan], Loan]) -> Asset:
    named = named_loans(content)
    return replace(
        asset, loans=tuple(change(loan) if loan.id in named else loan for loan in asset.loans)
    )


def named_loans(content: Content) -> tuple[str, ...]:
    named = [content.get("loan"), *read_list(content, "loans")]
    return tuple(each for each in named if isinstance(each, str))


def _conflict(one: Loan, other: Loan, operation: Operation) -> Conflict:
    earlier, later = sorted((one, other), key=lambda loan: (loan.opened_hlc, loan.id))
    was_seen = not {one.id, other.id}.isdisjoint(operation.seen_loans())
    kind = ConflictKind.FORCED if was_seen else ConflictKind.DOUBLE
    return Conflict(earlier.asset, earlier.id, later.id, kind)


def _with_conflicts(asset: Asset, new: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Each pair of loans once; the newest word on it stands."""
    return tuple({each.id: each for each in (*asset.conflicts, *new)}.values())
