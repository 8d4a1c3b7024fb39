"""Options of what enters boxes one by one: ``register``."""

from typing import TYPE_CHECKING

from fleet.kinds import AssetKind
from tui.i18n import _

if TYPE_CHECKING:
    from tui.cli.parser import Add


def add_commands(add: "Add") -> None:
    """Add the command."""
    pair = add("register", _("inscrit un appareil : le n° de série de sa boîte, son étiquette"))
    pair.add_argument("serial", metavar=_("SERIE"), help=_("l’un ou l’autre d’abord"))
    pair.add_argument("tag", metavar=_("ETIQUETTE"), help=_("étiquette de réserve, non attribuée"))
    kinds = tuple(kind.value for kind in AssetKind)
    pair.add_argument("--kind", choices=kinds, default=AssetKind.TABLET.value, metavar=_("GENRE"))
    pair.add_argument("--maker", default="", metavar=_("MARQUE"))
    pair.add_argument("--model", default="", metavar=_("MODELE"))
    pair.add_argument("--school", metavar="UAI")
    pair.add_argument("--cart", metavar=_("MALLETTE"), help=_("étiquette ou nom de la mallette"))
    pair.add_argument(
        "--slot", type=int, metavar="N", help=_("emplacement, sinon le premier libre")
    )
