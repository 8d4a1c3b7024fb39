"""Scan → durable loan, against a hand-written sqlite3 script that makes the same writes."""

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from db.store import SqlStore
from fleet import movements
from fleet.kinds import PersonKind
from fleet.operation import Draft
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder, lend
from tests.bench.table import rounds, show

SCHOOL = "0590001A"
ASSETS = 1000
LOANS = 200


def run() -> str:
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = _ours(Path(folder) / "ours.sqlite3"), _raw(Path(folder) / "raw.sqlite3")
        contenders = {"sqlite3 by hand": lambda: next(theirs), "ardoise": lambda: next(ours)}
        timings = rounds(contenders, LOANS)
    return show(
        f"Scan → durable loan ({ASSETS} assets, WAL, synchronous=FULL, ledger included)",
        timings,
        "By hand: look-up by tag, check, operation, loan, link, asset in one BEGIN IMMEDIATE.",
    )


def _ours(path: Path) -> Iterator[None]:
    store = SqlStore(path)
    with store.work("bench") as work:
        work.save_people([Person("p", "NGUYEN", "Léa", PersonKind.PUPIL, SCHOOL)])
        work.record(
            Draft(
                movements.RECEIVED,
                f"a{number}",
                SCHOOL,
                {"kind": "tablet", "tag": f"T{number}", "school": SCHOOL},
            )
            for number in range(ASSETS)
        )
        work.commit()
    for number in range(LOANS):
        with store.work("bench") as work:
            lend(work, LoanOrder("p", [f"T{number}"]))
            work.commit()
        yield
    store.close()


def _raw(path: Path) -> Iterator[None]:
    """The same rows in tables of the same columns that matter, without any of our code."""
    base = sqlite3.connect(path, isolation_level=None)
    base.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
        CREATE TABLE asset (id TEXT PRIMARY KEY, tag TEXT UNIQUE, state TEXT, hlc TEXT) STRICT;
        CREATE TABLE loan (id TEXT PRIMARY KEY, asset TEXT REFERENCES asset, ref TEXT, at TEXT,
            closed_at TEXT) STRICT;
        CREATE UNIQUE INDEX open_loan ON loan (asset) WHERE closed_at IS NULL;
        CREATE TABLE link (ref TEXT PRIMARY KEY, person TEXT) STRICT;
        CREATE TABLE operation (replica TEXT, seq INTEGER, id TEXT, hlc TEXT, subject TEXT,
            kind TEXT, body TEXT, at TEXT, author TEXT, prev TEXT, hash TEXT,
            PRIMARY KEY (replica, seq)) STRICT;
        CREATE INDEX about ON operation (subject, hlc, id);
        """
    )
    rows = [(f"a{number}", f"T{number}", "available", "0" * 16) for number in range(ASSETS)]
    base.execute("BEGIN")
    base.executemany("INSERT INTO asset VALUES (?, ?, ?, ?)", rows)
    base.execute("COMMIT")
    seq, prev = 0, ""
    for number in range(LOANS):
        base.execute("BEGIN IMMEDIATE")
        asset, _state = base.execute(
            "SELECT id, state FROM asset WHERE tag = ?", (f"T{number}",)
        ).fetchone()
        base.execute(
            "SELECT 1 FROM loan WHERE asset = ? AND closed_at IS NULL", (asset,)
        ).fetchone()
        loan, ref, seq = str(uuid4()), str(uuid4()), seq + 1
        body = json.dumps({"ref": ref})
        digest = hashlib.sha256(f"{seq}{loan}{body}{prev}".encode()).hexdigest()
        entry = ("r", seq, loan, "0" * 16, asset, "lent", body, "now", "me", prev, digest)
        base.execute("INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
        base.execute("INSERT INTO loan VALUES (?, ?, ?, ?, NULL)", (loan, asset, ref, "now"))
        base.execute("INSERT INTO link VALUES (?, ?)", (ref, "p"))
        base.execute("UPDATE asset SET state = 'lent' WHERE id = ?", (asset,))
        base.execute("COMMIT")
        prev = digest
        yield
    base.close()
