"""Options of ``stocktake``; see ``tui.cli.stocktake``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tui.i18n import _

if TYPE_CHECKING:
    from tui.cli.parser import Add


def add_commands(add: "Add") -> None:
    """Add ``stocktake`` with its five actions."""
    from tui.cli.parser import Parser, _count, _global_options, _positive

    parser = add("stocktake", _("récolement d’une école, d’une salle ou d’une mallette"))
    actions = parser.add_subparsers(
        dest="action", metavar="open|scan|close|report|list", parser_class=Parser, required=True
    )

    def action(name: str, text: str) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, help=text, description=text)
        _global_options(sub, top=False)
        return sub

    opening = action("open", _("ouvre un récolement et fige ce qui est attendu"))
    opening.add_argument("--school", metavar="UAI", help=_("l’école, entière sans autre option"))
    opening.add_argument("--room", metavar=_("SALLE"), help=_("une de ses salles"))
    opening.add_argument("--cart", metavar=_("MALLETTE"), help=_("son étiquette ou son nom"))

    scan = action("scan", _("prend des codes, dans n’importe quel ordre"))
    scan.add_argument("id", metavar="ID")
    scan.add_argument("codes", nargs="*", metavar="CODE", help=_("étiquette ou n° de série"))
    scan.add_argument(
        "--file", metavar=_("FICHIER"), help=_("un code par ligne ; - pour l’entrée standard")
    )

    close = action("close", _("clôt un récolement et écrit les mouvements"))
    close.add_argument("id", metavar="ID")
    close.add_argument("--by", required=True, metavar=_("NOM"), help=_("qui signe"))
    close.add_argument(
        "--lost",
        type=_count,
        metavar="N",
        help=_("déclarer perdus les N appareils manquants ; N confirme leur nombre"),
    )

    report = action("report", _("montre un récolement, ou l’écrit en PDF ou CSV"))
    report.add_argument("id", metavar="ID")
    report.add_argument("-o", "--output", type=Path, metavar=_("FICHIER.pdf|.csv"))

    lists = action("list", _("liste les récolements, les plus récents d’abord"))
    lists.add_argument("--open", action="store_true", help=_("seulement ceux qui sont ouverts"))
    lists.add_argument("--limit", type=_positive, default=50, metavar="N")
