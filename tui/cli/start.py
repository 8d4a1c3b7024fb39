"""Beginning and trust: ``init``, ``import``, ``check``."""

from argparse import Namespace
from contextlib import closing

from agents.files import open_table
from fleet.errors import FleetError, InvalidInput
from fleet.imports.rows import Rejected
from tui import format as shown
from tui.bootstrap import database_path, open_office
from tui.cli.answer import DIFFERENCES, DONE, Answer, say
from tui.i18n import _, ngettext
from tui.intake import import_file
from tui.labelling import OWNER_NAME, OWNER_PHONE
from tui.sentences import sentence


def init(options: Namespace) -> Answer:
    """Make a database, or tell of the one that is there; settings given are written."""
    given = {OWNER_NAME: options.owner, OWNER_PHONE: options.phone}
    settings = {name: value for name, value in given.items() if value is not None}
    with closing(open_office(options.db)) as office:
        if settings:
            office.store.set_settings(settings)
        replica = office.store.replica
    place = str(database_path(options.db))
    return Answer(
        {"replica": replica, "database": place},
        [_("Base prête : {place}").format(place=place)],
    )


def import_(options: Namespace) -> Answer:
    """Import a file; 6 when rows were rejected and the others went in."""
    open_table(options.file)  # before a database is made for a file that is none
    with closing(open_office(options.db)) as office:
        report = import_file(
            office,
            options.kind,
            options.file,
            school=options.school,
            complete=options.complete,
            dry_run=options.dry_run,
            progress=Counter() if not options.json else None,
        )
    document = {
        "created": report.created,
        "updated": report.updated,
        "same": report.same,
        "rejected": [
            {"line": each.line, "field": each.field, "value": each.value, "reason": each.reason}
            for each in report.rejected
        ],
        "dry_run": options.dry_run,
    }
    head = _("Essai, rien n’est écrit.") if options.dry_run else _("Import terminé.")
    lines = [
        head,
        _("  nouveaux : {count}").format(count=shown.number(report.created)),
        _("  modifiés : {count}").format(count=shown.number(report.updated)),
        _("  inchangés : {count}").format(count=shown.number(report.same)),
    ]
    if report.rejected:
        count = len(report.rejected)
        lines.append(
            ngettext("  {count} défaut :", "  {count} défauts :", count).format(count=count)
        )
    for each in report.rejected:
        lines.append(
            _("  ligne {line}, {field} : « {value} » — {reason}").format(
                line=each.line,
                field=each.field or "—",
                value=each.value,
                reason=_why(each),
            )
        )
    return Answer(document, lines, DIFFERENCES if report.rejected else DONE)


def check(options: Namespace) -> Answer:
    """Fold everything again and compare; 6 when something differs."""
    with closing(open_office(options.db, create=False)) as office:
        findings = office.store.check()
    document = {
        "ok": not findings,
        "findings": [
            {"code": each.code, "subject": each.subject, "detail": each.detail} for each in findings
        ],
    }
    if not findings:
        lines = [_("Journal et état concordent ; rien à signaler.")]
    else:
        lines = [
            sentence(FleetError(each.code, subject=each.subject, detail=each.detail)).what
            for each in findings
        ]
    return Answer(document, lines, DIFFERENCES if findings else DONE)


def _why(fault: Rejected) -> str:
    params = {"field": fault.field, "value": fault.value, "expected": fault.expected}
    return sentence(InvalidInput(fault.reason, **params)).what


class Counter:
    """Says every few thousand rows how far an import is."""

    STEP = 5000

    def __init__(self) -> None:
        self._next = self.STEP

    def __call__(self, done: int) -> None:
        if done >= self._next:
            say(_("{count} lignes lues…").format(count=shown.number(done)))
            self._next = done + self.STEP
