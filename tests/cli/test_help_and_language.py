"""Help and complaints in the user's language, options on either side of the command."""

import pytest
from cli_outcome import Run, RunProcess

from tui.cli.main import HANDLERS

ENGLISH_WORDS = ("usage:", "positional arguments", "show this help", "required", "invalid choice")
FRENCH_WORDS = ("utilisation", "affiche cette aide", "il manque", "n’existe pas")


def test_help_is_in_french_by_default(ardoise: Run) -> None:
    for words in ((), *((name,) for name in HANDLERS)):
        shown = ardoise(*words, "--help")
        assert (shown.code, shown.err) == (0, "")
        assert "utilisation\u202f: ardoise" in shown.out
        assert "affiche cette aide" in shown.out
        for english in ENGLISH_WORDS:
            assert english not in shown.out, (words, english)


@pytest.mark.parametrize("choice", [("--lang", "en"), ("--lang=en",)])
def test_help_speaks_english_when_asked(choice: tuple[str, ...], ardoise: Run) -> None:
    for words in ((*choice, "--help"), (*choice, "lend", "--help"), ("lend", *choice, "--help")):
        shown = ardoise(*words)
        assert shown.code == 0
        assert "usage: ardoise" in shown.out
        assert "show this help message and exit" in shown.out
        for french in FRENCH_WORDS:
            assert french not in shown.out


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (("lend",), "il manque", "the following arguments are required"),
        (("list", "pupils"), "n’existe pas (au choix", "invalid choice"),
        (("list", "assets", "--limit"), "attend une valeur", "expected one argument"),
        (("check", "--deep"), "arguments inconnus", "unrecognized arguments"),
        (("labels", "-o"), "attend une valeur", "expected one argument"),
        (("labels",), "il manque", "the following arguments are required"),
        (("check", "--json=x"), "n’attend pas de valeur", "ignored explicit argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_usage_errors_speak_the_language_too(
    words: tuple[str, ...], french: str, english: str, ardoise: Run
) -> None:
    for language, expected in (("fr", french), ("en", english)):
        document = ardoise("--json", "--lang", language, *words)
        plain = ardoise("--lang", language, *words)
        assert document.code == plain.code == 2
        assert document.error["code"] == "usage"
        assert expected in document.error["params"]["message"]
        assert expected in document.error["message"], "the person must read what is wrong"
        assert plain.out == ""
        assert expected in plain.err
        assert "--help" in plain.err


def test_the_environment_may_choose_the_language(
    ardoise: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARDOISE_LANG", "en")
    assert "usage: ardoise" in ardoise("--help").out
    assert "utilisation" in ardoise("--lang", "fr", "--help").out


def test_options_stand_before_or_after_the_command(ardoise: Run, place: object) -> None:
    other = f"{place}/other.sqlite3"
    before = ardoise("--db", other, "--json", "--lang", "en", "init")
    after = ardoise("init", "--db", other, "--json", "--lang", "en")
    assert before.document == after.document
    assert before.document["database"] == other
    both = ardoise("--db", f"{place}/unused.sqlite3", "init", "--db", other, "--json")
    assert both.document == before.document, "given after, they win"


def test_sentences_speak_english_in_a_process_of_their_own(process: RunProcess) -> None:
    french = process("--json", "show", "KDRTBXLP")
    english = process("--json", "--lang", "en", "show", "KDRTBXLP")
    assert french.code == english.code == 3
    assert "étiquette" in french.error["message"]
    assert english.error["message"] != french.error["message"]
    assert "KDRT BXLP" in english.error["message"]
