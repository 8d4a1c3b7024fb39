"""What a gesture at the desk can come to, and the class that is served: values without words."""

from dataclasses import dataclass
from enum import StrEnum

from fleet.errors import FleetError
from fleet.scan import Scan
from fleet.usecases.accessories import Settled
from fleet.usecases.lending import LoanReceipt, ReturnReceipt
from fleet.usecases.undoing import Undone
from fleet.views import AssetRow, LoanRow, PersonRow, SchoolRow


class Mode(StrEnum):
    """How a class is served."""

    ROLL = "roll"
    """The next name of the list is armed."""
    QUEUE = "queue"
    """Nobody is armed: each pair is scanned or typed."""
    RETURN = "return"
    """Each scanned tag closes its loan."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A pair was made."""

    receipt: LoanReceipt
    accessories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A loan was closed."""

    receipt: ReturnReceipt


@dataclass(frozen=True, slots=True)
class WaitsForPerson:
    """Half a pair."""

    asset: AssetRow


@dataclass(frozen=True, slots=True)
class WaitsForAsset:
    """The other half."""

    person: PersonRow


@dataclass(frozen=True, slots=True)
class Holding:
    """What a person has, at a return."""

    person: PersonRow
    loans: tuple[LoanRow, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule said no."""

    error: FleetError
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code that nothing is known under, or a scan cut short."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class TakenApart:
    """The last gesture was undone."""

    undone: Undone


@dataclass(frozen=True, slots=True)
class SpareGiven:
    """A spare accessory was handed to whoever has the tablet."""

    settled: Settled
    accessory: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """The same code again: nothing to say."""


Outcome = (
    Lent
    | TakenBack
    | WaitsForPerson
    | WaitsForAsset
    | Holding
    | Refused
    | Unknown
    | TakenApart
    | SpareGiven
    | Quiet
)


@dataclass(frozen=True, slots=True)
class Roster:
    """The school and class that are served."""

    school: SchoolRow
    class_name: str | None
    """None: the whole school."""
    members: tuple[PersonRow, ...] = ()
    """Of the class, by name."""
    school_people: tuple[PersonRow, ...] = ()
    out: tuple[LoanRow, ...] = ()
    """Open loans of the class."""
