"""Exchange under warranty, hand-over between schools, longer loans, and older codes.

An exchange keeps the label, the place and the loan, and gives them another device; the one that
leaves goes on as a retired asset without a tag, so its serial is known when it comes up again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fleet import movements
from fleet.asset import Asset
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.passages import check_passage
from fleet.ports import Work
from fleet.register import School
from fleet.scan import ScannedTag, canonical, read_scan
from fleet.stamps import from_iso, iso
from fleet.tags import CodeKind
from fleet.usecases.custody import Moved, check_all, known_assets, record_all, with_followers

STOCK = "stock"
"""Destination of a transfer: the owner's own stock, which is no school."""

_LEAVES_WITH = (
    *("maker", "model", "platform", "managed_by", "serial", "wifi_mac", "os_version"),
    *("owner", "school", "purchased_on", "warranty_until", "supplier", "lot"),
)
"""What the device that leaves keeps; price, funding and accounting number stay with the label."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One exchange."""

    operation: str
    asset: Asset
    """With its new device."""
    old: Asset
    """The device that left."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """A hand-over, for its slip."""

    moved: tuple[Moved, ...]
    """Contents of carts included."""
    sources: tuple[School | None, ...]
    """Who hands over; None for the owner's stock."""
    target: School | None
    at: datetime


def exchange(
    work: Work,
    tag: str,
    serial: str,
    *,
    wifi_mac: str | None = None,
    reference: str | None = None,
    at: datetime | None = None,
    batch: str | None = None,
) -> Exchanged:
    """Give the asset ``tag`` the device with ``serial``; ``reference`` is the maker's RMA number.

    Raises ``Refusal``: ``passage.…``, ``serial.taken``, ``exchange.same_serial``;
    ``InvalidInput('serial.empty')``.
    """
    _check_past(work, at)
    (asset,) = known_assets(work, [tag])
    if not serial:
        raise InvalidInput("serial.empty")
    key = batch or work.new_id()
    done = _repeated(work, asset, key, serial)
    if done is not None:
        return done
    check_passage(asset, movements.EXCHANGED)
    if asset.serial is not None and asset.serial.lower() == serial.lower():
        raise Refusal("exchange.same_serial", tag=asset.label, serial=serial)
    check_serial(work, serial)
    old = _old_device(key, asset)
    scope = asset.school or OWNER_SCOPE
    kept: dict[str, Json] = {
        name: getattr(asset, name) for name in _LEAVES_WITH if getattr(asset, name) is not None
    }
    left: dict[str, Json] = {"exchanged_for": asset.id}
    new: dict[str, Json] = {"serial": serial, "wifi_mac": wifi_mac, "old": old}
    if reference:
        left["reference"] = new["reference"] = reference
    seen = tuple(loan.id for loan in asset.open_loans)
    # The label's own operation comes last: it is the one that undoing takes back.
    *_, operation = work.record(
        [
            Draft(movements.RECEIVED, old, scope, {**kept, "kind": str(asset.kind)}, at),
            Draft(movements.RETIRED, old, scope, left, at),
            Draft(
                movements.EXCHANGED,
                asset.id,
                scope,
                new,
                at,
                seen,
                batch_operation_id(key, asset.id),
            ),
        ]
    )
    return _exchanged(work, operation.id, asset, old)


def extend(
    work: Work,
    tags: Sequence[str],
    due: date,
    *,
    at: datetime | None = None,
    batch: str | None = None,
) -> tuple[Moved, ...]:
    """Give the loans of ``tags`` another due date, all of them or none.

    Raises ``Refusal('passage.not_lent')`` and ``InvalidInput('due.before_loan')``.
    """
    assets = known_assets(work, tags)
    check_all(work, assets, movements.EXTENDED, batch)
    wanted: list[tuple[Asset, Body]] = []
    for asset in assets:
        loan = asset.standing_loan
        if loan is None:  # a repeated batch, whose loan has ended since
            continue
        if due < from_iso(loan.opened_at).astimezone().date():
            raise InvalidInput("due.before_loan", due=due.isoformat())
        wanted.append((asset, {"loan": loan.id, "due": due.isoformat()}))
    return record_all(work, movements.EXTENDED, wanted, at, batch)


