"""``demo --headless``: the whole job at once, with the figures of the demo city."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli_outcome import City, Outcome, Run, RunProcess

COMMAND = [sys.executable, "-m", "tui"]
KEYS = (
    *("schools", "assets", "carts", "servers", "loans", "returns", "labels_pdf"),
    *("audited", "compliant", "provisioned", "seconds"),
)


def test_the_account_has_the_figures_of_the_city(finished_city: City) -> None:
    account = finished_city.account
    assert set(KEYS) <= set(account)
    assert (account["schools"], account["carts"], account["servers"]) == (20, 20, 20)
    assert account["assets"] >= 360
    assert (account["audited"], account["compliant"]) == (16, 16)
    assert account["provisioned"] == 16
    assert account["loans"] >= 16
    assert account["returns"] >= 16
    assert account["damaged"] == 1
    assert account["refused"] == 1
    assert account["seconds"] > 0


def test_what_is_kept_is_whole(finished_city: City, city: City, ardoise: Run) -> None:
    assert finished_city.database.exists()
    assert Path(finished_city.account["labels_pdf"]).read_bytes().startswith(b"%PDF-")
    assert Path(finished_city.account["labels_pdf"]).parent == finished_city.folder
    checked = ardoise("--json", "check")
    assert (checked.code, checked.document["ok"]) == (0, True)
    damaged = ardoise("--json", "list", "assets", "state:damaged").document["items"]
    assert len(damaged) == 1


def test_a_folder_with_something_in_it_is_refused(ardoise: Run, place: Path) -> None:
    folder = place / "kept"
    folder.mkdir()
    (folder / "notes.txt").write_text("à garder")

    answer = ardoise("--json", "demo", "--headless", "--keep", folder)

    assert (answer.code, answer.error["code"]) == (1, "demo.not_empty")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder_to_keep_it_in(ardoise: Run, place: Path) -> None:
    (place / "file").write_text("")
    answer = ardoise("--json", "demo", "--headless", "--keep", place / "file")
    assert (answer.code, answer.error["code"]) == (5, "file.write")


def test_without_a_terminal_it_says_so_and_tells_what_it_does(process: RunProcess) -> None:
    answer = process("demo", "--tablets", 2)
    assert answer.code == 0
    assert "terminal" in answer.err
    assert answer.out.count("✔") >= 8
    assert answer.out.count("✖") == 1, "the second loan of a lent tablet"


@pytest.mark.slow
def test_applications_of_a_folder_are_installed(
    process: RunProcess, place: Path, make_apk: object
) -> None:
    assert callable(make_apk)
    apps = place / "apps"
    apps.mkdir()
    apk: Path = make_apk("fr.ecole.lecture", version_code=3)
    (apps / "lecture.apk").write_bytes(apk.read_bytes())

    answer = process("--json", "demo", "--headless", "--tablets", 2, "--apps", apps)

    assert answer.code == 0
    assert (answer.document["audited"], answer.document["compliant"]) == (2, 2)


@pytest.mark.slow
def test_two_runs_in_the_same_second_do_not_meet(place: Path) -> None:
    running = [
        subprocess.Popen(
            [*COMMAND, "--json", "demo", "--headless"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=place,
        )
        for _ in range(2)
    ]
    outputs = [one.communicate(timeout=120) for one in running]
    documents = [Outcome(0, out.decode(), "").document for out, _err in outputs]
    assert [one.returncode for one in running] == [0, 0], outputs
    assert {document["compliant"] for document in documents} == {16}
    assert documents[0]["directory"] != documents[1]["directory"]
