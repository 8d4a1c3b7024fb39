"""``stocktake``: its keys, its exit codes, its files."""

import io
import stat
from pathlib import Path

import pytest
from cli_outcome import City, Run

FIGURES = {"expected", "found", "missing", "unexpected", "moved", "unknown", "lent", "scans"}


@pytest.fixture
def school(city: City, ardoise: Run) -> str:
    (item, *_) = ardoise("--json", "list", "carts", "--limit", 1).document["items"]
    return str(item["school"])


def test_a_stocktake_from_opening_to_report(school: str, ardoise: Run, place: Path) -> None:
    found = ardoise("--json", "list", "assets", f"school:{school}", "kind:tablet", "--limit", 3)
    tags = [item["tag"] for item in found.document["items"]]

    opened = ardoise("--json", "stocktake", "open", "--school", school)
    assert opened.code == 0
    assert set(opened.document) >= FIGURES
    stocktake = opened.document["id"]

    scan = ardoise("--json", "stocktake", "scan", stocktake, *tags, tags[0], "BCDF")
    assert scan.code == 6
    assert [item["finding"] for item in scan.document["items"]] == ["found"] * 4
    assert [item["error"] for item in scan.document["refused"]] == ["stocktake.misread"]
    assert scan.document["found"] == 3

    closed = ardoise("--json", "stocktake", "close", stocktake, "--by", "Mme Lefèvre")
    assert closed.code == 6
    assert closed.document["missing"] == opened.document["expected"] - 3
    assert closed.document["signed_by"] == "Mme Lefèvre"
    assert ardoise("stocktake", "close", stocktake, "--by", "X").code == 1

    for name in ("r.pdf", "r.csv"):
        answer = ardoise("--json", "stocktake", "report", stocktake, "-o", place / name)
        assert answer.code == 6
        assert (place / name).stat().st_size > 500
    assert stat.S_IMODE((place / "r.csv").stat().st_mode) == 0o600
    assert (place / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfConstat;")
    listed = ardoise("--json", "stocktake", "list").document["items"]
    assert [item["id"] for item in listed] == [stocktake]
    assert ardoise("--json", "stocktake", "list", "--open").document["items"] == []
    assert ardoise("check").code == 0


def test_codes_come_from_a_file_or_from_standard_input(
    school: str, ardoise: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocktake = ardoise("--json", "stocktake", "open", "--school", school).document["id"]
    (place / "codes.txt").write_text("3017620422003\n\n3017620422003\n")
    answer = ardoise("--json", "stocktake", "scan", stocktake, "--file", place / "codes.txt")
    assert (answer.code, answer.document["unknown"], answer.document["scans"]) == (0, 1, 2)
    monkeypatch.setattr("sys.stdin", io.StringIO("VILLE-0042\n"))
    answer = ardoise("stocktake", "scan", stocktake, "--file", "-")
    assert answer.out.startswith("? VILLE-0042  inconnu\n")


def test_lost_needs_the_right_number(school: str, ardoise: Run) -> None:
    opened = ardoise("--json", "stocktake", "open", "--school", school).document
    close = ("--json", "stocktake", "close", opened["id"], "--by", "Mme Lefèvre", "--lost")
    wrong = ardoise(*close, 1)
    assert (wrong.code, wrong.error["code"]) == (1, "stocktake.not_confirmed")
    assert ardoise(*close, opened["expected"]).code == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("open",), 2),
        (("open", "--school", "0350009U"), 3),
        (("scan", "nothing", "3017620422003"), 3),
        (("report", "nothing"), 3),
        (("close", "nothing", "--by", "X"), 3),
        (("scan",), 2),
        ((), 2),
    ],
)
def test_what_is_wrong_has_its_exit_code(ardoise: Run, words: tuple[str, ...], code: int) -> None:
    assert ardoise("--json", "stocktake", *words).code == code
