"""What a cell's raw text says once the marks of programs are taken off."""

import re
import unicodedata

_FORMULA_TEXT = re.compile(r'="([^"]*)"')


def clean(text: str) -> str:
    """``text`` with single spaces, without invisible and control characters, in composed letters.

    ``="6A"``, how spreadsheets are made to keep a text, gives ``6A``; any other formula stays what
    it is: text.
    """
    if not (text.isascii() and text.isprintable()):
        # Escape sequences of a file must not reach a terminal, nor soft hyphens a comparison.
        kept = (
            each if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf") else ""
            for each in text
        )
        text = unicodedata.normalize("NFC", "".join(kept))
    text = " ".join(text.split())
    found = _FORMULA_TEXT.fullmatch(text)
    return found.group(1).strip() if found else text
