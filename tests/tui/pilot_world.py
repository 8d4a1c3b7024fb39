"""A small school on a real database, and how Pilot tests look at the screen and wait for it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text
from textual import events
from textual.pilot import Pilot

from db.store import SqlStore
from db.views import SqlViews
from fleet import movements
from fleet.kinds import AssetKind, PersonKind
from fleet.operation import Draft, Json
from fleet.persons import Person
from fleet.plan import Plan
from fleet.register import SCHOOL_DESCRIBED
from fleet.steps import DisablePackage, Word
from fleet.tags import CodeKind, draw_code, draw_tag
from tui.app import ArdoiseApp
from tui.bench import SlotPhase, SlotView
from tui.office import Office

SCHOOL = "0599801H"
CLASS = "CM2 A"
PUPILS = (
    ("MARTIN", "Jade"),
    ("NGUYEN", "Léa"),
    ("OUALI", "Samir"),
    ("PETIT", "Zoé"),
)
TODAY = date(2026, 11, 21)


class Clock:
    """Goes on by one second each time that somebody looks, so the ledger's order is plain."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@dataclass
class World:
    """The office, its tablets and its pupils."""

    office: Office
    clock: Clock
    tags: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def operations(self) -> int:
        """How many operations the ledger holds."""
        return self.office.views.figures(TODAY).operations

    def kinds_since(self, count: int) -> list[str]:
        """Kinds of the operations after the first ``count`` ones."""
        with self.office.store.reading() as connection:  # type: ignore[attr-defined]
            statement = text("SELECT kind FROM operation ORDER BY seq LIMIT -1 OFFSET :count")
            return list(connection.scalars(statement, {"count": count}))

    def borrower(self, tag: str) -> str | None:
        """Who has a tablet."""
        card = self.office.views.asset(tag)
        assert card is not None
        return card.row.borrower_name

    def app(self, bench: "FakeBench | None" = None) -> ArdoiseApp:
        """The application on this office."""
        return ArdoiseApp(
            lambda: self.office, (lambda _office: bench) if bench else None, clock=self.clock
        )


def make_world(folder: Path, tablets: int = 5) -> World:
    """A school with one class of four and some tablets in a cart."""
    clock, random = Clock(), Random(2026)
    store = SqlStore(folder / "world.sqlite3", clock=clock)
    world = World(Office(store, SqlViews(store), "m.durand"), clock)
    with world.office.work() as work:
        school: dict[str, str] = {"name": "École Jean Macé", "commune": "Valmont-sur-Lys"}
        work.record([Draft(SCHOOL_DESCRIBED, SCHOOL, SCHOOL, school)])
        cart = work.new_id()
        cart_body: dict[str, Json] = {
            "kind": AssetKind.CART.value,
            "name": "M-01",
            "school": SCHOOL,
            "capacity": 16,
        }
        work.record([Draft(movements.RECEIVED, cart, SCHOOL, cart_body)])
        for slot in range(1, tablets + 1):
            tag = draw_tag(random.randrange)
            world.tags.append(tag)
            body: dict[str, Json] = {
                "kind": AssetKind.TABLET.value,
                "tag": tag,
                "maker": "Samsung",
                "model": "Galaxy Tab A7",
                "serial": f"R52N{slot:04}X",
                "school": SCHOOL,
                "cart": cart,
                "slot": slot,
            }
            work.record([Draft(movements.RECEIVED, work.new_id(), SCHOOL, body)])
        for family, given in PUPILS:
            world.people.append(
                Person(
                    id=f"person-{family.lower()}",
                    family_name=family,
                    given_name=given,
                    kind=PersonKind.PUPIL,
                    school=SCHOOL,
                    class_name=CLASS,
                    code=draw_code(CodeKind.PERSON, random.randrange),
                )
            )
        work.save_people(world.people)
        work.commit()
    return world


class FakeBench:
    """Slots without devices; it notes what it was asked."""

    def __init__(self, tags: Collection[str]) -> None:
        self.profile_name = "école-v4"
        self.cart_name: str | None = "M-01"
        self.busy = False
        self.asked: list[tuple[str, Any]] = []
        self.callback: Callable[[SlotView], None] | None = None
        self._views = {slot: SlotView(slot) for slot in range(1, 17)}
        for slot, tag in enumerate(tags, 1):
            self._views[slot] = SlotView(
                slot,
                SlotPhase.READ,
                expected=tag,
                tag=tag,
                model="SM-T500",
                os_version="12",
                battery=87,
                compliant=slot != 2,
                failing=("disabled.com.example",) if slot == 2 else (),
            )

    @property
    def slots(self) -> tuple[SlotView, ...]:
        return tuple(self._views.values())

    def change(self, slot: int, **changes: Any) -> None:
        """Let a slot change, as a worker thread would."""
        self._views[slot] = replace(self._views[slot], **changes)
        assert self.callback is not None
        self.callback(self._views[slot])

    def subscribe(self, callback: Callable[[SlotView], None]) -> None:
        self.callback = callback

    def audit(self, slots: Collection[int] | None = None) -> None:
        self.asked.append(("audit", slots))

    def plans(self) -> dict[int, Plan]:
        why = Word("why.app_enabled", {"found": "enabled", "wanted": "disabled"})
        return {
            1: Plan((), (Word("plan.already_so", {"profile": "école-v4"}),)),
            2: Plan((DisablePackage("com.example", why),), ()),
        }

    def apply(self, slots: Collection[int] | None = None) -> None:
        self.asked.append(("apply", slots))

    def enrol(self, slots: Collection[int] | None = None) -> None:
        self.asked.append(("enrol", slots))

    def cancel(self) -> None:
        self.asked.append(("cancel", None))

    def close(self) -> None:
        self.asked.append(("close", None))


def screen_text(app: ArdoiseApp) -> str:
    """What is on the screen, as plain text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def settle(pilot: Pilot[None]) -> None:
    """Wait until no worker runs and every message was handled; dialogs' own workers wait on."""
    quiet = 0
    while quiet < 2:
        running = [each for each in pilot.app.workers if each._thread_worker]
        quiet = 0 if running else quiet + 1
        if running:
            await pilot.app.workers.wait_for_complete(running)
        await pilot.pause()


async def scan(pilot: Pilot[None], *codes: str) -> None:
    """Send codes as a scanner does: all letters at once, then Enter."""
    for code in codes:
        type_in(pilot, f"{code}\r")
        await settle(pilot)


def type_in(pilot: Pilot[None], text: str) -> None:
    """Send the keys of a text, without waiting."""
    for letter in text:
        key = "enter" if letter == "\r" else letter
        pilot.app.post_message(events.Key(key, letter))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each when the last one's work is done."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def open_desk(pilot: Pilot[None], key: str = "f2") -> None:
    """Go to the desk and take the first class of the first school."""
    await settle(pilot)
    await press(pilot, key, "down", "enter", "down", "enter")
