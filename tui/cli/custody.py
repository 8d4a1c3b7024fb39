"""What happens to assets beside loans: ``move``, ``swap``, ``repair``, ``lost``, ``stolen`` …"""

from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from fleet import movements
from fleet.imports.values import parse_macs, parse_serial
from fleet.scan import ScannedTag, read_scan
from fleet.tags import CodeKind
from fleet.uai import parse_uai
from fleet.usecases.custody import Change, Moved
from fleet.usecases.exchanging import STOCK, Transferred
from tui import format as shown
from tui import words
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.cli.lists import find_card
from tui.i18n import _
from tui.office import Office
from tui.transferring import write_slip_of


def move(options: Namespace) -> Answer:
    """Move to a school, a room or a slot; a cart takes its content along."""
    school = parse_uai(options.school) if options.school else None
    return _moved(
        options,
        lambda office, tags: office.custody.move(
            tags,
            school=school,
            room=options.room,
            cart=options.cart,
            slot=options.slot,
            at=options.at,
        ),
    )


def swap(options: Namespace) -> Answer:
    """Exchange two places."""
    options.tags = [options.first, options.second]
    # Both as they are named: one asset named twice is refused, not answered by one line.
    return _moved(options, lambda office, tags: office.custody.swap(tags[0], tags[1]))


def repair(options: Namespace) -> Answer:
    """Send to repair, or take back from it."""
    kind = movements.REPAIRED if options.done else movements.SENT_TO_REPAIR
    return _changed(options, kind, reference=options.reference)


def lost(options: Namespace) -> Answer:
    """Declare lost."""
    return _changed(options, movements.LOST)


def stolen(options: Namespace) -> Answer:
    """Declare stolen; the complaint's number is kept where it can be erased."""
    return _changed(options, movements.STOLEN, note=options.complaint)


def found(options: Namespace) -> Answer:
    """Declare found again."""
    return _changed(options, movements.FOUND)


def retire(options: Namespace) -> Answer:
    """Take out of use, by a decision."""
    return _changed(options, movements.RETIRED, reference=options.decision)


def extend(options: Namespace) -> Answer:
    """Give loans another due date."""
    return _moved(
        options, lambda office, tags: office.custody.extend(tags, options.due, at=options.at)
    )


def exchange(options: Namespace) -> Answer:
    """Give a label another device, under warranty."""
    mac = parse_macs(options.wifi_mac)[0] if options.wifi_mac else None
    with closing(open_office(options.db)) as office:
        done = office.custody.exchange(
            find_tag(office, options.tag),
            parse_serial(options.serial.strip()),
            wifi_mac=mac,
            reference=options.rma,
            at=options.at,
        )
    document = {
        "operation": done.operation,
        "tag": done.asset.tag,
        "serial": done.asset.serial,
        "old": {"id": done.old.id, "serial": done.old.serial, "state": done.old.state},
    }
    line = _("✔ {tag} : {old} → {new}").format(
        tag=shown.tag(done.asset.label), old=done.old.serial or "—", new=done.asset.serial or "—"
    )
    return Answer(document, [line])


def transfer(options: Namespace) -> Answer:
    """Hand over to a school or to the owner's stock, with a slip to sign."""
    to = STOCK if options.to == STOCK else parse_uai(options.to)
    pages: list[int] = []
    with closing(open_office(options.db)) as office:

        def make_slip(transferred: Transferred) -> None:
            pages.append(write_slip_of(office, transferred, options.output))

        tags = [find_tag(office, tag) for tag in options.tags]
        done = office.custody.transfer(tags, to, make_slip, at=options.at)
    answer = _answer(done.moved)
    document = {**answer.document, "file": str(options.output), "pages": pages[0]}
    line = _("Bordereau : {file}").format(file=options.output)
    return Answer(document, [*answer.lines, line])


def attach(options: Namespace) -> Answer:
    """Let an older code find an asset."""
    with closing(open_office(options.db)) as office:
        done = office.custody.attach(options.code, find_tag(office, options.tag))
    code = done.asset.codes[-1]
    document = {"operation": done.operation, "tag": done.asset.tag, "code": code}
    line = _("✔ {tag} : code {code} rattaché").format(tag=shown.tag(done.asset.label), code=code)
    return Answer(document, [line])


def find_tag(office: Office, text: str) -> str:
    """What names the asset in an order: its tag, or its id where it has none.

    Serials, accounting numbers and older codes are looked up; ``NotFound('asset.unknown')``.
    """
    scan = read_scan(text)
    if isinstance(scan, ScannedTag) and scan.code.kind is CodeKind.ASSET:
        text = scan.code.value
    row = find_card(office, text).row
    return row.tag or row.id


def _changed(
    options: Namespace, kind: str, *, reference: str | None = None, note: str | None = None
) -> Answer:
    return _moved(
        options,
        lambda office, tags: office.custody.change(
            Change(kind, tags, options.at, reference, note),
        ),
    )


def _moved(options: Namespace, act: Callable[[Office, Sequence[str]], tuple[Moved, ...]]) -> Answer:
    with closing(open_office(options.db)) as office:
        moved = act(office, [find_tag(office, tag) for tag in options.tags])
        names = {each.asset.cart: _cart_name(office, each.asset.cart) for each in moved}
    return _answer(moved, names)


def _cart_name(office: Office, cart: str | None) -> str:
    card = office.views.asset(cart) if cart else None
    return card.row.name or card.row.tag or "" if card else ""


def _answer(moved: Sequence[Moved], carts: dict[str | None, str] | None = None) -> Answer:
    items: list[dict[str, Any]] = []
    lines = []
    for each in moved:
        asset = each.asset
        cart = (carts or {}).get(asset.cart) or None
        item = {"operation": each.operation, "tag": asset.tag, "state": asset.state}
        items.append({**item, "school": asset.school, "cart": cart, "slot": asset.slot})
        place = f"{cart} · {asset.slot:02}" if cart and asset.slot else asset.school or ""
        look = str(words.STATES[asset.state])
        lines.append("  ".join(filter(None, ("✔", shown.tag(asset.label), look, place))))
    only = items[0]["operation"] if len(items) == 1 else None
    return Answer({"operation": only, "operations": items}, lines)
