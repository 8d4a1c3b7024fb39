"""The columns of the fleet list, and an asset as one of its rows."""

from fleet.views import AssetRow
from tui import format as shown
from tui import words
from tui.glyphs import Tone
from tui.i18n import _
from tui.screens.card_lines import place
from tui.widgets.toned import Span
from tui.widgets.virtual_table import Column, Row

COLUMNS = (
    Column(_("État"), 15),
    Column(_("Étiquette"), 9),
    Column(_("Modèle"), 0),
    Column(_("Place"), 9),
    Column(_("Emprunteur"), 15),
    Column(_("Retour"), 12, from_width=92),
    Column(_("École"), 18, from_width=104),
    Column(_("Contrôle"), 17, from_width=116),
)


def asset_line(asset: AssetRow) -> Row:
    """An asset as a row of the table."""
    look = words.STATES[asset.state]
    audit = words.compliance(asset.compliant)
    has_audit = asset.kind.value == "tablet"
    return Row(
        asset.id,
        (
            Span(str(look), look.tone),
            Span(shown.tag(asset.tag), Tone.STRONG),
            Span(asset.model or asset.name or words.KINDS[asset.kind]),
            Span(place(asset)),
            Span(asset.borrower_name or ""),
            Span(shown.day(asset.due) if asset.due else ""),
            Span(shown.short_school(asset.school_name or asset.school or "")),
            Span(str(audit) if has_audit else "", audit.tone),
        ),
    )
