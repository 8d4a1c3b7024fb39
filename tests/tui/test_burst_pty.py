"""Fifty tags at once through a real terminal: each closes its loan, none is garbled."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from pathlib import Path
from time import monotonic

import pytest
from pilot_world import PUPILS, TODAY, make_world

from fleet.query import parse
from fleet.usecases.lending import LoanOrder

TABLETS = 50
DEADLINE_S = 60.0
ROWS, COLUMNS = 24, 80
F3 = b"\x1bOR"

CHILD = """
import sys
from pathlib import Path
from tui.i18n import install
install("fr")
from db.store import SqlStore
from db.views import SqlViews
from tui.app import ArdoiseApp
from tui.office import Office
from tui.screens.desk import DeskScreen

DeskScreen.ask_class = lambda self: None  # no class: the stack comes from everywhere

def open_office():
    store = SqlStore(Path(sys.argv[1]))
    return Office(store, SqlViews(store), "m.durand")

ArdoiseApp(open_office).run()
"""


class Terminal:
    """A child on a pseudo-terminal, and what it has written so far."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(sys.executable, [sys.executable, *arguments])
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, size)
        self.written = b""

    def send(self, keys: bytes) -> None:
        while keys:
            keys = keys[os.write(self._descriptor, keys) :]

    def drain(self, seconds: float) -> bool:
        """Read for a moment; false when the child is gone."""
        readable, _, _ = select.select([self._descriptor], [], [], seconds)
        if not readable:
            return True
        try:
            chunk = os.read(self._descriptor, 1 << 16)
        except OSError:  # EIO: Linux's way to say that the other side is closed
            return False
        self.written += chunk
        return bool(chunk)

    def wait_for(self, text: str) -> None:
        deadline = monotonic() + DEADLINE_S
        while text.encode() not in self.written:
            assert monotonic() < deadline, self.written[-2000:]
            assert self.drain(0.1), self.written[-2000:]

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._descriptor)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fifty_tags_at_once_through_a_terminal_are_fifty_returns(tmp_path: Path) -> None:
    world = make_world(tmp_path, tablets=TABLETS)
    for index, tag in enumerate(world.tags):
        world.office.lend(LoanOrder(world.people[index % len(PUPILS)].id, [tag]))
    terminal = Terminal("-c", CHILD, str(tmp_path / "world.sqlite3"))
    try:
        terminal.wait_for("prêts en cours")
        terminal.send(F3)
        terminal.wait_for("Scanner les tablettes")
        terminal.send("".join(f"{tag}\r" for tag in world.tags).encode())
        deadline = monotonic() + DEADLINE_S
        while world.office.views.figures(TODAY).open_loans:
            assert monotonic() < deadline, "some tags were garbled"
            assert terminal.drain(0.05)
    finally:
        terminal.close()
    closed = world.office.views.loans(parse("is:closed", "loans"), limit=TABLETS).items
    order = sorted(closed, key=lambda loan: loan.returned_at or "")
    assert [loan.tag for loan in order] == world.tags
    world.office.close()
