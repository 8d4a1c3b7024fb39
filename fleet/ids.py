"""Identifiers: time-ordered UUIDs for new things, derived UUIDs where a caller repeats itself.

Nothing here draws randomness; bits come in as arguments.
"""

import hashlib
import hmac
from uuid import UUID, uuid5

_BATCH = UUID("7f1c9d2e-5a64-5d0b-9e3c-0d6a41c0a4de")


def uuid7(ms: int, random_bits: int) -> str:
    """A UUIDv7 from Unix milliseconds and 74 random bits (RFC 9562, section 5.7)."""
    value = (ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (random_bits >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random_bits & 0x3FFF_FFFF_FFFF_FFFF
    return str(UUID(int=value))


def batch_operation_id(batch: str, subject: str) -> str:
    """The id of the operation that the batch ``batch`` writes about ``subject``: always the same.

    A repeated batch therefore writes nothing twice.
    """
    return str(uuid5(_BATCH, f"{batch}|{subject}"))


def person_id(fleet_key: bytes, name_key: str, basis: str, generation: int) -> str:
    """The id of a person: a keyed digest, so that laptops that import one list make one pupil.

    ``name_key`` is the folded names, ``basis`` the birth date or ``UAI#n`` (n-th homonym), and
    ``generation`` counts the times that this person was erased before.
    """
    text = f"{name_key}|{basis}|{generation}"
    return hmac.new(fleet_key, text.encode(), hashlib.sha256).hexdigest()[:32]
