"""What lists, cards and screens read: frozen rows, paged by key, and the port that yields them.

Rows join the state tables with the register, so a name appears here and nowhere in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from fleet.asset import State
from fleet.kinds import AssetKind, PersonKind
from fleet.query import WARRANTY_SOON_DAYS, Query

if TYPE_CHECKING:
    from fleet.stocktake_report import StocktakeViews

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
    """Of a cart: how many assets belong in it; ``CartRow`` tells those from what is there."""
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
    note: str | None = None
    """Free text of the erasable register, such as a complaint number."""


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
    debts: int = 0
    """Loans that something is still owed from."""

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


class SlotState(StrEnum):
    """How a slot of a cart shows."""

    EMPTY = "empty"
    PRESENT = "present"
    LENT = "lent"
    IN_REPAIR = "in_repair"
    """In repair, or damaged and waiting for it."""
    MISPLACED = "misplaced"
    """Seen at another place, or of another school than the cart."""
    GONE = "gone"
    """Lost, stolen or retired; its place is still its own."""


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One numbered slot of a cart."""

    slot: int
    asset: AssetRow | None
    state: SlotState = SlotState.EMPTY


@dataclass(frozen=True, slots=True)
class CartRow:
    """One cart with what is in it; its capacity is no count."""

    row: AssetRow
    room: str | None
    capacity: int | None
    belonging: int
    """Whatever its state."""
    present: int
    """In it and ready."""
    lent: int
    in_repair: int
    """In repair, or damaged and waiting for it."""


@dataclass(frozen=True, slots=True)
class DebtRow:
    """What one loan left owed."""

    loan: str
    tag: str | None
    model: str | None
    owed: tuple[str, ...]
    """Unlabelled accessories, by type; none where the labelled accessory itself is owed."""
    bound_to: str | None
    """Of a labelled accessory that stayed out: tag of what it belongs to."""
    person: str | None
    person_name: str | None
    class_name: str | None
    school: str | None
    lent_at: str
    returned_at: str | None


@dataclass(frozen=True, slots=True)
class AccessoryCount:
    """Unlabelled accessories of one type in one school."""

    school: str | None
    school_name: str | None
    accessory: str
    out: int
    """With open loans."""
    missing: int
    """Not brought back and not settled."""


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


class FacetKey(StrEnum):
    """What the fleet list can be narrowed by; the words are keys of the filter language."""

    STATE = "state"
    KIND = "kind"
    SCHOOL = "school"
    MODEL = "model"
    CART = "cart"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value with how many assets have it."""

    value: str
    """As the filter language takes it."""
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The commonest values of one key, most frequent first."""

    key: FacetKey
    values: tuple[FacetValue, ...]
    more: bool = False
    """There are others."""


class Views(Protocol):
    """The reading side; every call is one short read transaction."""

    @property
    def stocktaking(self) -> "StocktakeViews":
        """What is about stocktakes."""

    def assets(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[AssetRow]:
        """Assets that match, ordered by school, cart, slot and tag."""

    def count_assets(self, query: Query) -> int: ...

    def facet(self, query: Query, key: FacetKey, *, limit: int = 8) -> Facet:
        """Counts by ``key`` of what ``query`` finds, its own terms on that key left aside."""

    def asset_ids(self, query: Query) -> tuple[str, ...]:
        """Ids of all assets that match, in the order of ``assets``."""

    def assets_by_id(self, ids: Sequence[str]) -> tuple[AssetRow, ...]:
        """Rows of these assets, in the order of ``assets``."""

    def asset(self, code: str) -> AssetCard | None:
        """The card of the asset with this tag or id."""

    def assets_like(self, candidates: Sequence[str]) -> tuple[AssetRow, ...]:
        """Assets whose serial, accounting number or attached code is one of ``candidates``."""

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

    def carts(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[CartRow]:
        """Carts that match, in the order of ``assets``."""

    def debts(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[DebtRow]:
        """Loans that something is owed from, newest first; the keys are those of loans."""

    def accessory_counts(self, school: str | None = None) -> tuple[AccessoryCount, ...]:
        """Unlabelled accessories that are out or missing, by school and type."""

    def figures(self, today: date) -> Figures: ...

    def ending_warranties(self, today: date, days: int = WARRANTY_SOON_DAYS) -> int:
        """How many warranties end from ``today`` on within ``days``, retired assets aside."""
