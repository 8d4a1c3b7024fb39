"""Options of custody and of the register: what moves, breaks, leaves, is added or corrected."""

import argparse
from typing import TYPE_CHECKING

from fleet.kinds import AssetKind, PersonKind
from tui.i18n import _

if TYPE_CHECKING:
    from tui.cli.parser import Add

FIELDS = (
    ("name", _("nom d’une mallette ou d’un serveur")),
    ("maker", _("marque")),
    ("model", _("modèle")),
    ("serial", _("n° de série")),
    ("wifi_mac", _("adresse Wi-Fi d’usine")),
    ("platform", "android, ipados, chromeos, windows, linux, macos"),
    ("managed_by", _("outil de gestion (MDM), pour iPad et Chromebook")),
    ("owner", _("propriétaire")),
    ("school", _("UAI de l’école affectataire")),
    ("room", _("salle")),
    ("accounting_number", _("numéro d’inventaire comptable")),
    ("purchased_on", _("date d’achat")),
    ("warranty_until", _("fin de garantie")),
    ("supplier", _("fournisseur")),
    ("lot", _("lot ou bon de livraison")),
    ("price", _("prix TTC, comme 289,90")),
    ("funding", _("ligne de financement")),
    ("capacity", _("emplacements d’une mallette")),
    ("bound_to", _("étiquette de la tablette d’un accessoire")),
)
"""Fields of an asset with their help; an empty value clears one."""

SCHOOL_FIELDS = (
    ("address", _("adresse")),
    ("postcode", _("code postal")),
    ("commune", _("commune")),
    ("circonscription", _("circonscription")),
    ("phone", _("téléphone")),
    ("mail", _("courriel")),
)


def add_commands(add: "Add") -> None:
    """Add the commands."""
    _movement_commands(add)
    _hand_over_commands(add)
    _register_commands(add)


def _movement_commands(add: "Add") -> None:
    from tui.cli.parser import _count

    move = _tagged(add, "move", _("change d’école, de salle ou d’emplacement"))
    move.add_argument("--school", metavar="UAI", help=_("école d’arrivée"))
    move.add_argument("--room", metavar=_("SALLE"), help=_("salle"))
    move.add_argument("--cart", metavar=_("MALLETTE"), help=_("étiquette ou nom de la mallette"))
    move.add_argument(
        "--slot", type=_count, metavar="N", help=_("emplacement, sinon le premier libre")
    )

    swap = add("swap", _("échange les emplacements de deux appareils"))
    swap.add_argument("first", metavar=_("ETIQUETTE"))
    swap.add_argument("second", metavar=_("ETIQUETTE"))

    repair = _tagged(add, "repair", _("envoie en réparation, ou en fait revenir"))
    repair.add_argument("--done", action="store_true", help=_("revenu de réparation"))
    repair.add_argument("--reference", metavar="RMA", help=_("numéro du dossier"))

    _tagged(add, "lost", _("déclare perdu"))
    stolen = _tagged(add, "stolen", _("déclare volé"))
    stolen.add_argument(
        "--complaint", required=True, metavar="N", help=_("numéro de la plainte, effaçable")
    )
    _tagged(add, "found", _("déclare retrouvé"))
    retire = _tagged(add, "retire", _("réforme des appareils"))
    retire.add_argument(
        "--decision", metavar=_("REFERENCE"), help=_("référence de la décision de réforme")
    )


def _hand_over_commands(add: "Add") -> None:
    from pathlib import Path

    from tui.cli.parser import _day

    extend = _tagged(add, "extend", _("prolonge des prêts"))
    extend.add_argument(
        "--due", type=_day, required=True, metavar=_("AAAA-MM-JJ"), help=_("date de retour")
    )

    exchange = add("exchange", _("échange un appareil sous garantie : l’étiquette reste"))
    exchange.add_argument("tag", metavar=_("ETIQUETTE"))
    exchange.add_argument(
        "--serial", required=True, metavar="S", help=_("n° de série du nouvel appareil")
    )
    exchange.add_argument("--wifi-mac", metavar="MAC", help=_("adresse Wi-Fi du nouvel appareil"))
    exchange.add_argument("--rma", metavar="REF", help=_("numéro de retour du constructeur"))
    _at(exchange)

    transfer = _tagged(add, "transfer", _("transfère, avec un bordereau de remise"))
    transfer.add_argument(
        "--to", required=True, metavar="UAI|stock", help=_("école, ou « stock » du propriétaire")
    )
    transfer.add_argument(
        "-o", "--output", type=Path, required=True, metavar=_("FICHIER.pdf"), help=_("bordereau")
    )

    attach = add("attach", _("rattache un ancien code à un appareil"))
    attach.add_argument("code", metavar="CODE")
    attach.add_argument("tag", metavar=_("ETIQUETTE"))


