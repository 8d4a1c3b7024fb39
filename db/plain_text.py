"""Comparing text as people type it: accents and case do not count, every other sign does.

SQLite's own ``lower`` knows ASCII only, so ``commune:Épinal`` would never be found.
"""

import unicodedata


def plain(text: str | None) -> str | None:
    """``text`` in lower case and without accents; SQL's NULL stays NULL."""
    if text is None or text.isascii():
        return text and text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))
