"""Deliveries into the ledger: what arrived, in which school, in which slot of which cart.

An asset is known again by its tag, else by its serial, else by its name in its school (carts and
servers), else by its accounting number. A file never moves an asset that has a place already: it
was true on the day of delivery, and people have moved things since.
"""

from collections.abc import Iterable, Sequence

from fleet import movements
from fleet.asset import Asset
from fleet.imports.assets import DeliveryRow
from fleet.imports.rows import Parsed, Rejected
from fleet.imports.staging import Staging
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Draft, Json
from fleet.ports import Work
from fleet.usecases.importing.report import ImportReport, Progress, Tally, batches, differences
from fleet.usecases.tagging import draw_free_tag

_NAMED = frozenset({AssetKind.CART, AssetKind.KWARTZ_SERVER})


def import_assets(
    work: Work,
    rows: Iterable[Parsed[DeliveryRow] | Rejected],
    *,
    school: str | None = None,
    progress: Progress | None = None,
    staging: Staging | None = None,
) -> ImportReport:
    """Create and update assets; ``school`` is the UAI for rows that name none."""
    tally = Tally(staging)
    carts = _Carts(work, tally)
    for batch in batches(rows, tally, progress):
        _import_batch(work, batch, school, carts, tally)
        work.forget()
    return tally.report


def _import_batch(
    work: Work,
    batch: Sequence[Parsed[DeliveryRow]],
    school: str | None,
    carts: "_Carts",
    tally: Tally,
) -> None:
    places = {parsed.row.school or school or "" for parsed in batch}
    schools = work.schools([each for each in places if each])
    known = _Known(work, [parsed.row for parsed in batch])
    drafts: list[Draft] = []
    # Carts first, so that the tablets of the same file find them.
    for parsed in sorted(batch, key=lambda each: each.row.kind is not AssetKind.CART):
        row = parsed.row
        uai = row.school or school
        if row.kind is AssetKind.CART and row.name and not carts.claim(row.name, uai):
            tally.keep(parsed.line, "", row.name)
            continue
        if uai is not None and uai not in schools:
            tally.reject(Rejected(parsed.line, "UAI", uai, "import.school_unknown"))
            continue
        asset = known.find(row, uai)
        if asset is not None and known.is_twofold(row, asset):
            serial = row.serial or ""
            tally.reject(Rejected(parsed.line, "serial", serial, "import.two_assets"))
            continue
        body = _facts(row)
        if asset is not None:
            body = {name: value for name, value in body.items() if getattr(asset, name) != value}
        if asset is None or asset.school is None:
            body["school"] = uai
        wants_cart = row.cart and (asset is None or asset.cart is None)
        wants_room = row.room and (asset is None or asset.room != row.room)
        is_placed = asset is not None and (wants_cart or wants_room) and _was_moved(work, asset)
        if wants_room and not is_placed:
            body["room"] = row.room
        if wants_cart and row.cart and not is_placed:
            cart = carts.find(row.cart, uai, drafts)
            if row.slot and not carts.take(cart, row.slot):
                fault = Rejected(parsed.line, "slot", str(row.slot), "slot.taken")
                tally.reject(fault)
                continue
            body["cart"] = cart
            if row.slot:
                body["slot"] = row.slot
        scope = uai or OWNER_SCOPE
        label = _label(row)
        if asset is None:
            asset_id = work.new_id()
            tag = row.tag or known.draw()
            tally.create(parsed.line, asset_id, label)
            drafts.append(
                Draft(movements.RECEIVED, asset_id, scope, {**body, "kind": row.kind, "tag": tag})
            )
            if row.kind is AssetKind.CART and row.name:
                carts.add(row.name, uai, asset_id)
        elif body := {name: value for name, value in body.items() if value is not None}:
            tally.update(parsed.line, asset.id, label, differences(asset, body))
            drafts.append(Draft(movements.DESCRIBED, asset.id, scope, body))
        else:
            tally.keep(parsed.line, asset.id, label)
    work.record(drafts)


def _label(row: DeliveryRow) -> str:
    name = row.serial or row.tag or row.name or row.accounting_number or ""
    return f"{name} {row.model}".strip()


