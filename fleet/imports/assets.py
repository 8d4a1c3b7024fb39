"""Rows of a supplier's delivery or of an older inventory: one asset each.

A row must say what the asset is and carry something that tells it from its twins: a serial, a tag,
an accounting number, or the name of a case. Nothing here knows what the fleet already holds.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from fleet.errors import InvalidInput
from fleet.imports.asset_layout import DURATION_HEADERS, LAYOUT
from fleet.imports.columns import Cells, parse_rows
from fleet.imports.kind_words import find_asset_kind
from fleet.imports.rows import Parsed, Rejected, Table
from fleet.imports.staging import Seen
from fleet.imports.values import (
    add_months,
    parse_date,
    parse_macs,
    parse_months,
    parse_price_cents,
    parse_serial,
    parse_slot,
)
from fleet.kinds import AssetKind
from fleet.names import fold_name
from fleet.tags import CodeKind, parse_code
from fleet.uai import parse_uai


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One asset as a file describes it; None or empty where the file says nothing."""

    kind: AssetKind
    serial: str | None
    maker: str
    model: str
    designation: str
    macs: tuple[str, ...]
    """Lower case with colons, in the order of the file."""
    accounting_number: str | None
    """The owner's inventory number; a whole batch may share one."""
    tag: str | None
    """Of an asset that already bears one of our labels."""
    school: str | None
    """UAI."""
    school_name: str
    room: str
    name: str | None
    """What people call a case or a server: ``M-01``."""
    cart: str | None
    """Name of the case that the asset belongs in; None for the case itself."""
    slot: int | None
    capacity: int | None
    """Slots of a case."""
    purchased_on: date | None
    delivered_on: date | None
    warranty_until: date | None
    supplier: str
    lot: str
    """Lot, delivery note or order, whichever the file has first."""
    price_cents: int | None
    """One asset, taxes included."""


_NAMED_KINDS = frozenset({AssetKind.CART, AssetKind.KWARTZ_SERVER})
_NO_SERIAL = frozenset({"", "0", "a venir", "inconnu", "n a", "na", "nc", "neant", "sans"})
_CAPACITY = re.compile(r"(\d{1,2}) (?:tablette|emplacement|place|slot|poste|ordinateur)")


def read_deliveries(
    table: Table, seen: Seen | None = None
) -> Iterator[Parsed[DeliveryRow] | Rejected]:
    """The assets of a delivery; a serial, tag, address or slot given twice is rejected.

    ``seen`` keeps what the rows claim, in memory unless given. Raises ``InvalidInput``:
    ``file.missing_column``, ``file.not_a_table``.
    """
    return parse_rows(table, LAYOUT, _DeliveryParser(set() if seen is None else seen))


class _DeliveryParser:
    """Parses rows one by one and remembers what may be there only once."""

    def __init__(self, taken: Seen) -> None:
        self._taken = taken

    def __call__(self, cells: Cells) -> DeliveryRow | None:
        row = _parse(cells)
        if row is None or cells.faults:
            return None
        claims = _claims(row)
        for claim, (column, reason) in claims.items():
            if claim in self._taken:
                cells.reject(column, reason)
        if cells.faults:
            return None
        for claim in claims:
            self._taken.add(claim)
        return row


def _claims(row: DeliveryRow) -> dict[str, tuple[str, str]]:
    """What the row takes for itself, with the column and the fault of a second taker."""
    claims: dict[str, tuple[str, str]] = {
        f"mac\t{mac}": ("mac", "mac.duplicate") for mac in row.macs
    }
    if row.serial:
        claims[f"serial\t{row.serial.casefold()}"] = ("serial", "serial.duplicate")
    if row.tag:
        claims[f"tag\t{row.tag}"] = ("tag", "tag.duplicate")
    if row.cart and row.slot:
        school = row.school or row.school_name
        claims[f"slot\t{school}\t{fold_name(row.cart)}\t{row.slot}"] = ("slot", "slot.taken")
    return claims


def _parse(cells: Cells) -> DeliveryRow | None:
    kind = _kind(cells)
    serial, tag, name = _serial(cells), cells.parsed("tag", _parse_tag), cells.text("name")
    accounting_number = cells.text("accounting_number")
    cart = cells.text("cart")
    if kind is AssetKind.CART:
        name, cart = cart or name, ""
    if not (serial or tag or accounting_number or (name and kind in _NAMED_KINDS)):
        cells.reject("serial", "cell.missing")
    slot, room = _place(cells, kind, cart)
    purchased_on = cells.parsed("purchased_on", parse_date)
    delivered_on = cells.parsed("delivered_on", parse_date)
    capacity = cells.parsed("capacity", parse_slot)
    designation = cells.text("designation")
    if kind is AssetKind.CART and capacity is None:
        found = _CAPACITY.search(fold_name(designation))
        capacity = int(found.group(1)) if found else None
    if kind is None:
        return None
    return DeliveryRow(
        kind=kind,
        serial=serial,
        maker=cells.text("maker"),
        model=cells.text("model") or designation,
        designation=designation,
        macs=cells.parsed("mac", parse_macs) or (),
        accounting_number=accounting_number or None,
        tag=tag,
        school=cells.parsed("uai", parse_uai),
        school_name=cells.text("school_name"),
        room=room,
        name=name or None,
        cart=cart or None,
        slot=slot,
        capacity=capacity,
        purchased_on=purchased_on or delivered_on,
        delivered_on=delivered_on,
        warranty_until=_warranty_until(cells, delivered_on or purchased_on),
        supplier=cells.text("supplier"),
        lot=cells.text("lot"),
        price_cents=cells.parsed("price", parse_price_cents),
    )


def _kind(cells: Cells) -> AssetKind | None:
    typed = cells.text("kind")
    described = f"{typed} {cells.text('designation')} {cells.text('model')}"
    kind = find_asset_kind(typed) or find_asset_kind(described)
    if kind is None:
        column = "kind" if typed else "designation"
        cells.reject(column, "kind.unknown" if described.strip() else "cell.missing")
    return kind


def _serial(cells: Cells) -> str | None:
    if fold_name(cells.text("serial")) in _NO_SERIAL:
        return None
    return cells.parsed("serial", parse_serial)


def _parse_tag(text: str) -> str:
    code = parse_code(text)
    if code.kind is not CodeKind.ASSET:
        raise InvalidInput("tag.shape", tag=text)
    return code.value


def _place(cells: Cells, kind: AssetKind | None, cart: str) -> tuple[int | None, str]:
    """Slot and room: « Emplacement » is a slot beside a case's name and a room without one."""
    place, room = cells.text("slot"), cells.text("room")
    if cart:
        return cells.parsed("slot", parse_slot), room
    if place.isdigit() and cells.has("cart") and kind is not AssetKind.CART:
        cells.reject("cart", "cell.missing")
    return None, room or place


def _warranty_until(cells: Cells, start: date | None) -> date | None:
    """The last day, or the day that a duration reaches from delivery, else from purchase."""
    until = cells.parsed("warranty_until", parse_date)
    if until is not None:
        return until
    for column, unit in DURATION_HEADERS.items():
        parse: Callable[[str], date | int] = partial(_parse_warranty, unit=unit)
        length = cells.parsed(column, parse)
        if isinstance(length, date):
            return length
        if length is not None and start is not None:
            return add_months(start, length)
    return None


def _parse_warranty(text: str, unit: str) -> date | int:
    """A bare « Garantie » holds a day or a number of months."""
    looks_like_day = "/" in text or text.count("-") > 1
    return parse_date(text) if looks_like_day else parse_months(text, default_unit=unit)
