"""The hand-over slip of a transfer, in words: for the paper agent."""

from pathlib import Path

from fleet.asset import Asset
from fleet.register import School
from fleet.usecases.exchanging import Transferred
from tui import format as shown
from tui import words
from tui.i18n import _
from tui.labelling import OWNER_NAME, OWNER_PHONE
from tui.office import Office


def write_slip_of(office: Office, transferred: Transferred, path: Path) -> int:
    """Write the slip of ``transferred``; its number of pages."""
    from agents.paper.slips import Slip, SlipLine, SlipWords, write_slip

    owner = (office.store.setting(OWNER_NAME), office.store.setting(OWNER_PHONE))
    assets = [each.asset for each in transferred.moved]
    carts = {asset.id: asset.name or asset.label for asset in assets}
    givers = [line for each in transferred.sources for line in _party(each, owner)]
    slip = Slip(
        number=transferred.moved[0].operation[-12:].upper(),
        day=shown.day(transferred.at.astimezone().date()),
        giver=tuple(givers),
        receiver=_party(transferred.target, owner),
        lines=[
            SlipLine(
                shown.tag(asset.tag),
                asset.serial or "—",
                asset.model or words.kind(asset.kind),
                _place(asset, carts),
            )
            for asset in assets
        ],
    )
    slip_words = SlipWords(
        title=_("Bordereau de remise"),
        giver=_("Remis par"),
        receiver=_("Reçu par"),
        columns=(_("N°"), _("Étiquette"), _("N° de série"), _("Modèle"), _("Place")),
        total=words.assets(len(assets)),
        signature=_("Nom, date et signature"),
        page=_("page {page} sur {pages}"),
    )
    return write_slip(path, slip, words=slip_words, created=transferred.at)


def _party(school: School | None, owner: tuple[str, str]) -> tuple[str, ...]:
    if school is None:
        name, phone = owner
        return tuple(filter(None, (name or _("Stock du propriétaire"), phone)))
    town = f"{school.postcode} {school.commune}".strip()
    return tuple(filter(None, (school.name, school.uai, school.address, town)))


def _place(asset: Asset, carts: dict[str, str]) -> str:
    if asset.cart in carts and asset.slot:
        return f"{carts[asset.cart]} · {asset.slot:02}"
    return asset.name or ""
