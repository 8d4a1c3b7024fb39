"""The catalogues: every French source string is in them, in English, compiled and typeset."""

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tui.i18n import DOMAIN, LANGUAGES, LOCALE_DIR

TUI = Path(__file__).parents[2] / "tui"
PLACEHOLDER = re.compile(r"\{[a-z_]*[^}]*\}")
Key = str | tuple[str, ...]


@cache
def source_keys() -> frozenset[Key]:
    keywords = {"_": None, "ngettext": (1, 2)}
    found = extract_from_dir(TUI, [("**.py", "python")], keywords=keywords)
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> Iterator[tuple[Key, Key]]:
    for message in catalogue(language):
        if message.id:
            yield _key(message.id), _key(message.string or "")


def _key(text: str | Sequence[str]) -> Key:
    return text if isinstance(text, str) else tuple(text)


def forms(text: Key) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_string_is_in_the_catalogue_and_no_other(language: str) -> None:
    keys = {key for key, _translated in translations(language)}
    assert sorted(map(str, source_keys() - keys)) == []
    assert sorted(map(str, keys - source_keys())) == []


def test_every_string_has_an_english_translation_with_the_same_parameters() -> None:
    for key, translated in translations("en"):
        assert all(forms(translated)), key
        for one in forms(translated):
            wanted = set(PLACEHOLDER.findall(forms(key)[0]))
            assert set(PLACEHOLDER.findall(one)) == wanted, key


def test_french_has_its_own_plurals() -> None:
    plurals = {key: each for key, each in translations("fr") if isinstance(key, tuple)}
    assert plurals
    assert all(key == translated for key, translated in plurals.items())
    assert "n > 1" in catalogue("fr").plural_expr


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    compiled = gettext.translation(DOMAIN, LOCALE_DIR, [language])
    for key, translated in translations(language):
        if isinstance(key, tuple):
            one, many = key
            assert compiled.ngettext(one, many, 1) == translated[0]
            assert compiled.ngettext(one, many, 2) == translated[1]
        else:
            assert compiled.gettext(key) == (translated or key)


def test_french_is_typeset_by_one_place_only() -> None:
    for key in source_keys():
        for text in forms(key):
            assert "\u202f" not in text, f"i18n.typeset adds it: {text}"
            assert "'" not in text, f"a straight apostrophe: {text}"
            assert not re.search(r"\w[;!?»](\s|$)|«\w", text), f"a missing space: {text}"
            assert not re.search(r"[a-zé}]:(\s|$)", text), f"a missing space: {text}"


def test_no_message_hides_in_an_f_string() -> None:
    """Babel finds none there before Python 3.12, so it would never be translated."""
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            for inner in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
                called = inner.func if isinstance(inner, ast.Call) else None
                assert not (isinstance(called, ast.Name) and called.id in ("_", "ngettext")), path


def test_the_whole_interface_speaks_english_when_asked() -> None:
    script = (
        "from tui.i18n import install; install('en');"
        "from tui import format, words; from tui.screens.desk import DeskScreen;"
        "from datetime import date; from fleet.asset import State;"
        "print(words.STATES[State.LENT].word, '|', format.day(date(2027, 7, 1)), '|',"
        " DeskScreen.PLACE, '|', words.assets(0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "on loan | 1 Jul 2027 | Desk | 0 assets"
