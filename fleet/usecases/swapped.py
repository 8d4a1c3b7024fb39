"""Another tablet's accessory that comes back instead: accepted, and the two change owners.

A pupil returns a tablet with a neighbour's cover. What came back is on the shelf, the pupil owes
nothing, and whoever had the neighbour's cover has this pupil's one from then on.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from fleet import movements
from fleet.asset import Asset, Condition, Loan
from fleet.kinds import AssetKind
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.ports import Work
from fleet.usecases.along import BATCH, expected_with


def find_swaps(
    work: Work, named: Iterable[Asset], just_back: Iterable[Asset] = ()
) -> dict[str, Asset]:
    """Which accessory is owed for each one that was brought instead, by the id of the latter.

    ``just_back`` are tablets that came back a moment ago: for them, only an accessory that nobody
    has on loan counts, since one that is lent may simply come back before its own tablet.
    """
    brought = {each.id: each for each in named}
    accessories = [
        each
        for each in brought.values()
        if each.kind is AssetKind.ACCESSORY and each.bound_to not in brought
    ]
    found: dict[str, Asset] = {}
    if not accessories:
        return found
    owed = list(_owed(work, brought.values()))
    late = [each for tablet in just_back for each in work.bound_to(tablet.id) if each.open_loans]
    for accessory in accessories:
        candidates = owed if accessory.open_loans else [*owed, *late]
        match = next(
            (
                each
                for each in candidates
                if each.id not in brought and _is_alike(each, accessory) and each != accessory
            ),
            None,
        )
        if match is not None:
            found[accessory.id] = match
            owed = [each for each in owed if each.id != match.id]
            late = [each for each in late if each.id != match.id]
    return found


def record_swap(
    work: Work,
    brought: Asset,
    owed: Asset,
    operation_id: Callable[[str], str],
    happened: datetime | None,
    condition: Condition,
) -> str:
    """Write that ``brought`` came back for ``owed``; the id of the operation that leads.

    ``operation_id`` gives the id of an operation about a subject, or about a part of it. Who had
    ``brought`` on loan has ``owed`` from now on. A fault of what nobody had on loan is not noted.
    """
    lead = operation_id(owed.id)
    body: dict[str, Json] = {BATCH: lead}
    standing = brought.standing_loan
    ids = {
        "brought": operation_id(brought.id if standing is None else f"{brought.id}|bound"),
        "owed": operation_id(f"{owed.id}|bound"),
    }
    drafts = [
        _draft(movements.DESCRIBED, brought, {"bound_to": owed.bound_to}, ids["brought"]),
        _draft(movements.DESCRIBED, owed, {"bound_to": brought.bound_to}, ids["owed"]),
    ]
    if standing is not None:
        returned = {"condition": condition.value, "loans": _ids(brought)}
        drafts.append(_draft(movements.RETURNED, brought, returned, operation_id(brought.id)))
    returned = {"condition": Condition.GOOD.value, "loans": _ids(owed)}
    drafts.append(_draft(movements.RETURNED, owed, returned, lead))
    if standing is not None:
        drafts += _lend_on(work, owed, standing, operation_id(f"{owed.id}|lent"))
    work.record(replace(each, body={**each.body, **body}, at=happened) for each in drafts)
    return lead


def _owed(work: Work, tablets: Iterable[Asset]) -> Iterable[Asset]:
    for tablet in tablets:
        loan = tablet.standing_loan
        if loan is not None and tablet.kind is not AssetKind.ACCESSORY:
            yield from expected_with(work, tablet, work.borrower(loan.ref))


def _lend_on(work: Work, owed: Asset, standing: Loan, operation: str) -> list[Draft]:
    borrower = work.borrower(standing.ref)
    if borrower is None:
        return []
    reference = work.new_id()
    work.link(reference, borrower.id)
    due: dict[str, Json] = {"due": standing.due.isoformat()} if standing.due else {}
    return [_draft(movements.LENT, owed, {**due, "ref": reference}, operation)]


def _draft(kind: str, asset: Asset, body: Body, operation: str) -> Draft:
    seen = tuple(loan.id for loan in asset.open_loans) if kind == movements.RETURNED else ()
    return Draft(kind, asset.id, asset.school or OWNER_SCOPE, body, None, seen, operation)


def _ids(asset: Asset) -> list[Json]:
    return [loan.id for loan in asset.open_loans]


def _is_alike(one: Asset, other: Asset) -> bool:
    named = one.model or one.name
    return named is not None and named == (other.model or other.name)
