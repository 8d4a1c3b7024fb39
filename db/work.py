"""One unit of work on the database: ``fleet.ports.Work`` over one writing transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from db.ledger import Ledger
from db.people import People
from db.projection import Projection
from db.rows import loan_value
from db.statements import ASSET, ASSET_CODE, LOAN, chunks
from fleet.asset import Asset, Loan
from fleet.ids import uuid7
from fleet.operation import Draft, Operation
from fleet.persons import Person
from fleet.register import Phase, School
from fleet.stamps import unix_ms
from fleet.stocktake import Stocktake

Entropy = Callable[[int], int]
"""A random integer from 0 to below its argument."""


class SqlWork:
    """See ``fleet.ports.Work``."""

    def __init__(
        self,
        connection: Connection,
        *,
        replica: str,
        fleet_key: bytes,
        author: str,
        now: datetime,
        entropy: Entropy,
    ) -> None:
        self._connection = connection
        self._now = now
        self._entropy = entropy
        self._fleet_key = fleet_key
        self._people = People(connection)
        self._projection = Projection(connection)
        self._ledger = Ledger(
            connection,
            self._projection,
            replica=replica,
            author=self._people.agent_id(author, self.new_id()),
            now=now,
            new_id=self.new_id,
        )

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def fleet_key(self) -> bytes:
        return self._fleet_key

    def new_id(self) -> str:
        return uuid7(unix_ms(self._now), self._entropy(1 << 74))

    def entropy(self, below: int) -> int:
        return self._entropy(below)

    def record(self, drafts: Iterable[Draft]) -> list[Operation]:
        return self._ledger.record(drafts)

    def operation(self, operation_id: str) -> Operation | None:
        return self._ledger.operations([operation_id]).get(operation_id)

    def written_with(self, operation: Operation) -> list[Operation]:
        return self._ledger.written_with(operation)

    def operations_about(self, subject: str) -> list[Operation]:
        return self._ledger.about(subject)

    def last_operation(self) -> Operation | None:
        return self._ledger.last_by_author()

    def agent_name(self, agent_id: str) -> str:
        return self._people.agent_name(agent_id)

    def asset(self, asset_id: str) -> Asset | None:
        return self._projection.assets.load([asset_id]).get(asset_id)

    def asset_by_tag(self, tag: str) -> Asset | None:
        return self.assets_by_tag([tag]).get(tag)

    def assets_by_tag(self, tags: Sequence[str]) -> dict[str, Asset]:
        return {asset.tag or "": asset for asset in self._assets_with(ASSET.c.tag, tags)}

    def assets_by_serial(self, serials: Sequence[str]) -> dict[str, list[Asset]]:
        # A delivery note and a tablet may write one serial in different cases.
        spelled = [each for serial in serials for each in (serial, serial.upper(), serial.lower())]
        alike: dict[str, list[Asset]] = {}
        for asset in self._assets_with(ASSET.c.serial, spelled):
            alike.setdefault((asset.serial or "").lower(), []).append(asset)
        return {serial: alike[serial.lower()] for serial in serials if serial.lower() in alike}

    def assets_by_name(self, names: Sequence[str]) -> dict[tuple[str, str], Asset]:
        found = self._assets_with(ASSET.c.name, names)
        return {(asset.school or "", asset.name or ""): asset for asset in found}

    def assets_by_accounting_number(self, numbers: Sequence[str]) -> dict[str, Asset]:
        found = self._assets_with(ASSET.c.accounting_number, numbers)
        return {asset.accounting_number or "": asset for asset in found}

    def assets_by_wifi_mac(self, macs: Sequence[str]) -> dict[str, Asset]:
        return {asset.wifi_mac or "": asset for asset in self._assets_with(ASSET.c.wifi_mac, macs)}

    def assets_in(self, cart: str) -> list[Asset]:
        inside = self._projection.assets.where(ASSET.c.cart == cart)
        return sorted(inside, key=lambda asset: (asset.slot or 0, asset.id))

    def taken_tags(self, tags: Sequence[str]) -> set[str]:
        taken: set[str] = set()
        for part in chunks(tags):
            taken.update(self._connection.scalars(select(ASSET.c.tag).where(ASSET.c.tag.in_(part))))
        return taken

    def loan(self, loan_id: str) -> Loan | None:
        row = self._connection.execute(select(LOAN).where(LOAN.c.id == loan_id)).mappings().first()
        return None if row is None else loan_value(row)

    def schools(self, uais: Sequence[str]) -> dict[str, School]:
        return self._projection.schools.load(uais)

    def phase(self, phase_id: str) -> Phase | None:
        return self._projection.phases.load([phase_id]).get(phase_id)

    def stocktake(self, stocktake_id: str) -> Stocktake | None:
        return self._projection.stocktakes.whole(stocktake_id)

    def stocktake_about(
        self, stocktake_id: str, assets: Sequence[str], codes: Sequence[str] = ()
    ) -> Stocktake | None:
        return self._projection.stocktakes.about(stocktake_id, assets, codes)

    def assets(self, ids: Sequence[str]) -> dict[str, Asset]:
        return self._projection.assets.load(ids)

    def assets_at(self, school: str, room: str | None = None) -> list[Asset]:
        conditions = [ASSET.c.school == school]
        if room is not None:
            conditions.append(ASSET.c.room == room)
        return sorted(self._projection.assets.where(*conditions), key=lambda asset: asset.id)

    def assets_by_code(self, codes: Sequence[str]) -> dict[str, list[Asset]]:
        found: dict[str, list[Asset]] = {}
        for part in chunks(codes):
            statement = select(ASSET_CODE.c.code, ASSET_CODE.c.asset)
            pairs = self._connection.execute(statement.where(ASSET_CODE.c.code.in_(part))).all()
            assets = self._projection.assets.load([asset for _, asset in pairs])
            for code, asset in pairs:
                found.setdefault(code, []).append(assets[asset])
        return found

    def bound_to(self, asset: str) -> list[Asset]:
        bound = self._projection.assets.where(ASSET.c.bound_to == asset)
        return sorted(bound, key=lambda each: each.id)

    def save_note(self, operation: str, text: str) -> None:
        self._people.save_note(operation, text)

    def person(self, person_id: str) -> Person | None:
        return self._people.by_id([person_id]).get(person_id)

    def persons(self, person_ids: Sequence[str]) -> dict[str, Person]:
        return self._people.by_id(person_ids)

    def person_by_code(self, code: str) -> Person | None:
        return self._people.by_code(code)

    def people_named(self, name_keys: Sequence[str]) -> dict[str, list[Person]]:
        return self._people.by_names(name_keys)

    def people_of(self, school: str) -> list[Person]:
        return self._people.of_school(school)

    def save_people(self, people: Iterable[Person]) -> None:
        self._people.save(people)

    def taken_codes(self, codes: Sequence[str]) -> set[str]:
        return self._people.taken_codes(codes)

    def borrower(self, ref: str) -> Person | None:
        return self._people.borrower(ref)

    def link(self, ref: str, person_id: str) -> None:
        self._people.link(ref, person_id)

    def forget(self) -> None:
        self._projection.forget()

    def commit(self) -> None:
        """Make everything durable; nothing may follow in this unit of work."""
        self._connection.commit()

    def _assets_with(self, column: ColumnElement[str], values: Sequence[str]) -> list[Asset]:
        return [
            asset
            for part in chunks(values)
            for asset in self._projection.assets.where(column.in_(part))
        ]
