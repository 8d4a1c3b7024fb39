"""Loans that overlap: each is kept, one stands, and every laptop names the conflict alike."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from ledger_writing import ASSET, Replica

from fleet import movements
from fleet.asset import Asset, ConflictKind, State
from fleet.movements import fold
from fleet.operation import Json, Operation


def two_laptops() -> tuple[Replica, Replica]:
    """Both know the tablet; the second one's clock is an hour ahead and it syncs nothing."""
    one, other = Replica("laptop-1"), Replica("laptop-2")
    received = one.write(movements.RECEIVED, {"kind": "tablet", "tag": "KDRTBXLP"})
    other.reads(received)
    return one, other


def test_a_double_loan_is_one_conflict_with_one_id_whatever_arrives_first() -> None:
    one, other = two_laptops()
    first = one.write(movements.LENT, {"ref": "a"})
    other.now = one.now
    second = other.write(movements.LENT, {"ref": "b"})

    folds = [fold(ASSET, order) for order in permutations([one.chain[0], first, second])]

    assert all(each == folds[0] for each in folds)
    asset = folds[0]
    (conflict,) = asset.conflicts
    assert (conflict.earlier, conflict.later) == (first.id, second.id)
    assert conflict.kind is ConflictKind.DOUBLE
    assert [loan.contested for loan in asset.loans] == [False, True]
    assert asset.standing_loan == asset.loans[0]
    assert asset.state is State.LENT
    assert len(conflict.id) == 32


def test_a_loan_over_one_that_the_author_saw_is_a_decision() -> None:
    one, other = two_laptops()
    first = one.write(movements.LENT, {"ref": "a"})
    other.reads(first)
    second = other.write(movements.LENT, {"ref": "b"}, seen=[first.id])

    (conflict,) = fold(ASSET, [*one.chain, second]).conflicts

    assert conflict.kind is ConflictKind.FORCED


def test_three_loans_at_once_are_three_conflicts_and_one_stands() -> None:
    replica = Replica()
    replica.write(movements.RECEIVED, {"kind": "tablet"})
    loans = [replica.write(movements.LENT, {"ref": str(number)}).id for number in range(3)]

    asset = fold(ASSET, replica.chain)

    pairs = [(each.earlier, each.later) for each in asset.conflicts]
    assert pairs == [(loans[0], loans[1]), (loans[0], loans[2]), (loans[1], loans[2])]
    assert [loan.contested for loan in asset.loans] == [False, True, True]


def test_the_first_close_wins() -> None:
    one, other = two_laptops()
    loan = one.write(movements.LENT, {"ref": "a"})
    other.reads(loan)
    other.now = one.now
    closing = one.write(movements.RETURNED, {"loans": [loan.id], "condition": "good"})
    body: dict[str, Json] = {"loans": [loan.id], "condition": "worn"}
    other.now = one.now
    other.write(movements.RETURNED, body)

    for order in ([*one.chain, *other.chain], [*other.chain, *one.chain]):
        (closed,) = fold(ASSET, order).loans
        assert (closed.closed_by, closed.condition) == (closing.id, "good")


def test_a_return_of_nothing_is_kept_without_effect_on_loans() -> None:
    replica = Replica()
    replica.write(movements.RECEIVED, {"kind": "tablet"})
    replica.write(movements.RETURNED, {"loans": ["nobody-knows"], "condition": "good"})

    assert fold(ASSET, replica.chain).loans == ()


def test_a_cancelled_return_opens_the_loan_again() -> None:
    replica = Replica()
    replica.write(movements.RECEIVED, {"kind": "tablet"})
    loan = replica.write(movements.LENT, {"ref": "a"})
    body: dict[str, Json] = {"loans": [loan.id], "condition": "damaged", "missing": ["cover"]}
    closing = replica.write(movements.RETURNED, body)
    back: dict[str, Json] = {
        "loans": [loan.id],
        "operation": closing.id,
        "state": "available",
    }
    replica.write(movements.RETURN_CANCELLED, back)

    asset = fold(ASSET, replica.chain)

    (opened,) = asset.open_loans
    assert (opened.condition, opened.missing, opened.closed_by) == (None, (), None)
    assert asset.state is State.LENT
    assert asset.custody is State.AVAILABLE


def test_a_loan_closed_by_another_return_stays_closed_when_one_is_cancelled() -> None:
    replica = Replica()
    replica.write(movements.RECEIVED, {"kind": "tablet"})
    loan = replica.write(movements.LENT, {"ref": "a"})
    replica.write(movements.RETURNED, {"loans": [loan.id], "condition": "good"})
    late = replica.write(movements.RETURNED, {"loans": [loan.id], "condition": "good"})
    replica.write(movements.RETURN_CANCELLED, {"loans": [loan.id], "operation": late.id})

    assert fold(ASSET, replica.chain).open_loans == ()


