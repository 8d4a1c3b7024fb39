"""Fixtures of the interface's tests; the language is chosen before anything words a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.i18n import install

install("fr")

from pilot_world import World, make_world  # noqa: E402


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.office.close()
