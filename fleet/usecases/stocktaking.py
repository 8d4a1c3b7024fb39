"""Stocktakes: open one on a school, a room or a cart, take scans as they come, close it.

No scan is refused for what the register thinks of the asset, and none is lost: repeated ones are
counted, late ones kept. What may name a person (a card, a typed word) never enters the ledger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fleet import movements
from fleet.asset import Asset, State
from fleet.errors import FleetError, InvalidInput, NotFound, Refusal
from fleet.ids import batch_operation_id
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.passages import PASSAGES
from fleet.ports import Work
from fleet.scan import Misread, Scan, ScannedTag, canonical, split_burst
from fleet.stamps import from_iso
from fleet.stocktake import (
    CLOSED,
    NOWHERE,
    OPENED,
    SCANNED,
    Finding,
    Place,
    Sighting,
    Stocktake,
)
from fleet.tags import CodeKind
from fleet.usecases.enrolling import find_cart

LONGEST_CODE = 64
"""Letters of a code that no asset bears; a QR of somebody else's may hold a whole page."""

_ABSENT = frozenset({State.RETIRED, State.LOST, State.STOLEN})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one scan said."""

    code: str
    """As it was read."""
    finding: Finding
    """Found, moved, unexpected or unknown."""
    asset: Asset | None = None
    """As the register has it."""
    known: Place = NOWHERE
    """Where the register expected it at its first scan."""
    repeated: bool = False
    late: bool = False
    """The stocktake was closed before."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of some scans."""

    verdicts: tuple[Verdict, ...]
    refused: tuple[tuple[str, FleetError], ...]
    """What could not be taken, with why: half-read codes, people's cards, typed words."""


def open_stocktake(
    work: Work, school: str | None = None, room: str | None = None, cart: str | None = None
) -> Stocktake:
    """Open a stocktake and freeze what it expects: what the register has there now.

    Lost, stolen and retired assets are not expected; lent ones are listed apart. ``cart`` is a tag,
    a name or an id, and brings its school. Raises ``NotFound('school.unknown')``,
    ``NotFound('cart.unknown')``, ``Refusal('cart.ambiguous')``, ``InvalidInput('stocktake.place')``
    for a room and a cart at once or neither a school nor a cart.
    """
    if (room and cart) or not (school or cart):
        raise InvalidInput("stocktake.place")
    container = _cart(work, cart, school) if cart else None
    if container is not None:
        school = container.school or school
    if school is None or school not in work.schools([school]):
        raise NotFound("school.unknown", school=school)
    inside = work.assets_in(container.id) if container else _held(work, school, room)
    here = [asset for asset in inside if asset.custody not in _ABSENT]
    body: dict[str, Json] = {
        "room": room,
        "cart": container.id if container else None,
        "expected": [asset.id for asset in here if not asset.open_loans],
        "lent": [asset.id for asset in here if asset.open_loans],
    }
    stocktake_id = work.new_id()
    work.record([Draft(OPENED, stocktake_id, school, body)])
    return _known(work.stocktake(stocktake_id), stocktake_id)


def scan(work: Work, stocktake_id: str, codes: Sequence[str | Scan]) -> Scanned:
    """Take scans as they come: tags, attached codes, serials, inventory numbers, names.

    Raises ``NotFound('stocktake.unknown')``; what cannot be taken is in ``refused``.
    """
    stocktake = _known(work.stocktake_about(stocktake_id, ()), stocktake_id)
    verdicts: list[Verdict] = []
    refused: list[tuple[str, FleetError]] = []
    for text in codes:
        for burst in split_burst(text) if isinstance(text, str) else (text,):
            try:
                verdicts.append(_take(work, stocktake, burst))
            except FleetError as error:
                refused.append((_shown(burst), error))
    return Scanned(tuple(verdicts), tuple(refused))


