"""Registering in pairs for the screen and the command line: each pair is one transaction."""

from collections.abc import Sequence

from fleet.asset import Asset
from fleet.uai import parse_uai
from fleet.usecases import registering
from fleet.usecases.registering import Delivery, Registered
from tui.office import Office


def register_pair(
    office: Office, first: str, second: str, delivery: Delivery, slot: int | None = None
) -> Registered:
    """Enter a serial and a label, given in either order; durable when this returns.

    Raises as ``registering.tell_apart`` and ``registering.register`` do.
    """
    if delivery.school:
        parse_uai(delivery.school)
    serials, tag = registering.tell_apart(first, second)
    return register_codes(office, serials, tag, delivery, slot)


def register_codes(
    office: Office, serials: Sequence[str], tag: str, delivery: Delivery, slot: int | None = None
) -> Registered:
    """Enter a serial, in its possible readings, and a label; durable when this returns."""
    with office.work() as work:
        registered = registering.register(work, serials, tag, delivery, slot=slot)
        work.commit()
    return registered


def take_back(office: Office, operation: str) -> Asset:
    """Undo a registration; label and serial are free again."""
    with office.work() as work:
        asset = registering.take_back(work, operation)
        work.commit()
    return asset
