"""What a burst of keys from a barcode scanner means.

A code of ours reads alike under every layout and Caps Lock. Any other code (EAN, serial, an older
label) may have been garbled on the way, so it comes back as candidates for exact lookups. Nothing
is looked up here, and a half-read code is never repaired by guessing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase

from fleet.tags import ALPHABET, KIND_BY_LENGTH, Code, is_code

# The 47 character keys in the same order on both layouts: unshifted, then shifted.
_US_KEYS = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_US_SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
# French AZERTY; ^ and ¨ are dead keys, so what a US scanner sends as [ or { rarely survives.
_FR_KEYS = "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!"
_FR_SHIFTED = "³1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§"

_FR_TO_US = str.maketrans(_FR_KEYS + _FR_SHIFTED, _US_KEYS + _US_SHIFTED)
_US_TO_FR = str.maketrans(_US_KEYS + _US_SHIFTED, _FR_KEYS + _FR_SHIFTED)
_FR_SHIFT = str.maketrans(_FR_KEYS + _FR_SHIFTED, _FR_SHIFTED + _FR_KEYS)
_LOWER_CASE, _UPPER_CASE = ascii_lowercase + "éèçàù", ascii_uppercase + "ÉÈÇÀÙ"
_CAPS_LOCK = str.maketrans(_LOWER_CASE + _UPPER_CASE, _UPPER_CASE + _LOWER_CASE)

# Only ASCII: str.upper would turn µ into a Greek capital and ß into two letters.
_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
# ISO/IEC 15424: what some scanners send before the payload, ]E0 for EAN-13, ]Q1 for QR, ]C1 for
# GS1-128 …
_AIM_IDENTIFIER = re.compile(r"^\][A-Za-z][0-9A-Za-z](?=.)")
_LETTERS = frozenset(ALPHABET)
# The alphabet of Code 39: what serials and inventory numbers are made of.
_USUAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./+$%:_")
_SUFFIXES = re.compile(r"[\r\n\t]+")


class MisreadReason(StrEnum):
    """Why a burst of our own letters is no code."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    CHECK_LETTER = "check_letter"
    GLUED = "glued"
    """Several whole codes in one burst: ``split_burst`` takes them apart."""
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class ScannedTag:
    """A code of ours: asset, document or person."""

    code: Code


@dataclass(frozen=True, slots=True)
class ScannedForeign:
    """A code that is not ours, to look up among serials and attached codes."""

    candidates: tuple[str, ...]
    """Canonical readings without doubles, the likeliest first; never empty."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Only letters of our alphabet, yet no code: most likely a scan cut short.

    A surname typed by hand may look like it (LYNCH), and so may an attached code: where those are
    welcome, ``text`` is looked up before the scan is called bad.
    """

    text: str
    reason: MisreadReason


Scan = ScannedTag | ScannedForeign | Misread


def canonical(text: str) -> str:
    """The form in which foreign codes are stored and compared.

    ASCII letters in upper case; without blanks, control characters and AIM identifier.
    """
    return _AIM_IDENTIFIER.sub("", _visible(text)).translate(_UPPER)


def read_scan(text: str) -> Scan:
    """Read one burst, with or without the scanner's suffix."""
    seen = _visible(text)
    if not seen:
        return Misread("", MisreadReason.EMPTY)
    candidates = tuple(dict.fromkeys(canonical(reading) for reading in _readings(seen)))
    for candidate in candidates:
        if _LETTERS.issuperset(candidate):
            return _read_letters(candidate)
    # Sorting is stable: among readings of usual characters the text as typed stays first.
    return ScannedForeign(tuple(sorted(candidates, key=lambda code: not _USUAL.issuperset(code))))


def split_burst(text: str) -> tuple[Scan, ...]:
    """Read a burst that may hold several scans, in order.

    Enter and Tab separate; codes of ours glued together without a separator are taken apart when
    there is only one way to do so. Blank lines are nothing; a burst of nothing gives nothing.
    """
    scans: list[Scan] = []
    for line in _SUFFIXES.split(text):
        scan = read_scan(line)
        if not isinstance(scan, Misread):
            scans.append(scan)
        elif scan.reason is MisreadReason.GLUED:
            scans.extend(ScannedTag(code) for code in _unglue(scan.text))
        elif scan.reason is not MisreadReason.EMPTY:
            scans.append(scan)
    return tuple(scans)


def _visible(text: str) -> str:
    # Not printable: controls (FNC1 arrives as GS), byte order marks, zero-width and other blanks.
    return "".join(char for char in text if char.isprintable() and char != " ")


def _read_letters(letters: str) -> Scan:
    if is_code(letters):
        return ScannedTag(Code(KIND_BY_LENGTH[len(letters)], letters))
    if len(letters) < min(KIND_BY_LENGTH):
        return Misread(letters, MisreadReason.TOO_SHORT)
    if len(letters) in KIND_BY_LENGTH:
        return Misread(letters, MisreadReason.CHECK_LETTER)
    if _unglue(letters):
        return Misread(letters, MisreadReason.GLUED)
    return Misread(letters, MisreadReason.TOO_LONG)


def _unglue(letters: str) -> list[Code]:
    """The codes that ``letters`` is made of; none when there is no way, or more than one.

    Codes all of one kind win over a mixture, assets first: that is what a desk scans in a row.
    """
    for length, kind in sorted(KIND_BY_LENGTH.items()):
        parts = [letters[start : start + length] for start in range(0, len(letters), length)]
        if all(len(part) == length and is_code(part) for part in parts):
            return [Code(kind, part) for part in parts]
    # ways[i]: how many ways lead from i to the end; pieces[i]: the code that starts one of them.
    ways = [0] * len(letters) + [1]
    pieces: dict[int, Code] = {}
    for start in reversed(range(len(letters))):
        for length, kind in KIND_BY_LENGTH.items():
            end = start + length
            if end <= len(letters) and ways[end] and is_code(letters[start:end]):
                ways[start] += ways[end]
                pieces[start] = Code(kind, letters[start:end])
    if ways[0] != 1:
        return []
    codes = []
    start = 0
    while start < len(letters):
        codes.append(pieces[start])
        start += len(pieces[start].value)
    return codes


def _readings(seen: str) -> Iterator[str]:
    """What the scanner may have sent, given what the computer wrote; ``seen`` itself first.

    Caps Lock inverts the letters (é becomes É on Linux); on French Windows it inverts every key.
    """
    caps = seen.translate(_CAPS_LOCK)
    lock = _retyped(seen, _FR_SHIFT)
    yield seen
    yield from filter(
        None,
        (
            _retyped(seen, _FR_TO_US),
            _retyped(seen, _US_TO_FR),
            _retyped(caps, _FR_TO_US),
            _retyped(lock, _FR_TO_US),
            _retyped(caps, _US_TO_FR),
            lock,
        ),
    )


def _retyped(text: str, table: Mapping[int, int]) -> str:
    """The same keys read by ``table``; nothing when ``text`` holds what they cannot write."""
    return text.translate(table) if all(ord(char) in table for char in text) else ""
