"""A dialog that prints the labels of a selection to a file; F5 writes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from fleet.errors import FleetError
from fleet.query import EVERYTHING
from fleet.scan import ScannedTag
from tui import format as shown
from tui import words
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import BACK, Dialog
from tui.sentences import sentence
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_gate import scans_in

PRINT = Command("sheet.print", "f5", "print", _("Écrire le PDF"))


class SheetDialog(Dialog[None]):
    """Shows where the sheets will go; typing another name changes it."""

    PLACE = _("Imprimer les étiquettes")
    PROMPT = _("Taper un autre nom de fichier, puis Entrée")
    KEYS = (PRINT, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((PRINT,))]

    @dataclass
    class _Printed(Message):
        labels: int
        pages: int

    @dataclass
    class _Failed(Message):
        error: FleetError

    def __init__(self, assets: Sequence[str]) -> None:
        super().__init__()
        self._assets = tuple(assets)
        self._path = Path()
        self._busy = False

    def body(self) -> Iterable[Widget]:
        yield LineList()

    def start(self) -> None:
        day = self.ardoise.clock().astimezone().strftime("%Y-%m-%d-%H%M")
        self._path = Path.home() / _("etiquettes-{day}.pdf").format(day=day)
        self._say(words.assets(len(self._assets)))

    def _say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        self.query_one(LineList).show([ListLine.of(text, tone), ListLine.of(str(self._path))])

    def line_read(self, text: str) -> None:
        """Take a typed line as the file's name; a scan opens the card, as anywhere."""
        if any(isinstance(scan, ScannedTag) for scan in scans_in(text)):
            super().line_read(text)
            return
        path = (self._path.parent / Path(text)).expanduser()
        self._path = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")
        self._say(words.assets(len(self._assets)))

    def action_print(self) -> None:
        """Write the sheets."""
        if not self._busy:
            self._busy = True
            self._print(self._path)

    @work(thread=True, group="sheet", exit_on_error=False)
    def _print(self, path: Path) -> None:
        from tui.labelling import print_labels

        office = self.office
        try:
            rows = office.views.assets_by_id(self._assets)
            report = print_labels(office, EVERYTHING, path, rows=rows, created=self.ardoise.clock())
        except FleetError as error:
            self.post_message(self._Failed(error))
        else:
            self.post_message(self._Printed(report.labels, report.pages))

    @on(_Printed)
    def _say_printed(self, message: _Printed) -> None:
        self._busy = False
        labels = ngettext("{count} étiquette", "{count} étiquettes", message.labels)
        pages = ngettext("{count} page", "{count} pages", message.pages)
        self._say(
            f"{Glyph.DONE} {labels.format(count=shown.number(message.labels))}"
            f" · {pages.format(count=message.pages)}",
            Tone.OK,
        )

    @on(_Failed)
    def _say_failed(self, message: _Failed) -> None:
        self._busy = False
        self._say(f"{Glyph.BAD} {sentence(message.error)}", Tone.BAD)