def transfer(
    work: Work,
    tags: Sequence[str],
    to: str,
    *,
    at: datetime | None = None,
    batch: str | None = None,
) -> Transferred:
    """Hand assets over to the school ``to``, or to ``STOCK``; a cart goes with its content.

    Nothing lent changes hands. Raises ``NotFound('school.unknown')``,
    ``Refusal('transfer.already_there')`` and ``Refusal('passage.…')``.
    """
    school = None if to == STOCK else to
    known = work.schools([school]) if school else {}
    if school is not None and school not in known:
        raise NotFound("school.unknown", school=school)
    assets = known_assets(work, tags)
    check_all(work, assets, movements.MOVED, batch)
    for asset in assets:
        if asset.school == school:
            raise Refusal("transfer.already_there", tag=asset.label, school=school)
    pairs = with_followers(work, assets)
    wanted: list[tuple[Asset, Body]] = []
    for asset, along in pairs:
        if asset.open_loans:
            raise Refusal("passage.lent", tag=asset.label, movement=movements.MOVED)
        wanted.append((asset, {"school": school, "room": None, **along}))
    places = list(dict.fromkeys(asset.school for asset, _ in pairs if asset.school != school))
    sources = work.schools([place for place in places if place])
    moved = record_all(work, movements.MOVED, wanted, at, batch)
    return Transferred(
        moved,
        tuple(sources.get(place) if place else None for place in places),
        known.get(school) if school else None,
        at or work.now,
    )


def attach(work: Work, code: str, tag: str) -> Moved:
    """Let an older code (a serial's barcode, a label of the city's) find the asset ``tag``.

    Raises ``Refusal``: ``code.taken`` when it finds an asset already, ``code.not_an_asset`` for a
    card or a document of ours; ``InvalidInput('code.empty')``.
    """
    (asset,) = known_assets(work, [tag])
    wanted = canonical(code)
    if not wanted:
        raise InvalidInput("code.empty")
    scan = read_scan(code)
    if isinstance(scan, ScannedTag) and scan.code.kind is not CodeKind.ASSET:
        raise Refusal("code.not_an_asset", value=wanted)
    holders = [
        *work.assets_by_tag([wanted]).values(),
        *work.assets_by_serial([wanted]).get(wanted, []),
        *work.assets_by_code([wanted]).get(wanted, []),
    ]
    for holder in holders:
        raise Refusal("code.taken", value=wanted, tag=holder.label)
    (moved,) = record_all(work, movements.CODE_ATTACHED, [(asset, {"code": wanted})], None, None)
    return moved


def check_serial(work: Work, serial: str, *, but: str | None = None) -> None:
    """Refuse (``serial.taken``) a serial that another asset than ``but`` bears."""
    for other in work.assets_by_serial([serial]).get(serial, []):
        if other.id != but:
            raise Refusal("serial.taken", serial=serial, tag=other.label)


def _repeated(work: Work, asset: Asset, key: str, serial: str) -> Exchanged | None:
    """What an earlier call with the same batch wrote."""
    earlier = work.operation(batch_operation_id(key, asset.id))
    if earlier is None:
        return None
    if earlier.kind != movements.EXCHANGED or earlier.content().get("serial") != serial:
        raise Refusal("operation.id_reused", operation=earlier.id)
    return _exchanged(work, earlier.id, asset, _old_device(key, asset))


def _exchanged(work: Work, operation: str, asset: Asset, old: str) -> Exchanged:
    return Exchanged(operation, work.asset(asset.id) or asset, work.asset(old) or Asset(old))


def _old_device(key: str, asset: Asset) -> str:
    return batch_operation_id(key, f"{asset.id}|old")


def _check_past(work: Work, at: datetime | None) -> None:
    if at is not None and at > work.now:
        raise InvalidInput("at.future", at=iso(at))
