"""Rules of the house that a machine can read: sizes, and where sentences may stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("fleet", "db", "agents", "tui")
LONGEST_MODULE_LINES = 350
LONGER_WITH_A_REASON = {
    "tui/screens/desk.py": "one screen; its answers, outcomes and session stand beside it",
    "tui/screens/desk_session.py": "one state machine: who is served, what each scan means",
}
"""Modules over the limit, each with why it is not split."""
ACCENTED = re.compile(r"[À-ÖØ-öø-ɏ]")
ACCENTED_BY_NATURE = {
    "fleet/names.py": "folds the letters of names",
    "fleet/scan.py": "the keys of a French keyboard",
    "fleet/imports": "the headers and words of the field's files",
}


def modules(*packages: str) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def literals(text: str) -> Iterator[tuple[int, str]]:
    """Every string of a module but docstrings and the strings that document attributes."""
    tree = ast.parse(text)
    documents = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documents
        ):
            yield node.lineno, node.value


def test_no_module_is_too_long_to_read_at_once() -> None:
    long = {
        name for name, text in modules(*PACKAGES) if len(text.splitlines()) > LONGEST_MODULE_LINES
    }
    assert long <= set(LONGER_WITH_A_REASON)


def test_no_french_stands_under_the_interface() -> None:
    found = [
        f"{name}:{line}: {literal!r}"
        for name, text in modules("fleet", "db", "agents")
        if not any(name.startswith(known) for known in ACCENTED_BY_NATURE)
        for line, literal in literals(text)
        if ACCENTED.search(literal)
    ]
    assert found == []


def test_no_error_carries_a_sentence() -> None:
    """An error's code is a dotted word; what people read is made of it in ``tui``."""
    raisers = re.compile(r"Refusal|InvalidInput|NotFound|DeviceError|StorageError|FleetError")
    found = []
    for name, text in modules(*PACKAGES):
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if not raisers.fullmatch(node.func.id) or not node.args:
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and not re.fullmatch(
                r"usage|[a-z_]+\.[a-z_]+", str(code.value)
            ):
                found.append(f"{name}:{node.lineno}: {code.value!r}")
    assert found == []


def test_no_module_swallows_every_exception() -> None:
    """Whoever catches everything, to clean up, raises it again."""
    everything = ("Exception", "BaseException")
    found = []
    for name, text in modules(*PACKAGES):
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = node.type.id if isinstance(node.type, ast.Name) else None
            raises_again = isinstance(node.body[-1], ast.Raise)
            if (node.type is None or caught in everything) and not raises_again:
                found.append(f"{name}:{node.lineno}")
    assert found == []


def test_nothing_names_a_place_of_one_machine() -> None:
    found = [
        f"{name}:{line}: {literal!r}"
        for name, text in modules(*PACKAGES)
        for line, literal in literals(text)
        if re.match(r"/(home|work|root|Users)/", literal)
    ]
    assert found == []
