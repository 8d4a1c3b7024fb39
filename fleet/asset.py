"""An asset as the ledger knows it: what it is, where it is, its loans, and the words for its state.

These values are what the fold produces; ``fleet.movements`` holds the rules that change them.
"""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from fleet.kinds import AssetKind
from fleet.operation import Json


class State(StrEnum):
    """The closed list of states that lists, filters and JSON speak."""

    AVAILABLE = "available"
    IN_SERVICE = "in_service"
    """Installed where it works and not lent: a server, a projector."""
    LENT = "lent"
    """Derived: available, with an open loan."""
    DAMAGED = "damaged"
    """Came back broken and waits for somebody to look at it."""
    IN_REPAIR = "in_repair"
    LOST = "lost"
    STOLEN = "stolen"
    RETIRED = "retired"


class Condition(StrEnum):
    """How an asset came back."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


LENDABLE_KINDS = frozenset(
    {
        AssetKind.TABLET,
        AssetKind.CART,
        AssetKind.COMPUTER,
        AssetKind.WEBRADIO_KIT,
        AssetKind.WEBTV_KIT,
        AssetKind.ACCESSORY,
    }
)
"""Kinds that start on the shelf; the others start in service where they are installed."""


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan of one asset. Who borrowed it is behind ``ref``, in the erasable register."""

    id: str
    asset: str
    ref: str
    """Reference drawn for this loan alone; the register links it to a person."""
    operation: str
    """Id of the operation that opened it."""
    opened_at: str
    opened_hlc: str
    due: date | None = None
    accessories: tuple[str, ...] = ()
    """Kinds handed over with it: ``charger``, ``cover``."""
    closed_at: str | None = None
    closed_by: str | None = None
    """Id of the operation that closed it."""
    condition: Condition | None = None
    missing: tuple[str, ...] = ()
    """Kinds of accessories that did not come back."""
    settled: tuple[str, ...] = ()
    """Of the missing ones, those brought back, replaced or let go since."""
    contested: bool = False
    """A loan that overlapped an earlier open one, until a person resolves it."""
    cancelled: bool = False

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def debts(self) -> tuple[str, ...]:
        """What the borrower still owes from this loan."""
        return tuple(each for each in self.missing if each not in self.settled)


class ConflictKind(StrEnum):
    """Why two loans overlap: nobody knew, or somebody decided."""

    DOUBLE = "double"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two overlapping loans of one asset; its id is the same on every laptop."""

    asset: str
    earlier: str
    later: str
    kind: ConflictKind

    @property
    def id(self) -> str:
        text = f"{self.asset}|{self.earlier}|{self.later}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset, folded from its operations."""

    id: str
    kind: AssetKind | None = None
    """None until the operation that received it is known."""
    tag: str | None = None
    name: str | None = None
    """What people call a cart or a server: ``M-01``."""
    platform: str | None = None
    managed_by: str | None = None
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    wifi_mac: str | None = None
    """Factory address of the Wi-Fi interface, lower case with colons."""
    os_version: str | None = None
    owner: str | None = None
    school: str | None = None
    """UAI of the holder."""
    room: str | None = None
    cart: str | None = None
    """Id of the cart that it belongs in."""
    slot: int | None = None
    bound_to: str | None = None
    """Of a labelled accessory: id of the asset that it goes and comes with."""
    capacity: int | None = None
    """Slots of a cart, whatever the number present."""
    accounting_number: str | None = None
    purchased_on: str | None = None
    warranty_until: str | None = None
    supplier: str | None = None
    lot: str | None = None
    price_cents: int | None = None
    funding: str | None = None
    custody: State = State.AVAILABLE
    """The state leaving loans aside; never ``lent``."""
    profile: str | None = None
    """Name and version of the profile that it was last audited against."""
    audited_at: str | None = None
    compliant: bool | None = None
    seen_at: str | None = None
    codes: tuple[str, ...] = ()
    """Older codes attached to it: a label of the city's, an EAN; each scans as its tag does."""
    loans: tuple[Loan, ...] = ()
    """Those in play: the open ones, and the ones that an operation touched."""
    conflicts: tuple[Conflict, ...] = ()
    unknown_kinds: bool = False
    """Some operation about it comes from a newer Ardoise and could not be understood."""
    last_hlc: str = field(default="")

    @property
    def state(self) -> State:
        """The state that is shown and filtered by."""
        if self.custody in (State.AVAILABLE, State.IN_SERVICE) and self.open_loans:
            return State.LENT
        return self.custody

    @property
    def open_loans(self) -> tuple[Loan, ...]:
        return tuple(loan for loan in self.loans if loan.is_open)

    @property
    def standing_loan(self) -> Loan | None:
        """The open loan that counts: the uncontested one, else the first contested one."""
        open_loans = self.open_loans
        return next((loan for loan in open_loans if not loan.contested), None) or next(
            iter(open_loans), None
        )

    @property
    def label(self) -> str:
        """Tag, else name, else id: what an error calls it."""
        return self.tag or self.name or self.id


DESCRIBED = frozenset(
    {
        "tag",
        "name",
        "platform",
        "managed_by",
        "maker",
        "model",
        "serial",
        "wifi_mac",
        "os_version",
        "owner",
        "school",
        "room",
        "cart",
        "slot",
        "bound_to",
        "capacity",
        "accounting_number",
        "purchased_on",
        "warranty_until",
        "supplier",
        "lot",
        "price_cents",
        "funding",
    }
)
"""Fields that a register edit may write: last writer wins, each for itself."""

_NUMBERS = frozenset({"slot", "capacity", "price_cents"})
_LARGEST = (1 << 63) - 1
"""What a database keeps in an integer column."""


def described(body: dict[str, Json]) -> dict[str, str | int | None]:
    """The known fields of a register edit with values of the right type; the rest is left out."""
    known: dict[str, str | int | None] = {}
    for name in DESCRIBED & body.keys():
        value = body[name]
        if name in _NUMBERS:
            value = whole_number(value, least=1 if name == "slot" else 0)
            if value is not None or body[name] is None:
                known[name] = value
        elif value is None or isinstance(value, str):
            known[name] = value
    return known


def whole_number(value: Json, least: int = 0) -> int | None:
    """``value`` where it is an integer from ``least`` on that a database can keep."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= _LARGEST else None


assert {each.name for each in fields(Asset)} >= DESCRIBED
