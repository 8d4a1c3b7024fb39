"""What lists, cards and screens read: frozen rows, paged by key, and the port that yields them.

Rows join the state tables with the register, so a name appears here and nowhere in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from fleet.asset import State
from fleet.kinds import AssetKind, PersonKind
from fleet.query import Query

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and the key to go on from."""

    items: tuple[Row, ...]
    next: str | None = None
    """Pass it as ``after`` for the following page; None on the last one."""


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset as a line of the fleet list."""

    id: str
    tag: str | None
    kind: AssetKind
    state: State
    name: str | None
    maker: str | None
    model: str | None
    serial: str | None
    school: str | None
    school_name: str | None
    cart: str | None
    """Tag of the cart."""
    cart_name: str | None
    slot: int | None
    borrower: str | None
    """Id of the person, where the register still knows."""
    borrower_name: str | None
    borrower_class: str | None
    due: date | None
    lent_at: str | None
    compliant: bool | None
    audited_at: str | None


@dataclass(frozen=True, slots=True)
class AssetCard:
    """Everything about one asset."""

    row: AssetRow
    owner: str | None
    platform: str | None
    managed_by: str | None
    wifi_mac: str | None
    os_version: str | None
    room: str | None
    capacity: int | None
    present: int | None
    """Of a cart: how many assets belong in it."""
    accounting_number: str | None
    purchased_on: str | None
    warranty_until: str | None
    supplier: str | None
    lot: str | None
    price_cents: int | None
    funding: str | None
    profile: str | None
    unknown_kinds: bool
    loan: str | None
    """Id of the standing loan."""
    accessories: tuple[str, ...]
    conflicts: int
    """Open conflicts."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One operation about an asset."""

    id: str
    kind: str
    at: str
    author: str
    """Name of the agent, or its id where the register forgot."""
    replica: str
    body: dict[str, object]
    person_name: str | None = None
    """Who borrowed, where the register still knows."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as a line of a class list."""

    id: str
    family_name: str
    given_name: str
    kind: PersonKind
    school: str
    class_name: str
    mark: str
    code: str
    guardian: str
    left: bool
    loans: int
    """Open loans."""

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan."""

    id: str
    asset: str
    tag: str | None
    model: str | None
    person: str | None
    person_name: str | None
    class_name: str | None
    school: str | None
    lent_at: str
    due: date | None
    returned_at: str | None
    condition: str | None
    missing: tuple[str, ...]
    contested: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school with the figures of its inventory."""

    uai: str
    name: str
    commune: str
    postcode: str
    kind: str
    phases: tuple[int, ...]
    assets: int
    people: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One numbered slot of a cart."""

    slot: int
    asset: AssetRow | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts for the home screen and the demo's account."""

    schools: int
    people: int
    assets: int
    carts: int
    servers: int
    tablets: int
    open_loans: int
    late: int
    conflicts: int
    operations: int


class Views(Protocol):
    """The reading side; every call is one short read transaction."""

    def assets(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[AssetRow]:
        """Assets that match, ordered by school, cart, slot and tag."""

    def count_assets(self, query: Query) -> int: ...

    def asset(self, code: str) -> AssetCard | None:
        """The card of the asset with this tag or id."""

    def assets_like(self, candidates: Sequence[str]) -> tuple[AssetRow, ...]:
        """Assets whose serial or accounting number is one of ``candidates``."""

    def history(self, asset_id: str, *, limit: int = 200) -> tuple[HistoryRow, ...]:
        """What happened to one asset, newest first."""

    def people(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[PersonRow]:
        """Persons who match, ordered by school, class and folded name."""

    def person(self, code: str) -> PersonRow | None:
        """The person with this id or card code."""

    def loans(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[LoanRow]:
        """Loans that match, newest first; open ones unless the query says otherwise."""

    def schools(
        self, query: Query, *, limit: int = 50, after: str | None = None
    ) -> Page[SchoolRow]:
        """Schools that match, by UAI."""

    def classes(self, school: str) -> tuple[tuple[str, int], ...]:
        """Names and sizes of the classes of a school."""

    def slots(self, cart: str) -> tuple[SlotRow, ...]:
        """All slots of the cart with this tag or id, empty ones included."""

    def figures(self, today: date) -> Figures: ...
