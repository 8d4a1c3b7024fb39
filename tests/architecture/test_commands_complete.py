"""Every command has help, a handler and a section in the documentation, and nothing has two."""

import argparse
import importlib
import re
from pathlib import Path

import pytest

from tui.cli.main import HANDLERS, NAMES
from tui.cli.parser import build

DOCUMENT = Path(__file__).parents[2] / "docs" / "cli.md"


def commands() -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in build()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def sections() -> dict[str, str]:
    """The text under each heading of the documentation that names a command."""
    parts = re.split(r"^### `([a-z]+)`$", DOCUMENT.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_handler_and_no_handler_is_without_a_command() -> None:
    assert set(HANDLERS) == set(commands())
    for name, module in HANDLERS.items():
        handler = getattr(importlib.import_module(module), NAMES.get(name, name))
        assert handler.__doc__


@pytest.mark.parametrize("name", list(HANDLERS))
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    parser = commands()[name]
    assert parser.description
    for action in parser._actions:
        if action.option_strings:
            assert action.help or action.choices or action.metavar, action
        else:
            assert action.metavar, action


def test_the_documentation_has_a_section_for_every_command_and_no_other() -> None:
    assert set(sections()) == set(HANDLERS)


@pytest.mark.parametrize("name", list(HANDLERS))
def test_a_section_shows_the_command_and_names_every_option(name: str) -> None:
    text = sections()[name]
    assert re.search(rf"^\$ ardoise .*\b{name}\b", text, re.MULTILINE), "an example"
    everywhere = {"-h", "--help", "--db", "--lang", "--json"}
    for action in commands()[name]._actions:
        longest = max(action.option_strings, key=len, default="")
        if longest and not everywhere & set(action.option_strings):
            assert f"{longest}" in text, longest
