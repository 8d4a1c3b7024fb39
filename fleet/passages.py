"""Which movement may follow which state: the one table of allowed passages.

The fold accepts anything, since what happened elsewhere happened; use cases ask here before they
write. ``docs/states.md`` draws this table, and a test keeps the drawing true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
        frozenset({State.AVAILABLE, State.IN_REPAIR}), may_be_lent=True, must_be_lent=True
    ),
    # Any state: whatever another laptop wrote meanwhile, what is brought back is taken back.
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
    movements.EXCHANGED: Passage(_KEPT, may_be_lent=True),
    movements.SEEN: Passage(frozenset(State) - {State.LENT}, may_be_lent=True),
}
"""By kind of movement. Loans that overlap and passages of other laptops are the fold's business."""


class Obstacle(StrEnum):
    """Why a movement may not happen; the values are the codes of ``check_passage``."""

    NOT_LENDABLE = "passage.not_lendable"
    STATE = "passage.state"
    LENT = "passage.lent"
    """The loan has to end first."""
    NOT_LENT = "passage.not_lent"


def obstacle(asset: Asset, kind: str) -> Obstacle | None:
    """What keeps the movement ``kind`` from happening to ``asset`` now, if anything does."""
    passage = PASSAGES[kind]
    is_lent = bool(asset.open_loans)
    if passage.lendable_only and asset.kind not in LENDABLE_KINDS:
        return Obstacle.NOT_LENDABLE
    if asset.custody not in passage.sources:
        return Obstacle.STATE
    if is_lent and not passage.may_be_lent:
        return Obstacle.LENT
    if passage.must_be_lent and not is_lent:
        return Obstacle.NOT_LENT
    return None


def check_passage(asset: Asset, kind: str) -> None:
    """Raise ``Refusal('passage.…')`` when the movement ``kind`` may not happen to ``asset`` now.

    Codes: ``passage.state``, ``passage.lent`` (end the loan first), ``passage.not_lent``,
    ``passage.not_lendable``.
    """
    found = obstacle(asset, kind)
    if found is not None:
        raise Refusal(
            found.value,
            tag=asset.label,
            kind=str(asset.kind),
            state=asset.custody.value,
            movement=kind,
        )