def _register_commands(add: "Add") -> None:
    added = _things(add("add", _("ajoute un appareil, une école ou une personne")))
    asset = added("asset", _("un appareil"))
    kinds = [kind.value for kind in AssetKind]
    asset.add_argument("kind", choices=kinds, metavar=_("GENRE"), help=", ".join(kinds))
    _asset_fields(asset)
    _first_place(asset)
    for name, text in (("cart", _("une mallette")), ("server", _("un serveur Kwartz"))):
        named = added(name, text)
        named.add_argument("name", metavar=_("NOM"))
        _asset_fields(named, but="name")
        named.add_argument("--tag", metavar=_("ETIQUETTE"), help=_("étiquette de réserve"))
    school = added("school", _("une école absente de l’annuaire"))
    school.add_argument("uai", metavar="UAI")
    school.add_argument("name", metavar=_("NOM"))
    _options(school, SCHOOL_FIELDS)
    person = added("person", _("une personne"))
    person.add_argument("family_name", metavar=_("NOM"))
    person.add_argument("given_name", metavar=_("PRENOM"))
    person.add_argument("--school", required=True, metavar="UAI", help=_("école"))
    _person_fields(person)
    person.add_argument(
        "--homonym", action="store_true", help=_("une autre personne du même nom existe")
    )

    edited = _things(add("edit", _("corrige une fiche")))
    for name, text in (
        ("asset", _("des appareils")),
        ("cart", _("des mallettes")),
        ("server", _("des serveurs Kwartz")),
    ):
        thing = edited(name, text)
        thing.add_argument("tags", nargs="+", metavar=_("ETIQUETTE"))
        _asset_fields(thing)
    school = edited("school", _("une école"))
    school.add_argument("uai", metavar="UAI")
    _options(school, (("name", _("nom")), *SCHOOL_FIELDS))
    person = edited("person", _("une personne"))
    person.add_argument("person", metavar=_("PERSONNE"), help=_("identifiant, carte ou nom"))
    person.add_argument("--family-name", metavar=_("NOM"), help=_("nom de famille"))
    person.add_argument("--given-name", metavar=_("PRENOM"), help=_("prénom"))
    person.add_argument("--school", metavar="UAI", help=_("école"))
    _person_fields(person)
    person.add_argument("--left", choices=("yes", "no"), help=_("n’est plus dans l’école"))


def _tagged(add: "Add", name: str, text: str) -> argparse.ArgumentParser:
    command = add(name, text)
    command.add_argument("tags", nargs="+", metavar=_("ETIQUETTE"))
    _at(command)
    return command


def _at(command: argparse.ArgumentParser) -> None:
    from tui.cli.parser import _moment

    command.add_argument("--at", type=_moment, metavar="DATE", help=_("quand c’est arrivé"))


def _things(command: argparse.ArgumentParser) -> "Add":
    from tui.cli.parser import Parser, _global_options

    things = command.add_subparsers(
        dest="thing", required=True, metavar=_("FICHE"), parser_class=Parser
    )

    def add(name: str, text: str) -> argparse.ArgumentParser:
        thing = things.add_parser(name, help=text, description=text)
        _global_options(thing, top=False)
        return thing

    return add


def _options(command: argparse.ArgumentParser, fields: tuple[tuple[str, str], ...]) -> None:
    for name, text in fields:
        option = f"--{name.replace('_', '-')}"
        command.add_argument(option, metavar=_("VALEUR"), help=text)


def _asset_fields(command: argparse.ArgumentParser, *, but: str = "") -> None:
    _options(command, tuple(each for each in FIELDS if each[0] != but))


def _first_place(command: argparse.ArgumentParser) -> None:
    from tui.cli.parser import _count

    command.add_argument("--tag", metavar=_("ETIQUETTE"), help=_("étiquette de réserve"))
    command.add_argument("--cart", metavar=_("MALLETTE"), help=_("étiquette ou nom de la mallette"))
    command.add_argument(
        "--slot", type=_count, metavar="N", help=_("emplacement, sinon le premier libre")
    )


def _person_fields(command: argparse.ArgumentParser) -> None:
    kinds = tuple(kind.value for kind in PersonKind)
    command.add_argument("--kind", choices=kinds, help=_("sorte de personne"))
    command.add_argument("--class-name", metavar=_("CLASSE"), help=_("classe"))
    command.add_argument("--guardian", metavar=_("NOM"), help=_("responsable légal"))
