"""What did not come back with a tablet: settling the debt, and handing a spare over.

Unlabelled accessories are all alike, so they are ticks of a loan. A labelled one is an asset whose
own loan stays open until it is returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fleet import movements
from fleet.asset import Asset, Loan
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.operation import OWNER_SCOPE, Draft, Json
from fleet.persons import Person
from fleet.ports import Work
from fleet.usecases.orders import ACCESSORIES, known_accessories


class Settlement(StrEnum):
    """How a debt ended; the ledger keeps this word as the reason."""

    RETURNED = "returned"
    REPLACED = "replaced"
    """Somebody bought another one."""
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Settled:
    """A loan after a settlement or a gift."""

    operation: str
    asset: Asset
    loan: Loan
    person: Person | None
    """Who borrowed, where the register still knows."""


def settle_debt(work: Work, loan_id: str, names: Sequence[str], how: Settlement) -> Settled:
    """End the debt of these accessories of a loan.

    Raises ``NotFound('loan.unknown')``, ``Refusal('debt.none')`` for what is not owed, and
    ``InvalidInput('accessory.none')`` for no accessory at all.
    """
    loan = work.loan(loan_id)
    if loan is None:
        raise NotFound("loan.unknown", loan=loan_id)
    wanted = _named(names)
    for name in wanted:
        if name not in loan.debts:
            raise Refusal("debt.none", name=name, loan=loan_id)
    return _write(work, movements.ACCESSORY_SETTLED, loan, wanted, {"how": how.value})


def give_spare(work: Work, tag: str, names: Sequence[str]) -> Settled:
    """Hand accessories over on the open loan of an asset.

    Raises ``NotFound('asset.unknown')`` and ``Refusal('give.not_lent')``.
    """
    asset = work.asset_by_tag(tag)
    if asset is None:
        raise NotFound("asset.unknown", tag=tag)
    loan = asset.standing_loan
    if loan is None:
        raise Refusal("give.not_lent", tag=asset.label)
    return _write(work, movements.ACCESSORY_GIVEN, loan, _named(names), {})


def _named(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        raise InvalidInput("accessory.none", known=", ".join(ACCESSORIES))
    return known_accessories(names)


def _write(
    work: Work, kind: str, loan: Loan, names: tuple[str, ...], more: dict[str, Json]
) -> Settled:
    asset = work.asset(loan.asset)
    scope = (asset.school if asset else None) or OWNER_SCOPE
    body: dict[str, Json] = {**more, "loan": loan.id, "accessories": list(names)}
    (operation,) = work.record([Draft(kind, loan.asset, scope, body)])
    after = work.asset(loan.asset) or Asset(loan.asset)
    changed = next((each for each in after.loans if each.id == loan.id), loan)
    return Settled(operation.id, after, changed, work.borrower(loan.ref))
