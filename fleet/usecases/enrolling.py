"""Enrolling by cable: tying the tablet that answers to the asset that the register knows.

A serial alone never identifies: some makers give a whole batch the same one. What the tablet says
of itself (serial, then factory Wi-Fi address, then the tag that an earlier enrolment wrote) is
compared with the register, and an ambiguous answer is refused.
"""

from dataclasses import dataclass

from fleet import movements
from fleet.asset import Asset
from fleet.errors import NotFound, Refusal
from fleet.facts import DeviceFacts
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Draft, Json
from fleet.policies import Audit
from fleet.ports import Work
from fleet.steps import StepOutcome, StepState
from fleet.usecases.tagging import draw_free_tag

_PLACEHOLDERS = frozenset({"", "unknown", "0", "0123456789abcdef", "123456789abcdef"})
"""Serials that makers leave on whole batches."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A tablet that the register knows from now on."""

    asset: Asset
    tag: str
    is_new: bool
    """True when no delivery or earlier enrolment had announced it."""


def recognise(work: Work, facts: DeviceFacts) -> Asset | None:
    """The asset that a tablet is, or None for one the register does not know.

    Raises ``Refusal('enrol.ambiguous')`` when two assets could be it.
    """
    serial = usable_serial(facts)
    if serial is not None:
        same = work.assets_by_serial([serial]).get(serial, [])
        if len(same) == 1 and not _is_twin(same[0], facts):
            return same[0]
        if len(same) > 1 and facts.wifi_mac is None and not facts.asset_tag:
            raise Refusal("enrol.ambiguous", serial=serial, count=len(same))
    if facts.wifi_mac is not None:
        asset = work.assets_by_wifi_mac([facts.wifi_mac]).get(facts.wifi_mac)
        if asset is not None:
            return asset
    asset = work.asset_by_tag(facts.asset_tag) if facts.asset_tag else None
    # A tag alone is believed unless the asset's own serial says that this is another tablet.
    if asset is not None and serial and asset.serial and asset.serial != serial:
        return None
    return asset


def _is_twin(asset: Asset, facts: DeviceFacts) -> bool:
    """True when a tablet was read as ``asset`` before, and another address answers now."""
    if asset.os_version is None:  # a delivery note's address may be mistyped; the tablet's is not
        return False
    return None not in (asset.wifi_mac, facts.wifi_mac) and asset.wifi_mac != facts.wifi_mac


def usable_serial(facts: DeviceFacts) -> str | None:
    """The tablet's serial, unless it is one that makers leave on whole batches."""
    serial = (facts.serial or "").strip()
    return None if serial.lower() in _PLACEHOLDERS else serial


def enrol(
    work: Work,
    facts: DeviceFacts,
    *,
    school: str | None = None,
    cart: str | None = None,
    slot: int | None = None,
) -> Enrolled:
    """Enter what a tablet said, and its place: ``cart`` is the cart's tag or name.

    Raises ``NotFound('cart.unknown')``, ``Refusal('enrol.slot_taken')``,
    ``Refusal('enrol.no_such_slot')``, ``Refusal('enrol.no_identity')`` for a tablet that says
    nothing that tells it from its twins.
    """
    container = find_cart(work, cart, school) if cart else None
    asset = recognise(work, facts)
    serial = usable_serial(facts)
    if asset is None and serial is None and facts.wifi_mac is None:
        raise Refusal("enrol.no_identity", serial=facts.serial)
    place = _place(work, asset, container, school, slot)
    said: dict[str, Json] = {
        "platform": "android",
        "maker": facts.manufacturer,
        "model": facts.model,
        "serial": facts.serial,
        "wifi_mac": facts.wifi_mac,
        "os_version": facts.release,
    }
    body = {name: value for name, value in {**said, **place}.items() if value is not None}
    if asset is not None:
        # The model that people read on the delivery note stays; Android's is often a code.
        known = {name for name in body if getattr(asset, name) == body[name]}
        known |= {name for name in ("maker", "model") if getattr(asset, name)}
        body = {name: value for name, value in body.items() if name not in known}
        scope = str(body.get("school") or asset.school or OWNER_SCOPE)
        if body:
            work.record([Draft(movements.ENROLLED, asset.id, scope, body)])
        return Enrolled(work.asset(asset.id) or asset, asset.label, is_new=False)
    tag = draw_free_tag(work)
    asset_id = work.new_id()
    received: dict[str, Json] = {**body, "kind": AssetKind.TABLET, "tag": tag}
    scope = str(body.get("school") or OWNER_SCOPE)
    work.record([Draft(movements.RECEIVED, asset_id, scope, received)])
    return Enrolled(work.asset(asset_id) or Asset(asset_id), tag, is_new=True)


