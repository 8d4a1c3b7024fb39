"""The words of lists: facets, what may be done with a selection, what search complains of."""

from collections.abc import Mapping

from fleet import movements
from fleet.asset import State
from fleet.kinds import AssetKind
from fleet.views import Facet, FacetKey, FacetValue
from tui import format as shown
from tui import words
from tui.i18n import _

LISTS: Mapping[str, tuple[str, str]] = {
    "check.search": (
        _("La recherche dans {subject} a {detail} mots de trop ou de moins."),
        _("Fermer Ardoise, puis le signaler : la liste, elle, est juste."),
    ),
    "label.no_tag": (
        _("{tag} n’a pas d’étiquette."),
        _("Lui en donner une à l’inscription."),
    ),
}

FACETS: Mapping[FacetKey, str] = {
    FacetKey.STATE: _("État"),
    FacetKey.KIND: _("Sorte"),
    FacetKey.SCHOOL: _("École"),
    FacetKey.MODEL: _("Modèle"),
    FacetKey.CART: _("Mallette"),
}

GESTURES: Mapping[str, str] = {
    movements.MOVED: _("Déplacer vers une école"),
    movements.PLACED: _("Ranger dans une mallette"),
    movements.SENT_TO_REPAIR: _("Envoyer en réparation"),
    movements.REPAIRED: _("Revenir de réparation"),
    movements.LOST: _("Déclarer perdu"),
    movements.FOUND: _("Déclarer retrouvé"),
    movements.RETIRED: _("Réformer"),
}
"""What a selection may be made to do, in the order in which it is offered."""


def facet_value(facet: Facet, value: FacetValue) -> str:
    """What a value is called: ``en prêt``, ``tablette``, a school's name."""
    match facet.key:
        case FacetKey.STATE:
            return words.STATES[State(value.value)].word
        case FacetKey.KIND:
            return words.KINDS[AssetKind(value.value)]
        case FacetKey.SCHOOL:
            return shown.short_school(value.label)
        case _:
            return value.label
