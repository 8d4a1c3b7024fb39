"""What an import did, or would do, and the batches it works in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from fleet.imports.rows import Parsed, Rejected
from fleet.imports.staging import Difference, Fate, Seen, Staged, Staging, fate_of
from fleet.operation import Json

Row = TypeVar("Row")

BATCH = 500
"""Rows looked up and written together."""

FIRST_FAULTS = 100
"""Faults that a report holds; the staging has all of them."""

Progress = Callable[[int], None]
"""Called with the number of rows done, every ``BATCH`` of them; it may raise to stop the import."""


@dataclass(slots=True)
class ImportReport:
    """Rows by what became of them; a row with several faults counts once per fault."""

    created: int = 0
    updated: int = 0
    same: int = 0
    faults: int = 0
    """All of them, the conflicting ones included."""
    rejected: list[Rejected] = field(default_factory=list)
    """The first ``FIRST_FAULTS``."""


class Tally:
    """Counts what becomes of each row, and puts it aside where there is a staging."""

    def __init__(self, staging: Staging | None = None) -> None:
        self.report = ImportReport()
        self._staging = staging

    def seen(self, space: str) -> Seen:
        """Keys met in this file: outside memory where there is a staging."""
        return set() if self._staging is None else self._staging.seen(space)

    def create(self, line: int, subject: str, label: str) -> None:
        """A row makes something new."""
        self.report.created += 1
        self._put(Staged(Fate.CREATED, line, label, subject))

    def update(
        self, line: int, subject: str, label: str, differs: tuple[Difference, ...] = ()
    ) -> None:
        """A row changes what is known; line 0 is no row, but who is missing from the file."""
        self.report.updated += 1
        self._put(Staged(Fate.UPDATED, line, label, subject, differs))

    def keep(self, line: int, subject: str, label: str) -> None:
        """A row says what is known already."""
        self.report.same += 1
        self._put(Staged(Fate.SAME, line, label, subject))

    def reject(self, fault: Rejected) -> None:
        """A row does not go in."""
        self.report.faults += 1
        if len(self.report.rejected) < FIRST_FAULTS:
            self.report.rejected.append(fault)
        self._put(Staged(fate_of(fault), fault.line, fault.value, fault=fault))

    def _put(self, staged: Staged) -> None:
        if self._staging is not None:
            self._staging.add(staged)


def differences(known: object, body: Mapping[str, Json]) -> tuple[Difference, ...]:
    """What ``body`` changes of the fields of ``known``."""
    return tuple(
        Difference(name, _shown(getattr(known, name)), _shown(value))
        for name, value in body.items()
        if getattr(known, name) != value
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def batches(
    rows: Iterable[Parsed[Row] | Rejected], tally: Tally, progress: Progress | None
) -> Iterator[list[Parsed[Row]]]:
    """The good rows in batches; faults go to ``tally``, repeated rows count as the same."""
    batch: list[Parsed[Row]] = []
    done = 0
    for row in rows:
        done += 1
        if isinstance(row, Rejected):
            tally.reject(row)
        elif row.is_duplicate:
            tally.keep(row.line, "", "")
        else:
            batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
        if progress and done % BATCH == 0:
            progress(done)
    if batch:
        yield batch
    if progress:
        progress(done)
