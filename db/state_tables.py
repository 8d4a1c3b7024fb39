"""The state tables: folded from the ledger, dropped and rebuilt, never migrated."""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from db.tables import options

PROJECTION_VERSION = 2
"""Raise it when these tables or the fold change: they are rebuilt at the next opening."""


class AssetRow(SQLModel, table=True):
    """Folded assets (``fleet.asset.Asset``)."""

    __tablename__: ClassVar[str] = "asset"
    __table_args__ = (
        CheckConstraint("slot IS NULL OR slot > 0", name="slot"),
        Index(
            "uq_asset_tag",
            "tag",
            unique=True,
            sqlite_where=text("tag_contested = 0"),
            postgresql_where=text("NOT tag_contested"),
        ),
        Index(
            "uq_asset_cart_slot",
            "cart",
            "slot",
            unique=True,
            sqlite_where=text("slot IS NOT NULL AND slot_contested = 0"),
            postgresql_where=text("slot IS NOT NULL AND NOT slot_contested"),
        ),
        Index("ix_asset_tag", "tag"),  # the guard above is partial: it serves no lookup
        Index("ix_asset_serial", "serial"),
        Index("ix_asset_wifi_mac", "wifi_mac"),
        Index("ix_asset_name", "name"),
        Index("ix_asset_accounting_number", "accounting_number"),
        Index("ix_asset_cart", "cart"),
        Index("ix_asset_bound_to", "bound_to"),
        Index("ix_asset_school_kind", "school", "kind"),
        Index("ix_asset_state", "state"),
        Index("ix_asset_sort_key", "sort_key"),
        options("state"),
    )
    id: str = Field(primary_key=True)
    kind: str | None
    tag: str | None
    name: str | None
    platform: str | None
    managed_by: str | None
    maker: str | None
    model: str | None
    serial: str | None
    wifi_mac: str | None
    os_version: str | None
    owner: str | None
    school: str | None
    room: str | None
    cart: str | None
    slot: int | None
    bound_to: str | None
    capacity: int | None
    accounting_number: str | None
    purchased_on: str | None
    warranty_until: str | None
    supplier: str | None
    lot: str | None
    price_cents: int | None
    funding: str | None
    custody: str
    state: str
    profile: str | None
    audited_at: str | None
    compliant: bool | None
    seen_at: str | None
    unknown_kinds: bool
    last_hlc: str
    tag_contested: bool = False
    slot_contested: bool = False
    code_count: int = 0
    search: str
    sort_key: str


class AssetCodeRow(SQLModel, table=True):
    """Older codes attached to assets."""

    __tablename__: ClassVar[str] = "asset_code"
    __table_args__ = (Index("ix_asset_code_asset", "asset"), options("state"))
    code: str = Field(primary_key=True)
    asset: str = Field(primary_key=True, foreign_key="asset.id")
    position: int


class LoanRow(SQLModel, table=True):
    """Folded loans (``fleet.asset.Loan``)."""

    __tablename__: ClassVar[str] = "loan"
    __table_args__ = (
        Index("ix_loan_asset", "asset"),
        Index("ix_loan_ref", "ref"),
        Index("ix_loan_opened", "opened_hlc", "id"),
        Index(
            "uq_loan_open",
            "asset",
            unique=True,
            sqlite_where=text("closed_at IS NULL AND contested = 0"),
            postgresql_where=text("closed_at IS NULL AND NOT contested"),
        ),
        options("state"),
    )
    id: str = Field(primary_key=True)
    asset: str = Field(foreign_key="asset.id")
    ref: str
    operation: str
    opened_at: str
    opened_hlc: str
    due: str | None
    accessories: str
    closed_at: str | None
    closed_by: str | None
    condition: str | None
    missing: str
    settled: str
    has_debts: bool
    contested: bool
    cancelled: bool


class ConflictRow(SQLModel, table=True):
    """Folded conflicts (``fleet.asset.Conflict``)."""

    __tablename__: ClassVar[str] = "conflict"
    __table_args__ = (Index("ix_conflict_asset", "asset"), options("state"))
    id: str = Field(primary_key=True)
    asset: str = Field(foreign_key="asset.id")
    earlier: str
    later: str
    kind: str


class SchoolRow(SQLModel, table=True):
    """Folded schools (``fleet.register.School``)."""

    __tablename__: ClassVar[str] = "school"
    __table_args__ = options("state")
    uai: str = Field(primary_key=True)
    name: str
    kind: str
    status: str
    address: str
    postcode: str
    commune: str
    commune_code: str
    departement: str
    circonscription: str
    nature: str
    priority: str
    condition: str
    phone: str
    mail: str
    last_hlc: str
    search: str


class PhaseRow(SQLModel, table=True):
    """Folded phases (``fleet.register.Phase``)."""

    __tablename__: ClassVar[str] = "phase"
    __table_args__ = options("state")
    id: str = Field(primary_key=True)
    programme: str
    name: str
    position: int
    year: int | None
    last_hlc: str


class PhaseSchoolRow(SQLModel, table=True):
    """Which schools are in which phase."""

    __tablename__: ClassVar[str] = "phase_school"
    __table_args__ = options("state")
    phase: str = Field(primary_key=True, foreign_key="phase.id")
    school: str = Field(primary_key=True)


class StocktakeRow(SQLModel, table=True):
    """Folded stocktakes (``fleet.stocktake.Stocktake``)."""

    __tablename__: ClassVar[str] = "stocktake"
    __table_args__ = (Index("ix_stocktake_school", "school", "opened_at"), options("state"))
    id: str = Field(primary_key=True)
    school: str
    room: str | None
    cart: str | None
    opened_at: str
    closed_at: str | None
    closed_by: str | None
    sighted: int
    scans: int
    last_hlc: str


class StocktakeExpectedRow(SQLModel, table=True):
    """What a stocktake expected, frozen at its opening."""

    __tablename__: ClassVar[str] = "stocktake_expected"
    __table_args__ = options("state")
    stocktake: str = Field(primary_key=True, foreign_key="stocktake.id")
    asset: str = Field(primary_key=True)
    position: int
    lent: bool
    """It belongs there and was with its borrower."""


class StocktakeSightingRow(SQLModel, table=True):
    """The first scan of each asset, or of each code that is no asset's."""

    __tablename__: ClassVar[str] = "stocktake_sighting"
    __table_args__ = (
        Index("ix_stocktake_sighting_asset", "stocktake", "asset"),
        Index("ix_stocktake_sighting_code", "stocktake", "code"),
        options("state"),
    )
    stocktake: str = Field(primary_key=True, foreign_key="stocktake.id")
    position: int = Field(primary_key=True)
    """From 0, in the order of the first scans."""
    asset: str | None
    code: str | None
    at: str
    author: str
    replica: str
    finding: str
    known_school: str | None
    known_room: str | None
    known_cart: str | None
    known_slot: int | None
    state: str | None
    late: bool
