"""Dates, prices, durations and network addresses as French files write them.

Each parser takes one trimmed cell and raises ``InvalidInput`` with a code; none of them guesses
between two readings.
"""

import re
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fleet.errors import InvalidInput

_FRENCH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0{1,2}:00(?::00)?)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?")
_PRICE = re.compile(r"(\d+)(?:\.(\d{1,2}|\d{4,}))?")
_PRICE_WORDS = re.compile(r"€|eur(?:os?)?|ttc|\s", re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,3})\s*(mois|month|months|m|ans?|ann[ée]es?|years?)?", re.IGNORECASE)
_SLOT = re.compile(r"(?:emplacement|slot|n|n°|no)?\s*0*([1-9]\d?)", re.IGNORECASE)
_MAC = re.compile(r"[0-9a-f]{12}")
_MAC_SEPARATORS = re.compile(r"[:.\-]")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)

SHORTEST_WARRANTY_MONTHS = 12
"""A bare number below it may as well count years, so it is refused."""


def parse_date(text: str) -> date:
    """A day: ``JJ/MM/AAAA``, with dots or hyphens, or ISO with or without an hour.

    Raises ``InvalidInput``: ``date.shape``, or ``date.calendar`` for a day that no month has.
    """
    if found := _FRENCH_DATE.fullmatch(text):
        day, month, year = (int(group) for group in found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = (int(group) for group in found.groups())
    else:
        raise InvalidInput("date.shape", found=text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InvalidInput("date.calendar", found=text) from error


def parse_price_cents(text: str) -> int:
    """A price in cents: ``219,90 €``, ``1 234,56``, ``200.9``, or a sheet's unrounded result.

    Raises ``InvalidInput``: ``price.shape``, also for ``1.234``, which is two prices.
    """
    compact = _PRICE_WORDS.sub("", text)
    if "," in compact and "." in compact:
        thousands = "." if compact.rindex(",") > compact.rindex(".") else ","
        compact = compact.replace(thousands, "")
    found = _PRICE.fullmatch(compact.replace(",", "."))
    if found is None:
        raise InvalidInput("price.shape", found=text)
    cents = Decimal(found.group()) * 100
    return int(cents.to_integral_value(ROUND_HALF_UP))


def parse_months(text: str, *, default_unit: str = "") -> int:
    """A duration in months: ``36 mois``, ``3 ans``; ``default_unit`` is the header's word.

    Raises ``InvalidInput``: ``duration.shape``, ``duration.unit`` for a small bare number.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise InvalidInput("duration.shape", found=text)
    number = int(found.group(1))
    unit = (found.group(2) or default_unit).lower()
    if not unit and number < SHORTEST_WARRANTY_MONTHS:
        raise InvalidInput("duration.unit", found=text)
    return number * 12 if unit[:1] in ("a", "y") else number


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_slot(text: str) -> int:
    """The number of a slot, 1 to 99: ``7``, ``07``, ``n° 7``.

    Raises ``InvalidInput``: ``slot.shape``.
    """
    found = _SLOT.fullmatch(text)
    if found is None:
        raise InvalidInput("slot.shape", found=text)
    return int(found.group(1))


def parse_macs(text: str) -> tuple[str, ...]:
    """One or more hardware addresses, as ``a4:75:b9:00:00:01``, in the order given.

    Raises ``InvalidInput``: ``mac.shape``, or ``mac.placeholder`` for an address that no interface
    bears: group addresses (IEEE 802), zeros, and the one that Android shows to applications.
    """
    return tuple(_parse_mac(word) for word in re.split(r"[\s,;|/]+", text) if word)


def _parse_mac(text: str) -> str:
    digits = _MAC_SEPARATORS.sub("", text).lower()
    if not _MAC.fullmatch(digits):
        raise InvalidInput("mac.shape", found=text)
    mac = ":".join(digits[place : place + 2] for place in range(0, 12, 2))
    is_group = int(digits[1], 16) & 1
    if is_group or mac in ("00:00:00:00:00:00", "02:00:00:00:00:00"):
        raise InvalidInput("mac.placeholder", found=text)
    return mac


def parse_serial(text: str) -> str:
    """A serial number without inner blanks, its case kept.

    Raises ``InvalidInput``: ``cell.rounded`` for ``3,58E+14``, what a spreadsheet leaves of a long
    number.
    """
    if _ROUNDED.fullmatch(text):
        raise InvalidInput("cell.rounded", found=text)
    return "".join(text.split())
