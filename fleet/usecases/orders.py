"""What the desk is asked to do, and what it answers; ``fleet.usecases.lending`` has the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fleet.asset import Asset, Condition
from fleet.errors import FleetError, InvalidInput
from fleet.operation import Json
from fleet.persons import Person

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
    without: Sequence[str] = ()
    """Tags of what stays of a cart, or of the accessories, that would go along."""
    partial: bool = False
    """Lend a cart although some of its content is lent elsewhere."""

    def terms(self) -> dict[str, Json]:
        """What the body of the loan says beside the reference drawn for it."""
        if not self.accessories:
            return self.term_of_due()
        return {**self.term_of_due(), "accessories": list(known_accessories(self.accessories))}

    def term_of_due(self) -> dict[str, Json]:
        """The terms of what goes along, which has no accessories of its own."""
        return {"due": self.due.isoformat()} if self.due is not None else {}


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
    along: tuple["LoanReceipt", ...] = ()
    """A cart's content and labelled accessories, lent with it."""
    staying: tuple[Asset, ...] = ()
    """What belongs to it and did not go along."""


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
    without: Sequence[str] = ()
    """Tags of the content of a cart that did not come back with it."""
    just_back: Sequence[str] = ()
    """Tags of what came back a moment ago: an accessory may belong to that return."""

    def findings(self) -> dict[str, Json]:
        """What the body of the return says beside the loans that it closes and who brought it."""
        if not self.missing:
            return {"condition": self.condition.value}
        return {
            "condition": self.condition.value,
            "missing": list(known_accessories(self.missing)),
        }


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
    along: tuple["ReturnReceipt", ...] = ()
    """The content of a cart that came back with it."""
    expected: tuple[Asset, ...] = ()
    """Labelled accessories of it that its borrower still has."""
    instead_of: Asset | None = None
    """Of an accessory that was swapped: the one that was owed."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return took, and what it could not take."""

    receipts: tuple[ReturnReceipt, ...] = ()
    refused: tuple[tuple[str, FleetError], ...] = field(default=())


def known_accessories(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once; ``InvalidInput('accessory.unknown')`` for one that is not in the list."""
    for name in names:
        if name not in ACCESSORIES:
            raise InvalidInput("accessory.unknown", name=name, known=", ".join(ACCESSORIES))
    return tuple(dict.fromkeys(names))
