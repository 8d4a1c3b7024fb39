"""``register``: one box and one blank label, the screen's pair without the screen."""

from argparse import Namespace
from contextlib import closing

from fleet.kinds import AssetKind
from fleet.usecases.registering import Delivery
from tui import format as shown
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.i18n import _
from tui.registering import register_pair


def register(options: Namespace) -> Answer:
    """Enter a serial and a label; the same pair again changes nothing."""
    delivery = Delivery(
        AssetKind(options.kind), options.maker, options.model, options.school, options.cart
    )
    with closing(open_office(options.db)) as office:
        done = register_pair(office, options.serial, options.tag, delivery, options.slot)
    asset = done.asset
    document = {
        "tag": asset.tag,
        "id": asset.id,
        "serial": asset.serial,
        "slot": asset.slot,
        "operation": done.operation,
        "new": done.is_new,
    }
    text = _("✔ {tag} ← {serial}") if done.operation else _("✔ {tag} ← {serial} : déjà inscrit")
    return Answer(document, [text.format(tag=shown.tag(asset.tag), serial=asset.serial)])
