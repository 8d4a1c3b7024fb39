"""The fold of an asset: one operation at a time, in the ledger's order, and it never raises.

``step(asset, operation)`` reads nothing else, so every laptop that holds the same operations has
the same assets. What should not happen (two loans at once, a return of nothing) is kept and shown,
never refused: refusing is the use cases' work, before anything is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from fleet.asset import (
    LENDABLE_KINDS,
    Asset,
    Condition,
    Conflict,
    ConflictKind,
    Loan,
    State,
    described,
    whole_number,
)
from fleet.kinds import AssetKind
from fleet.operation import Json, Operation

Content = dict[str, Json]

RECEIVED = "asset.received"
DESCRIBED = "asset.described"
ENROLLED = "asset.enrolled"
MOVED = "asset.moved"
PLACED = "asset.placed"
LENT = "asset.lent"
EXTENDED = "asset.extended"
RETURNED = "asset.returned"
LOAN_CANCELLED = "asset.loan_cancelled"
RETURN_CANCELLED = "asset.return_cancelled"
SENT_TO_REPAIR = "asset.sent_to_repair"
REPAIRED = "asset.repaired"
LOST = "asset.lost"
STOLEN = "asset.stolen"
FOUND = "asset.found"
RETIRED = "asset.retired"
RESTORED = "asset.restored"
EXCHANGED = "asset.exchanged"
CODE_ATTACHED = "asset.code_attached"
ACCESSORY_SETTLED = "asset.accessory_settled"
ACCESSORY_GIVEN = "asset.accessory_given"
SEEN = "asset.seen"
AUDITED = "asset.audited"
PROVISIONED = "asset.provisioned"


def step(asset: Asset, operation: Operation) -> Asset:
    """The asset after ``operation``; an unknown kind only leaves a mark."""
    rule = _RULES.get(operation.kind)
    if rule is None:
        return replace(asset, unknown_kinds=True, last_hlc=operation.hlc)
    return replace(rule(asset, operation, operation.content()), last_hlc=operation.hlc)


def fold(asset_id: str, operations: Iterable[Operation]) -> Asset:
    """The asset that ``operations``, in any order and repeated at will, add up to."""
    asset = Asset(asset_id)
    counted: set[str] = set()
    for operation in sorted(operations, key=lambda each: (*each.order, each.replica, each.seq)):
        if operation.id not in counted:
            counted.add(operation.id)
            asset = step(asset, operation)
    return asset


def touched_loans(operation: Operation) -> tuple[str, ...]:
    """Ids of the loans that ``step`` may need beside the open ones."""
    return _named_loans(operation.content())


def _received(asset: Asset, _operation: Operation, content: Content) -> Asset:
    if asset.kind is not None:  # received twice, on two laptops: the first one stands
        return replace(asset, **described(content))  # type: ignore[arg-type]
    kind = _kind(content)
    custody = State.AVAILABLE if kind in LENDABLE_KINDS else State.IN_SERVICE
    return replace(asset, kind=kind, custody=custody, **described(content))  # type: ignore[arg-type]


def _described(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(asset, **described(content))  # type: ignore[arg-type]


def _moved(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(
        asset,
        school=_text(content, "school") or asset.school,
        room=_text(content, "room"),
        # What moves with its cart stays in its slot.
        cart=asset.cart if content.get("with_cart") is True else None,
        slot=asset.slot if content.get("with_cart") is True else None,
    )


def _placed(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(
        asset,
        school=_text(content, "school") or asset.school,
        cart=_text(content, "cart"),
        slot=whole_number(content.get("slot"), least=1),
    )


def _lent(asset: Asset, operation: Operation, content: Content) -> Asset:
    overlapping = asset.open_loans
    loan = Loan(
        id=operation.id,
        asset=asset.id,
        ref=_text(content, "ref") or "",
        operation=operation.id,
        opened_at=operation.at,
        opened_hlc=operation.hlc,
        due=_date(content, "due"),
        accessories=_texts(content, "accessories"),
        contested=bool(overlapping),
    )
    conflicts = [_conflict(other, loan, operation) for other in overlapping]
    return replace(
        asset,
        loans=(*asset.loans, loan),
        conflicts=_with_conflicts(asset, conflicts),
        seen_at=operation.at,
    )


def _extended(asset: Asset, _operation: Operation, content: Content) -> Asset:
    due = _date(content, "due")
    return _with_loans(
        asset, content, lambda loan: replace(loan, due=due) if loan.is_open else loan
    )


def _returned(asset: Asset, operation: Operation, content: Content) -> Asset:
    condition = _condition(content)
    missing = _texts(content, "missing")

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


def _loan_cancelled(asset: Asset, operation: Operation, content: Content) -> Asset:
    def cancel(loan: Loan) -> Loan:
        if not loan.is_open:
            return loan
        return replace(loan, closed_at=operation.at, closed_by=operation.id, cancelled=True)

    return _with_loans(asset, content, cancel)


def _return_cancelled(asset: Asset, operation: Operation, content: Content) -> Asset:
    open_loans = asset.open_loans
    taken = any(not loan.contested for loan in open_loans)
    conflicts: list[Conflict] = []

    def reopen(loan: Loan) -> Loan:
        if loan.is_open or loan.cancelled or loan.closed_by != _text(content, "operation"):
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
        custody=_state(content) or asset.custody,
        conflicts=_with_conflicts(asset, conflicts),
    )


def _in_state(state: State) -> Callable[[Asset, Operation, Content], Asset]:
    def rule(asset: Asset, _operation: Operation, _content: Content) -> Asset:
        return replace(asset, custody=state)

    return rule


def _back(asset: Asset, operation: Operation, _content: Content) -> Asset:
    shelf = State.AVAILABLE if asset.kind in LENDABLE_KINDS else State.IN_SERVICE
    return replace(asset, custody=shelf, seen_at=operation.at)


def _restored(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(asset, custody=_state(content) or asset.custody)


def _exchanged(asset: Asset, _operation: Operation, content: Content) -> Asset:
    """Another device takes the place, the label and the loan; it has been audited by nobody."""
    return replace(
        asset,
        serial=_text(content, "serial") or asset.serial,
        wifi_mac=_text(content, "wifi_mac"),
        os_version=None,
        custody=State.AVAILABLE if asset.kind in LENDABLE_KINDS else State.IN_SERVICE,
        profile=None,
        audited_at=None,
        compliant=None,
    )


def _code_attached(asset: Asset, _operation: Operation, content: Content) -> Asset:
    code = _text(content, "code")
    if code is None or code in asset.codes:
        return asset
    return replace(asset, codes=(*asset.codes, code))


def _accessory_settled(asset: Asset, _operation: Operation, content: Content) -> Asset:
    names = _texts(content, "accessories")

    def settle(loan: Loan) -> Loan:
        new = [each for each in names if each in loan.missing and each not in loan.settled]
        return replace(loan, settled=(*loan.settled, *new))

    return _with_loans(asset, content, settle)


def _accessory_given(asset: Asset, _operation: Operation, content: Content) -> Asset:
    names = _texts(content, "accessories")

    def give(loan: Loan) -> Loan:
        new = [each for each in names if each not in loan.accessories]
        return replace(loan, accessories=(*loan.accessories, *new)) if loan.is_open else loan

    return _with_loans(asset, content, give)


def _seen(asset: Asset, operation: Operation, _content: Content) -> Asset:
    return replace(asset, seen_at=operation.at)


def _audited(asset: Asset, operation: Operation, content: Content) -> Asset:
    compliant = content.get("compliant")
    return replace(
        asset,
        profile=_text(content, "profile"),
        audited_at=operation.at,
        compliant=compliant if isinstance(compliant, bool) else None,
        seen_at=operation.at,
    )


_RULES: dict[str, Callable[[Asset, Operation, Content], Asset]] = {
    RECEIVED: _received,
    DESCRIBED: _described,
    ENROLLED: _described,
    MOVED: _moved,
    PLACED: _placed,
    LENT: _lent,
    EXTENDED: _extended,
    RETURNED: _returned,
    LOAN_CANCELLED: _loan_cancelled,
    RETURN_CANCELLED: _return_cancelled,
    SENT_TO_REPAIR: _in_state(State.IN_REPAIR),
    REPAIRED: _back,
    LOST: _in_state(State.LOST),
    STOLEN: _in_state(State.STOLEN),
    FOUND: _back,
    RETIRED: _in_state(State.RETIRED),
    RESTORED: _restored,
    EXCHANGED: _exchanged,
    CODE_ATTACHED: _code_attached,
    ACCESSORY_SETTLED: _accessory_settled,
    ACCESSORY_GIVEN: _accessory_given,
    SEEN: _seen,
    AUDITED: _audited,
    PROVISIONED: _seen,
}

KINDS = frozenset(_RULES)
"""Every kind of operation that this version folds into an asset."""


def _with_loans(asset: Asset, content: Content, change: Callable[[Loan], Loan]) -> Asset:
    named = _named_loans(content)
    return replace(
        asset, loans=tuple(change(loan) if loan.id in named else loan for loan in asset.loans)
    )


def _named_loans(content: Content) -> tuple[str, ...]:
    named = [content.get("loan"), *_list(content, "loans")]
    return tuple(each for each in named if isinstance(each, str))


def _conflict(one: Loan, other: Loan, operation: Operation) -> Conflict:
    earlier, later = sorted((one, other), key=lambda loan: (loan.opened_hlc, loan.id))
    was_seen = not {one.id, other.id}.isdisjoint(operation.seen_loans())
    kind = ConflictKind.FORCED if was_seen else ConflictKind.DOUBLE
    return Conflict(earlier.asset, earlier.id, later.id, kind)


def _with_conflicts(asset: Asset, new: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Each pair of loans once; the newest word on it stands."""
    return tuple({each.id: each for each in (*asset.conflicts, *new)}.values())


def _text(content: Content, name: str) -> str | None:
    value = content.get(name)
    return value if isinstance(value, str) else None


def _list(content: Content, name: str) -> list[Json]:
    value = content.get(name)
    return value if isinstance(value, list) else []


def _texts(content: Content, name: str) -> tuple[str, ...]:
    return tuple(each for each in _list(content, name) if isinstance(each, str))


def _date(content: Content, name: str) -> date | None:
    try:
        return date.fromisoformat(_text(content, name) or "")
    except ValueError:
        return None


def _kind(content: Content) -> AssetKind | None:
    try:
        return AssetKind(_text(content, "kind") or "")
    except ValueError:
        return None


def _condition(content: Content) -> Condition:
    try:
        return Condition(_text(content, "condition") or "")
    except ValueError:
        return Condition.GOOD


def _state(content: Content) -> State | None:
    try:
        state = State(_text(content, "state") or "")
    except ValueError:
        return None
    return None if state is State.LENT else state
