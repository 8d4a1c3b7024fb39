"""The fold: a function of the set of operations, whatever their order, repetition or content."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_writing import ASSET, BODIES, JSON, Replica

from fleet import movements
from fleet.asset import DESCRIBED, Asset, Condition, State
from fleet.kinds import AssetKind
from fleet.movements import KINDS, fold, step, touched_loans
from fleet.operation import Json, Operation, canonical
from fleet.register import (
    PHASE_DESCRIBED,
    SCHOOL_DESCRIBED,
    Phase,
    School,
    step_phase,
    step_school,
)

ALL_KINDS = [*sorted(KINDS), "asset.teleported", "cart.opened", ""]
FIELD_NAMES = st.sampled_from(
    sorted(DESCRIBED | {"kind", "loan", "loans", "ref", "due", "state", "condition", "missing"})
)
WILD = BODIES | st.dictionaries(FIELD_NAMES, JSON | st.sampled_from([-1, 0, 1 << 70]), max_size=6)


def received(replica: Replica, kind: str = "tablet", **described: Json) -> Operation:
    return replica.write(movements.RECEIVED, {"kind": kind, **described})


@st.composite
def histories(
    draw: st.DrawFn, bodies: st.SearchStrategy[dict[str, Json]] = WILD
) -> list[Operation]:
    """Operations about one asset by up to three replicas, some of them saying what others said."""
    replicas = [Replica(f"laptop-{number}") for number in range(3)]
    written: list[Operation] = []
    for _ in range(draw(st.integers(0, 12))):
        replica = draw(st.sampled_from(replicas))
        body = draw(bodies)
        names_another = draw(st.booleans())
        if written and names_another:
            body = {**body, "loans": [draw(st.sampled_from(written)).id]}
        earlier = draw(st.sampled_from([None, None, None, *(each.id for each in written)]))
        kind = draw(st.sampled_from(ALL_KINDS))
        written.append(replica.write(kind, body, operation_id=earlier))
    return written


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_and_number_of_arrivals_change_nothing(
    history: list[Operation], random: object
) -> None:
    arrivals = [*history, *history[::2]]
    random.shuffle(arrivals)  # type: ignore[attr-defined]

    assert fold(ASSET, arrivals) == fold(ASSET, history)


@given(histories())
def test_stepping_in_order_is_folding(history: list[Operation]) -> None:
    ordered = sorted(history, key=lambda each: (*each.order, each.replica, each.seq))
    asset, counted = Asset(ASSET), set[str]()
    for operation in ordered:
        if operation.id not in counted:
            counted.add(operation.id)
            asset = step(asset, operation)

    assert asset == fold(ASSET, history)


@given(histories(), st.text() | st.sampled_from(["[", "null", '{"a":1e999}', "[" * 3000]))
def test_the_fold_takes_any_body_that_a_stranger_may_have_written(
    history: list[Operation], text: str
) -> None:
    spoilt = [replace(each, body=text, seen=text) if each.seq % 2 else each for each in history]

    asset = fold(ASSET, spoilt)

    assert isinstance(asset, Asset)
    assert all(touched_loans(each) is not None for each in spoilt)


@pytest.mark.parametrize("slot", [-1, 0, 1 << 63, True, "3", 2.0, [], {}])
@pytest.mark.parametrize("kind", [movements.RECEIVED, movements.DESCRIBED, movements.PLACED])
def test_a_slot_that_no_case_has_is_no_slot(kind: str, slot: Json) -> None:
    replica = Replica()
    received(replica)
    replica.write(kind, {"cart": "cart", "slot": slot})

    asset = fold(ASSET, replica.chain)

    assert (asset.cart, asset.slot) == ("cart", None)


@pytest.mark.parametrize("body", [{"loan": {}}, {"loan": []}, {"loans": [{}, []]}, {"loans": {}}])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_loans_named_by_anything_but_words_are_none(kind: str, body: dict[str, Json]) -> None:
    replica = Replica()
    received(replica)
    loan = replica.write(movements.LENT, {"ref": "r"})
    replica.write(kind, body)

    assert loan.id in {each.id for each in fold(ASSET, replica.chain).open_loans}


@given(histories())
def test_what_the_fold_keeps_fits_the_columns_of_a_database(history: list[Operation]) -> None:
    asset = fold(ASSET, history)

    assert asset.slot is None or asset.slot > 0
    for name in ("slot", "capacity", "price_cents"):
        value = getattr(asset, name)
        assert value is None or (type(value) is int and abs(value) < 1 << 63)
    for name in DESCRIBED - {"slot", "capacity", "price_cents"}:
        assert isinstance(getattr(asset, name), str | None)


@given(histories())
def test_no_history_leaves_two_uncontested_open_loans(history: list[Operation]) -> None:
    asset = fold(ASSET, history)

    assert sum(not loan.contested for loan in asset.open_loans) <= 1


@given(st.sampled_from([SCHOOL_DESCRIBED, PHASE_DESCRIBED, "school.closed", "phase.x"]), WILD)
def test_schools_and_phases_take_any_body(kind: str, body: dict[str, Json]) -> None:
    operation = Replica().write(kind, body, subject="phase:1")

    assert step_school(School("phase:1"), operation).last_hlc == operation.hlc
    assert step_phase(Phase("phase:1"), operation).last_hlc == operation.hlc


def test_an_operation_of_a_newer_version_only_leaves_a_mark() -> None:
    replica = Replica()
    received(replica, tag="KDRTBXLP")
    before = fold(ASSET, replica.chain)
    operation = replica.write("asset.teleported", {"tag": "XXXXXXXX"})

    assert step(before, operation) == replace(before, unknown_kinds=True, last_hlc=operation.hlc)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (AssetKind.TABLET, State.AVAILABLE),
        (AssetKind.CART, State.AVAILABLE),
        (AssetKind.KWARTZ_SERVER, State.IN_SERVICE),
        (AssetKind.PROJECTOR, State.IN_SERVICE),
    ],
)
def test_what_is_lent_starts_on_the_shelf_and_what_is_installed_starts_in_service(
    kind: AssetKind, state: State
) -> None:
    replica = Replica()
    received(replica, kind)

    assert fold(ASSET, replica.chain).state is state


def test_the_last_writer_wins_for_each_field_alone() -> None:
    one, other = Replica("laptop-1"), Replica("laptop-2")
    received(one, model="Tab A8", serial="R9X1")
    other.now = one.now
    other.write(movements.DESCRIBED, {"model": "SM-X200"})
    one.now = other.now
    one.write(movements.DESCRIBED, {"serial": "R9X2"})

    asset = fold(ASSET, [*one.chain, *other.chain])

    assert (asset.model, asset.serial) == ("SM-X200", "R9X2")


def test_a_move_leaves_cart_slot_and_room_behind() -> None:
    replica = Replica()
    received(replica, school="0350001A", cart="cart", slot=3, room="12")
    replica.write(movements.MOVED, {"school": "0350002B"})

    asset = fold(ASSET, replica.chain)

    assert (asset.school, asset.cart, asset.slot, asset.room) == ("0350002B", None, None, None)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ([movements.SENT_TO_REPAIR], State.IN_REPAIR),
        ([movements.SENT_TO_REPAIR, movements.REPAIRED], State.AVAILABLE),
        ([movements.LOST], State.LOST),
        ([movements.STOLEN, movements.FOUND], State.AVAILABLE),
        ([movements.RETIRED], State.RETIRED),
    ],
)
def test_custody_follows_the_movements(path: Sequence[str], state: State) -> None:
    replica = Replica()
    received(replica)
    for kind in path:
        replica.write(kind)

    assert fold(ASSET, replica.chain).state is state


def test_a_loan_that_comes_back_damaged_waits_for_somebody_to_look() -> None:
    replica = Replica()
    received(replica)
    loan = replica.write(movements.LENT, {"ref": "r", "due": "2027-07-05"})
    lent = fold(ASSET, replica.chain)
    body: dict[str, Json] = {"loans": [loan.id], "condition": "damaged", "missing": ["charger"]}
    replica.write(movements.RETURNED, body)

    asset = fold(ASSET, replica.chain)

    assert (lent.state, lent.custody) == (State.LENT, State.AVAILABLE)
    assert lent.open_loans[0].due == date(2027, 7, 5)
    assert asset.state is State.DAMAGED
    assert (asset.loans[0].condition, asset.loans[0].missing) == (Condition.DAMAGED, ("charger",))


def test_a_lost_tablet_that_is_returned_is_here_again() -> None:
    replica = Replica()
    received(replica)
    loan = replica.write(movements.LENT, {"ref": "r"})
    replica.write(movements.LOST)
    replica.write(movements.RETURNED, {"loans": [loan.id], "condition": "good"})

    assert fold(ASSET, replica.chain).state is State.AVAILABLE


def test_a_loan_is_named_by_the_operation_that_opened_it_whatever_the_body_says() -> None:
    replica = Replica()
    received(replica)
    loan = replica.write(movements.LENT, {"ref": "r", "loan": "another"})

    assert [each.id for each in fold(ASSET, replica.chain).loans] == [loan.id]


def test_an_audit_that_cannot_tell_leaves_compliance_unknown() -> None:
    replica = Replica()
    received(replica)
    replica.write(movements.AUDITED, {"profile": "ecole 3", "compliant": None})

    asset = fold(ASSET, replica.chain)

    assert (asset.profile, asset.compliant, asset.audited_at) == ("ecole 3", None, asset.seen_at)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["name", "commune", "uai", "last_hlc"]), JSON))
def test_a_school_keeps_its_code_and_takes_words_only(body: dict[str, Json]) -> None:
    operation = Replica().write(SCHOOL_DESCRIBED, body, subject="0350001A")
    school = step_school(School("0350001A", name="before"), operation)

    assert (school.uai, school.last_hlc) == ("0350001A", operation.hlc)
    name = body.get("name")
    assert school.name == (name if isinstance(name, str) else "before")


def test_a_phase_keeps_what_a_later_edit_does_not_name() -> None:
    replica = Replica()
    full: dict[str, Json] = {"name": "Pilote", "position": 1, "year": 2026, "schools": ["A", "B"]}
    phase = step_phase(Phase("phase:1"), replica.write(PHASE_DESCRIBED, full, subject="phase:1"))
    edit = replica.write(PHASE_DESCRIBED, {"schools": ["C"]}, subject="phase:1")
    phase = step_phase(phase, edit)

    assert (phase.name, phase.position, phase.year, phase.schools) == ("Pilote", 1, 2026, ("C",))


def test_bodies_are_compared_by_their_canonical_text() -> None:
    assert canonical({"slot": 1}) != canonical({"slot": 1.0})
