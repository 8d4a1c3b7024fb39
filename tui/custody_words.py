"""What went wrong and what to do next, for everything that happens to an asset beside loans."""

from collections.abc import Mapping

from tui.i18n import _

CUSTODY: Mapping[str, tuple[str, str]] = {
    "asset.no_tag": (_("Aucune étiquette n’est donnée."), _("Donner au moins une étiquette.")),
    "passage.state": (
        _("{tag} est dans l’état « {state} » : le mouvement « {movement} » ne se peut pas."),
        _("Corriger d’abord l’état de l’appareil."),
    ),
    "passage.lent": (
        _("{tag} est en prêt : le mouvement « {movement} » attend son retour."),
        _("Le reprendre d’abord au guichet."),
    ),
    "passage.not_lent": (
        _("{tag} n’est pas en prêt : le mouvement « {movement} » n’a pas de sens."),
        _("Vérifier l’étiquette."),
    ),
    "passage.not_lendable": (
        _("{tag} ne se prête pas : c’est un appareil installé ({kind})."),
        _("Scanner une tablette, un ordinateur ou une mallette."),
    ),
    "retire.no_reference": (
        _("Une réforme demande la référence de sa décision."),
        _("La donner par --decision."),
    ),
    "move.nowhere": (
        _("Aucune destination n’est donnée."),
        _("Donner une école, ou une mallette et un emplacement."),
    ),
    "school.unknown": (
        _("L’école {school} n’est pas connue."),
        _("Vérifier l’UAI, ou importer l’annuaire."),
    ),
    "place.slot_taken": (
        _("L’emplacement {slot} de {cart} est déjà pris par {tag}."),
        _("Choisir un autre emplacement."),
    ),
    "slot.none": (
        _("{cart} n’a plus d’emplacement libre ({capacity} en tout)."),
        _("Choisir une autre mallette."),
    ),
    "swap.no_place": (
        _("{tag} n’a pas d’emplacement à échanger."),
        _("Ranger d’abord l’appareil dans une mallette."),
    ),
    "move.slot_without_cart": (
        _("L’emplacement {slot} n’est celui d’aucune mallette."),
        _("Nommer la mallette par --cart."),
    ),
    "place.no_such_slot": (
        _("{cart} n’a pas d’emplacement {slot}."),
        _("Choisir un emplacement de 1 à {capacity}."),
    ),
    "place.cart_in_cart": (
        _("{tag} est une mallette : elle ne se range pas dans {cart}."),
        _("Donner --school pour la changer d’école avec son contenu."),
    ),
    "swap.same": (_("{tag} est donné deux fois."), _("Donner deux appareils différents.")),
    "exchange.same_serial": (
        _("{tag} porte déjà le n° de série {serial}."),
        _("Lire le n° de série sur le nouvel appareil."),
    ),
    "serial.taken": (
        _("Le n° de série {serial} est déjà celui de {tag}."),
        _("Vérifier le n° de série sur l’appareil."),
    ),
    "serial.empty": (_("Le n° de série manque."), _("Le lire au dos de l’appareil.")),
    "transfer.already_there": (
        _("{tag} est déjà à cette destination."),
        _("Retirer cette étiquette de la liste."),
    ),
    "code.not_an_asset": (
        _("{value} est le code d’une carte ou d’un document."),
        _("Scanner un code collé sur l’appareil."),
    ),
    "code.empty": (_("Aucun code n’est donné."), _("Scanner le code à rattacher.")),
    "code.taken": (
        _("{value} désigne déjà {tag}."),
        _("Scanner ce code pour ouvrir sa fiche."),
    ),
    "add.no_name": (
        _("Il manque un nom."),
        _("Donner le nom que tout le monde emploie, comme M-01."),
    ),
    "add.platform": (_("« {platform} » n’est pas un système connu."), _("Connus : {known}.")),
    "add.capacity": (
        _("« {value} » n’est pas un nombre d’emplacements."),
        _("Donner un nombre de 1 à 99."),
    ),
    "edit.nothing": (_("Rien à corriger."), _("Donner au moins un champ à corriger.")),
    "edit.field": (_("Le champ « {field} » ne se corrige pas."), _("Champs connus : {known}.")),
    "edit.in_cart": (
        _("{tag} se range dans {cart}, qui est dans une autre école."),
        _("Déplacer l’appareil : ardoise move."),
    ),
    "name.taken": (
        _("« {name} » est déjà le nom de {tag} dans cette école."),
        _("Choisir un autre nom."),
    ),
    "tag.taken": (
        _("L’étiquette {tag} est déjà celle d’un appareil."),
        _("Prendre une autre étiquette de réserve."),
    ),
    "school.exists": (
        _("L’école {school} existe déjà : {name}."),
        _("La corriger : ardoise edit school."),
    ),
    "person.exists": (
        _("{person} ({class_name}) est déjà dans cette école."),
        _("Ajouter --homonym si c’est une autre personne."),
    ),
}
