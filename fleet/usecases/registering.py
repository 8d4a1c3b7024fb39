"""Registering in pairs, without a file or a cable: the serial on the box, a blank label, next.

Either comes first. What both codes are known as decides: a new asset is received, a known one
without a label gets it, the same pair again changes nothing; all else is refused, with whose code
it is already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet import movements
from fleet.asset import Asset
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.imports.values import parse_serial
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.ports import Work
from fleet.scan import Misread, ScannedForeign, ScannedTag, read_scan
from fleet.tags import CodeKind
from fleet.usecases.enrolling import find_cart


@dataclass(frozen=True, slots=True)
class Delivery:
    """What all the boxes of a pile have in common."""

    kind: AssetKind
    maker: str = ""
    model: str = ""
    school: str | None = None
    """UAI; None for the owner's stock."""
    cart: str | None = None
    """Tag, name or id of the cart that they go into."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A pair that the register knows from now on."""

    asset: Asset
    operation: str | None
    """None when it knew the pair already."""
    is_new: bool
    """False for an asset that had no label yet, or that was there."""


def tell_apart(first: str, second: str) -> tuple[Sequence[str], str]:
    """The readings of the serial, and the tag, of two codes in either order.

    Raises ``InvalidInput``: ``register.two_labels``, ``register.no_label``, ``register.no_serial``
    and ``register.product`` for the bar code that every box of a product shares (EAN-13).
    """
    tags = [_tag_in(first), _tag_in(second)]
    if all(tags):
        raise InvalidInput("register.two_labels", tag=tags[1])
    tag = tags[0] or tags[1]
    if tag is None:
        raise InvalidInput("register.no_label", value=second)
    serials = serial_readings(second if tags[0] else first)
    return serials, tag


def serial_readings(text: str) -> tuple[str, ...]:
    """What a scanner may have sent for the serial on a box, the likeliest first.

    Raises ``InvalidInput``: ``register.no_serial``, ``register.product``, ``cell.rounded``.
    """
    scan = read_scan(text)
    match scan:
        case ScannedForeign(candidates):
            return check_serial(candidates)
        case ScannedTag(code):
            raise InvalidInput("register.no_serial", value=code.value)
        case Misread(letters):
            return check_serial((letters,))


def check_serial(readings: Sequence[str]) -> tuple[str, ...]:
    """``readings`` of one scan as serials; raises as ``serial_readings`` does."""
    if not readings[0]:
        raise InvalidInput("register.no_serial", value="")
    if is_product_code(readings[0]):
        raise InvalidInput("register.product", value=readings[0])
    return tuple(parse_serial(each) for each in readings)


def is_product_code(text: str) -> bool:
    """Whether ``text`` is an EAN-13 with a right check digit (GS1 General Specifications 7.9)."""
    if len(text) != 13 or not (text.isascii() and text.isdigit()):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text))
    return weighted % 10 == 0


def register(
    work: Work,
    serials: Sequence[str],
    tag: str,
    delivery: Delivery,
    *,
    slot: int | None = None,
) -> Registered:
    """Enter one pair; ``serials`` are the readings of one serial, a known one wins.

    Without ``slot`` the first free one of the cart is taken. Raises ``Refusal``:
    ``register.tag_taken``, ``register.serial_known``, ``register.ambiguous``, ``slot.none``,
    ``enrol.slot_taken``, ``enrol.no_such_slot``, ``enrol.slot_without_cart``; ``NotFound``:
    ``school.unknown``, ``cart.unknown``.
    """
    if slot is not None and delivery.cart is None:
        raise Refusal("enrol.slot_without_cart", slot=slot)
    by_serial = work.assets_by_serial(serials)
    serial = next((each for each in serials if each in by_serial), serials[0])
    alike = [each for each in by_serial.get(serial, []) if each.kind is delivery.kind]
    bearer = work.asset_by_tag(tag)
    if bearer is not None:
        if any(each.id == bearer.id for each in alike):
            return Registered(bearer, None, is_new=False)
        named = bearer.serial or bearer.name
        raise Refusal("register.tag_taken", tag=tag, serial=named, model=bearer.model)
    if len(alike) > 1:
        raise Refusal("register.ambiguous", serial=serial, count=len(alike))
    if alike:
        return _label(work, alike[0], tag)
    place = _place(work, delivery, slot)
    body: dict[str, Json] = {
        "kind": delivery.kind.value,
        "tag": tag,
        "serial": serial,
        "maker": delivery.maker or None,
        "model": delivery.model or None,
        **place,
    }
    asset_id = work.new_id()
    scope = str(place.get("school") or OWNER_SCOPE)
    received = {name: value for name, value in body.items() if value is not None}
    (operation,) = work.record([Draft(movements.RECEIVED, asset_id, scope, received)])
    return Registered(_known(work, asset_id), operation.id, is_new=True)


