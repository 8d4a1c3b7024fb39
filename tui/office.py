"""The office: every use case bound to one database and one author, for the screens and commands.

Both front ends call the same methods; neither owns logic. Each method is one transaction.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from fleet.ports import Store, Work
from fleet.usecases import accessories, bulk, lending, undoing
from fleet.usecases.accessories import Settled, Settlement
from fleet.usecases.lending import LoanOrder, LoanReceipt, Returned, ReturnOrder
from fleet.usecases.undoing import Undone
from fleet.views import Views
from tui.custody_office import CustodyOffice


class Office:
    """One fleet's database, worked on by one person."""

    def __init__(self, store: Store, views: Views, author: str) -> None:
        self._store = store
        self.views = views
        self.author = author
        self.custody = CustodyOffice(self.work)

    def work(self) -> AbstractContextManager[Work]:
        """A unit of work in this author's name."""
        return self._store.work(self.author)

    @property
    def store(self) -> Store:
        """The database itself: settings, checks."""
        return self._store

    def lend(self, order: LoanOrder) -> tuple[LoanReceipt, ...]:
        """Lend, all or nothing."""
        with self.work() as work:
            receipts = lending.lend(work, order)
            work.commit()
        return receipts

    def give_back(self, order: ReturnOrder) -> Returned:
        """Take back what can be taken back."""
        with self.work() as work:
            returned = lending.give_back(work, order)
            work.commit()
        return returned

    def settle_debt(self, loan: str, names: Sequence[str], how: Settlement) -> Settled:
        """End the debt of accessories that did not come back."""
        with self.work() as work:
            settled = accessories.settle_debt(work, loan, names, how)
            work.commit()
        return settled

    def give_spare(self, tag: str, names: Sequence[str]) -> Settled:
        """Hand accessories over on an open loan."""
        with self.work() as work:
            given = accessories.give_spare(work, tag, names)
            work.commit()
        return given

    def undo(self, operation: str | None = None) -> Undone:
        """Take back one operation, by default the newest of this author."""
        with self.work() as work:
            undone = undoing.undo(work, operation)
            work.commit()
        return undone

    def preview(self, order: bulk.Order) -> bulk.Outcome:
        """What an order for many assets would do; nothing of it stays."""
        with self.work() as work:
            return bulk.apply(work, order)

    def apply(self, order: bulk.Order) -> bulk.Outcome:
        """Do to many assets what can be done."""
        with self.work() as work:
            outcome = bulk.apply(work, order)
            work.commit()
        return outcome

    def undo_batch(self, operations: Sequence[str]) -> tuple[Undone, ...]:
        """Take back what an order wrote, all of it or none."""
        with self.work() as work:
            undone = bulk.undo_batch(work, operations)
            work.commit()
        return undone

    def undo_gesture(self, operation: str | None = None) -> tuple[Undone, ...]:
        """Take back all that was written with an operation, by default this author's newest."""
        with self.work() as work:
            undone = undoing.undo_gesture(work, operation)
            work.commit()
        return undone

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()
