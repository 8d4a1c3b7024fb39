"""The closed lists of what is kept: kinds of assets, of persons and of schools.

The values are the words of the command line, of JSON and of the ledger; what a person reads for
them is in the catalogue.
"""

from enum import StrEnum


class AssetKind(StrEnum):
    """What an asset is."""

    TABLET = "tablet"
    CART = "cart"
    KWARTZ_SERVER = "kwartz_server"
    COMPUTER = "computer"
    PROJECTOR = "projector"
    INTERACTIVE_DISPLAY = "interactive_display"
    WEBRADIO_KIT = "webradio_kit"
    WEBTV_KIT = "webtv_kit"
    ACCESS_POINT = "access_point"
    ACCESSORY = "accessory"


class PersonKind(StrEnum):
    """Who may borrow."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    STAFF = "staff"


class SchoolKind(StrEnum):
    """What a line of the national directory is."""

    NURSERY = "nursery"
    """École maternelle."""
    ELEMENTARY = "elementary"
    """École élémentaire."""
    PRIMARY = "primary"
    """École primaire: nursery and elementary classes under one UAI."""
    LOWER_SECONDARY = "lower_secondary"
    """Collège."""
    UPPER_SECONDARY = "upper_secondary"
    """Lycée."""
    SPECIAL = "special"
    """Medical and social institutions, EREA."""
    OFFICE = "office"
    """Services that have a UAI without being schools: DSDEN, circonscriptions, CIO."""
    OTHER = "other"


class Sector(StrEnum):
    """Who runs a school."""

    PUBLIC = "public"
    PRIVATE = "private"
    UNKNOWN = "unknown"
