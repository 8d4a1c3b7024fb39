"""How the program behaves as a process: streams, signals, odd environments."""

import os
import pwd
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cli_outcome import City, Run, RunProcess, hears_ctrl_c

from tui.bootstrap import author

COMMAND = [sys.executable, "-m", "tui"]
PATH = os.environ.get("PATH", os.defpath)
FULL = Path("/dev/full")


def test_without_home_or_locale_it_answers(process: RunProcess) -> None:
    answer = process("--json", "list", "assets", environment={})
    assert (answer.code, answer.document) == (0, {"items": [], "next": None})
    assert answer.err == ""


def test_a_user_without_a_home_is_told(ardoise: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_uid: int) -> object:
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("ARDOISE_DB")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    answer = ardoise("--json", "list", "assets")

    assert (answer.code, answer.error["code"]) == (5, "storage.no_home")
    assert author() == f"uid-{os.getuid()}"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_utf8_gets_escapes_and_valid_json(
    encoding: str, process: RunProcess, city: City, database: Path
) -> None:
    poor = {"LC_ALL": "C", "PYTHONIOENCODING": encoding, "ARDOISE_DB": str(database)}
    for words in (("list", "schools", "--limit", 3), ("--help",), ("show", "KDRTBXLP")):
        plain = process(*words, environment=poor, encoding=encoding)
        assert plain.code in (0, 3)
        assert "Traceback" not in plain.err

    answer = process("--json", "list", "schools", "--limit", 3, environment=poor, encoding=encoding)
    names = [item["name"] for item in answer.document["items"]]
    assert len(names) == 3
    assert all("élémentaire" in name for name in names)


def test_a_reader_that_has_gone_is_no_error(city: City, place: Path) -> None:
    words = [*COMMAND, "--json", "list", "assets", "--limit", "700"]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=place)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    complaint = running.stderr.read()
    running.stderr.close()
    assert running.wait(30) == 0
    assert complaint == b""


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_an_output_on_a_full_disk_is_a_storage_fault(city: City, place: Path) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [*COMMAND, "list", "assets"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=place,
            check=False,
        )
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr
    assert done.stderr


def test_a_closed_output_is_no_error(city: City, place: Path) -> None:
    command = " ".join([*COMMAND, "list", "schools"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} >&-"], stderr=subprocess.PIPE, cwd=place, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_interface_asks_for_a_terminal(process: RunProcess) -> None:
    answer = process()
    assert (answer.code, answer.out) == (2, "")
    assert "terminal" in answer.err


def test_ctrl_c_ends_work_on_a_tablet_that_says_nothing(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        running = subprocess.Popen(
            [*COMMAND, "audit", "--tcp", address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=place,
            preexec_fn=hears_ctrl_c,  # noqa: PLW1509 - this test runs no thread
        )
        try:
            connection, _peer = silent.accept()
            with connection:
                running.send_signal(signal.SIGINT)
                out, err = running.communicate(timeout=5)
        finally:
            running.kill()
            running.communicate()
    assert running.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
