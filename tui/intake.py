"""Importing a file of the field through the one use case, with a trial run that writes nothing.

A preview is the import itself, undone: what it staged can then be looked at for as long as one
likes, while nobody waits for the database.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from agents.files.opening import open_table
from fleet.errors import Cancelled, InvalidInput
from fleet.imports.assets import read_deliveries
from fleet.imports.people import read_people
from fleet.imports.rows import Table
from fleet.imports.schools import read_schools
from fleet.imports.staging import Staging
from fleet.uai import parse_uai
from fleet.usecases.importing.assets import import_assets
from fleet.usecases.importing.people import import_people
from fleet.usecases.importing.report import ImportReport
from fleet.usecases.importing.schools import import_schools
from tui.office import Office

KINDS = ("schools", "assets", "people")

LEAST_PART = 0.02
"""Below it, an estimate of the time left would be a guess."""


@dataclass(frozen=True, slots=True)
class Advance:
    """How far an import is."""

    rows: int
    part: float | None
    """Share of the file that was read, 0 to 1; None where unknown."""
    seconds_left: float | None
    """None until it can be told."""


Follow = Callable[[Advance], None]


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import."""

    kind: str
    """One of ``KINDS``."""
    path: Path
    school: str | None = None
    """UAI for the rows that name none."""
    complete: bool = False
    """Who is not in the list has left."""


def run_import(
    office: Office,
    order: ImportOrder,
    staging: Staging,
    *,
    dry_run: bool = False,
    follow: Follow | None = None,
    stop: Event | None = None,
) -> ImportReport:
    """Read the file and write it, all good rows or nothing; what became of them is staged.

    With ``dry_run`` the same work is done and then undone. Raises ``InvalidInput`` for what is not
    a table, ``Cancelled('import.cancelled')`` once ``stop`` is set: nothing is written then.
    """
    uai = parse_uai(order.school) if order.school else None
    table = open_table(order.path)
    watch = _Watch(table, follow, stop)
    seen = staging.seen("file")
    with office.work() as work:
        match order.kind:
            case "schools":
                report = import_schools(work, read_schools(table, seen), watch, staging)
            case "assets":
                report = import_assets(
                    work,
                    read_deliveries(table, seen),
                    school=uai,
                    progress=watch,
                    staging=staging,
                )
            case "people":
                report = import_people(
                    work,
                    read_people(table, seen),
                    school=uai,
                    complete=order.complete,
                    progress=watch,
                    staging=staging,
                )
            case _:
                raise InvalidInput("import.kind", kind=order.kind, known=", ".join(KINDS))
        watch.check()
        if not dry_run:
            work.commit()
    return report


def import_file(
    office: Office,
    kind: str,
    path: Path,
    *,
    school: str | None = None,
    complete: bool = False,
    dry_run: bool = False,
    progress: Follow | None = None,
    stop: Event | None = None,
) -> ImportReport:
    """``run_import`` for who needs no more than the figures and the first faults."""
    order = ImportOrder(kind, path, school, complete)
    with office.store.staging() as staging:
        return run_import(office, order, staging, dry_run=dry_run, follow=progress, stop=stop)


class _Watch:
    """Called by the use case as it goes: tells how far it is, and stops it when asked."""

    def __init__(self, table: Table, follow: Follow | None, stop: Event | None) -> None:
        self._table = table
        self._follow = follow
        self._stop = stop
        self._began = time.monotonic()

    def __call__(self, rows: int) -> None:
        self.check()
        if self._follow is None:
            return
        part = self._table.part_read()
        left = None
        if part is not None and part >= LEAST_PART:
            left = (time.monotonic() - self._began) * (1 - part) / part
        self._follow(Advance(rows, part, left))

    def check(self) -> None:
        """Raise once somebody asked to stop."""
        if self._stop is not None and self._stop.is_set():
            raise Cancelled("import.cancelled")
