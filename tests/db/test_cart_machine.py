"""Carts under any sequence of gestures: no two tablets in one slot, and a round trip is none."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from small_city import OTHER_SCHOOL, SCHOOL, City, add_pupils, add_schools, add_tablets, tag_of
from sqlalchemy import text

from fleet.asset import Asset
from fleet.errors import FleetError
from fleet.kinds import AssetKind
from fleet.ports import Work
from fleet.query import EVERYTHING
from fleet.usecases import custody, undoing
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.views import SlotState

TABLETS = 5
PLACES = st.integers(min_value=0, max_value=TABLETS - 1)
SLOTS = st.integers(min_value=1, max_value=6)
CARTS = st.integers(min_value=0, max_value=1)


class CartMachine(RuleBasedStateMachine):
    """Placing, swapping, moving, lending, returning and undoing, two carts and five tablets."""

    @initialize()
    def open_city(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.city = City(self.folder / "ardoise.sqlite3")
        add_schools(self.city)
        self.people = add_pupils(self.city)
        self.carts = [
            self.city.receive(AssetKind.CART, name=f"M-{number}", capacity=6) for number in range(2)
        ]
        self.tablets = add_tablets(self.city, self.carts[0], TABLETS)
        self.cover = self.city.receive(
            AssetKind.ACCESSORY, bound_to=self.tablets[0].id, model="Coque"
        )

    def teardown(self) -> None:
        if hasattr(self, "city"):
            self.city.close()
            shutil.rmtree(self.folder)

    def attempt(self, gesture: object) -> bool:
        """Do it in one transaction; a refusal changes nothing."""
        assert callable(gesture)
        before = self.city.dump()
        self.city.clock.advance()
        try:
            with self.city.store.work("Camille") as work:
                gesture(work)
                work.commit()
        except FleetError:
            assert self.city.dump() == before
            return False
        return True

    @rule(tablet=PLACES, cart=CARTS, slot=st.none() | SLOTS)
    def place(self, tablet: int, cart: int, slot: int | None) -> None:
        wanted, into = self.tablets[tablet].id, self.carts[cart].id

        def gesture(work: Work) -> None:
            found = work.assets([wanted, into])
            custody.place(work, [found[wanted]], found[into], slot)

        self.attempt(gesture)

    @rule(one=PLACES, other=PLACES)
    def swap(self, one: int, other: int) -> None:
        tags = [tag_of(self.tablets[each]) for each in (one, other)]
        self.attempt(lambda work: custody.swap_slots(work, *tags))

    @rule(cart=CARTS, school=st.sampled_from([SCHOOL, OTHER_SCHOOL]))
    def move_cart(self, cart: int, school: str) -> None:
        moved = self.carts[cart]
        before = self.places(moved)
        if self.attempt(lambda work: custody.move(work, [tag_of(moved)], school=school)):
            assert self.places(moved) == before
            schools = {self.city.asset(each).school for each in before}
            assert schools <= {school}

    @rule(tablet=PLACES)
    def move_tablet(self, tablet: int) -> None:
        tag = tag_of(self.tablets[tablet])
        self.attempt(lambda work: custody.move(work, [tag], school=OTHER_SCHOOL))

    @rule(tablet=PLACES, person=st.integers(min_value=0, max_value=2))
    def lend(self, tablet: int, person: int) -> None:
        order = LoanOrder(self.people[person].id, [tag_of(self.tablets[tablet])])
        try:
            self.city.lend(order)
        except FleetError:
            return

    @rule(tablet=PLACES)
    def give_back(self, tablet: int) -> None:
        self.city.give_back(ReturnOrder([tag_of(self.tablets[tablet]), tag_of(self.cover)]))

    @rule(cart=CARTS, partial=st.booleans())
    def lend_cart_and_take_it_back(self, cart: int, partial: bool) -> None:
        lent = self.carts[cart]
        before = self.looks()
        order = LoanOrder(self.people[0].id, [tag_of(lent)], partial=partial)
        try:
            (receipt,) = self.city.lend(order)
        except FleetError:
            return
        (back,) = self.city.give_back(ReturnOrder([tag_of(lent)])).receipts
        assert {each.asset.id for each in back.along} == {each.asset.id for each in receipt.along}
        assert self.looks() == before

    @rule(whole=st.booleans())
    def undo(self, whole: bool) -> None:
        def gesture(work: Work) -> None:
            (undoing.undo_gesture if whole else undoing.undo)(work)

        self.attempt(gesture)

    def places(self, cart: Asset) -> dict[str, int | None]:
        with self.city.store.work("Camille") as work:
            return {each.id: each.slot for each in work.assets_in(cart.id)}

    def looks(self) -> list[tuple[object, ...]]:
        assets = [self.city.asset(each.id) for each in (*self.carts, *self.tablets, self.cover)]
        return [
            (each.id, each.state, each.school, each.cart, each.slot, each.bound_to)
            for each in assets
        ]

    @invariant()
    def a_slot_holds_one(self) -> None:
        if not hasattr(self, "city"):
            return
        twice = text(
            "SELECT cart, slot FROM asset WHERE slot IS NOT NULL "
            "GROUP BY cart, slot HAVING count(*) > 1"
        )
        with self.city.store.engine.connect() as connection:
            assert connection.execute(twice).all() == []

    @invariant()
    def the_slot_view_counts_what_the_list_counts(self) -> None:
        if not hasattr(self, "city"):
            return
        for cart in self.city.views.carts(EVERYTHING).items:
            slots = self.city.views.slots(cart.row.id)
            assert len(slots) == 6
            states = [each.state for each in slots]
            assert states.count(SlotState.LENT) == cart.lent
            shown = states.count(SlotState.PRESENT) + states.count(SlotState.MISPLACED)
            assert shown == cart.present

    @invariant()
    def the_ledger_says_the_same(self) -> None:
        if hasattr(self, "city"):
            assert self.city.store.check() == []


TestCarts = CartMachine.TestCase
TestCarts.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