def test_loans_that_one_return_closed_open_again_as_they_were() -> None:
    replica = Replica()
    replica.write(movements.RECEIVED, {"kind": "tablet"})
    loans = [replica.write(movements.LENT, {"ref": ref}).id for ref in "ab"]
    closing = replica.write(movements.RETURNED, {"loans": loans, "condition": "good"})
    replica.write(movements.RETURN_CANCELLED, {"loans": loans, "operation": closing.id})

    assert [loan.contested for loan in fold(ASSET, replica.chain).open_loans] == [False, True]


def test_a_loan_reopened_beside_a_newer_one_is_contested_and_named_in_a_conflict() -> None:
    one, other = two_laptops()
    first = one.write(movements.LENT, {"ref": "a"})
    closing = one.write(movements.RETURNED, {"loans": [first.id], "condition": "good"})
    other.reads(closing)
    other.now = one.now
    second = other.write(movements.LENT, {"ref": "b"})
    one.now = other.now
    one.write(movements.RETURN_CANCELLED, {"loans": [first.id], "operation": closing.id})

    asset = fold(ASSET, [*one.chain, *other.chain])

    assert asset.standing_loan is not None
    assert asset.standing_loan.id == second.id
    (conflict,) = asset.conflicts
    assert (conflict.earlier, conflict.later) == (first.id, second.id)


@st.composite
def desk_days(draw: st.DrawFn) -> list[Operation]:
    """Loans, returns and their undoing on three laptops that rarely sync."""
    replicas = [Replica(f"laptop-{number}") for number in range(3)]
    written = [replicas[0].write(movements.RECEIVED, {"kind": "tablet"})]
    loans: list[Operation] = []
    returns: list[Operation] = []
    for _ in range(draw(st.integers(1, 12))):
        replica = draw(st.sampled_from(replicas))
        replica.reads(written[0])
        if draw(st.booleans()):
            replica.reads(max(written, key=lambda each: each.order))
        kinds = [movements.LENT, *([movements.RETURNED] * 2 if loans else [])]
        kinds += [movements.LOAN_CANCELLED] if loans else []
        kinds += [movements.RETURN_CANCELLED] if returns else []
        kind = draw(st.sampled_from(kinds))
        if kind == movements.LENT:
            known = draw(st.lists(st.sampled_from(loans), max_size=2)) if loans else []
            operation = replica.write(kind, {"ref": "r"}, seen=[each.id for each in known])
            loans.append(operation)
        elif kind == movements.RETURNED:
            closed = draw(st.lists(st.sampled_from(loans), min_size=1, max_size=3))
            names: list[Json] = [each.id for each in closed]
            operation = replica.write(kind, {"loans": names, "condition": "good"})
            returns.append(operation)
        elif kind == movements.LOAN_CANCELLED:
            operation = replica.write(kind, {"loan": draw(st.sampled_from(loans)).id})
        else:
            target = draw(st.sampled_from(returns))
            loans_of = target.content()["loans"]
            operation = replica.write(kind, {"loans": loans_of, "operation": target.id})
        written.append(operation)
    return written


def overlapping_pairs(operations: list[Operation]) -> set[frozenset[str]]:
    """Pairs of loans that were open at one time, by trying every pair after every operation."""
    ordered = sorted(operations, key=lambda each: (*each.order, each.replica, each.seq))
    closed_by: dict[str, str | None] = {}
    cancelled: set[str] = set()
    pairs: set[frozenset[str]] = set()
    for operation in ordered:
        body = operation.content()
        listed = body.get("loans")
        names = [body.get("loan"), *(listed if isinstance(listed, list) else [])]
        if operation.kind == movements.LENT:
            closed_by[operation.id] = None
        for name in [each for each in names if isinstance(each, str) and each in closed_by]:
            if operation.kind == movements.RETURN_CANCELLED:
                if closed_by[name] == body["operation"] and name not in cancelled:
                    closed_by[name] = None
            elif closed_by[name] is None:
                closed_by[name] = operation.id
                if operation.kind == movements.LOAN_CANCELLED:
                    cancelled.add(name)
        open_now = [loan for loan, closing in closed_by.items() if closing is None]
        pairs |= {frozenset({a, b}) for a in open_now for b in open_now if a != b}
    return pairs


@given(desk_days())
def test_the_conflicts_are_the_pairs_that_overlapped_no_more_and_no_less(
    operations: list[Operation],
) -> None:
    asset = fold(ASSET, operations)

    found = [frozenset({each.earlier, each.later}) for each in asset.conflicts]
    assert set(found) == overlapping_pairs(operations)
    assert len(found) == len(set(found))
    opened = {loan.id: loan.opened_hlc for loan in asset.loans}
    assert all(opened[each.earlier] <= opened[each.later] for each in asset.conflicts)


@given(desk_days())
def test_at_most_one_open_loan_stands_and_every_contested_one_is_in_a_conflict(
    operations: list[Operation],
) -> None:
    asset: Asset = fold(ASSET, operations)

    assert sum(not loan.contested for loan in asset.open_loans) <= 1
    named = {name for each in asset.conflicts for name in (each.earlier, each.later)}
    assert {loan.id for loan in asset.loans if loan.contested} <= named
