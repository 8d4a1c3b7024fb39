"""Schools of the national directory into the register."""

from collections.abc import Iterable

from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow
from fleet.operation import Draft
from fleet.ports import Work
from fleet.register import SCHOOL_DESCRIBED, SCHOOL_FIELDS
from fleet.usecases.importing.report import ImportReport, Progress, batches


def import_schools(
    work: Work,
    rows: Iterable[Parsed[SchoolRow] | Rejected],
    progress: Progress | None = None,
) -> ImportReport:
    """Create and update schools by UAI; a field that the file leaves empty keeps its value."""
    report = ImportReport()
    for batch in batches(rows, report, progress):
        known = work.schools([parsed.row.uai for parsed in batch])
        drafts = []
        for parsed in batch:
            row = parsed.row
            school = known.get(row.uai)
            given = {name: str(getattr(row, name)) for name in sorted(SCHOOL_FIELDS)}
            body = {
                name: value
                for name, value in given.items()
                if value and (school is None or getattr(school, name) != value)
            }
            if school is None:
                report.created += 1
            elif body:
                report.updated += 1
            else:
                report.same += 1
                continue
            drafts.append(Draft(SCHOOL_DESCRIBED, row.uai, row.uai, body))
        work.record(drafts)
    return report
