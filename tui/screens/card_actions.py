"""What a card offers to do, and why some of it cannot be done in the state the asset is in."""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet import movements
from fleet.asset import LENDABLE_KINDS, Asset, Loan, State
from fleet.errors import Refusal
from fleet.passages import check_passage
from fleet.views import AssetCard
from tui.commands import Command
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.sentences import sentence
from tui.widgets.line_list import ListLine
from tui.widgets.toned import Span


@dataclass(frozen=True, slots=True)
class Action:
    """A key of the card and the movement that it writes."""

    command: Command
    kind: str


UNDO = Command("card.undo", "f2", "undo", _("Annuler"))
REPAIR = Command("card.repair", "f3", "change('f3')", _("En réparation"))
REPAIRED = Command("card.repaired", "f4", "change('f4')", _("Réparé"))
LOST = Command("card.lost", "f5", "change('f5')", _("Perdu"))
FOUND = Command("card.found", "f6", "change('f6')", _("Retrouvé"))
MOVE = Command("card.move", "f7", "change('f7')", _("Déplacer"))
LABEL = Command("card.label", "f8", "label", _("Étiquette"))

ACTIONS: Mapping[str, Action] = {
    action.command.key: action
    for action in (
        Action(REPAIR, movements.SENT_TO_REPAIR),
        Action(REPAIRED, movements.REPAIRED),
        Action(LOST, movements.LOST),
        Action(FOUND, movements.FOUND),
        Action(MOVE, movements.MOVED),
    )
}
COMMANDS = (*(action.command for action in ACTIONS.values()), LABEL)


def refusals(card: AssetCard) -> dict[str, Refusal]:
    """Why an action cannot be done now, by its key; what can be done is left out."""
    asset = _asset(card)
    found: dict[str, Refusal] = {}
    for key, action in ACTIONS.items():
        try:
            check_passage(asset, action.kind)
        except Refusal as refusal:
            found[key] = refusal
    if card.row.tag is None:
        found[LABEL.key] = Refusal("label.no_tag", tag=asset.label)
    return found


def action_lines(refused: Mapping[str, Refusal]) -> list[ListLine]:
    """Every action with its key, the ones that cannot be done greyed with their reason."""
    lines = []
    for command in COMMANDS:
        key, _twin = command.keys_shown
        refusal = refused.get(command.key)
        if refusal is None:
            lines.append(ListLine((Span(f"{key}  ", Tone.STRONG), Span(command.label))))
        else:
            why = f"{key}  {command.label}  {Glyph.BAD} {sentence(refusal).what}"
            lines.append(ListLine.of(why, Tone.MUTED))
    return lines


def _asset(card: AssetCard) -> Asset:
    """As much of the asset as its passages depend on."""
    row = card.row
    shelf = State.AVAILABLE if row.kind in LENDABLE_KINDS else State.IN_SERVICE
    custody = shelf if row.state is State.LENT else row.state
    since = row.lent_at or ""
    loans = (Loan(card.loan, row.id, "", card.loan, since, ""),) if card.loan else ()
    return Asset(row.id, kind=row.kind, tag=row.tag, name=row.name, custody=custody, loans=loans)
