"""Draws ``docs/states.md`` from the table of passages; run it to write the page anew.

.venv/bin/python tests/fleet/ledger/states_page.py
"""

from collections.abc import Iterator
from pathlib import Path

from ledger_writing import Replica

from fleet import movements
from fleet.asset import Asset, Loan, State
from fleet.kinds import AssetKind
from fleet.operation import Json
from fleet.passages import PASSAGES, Passage, obstacle

PAGE = Path(__file__).parents[3] / "docs" / "states.md"

WORDS = {
    movements.LENT: "lend",
    movements.EXTENDED: "extend the loan",
    movements.RETURNED: "return",
    movements.MOVED: "move, transfer",
    movements.PLACED: "put into a slot, swap",
    movements.SENT_TO_REPAIR: "send to repair",
    movements.REPAIRED: "back from repair",
    movements.LOST: "lost",
    movements.STOLEN: "stolen",
    movements.FOUND: "found",
    movements.RETIRED: "retire",
    movements.EXCHANGED: "exchange under warranty",
    movements.SEEN: "seen in a stocktake",
}

INTRODUCTION = """\
# States of an asset, and what may happen in each

Drawn from the table in `fleet/passages.py` by `tests/fleet/ledger/states_page.py`; a test compares
the two. Commands and screens refuse what is not in it (exit 1, nothing written). The ledger's fold
accepts anything, since what happened on another laptop happened; two loans that overlap become a
conflict for a person to settle.

An asset's **custody** is `available` (on the shelf, for kinds that are lent: tablets, carts,
computers, kits, accessories), `in_service` (installed: servers, projectors, displays, access
points), `damaged`, `in_repair`, `lost`, `stolen` or `retired`. **`lent` is derived**: on the shelf
with an open loan. A loan stays open while its tablet is in repair, lost or stolen, so the register
still says who had it.

`shelf` below is `available` or `in_service`, by kind. A return in a damaged condition leads to
`damaged`. Undoing is not in the table: it restores whatever was before the newest movement.
"""


def draw() -> str:
    """The whole page."""
    lines = [INTRODUCTION, "| movement | operation | from | open loan | leads to |"]
    lines.append("|---|---|---|---|---|")
    for kind, passage in PASSAGES.items():
        sources = ", ".join(state for state in State if state in passage.sources)
        targets = " · ".join(_targets(kind, passage))
        lines.append(f"| {WORDS[kind]} | `{kind}` | {sources} | {_loan(passage)} | {targets} |")
    lines += ["", "What changes a state, as a diagram:", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {shelf}: receive" for shelf in ("available", "in_service")]
    edges: dict[tuple[str, str], list[str]] = {}
    for before, kind, after in arrows():
        if before != after:
            edges.setdefault((before, after), []).append(WORDS[kind])
    for (before, after), words in edges.items():
        lines.append(f"    {before} --> {after}: {', '.join(dict.fromkeys(words))}")
    lines += ["    retired --> [*]", "```", ""]
    return "\n".join(lines)


def arrows() -> Iterator[tuple[State, str, State]]:
    """Every legal movement from every situation: state, kind of movement, state afterwards."""
    for asset in situations():
        for kind in PASSAGES:
            if obstacle(asset, kind) is None:
                for body in bodies(kind):
                    yield asset.state, kind, after(asset, kind, body).state


def situations() -> Iterator[Asset]:
    """An asset in every custody that its kind can have, with and without an open loan."""
    for kind in (AssetKind.TABLET, AssetKind.PROJECTOR):
        shelf = State.AVAILABLE if kind is AssetKind.TABLET else State.IN_SERVICE
        others = set(State) - {State.LENT, State.AVAILABLE, State.IN_SERVICE}
        if kind is AssetKind.PROJECTOR:
            others.discard(State.DAMAGED)  # what comes back from a loan, and it is never lent
        for custody in [shelf, *(state for state in State if state in others)]:
            asset = Asset("a", kind=kind, tag="KDRTBXLP", custody=custody, serial="R9X")
            yield asset
            if kind is AssetKind.TABLET and custody not in (State.RETIRED, State.DAMAGED):
                loan = Loan("l", "a", "ref", "l", "2026-09-01T08:00:00.000Z", "0" * 16)
                yield Asset("a", kind=kind, tag=asset.tag, custody=custody, loans=(loan,))


def bodies(kind: str) -> list[dict[str, Json]]:
    """What the operation may say, where that makes a difference."""
    if kind == movements.RETURNED:
        return [{"loan": "l"}, {"loan": "l", "condition": "damaged"}]
    return [{"serial": "R9Y", "loan": "l", "ref": "r"}]


def after(asset: Asset, kind: str, body: dict[str, Json]) -> Asset:
    """The asset once the movement is folded in."""
    return movements.step(asset, Replica().write(kind, body, subject=asset.id))


def _targets(kind: str, passage: Passage) -> list[str]:
    found: dict[str, None] = {}
    for asset in situations():
        if asset.kind is AssetKind.TABLET and obstacle(asset, kind) is None:
            for body in bodies(kind):
                state = after(asset, kind, body).custody
                unchanged = state is asset.custody and passage.sources != {state}
                found["unchanged" if unchanged else _shelf(state)] = None
    if kind == movements.LENT:
        return ["lent"]
    return list(found)


def _shelf(state: State) -> str:
    return "shelf" if state is State.AVAILABLE else state.value


def _loan(passage: Passage) -> str:
    if passage.must_be_lent:
        return "needed"
    return "may be open" if passage.may_be_lent else "none"


if __name__ == "__main__":
    PAGE.write_text(draw())
