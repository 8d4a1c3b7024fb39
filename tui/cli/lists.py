"""Reading: ``list``, ``find``, ``show``, ``history``. An absent database reads as an empty one."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from fleet.errors import NotFound
from fleet.kinds import AssetKind
from fleet.query import Query, join, parse
from fleet.scan import ScannedTag, canonical, read_scan
from fleet.views import AssetCard, AssetRow, LoanRow, Page, PersonRow, Row, SchoolRow
from tui import carts_words, words
from tui import format as shown
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.cli.carts import cart_document, cart_line, slot_document, slot_line
from tui.i18n import _
from tui.office import Office

_KIND_OF_LIST = {"servers": "kwartz_server"}


def list_(options: Namespace) -> Answer:
    """One page of a list."""
    text = join(options.query)
    page = {"limit": options.limit, "after": options.after}
    with closing(open_office(options.db, create=False, at=options.at)) as office:
        views = office.views
        match options.kind:
            case "schools":
                schools = views.schools(parse(text, "schools"), **page)
                return _page(schools, _school_line, _school_document)
            case "people":
                return _page(views.people(parse(text, "people"), **page), _person_line)
            case "loans":
                return _page(views.loans(parse(text, "loans"), **page), _loan_line)
            case "carts":
                return _page(views.carts(parse(text, "assets"), **page), cart_line, cart_document)
            case kind:
                if kind in _KIND_OF_LIST:
                    text = f"kind:{_KIND_OF_LIST[kind]} {text}"
                return _page(views.assets(parse(text, "assets"), **page), _asset_line)


def find(options: Namespace) -> Answer:
    """Search assets and persons, as the screen does."""
    text = " ".join(options.text)
    scan = read_scan(text)
    if isinstance(scan, ScannedTag):
        text = scan.code.value
    query = Query(words=tuple(text.split()))
    with closing(open_office(options.db, create=False, at=options.at)) as office:
        assets = office.views.assets(query, limit=20).items
        people = office.views.people(query, limit=20).items
        card = office.views.person(text)
    if card is not None and card not in people:
        people = (card, *people)
    items = [{"type": "asset", **asdict(row)} for row in assets]
    items += [{"type": "person", **asdict(row)} for row in people]
    lines = [*map(_asset_line, assets), *map(_person_line, people)]
    return Answer({"items": items}, lines or [_("Rien ne correspond.")])


def show(options: Namespace) -> Answer:
    """One asset."""
    with closing(open_office(options.db, create=False, at=options.at)) as office:
        card = find_card(office, options.tag)
        slots = office.views.slots(card.row.id) if card.row.kind is AssetKind.CART else None
    row = card.row
    document = {
        **asdict(row),
        **{name: value for name, value in asdict(card).items() if name != "row"},
    }
    lines = [
        _asset_line(row),
        _("  modèle : {value}").format(value=" ".join(filter(None, (row.maker, row.model)))),
        _("  n° de série : {value}").format(value=row.serial or "—"),
        _("  école : {value}").format(value=row.school_name or row.school or "—"),
        _("  place : {value}").format(value=_place(row) or "—"),
        _("  contrôle : {value}").format(value=words.compliance(row.compliant)),
    ]
    if slots is not None:
        document["slots"] = [slot_document(each) for each in slots]
        lines += [slot_line(each) for each in slots]
    return Answer(document, lines)


def history(options: Namespace) -> Answer:
    """What happened to one asset, newest first."""
    with closing(open_office(options.db, create=False, at=options.at)) as office:
        rows = office.views.history(find_card(office, options.tag).row.id)
    items = [
        {
            "id": row.id,
            "kind": row.kind,
            "at": row.at,
            "author": row.author,
            "body": row.body,
            "note": row.note,
        }
        for row in rows
    ]
    lines = [
        "  ".join(
            filter(
                None,
                (
                    shown.moment(row.at),
                    str(words.history(row.kind)),
                    row.person_name or "",
                    row.author,
                    row.note or "",
                ),
            )
        )
        for row in rows
    ]
    return Answer({"items": items}, lines)


def find_card(office: Office, code: str) -> AssetCard:
    """The card of the asset whose tag, id, serial or accounting number is ``code``.

    Raises ``NotFound('asset.unknown')``.
    """
    scan = read_scan(code)
    wanted = scan.code.value if isinstance(scan, ScannedTag) else code
    card = office.views.asset(wanted)
    if card is None:
        alike = office.views.assets_like([code, canonical(code)])
        card = office.views.asset(alike[0].id) if len(alike) == 1 else None
    if card is None:
        raise NotFound("asset.unknown", tag=code)
    return card


def _page(
    page: Page[Row], line: Callable[[Row], str], document: Callable[[Any], dict[str, Any]] = asdict
) -> Answer:
    lines = [line(item) for item in page.items] or [_("Rien ne correspond.")]
    if page.next:
        lines.append(_("… suite : --after {key}").format(key=page.next))
    return Answer({"items": [document(item) for item in page.items], "next": page.next}, lines)


def _asset_line(row: AssetRow) -> str:
    parts: Sequence[str] = (
        shown.tag(row.tag),
        str(words.STATES[row.state]),
        words.kind(row.kind),
        row.name or row.model or "",
        _place(row),
        row.school_name or "",
        f"→ {row.borrower_name}" if row.borrower_name else "",
    )
    return "  ".join(part for part in parts if part)


def _place(row: AssetRow) -> str:
    if not row.cart_name and not row.cart:
        return ""
    name = row.cart_name or row.cart or ""
    return f"{name} · {row.slot:02}" if row.slot else name


def _person_line(row: PersonRow) -> str:
    mark = f" ({row.mark})" if row.mark else ""
    debts = f"  ▲ {carts_words.debts(row.debts)}" if row.debts else ""
    return f"{row.full_name}{mark}  {row.class_name}  {shown.tag(row.code)}  {row.id}{debts}"


def _loan_line(row: LoanRow) -> str:
    due = shown.day(row.due) if row.due else "—"
    return f"{shown.tag(row.tag)}  → {row.person_name or '—'}  {shown.moment(row.lent_at)}  {due}"


def _school_line(row: SchoolRow) -> str:
    return f"{row.uai}  {row.name}  {row.postcode} {row.commune}  {words.assets(row.assets)}"


def _school_document(row: SchoolRow) -> dict[str, Any]:
    return {"id": row.uai, **asdict(row)}
