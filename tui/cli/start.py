"""Beginning and trust: ``init`` and ``check``."""

from argparse import Namespace
from contextlib import closing

from fleet.errors import FleetError
from tui.bootstrap import database_path, open_office
from tui.cli.answer import DIFFERENCES, DONE, Answer
from tui.i18n import _
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
