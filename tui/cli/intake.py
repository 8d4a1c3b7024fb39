"""``import``: a file of the field, with its progress, and Ctrl+C that leaves nothing half done."""

import signal
import sys
import textwrap
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType

from agents.files import open_table
from fleet.errors import Cancelled
from fleet.imports.staging import Staging
from fleet.usecases.importing.report import BATCH, ImportReport
from tui import format as shown
from tui import intake_words
from tui.bootstrap import open_office
from tui.cli.answer import DIFFERENCES, DONE, Answer, say, to_json, write
from tui.i18n import _, ngettext
from tui.intake import Advance, ImportOrder, run_import
from tui.sentences import sentence

STOPPED = 130
"""Exit code after Ctrl+C."""


def import_(options: Namespace) -> Answer:
    """Import a file; 6 when rows were rejected and the others went in."""
    open_table(options.file)  # before a database is made for a file that is none
    order = ImportOrder(options.kind, options.file, options.school, options.complete)
    counter = None if options.json else Counter()
    with closing(open_office(options.db)) as office, office.store.staging() as staging:
        try:
            with _stoppable() as stop:
                report = run_import(
                    office, order, staging, dry_run=options.dry_run, follow=counter, stop=stop
                )
        except Cancelled as error:
            return _stopped(error)
        finally:
            if counter is not None:
                counter.close()
        code = DIFFERENCES if report.faults else DONE
        document = {
            "created": report.created,
            "updated": report.updated,
            "same": report.same,
            "dry_run": options.dry_run,
        }
        if options.json:
            _write_document(document, staging)
            return Answer(document, exit_code=code, silent=True)
    return Answer(document, _lines(report, dry_run=options.dry_run), code)


def _lines(report: ImportReport, *, dry_run: bool) -> Iterator[str]:
    yield _("Essai, rien n’est écrit.") if dry_run else _("Import terminé.")
    yield _("  nouveaux : {count}").format(count=shown.number(report.created))
    yield _("  modifiés : {count}").format(count=shown.number(report.updated))
    yield _("  inchangés : {count}").format(count=shown.number(report.same))
    if report.faults:
        text = ngettext("  {count} défaut :", "  {count} défauts :", report.faults)
        yield text.format(count=shown.number(report.faults))
    for each in report.rejected:
        yield _("  ligne {line}, {field} : « {value} » — {reason}").format(
            line=each.line,
            field=each.field or "—",
            value=each.value,
            reason=intake_words.why(each),
        )
    more = report.faults - len(report.rejected)
    if more:
        text = ngettext(
            "  … {count} autre ; --json les donne tous.",
            "  … {count} autres ; --json les donne tous.",
            more,
        )
        yield text.format(count=shown.number(more))


def _write_document(document: dict[str, object], staging: Staging) -> None:
    """Print the document with its faults one by one: there may be more than a memory holds."""
    write(to_json(document).removesuffix("\n}") + ',\n  "rejected": [')
    between = "\n"
    waiting: list[str] = []
    for each in staging.faults():
        fault = {"line": each.line, "field": each.field, "value": each.value, "reason": each.reason}
        waiting.append(between + textwrap.indent(to_json(fault), "    "))
        between = ",\n"
        if len(waiting) == BATCH:
            write("".join(waiting))
            waiting.clear()
    write("".join(waiting) + "\n  ]\n}\n")


def _stopped(error: Cancelled) -> Answer:
    words = sentence(error)
    say(str(words))
    document = {"code": error.code, "message": words.what, "remedy": words.remedy, "params": {}}
    return Answer({"error": document}, exit_code=STOPPED)


@contextmanager
def _stoppable() -> Iterator[Event]:
    """An event that Ctrl+C sets; the work then ends between two rows, and never during a commit."""
    stop = Event()
    if current_thread() is not main_thread():
        yield stop
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second one means it
        stop.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class Counter:
    """Says how far an import is: on one line of a terminal, else every few thousand rows."""

    STEP = 5000

    def __init__(self) -> None:
        self._next = self.STEP
        self._is_terminal = sys.stderr.isatty()
        self._width = 0

    def __call__(self, advance: Advance) -> None:
        if self._is_terminal:
            text = intake_words.advance(advance)
            sys.stderr.write(f"\r{text.ljust(self._width)}")
            sys.stderr.flush()
            self._width = len(text)
        elif advance.rows >= self._next:
            say(_("{count} lignes lues…").format(count=shown.number(advance.rows)))
            self._next = advance.rows + self.STEP

    def close(self) -> None:
        """Leave the terminal's line as it was."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()
            self._width = 0
