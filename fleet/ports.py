"""What the use cases ask of the database: one open transaction.

``db.work`` implements it for SQLite (PostgreSQL follows). Use cases read what their rules need,
record drafts, and the caller commits once.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fleet.asset import Asset, Loan
from fleet.imports.staging import Staging
from fleet.operation import Draft, Operation
from fleet.persons import Person
from fleet.register import Phase, School
from fleet.stocktake import Stocktake


class Work(Protocol):
    """One unit of work: everything in it is written together, or nothing is."""

    @property
    def now(self) -> datetime:
        """The moment the transaction opened; use cases have no other clock."""

    def new_id(self) -> str:
        """A new time-ordered id."""

    def entropy(self, below: int) -> int:
        """A random integer from 0 to ``below`` - 1."""

    def record(self, drafts: Iterable[Draft]) -> list[Operation]:
        """Append operations and change the state that they fold into.

        A draft whose id is in the ledger already is not written again: the entry that stands is
        returned. Raises ``Refusal('operation.id_reused')`` when its content differs.
        """

    def operation(self, operation_id: str) -> Operation | None: ...

    def written_with(self, operation: Operation) -> list[Operation]:
        """The operations of one gesture over several assets, in the order they were written."""

    def operations_about(self, subject: str) -> list[Operation]:
        """All operations about one subject, in the fold's order."""

    def last_operation(self) -> Operation | None:
        """The newest operation of this author on this replica."""

    def agent_name(self, agent_id: str) -> str:
        """Name of who wrote an operation; the id itself where the register forgot."""

    # assets
    def asset(self, asset_id: str) -> Asset | None: ...

    def asset_by_tag(self, tag: str) -> Asset | None: ...

    def assets_by_tag(self, tags: Sequence[str]) -> dict[str, Asset]: ...

    def assets_by_serial(self, serials: Sequence[str]) -> dict[str, list[Asset]]:
        """Assets by serial; several may share one."""

    def assets_by_name(self, names: Sequence[str]) -> dict[tuple[str, str], Asset]:
        """Carts and servers by (school, name)."""

    def assets_by_accounting_number(self, numbers: Sequence[str]) -> dict[str, Asset]:
        """Assets by the owner's inventory number."""

    def assets_by_wifi_mac(self, macs: Sequence[str]) -> dict[str, Asset]:
        """Assets by the factory address of their Wi-Fi interface."""

    def assets_in(self, cart: str) -> list[Asset]:
        """What belongs in a cart, by slot."""

    def taken_tags(self, tags: Sequence[str]) -> set[str]:
        """Which of ``tags`` are in use."""

    def assets(self, ids: Sequence[str]) -> dict[str, Asset]:
        """Assets by id."""

    def assets_at(self, school: str, room: str | None = None) -> list[Asset]:
        """What a school holds, or one of its rooms."""

    def assets_by_code(self, codes: Sequence[str]) -> dict[str, list[Asset]]:
        """Assets by an older code that was attached to them."""

    def bound_to(self, asset: str) -> list[Asset]:
        """The labelled accessories that go and come with an asset."""

    def loan(self, loan_id: str) -> Loan | None: ...

    # places
    def schools(self, uais: Sequence[str]) -> dict[str, School]: ...

    def phase(self, phase_id: str) -> Phase | None: ...

    def stocktake(self, stocktake_id: str) -> Stocktake | None:
        """A stocktake with all of its lines."""

    def stocktake_about(
        self, stocktake_id: str, assets: Sequence[str], codes: Sequence[str] = ()
    ) -> Stocktake | None:
        """A stocktake with only its lines about ``assets`` and about unknown ``codes``."""

    # the erasable register
    @property
    def fleet_key(self) -> bytes:
        """Secret of the fleet, for the ids of persons; never logged."""

    def person(self, person_id: str) -> Person | None: ...

    def persons(self, person_ids: Sequence[str]) -> dict[str, Person]: ...

    def person_by_code(self, code: str) -> Person | None: ...

    def people_named(self, name_keys: Sequence[str]) -> dict[str, list[Person]]:
        """Persons by folded names."""

    def people_of(self, school: str) -> list[Person]: ...

    def save_people(self, people: Iterable[Person]) -> None: ...

    def taken_codes(self, codes: Sequence[str]) -> set[str]: ...

    def borrower(self, ref: str) -> Person | None:
        """Who is behind the reference of a loan; None once the link was erased."""

    def save_note(self, operation: str, text: str) -> None:
        """Keep free text about an operation, such as a complaint number."""

    def link(self, ref: str, person_id: str) -> None:
        """Tie the reference of a loan to a person."""

    def forget(self) -> None:
        """Let go of what was read so far, which is written already; long work stays small."""

    def commit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the ledger says."""

    code: str
    """``check.chain``, ``check.state`` …"""
    subject: str
    detail: str = ""


class Store(Protocol):
    """The database of one fleet."""

    @property
    def database(self) -> str:
        """The file, for messages."""

    @property
    def replica(self) -> str:
        """Id of the writer that this installation is."""

    def setting(self, name: str) -> str:
        """A setting of this database; empty when it was never set."""

    def set_settings(self, settings: Mapping[str, str]) -> None: ...

    def check(self) -> list[Finding]:
        """What does not follow from the ledger, or breaks a guard."""

    def close(self) -> None: ...

    def staging(self) -> AbstractContextManager[Staging]:
        """Room beside the database for the rows of one import; gone when it ends."""

    def work(self, author: str) -> AbstractContextManager[Work]:
        """Open a unit of work for the agent ``author``; leaving it without commit rolls back."""
