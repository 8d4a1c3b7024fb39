"""Each exit code of the contract, reached by a real cause, with its error document."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from cli_outcome import City, Run, RunProcess

from agents.adb.bridge import TcpLink
from agents.virtual import Farm, make_tablet, serve


def dump(database: Path) -> list[str]:
    """Every row that a database holds."""
    connection = driver.connect(str(database))
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return sorted(
            f"{name}: {row!r}"
            for (name,) in tables.fetchall()
            for row in connection.execute(f'SELECT * FROM "{name}"')
        )
    finally:
        connection.close()


@contextmanager
def nobody_listens() -> Iterator[str]:
    """An address that refuses connections: bound, so that nobody else takes it, not listening."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"


def test_0_and_the_database_of_nobody_is_empty_and_stays_absent(
    ardoise: Run, database: Path, place: Path
) -> None:
    for words in (
        ("list", "schools"),
        ("list", "loans"),
        ("find", "camus"),
        ("check",),
        ("doctor",),
    ):
        assert ardoise("--json", *words).code in (0, 6), words
    assert ardoise("--json", "list", "assets").document == {"items": [], "next": None}
    assert ardoise("--json", "show", "KDRTBXLP").code == 3
    assert ardoise("--json", "history", "KDRTBXLP").code == 3
    assert ardoise("--json", "labels", "-o", place / "x.pdf").error["code"] == "labels.none"
    assert not database.exists()
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("words", [("import", "schools"), ("import", "schools", "--dry-run")])
def test_writing_commands_and_dry_runs_make_the_database(
    words: tuple[str, ...], ardoise: Run, place: Path, database: Path
) -> None:
    path = place / "ecoles.csv"
    path.write_text("UAI;Nom\n0599801H;Camus\n")

    answer = ardoise("--json", *words, path)

    assert (answer.code, answer.document["created"]) == (0, 1)
    assert database.stat().st_mode & 0o077 == 0
    listed = ardoise("--json", "list", "schools").document["items"]
    assert len(listed) == (0 if "--dry-run" in words else 1)


def test_tablets_are_read_without_a_database(farm: Farm, ardoise: Run, database: Path) -> None:
    both = ("--tcp", farm.addresses[0], "--tcp", farm.addresses[1])
    for command in (("devices",), ("audit",), ("provision", "--plan")):
        answer = ardoise("--json", *command, *both)
        assert answer.code in (0, 6), answer
        assert [item["tag"] for item in answer.document["items"]] == [None, None]
    assert not database.exists()


def test_1_a_lent_tablet_is_refused_with_who_and_since_when(
    tags: list[str], pupils: list[str], city: City, ardoise: Run, database: Path
) -> None:
    first, second = pupils[:2]
    assert ardoise("lend", first, tags[0], "--at", "2026-01-05").code == 0
    before = dump(database)

    refused = ardoise("--json", "lend", second, tags[1], tags[0])

    assert refused.code == 1
    assert set(refused.document) == {"error"}
    assert {"code", "message", "remedy"} <= set(refused.error)
    assert refused.error["code"] == "loan.already_lent"
    people = ardoise("--json", "list", "people", "--limit", 5).document["items"]
    (name,) = [
        f"{each['family_name']} {each['given_name']}" for each in people if each["id"] == first
    ]
    assert name in refused.error["message"]
    assert "5 janv. 2026" in refused.error["message"]
    assert refused.error["remedy"]
    assert dump(database) == before, "all or nothing: the free tablet is not lent either"

    plain = ardoise("lend", second, tags[0])
    assert (plain.code, plain.out) == (1, "")
    assert name in plain.err


def test_1_or_6_for_slots_that_are_taken(farm: Farm, city: City, ardoise: Run) -> None:
    first, second = (("--tcp", address) for address in farm.addresses)
    cart = ("--cart", "M-01")

    none = ardoise("--json", "enrol", *first, *second, *cart, "--slot", 2)
    assert none.code == 1
    assert {item["error"]["code"] for item in none.document["items"]} == {"enrol.slot_taken"}

    some = ardoise("--json", "enrol", *second, *first, *cart, "--slot", 2)
    assert some.code == 6
    assert ["error" in item for item in some.document["items"]] == [False, True]


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        (),
        ("list", "pupils"),
        ("lend", "somebody"),
        ("lend", "somebody", "KDRTBXLP", "--due", "demain"),
        ("return", "KDRTBXLP", "--at", "2026-13-01"),
        ("return", "KDRTBXLP", "--condition", "perfect"),
        ("list", "assets", "--limit", "0"),
        ("list", "assets", "--limit", "many"),
        ("list", "assets", "--lim", "2"),
        ("labels", "-o", "x.pdf", "--offset", "1"),
        ("labels",),
        ("devices",),
        ("audit",),
        ("enrol", "--tcp", "127.0.0.1:1", "--slot", "3"),
        ("devices", "--tcp", "a b"),
        ("list", "assets", "colour:red"),
        ("list", "assets", "due<soon"),
        ("list", "assets", "--after", "?"),
        ("lend", " ", "KDRTBXLP"),
        ("virtual", "--tablets", "0"),
        ("virtual", "--port", "70000"),
        ("virtual", "--scenario", "unheard-of"),
        ("demo", "--headless", "--tablets", "17"),
        ("import", "schools", "absent.csv"),
        ("provision", "--tcp", "127.0.0.1:1", "--apps", "absent"),
        ("--db", "postgresql://localhost/fleet", "list", "assets"),
    ],
    ids=" ".join,
)
def test_2_for_what_cannot_be_read(words: tuple[str, ...], ardoise: Run, database: Path) -> None:
    answer = ardoise("--json", *words)

    assert answer.code == 2, answer
    assert set(answer.document) == {"error"}
    assert {"code", "message", "remedy"} <= set(answer.error)
    assert answer.error["message"]
    assert answer.err == ""


