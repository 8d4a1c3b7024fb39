"""Stocktakes without a screen: ``stocktake open|scan|close|report|list``."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fleet.errors import FleetError, InvalidInput, StorageError
from fleet.stocktake import Finding
from fleet.stocktake_report import DIFFERENCES, ReportLine, StocktakeReport, StocktakeRow
from fleet.usecases.stocktaking import Verdict
from tui import format as shown
from tui import stocktake_words, stocktaking
from tui.bootstrap import open_office
from tui.cli.answer import DIFFERENCES as DIFFERENT
from tui.cli.answer import DONE, Answer, write
from tui.i18n import _
from tui.office import Office
from tui.sentences import sentence


def stocktake(options: Namespace) -> Answer:
    """Run one of the five actions."""
    return _ACTIONS[options.action](options)


def _open(options: Namespace) -> Answer:
    with closing(open_office(options.db)) as office:
        opened = stocktaking.open_stocktake(office, options.school, options.room, options.cart)
        report = stocktaking.read_report(office, opened.id)
    lines = [
        _("Récolement ouvert : {id}").format(id=opened.id),
        _("  {place} : {expected} attendus, {lent} en prêt").format(
            place=stocktake_words.place(report.row),
            expected=shown.number(report.row.expected),
            lent=shown.number(report.counts[Finding.LENT]),
        ),
    ]
    return Answer(_figures(report), lines)


def _scan(options: Namespace) -> Answer:
    """Each code is durable once its line is printed; 6 when some could not be taken."""
    verdicts: list[Verdict] = []
    refused: list[tuple[str, FleetError]] = []
    with closing(open_office(options.db)) as office:
        stocktaking.read_report(office, options.id)
        for scanned in stocktaking.scan_each(office, options.id, _codes(options)):
            verdicts += scanned.verdicts
            refused += scanned.refused
            if not options.json:
                lines = [*map(_verdict_line, scanned.verdicts), *map(_refusal, scanned.refused)]
                write("".join(f"{line}\n" for line in lines))
        report = stocktaking.read_report(office, options.id)
        items = [_verdict(office, each) for each in verdicts]
    document = {
        **_figures(report),
        "items": items,
        "refused": [
            {
                "code": code,
                "error": error.code,
                "message": sentence(error).what,
                "remedy": sentence(error).remedy,
            }
            for code, error in refused
        ],
    }
    return Answer(document, [_summary(report)], DIFFERENT if refused else DONE)


def _close(options: Namespace) -> Answer:
    with closing(open_office(options.db)) as office:
        stocktaking.close_stocktake(office, options.id, options.by, lost=options.lost)
        return _told(stocktaking.read_report(office, options.id))


def _report(options: Namespace) -> Answer:
    with closing(open_office(options.db, create=False)) as office:
        report = stocktaking.read_report(office, options.id)
    if options.output is None:
        return _told(report)
    stocktaking.write_report(report, options.output)
    return _told(report, options.output)


def _list(options: Namespace) -> Answer:
    with closing(open_office(options.db, create=False)) as office:
        rows = office.views.stocktaking.stocktakes(open_only=options.open, limit=options.limit)
    lines = [_row_line(row) for row in rows] or [_("Aucun récolement.")]
    return Answer({"items": [asdict(row) for row in rows]}, lines)


_ACTIONS: Mapping[str, Callable[[Namespace], Answer]] = {
    "open": _open,
    "scan": _scan,
    "close": _close,
    "report": _report,
    "list": _list,
}


def _codes(options: Namespace) -> Iterator[str]:
    """The codes of the command, then those of the file, line by line as they arrive."""
    yield from options.codes
    if options.file == "-":
        yield from (line for line in sys.stdin if line.strip())
    elif options.file:
        try:
            with Path(options.file).open(encoding="utf-8-sig", errors="replace") as lines:
                yield from (line for line in lines if line.strip())
        except FileNotFoundError as error:
            raise InvalidInput("file.missing", file=options.file) from error
        except OSError as error:
            raise StorageError(
                "file.unreadable", file=options.file, reason=error.strerror
            ) from error
    elif not options.codes:
        raise InvalidInput("asset.no_tag")


def _told(report: StocktakeReport, path: Path | None = None) -> Answer:
    """The whole report; 6 when something is not as expected."""
    items = [_line(line) for line in report.lines]
    document = {**_figures(report), "signed_by": report.signed_by, "items": items}
    lines = [_summary(report)]
    lines += [
        "  ".join(
            filter(
                None,
                (
                    f"  {stocktake_words.FINDINGS[line.finding]}",
                    stocktake_words.name(line),
                    stocktake_words.what(line.asset),
                    stocktake_words.about(line, report.row),
                ),
            )
        )
        for finding in DIFFERENCES
        for line in report.of(finding)
    ]
    if path is not None:
        document["file"] = str(path)
        lines = [lines[0], _("Rapport écrit : {file}").format(file=path)]
    return Answer(document, lines, DIFFERENT if report.differs else DONE)


def _figures(report: StocktakeReport) -> dict[str, Any]:
    row, counts = report.row, report.counts
    return {
        "id": row.id,
        "school": row.school,
        "room": row.room,
        "cart": row.cart,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "scans": row.scans,
        "expected": row.expected,
        **{each.value: counts[each] for each in Finding},
    }


def _line(line: ReportLine) -> dict[str, Any]:
    asset = line.asset
    return {
        "finding": line.finding,
        "id": asset.id if asset else None,
        "tag": asset.tag if asset else None,
        "code": line.code,
        "kind": asset.kind if asset else None,
        "model": asset.model if asset else None,
        "serial": asset.serial if asset else None,
        "state": line.state or (asset.state if asset else None),
        "expected_at": asdict(line.known) if line.known else None,
        "at": line.at,
        "author": line.author,
        "late": line.late,
    }


def _verdict(office: Office, verdict: Verdict) -> dict[str, Any]:
    asset, known = verdict.asset, verdict.known
    cart = office.views.asset(known.cart) if known.cart else None
    place = {**asdict(known), "cart": (cart.row.tag or cart.row.name) if cart else None}
    return {
        "code": verdict.code,
        "finding": verdict.finding,
        "tag": asset.tag if asset else None,
        "id": asset.id if asset else None,
        "state": asset.state if asset else None,
        "expected_at": place if asset else None,
        "repeated": verdict.repeated,
        "late": verdict.late,
    }


def _verdict_line(verdict: Verdict) -> str:
    look = stocktake_words.FINDINGS[verdict.finding]
    asset = verdict.asset
    label = (shown.tag(asset.tag) if asset.tag else asset.label) if asset else verdict.code
    again = _(" (déjà scanné)") if verdict.repeated else ""
    return f"{look.glyph} {label}  {look.word}{again}"


def _refusal(refused: tuple[str, FleetError]) -> str:
    words = sentence(refused[1])
    return f"✖ {words.what} {words.remedy}"


def _summary(report: StocktakeReport) -> str:
    counts = report.counts
    parts = [
        _("{count} attendus").format(count=shown.number(report.row.expected)),
        *(
            _("{finding} : {count}").format(
                finding=stocktake_words.FINDINGS[each].word, count=shown.number(counts[each])
            )
            for each in (Finding.FOUND, *DIFFERENCES, Finding.LENT)
            if counts[each]
        ),
    ]
    return f"{stocktake_words.place(report.row)} — {' · '.join(parts)}"


def _row_line(row: StocktakeRow) -> str:
    state = (
        _("ouvert")
        if row.is_open
        else _("clos le {at}").format(at=shown.since(row.closed_at or ""))
    )
    return "  ".join(
        (
            row.id,
            shown.since(row.opened_at),
            stocktake_words.place(row),
            state,
            stocktake_words.missing(row.missing),
        )
    )
