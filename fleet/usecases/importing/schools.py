"""Schools of the national directory into the register."""

from collections.abc import Iterable

from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow
from fleet.imports.staging import Staging
from fleet.operation import Draft
from fleet.ports import Work
from fleet.register import SCHOOL_DESCRIBED, SCHOOL_FIELDS
from fleet.usecases.importing.report import ImportReport, Progress, Tally, batches, differences


def import_schools(
    work: Work,
    rows: Iterable[Parsed[SchoolRow] | Rejected],
    progress: Progress | None = None,
    staging: Staging | None = None,
) -> ImportReport:
    """Create and update schools by UAI; a field that the file leaves empty keeps its value."""
    tally = Tally(staging)
    for batch in batches(rows, tally, progress):
        known = work.schools([parsed.row.uai for parsed in batch])
        drafts = []
        for parsed in batch:
            row = parsed.row
            school = known.get(row.uai)
            label = f"{row.uai} {row.name}"
            given = {name: str(getattr(row, name)) for name in sorted(SCHOOL_FIELDS)}
            body = {
                name: value
                for name, value in given.items()
                if value and (school is None or getattr(school, name) != value)
            }
            if school is None:
                tally.create(parsed.line, row.uai, label)
            elif body:
                tally.update(parsed.line, row.uai, label, differences(school, body))
            else:
                tally.keep(parsed.line, row.uai, label)
                continue
            drafts.append(Draft(SCHOOL_DESCRIBED, row.uai, row.uai, body))
        work.record(drafts)
        work.forget()
    return tally.report