def take_back(work: Work, operation_id: str) -> Asset:
    """Undo a registration that nothing followed: label and serial are free again.

    The ledger keeps what happened; an asset that was received by mistake stays in it as retired.
    Raises ``NotFound('operation.unknown')``, ``Refusal('undo.superseded')``.
    """
    target = work.operation(operation_id)
    if target is None:
        raise NotFound("operation.unknown", operation=operation_id)
    identity = batch_operation_id("undo", target.id)
    if work.operation(identity) is None:
        asset = _known(work, target.subject)
        later = [
            each for each in work.operations_about(target.subject) if each.order > target.order
        ]
        if later:
            newest = later[-1]
            raise Refusal("undo.superseded", tag=asset.label, kind=newest.kind, since=newest.at)
        gone: dict[str, Json] = {"tag": None}
        drafts = [Draft(movements.DESCRIBED, asset.id, target.scope, gone, id=identity)]
        if target.kind == movements.RECEIVED:
            gone |= {"serial": None, "cart": None, "slot": None}
            left: Body = {"reference": f"undo {target.id}"}
            twin = batch_operation_id("undo", f"{target.id}|received")
            drafts.append(Draft(movements.RETIRED, asset.id, target.scope, left, id=twin))
        work.record(drafts)
    return _known(work, target.subject)


def _tag_in(text: str) -> str | None:
    scan = read_scan(text)
    if isinstance(scan, ScannedTag) and scan.code.kind is CodeKind.ASSET:
        return scan.code.value
    return None


def _label(work: Work, asset: Asset, tag: str) -> Registered:
    if asset.tag is not None:
        raise Refusal("register.serial_known", serial=asset.serial, tag=asset.tag)
    scope = asset.school or OWNER_SCOPE
    (operation,) = work.record([Draft(movements.DESCRIBED, asset.id, scope, {"tag": tag})])
    return Registered(_known(work, asset.id), operation.id, is_new=False)


def _place(work: Work, delivery: Delivery, slot: int | None) -> Body:
    if delivery.school is not None and delivery.school not in work.schools([delivery.school]):
        raise NotFound("school.unknown", school=delivery.school)
    if delivery.cart is None:
        return {"school": delivery.school}
    cart = work.asset(delivery.cart) or find_cart(work, delivery.cart, delivery.school)
    inside = {each.slot: each for each in work.assets_in(cart.id) if each.slot is not None}
    if slot is None:
        last = cart.capacity or len(inside) + 1
        slot = next((each for each in range(1, last + 1) if each not in inside), None)
        if slot is None:
            raise Refusal("slot.none", cart=cart.label, capacity=cart.capacity)
    if slot in inside:
        raise Refusal("enrol.slot_taken", cart=cart.label, slot=slot, tag=inside[slot].label)
    if slot < 1 or (cart.capacity and slot > cart.capacity):
        raise Refusal("enrol.no_such_slot", cart=cart.label, slot=slot, capacity=cart.capacity)
    return {"school": cart.school, "cart": cart.id, "slot": slot}


def _known(work: Work, asset_id: str) -> Asset:
    asset = work.asset(asset_id)
    if asset is None:
        raise NotFound("asset.unknown", tag=asset_id)
    return asset
