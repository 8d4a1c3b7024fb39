"""What the stocktake screen says: the answer to a scan, and the lines of its two lists."""

from collections.abc import Sequence
from pathlib import Path

from fleet.errors import FleetError
from fleet.stocktake import Finding, Place
from fleet.stocktake_report import ReportLine, StocktakeReport
from fleet.usecases.stocktaking import Scanned, Verdict
from tui import format as shown
from tui import stocktake_words, words
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.sentences import sentence
from tui.widgets.line_list import ListLine
from tui.widgets.scan_panel import Answer
from tui.widgets.toned import Span

LOG_LENGTH = 200

WELCOME = Answer(
    Tone.PLAIN,
    Glyph.MARK,
    _("Scanner ce qui est là"),
    (_("Dans n’importe quel ordre, à plusieurs postes ; deux fois ne gêne pas."),),
)


def answer(scanned: Scanned, report: StocktakeReport | None) -> Answer | None:
    """What the panel says of the last scan; None for nothing at all."""
    if scanned.refused:
        return refusal(scanned.refused[-1][1])
    if not scanned.verdicts:
        return None
    verdict = scanned.verdicts[-1]
    look = stocktake_words.FINDINGS[verdict.finding]
    asset = verdict.asset
    label = verdict.code
    lines: list[str] = []
    if asset is not None:
        label = shown.tag(asset.tag) if asset.tag else asset.label
        model = asset.name or " ".join(filter(None, (asset.maker, asset.model)))
        lines.append(model or words.kind(asset.kind))
    line = _line_of(verdict, report)
    if line is not None and report is not None:
        lines.append(stocktake_words.about(line, report.row))
    if verdict.finding is Finding.UNKNOWN:
        lines.append(_("Le code est noté ; rattacher l’étiquette plus tard."))
    if verdict.repeated:
        lines.append(_("Déjà scanné."))
    if verdict.late:
        lines.append(_("Après la clôture : noté au rapport."))
    return Answer(look.tone, look.glyph, f"{label}  {look.word}", tuple(filter(None, lines)))


def refusal(error: FleetError) -> Answer:
    """An error as the panel shows it."""
    said = sentence(error)
    return Answer(Tone.BAD, Glyph.BAD, said.what, (said.remedy,))


def written(files: Sequence[Path]) -> Answer:
    """Where the report is."""
    names = " · ".join(path.name for path in files)
    folder = _("dans {folder}").format(folder=files[0].parent)
    return Answer(Tone.OK, Glyph.DONE, _("Rapport écrit"), (names, folder))


def is_accepted(scanned: Scanned) -> bool:
    """Whether the scan sounds well: found, and read whole."""
    return not scanned.refused and all(each.finding is Finding.FOUND for each in scanned.verdicts)


def missing_lines(report: StocktakeReport) -> list[ListLine]:
    """What is still expected."""
    return [
        ListLine(
            (
                Span(stocktake_words.name(line)),
                Span(f"  {stocktake_words.about(line, report.row)}", Tone.MUTED),
                Span(f"  {stocktake_words.what(line.asset)}", Tone.MUTED),
            ),
            line.asset.id if line.asset else "",
        )
        for line in report.of(Finding.MISSING)
    ]


def seen_lines(report: StocktakeReport) -> list[ListLine]:
    """What came in at all desks, the newest first."""
    seen = [line for line in report.lines if line.position is not None]
    seen.sort(key=lambda line: -(line.position or 0))
    return [_seen_line(line, report) for line in seen[:LOG_LENGTH]]


def _seen_line(line: ReportLine, report: StocktakeReport) -> ListLine:
    look = stocktake_words.FINDINGS[line.finding]
    said = stocktake_words.about(line, report.row)
    return ListLine(
        (
            Span(f"{look.glyph} ", look.tone),
            Span(stocktake_words.name(line)),
            Span(f" {look.word}", look.tone),
            Span(f" ({said})" if said else "", Tone.MUTED),
            Span(_(" · après la clôture") if line.late else "", Tone.MUTED),
        )
    )


def _line_of(verdict: Verdict, report: StocktakeReport | None) -> ReportLine | None:
    if report is None or verdict.asset is None or verdict.known == Place():
        return None
    wanted = verdict.asset.id
    return next(
        (
            line
            for line in report.lines
            if line.position is not None and line.asset is not None and line.asset.id == wanted
        ),
        None,
    )
