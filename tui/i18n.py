"""The language of what people read: French in the source, other languages from the catalogue.

``install`` comes before anything that words a sentence at import (``tui.app``, ``tui.words``).
Typography is applied here, once, so that no writer has to think of a narrow space.
"""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "ardoise"
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("fr", "en")

NARROW_SPACE = "\u202f"
"""Before ``; : ! ?`` and inside guillemets (Imprimerie nationale)."""

_SPACED = {f" {mark}": f"{NARROW_SPACE}{mark}" for mark in ";:!?»"} | {"« ": f"«{NARROW_SPACE}"}


class _Language:
    """The catalogue in use; French until somebody chooses."""

    def __init__(self) -> None:
        self.name = LANGUAGES[0]
        self.catalogue: gettext.NullTranslations | None = None


_current = _Language()


def install(language: str) -> None:
    """Speak ``language`` from now on; one without a catalogue falls back to French."""
    _current.name = language if language in LANGUAGES else LANGUAGES[0]
    _current.catalogue = gettext.translation(DOMAIN, LOCALE_DIR, [_current.name], fallback=True)


def language() -> str:
    """The language in use: ``fr`` or ``en``."""
    return _current.name


def choose_language(wanted: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language asked for, else the one of the session, else French.

    The plain C locale says nothing about the person, so it means French too.
    """
    named = wanted or next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)),
        "",
    )
    name = named.partition("_")[0].partition(".")[0].lower()
    return name if name in LANGUAGES else LANGUAGES[0]


def _(message: str) -> str:
    """``message`` in the language in use, with its typography."""
    return typeset(_catalogue().gettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """``one`` or ``many`` by the rules of the language in use."""
    return typeset(_catalogue().ngettext(one, many, count))


def typeset(text: str) -> str:
    """``text`` with narrow no-break spaces where French wants them."""
    for plain, narrow in _SPACED.items():
        text = text.replace(plain, narrow)
    return text


def _catalogue() -> gettext.NullTranslations:
    if _current.catalogue is None:
        install(_current.name)
    assert _current.catalogue is not None
    return _current.catalogue
