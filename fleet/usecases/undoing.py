"""Undo: a new operation that takes the effect of an earlier one back; nothing is ever erased.

Only the newest operation about an asset can be undone, since what came later may rest on it.
What was written as one gesture (a cart with its content) is undone as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fleet import movements
from fleet.asset import DESCRIBED, Asset
from fleet.errors import NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.operation import Body, Draft, Json, Operation
from fleet.ports import Work

_FINAL = frozenset({movements.RECEIVED, movements.LOAN_CANCELLED, movements.RETURN_CANCELLED})
_DESK = frozenset({movements.LENT, movements.RETURNED})
"""What is always undone as one gesture: a loan or a return with what went along."""
_AUDIT = ("profile", "audited_at", "compliant")
"""What an exchange forgets beside described fields: the new device was audited by nobody."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, and by which operation."""

    operation: str
    undone: str
    kind: str
    """Kind of the operation that was undone."""
    asset: Asset
    """As it is afterwards."""
    also: tuple[Asset, ...] = ()
    """The others of the same gesture, as they are afterwards."""


def undo(work: Work, operation_id: str | None = None) -> Undone:
    """Take back one operation, by default the author's newest; undoing it twice changes nothing.

    Raises ``NotFound('operation.unknown')``, ``Refusal('undo.superseded')`` when something came
    after it or took the slot that the asset would go back to, and ``Refusal('undo.impossible')``
    for what has no way back.
    """
    target = _target(work, operation_id)
    together = work.written_with(target) if target.kind in _DESK else [target]
    done = {each.undone: each for each in _undo_all(work, together)}
    undone = done[target.id]
    also = {each.asset.id: each.asset for each in done.values()}
    del also[undone.asset.id]
    return replace(undone, also=tuple(also.values()))


def undo_gesture(work: Work, operation_id: str | None = None) -> tuple[Undone, ...]:
    """Take back all that was written with an operation in one gesture, or nothing.

    A cart that was moved goes back with its content, two that were swapped change again. A loan is
    a gesture of its own. Raises as ``undo`` does.
    """
    return _undo_all(work, work.written_with(_target(work, operation_id)))


def _target(work: Work, operation_id: str | None) -> Operation:
    target = work.operation(operation_id) if operation_id else work.last_operation()
    if target is None:
        raise NotFound("operation.unknown", operation=operation_id)
    return target


def _undo_all(work: Work, targets: Sequence[Operation]) -> tuple[Undone, ...]:
    together: Body = {}
    if len(targets) > 1:
        together = {"batch": batch_operation_id("undo", str(targets[0].content().get("batch")))}
    leaving = {target.subject for target in targets}
    ours = {target.id for target in targets}
    drafts: list[Draft] = []
    for target in reversed(targets):  # of several about one subject, the newest first
        if work.operation(_compensation(target)) is None:
            drafts += _compensate(work, target, leaving, ours, together)
    work.record(drafts)
    done: list[Undone] = []
    for target in targets:
        asset = work.asset(target.subject)
        if asset is None:
            raise Refusal("undo.impossible", kind=target.kind)
        done.append(Undone(_compensation(target), target.id, target.kind, asset))
    return tuple(done)


def _compensation(target: Operation) -> str:
    return batch_operation_id("undo", target.id)


def _compensate(
    work: Work, target: Operation, leaving: set[str], ours: set[str], together: Body
) -> list[Draft]:
    if not target.kind.startswith("asset.") or target.kind in _FINAL:
        raise Refusal("undo.impossible", kind=target.kind)
    about = work.operations_about(target.subject)
    later = [each for each in about if each.order > target.order and each.id not in ours]
    now = movements.fold(target.subject, about)
    if later:
        raise Refusal("undo.superseded", tag=now.label, kind=later[-1].kind, since=later[-1].at)
    before = movements.fold(target.subject, [each for each in about if each.id != target.id])
    kind, body = _way_back(target, before, now)
    if "slot" in body or "cart" in body:
        _check_slot_free(work, before, leaving)
    body = {**body, **together}
    drafts = [Draft(kind, target.subject, target.scope, body, id=_compensation(target))]
    old = target.content().get("old")
    if target.kind == movements.EXCHANGED and isinstance(old, str):
        # Its serial is the label's again, and two assets with one serial would know no tablet.
        nameless: Body = {"serial": None, "wifi_mac": None}
        twin = batch_operation_id("undo", f"{target.id}|old")
        drafts.append(Draft(movements.DESCRIBED, old, target.scope, nameless, id=twin))
    return drafts


def _way_back(target: Operation, before: Asset, now: Asset) -> tuple[str, Body]:
    if target.kind == movements.LENT:
        return movements.LOAN_CANCELLED, {"loan": target.id}
    if target.kind == movements.RETURNED:
        loans = target.content().get("loans", [])
        return movements.RETURN_CANCELLED, {
            "loans": loans,
            "operation": target.id,
            "state": before.custody.value,
        }
    if target.kind == movements.EXTENDED:
        loan = before.standing_loan
        if loan is not None:
            due = loan.due.isoformat() if loan.due else None
            return movements.EXTENDED, {"loan": loan.id, "due": due}
    changes: dict[str, Json] = {
        name: getattr(before, name)
        for name in sorted(DESCRIBED)
        if getattr(before, name) != getattr(now, name)
    }
    restored: dict[str, Json] = {}
    if before.custody is not now.custody or target.kind == movements.EXCHANGED:
        restored["state"] = before.custody.value
    if target.kind == movements.EXCHANGED:
        restored |= {name: getattr(before, name) for name in _AUDIT}
    if before.codes != now.codes:
        restored["codes"] = list(before.codes)
    if restored:
        return movements.RESTORED, {**changes, **restored}
    if not changes:
        raise Refusal("undo.impossible", kind=target.kind)
    return movements.DESCRIBED, changes


def _check_slot_free(work: Work, before: Asset, leaving: set[str]) -> None:
    """Refuse to put an asset back into a slot that another one has taken since and keeps."""
    if before.cart is None or before.slot is None:
        return
    for other in work.assets_in(before.cart):
        if other.slot == before.slot and other.id not in leaving:
            (*_, newest) = work.operations_about(other.id)
            raise Refusal("undo.superseded", tag=other.label, kind=newest.kind, since=newest.at)
