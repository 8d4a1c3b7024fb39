"""Hybrid logical clocks: timestamps that order operations across laptops whose clocks disagree.

48 bits of milliseconds and 16 of counter, written as 16 hexadecimal digits that sort as text.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_COUNTERS = 1 << 16
_SHAPE = re.compile(r"[0-9a-f]{16}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True, slots=True)
class Stamp:
    """One tick: Unix milliseconds, then a counter for ticks within the same millisecond."""

    ms: int = 0
    counter: int = 0

    def __str__(self) -> str:
        return f"{self.ms:012x}{self.counter:04x}"

    @classmethod
    def parse(cls, text: str) -> "Stamp":
        """The stamp written as ``text``; ``ValueError`` unless that is 16 digits as we write."""
        # ``int`` alone takes signs, spaces and capitals too, which would not sort as text.
        if not _SHAPE.fullmatch(text):
            raise ValueError(f"a stamp has 16 digits: {text!r}")
        return cls(int(text[:12], 16), int(text[12:], 16))


def tick(now_ms: int, *seen: Stamp) -> Stamp:
    """The next stamp after the clock and after everything seen; it never goes back.

    When a laptop's clock stands still or was set back, the counter advances and carries into the
    milliseconds.
    """
    last = max(seen, default=Stamp())
    if now_ms > last.ms:
        return Stamp(now_ms)
    counter = last.counter + 1
    return Stamp(last.ms + counter // _COUNTERS, counter % _COUNTERS)


def unix_ms(moment: datetime) -> int:
    """Unix milliseconds of an aware ``moment``, cut as ``iso`` cuts them."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def iso(moment: datetime) -> str:
    """An aware moment as UTC text with milliseconds, sortable: ``2026-11-21T08:30:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """The aware moment written by ``iso``."""
    return datetime.fromisoformat(text)
