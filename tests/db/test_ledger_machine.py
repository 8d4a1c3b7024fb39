"""Whole days at several desks on a real database, against a model of a dozen lines per gesture."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from small_city import SCHOOL, City, add_pupils, add_schools
from sqlalchemy import text

from fleet import movements
from fleet.asset import Condition, State
from fleet.errors import FleetError
from fleet.facts import DeviceFacts
from fleet.imports.assets import DeliveryRow
from fleet.imports.rows import Parsed
from fleet.kinds import AssetKind
from fleet.operation import Draft
from fleet.policies import Audit
from fleet.query import EVERYTHING, parse
from fleet.usecases.enrolling import enrol, record_audit
from fleet.usecases.importing.assets import import_assets
from fleet.usecases.lending import LoanOrder, ReturnOrder

AUTHORS = st.sampled_from(["Ada", "Grace", "Camille"])
BATCHES = st.none() | st.sampled_from(["scan-1", "scan-2", "scan-3"])
PLACES = st.integers(0, 4)
PEOPLE = st.integers(0, 2)
DUES = st.sampled_from([None, date(2027, 7, 5)])
CONDITIONS = st.sampled_from(list(Condition))


@dataclass(frozen=True)
class Tablet:
    """What the model knows of one tablet."""

    tag: str
    id: str
    custody: State = State.AVAILABLE
    borrower: str | None = None

    @property
    def state(self) -> State:
        is_lent = self.borrower is not None and self.custody is State.AVAILABLE
        return State.LENT if is_lent else self.custody


@dataclass
class Written:
    """An operation that the model expects in the ledger."""

    id: str
    place: int
    before: Tablet
    has_effect: bool = True
    """False for what leaves nothing to restore."""
    is_loan: bool = False
    """Lending or taking back: its undoing has no undo."""
    is_final: bool = False


@dataclass
class Model:
    tablets: list[Tablet] = field(default_factory=list)
    newest: dict[int, Written] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    batches: dict[tuple[str, int], tuple[object, ...]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)


class DeskMachine(RuleBasedStateMachine):
    """Lending, returning, undoing, importing, enrolling and auditing in any order."""

    @initialize()
    def open_city(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.city = City(self.folder / "ardoise.sqlite3")
        self.model = Model()
        add_schools(self.city)
        self.people = [person.id for person in add_pupils(self.city)]
        self.rows = [
            Parsed(line, delivered(number)) for line, number in enumerate(range(5), start=2)
        ]
        self.bring_in()
        for number in range(5):
            (row,) = self.city.views.assets_like([f"R9X{number:04}"])
            self.model.tablets.append(Tablet(row.tag or "", row.id))

    def bring_in(self) -> tuple[int, int, int]:
        with self.city.store.work("Camille") as work:
            report = import_assets(work, self.rows)
            work.commit()
        assert report.rejected == []
        return report.created, report.updated, report.same

    def teardown(self) -> None:
        if hasattr(self, "city"):
            self.city.close()
            shutil.rmtree(self.folder)

    def refuses(self, gesture: Callable[[], object]) -> str:
        """The code of the refusal; every row of every table is as before."""
        before = self.city.dump()
        with pytest.raises(FleetError) as caught:
            gesture()
        assert self.city.dump() == before
        return caught.value.code

    def note(
        self,
        place: int,
        operation: str,
        after: Tablet,
        *,
        has_effect: bool = True,
        is_loan: bool = False,
        is_final: bool = False,
    ) -> None:
        before = self.model.tablets[place]
        made = Written(operation, place, before, has_effect, is_loan, is_final)
        self.model.newest[place] = made
        self.model.written.append(made)
        self.model.tablets[place] = after

    @rule(
        places=st.lists(PLACES, min_size=1, max_size=4),
        person=PEOPLE,
        author=AUTHORS,
        batch=BATCHES,
        due=DUES,
    )
    def lend(
        self, places: list[int], person: int, author: str, batch: str | None, due: date | None
    ) -> None:
        tablets = self.model.tablets
        borrower = self.people[person]
        order = LoanOrder(borrower, [tablets[place].tag for place in places], due, batch=batch)
        terms = (movements.LENT, borrower, due)
        new: list[int] = []
        expected = None
        for place in dict.fromkeys(places):
            earlier = self.model.batches.get((batch or "", place))
            if earlier is not None:
                code = None if earlier == terms else "operation.id_reused"
            elif tablets[place].borrower is not None:
                code = "loan.already_lent"
            elif tablets[place].custody is not State.AVAILABLE:
                code = "loan.bad_state"
            else:
                code = None
                new.append(place)
            expected = expected or code
        if expected is not None:
            assert self.refuses(lambda: self.city.lend(order, author)) == expected
            return
        count = self.city.count()
        receipts = self.city.lend(order, author)
        assert self.city.count() == count + len(new)
        for place, receipt in zip(dict.fromkeys(places), receipts, strict=True):
            assert (receipt.tag, receipt.repeated) == (tablets[place].tag, place not in new)
            if place in new:
                after = replace(tablets[place], borrower=borrower)
                self.note(place, receipt.operation, after, is_loan=True)
                if batch:
                    self.model.batches[batch, place] = terms

    @rule(
        places=st.lists(PLACES, min_size=1, max_size=4),
        author=AUTHORS,
        condition=CONDITIONS,
        batch=BATCHES,
    )
    def give_back(
        self, places: list[int], author: str, condition: Condition, batch: str | None
    ) -> None:
        tablets = self.model.tablets
        terms = (movements.RETURNED, condition)
        order = ReturnOrder([tablets[place].tag for place in places], condition, batch=batch)
        returned = self.city.give_back(order, author)
        receipts = {receipt.tag: receipt for receipt in returned.receipts}
        refused = {tag: error.code for tag, error in returned.refused}
        for place in dict.fromkeys(places):
            tablet = tablets[place]
            earlier = self.model.batches.get((batch or "", place))
            if earlier is not None and earlier != terms:
                assert refused.pop(tablet.tag) == "operation.id_reused"
            elif earlier is not None:
                assert receipts.pop(tablet.tag).repeated
            elif tablet.borrower is None:
                assert refused.pop(tablet.tag) == "return.not_lent"
            else:
                receipt = receipts.pop(tablet.tag)
                assert receipt.person is not None
                assert receipt.person.id == tablet.borrower
                is_damaged = condition is Condition.DAMAGED
                custody = State.DAMAGED if is_damaged else tablet.custody
                after = replace(tablet, borrower=None, custody=custody)
                self.note(place, receipt.id, after, is_loan=True)
                if batch:
                    self.model.batches[batch, place] = terms
        assert receipts == {}
        assert refused == {}

    @rule(data=st.data(), author=AUTHORS)
    def undo(self, data: st.DataObject, author: str) -> None:
        if not self.model.written:
            return
        target = data.draw(st.sampled_from(self.model.written))
        if target.id in self.model.undone:
            before = self.city.dump()
            assert self.city.undo(target.id, author="Camille").undone == target.id
            assert self.city.dump() == before
        elif self.model.newest[target.place] is not target and not target.is_final:
            code = self.refuses(lambda: self.city.undo(target.id, author))
            assert code == "undo.superseded"
        elif target.is_final or not target.has_effect:
            code = self.refuses(lambda: self.city.undo(target.id, author))
            assert code == "undo.impossible"
        else:
            done = self.city.undo(target.id, author)
            self.model.undone.add(target.id)
            self.note(target.place, done.operation, target.before, is_final=target.is_loan)

    @rule(place=PLACES, author=AUTHORS)
    def repair(self, place: int, author: str) -> None:
        tablet = self.model.tablets[place]
        draft = Draft(movements.REPAIRED, tablet.id, SCHOOL, {})
        (operation,) = self.city.record(draft, author=author)
        after = replace(tablet, custody=State.AVAILABLE)
        self.note(place, operation.id, after, has_effect=after != tablet)

    @rule(place=PLACES, author=AUTHORS)
    def audit(self, place: int, author: str) -> None:
        tablet = self.model.tablets[place]
        asset = self.city.asset(tablet.id)
        with self.city.store.work(author) as work:
            record_audit(work, asset, DeviceFacts(), Audit("ecole 3", ()))
            work.commit()
        (*_, operation) = self.city.operations(tablet.id)
        self.note(place, operation.id, tablet, has_effect=False)

    @rule(place=PLACES)
    def enrol_again(self, place: int) -> None:
        tablet = self.model.tablets[place]
        count = self.city.count()
        facts = DeviceFacts(serial=f"R9X{place:04}", release="14", wifi_mac=f"a0:{place:02x}")
        with self.city.store.work("Camille") as work:
            enrolled = enrol(work, facts)
            work.commit()
        assert (enrolled.tag, enrolled.is_new) == (tablet.tag, False)
        if self.city.count() > count:
            (*_, operation) = self.city.operations(tablet.id)
            self.note(place, operation.id, tablet)

    @rule()
    def import_again(self) -> None:
        before = self.city.dump()
        assert self.bring_in() == (0, 0, 5)
        assert self.city.dump() == before

    @rule(minutes=st.sampled_from([1, 60, 1440, -1, -1440, -500_000]))
    def turn_the_clock(self, minutes: int) -> None:
        self.city.clock.advance(timedelta(minutes=minutes))

    @rule()
    def open_again(self) -> None:
        before = self.city.dump()
        self.city.close()
        self.city = City(self.city.path, clock=self.city.clock, seed=self.city.count())
        assert self.city.dump() == before

    @invariant()
    def the_ledger_and_the_state_agree(self) -> None:
        if not hasattr(self, "city"):
            return
        assert self.city.store.check() == []

    @invariant()
    def no_tablet_has_two_standing_loans(self) -> None:
        if not hasattr(self, "city"):
            return
        doubles = text(
            "SELECT asset FROM loan WHERE closed_at IS NULL AND contested = 0"
            " GROUP BY asset HAVING count(*) > 1"
        )
        with self.city.store.engine.connect() as connection:
            assert connection.execute(doubles).fetchall() == []

    @invariant()
    def the_views_say_what_the_model_says(self) -> None:
        if not hasattr(self, "city"):
            return
        rows = {row.id: row for row in self.city.views.assets(parse("kind:tablet", "assets")).items}
        assert len(rows) == len(self.model.tablets)
        for tablet in self.model.tablets:
            row = rows[tablet.id]
            assert (row.tag, row.state, row.borrower) == (
                tablet.tag,
                tablet.state,
                tablet.borrower,
            )
        lent = {tablet.id: tablet.borrower for tablet in self.model.tablets if tablet.borrower}
        loans = self.city.views.loans(EVERYTHING).items
        assert {row.asset: row.person for row in loans} == lent
        for place, person in enumerate(self.people):
            card = self.city.views.person(person)
            assert card is not None, place
            assert card.loans == sum(borrower == person for borrower in lent.values())


def delivered(number: int) -> DeliveryRow:
    """The line of one tablet on the delivery note."""
    return DeliveryRow(
        kind=AssetKind.TABLET,
        serial=f"R9X{number:04}",
        maker="Samsung",
        model="Galaxy Tab A8",
        designation="",
        macs=(),
        accounting_number=None,
        tag=None,
        school=SCHOOL,
        school_name="",
        room="",
        name=None,
        cart="M-01",
        slot=number + 1,
        capacity=None,
        purchased_on=None,
        delivered_on=None,
        warranty_until=None,
        supplier="",
        lot="",
        price_cents=None,
    )


def test_days_at_the_desks_leave_what_the_model_says() -> None:
    bounded = settings(max_examples=8, stateful_step_count=18, deadline=None)
    run_state_machine_as_test(DeskMachine, settings=bounded)


@pytest.mark.slow
def test_many_longer_days_at_the_desks_leave_what_the_model_says() -> None:
    bounded = settings(max_examples=120, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(DeskMachine, settings=bounded)
