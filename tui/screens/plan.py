"""What applying would change, slot by slot and step by step, before anything is changed."""

from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from fleet.plan import Plan
from fleet.scan import Scan, ScannedTag
from tui import device_words
from tui import format as shown
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import BACK, Dialog
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.status_line import StatusLine
from tui.widgets.toned import Span

PAGE = 10

APPLY = Command("plan.apply", "f5", "apply", _("Appliquer"))


class PlanDialog(Dialog[Collection[int] | None]):
    """Answers with the slots whose plan has steps; Escape leaves all as it was."""

    PLACE = _("Plan")
    KEYS = (APPLY, BACK)
    PROMPT = _("Scanner une étiquette pour voir son plan")
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((APPLY,)),
        Binding("pageup", f"steer(-{PAGE})", show=False),
        Binding("pagedown", f"steer({PAGE})", show=False),
    ]
    CSS_PATH = "plan.tcss"

    def __init__(self, plans: Mapping[int, Plan], tags: Mapping[int, str | None]) -> None:
        super().__init__()
        self._plans = plans
        self._tags = tags

    def body(self) -> Iterable[Widget]:
        yield LineList(id="plan")
        yield StatusLine(id="total")

    def start(self) -> None:
        lines = [line for slot in sorted(self._plans) for line in self._slot_lines(slot)]
        self.query_one(LineList).show(lines, 0)
        steps = sum(len(plan.steps) for plan in self._plans.values())
        text = ngettext("{count} étape", "{count} étapes", steps).format(count=steps)
        tablets = ngettext("sur {count} tablette", "sur {count} tablettes", len(self._ready))
        self.query_one("#total", StatusLine).show(
            f"{text} {tablets.format(count=len(self._ready))}"
            if steps
            else _("Rien à changer : tout est conforme."),
            _("Échap laisse tout comme avant"),
        )

    @property
    def _ready(self) -> frozenset[int]:
        return frozenset(slot for slot, plan in self._plans.items() if plan.steps)

    def _slot_lines(self, slot: int) -> Iterable[ListLine]:
        plan = self._plans[slot]
        tag = self._tags.get(slot)
        named = shown.tag(tag) if tag else _("non inscrite")
        count = ngettext("{count} étape", "{count} étapes", len(plan.steps))
        yield ListLine(
            (
                Span(f"{slot:>2}  {named}  ", Tone.STRONG),
                Span(count.format(count=len(plan.steps)), Tone.MUTED),
            ),
            f"slot-{slot}",
        )
        for number, step in enumerate(plan.steps, 1):
            yield ListLine(
                (
                    Span(f"    {number:>2}. "),
                    Span(device_words.step(step)),
                    Span(f"  {device_words.why(step)}", Tone.MUTED),
                ),
                f"step-{slot}-{number}",
            )
        for number, note in enumerate(plan.notes, 1):
            done = note.code == "plan.already_so"
            glyph = Span(
                f"     {Glyph.DONE if done else Glyph.WARN} ", Tone.OK if done else Tone.WARN
            )
            yield ListLine((glyph, Span(device_words.note(note))), f"note-{slot}-{number}")

    def scanned(self, scan: Scan) -> None:
        """Go to the plan of a scanned tablet; open the card of another one."""
        tag = scan.code.value if isinstance(scan, ScannedTag) else None
        for slot in self._plans:
            if tag is not None and self._tags.get(slot) == tag:
                lines = self.query_one(LineList)
                keys = [line.key for line in lines.lines]
                lines.marked = keys.index(f"slot-{slot}")
                return
        self.open_card(scan)

    def action_steer(self, by: int) -> None:
        self.query_one(LineList).move(by)

    def action_apply(self) -> None:
        """Answer with the slots that have something to do."""
        self.dismiss(self._ready)
