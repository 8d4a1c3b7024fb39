"""A shell on a fresh tablet without a wire, and the official client with a server of its own."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tablet_shell import DEADLINE_S, Outcome, run_on

from agents.virtual import Farm, VirtualTablet, make_tablet, serve

Run = Callable[..., Outcome]


@pytest.fixture
def tablet() -> VirtualTablet:
    return make_tablet(0)


@pytest.fixture
def run(tablet: VirtualTablet) -> Run:
    return lambda text, stdin=b"": run_on(tablet, text, stdin)


@pytest.fixture
def farm(tablet: VirtualTablet) -> Iterator[Farm]:
    with serve([tablet, make_tablet(1), make_tablet(4)]) as served:
        yield served


Adb = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def adb_server(
    require_tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Adb]:
    """The official client, on a server port of its own and with a home of its own."""
    program = require_tool("adb")
    home = tmp_path_factory.mktemp("adb-home")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "HOME": str(home), "ANDROID_ADB_SERVER_PORT": str(port)}
    environment.pop("ADB_VENDOR_KEYS", None)

    def adb(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        finished = subprocess.run(
            [program, *map(str, words)],
            check=False,
            env=environment,
            input=stdin,
            capture_output=True,
            timeout=DEADLINE_S,
        )
        texts = (one.decode("utf-8", "replace") for one in (finished.stdout, finished.stderr))
        return subprocess.CompletedProcess(words, finished.returncode, *texts)

    adb("start-server")
    yield adb
    adb("kill-server")
