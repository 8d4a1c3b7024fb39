"""Stocktakes for whoever works with one: the office's transactions and the report on paper.

Each scan is a transaction of its own: what was acknowledged is on the disk.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.scan import Scan
from fleet.stocktake import Finding, Stocktake
from fleet.stocktake_report import DIFFERENCES, ReportLine, StocktakeReport
from fleet.usecases import stocktaking
from fleet.usecases.stocktaking import Scanned
from tui import format as shown
from tui import stocktake_words, words
from tui.i18n import _
from tui.office import Office

if TYPE_CHECKING:
    from agents.paper.stocktake import ReportPaper, ReportTable


def open_stocktake(
    office: Office, school: str | None = None, room: str | None = None, cart: str | None = None
) -> Stocktake:
    """Open a stocktake on a school, one of its rooms, or a cart."""
    with office.work() as work:
        opened = stocktaking.open_stocktake(work, school, room, cart)
        work.commit()
    return opened


def scan_each(office: Office, stocktake_id: str, codes: Iterable[str | Scan]) -> Iterator[Scanned]:
    """Take codes one by one; what comes out is durable."""
    for code in codes:
        with office.work() as work:
            scanned = stocktaking.scan(work, stocktake_id, [code])
            work.commit()
        yield scanned


def close_stocktake(
    office: Office, stocktake_id: str, signed_by: str, *, lost: int | None = None
) -> Stocktake:
    """Close a stocktake; ``lost`` confirms how many missing assets are declared lost.

    Raises ``Refusal('stocktake.not_confirmed')`` when it is not that many.
    """
    with office.work() as work:
        if lost is not None:
            missing = stocktaking.still_missing(work, stocktake_id)
            if len(missing) != lost:
                raise Refusal("stocktake.not_confirmed", count=len(missing))
        closed = stocktaking.close(work, stocktake_id, signed_by, lost=lost is not None)
        work.commit()
    return closed


def read_report(office: Office, stocktake_id: str) -> StocktakeReport:
    """A stocktake with all of its lines; ``NotFound('stocktake.unknown')``."""
    report = office.views.stocktaking.stocktake(stocktake_id)
    if report is None:
        raise NotFound("stocktake.unknown", stocktake=stocktake_id)
    return report


def write_report(report: StocktakeReport, path: Path, *, created: datetime | None = None) -> None:
    """Write the report as PDF or CSV, by the name of the file.

    Raises ``InvalidInput('stocktake.format')`` for another name, ``StorageError('file.write')``.
    """
    match path.suffix.lower():
        case ".pdf":
            from agents.paper.stocktake import write_stocktake_report

            write_stocktake_report(path, report_paper(report), created=created or datetime.now(UTC))
        case ".csv":
            from agents.files.writing import write_csv

            write_csv(path, _csv_header(), (_csv_row(line, report) for line in report.lines))
        case _:
            raise InvalidInput("stocktake.format", file=path.name)


def report_files(office: Office, report: StocktakeReport) -> tuple[Path, Path]:
    """Where a screen writes its PDF and its CSV: beside the database, a new pair per stocktake."""
    row = report.row
    day = (row.closed_at or row.opened_at)[:10]
    stem = f"recolement-{row.school}-{day}-{row.id[-4:]}"
    folder = Path(office.store.database).resolve().parent
    return folder / f"{stem}.pdf", folder / f"{stem}.csv"


def report_paper(report: StocktakeReport) -> "ReportPaper":
    """The words of the report on paper."""
    from agents.paper.stocktake import ReportPaper

    row, counts = report.row, report.counts
    facts = [_("Ouvert le {at}").format(at=shown.moment(row.opened_at))]
    if row.closed_at:
        facts.append(
            _("Clos le {at}, signé par {name}").format(
                at=shown.moment(row.closed_at), name=report.signed_by or "—"
            )
        )
    else:
        facts.append(_("Récolement en cours : ces chiffres sont provisoires."))
    figures = [(row.expected, _("attendus")), (counts[Finding.FOUND], _("trouvés"))]
    figures += [(counts[each], _PLURALS[each]) for each in (*DIFFERENCES, Finding.LENT)]
    return ReportPaper(
        title=_("Rapport de récolement"),
        subtitle=stocktake_words.place(row),
        facts=tuple(facts),
        figures=tuple((shown.number(count), word) for count, word in figures),
        tables=tuple(_table(report, finding) for finding in DIFFERENCES),
        nothing=_("Aucun écart : tout ce qui était attendu est là."),
        signatures=(
            _("Pour l’école (nom, date, signature)"),
            _("Pour la collectivité (nom, date, signature)"),
        ),
        page=_("Page {page} / {pages}"),
    )


_PLURALS = {
    Finding.MISSING: _("manquants"),
    Finding.MOVED: _("déplacés"),
    Finding.UNEXPECTED: _("inattendus"),
    Finding.UNKNOWN: _("inconnus"),
    Finding.LENT: _("en prêt"),
}

_TITLES = {
    Finding.MISSING: _("Manquants"),
    Finding.MOVED: _("Déplacés : attendus ailleurs, présents ici"),
    Finding.UNEXPECTED: _("Inattendus : prêtés, perdus, volés ou réformés, et présents"),
    Finding.UNKNOWN: _("Codes inconnus"),
}


def _table(report: StocktakeReport, finding: Finding) -> "ReportTable":
    from agents.paper.stocktake import ReportTable

    lines = report.of(finding)
    title = f"{_TITLES[finding]} ({shown.number(len(lines))})"
    if finding is Finding.UNKNOWN:
        heads = ((_("Code"), 0.5), (_("Scanné le"), 0.25), (_("Par"), 0.25))
        rows = [(line.code or "", *_scanned(line)) for line in lines]
        return ReportTable(title, heads, tuple(rows))
    columns = (
        (_("Étiquette"), 0.13),
        (_("Appareil"), 0.27),
        (_("N° de série"), 0.2),
        (_("Au registre"), 0.4),
    )
    return ReportTable(title, columns, tuple(_cells(line, report) for line in lines))


def _cells(line: ReportLine, report: StocktakeReport) -> tuple[str, ...]:
    asset = line.asset
    return (
        stocktake_words.name(line),
        stocktake_words.what(asset),
        (asset.serial or "") if asset else "",
        stocktake_words.about(line, report.row) + (_(" · après la clôture") if line.late else ""),
    )


def _scanned(line: ReportLine) -> tuple[str, str]:
    return shown.moment(line.at) if line.at else "", line.author or ""


def _csv_header() -> Sequence[str]:
    return (
        _("Constat"),
        _("Étiquette"),
        _("Code"),
        _("Appareil"),
        _("N° de série"),
        _("École"),
        _("Au registre"),
        _("État"),
        _("Emprunteur"),
        _("Scanné le"),
        _("Par"),
    )


def _csv_row(line: ReportLine, report: StocktakeReport) -> Sequence[str]:
    asset = line.asset
    known = stocktake_words.known_place(line.known, report.row) if line.known else ""
    return (
        stocktake_words.FINDINGS[line.finding].word,
        (asset.tag or "") if asset else "",
        line.code or "",
        stocktake_words.what(asset),
        (asset.serial or "") if asset else "",
        (asset.school_name or asset.school or "") if asset else "",
        known or (stocktake_words.current_place(asset) if asset else ""),
        words.STATES[line.state or asset.state].word if asset else "",
        (asset.borrower_name or "") if asset else "",
        *_scanned(line),
    )