def _facts(row: DeliveryRow) -> dict[str, Json]:
    """What the file says about the thing itself, wherever it is."""
    facts: dict[str, Json] = {
        "name": row.name,
        "maker": row.maker,
        "model": row.model,
        "serial": row.serial,
        "wifi_mac": row.macs[0] if row.macs else None,
        "capacity": row.capacity,
        "accounting_number": row.accounting_number,
        "purchased_on": row.purchased_on.isoformat() if row.purchased_on else None,
        "warranty_until": row.warranty_until.isoformat() if row.warranty_until else None,
        "supplier": row.supplier,
        "lot": row.lot,
        "price_cents": row.price_cents,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _was_moved(work: Work, asset: Asset) -> bool:
    return any(
        operation.kind in (movements.MOVED, movements.PLACED)
        for operation in work.operations_about(asset.id)
    )


class _Known:
    """The assets that the rows of one batch may be, looked up together."""

    def __init__(self, work: Work, rows: Sequence[DeliveryRow]) -> None:
        self._work = work
        self._by_tag = work.assets_by_tag([row.tag for row in rows if row.tag])
        self._by_serial = work.assets_by_serial([row.serial for row in rows if row.serial])
        self._by_name = work.assets_by_name([row.name for row in rows if row.name])
        anonymous = [row.accounting_number for row in rows if not (row.tag or row.serial)]
        self._by_number = work.assets_by_accounting_number([n for n in anonymous if n])
        self._drawn: set[str] = set()

    def find(self, row: DeliveryRow, uai: str | None) -> Asset | None:
        if row.tag and row.tag in self._by_tag:
            return self._by_tag[row.tag]
        if row.serial:
            same = [
                asset for asset in self._by_serial.get(row.serial, []) if asset.kind is row.kind
            ]
            if same:
                return same[0]
        if row.name and row.kind in _NAMED:
            named = self._by_name.get((uai or "", row.name))
            return named if named is not None and named.kind is row.kind else None
        if row.accounting_number and not row.serial:
            return self._by_number.get(row.accounting_number)
        return None

    def is_twofold(self, row: DeliveryRow, asset: Asset) -> bool:
        """Whether the row's tag is on one asset and its serial on another one."""
        if not (row.tag and row.serial):
            return False
        bearers = self._by_serial.get(row.serial, [])
        return any(each.id != asset.id and each.kind is row.kind for each in bearers)

    def draw(self) -> str:
        """A tag that neither the database nor this file has."""
        while True:
            tag = draw_free_tag(self._work)
            if tag not in self._drawn:
                self._drawn.add(tag)
                return tag


class _Carts:
    """Carts by name, made when a tablet names one first, and which of their slots are taken."""

    def __init__(self, work: Work, tally: Tally) -> None:
        self._work = work
        self._ids: dict[tuple[str, str], str] = {}
        self._listed = tally.seen("carts")
        self._taken = tally.seen("slots")

    def find(self, name: str, uai: str | None, drafts: list[Draft]) -> str:
        key = (uai or "", name)
        if key not in self._ids:
            asset = self._work.assets_by_name([name]).get(key)
            if asset is not None:
                self._ids[key] = asset.id
            else:
                self._ids[key] = self._make(name, uai, drafts)
        return self._ids[key]

    def claim(self, name: str, uai: str | None) -> bool:
        """False for the cart of a line that repeats an earlier one."""
        key = f"{uai or ''}\t{name}"
        is_first = key not in self._listed
        self._listed.add(key)
        return is_first

    def add(self, name: str, uai: str | None, cart: str) -> None:
        self._ids[uai or "", name] = cart

    def take(self, cart: str, slot: int) -> bool:
        """Reserve a slot; false when something is in it."""
        if cart not in self._taken:
            self._taken.add(cart)
            for each in self._work.assets_in(cart):
                self._taken.add(f"{cart}\t{each.slot}")
        place = f"{cart}\t{slot}"
        if place in self._taken:
            return False
        self._taken.add(place)
        return True

    def _make(self, name: str, uai: str | None, drafts: list[Draft]) -> str:
        cart = self._work.new_id()
        body: dict[str, Json] = {
            "kind": AssetKind.CART,
            "name": name,
            "tag": draw_free_tag(self._work),
            "school": uai,
        }
        drafts.append(Draft(movements.RECEIVED, cart, uai or OWNER_SCOPE, body))
        return cart
