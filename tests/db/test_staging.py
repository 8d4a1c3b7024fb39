"""Staged rows: every fate by the page, faults by line, and nothing of it in the register."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import City

from db.staging import SqlStaging
from fleet.errors import StorageError
from fleet.imports.rows import Rejected
from fleet.imports.staging import CONFLICTS, Difference, Fate, Staged, fate_of

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def fault(line: int, reason: str = "cell.missing") -> Staged:
    rejected = Rejected(line, "UAI", "éà'\"", reason, "3")
    return Staged(fate_of(rejected), line, rejected.value, fault=rejected)


def test_pages_come_in_order_and_whole() -> None:
    staging = SqlStaging()
    for line in range(1, 1301):
        staging.add(Staged(Fate.CREATED, line, f"École {line}", f"id{line}"))
        staging.add(fault(line))
    pages = [staging.page(Fate.CREATED, start, 500) for start in (0, 500, 1000, 1500)]
    assert [len(page) for page in pages] == [500, 500, 300, 0]
    assert [each.line for page in pages for each in page] == list(range(1, 1301))
    assert staging.count(Fate.CREATED) == staging.count(Fate.REJECTED) == 1300
    assert staging.count(Fate.UPDATED) == 0
    staging.close()


@given(WORDS, WORDS, WORDS)
def test_a_row_comes_back_as_it_was(label: str, before: str, after: str) -> None:
    staging = SqlStaging()
    row = Staged(Fate.UPDATED, 7, label, "id", (Difference("class_name", before, after),))
    staging.add(row)
    staging.add(fault(3, "slot.taken"))
    assert staging.page(Fate.UPDATED) == (row,)
    assert staging.page(Fate.CONFLICTING) == (fault(3, "slot.taken"),)
    staging.close()


def test_all_faults_come_by_line_conflicts_among_them() -> None:
    staging = SqlStaging()
    for line, reason in ((9, "slot.taken"), (2, "cell.missing"), (5, "serial.duplicate")):
        staging.add(fault(line, reason))
    assert [each.line for each in staging.faults()] == [2, 5, 9]
    assert {fate_of(each) for each in staging.faults()} == {Fate.CONFLICTING, Fate.REJECTED}
    assert "slot.taken" in CONFLICTS
    staging.close()


def test_keys_are_met_once_in_each_space() -> None:
    staging = SqlStaging()
    serials, tags = staging.seen("serial"), staging.seen("tag")
    assert "A" not in serials
    serials.add("A")
    serials.add("A")
    assert "A" in serials
    assert "A" not in tags
    assert "A" in staging.seen("serial")
    staging.close()


def test_another_thread_reads_what_was_staged() -> None:
    staging = SqlStaging()
    staging.add(fault(1))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(staging.page, Fate.REJECTED).result() == (fault(1),)
    staging.close()


def test_a_closed_staging_is_a_storage_fault_not_a_crash() -> None:
    staging = SqlStaging()
    staging.close()
    with pytest.raises(StorageError):
        staging.page(Fate.CREATED)


def test_nothing_staged_is_in_the_register(city: City, tmp_path: Path) -> None:
    before = city.dump()
    with city.store.staging() as staging:
        for line in range(2000):
            staging.add(Staged(Fate.CREATED, line, "MARTIN Léa"))
        assert city.dump() == before
    assert city.dump() == before