def find_cart(work: Work, code: str, school: str | None) -> Asset:
    """The cart with this tag, or with this name in its school (or anywhere, when unique).

    Raises ``NotFound('cart.unknown')`` and ``Refusal('cart.ambiguous')``.
    """
    asset = work.asset_by_tag(code.replace(" ", "").upper())
    if asset is not None and asset.kind is AssetKind.CART:
        return asset
    named = [
        each
        for (uai, _), each in work.assets_by_name([code]).items()
        if each.kind is AssetKind.CART and school in (None, uai)
    ]
    if not named:
        raise NotFound("cart.unknown", cart=code, school=school)
    if len(named) > 1:
        raise Refusal("cart.ambiguous", cart=code, count=len(named))
    return named[0]


def record_audit(work: Work, asset: Asset, facts: DeviceFacts, audit: Audit) -> None:
    """Enter what an audit found in the asset's history."""
    body: dict[str, Json] = {
        "profile": audit.profile,
        "compliant": audit.is_compliant,
        "failing": [verdict.policy for verdict in audit.verdicts if verdict.ok is False],
        "unknown": [verdict.policy for verdict in audit.verdicts if verdict.ok is None],
        "android": facts.release,
        "patch": facts.security_patch,
        "build": facts.build,
    }
    work.record([Draft(movements.AUDITED, asset.id, asset.school or OWNER_SCOPE, body)])


def record_provisioned(
    work: Work, asset: Asset, profile: str, outcomes: tuple[StepOutcome, ...]
) -> None:
    """Enter what provisioning did in the asset's history."""
    steps: list[Json] = [
        {"step": each.step.kind, "subject": each.step.subject, "state": each.state.value}
        for each in outcomes
    ]
    whole = all(each.state in (StepState.DONE, StepState.SKIPPED) for each in outcomes)
    body: dict[str, Json] = {"profile": profile, "steps": steps, "whole": whole}
    work.record([Draft(movements.PROVISIONED, asset.id, asset.school or OWNER_SCOPE, body)])


def _place(
    work: Work, asset: Asset | None, cart: Asset | None, school: str | None, slot: int | None
) -> dict[str, Json]:
    if cart is None:
        return {"school": school} if school else {}
    place: dict[str, Json] = {"cart": cart.id, "school": cart.school}
    inside = {each.slot: each for each in work.assets_in(cart.id) if each.slot is not None}
    if slot is None:
        if asset is not None and asset.cart == cart.id and asset.slot is not None:
            return place
        last = max([cart.capacity or 0, *inside, len(inside) + 1])
        slot = next((each for each in range(1, last + 1) if each not in inside), last + 1)
    other = inside.get(slot)
    if other is not None and (asset is None or other.id != asset.id):
        raise Refusal("enrol.slot_taken", cart=cart.label, slot=slot, tag=other.label)
    if slot < 1 or (cart.capacity and slot > cart.capacity):
        raise Refusal("enrol.no_such_slot", cart=cart.label, slot=slot, capacity=cart.capacity)
    place["slot"] = slot
    return place
