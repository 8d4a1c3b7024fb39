"""Stocktakes (récolements): what was expected when one opened, what was scanned, what follows.

The expected list is frozen at opening. Scans come from several desks, in any order and repeated;
each is an operation of its own, so nothing scanned is ever lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fleet.asset import whole_number
from fleet.content import Content, read_text, read_texts
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
    LENT = "lent"
    """Belongs here and is with its borrower: neither expected nor missing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the register had an asset; ids only."""

    school: str | None = None
    room: str | None = None
    cart: str | None = None
    """Id of the cart."""
    slot: int | None = None


NOWHERE = Place()

SightingKey = tuple[str | None, str | None]
"""Id of the asset, or the code that no asset bears."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first scan of one asset, or of a code that no asset bears."""

    position: int
    """From 0, in the order of the first scans."""
    asset: str | None
    """Id of the asset; None for an unknown code."""
    code: str | None
    """What was scanned."""
    at: str
    author: str
    replica: str
    finding: Finding
    """As the desk judged it, with the register that it had."""
    known: Place = NOWHERE
    """Where that register had it."""
    state: str | None = None
    """In which state that register had it."""
    late: bool = False
    """It was scanned after the closing."""

    @property
    def key(self) -> SightingKey:
        return sighting_key(self.asset, self.code)


@dataclass(frozen=True, slots=True)
class Stocktake:
    """One stocktake, folded from its operations.

    The database may hand one over in part: its head, with only the lines that a scan is about.
    """

    id: str
    school: str = ""
    room: str | None = None
    cart: str | None = None
    """Id of the cart, for the stocktake of one."""
    opened_at: str = ""
    closed_at: str | None = None
    closed_by: str | None = None
    """Id of the operation that closed it; who signed is noted under it."""
    expected: tuple[str, ...] = ()
    """Ids of the assets that should be there."""
    lent: tuple[str, ...] = ()
    """Ids of those that belong there and were lent, at the opening or by the closing."""
    seen: Mapping[SightingKey, Sighting] = field(default_factory=dict)
    """In the order of the first scans."""
    sighted: int = 0
    """How many assets and codes were seen."""
    scans: int = 0
    """All of them, repetitions included."""
    last_hlc: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.opened_at) and self.closed_at is None

    def sighting(self, asset: str | None, code: str | None = None) -> Sighting | None:
        """The first scan of an asset, or of a code that no asset bears."""
        return self.seen.get(sighting_key(asset, code))

    @property
    def missing(self) -> tuple[str, ...]:
        """Expected and not seen."""
        return tuple(each for each in self.expected if (each, None) not in self.seen)


def sighting_key(asset: str | None, code: str | None) -> SightingKey:
    """What makes two scans the same."""
    return (asset, None) if asset else (None, code)


def step_stocktake(stocktake: Stocktake, operation: Operation) -> Stocktake:
    """The stocktake after ``operation``; scans that come after the closing still count."""
    content = operation.content()
    match operation.kind:
        case "stocktake.opened" if not stocktake.opened_at:
            lent = _ids(content, "lent")
            stocktake = replace(
                stocktake,
                school=operation.scope,
                room=read_text(content, "room"),
                cart=read_text(content, "cart"),
                opened_at=operation.at,
                expected=tuple(each for each in _ids(content, "expected") if each not in lent),
                lent=tuple(lent),
            )
        case "stocktake.scanned":
            stocktake = _scanned(stocktake, operation, content)
        case "stocktake.closed" if stocktake.closed_at is None:
            away = _ids(content, "lent")
            gone = tuple(each for each in stocktake.expected if each in away)
            stocktake = replace(
                stocktake,
                closed_at=operation.at,
                closed_by=operation.id,
                expected=tuple(each for each in stocktake.expected if each not in away),
                lent=(*stocktake.lent, *gone),
            )
    return replace(stocktake, last_hlc=operation.hlc)


def scanned_sighting(operation: Operation) -> SightingKey:
    """What a scan is of; both None where a stranger wrote something else there."""
    content = operation.content()
    return sighting_key(read_text(content, "asset"), read_text(content, "code"))


def _scanned(stocktake: Stocktake, operation: Operation, content: Content) -> Stocktake:
    asset, code = read_text(content, "asset"), read_text(content, "code")
    key = sighting_key(asset, code)
    if key == (None, None) or key in stocktake.seen:
        return replace(stocktake, scans=stocktake.scans + 1)
    sighting = Sighting(
        position=stocktake.sighted,
        asset=asset,
        code=code,
        at=operation.at,
        author=operation.author,
        replica=operation.replica,
        finding=_finding(content.get("finding")),
        known=_place(content.get("known")),
        state=read_text(content, "state"),
        late=stocktake.closed_at is not None,
    )
    return replace(
        stocktake,
        scans=stocktake.scans + 1,
        seen={**stocktake.seen, key: sighting},
        sighted=stocktake.sighted + 1,
    )


def _finding(value: Json) -> Finding:
    try:
        return Finding(str(value))
    except ValueError:
        return Finding.UNKNOWN


def _place(value: Json) -> Place:
    if not isinstance(value, Mapping):
        return NOWHERE
    content = dict(value)
    return Place(
        school=read_text(content, "school"),
        room=read_text(content, "room"),
        cart=read_text(content, "cart"),
        slot=whole_number(content.get("slot"), least=1),
    )


def _ids(content: Content, name: str) -> dict[str, None]:
    """A list of ids without repetition, in its order."""
    return dict.fromkeys(read_texts(content, name))
