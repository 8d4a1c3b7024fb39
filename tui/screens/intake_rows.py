"""What an import's screen shows of staged rows: tabs, columns, one line each; and its keys."""

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from fleet.imports.staging import Fate, Staged, Staging
from fleet.usecases.importing.report import ImportReport
from tui import format as shown
from tui import intake_words
from tui.commands import Command
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.intake import Advance
from tui.widgets.toned import Span
from tui.widgets.virtual_table import Column, Row

KINDS = {
    "schools": _("écoles"),
    "assets": _("livraison ou inventaire"),
    "people": _("personnes"),
}
TABS = {
    Fate.CREATED: _("Nouveaux"),
    Fate.UPDATED: _("Modifiés"),
    Fate.CONFLICTING: _("En conflit"),
    Fate.REJECTED: _("Rejetés"),
    Fate.SAME: _("Inchangés"),
}
COLUMNS = (Column(_("Ligne"), 7), Column(_("Sujet"), 26), Column(_("Détail"), 0))
PAGE_SIZE = 100
BAR_CELLS = 20

KIND = Command("intake.kind", "f2", "kind", _("Genre"), _("Écoles, livraison ou personnes."))
TAB = Command("intake.tab", "f3", "tab", _("Onglet"), _("Nouveaux, modifiés, en conflit, rejetés."))
SCHOOL = Command("intake.school", "f4", "school", _("École"), _("Celle des lignes sans UAI."))
APPLY = Command("intake.apply", "f5", "apply", _("Importer"), _("Écrire ce que l’aperçu montre."))
REGISTER = Command("intake.register", "f6", "register", _("Inscrire"), _("Boîte par boîte."))
WHOLE = Command("intake.whole", "f7", "whole", _("Complète"), _("Qui n’y est plus est parti."))


class Stage(Enum):
    """What the screen is doing."""

    CHOOSING = auto()
    READING = auto()
    PREVIEW = auto()
    WRITING = auto()
    DONE = auto()


class StagedSource:
    """The staged rows of one fate, for the table."""

    page_size = PAGE_SIZE

    def __init__(self, staging: Staging, fate: Fate) -> None:
        self._staging = staging
        self._fate = fate

    def count(self) -> int:
        return self._staging.count(self._fate)

    def page(self, index: int) -> Sequence[Row]:
        start = index * PAGE_SIZE
        found = self._staging.page(self._fate, start, PAGE_SIZE)
        return [_row(place, each) for place, each in enumerate(found, start)]


def file_mark(path: Path) -> tuple[int, int]:
    """Size and time of a file: what changes when somebody saves it again."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)  # opening it will say why
    return found.st_size, found.st_mtime_ns


def _row(place: int, staged: Staged) -> Row:
    if staged.fault is None:
        detail, tone = intake_words.changes(staged.differs), Tone.PLAIN
    else:
        reason = intake_words.why(staged.fault)
        detail = _("{field} : {reason}").format(field=staged.fault.field or "—", reason=reason)
        tone = Tone.WARN if staged.fate is Fate.CONFLICTING else Tone.BAD
    line = str(staged.line) if staged.line else "—"
    return Row(str(place), (Span(line, Tone.MUTED), Span(staged.label), Span(detail, tone)))


def tab_line(staging: Staging, current: Fate) -> str:
    """The names of the tabs with their counts, the current one marked."""
    names = []
    for fate, name in TABS.items():
        mark = Glyph.MARK if fate is current else " "
        names.append(f"{mark}{name} {shown.number(staging.count(fate))}")
    return "  ".join(names)


def progress_bar(advance: Advance) -> str:
    """How far an import is, drawn and in words."""
    filled = round((advance.part or 0.0) * BAR_CELLS)
    bar = "▓" * filled + "░" * (BAR_CELLS - filled)
    return f"{bar}  {intake_words.advance(advance)}"


def stage_line(stage: Stage, report: ImportReport | None) -> str:
    """What the screen is doing, or did."""
    match stage:
        case Stage.READING | Stage.WRITING:
            return _("Lecture du fichier…")
        case Stage.PREVIEW:
            return _("Aperçu : rien n’est écrit. F5 importe, Échap laisse tout en l’état.")
        case Stage.DONE if report is not None:
            text = _(
                "✔ Importé : {created} nouveaux, {updated} modifiés, {same} inchangés, "
                "{faults} défauts"
            )
            return text.format(
                created=shown.number(report.created),
                updated=shown.number(report.updated),
                same=shown.number(report.same),
                faults=shown.number(report.faults),
            )
        case _:
            return ""