def close(work: Work, stocktake_id: str, signed_by: str, *, lost: bool = False) -> Stocktake:
    """Close a stocktake: what was found is marked seen, what had moved is entered here.

    What is missing is only listed, unless ``lost`` declares it lost. ``signed_by`` goes to the
    erasable register. Raises ``NotFound('stocktake.unknown')``, ``Refusal('stocktake.closed')`` and
    ``InvalidInput('stocktake.unsigned')``.
    """
    stocktake = _known(work.stocktake(stocktake_id), stocktake_id)
    if not stocktake.is_open:
        raise Refusal("stocktake.closed", at=stocktake.closed_at)
    if not signed_by.strip():
        raise InvalidInput("stocktake.unsigned")
    sightings = {each.asset: each for each in stocktake.seen.values() if each.asset is not None}
    assets = work.assets([*sightings, *stocktake.missing])
    missing = still_missing(work, stocktake_id)
    absent = {asset.id for asset in missing}
    lent = [each for each in stocktake.missing if each in assets and each not in absent]
    closing = Draft(CLOSED, stocktake.id, stocktake.school, {"lent": lent})
    drafts = [closing, *_seen(stocktake, sightings, assets), *_moves(work, stocktake, assets)]
    if lost:
        drafts += [
            _draft(asset, movements.LOST, {"stocktake": stocktake.id}, stocktake.id)
            for asset in missing
            if asset.custody in PASSAGES[movements.LOST].sources
        ]
    (operation, *_) = work.record(drafts)
    work.save_note(operation.id, signed_by.strip())
    return _known(work.stocktake(stocktake_id), stocktake_id)


def still_missing(work: Work, stocktake_id: str) -> tuple[Asset, ...]:
    """What was expected, was not seen and is not with a borrower by now."""
    stocktake = _known(work.stocktake(stocktake_id), stocktake_id)
    absent = work.assets(stocktake.missing)
    return tuple(asset for asset in absent.values() if not asset.open_loans)


def _cart(work: Work, code: str, school: str | None) -> Asset:
    known = work.asset(code)
    if known is not None and known.kind is AssetKind.CART:
        return known
    return find_cart(work, code, school)


def _held(work: Work, school: str, room: str | None) -> list[Asset]:
    """What a school holds, or one of its rooms with the carts that stand in it."""
    held = work.assets_at(school)
    if room is None:
        return held
    carts = {asset.id for asset in held if asset.kind is AssetKind.CART and asset.room == room}
    return [asset for asset in held if asset.room == room or asset.cart in carts]


def _known(stocktake: Stocktake | None, stocktake_id: str) -> Stocktake:
    if stocktake is None or not stocktake.opened_at:
        raise NotFound("stocktake.unknown", stocktake=stocktake_id)
    return stocktake


def _take(work: Work, head: Stocktake, burst: Scan) -> Verdict:
    alike = _alike(work, head.school, burst)
    code = _shown(burst)
    if not alike:
        _check_code(burst)
    stocktake = work.stocktake_about(head.id, [each.id for each in alike], [code]) or head
    asset = _choose(stocktake, alike, code)
    before = stocktake.sighting(asset.id if asset else None, code)
    known = Place(asset.school, asset.room, asset.cart, asset.slot) if asset else NOWHERE
    finding = _judge(work, stocktake, asset)
    body: dict[str, Json] = {"finding": finding.value}
    if asset is None:
        body["code"] = code
    else:
        body |= {"asset": asset.id, "state": asset.state.value, "known": _written(known)}
    work.record([Draft(SCANNED, stocktake.id, stocktake.school, body)])
    return Verdict(
        code=code,
        finding=before.finding if before else finding,
        asset=asset,
        known=before.known if before else known,
        repeated=before is not None,
        late=not stocktake.is_open,
    )


def _alike(work: Work, school: str, burst: Scan) -> list[Asset]:
    """The assets that a scan may mean, by the surest kind of code that names any."""
    if isinstance(burst, ScannedTag):
        tagged = work.asset_by_tag(burst.code.value)
        if tagged is not None:
            return [tagged]
        readings: Sequence[str] = [burst.code.value]
    elif isinstance(burst, Misread):
        readings = [canonical(burst.text)]
    else:
        readings = burst.candidates
    attached = [each for found in work.assets_by_code(readings).values() for each in found]
    serial = [each for found in work.assets_by_serial(readings).values() for each in found]
    numbered = list(work.assets_by_accounting_number(readings).values())
    # A cart or a server often bears a name where a tablet bears a label.
    named = [each for (at, _), each in work.assets_by_name(readings).items() if at == school]
    found = attached or serial or numbered or named
    return list({asset.id: asset for asset in found}.values())


def _check_code(burst: Scan) -> None:
    """Keep what may name a person, and what is no whole code, out of the ledger."""
    if isinstance(burst, Misread):
        raise InvalidInput("stocktake.misread", text=burst.text)
    if isinstance(burst, ScannedTag):
        if burst.code.kind is not CodeKind.ASSET:
            raise InvalidInput("stocktake.not_an_asset", text=burst.code.value)
        return
    code = burst.candidates[0]
    # Every barcode of the field has a digit; a word without one was typed, and may be a name.
    if not any(each.isdigit() for each in code) or len(code) > LONGEST_CODE:
        raise InvalidInput("stocktake.no_code", text=code[:LONGEST_CODE])


