"""The codes that Ardoise prints: asset tags, document codes and person codes.

Upper-case letters that sit on the same keys on AZERTY and QWERTY, the last one a check letter; the
length tells the kind. Nothing here draws at random or looks anything up: the entropy is passed in,
and whether a code is known is the ledger's business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fleet.errors import InvalidInput

ALPHABET = "BCDFGHJKLNPRSTVXY"
"""17 letters: same keys on AZERTY and QWERTY, no digit, no vowel, so no word and no layout can
garble a code. 17 is prime, which is what makes the check letter complete."""

Entropy = Callable[[int], int]
"""``entropy(n)`` gives an integer from 0 to n - 1, each as likely (``secrets.randbelow``)."""

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_GROUPS = {8: (4, 4), 9: (3, 3, 3), 10: (5, 5)}


class CodeKind(StrEnum):
    """What a code stands for."""

    ASSET = "asset"
    DOCUMENT = "document"
    PERSON = "person"

    @property
    def length(self) -> int:
        """Number of letters, check letter included."""
        return _LENGTHS[self]


_LENGTHS = {CodeKind.ASSET: 8, CodeKind.DOCUMENT: 9, CodeKind.PERSON: 10}
KIND_BY_LENGTH = {length: kind for kind, length in _LENGTHS.items()}


@dataclass(frozen=True, slots=True)
class Code:
    """A code whose check letter is right."""

    kind: CodeKind
    value: str
    """Upper case, without a space: what the ledger stores and what the QR holds."""


def check_letter(body: str) -> str:
    """The letter that completes ``body``, the 7, 8 or 9 letters before it.

    Weights count from the right: 1 for the check letter, 2 for its neighbour, up to the length; the
    weighted sum is 0 modulo 17. They are distinct and none is 0 modulo 17, so every changed letter
    and every exchange of two letters, adjacent or not, leaves a sum that is not 0.
    """
    return ALPHABET[-_weighted_sum(body, last_weight=2) % len(ALPHABET)]


def is_code(text: str) -> bool:
    """True for a code of any kind, exactly as stored: upper case and without a space."""
    return (
        len(text) in KIND_BY_LENGTH
        and all(letter in _VALUES for letter in text)
        and _weighted_sum(text, last_weight=1) % len(ALPHABET) == 0
    )


def draw_code(kind: CodeKind, entropy: Entropy) -> str:
    """A new code of ``kind``; whether it is taken already is for the caller to see."""
    body = "".join(ALPHABET[entropy(len(ALPHABET))] for _ in range(kind.length - 1))
    return body + check_letter(body)


def draw_tag(entropy: Entropy) -> str:
    """A new asset tag, one of 410 million."""
    return draw_code(CodeKind.ASSET, entropy)


def parse_code(text: str) -> Code:
    """Read what a person typed: either case, blanks anywhere.

    Raises ``InvalidInput``: ``tag.shape`` when letters or length are no code's, ``tag.check`` when
    the check letter is not the right one.
    """
    value = "".join(text.split()).upper()
    kind = KIND_BY_LENGTH.get(len(value))
    if kind is None or not all(letter in _VALUES for letter in value):
        raise InvalidInput("tag.shape", tag=text)
    if not is_code(value):
        raise InvalidInput("tag.check", tag=value)
    return Code(kind, value)


def format_tag(value: str) -> str:
    """A code in groups as printed: ``KDRT BXLP``; any other length comes back unchanged."""
    groups = []
    start = 0
    for size in _GROUPS.get(len(value), (len(value),)):
        groups.append(value[start : start + size])
        start += size
    return " ".join(groups)


def _weighted_sum(letters: str, last_weight: int) -> int:
    return sum(
        weight * _VALUES[letter] for weight, letter in enumerate(reversed(letters), last_weight)
    )
