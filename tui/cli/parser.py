"""The commands, their options and their help. Imports nothing that a help text does not need."""

import argparse
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from fleet.errors import InvalidInput
from tui.cli import options_carts, options_custody, options_intake, options_stocktake
from tui.cli.argparse_words import speak
from tui.i18n import _

Add = Callable[[str, str], argparse.ArgumentParser]
"""Adds a command: its name, then its help."""


class Parser(argparse.ArgumentParser):
    """Raises instead of leaving the program, so that ``--json`` gets its error document.

    Options are written in full: an abbreviation in a script would change its meaning with the next
    option that is added.
    """

    def __init__(self, *, prog: str, help: str = "", description: str = "") -> None:
        del help  # for the list of commands, which keeps it
        super().__init__(prog=prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise InvalidInput("usage", message=message, command=self.prog)


def build() -> Parser:
    """The whole command line, in the language in use."""
    speak()
    parser = Parser(
        prog="ardoise",
        description=_("Parc de tablettes et prêts des écoles. Sans commande : l’interface."),
    )
    _global_options(parser, top=True)
    commands = parser.add_subparsers(dest="command", metavar=_("COMMANDE"), parser_class=Parser)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        _global_options(sub, top=False)
        return sub

    _start_commands(add)
    _list_commands(add)
    _desk_commands(add)
    _bench_commands(add)
    options_carts.add_commands(add)
    options_stocktake.add_commands(add)
    options_intake.add_commands(add)
    options_custody.add_commands(add)
    return parser


def _global_options(parser: argparse.ArgumentParser, *, top: bool) -> None:
    # Accepted before and after the command; given after, they win.
    absent = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--db", default=absent, metavar="URL", help=_("base de données : un fichier ou une URL")
    )
    parser.add_argument("--lang", default=absent, choices=("fr", "en"), help=_("langue"))
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help=_("répondre par un document JSON"),
    )


def _start_commands(add: Add) -> None:
    init = add("init", _("crée une base vide"))
    init.add_argument("--owner", help=_("propriétaire, imprimé sur les étiquettes"))
    init.add_argument("--phone", help=_("téléphone à appeler, imprimé sur les étiquettes"))

    demo = add("demo", _("ville de démonstration : données inventées, tablettes virtuelles"))
    demo.add_argument(
        "--tablets", type=_count, default=16, metavar="N", help=_("tablettes virtuelles (16)")
    )
    demo.add_argument("--headless", action="store_true", help=_("tout faire sans écran"))
    demo.add_argument("--keep", type=Path, metavar="DIR", help=_("garder les fichiers dans DIR"))
    demo.add_argument("--apps", type=Path, metavar="DIR", help=_("dossier d’APK à installer"))

    load = add("import", _("importe un fichier : écoles, livraison, liste de classe"))
    kinds = ("schools", "assets", "people")
    load.add_argument("kind", choices=kinds, metavar="|".join(kinds))
    load.add_argument("file", type=Path, metavar=_("FICHIER"))
    load.add_argument("--dry-run", action="store_true", help=_("montrer sans rien écrire"))
    load.add_argument("--school", metavar="UAI", help=_("école des lignes qui n’en nomment pas"))
    load.add_argument(
        "--complete",
        action="store_true",
        help=_("la liste est complète : qui n’y est plus est parti"),
    )

    add("check", _("vérifie la base entière contre son journal"))
    add("doctor", _("vérifie ce dont Ardoise a besoin sur cette machine"))


def _list_commands(add: Add) -> None:
    lists = add("list", _("liste : écoles, appareils, personnes, prêts, mallettes, serveurs"))
    kinds = ("schools", "assets", "people", "loans", "carts", "servers")
    lists.add_argument("kind", choices=kinds, metavar="|".join(kinds))
    lists.add_argument("query", nargs="*", metavar=_("FILTRE"), help="state:lent school:0380001A …")
    lists.add_argument("--limit", type=_positive, default=50, metavar="N")
    _on_day(lists)
    lists.add_argument("--after", metavar=_("CLE"), help=_("suite d’une liste (clé « next »)"))

    find = add("find", _("cherche un appareil ou une personne"))
    find.add_argument("text", nargs="+", metavar=_("TEXTE"))
    _on_day(find)

    show = add("show", _("montre un appareil"))
    show.add_argument("tag", metavar=_("ETIQUETTE"))
    _on_day(show)

    history = add("history", _("montre l’historique d’un appareil"))
    history.add_argument("tag", metavar=_("ETIQUETTE"))
    _on_day(history)

    labels = add("labels", _("imprime les étiquettes de ce qu’un filtre trouve"))
    labels.add_argument("query", nargs="*", metavar=_("FILTRE"))
    labels.add_argument("-o", "--output", type=Path, required=True, metavar=_("FICHIER.pdf"))
    labels.add_argument("--sheet", metavar=_("NOM"), help="L7651, L7160, A4-24, L4731")
    labels.add_argument(
        "--start", type=_count, default=1, metavar="N", help=_("première étiquette libre")
    )
    labels.add_argument(
        "--copies", type=int, default=1, metavar="N", help=_("2 : une pour la coque")
    )
    labels.add_argument(
        "--blank", type=_count, default=0, metavar="N", help=_("étiquettes de réserve")
    )
    labels.add_argument(
        "--offset", type=_offset, default=(0.0, 0.0), metavar="X,Y", help=_("décalage en mm")
    )
    labels.add_argument("--calibration", action="store_true", help=_("page d’essai d’abord"))