def _choose(stocktake: Stocktake, alike: Sequence[Asset], code: str) -> Asset | None:
    """The asset meant: of several with one serial, the one expected here that is not seen yet."""
    if len(alike) < 2:
        return alike[0] if alike else None
    expected = [each for each in alike if each.id in stocktake.expected]
    waiting = [each for each in expected if stocktake.sighting(each.id) is None]
    for found in (waiting, expected):
        if len(found) == 1:
            return found[0]
    raise Refusal("asset.ambiguous", serial=code, count=len(alike))


def _judge(work: Work, stocktake: Stocktake, asset: Asset | None) -> Finding:
    """What a scan says: the frozen list first, then the register as it is now."""
    if asset is None:
        return Finding.UNKNOWN
    if asset.id in stocktake.expected:
        return Finding.FOUND
    if asset.custody in _ABSENT or asset.open_loans:
        return Finding.UNEXPECTED
    if _belongs(work, stocktake, asset):
        return Finding.FOUND
    is_cart_in_cart = stocktake.cart is not None and asset.kind is AssetKind.CART
    return Finding.UNEXPECTED if is_cart_in_cart else Finding.MOVED


def _belongs(work: Work, stocktake: Stocktake, asset: Asset) -> bool:
    """Whether the register has ``asset`` where the stocktake is."""
    if stocktake.cart is not None:
        return stocktake.cart in (asset.cart, asset.id)
    if asset.school != stocktake.school:
        return False
    if stocktake.room is None or asset.room == stocktake.room:
        return True
    cart = work.asset(asset.cart) if asset.cart else None
    return cart is not None and cart.room == stocktake.room


def _seen(
    stocktake: Stocktake, sightings: dict[str, Sighting], assets: dict[str, Asset]
) -> Iterator[Draft]:
    for asset_id, sighting in sightings.items():
        asset = assets.get(asset_id)
        if asset is not None and sighting.finding in (Finding.FOUND, Finding.MOVED):
            yield _draft(
                asset, movements.SEEN, {"stocktake": stocktake.id}, stocktake.id, sighting.at
            )


def _moves(work: Work, stocktake: Stocktake, assets: dict[str, Asset]) -> Iterator[Draft]:
    """Movements of what was found away from its place and is still free to move."""
    batch = work.new_id()
    moved = {
        each.asset: assets[each.asset]
        for each in stocktake.seen.values()
        if each.asset in assets and each.finding is Finding.MOVED
    }
    free = {
        asset_id: asset
        for asset_id, asset in moved.items()
        if asset.custody in PASSAGES[movements.MOVED].sources
        and not asset.open_loans
        and not _belongs(work, stocktake, asset)
    }
    content = {
        each.id: each
        for asset in free.values()
        if asset.kind is AssetKind.CART
        for each in work.assets_in(asset.id)
        if each.custody in PASSAGES[movements.MOVED].sources
    }
    for asset in {**content, **free}.values():
        if stocktake.cart is not None:
            # Seen in the case, in no slot that anybody noted.
            place: Body = {"cart": stocktake.cart, "slot": None, "school": stocktake.school}
            yield _draft(asset, movements.PLACED, place, batch)
            continue
        body: dict[str, Json] = {"school": stocktake.school, "room": stocktake.room}
        # Its cart came too, or it was met in another room: nothing says that it left its slot.
        if asset.cart and (asset.cart in free or asset.school == stocktake.school):
            body["with_cart"] = True
        yield _draft(asset, movements.MOVED, body, batch)


def _draft(asset: Asset, kind: str, body: Body, batch: str, at: str | None = None) -> Draft:
    return Draft(
        kind,
        asset.id,
        str(body.get("school") or asset.school or OWNER_SCOPE),
        body,
        from_iso(at) if at else None,
        tuple(loan.id for loan in asset.open_loans),
        batch_operation_id(f"{batch}|{kind}", asset.id),
    )


def _written(place: Place) -> dict[str, Json]:
    named = {"school": place.school, "room": place.room, "cart": place.cart, "slot": place.slot}
    return {name: value for name, value in named.items() if value is not None}


def _shown(burst: Scan) -> str:
    match burst:
        case ScannedTag(code):
            return code.value
        case Misread(text):
            return text
        case _:
            return burst.candidates[0]
