"""Carts and accessories without a screen: ``debts``, ``give``, and the lines of carts and slots."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from fleet.query import join, parse
from fleet.usecases.accessories import Settlement
from fleet.usecases.lending import LoanReceipt, ReturnReceipt
from fleet.views import AccessoryCount, CartRow, DebtRow, SlotRow
from tui import carts_words, words
from tui import format as shown
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.glyphs import Glyph
from tui.i18n import _


def debts(options: Namespace) -> Answer:
    """List, count or settle what borrowers owe."""
    match options.action:
        case "list":
            return _list(options)
        case "count":
            return _count(options)
        case _:
            return _settle(options)


def give(options: Namespace) -> Answer:
    """Hand a spare accessory over on an open loan."""
    from tui.cli.desk import read_tag

    with closing(open_office(options.db)) as office:
        given = office.give_spare(read_tag(options.tag), options.accessories)
    document = {
        "operation": given.operation,
        "tag": given.asset.tag,
        "loan": given.loan.id,
        "accessories": given.loan.accessories,
    }
    text = _("✔ {tag} : {accessories} remis à {person}").format(
        tag=shown.tag(given.asset.tag),
        accessories=_named(options.accessories),
        person=given.person.full_name if given.person else "—",
    )
    return Answer(document, [text])


def _list(options: Namespace) -> Answer:
    query = parse(join(options.query), "loans")
    with closing(open_office(options.db, create=False)) as office:
        page = office.views.debts(query, limit=options.limit, after=options.after)
    lines = [_debt_line(each) for each in page.items] or [_("Rien n’est dû.")]
    if page.next:
        lines.append(_("… suite : --after {key}").format(key=page.next))
    return Answer({"items": [asdict(each) for each in page.items], "next": page.next}, lines)


def _count(options: Namespace) -> Answer:
    with closing(open_office(options.db, create=False)) as office:
        counts = office.views.accessory_counts(options.school)
    lines = [_count_line(each) for each in counts] or [_("Aucun accessoire n’est dehors.")]
    return Answer({"items": [asdict(each) for each in counts]}, lines)


def _settle(options: Namespace) -> Answer:
    how = Settlement(options.how)
    with closing(open_office(options.db)) as office:
        settled = office.settle_debt(options.loan, options.accessories, how)
    document = {
        "operation": settled.operation,
        "loan": settled.loan.id,
        "tag": settled.asset.tag,
        "owed": settled.loan.debts,
    }
    text = _("✔ {tag} : {accessories} {how}").format(
        tag=shown.tag(settled.asset.tag),
        accessories=_named(options.accessories),
        how=carts_words.SETTLEMENTS[how],
    )
    return Answer(document, [text])


def cart_line(cart: CartRow) -> str:
    """One cart of a list."""
    row = cart.row
    parts = (
        shown.tag(row.tag),
        str(words.STATES[row.state]),
        row.name or row.model or "",
        carts_words.content(cart),
        row.school_name or row.school or "",
        f"→ {row.borrower_name}" if row.borrower_name else "",
    )
    return "  ".join(part for part in parts if part)


def cart_document(cart: CartRow) -> dict[str, Any]:
    """A cart as an asset with its counts beside."""
    counts = {name: value for name, value in asdict(cart).items() if name != "row"}
    return {**asdict(cart.row), **counts}


def slot_line(slot: SlotRow) -> str:
    """One slot of a cart: ``03  → en prêt  RXLG VFFL  → BAËS Defne``."""
    parts = [f"  {slot.slot:02}", str(carts_words.SLOTS[slot.state])]
    if slot.asset is not None:
        parts.append(shown.tag(slot.asset.tag))
        if slot.asset.borrower_name:
            parts.append(f"{Glyph.LENT} {slot.asset.borrower_name}")
    return "  ".join(parts)


def slot_document(slot: SlotRow) -> dict[str, Any]:
    """A slot with the tag of what belongs in it, and who has that."""
    asset = slot.asset
    return {
        "slot": slot.slot,
        "state": slot.state,
        "tag": asset.tag if asset else None,
        "borrower": asset.borrower if asset else None,
    }


def lent_along(receipt: LoanReceipt) -> list[str]:
    """What went with a loan and what stayed, as lines under it."""
    lines = []
    if receipt.along:
        tags = ", ".join(shown.tag(each.tag) for each in receipt.along)
        lines.append(_("  avec {count} : {tags}").format(count=len(receipt.along), tags=tags))
    if receipt.staying:
        left = ", ".join(
            f"{shown.tag(each.label)} ({words.STATES[each.state].word})" for each in receipt.staying
        )
        lines.append(_("  restent : {tags}").format(tags=left))
    return lines


def returned_along(receipt: ReturnReceipt) -> list[str]:
    """What came back with a return, instead of something, or not yet, as lines under it."""
    lines = []
    if receipt.along:
        tags = ", ".join(shown.tag(each.tag) for each in receipt.along)
        lines.append(_("  avec {count} : {tags}").format(count=len(receipt.along), tags=tags))
    if receipt.instead_of is not None:
        text = _("  accepté à la place de {tag} : les deux changent d’appareil")
        lines.append(text.format(tag=shown.tag(receipt.instead_of.label)))
    if receipt.expected:
        tags = ", ".join(shown.tag(each.label) for each in receipt.expected)
        lines.append(_("  ▲ encore attendu : {tags}").format(tags=tags))
    return lines


def _debt_line(debt: DebtRow) -> str:
    parts = (
        shown.tag(debt.tag),
        carts_words.owed(debt),
        f"{debt.person_name or '—'} {debt.class_name or ''}".rstrip(),
        shown.since(debt.returned_at or debt.lent_at),
        debt.loan,
    )
    return "  ".join(parts)


def _count_line(count: AccessoryCount) -> str:
    return _("{school}  {accessory} : {out} dehors, {missing} manquants").format(
        school=count.school_name or count.school or "—",
        accessory=words.accessory(count.accessory),
        out=count.out,
        missing=count.missing,
    )


def _named(names: Sequence[str]) -> str:
    return ", ".join(words.accessory(each) for each in names)
