"""Names of persons, schools and headers: the key they are compared by and the way they are shown.

Persons' ids are derived from ``fold_name``: a change of its result for any name would make every
pupil of the next import a new person. Nothing here guesses which word is the family name.
"""

import re
import unicodedata

# Letters that Unicode does not decompose, but that other files write without the stroke or as two.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
_NOT_WORD = re.compile(r"[\W_]+")


def fold_name(text: str) -> str:
    """The key of a name: lower case, no accents or ligatures, words separated by one space.

    Hyphens, both apostrophes, full stops, doubled and non-breaking spaces and trailing marks all
    count as a separation: ``D’HÆNE - Zoé*`` and ``d'haene zoe`` have the same key.
    """
    return " ".join(_NOT_WORD.sub(" ", _without_marks(text)).split())


def person_key(family_name: str, given_name: str) -> str:
    """The key of a person's two names; a word moved from one to the other makes another key."""
    return f"{fold_name(family_name)}|{fold_name(given_name)}"


def show_family_name(text: str) -> str:
    """A family name as French files write it: upper case with its accents, single spaces."""
    return show_name(text).upper()


def show_name(text: str) -> str:
    """A name as typed, in composed characters and with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _without_marks(text: str) -> str:
    # Case folding and decomposition each make new work for the other (İ, ŉ, ẞ): twice settles it.
    for _ in range(2):
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(each for each in decomposed if unicodedata.category(each)[0] != "M")
    return text.translate(_LETTERS)
