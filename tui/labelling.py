"""Label sheets for what a query finds: the words and the assets' places, for the paper agent."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fleet.labels import DEFAULT_SHEET, Label, sheet_named
from fleet.query import Query
from fleet.usecases.tagging import draw_free_tag
from fleet.views import AssetRow
from tui import words
from tui.i18n import _
from tui.office import Office

if TYPE_CHECKING:
    from agents.paper.labels import LabelsReport, LabelWords

OWNER_NAME, OWNER_PHONE = "owner_name", "owner_phone"
"""Settings that every label carries."""

_PAGE = 500


def print_labels(
    office: Office,
    query: Query,
    path: Path,
    *,
    sheet: str | None = None,
    start: int = 1,
    copies: int = 1,
    blank: int = 0,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    calibration: bool = False,
    spare_only: bool = False,
    rows: Sequence[AssetRow] | None = None,
    created: datetime | None = None,
) -> "LabelsReport":
    """Print a label for every asset that matches and bears a tag, then ``blank`` spare ones.

    Spare labels carry tags that no asset has; the first scan at registration claims one. With
    ``spare_only`` no asset gets a label, whatever the query; ``rows`` are printed instead of it.
    """
    from agents.paper.labels import write_labels

    owner = office.store.setting(OWNER_NAME)
    phone = office.store.setting(OWNER_PHONE)
    found = [] if spare_only else _found(office, query) if rows is None else rows
    labels = [to_label(row, owner, phone) for row in found if row.tag]
    if blank:
        with office.work() as work:
            spare: set[str] = set()
            while len(spare) < blank:
                spare.add(draw_free_tag(work))
        labels += [Label(tag, owner=owner, phone=phone) for tag in sorted(spare)]
    return write_labels(
        path,
        labels,
        sheet_named(sheet) if sheet else DEFAULT_SHEET,
        words=label_words(),
        created=created or datetime.now(UTC),
        start=start,
        copies=copies,
        offset_mm=offset_mm,
        calibration=calibration,
    )


def to_label(row: AssetRow, owner: str, phone: str) -> Label:
    """What the label of one asset says."""
    place = " · ".join(
        part for part in (row.cart_name or "", f"{row.slot:02}" if row.slot else "") if part
    )
    return Label(
        tag=row.tag or "",
        slot=place or row.name or "",
        school=row.school_name or "",
        owner=owner,
        phone=phone,
        kind=words.kind(row.kind),
    )


def label_words() -> "LabelWords":
    """The sentences on a sheet, in the user's language."""
    from agents.paper.calibration import CalibrationWords
    from agents.paper.labels import LabelWords

    return LabelWords(
        title=_("Étiquettes Ardoise"),
        copies=(_("tablette"), _("coque")),
        calibration=CalibrationWords(
            heading=_("Imprimer à 100 %"),
            instructions=(
                _(
                    "Dans la fenêtre d’impression, choisir « Taille réelle » ou 100 %,"
                    " jamais « Ajuster à la page »."
                ),
                _(
                    "Mesurer les deux règles : elles font 100 mm. Superposer cette page à une"
                    " planche d’étiquettes devant une fenêtre ; si les cadres sont décalés,"
                    " donner l’écart en millimètres : --offset DROITE,BAS."
                ),
            ),
        ),
    )


def _found(office: Office, query: Query) -> list[AssetRow]:
    rows: list[AssetRow] = []
    after = None
    while True:
        page = office.views.assets(query, limit=_PAGE, after=after)
        rows += page.items
        if page.next is None:
            return rows
        after = page.next
