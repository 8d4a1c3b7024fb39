"""Tampering: what is forged, changed or removed in a copy of the file is found by the check."""

from dataclasses import replace

import pytest
from small_city import City, tag_of
from sqlalchemy import text

from db.rows import operation_row
from db.statements import OPERATION
from fleet.asset import Asset
from fleet.operation import canonical, digest
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder, ReturnOrder

TRIGGERS = ("operation_refuses_update", "operation_refuses_delete")


@pytest.fixture
def worked(city: City, tablets: list[Asset], people: list[Person]) -> City:
    tags = [tag_of(each) for each in tablets]
    city.lend(LoanOrder(people[0].id, tags[:3]))
    city.give_back(ReturnOrder(tags[:1]))
    assert city.store.check() == []
    return city


def tamper(city: City, *statements: str) -> set[str]:
    """Codes of what the check finds after ``statements``."""
    with city.store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return {finding.code for finding in city.store.check()}


def on_the_ledger(*statements: str) -> list[str]:
    return [*(f"DROP TRIGGER {name}" for name in TRIGGERS), *statements]


@pytest.mark.parametrize(
    "column",
    ["id", "hlc", "scope", "subject", "kind", "v", "body", "at", "author", "seen", "prev", "hash"],
)
def test_a_changed_column_of_an_operation_is_found(worked: City, column: str) -> None:
    others = {"v": "7", "body": "'[1]'", "seen": "'[1]'", "hash": "prev"}
    value = others.get(column, "substr(hash, 1, 16)")
    change = f'UPDATE operation SET "{column}" = {value} WHERE seq = 5'

    assert "check.chain" in tamper(worked, *on_the_ledger(change))


@pytest.mark.parametrize("seq", [1, 5])
def test_a_removed_operation_is_found(worked: City, seq: int) -> None:
    assert "check.chain" in tamper(
        worked, *on_the_ledger(f"DELETE FROM operation WHERE seq = {seq}")
    )


def test_a_removed_last_operation_is_found_by_the_state_that_it_left(worked: City) -> None:
    cut = "DELETE FROM operation WHERE seq = (SELECT max(seq) FROM operation)"

    assert tamper(worked, *on_the_ledger(cut)) >= {"check.state"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE asset SET model = 'forged' WHERE slot = 1", "check.state"),
        ("UPDATE loan SET due = '2030-01-01'", "check.state"),
        ("UPDATE school SET name = 'forged'", "check.state"),
        ("DELETE FROM loan", "check.state_missing"),
        ("DELETE FROM school", "check.state_missing"),
        ("INSERT INTO conflict VALUES ('c', (SELECT id FROM asset), 'a', 'b', 'double')",
         "check.state_surplus"),
    ],
)  # fmt: skip
def test_a_forged_state_is_found(worked: City, change: str, code: str) -> None:
    assert code in tamper(worked, change)


def test_a_forged_operation_with_a_right_hash_is_found_by_its_missing_effect(
    worked: City, tablets: list[Asset]
) -> None:
    newest = max(
        (each for tablet in tablets for each in worked.operations(tablet.id)),
        key=lambda each: each.seq,
    )
    body = canonical({"state": "lost"})
    forged = replace(
        newest, seq=newest.seq + 1, id="forged", kind="asset.lost", body=body, prev=newest.hash
    )
    forged = replace(forged, hash=digest(forged))
    with worked.store.engine.begin() as connection:
        connection.execute(OPERATION.insert(), operation_row(forged))

    assert {finding.code for finding in worked.store.check()} == {"check.state"}


def test_bytes_that_rot_on_the_disk_are_found(worked: City) -> None:
    with worked.store.engine.connect() as connection:
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'loan'"))
        size = connection.scalar(text("PRAGMA page_size"))
    worked.close()
    assert worked.path is not None
    assert page
    assert size
    content = bytearray(worked.path.read_bytes())
    start = (page - 1) * size
    content[start + 3 : start + 5] = bytes(2)  # the page's number of cells
    worked.path.write_bytes(content)

    again = City(worked.path)
    codes = {finding.code for finding in again.store.check()}
    again.close()
    assert codes == {"check.file"}
