"""The office: every use case bound to one database and one author, for the screens and commands.

Both front ends call the same methods; neither owns logic. Each method is one transaction.
"""

from contextlib import AbstractContextManager

from fleet.ports import Store, Work
from fleet.usecases import lending, undoing
from fleet.usecases.lending import LoanOrder, LoanReceipt, Returned, ReturnOrder
from fleet.usecases.undoing import Undone
from fleet.views import Views


class Office:
    """One fleet's database, worked on by one person."""

    def __init__(self, store: Store, views: Views, author: str) -> None:
        self._store = store
        self.views = views
        self.author = author

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

    def undo(self, operation: str | None = None) -> Undone:
        """Take back one operation, by default the newest of this author."""
        with self.work() as work:
            undone = undoing.undo(work, operation)
            work.commit()
        return undone

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()
