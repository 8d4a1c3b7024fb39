"""The fold of an asset: one operation at a time, in the ledger's order, and it never raises.

``step(asset, operation)`` reads nothing else, so every laptop that holds the same operations has
the same assets. What should not happen (two loans at once, a return of nothing) is kept and shown,
never refused: refusing is the use cases' work, before anything is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from fleet import loan_rules
from fleet.asset import LENDABLE_KINDS, Asset, State, described, whole_number
from fleet.content import Content, read_kind, read_state, read_text, read_texts
from fleet.operation import Operation

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
    return loan_rules.named_loans(operation.content())


def _received(asset: Asset, _operation: Operation, content: Content) -> Asset:
    if asset.kind is not None:  # received twice, on two laptops: the first one stands
        return replace(asset, **described(content))  # type: ignore[arg-type]
    kind = read_kind(content)
    custody = State.AVAILABLE if kind in LENDABLE_KINDS else State.IN_SERVICE
    return replace(asset, kind=kind, custody=custody, **described(content))  # type: ignore[arg-type]


def _described(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(asset, **described(content))  # type: ignore[arg-type]


def _moved(asset: Asset, _operation: Operation, content: Content) -> Asset:
    to_stock = "school" in content and content["school"] is None
    return replace(
        asset,
        school=None if to_stock else read_text(content, "school") or asset.school,
        room=read_text(content, "room"),
        # What moves with its cart stays in its slot.
        cart=asset.cart if content.get("with_cart") is True else None,
        slot=asset.slot if content.get("with_cart") is True else None,
    )


def _placed(asset: Asset, _operation: Operation, content: Content) -> Asset:
    return replace(
        asset,
        school=read_text(content, "school") or asset.school,
        cart=read_text(content, "cart"),
        slot=whole_number(content.get("slot"), least=1),
    )


def _in_state(state: State) -> Callable[[Asset, Operation, Content], Asset]:
    def rule(asset: Asset, _operation: Operation, _content: Content) -> Asset:
        return replace(asset, custody=state)

    return rule


def _back(asset: Asset, operation: Operation, _content: Content) -> Asset:
    shelf = State.AVAILABLE if asset.kind in LENDABLE_KINDS else State.IN_SERVICE
    return replace(asset, custody=shelf, seen_at=operation.at)


def _retired(asset: Asset, _operation: Operation, _content: Content) -> Asset:
    """Out of use, and out of its slot, which another one may take."""
    return replace(asset, custody=State.RETIRED, cart=None, slot=None)


def _restored(asset: Asset, _operation: Operation, content: Content) -> Asset:
    """What an undone movement had changed is again as it was."""
    before = replace(asset, **described(content))  # type: ignore[arg-type]
    if "audited_at" in content:
        compliant = content.get("compliant")
        before = replace(
            before,
            profile=read_text(content, "profile"),
            audited_at=read_text(content, "audited_at"),
            compliant=compliant if isinstance(compliant, bool) else None,
        )
    if "codes" in content:
        before = replace(before, codes=tuple(dict.fromkeys(read_texts(content, "codes"))))
    return replace(before, custody=read_state(content) or asset.custody)


def _exchanged(asset: Asset, _operation: Operation, content: Content) -> Asset:
    """Another device takes the place, the label and the loan; it has been audited by nobody."""
    return replace(
        asset,
        serial=read_text(content, "serial") or asset.serial,
        wifi_mac=read_text(content, "wifi_mac"),
        os_version=None,
        custody=State.AVAILABLE if asset.kind in LENDABLE_KINDS else State.IN_SERVICE,
        profile=None,
        audited_at=None,
        compliant=None,
    )


def _code_attached(asset: Asset, _operation: Operation, content: Content) -> Asset:
    code = read_text(content, "code")
    if code is None or code in asset.codes:
        return asset
    return replace(asset, codes=(*asset.codes, code))


def _seen(asset: Asset, operation: Operation, _content: Content) -> Asset:
    return replace(asset, seen_at=operation.at)


def _audited(asset: Asset, operation: Operation, content: Content) -> Asset:
    compliant = content.get("compliant")
    return replace(
        asset,
        profile=read_text(content, "profile"),
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
    LENT: loan_rules.lent,
    EXTENDED: loan_rules.extended,
    RETURNED: loan_rules.returned,
    LOAN_CANCELLED: loan_rules.loan_cancelled,
    RETURN_CANCELLED: loan_rules.return_cancelled,
    SENT_TO_REPAIR: _in_state(State.IN_REPAIR),
    REPAIRED: _back,
    LOST: _in_state(State.LOST),
    STOLEN: _in_state(State.STOLEN),
    FOUND: _back,
    RETIRED: _retired,
    RESTORED: _restored,
    EXCHANGED: _exchanged,
    CODE_ATTACHED: _code_attached,
    ACCESSORY_SETTLED: loan_rules.accessory_settled,
    ACCESSORY_GIVEN: loan_rules.accessory_given,
    SEEN: _seen,
    AUDITED: _audited,
    PROVISIONED: _seen,
}

KINDS = frozenset(_RULES)
"""Every kind of operation that this version folds into an asset."""
