"""What an import did, or would do, and the batches it works in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from fleet.imports.rows import Parsed, Rejected

Row = TypeVar("Row")

BATCH = 500
"""Rows looked up and written together."""

Progress = Callable[[int], None]
"""Called with the number of rows done."""


@dataclass(slots=True)
class ImportReport:
    """Rows by what became of them; a row with several faults counts once per fault."""

    created: int = 0
    updated: int = 0
    same: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def batches(
    rows: Iterable[Parsed[Row] | Rejected], report: ImportReport, progress: Progress | None
) -> Iterator[list[Parsed[Row]]]:
    """The good rows in batches; faults go to ``report``, repeated rows count as the same."""
    batch: list[Parsed[Row]] = []
    done = 0
    for row in rows:
        done += 1
        if isinstance(row, Rejected):
            report.rejected.append(row)
        elif row.is_duplicate:
            report.same += 1
        else:
            batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
            if progress:
                progress(done)
    if batch:
        yield batch
    if progress:
        progress(done)
