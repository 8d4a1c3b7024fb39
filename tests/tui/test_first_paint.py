"""What may not be loaded when the first screen is painted: the database, the wire, the paper."""

import subprocess
import sys

HEAVY = {
    *("sqlmodel", "sqlalchemy", "sqlcipher3", "alembic", "pydantic", "db"),
    *("adb_shell", "usb1", "cryptography", "pyudev", "agents"),
    *("fpdf", "qrcode", "openpyxl"),
}

SCRIPT = """
import asyncio, sys
from threading import Event
from tui.i18n import install
install("fr")
from tui.app import ArdoiseApp

hold = Event()

def open_office():
    hold.wait(30)
    from fleet.errors import StorageError
    raise StorageError("storage.full", database="demo")

async def main():
    app = ArdoiseApp(open_office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Ouverture de la base" in text, text
        print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
        print(" ".join(sorted(name for name in sys.modules if name.startswith("tui."))))
        hold.set()
        await app.workers.wait_for_complete()

asyncio.run(main())
"""


def first_paint() -> tuple[set[str], set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    packages, ours = done.stdout.splitlines()
    return set(packages.split()), set(ours.split())


def test_nothing_heavy_is_loaded_at_first_paint() -> None:
    packages, ours = first_paint()
    assert packages & HEAVY == set()
    later = {"tui.screens.desk", "tui.screens.bench", "tui.screens.card", "tui.screens.fleet_list"}
    assert ours & (later | {"tui.bootstrap", "tui.bench"}) == set()
