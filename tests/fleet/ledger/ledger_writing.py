"""Replicas that write operations in memory, chained and stamped as the database does it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from fleet.ids import uuid7
from fleet.operation import GENESIS, Body, Json, Operation, canonical, digest
from fleet.stamps import Stamp, iso, tick, unix_ms

MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
ASSET = "0192f3a1-0000-7000-8000-00000000a55e"

JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(), JSON, max_size=4)


class Replica:
    """One writer; its clock advances by a second per operation unless it is told otherwise."""

    def __init__(self, name: str = "laptop-1", now: datetime = MONDAY) -> None:
        self.name = name
        self.now = now
        self.chain: list[Operation] = []
        self._last = Stamp()

    def write(
        self,
        kind: str,
        body: Body | None = None,
        *,
        subject: str = ASSET,
        seen: Sequence[str] = (),
        operation_id: str | None = None,
    ) -> Operation:
        """Append one operation."""
        self.now += timedelta(seconds=1)
        self._last = tick(unix_ms(self.now), self._last)
        seq = len(self.chain) + 1
        unsigned = Operation(
            replica=self.name,
            seq=seq,
            id=operation_id or uuid7(self._last.ms, hash_of(self.name, seq)),
            hlc=str(self._last),
            scope="0350001A",
            subject=subject,
            kind=kind,
            v=1,
            body=canonical(body or {}),
            at=iso(self.now),
            author="agent-1",
            seen=canonical(list(seen)),
            prev=self.chain[-1].hash if self.chain else GENESIS,
            hash="",
        )
        self.chain.append(replace(unsigned, hash=digest(unsigned)))
        return self.chain[-1]

    def reads(self, operation: Operation) -> None:
        """Take note of another replica's operation, as a sync does."""
        self._last = max(self._last, Stamp.parse(operation.hlc))


def hash_of(name: str, seq: int) -> int:
    """Bits for an id: the same for the same replica and place."""
    return int.from_bytes(f"{name}/{seq}".encode().ljust(9)[-9:], "big")