def test_3_for_what_nobody_knows(tags: list[str], pupils: list[str], ardoise: Run) -> None:
    for words, code in (
        (("show", "KDRTBXLP"), "asset.unknown"),
        (("history", "KDRTBXLP"), "asset.unknown"),
        (("lend", "personne-ainsi", tags[0]), "person.unknown"),
        (("lend", pupils[0], "KDRTBXLP"), "asset.unknown"),
        (("undo", "00000000-0000-7000-8000-000000000000"), "operation.unknown"),
    ):
        answer = ardoise("--json", *words)
        assert (answer.code, answer.error["code"]) == (3, code), words


def test_4_outweighs_a_difference_and_every_tablet_has_its_own_word(
    farm: Farm, ardoise: Run
) -> None:
    with nobody_listens() as nowhere:
        for command in ("devices", "audit", "provision", "enrol"):
            answer = ardoise("--json", command, "--tcp", nowhere, "--tcp", farm.addresses[0])
            assert answer.code == 4, command
            failed, read = answer.document["items"]
            assert failed["error"]["code"] == "device.unreachable"
            assert nowhere in failed["error"]["message"]
            assert failed["error"]["remedy"]
            assert failed["tag"] is None if "tag" in failed else True
            assert "error" not in read


def test_4_for_a_tablet_that_does_not_allow_this_computer(
    ardoise: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = TcpLink.connect
    monkeypatch.setattr(
        TcpLink, "connect", lambda *given, **more: connect(*given, **{**more, "timeout_s": 0.5})
    )
    with serve([make_tablet(0)], scenario="unauthorised") as farm:
        answer = ardoise("--json", "audit", "--tcp", farm.addresses[0])

    assert answer.code == 4
    (item,) = answer.document["items"]
    assert item["error"]["code"] == "device.unauthorised"
    assert "Autoriser" in answer.err


def test_4_for_a_port_that_is_taken(farm: Farm, ardoise: Run) -> None:
    port = farm.addresses[0].rpartition(":")[2]
    answer = ardoise("--json", "virtual", "--tablets", 1, "--port", port)
    assert (answer.code, answer.error["code"]) == (4, "device.port_in_use")


def test_5_for_a_database_that_is_none(ardoise: Run, place: Path) -> None:
    text = place / "notes.txt"
    text.write_text("Ceci n’est pas une base.\n" * 200)
    before = text.read_bytes()
    for words in (("list", "assets"), ("init",), ("check",), ("lend", "x", "KDRTBXLP")):
        for wrong in (place, text):
            answer = ardoise("--json", "--db", wrong, *words)
            assert (answer.code, answer.error["code"].split(".")[0]) == (5, "storage"), words
            assert str(wrong) in answer.error["message"]
    assert text.read_bytes() == before
    assert sorted(place.iterdir()) == [text]


def test_5_for_a_folder_that_cannot_be_made(ardoise: Run, place: Path) -> None:
    (place / "file").write_text("")
    answer = ardoise("--json", "--db", place / "file" / "a.sqlite3", "init")
    assert (answer.code, answer.error["code"]) == (5, "storage.cannot_open")


def test_5_for_a_file_that_may_not_be_read(process: RunProcess, city: City, database: Path) -> None:
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:  # root reads everything, unless it gives that power away
        prefix = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    database.chmod(0)
    answer = process("--json", "list", "assets", prefix=prefix)
    assert (answer.code, answer.error["code"]) == (5, "storage.cannot_open"), answer
    assert "Traceback" not in answer.err


def test_5_for_a_paper_that_cannot_be_written(tags: list[str], ardoise: Run, place: Path) -> None:
    answer = ardoise("--json", "labels", f"tag:{tags[0]}", "-o", place / "absent" / "x.pdf")
    assert (answer.code, answer.error["code"]) == (5, "file.write")


def test_6_for_a_return_that_could_not_take_everything(
    tags: list[str], pupils: list[str], ardoise: Run
) -> None:
    assert ardoise("lend", pupils[0], tags[0]).code == 0
    answer = ardoise("--json", "return", tags[0], tags[1], "KDRTBXLP")
    assert answer.code == 6
    assert [item["tag"] for item in answer.document["returns"]] == [tags[0]]
    refused = answer.document["refused"]
    assert [(item["tag"], item["code"]) for item in refused] == [
        (tags[1], "return.not_lent"),
        ("KDRTBXLP", "asset.unknown"),
    ]
    assert all(item["message"] and item["remedy"] for item in refused)


def test_6_for_a_ledger_that_its_state_does_not_follow_from(
    tags: list[str], ardoise: Run, database: Path
) -> None:
    connection = driver.connect(str(database))
    with connection:
        connection.execute("UPDATE asset SET state = 'lost' WHERE tag = ?", (tags[0],))
    connection.close()

    answer = ardoise("--json", "check")

    assert (answer.code, answer.document["ok"]) == (6, False)
    assert {"code", "subject", "detail"} <= set(answer.document["findings"][0])
    assert ardoise("check").out.strip()
