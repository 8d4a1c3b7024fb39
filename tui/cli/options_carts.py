"""Options of the commands about debts and spare accessories."""

import argparse
from typing import TYPE_CHECKING

from tui.i18n import _

if TYPE_CHECKING:
    from tui.cli.parser import Add


def add_commands(add: "Add") -> None:
    """Declare ``debts`` and ``give``."""
    from tui.cli.parser import _global_options, _positive

    debts = add("debts", _("accessoires dus : liste, compte, règlement"))
    actions = debts.add_subparsers(dest="action", metavar="list|count|settle", required=True)

    def action(name: str, text: str) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
        _global_options(sub, top=False)
        return sub

    lists = action("list", _("ce que les emprunteurs doivent encore"))
    lists.add_argument("query", nargs="*", metavar=_("FILTRE"), help="school:0380001A class:CM2 …")
    lists.add_argument("--limit", type=_positive, default=50, metavar="N")
    lists.add_argument("--after", metavar=_("CLE"), help=_("suite d’une liste (clé « next »)"))

    count = action("count", _("accessoires dehors et manquants, par école et par type"))
    count.add_argument("--school", metavar="UAI", help=_("une seule école"))

    settle = action("settle", _("règle une dette : rapporté, remplacé ou abandonné"))
    settle.add_argument("loan", metavar=_("PRET"), help=_("identifiant du prêt"))
    settle.add_argument("accessories", nargs="+", metavar=_("ACCESSOIRE"))
    settle.add_argument(
        "--as",
        dest="how",
        choices=("returned", "replaced", "waived"),
        required=True,
        help=_("comment la dette se termine"),
    )

    give = add("give", _("remet un accessoire de rechange à qui a l’appareil"))
    give.add_argument("tag", metavar=_("ETIQUETTE"))
    give.add_argument("accessories", nargs="+", metavar=_("ACCESSOIRE"))
