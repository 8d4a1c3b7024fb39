"""The part of the office about custody and the register: each method is one transaction."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TypeVar

from fleet.operation import Json
from fleet.persons import Person
from fleet.ports import Work
from fleet.register import School
from fleet.usecases import custody, editing, exchanging
from fleet.usecases.custody import Change, Moved
from fleet.usecases.editing import NewAsset, NewPerson
from fleet.usecases.exchanging import Exchanged, Transferred

Result = TypeVar("Result")


class CustodyOffice:
    """What happens to assets beside loans, and corrections of the register."""

    def __init__(self, work: Callable[[], AbstractContextManager[Work]]) -> None:
        self._work = work

    def change(self, wanted: Change) -> tuple[Moved, ...]:
        """Repair, loss, theft, find, retirement."""
        return self._written(lambda work: custody.change(work, wanted))

    def move(
        self,
        tags: Sequence[str],
        *,
        school: str | None = None,
        room: str | None = None,
        cart: str | None = None,
        slot: int | None = None,
        at: datetime | None = None,
    ) -> tuple[Moved, ...]:
        """Move to a school, a room or a slot."""
        return self._written(
            lambda work: custody.move(
                work, tags, school=school, room=room, cart=cart, slot=slot, at=at
            )
        )

    def swap(self, first: str, second: str) -> tuple[Moved, ...]:
        """Exchange two places."""
        return self._written(lambda work: custody.swap_slots(work, first, second))

    def extend(
        self, tags: Sequence[str], due: date, at: datetime | None = None
    ) -> tuple[Moved, ...]:
        """Give loans another due date."""
        return self._written(lambda work: exchanging.extend(work, tags, due, at=at))

    def exchange(
        self,
        tag: str,
        serial: str,
        *,
        wifi_mac: str | None = None,
        reference: str | None = None,
        at: datetime | None = None,
    ) -> Exchanged:
        """Give a label another device."""
        return self._written(
            lambda work: exchanging.exchange(
                work, tag, serial, wifi_mac=wifi_mac, reference=reference, at=at
            )
        )

    def transfer(
        self,
        tags: Sequence[str],
        to: str,
        make_slip: Callable[[Transferred], None],
        at: datetime | None = None,
    ) -> Transferred:
        """Hand over; when ``make_slip`` fails, nothing has changed hands."""

        def act(work: Work) -> Transferred:
            transferred = exchanging.transfer(work, tags, to, at=at)
            make_slip(transferred)
            return transferred

        return self._written(act)

    def attach(self, code: str, tag: str) -> Moved:
        """Let an older code find an asset."""
        return self._written(lambda work: exchanging.attach(work, code, tag))

    def add_asset(self, wanted: NewAsset) -> Moved:
        """Enter one asset."""
        return self._written(lambda work: editing.add_asset(work, wanted))

    def edit_assets(self, tags: Sequence[str], changes: Mapping[str, Json]) -> tuple[Moved, ...]:
        """Correct fields of assets."""
        return self._written(lambda work: editing.edit_assets(work, tags, changes))

    def add_school(self, uai: str, name: str, fields: Mapping[str, str]) -> School:
        """Enter a school."""
        return self._written(lambda work: editing.add_school(work, uai, name, fields))

    def edit_school(self, uai: str, changes: Mapping[str, str]) -> School:
        """Correct a school."""
        return self._written(lambda work: editing.edit_school(work, uai, changes))

    def add_person(self, wanted: NewPerson, *, homonym: bool = False) -> Person:
        """Enter a person."""
        return self._written(lambda work: editing.add_person(work, wanted, homonym=homonym))

    def edit_person(self, person: str, changes: Mapping[str, Json]) -> Person:
        """Correct a person."""
        return self._written(lambda work: editing.edit_person(work, person, changes))

    def _written(self, act: Callable[[Work], Result]) -> Result:
        with self._work() as work:
            result = act(work)
            work.commit()
        return result
