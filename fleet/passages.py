"""Which movement may follow which state: the one table of allowed passages.

The fold accepts anything, since what happened elsewhere happened; use cases ask here before they
write. ``docs/states.md`` draws this table, and a test keeps the drawing true.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet import movements
from fleet.asset import LENDABLE_KINDS, Asset, State
from fleet.errors import Refusal

_HERE = frozenset({State.AVAILABLE, State.IN_SERVICE})
_KEPT = _HERE | {State.DAMAGED, State.IN_REPAIR}


@dataclass(frozen=True, slots=True)
class Passage:
    """From which states a movement may start, and whether a loan may be open meanwhile."""

    sources: frozenset[State]
    """Custody, loans aside."""
    may_be_lent: bool = False
    """True: the loan stays open and visible: a tablet in repair comes back to its pupil."""
    must_be_lent: bool = False
    lendable_only: bool = False


PASSAGES: Mapping[str, Passage] = {
    movements.LENT: Passage(frozenset({State.AVAILABLE}), lendable_only=True),
    movements.EXTENDED: Passage(
        frozenset(State) - {State.LENT}, may_be_lent=True, must_be_lent=True
    ),
    movements.RETURNED: Passage(
        frozenset(State) - {State.LENT}, may_be_lent=True, must_be_lent=True
    ),
    movements.MOVED: Passage(_KEPT, may_be_lent=True),
    movements.PLACED: Passage(_KEPT, may_be_lent=True),
    movements.SENT_TO_REPAIR: Passage(_HERE | {State.DAMAGED}, may_be_lent=True),
    movements.REPAIRED: Passage(frozenset({State.DAMAGED, State.IN_REPAIR}), may_be_lent=True),
    movements.LOST: Passage(_KEPT, may_be_lent=True),
    movements.STOLEN: Passage(_KEPT | {State.LOST}, may_be_lent=True),
    movements.FOUND: Passage(frozenset({State.LOST, State.STOLEN}), may_be_lent=True),
    movements.RETIRED: Passage(_KEPT | {State.LOST, State.STOLEN}),
    movements.SEEN: Passage(frozenset(State) - {State.LENT}, may_be_lent=True),
}
"""By kind of movement. Loans that overlap and passages of other laptops are the fold's business."""


def check_passage(asset: Asset, kind: str) -> None:
    """Raise ``Refusal('passage.…')`` when the movement ``kind`` may not happen to ``asset`` now.

    Codes: ``passage.state``, ``passage.lent`` (end the loan first), ``passage.not_lent``,
    ``passage.not_lendable``.
    """
    passage = PASSAGES[kind]
    if passage.lendable_only and asset.kind not in LENDABLE_KINDS:
        raise Refusal("passage.not_lendable", tag=asset.label, kind=str(asset.kind))
    if asset.custody not in passage.sources:
        raise Refusal("passage.state", tag=asset.label, state=asset.custody.value, movement=kind)
    lent = bool(asset.open_loans)
    if lent and not passage.may_be_lent:
        raise Refusal("passage.lent", tag=asset.label, movement=kind)
    if passage.must_be_lent and not lent:
        raise Refusal("passage.not_lent", tag=asset.label, movement=kind)
