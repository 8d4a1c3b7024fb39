"""Every movement in every situation: the allowed happens, the forbidden writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

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
from small_city import OTHER_SCHOOL, SCHOOL, City, add_pupils, add_schools, damaged, tag_of
from states_page import PAGE, after, arrows, bodies, draw, situations

from fleet import movements
from fleet.asset import LENDABLE_KINDS, Asset, State
from fleet.errors import FleetError, Refusal
from fleet.kinds import AssetKind
from fleet.operation import Draft
from fleet.passages import PASSAGES, Obstacle, Passage, check_passage, obstacle
from fleet.ports import Work
from fleet.usecases.custody import Change, change, move
from fleet.usecases.exchanging import exchange, extend
from fleet.usecases.lending import LoanOrder, ReturnOrder

SHELF = (State.AVAILABLE, State.IN_SERVICE)
DUE = date(2027, 7, 2)


def forbidden(passage: Passage, kind: AssetKind, custody: State, *, lent: bool) -> set[str]:
    """The codes that may refuse it, read off the columns of the page."""
    codes = set()
    if passage.lendable_only and kind not in LENDABLE_KINDS:
        codes.add(Obstacle.NOT_LENDABLE.value)
    if custody not in passage.sources:
        codes.add(Obstacle.STATE.value)
    if lent and not passage.may_be_lent:
        codes.add(Obstacle.LENT.value)
    if not lent and passage.must_be_lent:
        codes.add(Obstacle.NOT_LENT.value)
    return codes


def test_the_page_draws_the_table() -> None:
    """After a change: ``.venv/bin/python tests/fleet/ledger/states_page.py``."""
    assert PAGE.read_text() == draw()


@pytest.mark.parametrize("kind", PASSAGES)
def test_every_situation_is_allowed_or_refused_with_a_code_of_its_own(kind: str) -> None:
    for asset in situations():
        assert asset.kind is not None
        codes = forbidden(PASSAGES[kind], asset.kind, asset.custody, lent=bool(asset.open_loans))
        found = obstacle(asset, kind)
        assert (found is None) == (not codes)
        if found is None:
            check_passage(asset, kind)
            continue
        with pytest.raises(Refusal) as caught:
            check_passage(asset, kind)
        assert caught.value.code == found.value
        assert found.value in codes
        assert caught.value.params["tag"] == asset.label


def test_no_state_and_no_row_of_the_table_is_out_of_reach() -> None:
    reached: dict[tuple[AssetKind | None, State, bool], Asset] = {}
    crossed: set[tuple[str, State]] = set()
    waiting = [each for each in situations() if each.custody in SHELF and not each.open_loans]
    while waiting:
        asset = waiting.pop()
        place = (asset.kind, asset.custody, bool(asset.open_loans))
        if place in reached:
            continue
        reached[place] = asset
        for kind in PASSAGES:
            if obstacle(asset, kind) is None:
                crossed.add((kind, asset.custody))
                loan = asset.open_loans[0].id if asset.open_loans else None
                waiting += [
                    replace(after(asset, kind, {**body, "loan": loan}), conflicts=())
                    for body in bodies(kind)
                ]

    assert {asset.state for asset in reached.values()} == set(State)
    listed = {(kind, state) for kind, row in PASSAGES.items() for state in row.sources}
    for_merges = {
        (movements.RETURNED, state) for state in (State.IN_SERVICE, State.DAMAGED, State.RETIRED)
    }
    assert listed - crossed == for_merges
    assert {kind for kind, _state in crossed} == set(PASSAGES)


def test_retired_is_the_end_but_for_being_seen() -> None:
    changes = {kind for before, kind, then in arrows() if before is State.RETIRED}
    assert changes == {movements.SEEN}


def test_a_movement_that_ends_a_loan_by_itself_does_not_exist() -> None:
    for before, kind, then in arrows():
        if before is State.LENT and then is not State.LENT:
            assert kind in (
                movements.RETURNED,
                movements.SENT_TO_REPAIR,
                movements.LOST,
                movements.STOLEN,
            )


@dataclass(frozen=True)
class Held:
    """What the model knows of one asset."""

    id: str
    tag: str
    kind: AssetKind
    custody: State
    lent: bool = False

    @property
    def shelf(self) -> State:
        return State.AVAILABLE if self.kind in LENDABLE_KINDS else State.IN_SERVICE


KINDS = (AssetKind.TABLET, AssetKind.COMPUTER, AssetKind.PROJECTOR, AssetKind.ACCESSORY)
ENDS = {
    movements.SENT_TO_REPAIR: State.IN_REPAIR,
    movements.LOST: State.LOST,
    movements.STOLEN: State.STOLEN,
    movements.RETIRED: State.RETIRED,
}
PLACES = st.integers(0, len(KINDS) - 1)


class CustodyMachine(RuleBasedStateMachine):
    """Every movement on assets of several kinds, in any order, through the use cases."""

    @initialize()
    def open_city(self) -> None:
        self.city = City(None)
        add_schools(self.city)
        self.person = add_pupils(self.city)[0].id
        self.cart = self.city.receive(AssetKind.CART, name="M-01", capacity=9)
        self.held = []
        for number, kind in enumerate(KINDS):
            asset = self.city.receive(kind, serial=f"S{number}")
            self.held.append(Held(asset.id, tag_of(asset), kind, asset.custody))
        self.serials = 100

    def teardown(self) -> None:
        if hasattr(self, "city"):
            self.city.close()

    def attempt(self, place: int, kind: str, act: Callable[[Work], object], then: Held) -> None:
        """Do it; the model says whether it may succeed, and what is so afterwards."""
        held = self.held[place]
        codes = forbidden(PASSAGES[kind], held.kind, held.custody, lent=held.lent)
        before = self.city.count()
        refused: FleetError | None = None
        try:
            with self.city.store.work("Camille") as work:
                act(work)
                work.commit()
        except FleetError as error:
            refused = error
        if codes:
            assert refused is not None
            assert refused.code in codes
            assert self.city.count() == before
            assert self.city.asset(held.id).custody is held.custody
        else:
            assert refused is None, refused
            assert self.city.count() > before
            self.held[place] = then
        self.city.clock.advance()

    @rule(place=PLACES, kind=st.sampled_from([*ENDS, movements.REPAIRED, movements.FOUND]))
    def change(self, place: int, kind: str) -> None:
        held = self.held[place]
        then = replace(held, custody=ENDS.get(kind, held.shelf))
        order = Change(kind, [held.tag], reference="2026-7", note="plainte 12")
        self.attempt(place, kind, lambda work: change(work, order), then)

    @rule(place=PLACES, school=st.sampled_from([SCHOOL, OTHER_SCHOOL]))
    def move(self, place: int, school: str) -> None:
        held = self.held[place]
        self.attempt(
            place,
            movements.MOVED,
            lambda work: move(work, [held.tag], school=school),
            held,
        )

    @rule(place=PLACES)
    def put_into_the_cart(self, place: int) -> None:
        held = self.held[place]
        self.attempt(
            place,
            movements.PLACED,
            lambda work: move(work, [held.tag], cart=self.cart.tag),
            held,
        )

    @rule(place=PLACES)
    def exchange(self, place: int) -> None:
        held = self.held[place]
        self.serials += 1
        self.attempt(
            place,
            movements.EXCHANGED,
            lambda work: exchange(work, held.tag, f"N{self.serials}", reference="RMA 7"),
            replace(held, custody=held.shelf),
        )

    @rule(place=PLACES)
    def extend(self, place: int) -> None:
        held = self.held[place]
        self.attempt(place, movements.EXTENDED, lambda work: extend(work, [held.tag], DUE), held)

    @rule(place=PLACES)
    def see(self, place: int) -> None:
        held = self.held[place]
        asset = self.city.asset(held.id)

        def act(work: Work) -> None:
            check_passage(asset, movements.SEEN)
            work.record([Draft(movements.SEEN, held.id, SCHOOL, {})])

        self.attempt(place, movements.SEEN, act, held)

    @rule(place=PLACES)
    def lend(self, place: int) -> None:
        held = self.held[place]
        before = self.city.count()
        codes = forbidden(PASSAGES[movements.LENT], held.kind, held.custody, lent=held.lent)
        order = LoanOrder(self.person, [held.tag])
        if not codes:
            self.city.lend(order)
            self.held[place] = replace(held, lent=True)
            return
        with pytest.raises(Refusal) as caught:
            self.city.lend(order)
        known = {"loan.already_lent", "loan.not_lendable", "loan.bad_state"}
        assert caught.value.code in known
        assert self.city.count() == before

    @rule(place=PLACES, broken=st.booleans())
    def give_back(self, place: int, broken: bool) -> None:
        held = self.held[place]
        order = damaged(held.tag) if broken else ReturnOrder([held.tag])
        returned = self.city.give_back(order)
        assert bool(returned.receipts) == held.lent
        if not held.lent:
            assert [error.code for _tag, error in returned.refused] == ["return.not_lent"]
            return
        custody = held.custody
        if custody in (*SHELF, State.LOST, State.STOLEN):
            custody = State.DAMAGED if broken else held.shelf
        self.held[place] = replace(held, lent=False, custody=custody)

    @rule()
    def undo(self) -> None:
        """Whatever was written last is taken back, or refused without a trace."""
        before = self.city.count()
        refused = None
        try:
            self.city.undo()
        except FleetError as error:
            refused = error.code
        if refused is not None:
            assert refused in ("undo.impossible", "undo.superseded")
            assert self.city.count() == before
        for place, held in enumerate(self.held):
            asset = self.city.asset(held.id)
            lent = bool(asset.open_loans)
            self.held[place] = replace(held, custody=asset.custody, lent=lent)

    @invariant()
    def the_register_says_what_the_model_says(self) -> None:
        if not hasattr(self, "held"):
            return
        with self.city.store.work("Camille") as work:
            assets = work.assets([held.id for held in self.held])
        for held in self.held:
            asset = assets[held.id]
            assert (asset.custody, bool(asset.open_loans)) == (held.custody, held.lent)


def test_movements_in_any_order_keep_to_the_table() -> None:
    bounded = settings(max_examples=12, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(CustodyMachine, settings=bounded)


@pytest.mark.slow
def test_many_more_movements_keep_to_the_table() -> None:
    bounded = settings(max_examples=80, stateful_step_count=60, deadline=None)
    run_state_machine_as_test(CustodyMachine, settings=bounded)
