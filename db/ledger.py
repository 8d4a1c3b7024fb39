"""Appending to the ledger: sequence, stamp, chain, and the state that follows from it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select

from db.projection import Projection
from db.rows import operation_row, operation_value
from db.statements import OPERATION, chunks
from fleet.errors import Refusal
from fleet.operation import GENESIS, Draft, Operation, canonical, digest
from fleet.stamps import Stamp, iso, tick, unix_ms


class Ledger:
    """The writing end of one replica's ledger within one transaction."""

    def __init__(
        self,
        connection: Connection,
        projection: Projection,
        *,
        replica: str,
        author: str,
        now: datetime,
        new_id: Callable[[], str],
    ) -> None:
        self._connection = connection
        self._projection = projection
        self._replica = replica
        self._author = author
        self._now = now
        self._new_id = new_id
        self._seq, self._prev, self._last = self._head()

    def record(self, drafts: Iterable[Draft]) -> list[Operation]:
        """Append ``drafts`` and fold them; a draft that stands already yields its old entry."""
        wanted = list(drafts)
        standing = self.operations([draft.id for draft in wanted if draft.id is not None])
        new = [draft for draft in wanted if draft.id is None or draft.id not in standing]
        self._projection.load((draft.kind, draft.subject) for draft in new)
        stamps: dict[str, Stamp] = {}
        appended: list[Operation] = []
        done: list[Operation] = []
        for draft in wanted:
            earlier = standing.get(draft.id) if draft.id is not None else None
            if earlier is not None:
                done.append(_same(earlier, draft))
                continue
            operation = self._append(draft, stamps)
            if draft.id is not None:
                standing[draft.id] = operation
            appended.append(operation)
            done.append(operation)
        if appended:
            self._connection.execute(insert(OPERATION), [operation_row(each) for each in appended])
            self._projection.apply(appended)
        return done

    def operations(self, ids: Iterable[str]) -> dict[str, Operation]:
        """Operations by id; of several with one id, the first in the fold's order."""
        found: dict[str, Operation] = {}
        for part in chunks(ids):
            statement = select(OPERATION).where(OPERATION.c.id.in_(part))
            for row in self._connection.execute(statement).mappings():
                operation = operation_value(row)
                other = found.get(operation.id)
                if other is None or operation.order < other.order:
                    found[operation.id] = operation
        return found

    def about(self, subject: str) -> list[Operation]:
        """All operations about one subject, in the fold's order."""
        statement = (
            select(OPERATION)
            .where(OPERATION.c.subject == subject)
            .order_by(OPERATION.c.hlc, OPERATION.c.id)
        )
        return [operation_value(row) for row in self._connection.execute(statement).mappings()]

    def written_with(self, operation: Operation) -> list[Operation]:
        """The operations whose body names the same batch; they were written in one go."""
        batch = operation.content().get("batch")
        if not isinstance(batch, str):
            return [operation]
        before = self._neighbours(operation, batch, OPERATION.c.seq < operation.seq, -1)
        after = self._neighbours(operation, batch, OPERATION.c.seq > operation.seq, 1)
        return [*reversed(before), operation, *after]

    def _neighbours(
        self, operation: Operation, batch: str, side: ColumnElement[bool], way: int
    ) -> list[Operation]:
        order = OPERATION.c.seq.asc() if way > 0 else OPERATION.c.seq.desc()
        statement = (
            select(OPERATION).where(OPERATION.c.replica == operation.replica, side).order_by(order)
        )
        found: list[Operation] = []
        with self._connection.execute(statement) as rows:
            for row in rows.mappings():
                other = operation_value(row)
                if other.content().get("batch") != batch:
                    break
                found.append(other)
        return found

    def last_by_author(self) -> Operation | None:
        """The newest operation that this author wrote on this replica."""
        statement = (
            select(OPERATION)
            .where(OPERATION.c.replica == self._replica, OPERATION.c.author == self._author)
            .order_by(OPERATION.c.seq.desc())
            .limit(1)
        )
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else operation_value(row)

    def _head(self) -> tuple[int, str, Stamp]:
        statement = (
            select(OPERATION.c.seq, OPERATION.c.hash, OPERATION.c.hlc)
            .where(OPERATION.c.replica == self._replica)
            .order_by(OPERATION.c.seq.desc())
            .limit(1)
        )
        row = self._connection.execute(statement).first()
        return (0, GENESIS, Stamp()) if row is None else (row[0], row[1], Stamp.parse(row[2]))

    def _append(self, draft: Draft, stamps: dict[str, Stamp]) -> Operation:
        last = stamps.get(draft.subject)
        if last is None:
            text = self._projection.last_hlc(draft.kind, draft.subject)
            last = Stamp.parse(text) if text else Stamp()
        stamp = tick(unix_ms(self._now), self._last, last)
        unsigned = Operation(
            replica=self._replica,
            seq=self._seq + 1,
            id=draft.id or self._new_id(),
            hlc=str(stamp),
            scope=draft.scope,
            subject=draft.subject,
            kind=draft.kind,
            v=draft.v,
            body=canonical(draft.body),
            at=iso(draft.at or self._now),
            author=self._author,
            seen=canonical(list(draft.seen)),
            prev=self._prev,
            hash="",
        )
        operation = replace(unsigned, hash=digest(unsigned))
        self._seq, self._prev, self._last = operation.seq, operation.hash, stamp
        stamps[draft.subject] = stamp
        return operation


def _same(earlier: Operation, draft: Draft) -> Operation:
    if (earlier.kind, earlier.subject, earlier.body) != (
        draft.kind,
        draft.subject,
        canonical(draft.body),
    ):
        raise Refusal("operation.id_reused", operation=earlier.id)
    return earlier
