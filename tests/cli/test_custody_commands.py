"""Custody and the register from the command line: documents, exit codes, and their undoing."""

from pathlib import Path

import pytest
from cli_outcome import Run

MOVED = {"operation", "tag", "state", "school", "cart", "slot"}


@pytest.fixture
def tags(ardoise: Run) -> list[str]:
    """A small fleet by hand: two schools, a cart, three tablets in it."""
    assert ardoise("add", "school", "0599801H", "École Camus").code == 0
    assert ardoise("add", "school", "0599802J", "École Vian").code == 0
    cart = ardoise("--json", "add", "cart", "M-01", "--school", "0599801H", "--capacity", 16)
    assert cart.code == 0
    made = [cart.document["tag"]]
    for number in range(3):
        serial = f"R9X000{number}"
        words = ("add", "asset", "tablet", "--serial", serial, "--school", "0599801H")
        added = ardoise("--json", *words, "--cart", "M-01", "--price", "289,90")
        assert added.code == 0, added.out
        assert set(added.document) == {"id", "tag", "operation"}
        made.append(added.document["tag"])
    return made


def states(ardoise: Run, *words: str) -> list[str]:
    rows = ardoise("--json", "list", "assets", "kind:tablet", *words).document["items"]
    return [row["state"] for row in rows]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("lost",), "lost"),
        (("stolen", "--complaint", "2026/77"), "stolen"),
        (("repair", "--reference", "RMA 7"), "in_repair"),
        (("retire", "--decision", "2026-41"), "retired"),
    ],
)
def test_movements_answer_their_operations_and_are_undone(
    ardoise: Run, tags: list[str], words: tuple[str, ...], state: str
) -> None:
    command, *options = words
    done = ardoise("--json", command, *tags[1:3], *options)

    assert done.code == 0, done.out
    assert done.document["operation"] is None
    assert [set(item) for item in done.document["operations"]] == [MOVED, MOVED]
    assert {item["state"] for item in done.document["operations"]} == {state}
    undone = ardoise("--json", "undo").document
    assert len(undone["operations"]) == 2
    assert states(ardoise) == ["available"] * 3
    assert ardoise("--json", "check").document["ok"]

    one = ardoise("--json", command, tags[1], *options).document
    assert one["operation"] == one["operations"][0]["operation"]
    assert ardoise("--json", "undo", one["operation"]).document["undone"] == one["operation"]


def test_what_is_not_allowed_is_refused_and_writes_nothing(ardoise: Run, tags: list[str]) -> None:
    assert ardoise("retire", tags[1]).code == 1
    assert ardoise("--json", "found", *tags[1:]).error["code"] == "passage.state"
    assert ardoise("found", "BBBBBBBB").code == 3
    assert ardoise("stolen", tags[1]).code == 2
    words = ardoise("lost", tags[1], tags[1]).out
    assert words.count("✔") == 1
    again = ardoise("lost", tags[1])
    assert again.code == 1
    assert "déclaré perdu" in again.err
    assert ardoise("repair", "--done", tags[2]).code == 1


def test_moves_and_swaps_show_where_things_are(ardoise: Run, tags: list[str]) -> None:
    swapped = ardoise("--json", "swap", tags[1], tags[2]).document["operations"]
    assert [(item["cart"], item["slot"]) for item in swapped] == [("M-01", 2), ("M-01", 1)]
    whole = ardoise("--json", "move", tags[0], "--school", "0599802J").document["operations"]
    assert {item["school"] for item in whole} == {"0599802J"}
    assert len(whole) == 4
    alone = ardoise("--json", "move", tags[3], "--cart", "M-01", "--slot", 9).document
    assert alone["operations"][0]["slot"] == 9
    assert ardoise("move", tags[3]).code == 2
    assert ardoise("undo", "--batch").code == 0
    assert ardoise("undo", whole[0]["operation"], "--batch").code == 1  # something came after


