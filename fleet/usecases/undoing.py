"""Undo: a new operation that takes the effect of an earlier one back; nothing is ever erased.

Only the newest operation about an asset can be undone, since what came later may rest on it.
"""

from dataclasses import dataclass

from fleet import movements
from fleet.asset import DESCRIBED, Asset
from fleet.errors import NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.operation import Body, Draft, Json, Operation
from fleet.ports import Work

_FINAL = frozenset({movements.RECEIVED, movements.LOAN_CANCELLED, movements.RETURN_CANCELLED})


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, and by which operation."""

    operation: str
    undone: str
    kind: str
    """Kind of the operation that was undone."""
    asset: Asset
    """As it is afterwards."""


def undo(work: Work, operation_id: str | None = None) -> Undone:
    """Take back one operation, by default the author's newest; undoing it twice changes nothing.

    Raises ``NotFound('operation.unknown')``, ``Refusal('undo.superseded')`` when something came
    after it or took the slot that the asset would go back to, and ``Refusal('undo.impossible')``
    for what has no way back.
    """
    target = work.operation(operation_id) if operation_id else work.last_operation()
    if target is None:
        raise NotFound("operation.unknown", operation=operation_id)
    compensation = batch_operation_id("undo", target.id)
    earlier = work.operation(compensation)
    if earlier is None:
        drafts = [_compensate(work, target, compensation)]
        (earlier,) = work.record(drafts)
    asset = work.asset(target.subject)
    if asset is None:
        raise Refusal("undo.impossible", kind=target.kind)
    return Undone(earlier.id, target.id, target.kind, asset)


def _compensate(work: Work, target: Operation, compensation: str) -> Draft:
    if not target.kind.startswith("asset.") or target.kind in _FINAL:
        raise Refusal("undo.impossible", kind=target.kind)
    about = work.operations_about(target.subject)
    later = [each for each in about if each.order > target.order]
    now = movements.fold(target.subject, about)
    if later:
        raise Refusal("undo.superseded", tag=now.label, kind=later[-1].kind, since=later[-1].at)
    before = movements.fold(target.subject, [each for each in about if each.id != target.id])
    kind, body = _way_back(target, before, now)
    if "slot" in body or "cart" in body:
        _check_slot_free(work, before)
    return Draft(kind, target.subject, target.scope, body, id=compensation)


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
    if before.custody is not now.custody:
        return movements.RESTORED, {"state": before.custody.value}
    changes: dict[str, Json] = {
        name: getattr(before, name)
        for name in sorted(DESCRIBED)
        if getattr(before, name) != getattr(now, name)
    }
    if not changes:
        raise Refusal("undo.impossible", kind=target.kind)
    return movements.DESCRIBED, changes


def _check_slot_free(work: Work, before: Asset) -> None:
    """Refuse to put an asset back into a slot that another one has taken since."""
    if before.cart is None or before.slot is None:
        return
    for other in work.assets_in(before.cart):
        if other.slot == before.slot and other.id != before.id:
            (*_, newest) = work.operations_about(other.id)
            raise Refusal("undo.superseded", tag=other.label, kind=newest.kind, since=newest.at)
