"""Dates, times, numbers and tags as people write them in the language in use.

Times are shown in the computer's own zone; the ledger keeps UTC.
"""

import re
from datetime import date, datetime

from fleet.stamps import from_iso
from fleet.tags import format_tag
from tui.i18n import NARROW_SPACE, _, ngettext

MINUTE_S = 60
HOUR_S = 3600

_SECTOR = r"(?:\s+(?:publique?|privée?))?\s+(?=\S)"
_SCHOOL_KINDS = tuple(
    (re.compile(rf"(?:{kind}){_SECTOR}", re.IGNORECASE), short)
    for kind, short in (
        ("[ée]cole élémentaire", "Élém."),
        ("[ée]cole maternelle", "Mat."),
        ("[ée]cole primaire", "Prim."),
        ("collège", "Clg"),
        ("lycée", "Lyc."),
    )
)

_MONTHS = (
    _("janv."),
    _("févr."),
    _("mars"),
    _("avr."),
    _("mai"),
    _("juin"),
    _("juil."),
    _("août"),
    _("sept."),
    _("oct."),
    _("nov."),
    _("déc."),
)


def day(value: date) -> str:
    """A date in full: ``3 juil. 2027``."""
    return f"{short_day(value)} {value.year}"


def short_day(value: date) -> str:
    """A date of the year that everybody has in mind: ``12 sept.``."""
    number = _("1er") if value.day == 1 else str(value.day)
    return f"{number} {_MONTHS[value.month - 1]}"


def clock(moment: datetime) -> str:
    """The local time to the second: ``09:41:07``."""
    return f"{moment.astimezone():%H:%M:%S}"


def moment(text: str) -> str:
    """A moment of the ledger as local date and time: ``3 juil. 2027 09:41``."""
    local = from_iso(text).astimezone()
    return f"{day(local.date())} {local:%H:%M}"


def lately(text: str, today: date) -> str:
    """A moment of the ledger; its year is left out when it is this one: ``12 sept. 09:41``."""
    local = from_iso(text).astimezone()
    named = short_day(local.date()) if local.year == today.year else day(local.date())
    return f"{named} {local:%H:%M}"


def since(text: str) -> str:
    """The day of a moment of the ledger, or of a plain date; other text comes back unchanged."""
    try:
        return day(from_iso(text).astimezone().date() if "T" in text else date.fromisoformat(text))
    except ValueError:
        return text


def number(value: int) -> str:
    """A whole number in groups of three: ``12 345``."""
    return f"{value:,}".replace(",", NARROW_SPACE)


def euros(cents: int) -> str:
    """A price: ``289,90 €``."""
    whole, rest = divmod(cents, 100)
    return _("{whole},{rest} €").format(whole=number(whole), rest=f"{rest:02}")


def duration(seconds: float) -> str:
    """How long something takes, in the one unit that matters: ``3 min``."""
    if seconds < MINUTE_S:
        return _("{count} s").format(count=round(seconds))
    if seconds < HOUR_S:
        return _("{count} min").format(count=round(seconds / MINUTE_S))
    return _("{hours} h {minutes:02}").format(
        hours=int(seconds // HOUR_S), minutes=int(seconds % HOUR_S // MINUTE_S)
    )


def days_late(count: int) -> str:
    """``3 jours de retard``."""
    return ngettext("{count} jour de retard", "{count} jours de retard", count).format(
        count=number(count)
    )


def tag(value: str | None) -> str:
    """A tag as its label shows it, ``KDRT BXLP``; a dash for what has none."""
    return format_tag(value) if value else "—"


def short_school(name: str) -> str:
    """A school's name for a narrow column, where what tells it from the others must show.

    ``Ecole élémentaire publique Camus`` → ``Élém. Camus``; a name of another form stays whole.
    """
    for kind, short in _SCHOOL_KINDS:
        match = kind.match(name)
        if match:
            return f"{short} {name[match.end() :]}"
    return name
