"""What operations are about: the families of subjects, each with its blank value and its fold.

The database keeps a cache of these values and knows nothing of the rules behind them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet.asset import Asset
from fleet.movements import step
from fleet.operation import Operation
from fleet.register import Phase, School, step_phase, step_school
from fleet.stocktake import Stocktake, step_stocktake

Subject = Asset | School | Phase | Stocktake


@dataclass(frozen=True, slots=True)
class Family:
    """How one family of subjects begins and goes on."""

    blank: Callable[[str], Subject]
    step: Callable[[Any, Operation], Subject]


FAMILIES: Mapping[str, Family] = {
    "asset": Family(Asset, step),
    "school": Family(School, step_school),
    "phase": Family(Phase, step_phase),
    "stocktake": Family(Stocktake, step_stocktake),
}


def family_of(kind: str) -> str:
    """The family of a kind of operation: ``asset`` for ``asset.lent``; it may be unknown here."""
    return kind.partition(".")[0]


def fold(subject: str, operations: Iterable[Operation]) -> Subject | None:
    """The subject that ``operations``, in the ledger's order, add up to; each id counts once.

    None when a newer Ardoise wrote all of them about something unknown here.
    """
    counted: set[str] = set()
    value: Subject | None = None
    blank: object = None
    for operation in operations:
        family = FAMILIES.get(family_of(operation.kind))
        if family is None or operation.id in counted:
            continue
        counted.add(operation.id)
        if value is None or family.blank is not blank:
            value, blank = family.blank(subject), family.blank
        value = family.step(value, operation)
    return value
