"""The words of ``argparse`` itself (usage, headings, complaints) in the language in use.

``argparse`` asks ``gettext`` for them under English keys that are the Python version's, not ours,
so they are no part of our catalogue, whose keys are French.
"""

import argparse
from collections.abc import Mapping

from tui.i18n import language, typeset

FRENCH: Mapping[str, str] = {
    "usage: ": "utilisation : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "affiche cette aide",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "the following arguments are required: %s": "il manque : %s",
    "ignored explicit argument %r": "n’attend pas de valeur : %r",
    "expected one argument": "attend une valeur",
    "expected at most one argument": "attend au plus une valeur",
    "expected at least one argument": "attend au moins une valeur",
    "expected %s argument": "attend %s valeur",
    "expected %s arguments": "attend %s valeurs",
    "ambiguous option: %(option)s could match %(matches)s": (
        "option ambiguë : %(option)s peut être %(matches)s"
    ),
    "invalid %(type)s value: %(value)r": "valeur incorrecte : %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r n’existe pas (au choix : %(choices)s)"
    ),
}
"""Those that our options can lead to, in Python 3.11 to 3.14."""


def speak() -> None:
    """Let ``argparse`` speak the language in use from now on, in this process."""
    # The module binds gettext's functions under these names and looks them up at each use.
    setattr(argparse, "_", _worded)  # noqa: B010 - typeshed does not know the name
    setattr(argparse, "ngettext", _counted)  # noqa: B010


def _worded(message: str) -> str:
    if language() != "fr":
        return message
    return typeset(FRENCH.get(message, message))


def _counted(one: str, many: str, count: int) -> str:
    return _worded(one if count < 2 else many)
