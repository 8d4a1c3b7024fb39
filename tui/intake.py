"""Importing a file of the field through the one use case, with a trial run that writes nothing."""

from pathlib import Path

from agents.files.opening import open_table
from fleet.errors import InvalidInput
from fleet.imports.assets import read_deliveries
from fleet.imports.people import read_people
from fleet.imports.schools import read_schools
from fleet.uai import parse_uai
from fleet.usecases.importing.assets import import_assets
from fleet.usecases.importing.people import import_people
from fleet.usecases.importing.report import ImportReport, Progress
from fleet.usecases.importing.schools import import_schools
from tui.office import Office

KINDS = ("schools", "assets", "people")


def import_file(
    office: Office,
    kind: str,
    path: Path,
    *,
    school: str | None = None,
    complete: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read ``path`` as ``kind`` (one of ``KINDS``) and write it, all good rows or nothing.

    ``school`` is the UAI for rows that name none. With ``dry_run`` the same work is done and then
    undone, so the report is what would happen. Raises ``InvalidInput`` for what is not a table.
    """
    uai = parse_uai(school) if school else None
    table = open_table(path)
    with office.work() as work:
        match kind:
            case "schools":
                report = import_schools(work, read_schools(table), progress)
            case "assets":
                report = import_assets(work, read_deliveries(table), school=uai, progress=progress)
            case "people":
                report = import_people(
                    work, read_people(table), school=uai, complete=complete, progress=progress
                )
            case _:
                raise InvalidInput("import.kind", kind=kind, known=", ".join(KINDS))
        if not dry_run:
            work.commit()
    return report
