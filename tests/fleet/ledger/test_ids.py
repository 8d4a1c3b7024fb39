"""Ids are time-ordered, and repeatable where a caller repeats itself."""

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from fleet.ids import batch_operation_id, person_id, uuid7

MS = st.integers(0, (1 << 48) - 1)
BITS = st.integers(0, (1 << 74) - 1)
KEY = bytes(32)


@given(MS, BITS)
def test_an_id_is_a_uuid_of_version_7_that_holds_time_and_every_random_bit(
    ms: int, bits: int
) -> None:
    made = UUID(uuid7(ms, bits))

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == ms
    assert (made.int >> 64 & 0xFFF) << 62 | made.int & (1 << 62) - 1 == bits


@given(MS, MS, BITS, BITS)
def test_ids_of_different_moments_sort_by_time(
    ms: int, later: int, bits: int, other_bits: int
) -> None:
    if ms < later:
        assert uuid7(ms, bits) < uuid7(later, other_bits)


@given(st.text(), st.text(), st.text(), st.text())
def test_a_batch_gives_each_subject_one_id_and_no_other_batch_gives_it(
    batch: str, subject: str, other_batch: str, other_subject: str
) -> None:
    made = batch_operation_id(batch, subject)

    assert made == batch_operation_id(batch, subject)
    assert UUID(made).version == 5
    if other_subject != subject:
        assert batch_operation_id(batch, other_subject) != made


def test_a_person_has_one_id_wherever_the_list_is_imported() -> None:
    made = person_id(KEY, "martin|lea", "2016-03-04", 0)

    assert made == person_id(bytes(32), "martin|lea", "2016-03-04", 0)
    assert len(made) == 32
    assert int(made, 16) > 0


def test_everything_that_tells_persons_apart_changes_the_id() -> None:
    ids = {
        person_id(KEY, "martin|lea", "2016-03-04", 0),
        person_id(KEY, "martin|leo", "2016-03-04", 0),
        person_id(KEY, "martin|lea", "2016-03-05", 0),
        person_id(KEY, "martin|lea", "2016-03-04", 1),
        person_id(bytes([1] * 32), "martin|lea", "2016-03-04", 0),
    }
    assert len(ids) == 5
