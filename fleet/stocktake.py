"""Stocktakes (récolements): what was expected when one opened, what was scanned, what follows.

The expected list is frozen at opening. Scans come from several desks, in any order and repeated;
each is an operation of its own, so nothing scanned is ever lost.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from fleet.operation import Json, Operation

OPENED = "stocktake.opened"
SCANNED = "stocktake.scanned"
CLOSED = "stocktake.closed"


class Finding(StrEnum):
    """What a stocktake says of one asset or code."""

    FOUND = "found"
    MISSING = "missing"
    MOVED = "moved"
    """Expected at another place of the same school, or elsewhere in the register."""
    UNEXPECTED = "unexpected"
    """Known, and should not be here at all: retired, lost, stolen, or lent to somebody."""
    UNKNOWN = "unknown"
    """A code that no asset bears."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first scan of one asset, or of a code that no asset bears."""

    position: int
    """From 0, in the order of the first scans."""
    asset: str | None
    """Id of the asset; None for an unknown code."""
    code: str | None
    """What was scanned, where it was no asset's tag."""
    at: str
    author: str
    replica: str
    finding: Finding
    """As the desk judged it, with the register that it had."""


@dataclass(frozen=True, slots=True)
class Stocktake:
    """One stocktake, folded from its operations."""

    id: str
    school: str = ""
    room: str | None = None
    cart: str | None = None
    """Id of the cart, for the stocktake of one."""
    opened_at: str = ""
    closed_at: str | None = None
    expected: tuple[str, ...] = ()
    """Ids of the assets that should be there."""
    seen: tuple[Sighting, ...] = ()
    scans: int = 0
    """All of them, repetitions included."""
    last_hlc: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.opened_at) and self.closed_at is None

    @property
    def sightings(self) -> dict[str, Sighting]:
        """By id of the asset."""
        return {each.asset: each for each in self.seen if each.asset is not None}

    @property
    def missing(self) -> tuple[str, ...]:
        """Expected and not seen."""
        sightings = self.sightings
        return tuple(each for each in self.expected if each not in sightings)


def step_stocktake(stocktake: Stocktake, operation: Operation) -> Stocktake:
    """The stocktake after ``operation``; scans that come after the closing still count."""
    content = operation.content()
    stocktake = replace(stocktake, last_hlc=operation.hlc)
    match operation.kind:
        case "stocktake.opened" if not stocktake.opened_at:
            expected = content.get("expected")
            return replace(
                stocktake,
                school=operation.scope,
                room=_text(content.get("room")),
                cart=_text(content.get("cart")),
                opened_at=operation.at,
                expected=tuple(each for each in expected if isinstance(each, str))
                if isinstance(expected, list)
                else (),
            )
        case "stocktake.scanned":
            return _scanned(stocktake, operation, content)
        case "stocktake.closed" if stocktake.closed_at is None:
            return replace(stocktake, closed_at=operation.at)
    return stocktake


def _scanned(stocktake: Stocktake, operation: Operation, content: dict[str, Json]) -> Stocktake:
    asset, code = _text(content.get("asset")), _text(content.get("code"))
    counted = replace(stocktake, scans=stocktake.scans + 1)
    key = (asset, None if asset else code)
    known = {(each.asset, None if each.asset else each.code) for each in stocktake.seen}
    if key == (None, None) or key in known:
        return counted
    sighting = Sighting(
        len(stocktake.seen),
        asset,
        code,
        operation.at,
        operation.author,
        operation.replica,
        _finding(content.get("finding")),
    )
    return replace(counted, seen=(*stocktake.seen, sighting))


def _finding(value: Json) -> Finding:
    try:
        return Finding(str(value))
    except ValueError:
        return Finding.UNKNOWN


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
