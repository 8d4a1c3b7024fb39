"""Importing a file: choose it, look at what it would do, then do it or leave all as it was.

The preview is the whole import, undone; nothing holds the database while it is looked at. Only F5
writes, and Escape stops whatever runs.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from fleet.errors import Cancelled, FleetError, Refusal
from fleet.imports.staging import Fate, Staging
from fleet.usecases.importing.report import ImportReport
from fleet.views import SchoolRow
from tui.commands import bindings
from tui.completion import Candidate, candidates
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.intake import Advance, ImportOrder, run_import
from tui.screens.choice import ChoiceDialog
from tui.screens.desk_choices import schools
from tui.screens.intake_rows import (
    APPLY,
    COLUMNS,
    KIND,
    KINDS,
    REGISTER,
    SCHOOL,
    TAB,
    TABS,
    WHOLE,
    Stage,
    StagedSource,
    file_mark,
    progress_bar,
    stage_line,
    tab_line,
)
from tui.screens.page import BACK, Page
from tui.sentences import sentence
from tui.widgets.bars import PlaceBar
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.status_line import StatusLine
from tui.widgets.virtual_table import VirtualTable


class ImportScreen(Page[None]):
    """A file of the field, before and after."""

    PLACE = _("Entrées")
    PROMPT = _("Taper ou coller le chemin d’un fichier CSV ou XLSX ; ↑↓ puis Entrée")
    KEYS = (KIND, TAB, SCHOOL, APPLY, REGISTER, WHOLE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS[:-1]),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]
    CSS_PATH = "intake.tcss"

    @dataclass
    class _Listed(Message):
        typed: str
        files: Sequence[Candidate]

    @dataclass
    class _Advanced(Message):
        advance: Advance

    @dataclass
    class _Finished(Message):
        report: ImportReport
        mark: tuple[int, int]
        staging: Staging

    @dataclass
    class _Broken(Message):
        error: FleetError

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.CHOOSING
        self.report: ImportReport | None = None
        self._kind = "schools"
        self._path: Path | None = None
        self._school: SchoolRow | None = None
        self._complete = False
        self._fate = Fate.CREATED
        self._files: Sequence[Candidate] = ()
        self._folder = ""
        self._stop = Event()
        self._staging: Staging | None = None
        self._kept = ExitStack()
        self._mark = (0, 0)
        """Size and time of the file that was previewed."""

    def body(self) -> Iterable[Widget]:
        yield StatusLine(id="order")
        yield LineList(id="files")
        yield StatusLine(id="tabs")
        yield VirtualTable(COLUMNS)
        yield StatusLine(id="progress")

    def start(self) -> None:
        files = self.query_one("#files", LineList)
        files.border_title = _("Fichiers")
        files.empty_text = _("Aucun fichier CSV ou XLSX de ce nom.")
        self.query_one(VirtualTable).empty_text = _("Rien dans cet onglet.")
        self._draw()
        self._look("")

    def on_unmount(self) -> None:
        self._stop.set()
        self._kept.close()

    # choosing

    def typed_changed(self, text: str) -> None:
        if self.stage is Stage.CHOOSING:
            self._look(text or self._folder)

    @work(thread=True, exclusive=True, group="files", exit_on_error=False)
    def _look(self, typed: str) -> None:
        self.post_message(self._Listed(typed, candidates(typed)))

    @on(_Listed)
    def _show_files(self, message: _Listed) -> None:
        if message.typed != (self.ardoise.typed or self._folder):
            return
        self._files = message.files
        self.query_one("#files", LineList).show(
            [
                ListLine.of(each.shown, Tone.MUTED if each.is_folder else Tone.PLAIN, str(index))
                for index, each in enumerate(self._files)
            ]
        )

    def line_read(self, text: str) -> None:
        """Open a typed path; anything else is a scan."""
        path = Path(text).expanduser()
        if self.stage is Stage.CHOOSING and ("." in text or "/" in text or "\\" in text):
            self._open(path)
        else:
            super().line_read(text)

    def _open(self, path: Path) -> None:
        if path.is_dir():
            self._folder = f"{path}/"
            self._look(self._folder)
        else:
            self._path = path
            self._read()

    # reading and writing

    def _read(self) -> None:
        if self._path is not None:
            self._begin(Stage.READING)
            self._run(self._order(self._path), None)

    def _order(self, path: Path) -> ImportOrder:
        school = self._school.uai if self._school else None
        return ImportOrder(self._kind, path, school, self._complete)

    def _begin(self, stage: Stage) -> None:
        self.stage = stage
        self._stop = Event()
        self._draw()

    @work(thread=True, group="intake", exit_on_error=False)
    def _run(self, order: ImportOrder, expected: tuple[int, int] | None) -> None:
        """Preview, or write what was previewed while the file was so long and so old."""
        stop = self._stop
        with ExitStack() as kept:
            try:
                staging = kept.enter_context(self.office.store.staging())
                mark = file_mark(order.path)
                if expected is not None and mark != expected:
                    raise Refusal("import.file_changed", file=order.path.name)
                report = run_import(
                    self.office,
                    order,
                    staging,
                    dry_run=expected is None,
                    follow=self._tell,
                    stop=stop,
                )
            except FleetError as error:
                self.post_message(self._Broken(error))
                return
            if self.post_message(self._Finished(report, mark, staging)):
                self._kept.push(kept.pop_all())

    def _tell(self, advance: Advance) -> None:
        self.post_message(self._Advanced(advance))

    @on(_Advanced)
    def _show_advance(self, message: _Advanced) -> None:
        if self.stage in (Stage.READING, Stage.WRITING):
            text = progress_bar(message.advance)
            self.query_one("#progress", StatusLine).show(text, _("Échap arrête"))

    @on(_Finished)
    def _show_report(self, message: _Finished) -> None:
        was_reading = self.stage is Stage.READING
        self.stage = Stage.PREVIEW if was_reading else Stage.DONE
        self.report, self._mark, self._staging = message.report, message.mark, message.staging
        if was_reading:
            filled = (fate for fate in TABS if message.staging.count(fate))
            self._fate = next(filled, Fate.CREATED)
        else:
            self.ardoise.play(True)
        self._draw()
        self._show_tab()

    @on(_Broken)
    def _show_error(self, message: _Broken) -> None:
        self.stage = Stage.CHOOSING
        self._draw()
        words = sentence(message.error)
        glyph = Glyph.WARN if isinstance(message.error, Cancelled) else Glyph.BAD
        self.query_one("#progress", StatusLine).show(f"{glyph} {words}")
        if not isinstance(message.error, Cancelled):
            self.ardoise.play(False)
        self._look(self.ardoise.typed or self._folder)

    # what is on the screen

    def _draw(self) -> None:
        self.set_class(self.stage in (Stage.PREVIEW, Stage.DONE), "-previewed")
        name = self._path.name if self._path else _("aucun fichier")
        said = [_("Genre : {kind}").format(kind=KINDS[self._kind])]
        if self._kind != "schools":
            school = self._school.name if self._school else _("dans le fichier")
            said.append(_("école : {school}").format(school=school))
        if self._complete:
            said.append(_("liste complète"))
        self.query_one("#order", StatusLine).show(" · ".join(said), name)
        self.query_one(PlaceBar).subject = name if self._path else ""
        self.query_one("#progress", StatusLine).show(stage_line(self.stage, self.report))

    def _show_tab(self) -> None:
        if self._staging is None:
            return
        self.query_one("#tabs", StatusLine).show(tab_line(self._staging, self._fate))
        self.query_one(VirtualTable).show(StagedSource(self._staging, self._fate))

    @on(VirtualTable.Failed)
    def _say_failed(self, message: VirtualTable.Failed) -> None:
        self.ardoise.report(message.error)

    # commands

    def action_kind(self) -> None:
        """Go on to the next kind of file."""
        if not self._is_busy():
            kinds = list(KINDS)
            self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
            self._changed()

    def action_whole(self) -> None:
        """Say that a list of persons is complete, or is not."""
        if self._kind != "people":
            self.notify(_("Seule une liste de personnes peut être complète."))
        elif not self._is_busy():
            self._complete = not self._complete
            self._changed()

    @work
    async def action_school(self) -> None:
        """Ask for the school of the rows that name none."""
        if self._is_busy():
            return
        find = partial(schools, self.office.views)
        chosen = await self.app.push_screen_wait(ChoiceDialog(_("École"), find))
        if chosen is not None:
            self._school = chosen
            self._changed()

    def _changed(self) -> None:
        """A preview of something else is none: make it again."""
        if self._kind != "people":
            self._complete = False
        if self.stage is Stage.PREVIEW:
            self._read()
        else:
            self._draw()

    def action_tab(self) -> None:
        """Show the rows of the next fate."""
        fates = list(TABS)
        self._fate = fates[(fates.index(self._fate) + 1) % len(fates)]
        self._show_tab()

    def action_apply(self) -> None:
        """Write what the preview shows."""
        if self.stage is not Stage.PREVIEW or self._path is None:
            self.notify(_("Choisir d’abord un fichier : l’aperçu vient avant l’import."))
            return
        self._begin(Stage.WRITING)
        self._run(self._order(self._path), self._mark)

    def action_register(self) -> None:
        """Go to the registration in pairs."""
        if not self._is_busy():
            from tui.screens.register import RegisterScreen

            self.app.push_screen(RegisterScreen())

    def _is_busy(self) -> bool:
        return self.stage in (Stage.READING, Stage.WRITING)

    def action_steer(self, by: int) -> None:
        if self.stage is Stage.CHOOSING:
            self.query_one("#files", LineList).move(by)
        else:
            self.query_one(VirtualTable).move(by)

    def action_page(self, by: int) -> None:
        """Move by as many rows as are in sight."""
        table = self.query_one(VirtualTable)
        self.action_steer(by * table.page_rows)

    def action_choose(self) -> None:
        key = self.query_one("#files", LineList).marked_key
        self.ardoise.clear_line()
        if key and self.stage is Stage.CHOOSING and int(key) < len(self._files):
            self._open(self._files[int(key)].path)

    def action_back(self) -> None:
        """Stop what runs; else leave the preview; else the screen."""
        if self._is_busy():
            self._stop.set()
        elif self.stage in (Stage.PREVIEW, Stage.DONE):
            self.stage = Stage.CHOOSING
            self._draw()
            self._look(self._folder)
        else:
            super().action_back()
