"""``doctor``: what Ardoise needs on this machine, what is missing, and how to mend it."""

import ctypes.util
import os
import socket
from argparse import Namespace
from collections.abc import Callable

from fleet.errors import FleetError
from tui.bootstrap import database_path, open_office
from tui.cli.answer import DIFFERENCES, DONE, Answer
from tui.i18n import _

OLDEST_SQLITE = (3, 51, 3)
"""First release without the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""
ADB_SERVER = ("127.0.0.1", 5037)


def doctor(options: Namespace) -> Answer:
    """Check each need; 6 when something is missing."""
    checks: list[tuple[str, Callable[[], str | None]]] = [
        ("sqlite", _sqlite),
        ("database", lambda: _database(options.db)),
        ("libusb", _libusb),
        ("adb_server", _adb_server),
        ("locale", _locale),
    ]
    findings = []
    for name, check in checks:
        remedy = check()
        findings.append({"check": name, "ok": remedy is None, "remedy": remedy})
    lines = [
        f"✔ {each['check']}" if each["ok"] else f"▲ {each['check']} : {each['remedy']}"
        for each in findings
    ]
    whole = all(each["ok"] for each in findings)
    return Answer({"ok": whole, "findings": findings}, lines, DONE if whole else DIFFERENCES)


def _sqlite() -> str | None:
    import sqlcipher3.dbapi2 as driver

    if driver.sqlite_version_info >= OLDEST_SQLITE:
        return None
    return _("SQLite {found} peut abîmer une base ; mettre Ardoise à jour.").format(
        found=driver.sqlite_version
    )


def _database(named: str | None) -> str | None:
    from tui.sentences import sentence

    try:
        path = database_path(named)
        open_office(named, create=False).close()
    except FleetError as error:
        return str(sentence(error))
    if path.exists() and path.stat().st_mode & 0o077:
        return _("D’autres comptes peuvent lire la base : chmod 600 {path}").format(path=path)
    return None


def _libusb() -> str | None:
    if ctypes.util.find_library("usb-1.0"):
        return None
    return _("Pour le câble USB : sudo apt install libusb-1.0-0. Tout le reste fonctionne.")


def _adb_server() -> str | None:
    """A running adb server holds every USB tablet for itself."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(ADB_SERVER):
            return None
    return _("Un serveur adb tourne et garde les tablettes USB pour lui : adb kill-server")


def _locale() -> str | None:
    named = next((os.environ[n] for n in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(n)), "")
    if "utf-8" in named.lower().replace("utf8", "utf-8"):
        return None
    return _("Les accents peuvent manquer : export LANG=C.UTF-8")
