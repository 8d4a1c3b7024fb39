"""Paper: ``labels``."""

from argparse import Namespace
from contextlib import closing

from fleet.query import join, parse
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.i18n import ngettext
from tui.labelling import print_labels


def labels(options: Namespace) -> Answer:
    """Print a sheet of labels; only spare ones draw tags, which writes nothing."""
    query = parse(join(options.query), "assets")
    with closing(open_office(options.db, create=bool(options.blank))) as office:
        report = print_labels(
            office,
            query,
            options.output,
            sheet=options.sheet,
            start=options.start,
            copies=options.copies,
            blank=options.blank,
            offset_mm=options.offset,
            calibration=options.calibration,
            spare_only=bool(options.blank) and query.is_everything,
        )
    text = ngettext(
        "{labels} étiquette dans {file} (pages : {pages})",
        "{labels} étiquettes dans {file} (pages : {pages})",
        report.labels,
    )
    return Answer(
        {"labels": report.labels, "pages": report.pages, "file": str(options.output)},
        [text.format(labels=report.labels, pages=report.pages, file=options.output)],
    )
