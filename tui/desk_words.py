"""Sentences for what the desk, the register and the movements of assets refuse."""

from collections.abc import Mapping

from tui.i18n import _

DESK: Mapping[str, tuple[str, str]] = {
    "loan.already_lent": (
        _("{tag} est déjà en prêt : {person} ({class_name}), depuis le {since}."),
        _("Scanner une autre tablette, ou la reprendre d’abord."),
    ),
    "loan.bad_state": (
        _("{tag} ne peut pas être prêté : {state}."),
        _("Scanner une autre tablette."),
    ),
    "loan.not_lendable": (
        _("{tag} ne se prête pas : c’est un appareil installé ({kind})."),
        _("Scanner une tablette, un ordinateur ou une mallette."),
    ),
    "loan.person_left": (
        _("{person} ne figure plus dans les listes de l’école."),
        _("Choisir quelqu’un d’autre, ou importer la liste à jour."),
    ),
    "loan.no_tag": (_("Aucune étiquette n’est donnée."), _("Donner au moins une étiquette.")),
    "return.no_tag": (_("Aucune étiquette n’est donnée."), _("Donner au moins une étiquette.")),
    "return.not_lent": (
        _("{tag} n’est pas en prêt ({state})."),
        _("Rien à reprendre : passer à la suivante."),
    ),
    "return.before_loan": (
        _("Le retour de {tag} serait antérieur au prêt du {since}."),
        _("Corriger la date du retour."),
    ),
    "accessory.unknown": (
        _("« {name} » n’est pas un accessoire connu."),
        _("Accessoires connus : {known}."),
    ),
    "due.before_loan": (
        _("La date de retour {due} précède le prêt."),
        _("Donner une date de retour à venir."),
    ),
    "at.future": (_("La date {at} est dans le futur."), _("Donner une date passée.")),
    "asset.unknown": (
        _("{tag} n’est pas une étiquette connue."),
        _("Vérifier l’étiquette, ou inscrire l’appareil au banc."),
    ),
    "asset.ambiguous": (
        _("{count} appareils portent le numéro {serial}."),
        _("Scanner l’étiquette Ardoise de l’un d’eux."),
    ),
    "asset.untagged": (
        _("{asset} n’a pas d’étiquette Ardoise."),
        _("En imprimer une, puis la scanner."),
    ),
    "desk.nothing_refused": (
        _("Aucune tablette en prêt n’attend d’être reprise."),
        _("Scanner d’abord un élève, puis la tablette."),
    ),
    "desk.no_return": (
        _("Rien ne vient d’être rendu."),
        _("Scanner d’abord la tablette qui revient."),
    ),
    "person.unknown": (
        _("Personne n’est connu sous « {person} »."),
        _("Vérifier le nom ou la carte, ou importer la liste de la classe."),
    ),
    "person.ambiguous": (
        _("Plusieurs personnes répondent à « {person} » : {names}."),
        _("Préciser le nom, ou scanner la carte."),
    ),
    "operation.unknown": (
        _("Il n’y a rien à annuler."),
        _("Choisir une opération dans l’historique."),
    ),
    "operation.id_reused": (
        _("L’identifiant {operation} désigne déjà une autre opération."),
        _("Recommencer avec un identifiant neuf."),
    ),
    "undo.superseded": (
        _("Une autre opération a suivi pour {tag} : {operation_kind}, le {since}."),
        _("Annuler d’abord la plus récente."),
    ),
    "undo.impossible": (
        _("Cette opération ne s’annule pas ({operation_kind})."),
        _("Corriger par une nouvelle opération."),
    ),
    "tag.shape": (
        _("« {tag} » n’est pas une étiquette Ardoise."),
        _("Une étiquette a huit consonnes ; vérifier la saisie."),
    ),
    "tag.check": (
        _("{tag} a une lettre fausse."),
        _("Scanner de nouveau, ou relire les lettres une à une."),
    ),
    "query.key": (
        _("« {key} » n’est pas un critère de cette liste."),
        _("Critères possibles : {known}."),
    ),
    "query.number": (_("« {value} » n’est pas un nombre ({key})."), _("Écrire un nombre entier.")),
    "query.date": (
        _("« {value} » n’est pas une date ({key})."),
        _("Écrire la date comme 2026-12-01."),
    ),
    "query.value": (
        _("« {value} » n’est pas une valeur de « {key} »."),
        _("Valeurs possibles : {known}."),
    ),
    "query.after": (
        _("« {value} » n’est pas une suite de liste."),
        _("Reprendre la valeur « next » de la page précédente."),
    ),
    "uai.shape": (
        _("« {uai} » n’est pas un code UAI."),
        _("Un UAI a sept chiffres et une lettre, comme 0350001A."),
    ),
    "uai.letter": (
        _("La lettre de l’UAI {uai} est fausse."),
        _("Relire le code sur un document de l’école."),
    ),
    "uai.departement": (
        _("L’UAI {uai} désigne un département qui n’existe pas."),
        _("Relire le code sur un document de l’école."),
    ),
}
