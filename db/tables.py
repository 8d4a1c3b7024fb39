"""Every table, declared once for both engines, in three families.

``ledger`` is append-only and migrated by adding; ``register`` is erasable and migrated by adding;
``state`` (``db.state_tables``) is folded from the ledger, dropped and rebuilt, never migrated.
"""

from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_STRICT = {"sqlite_strict": True}


# STRICT tables know TEXT, INTEGER, REAL and BLOB only (https://sqlite.org/stricttables.html).
@compiles(String, "sqlite")
def _text(_type: String, _compiler: Any, **_options: Any) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
def _integer(_type: Boolean, _compiler: Any, **_options: Any) -> str:
    return "INTEGER"


@compiles(LargeBinary, "sqlite")
def _blob(_type: LargeBinary, _compiler: Any, **_options: Any) -> str:
    return "BLOB"


def options(family: str) -> dict[str, Any]:
    """What every table of ``family`` is made with."""
    return {**_STRICT, "info": {"family": family}}


class OperationRow(SQLModel, table=True):
    """The ledger (``fleet.operation.Operation``); triggers refuse UPDATE and DELETE."""

    __tablename__: ClassVar[str] = "operation"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("length(hlc) = 16", name="hlc"),
        CheckConstraint("length(hash) = 64", name="hash"),
        Index("ix_operation_subject", "subject", "hlc", "id"),
        Index("ix_operation_id", "id"),
        options("ledger"),
    )
    replica: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    id: str
    hlc: str
    scope: str
    subject: str
    kind: str
    v: int
    body: str
    at: str
    author: str
    seen: str
    prev: str
    hash: str


class ReplicaRow(SQLModel, table=True):
    """One writer of the ledger."""

    __tablename__: ClassVar[str] = "replica"
    __table_args__ = options("register")
    id: str = Field(primary_key=True)
    name: str
    created_at: str


class SettingRow(SQLModel, table=True):
    """Settings of this database: which replica it is, its fleet's key, the projection's version."""

    __tablename__: ClassVar[str] = "setting"
    __table_args__ = options("register")
    name: str = Field(primary_key=True)
    value: str


class AgentRow(SQLModel, table=True):
    """Who works with Ardoise; operations name them by id only."""

    __tablename__: ClassVar[str] = "agent"
    __table_args__ = (Index("uq_agent_name", "name", unique=True), options("register"))
    id: str = Field(primary_key=True)
    name: str


class PersonRow(SQLModel, table=True):
    """Who can borrow (``fleet.persons.Person``)."""

    __tablename__: ClassVar[str] = "person"
    __table_args__ = (
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_sort_key", "sort_key"),
        Index("uq_person_code", "code", unique=True, sqlite_where=text("code <> ''")),
        options("register"),
    )
    id: str = Field(primary_key=True)
    family_name: str
    given_name: str
    kind: str
    school: str
    class_name: str
    level: str
    guardian: str
    code: str
    mark: str
    left: bool
    name_key: str
    """Folded names: what lists are matched by."""
    search: str
    """Folded names, class and guardian: what typing finds."""
    sort_key: str
    """School, class and folded name: the order of class lists."""


class LoanLinkRow(SQLModel, table=True):
    """The reference of a loan → the person; erasing the row makes the loan anonymous."""

    __tablename__: ClassVar[str] = "loan_link"
    __table_args__ = (Index("ix_loan_link_person", "person"), options("register"))
    ref: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")


class NoteRow(SQLModel, table=True):
    """Free text about an operation; erasable, since it may name somebody."""

    __tablename__: ClassVar[str] = "note"
    __table_args__ = options("register")
    operation: str = Field(primary_key=True)
    text: str
