"""``virtual`` serves until it is told to stop, and Debian's ``adb`` drives what it serves."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_outcome import RunProcess, hears_ctrl_c

COMMAND = [sys.executable, "-m", "tui"]
DEADLINE_S = 60
Adb = Callable[..., subprocess.CompletedProcess[str]]


def free_ports(count: int) -> int:
    """The first of ``count`` ports in a row that were free a moment ago, outside of those that the
    system hands out."""
    for first in range(20_000 + os.getpid() % 5_000, 32_000, count):
        held = []
        try:
            for port in range(first, first + count):
                held.append(socket.create_server(("127.0.0.1", port)))
            return first
        except OSError:
            continue
        finally:
            for one in held:
                one.close()
    pytest.fail("no free ports")


@contextmanager
def serving(place: Path, *words: object) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process, and its first lines: one per tablet."""
    running = subprocess.Popen(
        [*COMMAND, "virtual", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
    )
    assert running.stdout is not None
    try:
        yield running, [running.stdout.readline() for _ in range(3)]
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate(timeout=DEADLINE_S)


@pytest.fixture
def adb(require_tool: Callable[[str], str], tmp_path: Path) -> Iterator[Adb]:
    """The official client, on a server of its own and with a home of its own."""
    program = require_tool("adb")
    home = tmp_path / "adb-home"
    home.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {"PATH": os.defpath, "HOME": str(home), "ANDROID_ADB_SERVER_PORT": str(port)}

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *map(str, words)],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=DEADLINE_S,
        )

    assert run("start-server").returncode == 0
    yield run
    run("kill-server")


def test_the_official_client_drives_it(adb: Adb, place: Path, make_apk: object) -> None:
    assert callable(make_apk)
    port = free_ports(3)
    with serving(place, "--tablets", 3, "--port", port) as (_running, lines):
        addresses = [line.split()[0] for line in lines]
        assert addresses == [f"127.0.0.1:{port + position}" for position in range(3)]
        serials = [line.split()[1] for line in lines]
        for address, serial in zip(addresses, serials, strict=True):
            # A first meeting is often called "failed to authenticate" while the key is accepted.
            adb("connect", address)
            assert adb("-s", address, "wait-for-device").returncode == 0
            assert adb("-s", address, "shell", "getprop", "ro.serialno").stdout == f"{serial}\n"

        def first(*words: object) -> subprocess.CompletedProcess[str]:
            return adb("-s", addresses[0], *words)

        assert first("shell", "false").returncode == 1
        sent, back = place / "lu.bin", place / "relu.bin"
        sent.write_bytes(os.urandom(2_000_003))
        assert first("push", sent, "/sdcard/Download/lu.bin").returncode == 0
        assert first("pull", "/sdcard/Download/lu.bin", back).returncode == 0
        assert back.read_bytes() == sent.read_bytes()

        installed = first("install", make_apk("fr.ecole.lecture", version_code=3))
        assert (installed.returncode, "Success" in installed.stdout) == (0, True)
        assert "package:fr.ecole.lecture\n" in first("shell", "pm", "list", "packages").stdout
        elsewhere = adb("-s", addresses[1], "shell", "pm", "list", "packages")
        assert "fr.ecole.lecture" not in elsewhere.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_signal_stops_it_cleanly(number: signal.Signals, place: Path) -> None:
    with serving(place, "--tablets", 3) as (running, lines):
        host, _, port = lines[0].split()[0].rpartition(":")
        with socket.create_connection((host, int(port)), DEADLINE_S):
            running.send_signal(number)
            out, err = running.communicate(timeout=DEADLINE_S)
    assert running.returncode == 0
    assert out == ""
    assert "Traceback" not in err
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), 5)


def test_its_document_comes_while_it_serves(place: Path) -> None:
    running = subprocess.Popen(
        [*COMMAND, "--json", "virtual", "--tablets", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
        preexec_fn=hears_ctrl_c,  # noqa: PLW1509 - this test runs no thread
    )
    assert running.stderr is not None
    assert running.stderr.readline(), "says how to stop it, once all are served"
    running.send_signal(signal.SIGINT)
    out, _err = running.communicate(timeout=DEADLINE_S)
    items = json.loads(out)["items"]
    assert [set(item) for item in items] == [{"port", "serial", "model"}] * 2
    assert running.returncode == 0


def test_a_taken_port_serves_nothing(process: RunProcess) -> None:
    port = free_ports(3)
    with socket.create_server(("127.0.0.1", port + 2)):
        answer = process("--json", "virtual", "--tablets", 3, "--port", port)
        assert (answer.code, answer.error["code"]) == (4, "device.port_in_use")
        assert str(port + 2) in answer.error["message"]
        with socket.create_server(("127.0.0.1", port)):
            pass
