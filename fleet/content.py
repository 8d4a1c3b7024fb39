"""Reading the bodies of operations: whatever is in them, a value of the right type or nothing."""

from datetime import date

from fleet.asset import Condition, State
from fleet.kinds import AssetKind
from fleet.operation import Json

Content = dict[str, Json]


def read_text(content: Content, name: str) -> str | None:
    value = content.get(name)
    return value if isinstance(value, str) else None


def read_list(content: Content, name: str) -> list[Json]:
    value = content.get(name)
    return value if isinstance(value, list) else []


def read_texts(content: Content, name: str) -> tuple[str, ...]:
    return tuple(each for each in read_list(content, name) if isinstance(each, str))


def read_date(content: Content, name: str) -> date | None:
    try:
        return date.fromisoformat(read_text(content, name) or "")
    except ValueError:
        return None


def read_kind(content: Content) -> AssetKind | None:
    try:
        return AssetKind(read_text(content, "kind") or "")
    except ValueError:
        return None


def read_condition(content: Content) -> Condition:
    try:
        return Condition(read_text(content, "condition") or "")
    except ValueError:
        return Condition.GOOD


def read_state(content: Content) -> State | None:
    try:
        state = State(read_text(content, "state") or "")
    except ValueError:
        return None
    return None if state is State.LENT else state
