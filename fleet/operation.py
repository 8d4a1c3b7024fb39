"""Operations: the immutable facts of the ledger, their canonical text and their hash chain.

Everything that happens to an asset, a school or a phase is one of these. A body holds ids, codes
and quantities, never a name or free text about a person: those live in the erasable register.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Body = Mapping[str, Json]

OWNER_SCOPE = "owner"
"""Scope of what belongs to no school: the owner's stock, phases of a programme."""

GENESIS = ""
"""``prev`` of a replica's first operation."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a use case wants to write; the ledger adds who, when and the chain."""

    kind: str
    """``asset.lent``: the family of its subject, then what happened."""
    subject: str
    scope: str
    """The school's UAI, or the owner: who may write it."""
    body: Body
    at: datetime | None = None
    """When it happened in the world; the moment of writing if none is given."""
    seen: tuple[str, ...] = ()
    """Ids of the loans that the author saw open on this subject."""
    id: str | None = None
    """Given where a repetition must change nothing; drawn otherwise."""
    v: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the ledger (the columns of the table ``operation``)."""

    replica: str
    seq: int
    """1, 2, 3 … without a gap per replica."""
    id: str
    hlc: str
    scope: str
    subject: str
    kind: str
    v: int
    """Version of the body's shape."""
    body: str
    """Canonical JSON."""
    at: str
    """When it happened in the world, as ``stamps.iso`` writes it."""
    author: str
    """Id of the agent in the erasable register."""
    seen: str
    """Canonical JSON list of loan ids."""
    prev: str
    hash: str

    def content(self) -> dict[str, Json]:
        """The body as a dictionary; empty when a stranger wrote something else there."""
        value = _read(self.body)
        return value if isinstance(value, dict) else {}

    def seen_loans(self) -> tuple[str, ...]:
        """Ids of the loans that the author saw open."""
        value = _read(self.seen)
        return tuple(str(each) for each in value) if isinstance(value, list) else ()

    @property
    def order(self) -> tuple[str, str]:
        """The fold's total order."""
        return (self.hlc, self.id)


def canonical(value: Json) -> str:
    """JSON in the one spelling that is hashed: sorted keys, no spaces, UTF-8 kept as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(operation: Operation) -> str:
    """SHA-256 over every other column, ``prev`` included: what the chain is made of."""
    columns: list[Json] = [
        operation.replica,
        operation.seq,
        operation.id,
        operation.hlc,
        operation.scope,
        operation.subject,
        operation.kind,
        operation.v,
        operation.body,
        operation.at,
        operation.author,
        operation.seen,
        operation.prev,
    ]
    return hashlib.sha256(canonical(columns).encode()).hexdigest()


def broken_links(chain: Sequence[Operation], prev: str = GENESIS, seq: int = 0) -> list[Operation]:
    """The operations of one replica, given in order of ``seq``, at which its chain does not hold.

    ``prev`` and ``seq`` are those of the operation before the first one given.
    """
    broken = []
    for operation in chain:
        seq += 1
        if (operation.seq, operation.prev) != (seq, prev) or digest(operation) != operation.hash:
            broken.append(operation)
        seq, prev = operation.seq, operation.hash
    return broken


def _read(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
