"""A small city on a real database: a clock to set, seeded entropy, schools, pupils and a cart.

The fixtures of ``conftest`` hand it out; whatever reads or writes goes through the store.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect, text

from db.search import INDEX_TABLES
from db.store import SqlStore
from db.views import SqlViews
from fleet import movements
from fleet.asset import Asset, Condition
from fleet.kinds import AssetKind, PersonKind
from fleet.operation import Draft, Json, Operation
from fleet.persons import Person
from fleet.register import SCHOOL_DESCRIBED
from fleet.uai import uai_of
from fleet.usecases.lending import LoanOrder, LoanReceipt, Returned, ReturnOrder, give_back, lend
from fleet.usecases.tagging import draw_free_person_code, draw_free_tag
from fleet.usecases.undoing import Undone, undo

MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
AUTHOR = "Camille"
SCHOOL, OTHER_SCHOOL = uai_of("035", 1), uai_of("035", 2)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, delta: timedelta = timedelta(minutes=1)) -> datetime:
        """Move by ``delta``, which may be negative; the new time."""
        self.now += delta
        return self.now


class City:
    """A store, its views and the office's gestures, each in one committed unit of work."""

    def __init__(self, path: Path | None, *, clock: Clock | None = None, seed: int = 1) -> None:
        self.path = path
        self.clock = clock or Clock()
        self.store = SqlStore(path, clock=self.clock, entropy=random.Random(seed).randrange)
        self.views = SqlViews(self.store)

    def close(self) -> None:
        self.store.close()

    def record(self, *drafts: Draft, author: str = AUTHOR) -> list[Operation]:
        """Append operations as they are."""
        with self.store.work(author) as work:
            operations = work.record(drafts)
            work.commit()
        return operations

    def write(
        self, kind: str, subject: str, body: dict[str, Json] | None = None, seen: Sequence[str] = ()
    ) -> Operation:
        """Append one operation about ``subject``."""
        return self.record(Draft(kind, subject, SCHOOL, body or {}, seen=tuple(seen)))[0]

    def add_school(self, uai: str, name: str, **described: Json) -> str:
        """Enter a school; its UAI."""
        body: dict[str, Json] = {"name": name, "departement": f"{uai[:3]}", **described}
        self.record(Draft(SCHOOL_DESCRIBED, uai, uai, body))
        return uai

    def receive(self, kind: str = AssetKind.TABLET, **described: Json) -> Asset:
        """Receive one asset, tagged unless ``tag`` is given."""
        with self.store.work(AUTHOR) as work:
            asset_id = work.new_id()
            body: dict[str, Json] = {"tag": draw_free_tag(work), "school": SCHOOL, **described}
            work.record([Draft(movements.RECEIVED, asset_id, SCHOOL, {**body, "kind": kind})])
            asset = work.asset(asset_id)
            work.commit()
        assert asset is not None
        return asset

    def add_person(
        self,
        family_name: str,
        given_name: str,
        class_name: str = "CM2 A",
        *,
        school: str = SCHOOL,
        kind: PersonKind = PersonKind.PUPIL,
        left: bool = False,
        guardian: str = "",
    ) -> Person:
        """Enter somebody with a card."""
        with self.store.work(AUTHOR) as work:
            person = Person(
                id=f"{work.entropy(1 << 128):032x}",
                family_name=family_name,
                given_name=given_name,
                kind=kind,
                school=school,
                class_name=class_name,
                guardian=guardian,
                code=draw_free_person_code(work),
                left=left,
            )
            work.save_people([person])
            work.commit()
        return person

    def lend(self, order: LoanOrder, author: str = AUTHOR) -> tuple[LoanReceipt, ...]:
        with self.store.work(author) as work:
            receipts = lend(work, order)
            work.commit()
        return receipts

    def give_back(self, order: ReturnOrder, author: str = AUTHOR) -> Returned:
        with self.store.work(author) as work:
            returned = give_back(work, order)
            work.commit()
        return returned

    def undo(self, operation: str | None = None, author: str = AUTHOR) -> Undone:
        with self.store.work(author) as work:
            undone = undo(work, operation)
            work.commit()
        return undone

    def asset(self, asset_id: str) -> Asset:
        """The asset as the state tables have it."""
        with self.store.work(AUTHOR) as work:
            asset = work.asset(asset_id)
        assert asset is not None
        return asset

    def operations(self, subject: str) -> list[Operation]:
        """What the ledger says of ``subject``, in order."""
        with self.store.work(AUTHOR) as work:
            return work.operations_about(subject)

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table; what search keeps follows from them."""
        with self.store.engine.connect() as connection:
            names = inspect(connection).get_table_names()
            tables = {
                name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
                for name in sorted(set(names) - INDEX_TABLES)
            }
        return {name: sorted(rows, key=repr) for name, rows in tables.items()}

    def count(self, table: str = "operation") -> int:
        """Rows of a table."""
        with self.store.engine.connect() as connection:
            return connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0


def add_schools(city: City) -> str:
    """Enter two schools; the UAI of the first."""
    city.add_school(OTHER_SCHOOL, "École Boris Vian", commune="Lys", postcode="35002")
    return city.add_school(SCHOOL, "École Paul Verlaine", commune="Épinay", postcode="35001")


def add_pupils(city: City) -> list[Person]:
    """Enter three pupils of one class."""
    names = (("MARTIN", "Léa"), ("D’HÆNE", "Zoé"), ("LE GALL", "Noé"))
    return [city.add_person(family_name, given_name) for family_name, given_name in names]


def add_tablets(city: City, cart: Asset, count: int = 6) -> list[Asset]:
    """Receive tablets into the first slots of ``cart``."""
    return [
        city.receive(cart=cart.id, slot=slot, serial=f"R9X{slot:04}", model="Galaxy Tab A8")
        for slot in range(1, count + 1)
    ]


def damaged(*tags: str) -> ReturnOrder:
    """The return of broken tablets."""
    return ReturnOrder(tags, Condition.DAMAGED)


def tag_of(asset: Asset) -> str:
    """The tag of an asset that has one."""
    assert asset.tag is not None
    return asset.tag
