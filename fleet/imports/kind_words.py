"""The words that suppliers and schools use for kinds of assets and of persons.

A designation names its subject first (« chariot de 16 tablettes », « housse pour tablette »), so
the earliest known words decide, and of those that start together the longest.
"""

from fleet.errors import InvalidInput
from fleet.kinds import AssetKind, PersonKind
from fleet.names import fold_name

_ASSETS = {
    AssetKind.TABLET: "tablette; tablette tactile; tablette android; galaxy tab; ipad; tablet",
    AssetKind.CART: (
        "mallette; mallette a roulette; valise; chariot; classe mobile; classe numerique mobile; "
        "armoire; caisse; flight case; meuble de rechargement; station de rechargement; cart"
    ),
    AssetKind.KWARTZ_SERVER: "kwartz; serveur kwartz; serveur pedagogique kwartz; kwartz server",
    AssetKind.COMPUTER: (
        "ordinateur; ordinateur portable; ordinateur fixe; pc; portable; poste; poste de travail; "
        "unite centrale; laptop; notebook; chromebook; computer; micro ordinateur"
    ),
    AssetKind.PROJECTOR: "videoprojecteur; video projecteur; vp; projecteur; projector",
    AssetKind.INTERACTIVE_DISPLAY: (
        "vpi; tni; tbi; eni; videoprojecteur interactif; video projecteur interactif; "
        "ecran interactif; ecran numerique interactif; ecran tactile; tableau numerique; "
        "tableau numerique interactif; tableau blanc interactif; tableau interactif; "
        "interactive display"
    ),
    AssetKind.WEBRADIO_KIT: "webradio; web radio; kit webradio; kit web radio; mallette webradio",
    AssetKind.WEBTV_KIT: "webtv; web tv; kit webtv; kit web tv; mallette webtv",
    AssetKind.ACCESS_POINT: (
        "borne; borne wifi; borne wi fi; point acces; point d acces; access point; ap wifi"
    ),
    AssetKind.ACCESSORY: (
        "accessoire; housse; coque; etui; chargeur; cable; adaptateur; stylet; clavier; souris; "
        "casque; support; support videoprojecteur; telecommande; lampe; batterie; hub; dock; "
        "station d accueil; dongle; tablette graphique; accessory"
    ),
}
_PERSONS = {
    PersonKind.PUPIL: "eleve; pupil; enfant",
    PersonKind.TEACHER: (
        "enseignant; enseignante; professeur; professeure; prof; professeur des ecoles; "
        "directeur; directrice; erun; instituteur; institutrice; teacher"
    ),
    PersonKind.STAFF: (
        "personnel; staff; aesh; atsem; aed; avs; agent; secretaire; animateur; animatrice; "
        "cpe; administratif; principal; principale; technicien; technicienne"
    ),
}


def _tokens(text: str) -> tuple[str, ...]:
    """The folded words without the mark of the plural."""
    return tuple(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in text.split())


_ASSET_WORDS = {
    _tokens(words): kind for kind, lists in _ASSETS.items() for words in lists.split("; ")
}
_PERSON_WORDS = {
    _tokens(words): kind for kind, lists in _PERSONS.items() for words in lists.split("; ")
}
_LONGEST = max(len(words) for words in _ASSET_WORDS)


def find_asset_kind(text: str) -> AssetKind | None:
    """The kind of asset that a type or a designation names; None when it names none we know."""
    tokens = _tokens(fold_name(text))
    for start in range(len(tokens)):
        for length in range(_LONGEST, 0, -1):
            kind = _ASSET_WORDS.get(tokens[start : start + length])
            if kind is not None:
                return kind
    return None


def parse_person_kind(text: str) -> PersonKind:
    """The kind of person that the first words of a function name.

    Raises ``InvalidInput``: ``kind.unknown``.
    """
    tokens = _tokens(fold_name(text))
    for length in range(len(tokens), 0, -1):
        kind = _PERSON_WORDS.get(tokens[:length])
        if kind is not None:
            return kind
    raise InvalidInput("kind.unknown", found=text)
