"""The state tables as a cache of the fold: reading what a step needs, writing what it left.

``Projection`` keeps the subjects of one transaction in memory, so a burst of operations on one
asset reads it once.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from db.asset_keeper import AssetKeeper
from db.keepers import Keeper, PhaseKeeper, SchoolKeeper, TableRow
from db.stocktake_keeper import StocktakeKeeper
from fleet.operation import Operation
from fleet.subjects import FAMILIES, Subject, family_of


class Projection:
    """The folded subjects that one transaction works on."""

    def __init__(self, connection: Connection) -> None:
        self.assets = AssetKeeper(connection)
        self.schools = SchoolKeeper(connection)
        self.phases = PhaseKeeper(connection)
        self.stocktakes = StocktakeKeeper(connection)
        self._keepers: dict[str, Keeper[Any]] = {
            "asset": self.assets,
            "school": self.schools,
            "phase": self.phases,
            "stocktake": self.stocktakes,
        }

    def last_hlc(self, kind: str, subject: str) -> str | None:
        """Stamp of the newest operation about a subject that was loaded before."""
        keeper = self._keepers.get(family_of(kind))
        known = keeper.known.get(subject) if keeper else None
        return known.last_hlc or None if known else None

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Bring the subjects of operations, given as (kind, subject), into memory."""
        by_family: dict[str, list[str]] = {}
        for kind, subject in wanted:
            by_family.setdefault(family_of(kind), []).append(subject)
        for family, subjects in by_family.items():
            if family in self._keepers:
                self._keepers[family].load(subjects)

    def apply(self, operations: Sequence[Operation]) -> None:
        """Step every subject through ``operations``, given in order, and write what changed.

        Operations of a family that this version does not know are left to the ledger.
        """
        changed: dict[str, dict[str, None]] = {}
        for keeper in self._keepers.values():
            keeper.prepare(operations)
        for operation in operations:
            name = family_of(operation.kind)
            family = FAMILIES.get(name)
            if family is None:
                continue
            known = self._keepers[name].known
            subject = operation.subject
            known[subject] = family.step(known.get(subject) or family.blank(subject), operation)
            changed.setdefault(name, {})[subject] = None
        for name, subjects in changed.items():
            keeper = self._keepers[name]
            keeper.write([keeper.known[subject] for subject in subjects])

    def forget(self) -> None:
        """Let go of every subject; each was written when it changed."""
        for keeper in self._keepers.values():
            keeper.forget()

    def write(self, value: Subject) -> None:
        """Write one subject that was folded whole."""
        self._keeper_of(value).replace(value)

    def rows(self, value: Subject) -> Iterator[TableRow]:
        """Every row that a subject is made of."""
        return self._keeper_of(value).rows(value)

    def _keeper_of(self, value: Subject) -> Keeper[Any]:
        name = next(name for name, family in FAMILIES.items() if family.blank is type(value))
        return self._keepers[name]
