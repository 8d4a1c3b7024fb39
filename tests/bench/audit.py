"""Audit of sixteen virtual tablets, against a shell loop over the official client."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from agents.adb.bridge import TcpLink
from agents.adb.facts import read_script
from agents.adb.keys import KeyStore
from agents.virtual import make_tablet, serve
from tests.bench.table import rounds, show
from tui.bootstrap import open_profile
from tui.tablets import Tablets, for_each

TABLETS = 16
ROUNDS = 5


def run() -> str:
    adb = shutil.which("adb")
    profile = open_profile(None)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve([make_tablet(index) for index in range(TABLETS)]) as farm,
    ):
        tablets = Tablets(TcpLink(KeyStore(Path(folder) / "keys")), profile)
        contenders = {"ardoise": lambda: _audit(tablets, farm.addresses)}
        if adb is None:
            return show(
                "Audit of 16 tablets", rounds(contenders, ROUNDS), "No adb to compare with."
            )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "HOME": folder, "ANDROID_ADB_SERVER_PORT": str(port)}
        for address in farm.addresses:
            _run([adb, "connect", address], environment)
        script = read_script(profile.paths)

        def loop() -> None:
            for address in farm.addresses:
                _run([adb, "-s", address, "shell", script], environment)

        try:
            timings = rounds({"adb -s … shell, one after the other": loop, **contenders}, ROUNDS)
        finally:
            _run([adb, "kill-server"], environment)
    note = "Virtual tablets in Python: both sides wait for the same interpreter, in this process."
    return show("Audit of 16 tablets, the same reads", timings, note)


def _audit(tablets: Tablets, addresses: list[str]) -> None:
    for done in for_each(addresses, tablets.audit):
        if done.error is not None:
            raise done.error


def _run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, check=True, capture_output=True)
