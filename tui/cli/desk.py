"""The loan desk without a screen: ``lend``, ``return``, ``undo``."""

from argparse import Namespace
from contextlib import closing

from fleet.asset import Condition
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.query import Query
from fleet.scan import ScannedTag, read_scan
from fleet.tags import CodeKind
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.views import PersonRow
from tui import format as shown
from tui import words
from tui.bootstrap import open_office
from tui.cli.answer import DIFFERENCES, DONE, Answer
from tui.cli.carts import lent_along, returned_along
from tui.i18n import _
from tui.office import Office
from tui.sentences import sentence


def lend(options: Namespace) -> Answer:
    """Lend, all or nothing."""
    with closing(open_office(options.db)) as office:
        order = LoanOrder(
            person=find_person(office, options.person).id,
            tags=[read_tag(tag) for tag in options.tags],
            due=options.due,
            at=options.at,
            accessories=options.accessories,
            batch=options.op,
            without=[read_tag(tag) for tag in options.without],
            partial=options.partial,
        )
        receipts = office.lend(order)
    loans = [
        {"id": each.id, "tag": each.tag, "person": each.person.id, "due": each.due}
        for receipt in receipts
        for each in (receipt, *receipt.along)
    ]
    lines = [
        line
        for each in receipts
        for line in (
            _("✔ {tag} → {person}").format(tag=shown.tag(each.tag), person=each.person.full_name)
            + (_(" · retour le {day}").format(day=shown.day(each.due)) if each.due else ""),
            *lent_along(each),
        )
    ]
    return Answer({"loans": loans}, lines)


def return_(options: Namespace) -> Answer:
    """Take back what can be; 6 when something could not."""
    with closing(open_office(options.db)) as office:
        order = ReturnOrder(
            tags=[read_tag(tag) for tag in options.tags],
            condition=Condition(options.condition),
            missing=options.missing,
            by=find_person(office, options.by).id if options.by else None,
            at=options.at,
            batch=options.op,
            without=[read_tag(tag) for tag in options.without],
        )
        returned = office.give_back(order)
    returns = [
        {
            "id": each.id,
            "tag": each.tag,
            "person": each.person.id if each.person else None,
            "condition": each.condition,
            "missing": each.missing,
        }
        for receipt in returned.receipts
        for each in (receipt, *receipt.along)
    ]
    refused = [
        {
            "tag": tag,
            "code": error.code,
            "message": sentence(error).what,
            "remedy": sentence(error).remedy,
        }
        for tag, error in returned.refused
    ]
    lines = [
        line
        for each in returned.receipts
        for line in (
            _("✔ {tag} ← {person} · {condition}").format(
                tag=shown.tag(each.tag),
                person=each.person.full_name if each.person else "—",
                condition=words.CONDITIONS[each.condition].word,
            ),
            *returned_along(each),
        )
    ]
    lines += [f"✖ {each['message']} {each['remedy']}" for each in refused]
    code = DIFFERENCES if refused else DONE
    accessories = {
        "expected": [
            {"tag": accessory.label, "of": each.tag}
            for each in returned.receipts
            for accessory in each.expected
        ],
        "swapped": [
            {"tag": each.tag, "instead_of": each.instead_of.label}
            for each in returned.receipts
            if each.instead_of is not None
        ],
    }
    return Answer({"returns": returns, "refused": refused, **accessories}, lines, code)


def undo(options: Namespace) -> Answer:
    """Take back one operation, or all of a gesture, by other ones."""
    with closing(open_office(options.db)) as office:
        if options.batch or options.operation is None:
            undone = office.undo_gesture(options.operation)
        else:
            undone = (office.undo(options.operation),)
    items = [
        {
            "operation": each.operation,
            "undone": each.undone,
            "kind": each.kind,
            "tag": each.asset.tag,
        }
        for each in undone
    ]
    lines = [
        _("↶ {tag} : « {what} » annulé").format(
            tag=shown.tag(each.asset.label), what=words.operation(each.kind)
        )
        for each in undone
    ]
    return Answer({**items[-1], "operations": items}, lines)


def read_tag(text: str) -> str:
    """The tag that ``text`` is, as typed or as a scanner garbled it; other codes as they are."""
    scan = read_scan(text)
    if isinstance(scan, ScannedTag) and scan.code.kind is CodeKind.ASSET:
        return scan.code.value
    return text


def find_person(office: Office, text: str) -> PersonRow:
    """The one person with this id, card code or name.

    Raises ``NotFound('person.unknown')``; ``Refusal('person.ambiguous')`` lists the namesakes.
    """
    if not text.strip():
        raise InvalidInput("person.empty")
    scan = read_scan(text)
    code = scan.code.value if isinstance(scan, ScannedTag) else text
    person = office.views.person(code)
    if person is not None:
        return person
    found = office.views.people(Query(words=tuple(text.split())), limit=6).items
    if not found:
        raise NotFound("person.unknown", person=text)
    if len(found) > 1:
        names = ", ".join(f"{each.full_name} ({each.class_name})" for each in found)
        raise Refusal("person.ambiguous", person=text, names=names)
    return found[0]
