"""Writing tables for spreadsheets: CSV that French Excel and LibreOffice open by a double click.

A file appears whole or not at all, readable by its owner only, since it may hold names. No cell is
ever a formula.
"""

import csv
import io
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from fleet.errors import StorageError

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")
"""What spreadsheets may take for the start of a formula (OWASP, CSV Injection)."""
_PRIVATE = 0o600


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a table with semicolons, in UTF-8 with its mark; how many rows it has.

    Raises ``StorageError('file.write')``.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(each) for each in header])
    count = 0
    for row in rows:
        writer.writerow([safe_cell(each) for each in row])
        count += 1
    write_whole(path, text.getvalue().encode("utf-8-sig"))
    return count


def safe_cell(text: str) -> str:
    """``text``, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all; ``StorageError('file.write')`` otherwise."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError("file.write", path=str(path), reason=reason) from error