def test_an_exchange_and_an_older_code_find_their_asset(ardoise: Run, tags: list[str]) -> None:
    done = ardoise("--json", "exchange", tags[1], "--serial", "NEW 1", "--rma", "RMA 7").document
    assert set(done) == {"operation", "tag", "serial", "old"}
    assert (done["tag"], done["serial"], done["old"]["state"]) == (tags[1], "NEW1", "retired")
    assert ardoise("--json", "show", "R9X0000").document["tag"] is None
    attached = ardoise("--json", "attach", "inv 7", tags[1]).document
    assert attached["code"] == "INV7"
    assert ardoise("--json", "show", "INV7").document["tag"] == tags[1]
    assert ardoise("--json", "lost", "inv7").document["operations"][0]["tag"] == tags[1]
    assert ardoise("attach", "INV7", tags[2]).code == 1


def test_a_loan_is_extended(ardoise: Run, tags: list[str]) -> None:
    person = ardoise("--json", "add", "person", "Martin", "Léa", "--school", "0599801H")
    assert {"id", "code", "tag"} == set(person.document)
    assert ardoise("extend", tags[1], "--due", "2099-07-01").code == 1
    assert ardoise("lend", person.document["id"], tags[1], "--due", "2099-01-01").code == 0
    assert ardoise("extend", tags[1], "--due", "2099-07-01").code == 0
    assert ardoise("--json", "show", tags[1]).document["due"] == "2099-07-01"
    assert ardoise("undo").code == 0
    assert ardoise("--json", "show", tags[1]).document["due"] == "2099-01-01"
    assert ardoise("--json", "transfer", tags[1], "--to", "stock", "-o", "b.pdf").error["code"] == (
        "passage.lent"
    )


def test_a_transfer_leaves_a_slip_or_nothing(ardoise: Run, tags: list[str], place: Path) -> None:
    done = ardoise("--json", "transfer", tags[0], "--to", "0599802J", "-o", "bordereau.pdf")
    assert done.code == 0, done.out
    assert (done.document["pages"], len(done.document["operations"])) == (1, 4)
    assert (place / "bordereau.pdf").read_bytes().startswith(b"%PDF")

    failed = ardoise("--json", "transfer", tags[0], "--to", "stock", "-o", "absent/b.pdf")
    assert failed.code == 5
    assert ardoise("--json", "show", tags[0]).document["school"] == "0599802J"
    assert ardoise("transfer", tags[1], "--to", "stock", "-o", "b.pdf").code == 0
    assert ardoise("--json", "show", tags[1]).document["school"] is None


def test_corrections_are_read_as_imports_read_them(ardoise: Run, tags: list[str]) -> None:
    words = ("--warranty-until", "30/06/2028", "--price", "1 234,56", "--platform", "ipados")
    done = ardoise("--json", "edit", "asset", *tags[1:3], *words)
    assert done.code == 0, done.out
    assert len(done.document["operations"]) == 2
    card = ardoise("--json", "show", tags[1]).document
    assert (card["warranty_until"], card["price_cents"]) == ("2028-06-30", 123456)
    assert ardoise("edit", "asset", tags[1], "--warranty-until", "").code == 0
    assert ardoise("--json", "show", tags[1]).document["warranty_until"] is None
    for wrong in (("--price", "cher"), ("--platform", "dos"), ("--capacity", "x"), ()):
        assert ardoise("edit", "asset", tags[1], *wrong).code == 2
    assert ardoise("edit", "school", "0599801H", "--name", "École Albert Camus").code == 0
    assert ardoise("--json", "list", "schools", "albert").document["items"][0]["uai"] == "0599801H"
    assert ardoise("edit", "school", "0599809S", "--name", "X").code in (2, 3)


def test_the_day_in_the_past_is_read_and_never_written(ardoise: Run, tags: list[str]) -> None:
    assert ardoise("lost", tags[1]).code == 0
    for command in (("list", "assets"), ("find", "R9X0000")):
        then = ardoise("--json", *command, "--at", "2001-12-31")
        assert (then.code, then.document["items"]) == (0, [])
    assert ardoise("show", tags[1], "--at", "2001-12-31").code == 3
    assert ardoise("--json", "show", tags[1], "--at", "2099-12-31").document["state"] == "lost"
    assert len(ardoise("--json", "history", tags[1], "--at", "2099-12-31").document["items"]) == 3
    assert ardoise("list", "assets", "--at", "hier").code == 2
