"""The chain: whatever is changed, removed, inserted or exchanged after the writing shows."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_writing import BODIES, Replica

from fleet.operation import Json, Operation, broken_links, canonical, digest


def chain(length: int = 5) -> list[Operation]:
    replica = Replica()
    for number in range(length):
        replica.write("asset.seen", {"n": number, "word": "élève"})
    return replica.chain


def changed_in(operation: Operation, name: str, value: object) -> Operation:
    """The operation with another value in one field."""
    changes: dict[str, Any] = {name: value}
    return replace(operation, **changes)


@given(BODIES)
def test_equal_bodies_have_one_spelling(body: dict[str, Json]) -> None:
    backwards = dict(reversed(body.items()))

    assert canonical(body) == canonical(backwards)


def test_canonical_json_is_sorted_tight_and_keeps_accents() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'


def test_an_untouched_chain_holds() -> None:
    assert broken_links(chain()) == []


def test_a_chain_holds_from_any_place_on() -> None:
    whole = chain()

    assert broken_links(whole[2:], prev=whole[1].hash, seq=whole[1].seq) == []


@pytest.mark.parametrize("name", [each.name for each in fields(Operation)])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_change_of_any_field_of_any_operation_is_found(name: str, place: int) -> None:
    whole = chain()
    value = getattr(whole[place], name)
    changed = value + 1 if isinstance(value, int) else f"{value}x"

    whole[place] = changed_in(whole[place], name, changed)

    assert whole[place] in broken_links(whole)


@given(st.integers(0, 4), st.sampled_from([each.name for each in fields(Operation)]), st.data())
def test_a_change_that_is_hashed_again_is_found_at_the_next_operation(
    place: int, name: str, data: st.DataObject
) -> None:
    whole = chain(6)
    value = getattr(whole[place], name)
    other: st.SearchStrategy[object] = st.integers(1, 99) if isinstance(value, int) else st.text()
    drawn = data.draw(other.filter(lambda each: each != value))
    changed = changed_in(whole[place], name, drawn)

    whole[place] = replace(changed, hash=digest(changed))

    if name == "hash":  # hashed again, nothing is changed
        assert broken_links(whole) == []
    else:
        assert broken_links(whole)


@given(st.integers(0, 4))
def test_a_removed_operation_is_found_unless_it_was_the_last(place: int) -> None:
    whole = chain(6)
    del whole[place]

    assert broken_links(whole)


@given(st.integers(0, 5))
def test_an_inserted_operation_is_found(place: int) -> None:
    whole = chain(5)
    stranger = Replica(now=Replica().now)
    for _ in range(place + 1):
        stranger.write("asset.lent", {"ref": "forged"})
    whole.insert(place, stranger.chain[place])

    assert broken_links(whole)


@settings(max_examples=30)
@given(st.integers(0, 4), st.integers(0, 4))
def test_two_exchanged_operations_are_found(one: int, other: int) -> None:
    whole = chain()
    whole[one], whole[other] = whole[other], whole[one]

    assert bool(broken_links(whole)) == (one != other)


@pytest.mark.parametrize("body", ["", "[]", "null", "3", "{", "[" * 5000, "nul\0"])
def test_a_body_that_is_no_object_reads_as_an_empty_one(body: str) -> None:
    operation = replace(chain(1)[0], body=body, seen=body)

    assert operation.content() == {}
    assert operation.seen_loans() == ()
