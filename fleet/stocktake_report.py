"""What screens, JSON and papers read of a stocktake: its figures, and every line behind them."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from fleet.asset import State
from fleet.stocktake import Finding
from fleet.views import AssetRow

DIFFERENCES = (Finding.MISSING, Finding.MOVED, Finding.UNEXPECTED, Finding.UNKNOWN)
"""What a person has to look into, in the order of reports."""


@dataclass(frozen=True, slots=True)
class StocktakeRow:
    """One stocktake as a line of a list."""

    id: str
    school: str
    school_name: str | None
    room: str | None
    cart: str | None
    """Name or tag of the cart."""
    opened_at: str
    closed_at: str | None
    expected: int
    missing: int
    """Expected, not seen, and not lent in the meantime."""
    scans: int

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Where the register had an asset when it was scanned, in words."""

    school: str | None = None
    """Its name, else its UAI."""
    room: str | None = None
    cart: str | None = None
    """Name or tag of the cart."""
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One asset or unknown code, with what the stocktake says of it."""

    finding: Finding
    asset: AssetRow | None
    code: str | None = None
    """Of an unknown code."""
    position: int | None = None
    """In the order of the first scans; None for what nobody scanned."""
    at: str | None = None
    author: str | None = None
    known: KnownPlace | None = None
    state: State | None = None
    """As the register had it at the scan."""
    late: bool = False


@dataclass(frozen=True, slots=True)
class StocktakeReport:
    """A whole stocktake. What arrived or came back since the opening is found too, so found and
    missing may add up to more than what was expected.
    """

    row: StocktakeRow
    lines: tuple[ReportLine, ...]
    """Ordered by finding, then by place; unknown codes as they came."""
    signed_by: str | None = None

    @property
    def counts(self) -> Counter[Finding]:
        """How many lines there are of each finding."""
        return Counter(line.finding for line in self.lines)

    def of(self, finding: Finding) -> tuple[ReportLine, ...]:
        """The lines of one finding."""
        return tuple(line for line in self.lines if line.finding is finding)

    @property
    def differs(self) -> bool:
        """Whether anything is not as expected."""
        return any(self.counts[each] for each in DIFFERENCES)


class StocktakeViews(Protocol):
    """The part of the reading side that is about stocktakes."""

    def stocktakes(self, *, open_only: bool = False, limit: int = 50) -> tuple[StocktakeRow, ...]:
        """Stocktakes, the newest first."""

    def stocktake(self, stocktake_id: str) -> StocktakeReport | None:
        """One stocktake with all of its lines."""

    def rooms(self, school: str) -> tuple[tuple[str, int], ...]:
        """Names of the rooms of a school, and how many assets are in each."""
