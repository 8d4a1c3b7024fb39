"""From the command to the first content on a terminal, against an empty Textual application."""

import os
import pty
import select
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from tests.bench.table import rounds, show

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Ardoise")
Empty().run()
"""
ROUNDS = 11
WORD = b"Ardoise"


def run() -> str:
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "ardoise.sqlite3")
        ours = [sys.executable, "-m", "tui", "--db", database]
        contenders = {
            "empty Textual application": lambda: _until_painted([sys.executable, "-c", EMPTY]),
            "ardoise": lambda: _until_painted(ours),
        }
        timings = rounds(contenders, ROUNDS)
    more = (timings[1].median - timings[0].median) * 1000
    return show("First paint", timings, f"Ardoise takes {more:.0f} ms more; 300 is the limit.")


def _until_painted(command: Sequence[str]) -> float:
    begun = perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execv(command[0], command)
    seen = b""
    while WORD not in seen:
        ready, _, _ = select.select([terminal], [], [], 30)
        if not ready:
            raise TimeoutError("nothing was painted")
        seen += os.read(terminal, 65536)
    seconds = perf_counter() - begun
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(terminal)
    return seconds