def _desk_commands(add: Add) -> None:
    lend = add("lend", _("prête des appareils à une personne, tous ou aucun"))
    lend.add_argument("person", metavar=_("PERSONNE"), help=_("identifiant, code de carte ou nom"))
    lend.add_argument("tags", nargs="+", metavar=_("ETIQUETTE"))
    lend.add_argument("--due", type=_day, metavar=_("AAAA-MM-JJ"), help=_("date de retour"))
    lend.add_argument("--at", type=_moment, metavar="DATE", help=_("quand c’est arrivé"))
    lend.add_argument("--op", metavar="ID", help=_("identifiant : répété, ne change rien"))
    lend.add_argument(
        "--with", dest="accessories", type=_words, default=(), metavar="charger,cover"
    )
    lend.add_argument(
        "--without",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("ETIQUETTE"),
        help=_("reste d’une mallette, ou des accessoires d’une tablette"),
    )
    lend.add_argument(
        "--partial", action="store_true", help=_("mallette : prêter ce qui n’est pas déjà en prêt")
    )

    back = add("return", _("reprend des appareils"))
    back.add_argument("tags", nargs="+", metavar=_("ETIQUETTE"))
    back.add_argument("--at", type=_moment, metavar="DATE", help=_("quand c’est arrivé"))
    back.add_argument("--condition", choices=("good", "worn", "damaged"), default="good")
    back.add_argument("--missing", type=_words, default=(), metavar="charger,cover")
    back.add_argument(
        "--by", metavar=_("PERSONNE"), help=_("qui rapporte, si ce n’est l’emprunteur")
    )
    back.add_argument(
        "--without",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("ETIQUETTE"),
        help=_("d’une mallette, ce qui n’est pas revenu"),
    )
    back.add_argument("--op", metavar="ID", help=_("identifiant : répété, ne change rien"))

    undo = add("undo", _("annule une opération, par défaut votre dernière"))
    undo.add_argument("operation", nargs="?", metavar="OPERATION")
    undo.add_argument(
        "--batch", action="store_true", help=_("avec tout ce qui a été écrit du même geste")
    )


def _bench_commands(add: Add) -> None:
    devices = add("devices", _("montre les tablettes branchées"))
    _tcp(devices)

    enrol = add("enrol", _("inscrit des tablettes par le câble"))
    _tcp(enrol)
    enrol.add_argument("--school", metavar="UAI")
    enrol.add_argument("--cart", metavar=_("MALLETTE"), help=_("étiquette ou nom de la mallette"))
    enrol.add_argument(
        "--slot", type=_count, metavar="N", help=_("emplacement de la première tablette")
    )

    for name, text in (
        ("audit", _("contrôle des tablettes selon un profil, sans rien changer")),
        ("provision", _("met des tablettes en conformité avec un profil")),
    ):
        command = add(name, text)
        _tcp(command)
        command.add_argument("--profile", type=Path, metavar=_("FICHIER.toml"))
        if name == "provision":
            command.add_argument("--plan", action="store_true", help=_("montrer sans rien faire"))
            command.add_argument("--apps", type=Path, metavar="DIR", help=_("dossier d’APK"))

    virtual = add("virtual", _("sert des tablettes virtuelles sur cette machine"))
    virtual.add_argument("--tablets", type=_count, default=16, metavar="N")
    virtual.add_argument("--port", type=_count, default=0, metavar="PORT", help=_("premier port"))
    virtual.add_argument("--scenario", metavar=_("NOM"))


def _tcp(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tcp",
        action="append",
        default=[],
        metavar=_("HOTE:PORT"),
        help=_("adresse d’une tablette ; répétable"),
    )


def _on_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=_day, metavar=_("AAAA-MM-JJ"), help=_("tel qu’au soir de ce jour")
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_("« {text} » n’est pas un nombre").format(text=text))
    return int(text)


def _positive(text: str) -> int:
    count = _count(text)
    if not count:
        raise argparse.ArgumentTypeError(_("donner 1 ou plus"))
    return count


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _no_date(text) from error


def _moment(text: str) -> datetime:
    """A local moment without a zone; noon for a day alone."""
    try:
        moment = datetime.fromisoformat(text if len(text) > 10 else f"{text}T12:00")
    except ValueError as error:
        raise _no_date(text) from error
    return moment.astimezone() if moment.tzinfo is None else moment


def _no_date(text: str) -> argparse.ArgumentTypeError:
    words = _("« {text} » n’est pas une date ; écrire 2026-12-01, ou 2026-12-01T14:30 pour l’heure")
    return argparse.ArgumentTypeError(words.format(text=text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _offset(text: str) -> tuple[float, float]:
    right, _comma, down = text.partition(",")
    try:
        offset = float(right), float(down)
    except ValueError as error:
        words = _("« {text} » n’est pas un décalage ; écrire DROITE,BAS, comme 0.5,-1")
        raise argparse.ArgumentTypeError(words.format(text=text)) from error
    return offset
