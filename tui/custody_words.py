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
}
