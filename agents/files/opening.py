"""Decides by a file's first bytes, never by its name, what reads it.

Refuses what is not a table with the reason: ``empty``, ``binary``, ``folder``, ``old_excel``,
``password``, ``archive``, ``damaged``, ``too_big``, ``long_line``.
"""

from mmap import ACCESS_READ, mmap
from pathlib import Path

from agents.files.encodings import BYTE_ORDER_MARKS, find_text_encoding, is_binary
from agents.files.faults import not_a_table, reading
from agents.files.sheets import SheetTable, check_archive
from agents.files.texts import TextTable
from fleet.imports.rows import Table

SAMPLE_BYTES = 65_536

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def open_table(path: Path) -> Table:
    """The table in the file at ``path``, its lines not yet read.

    Raises ``InvalidInput``: ``file.missing`` (``file``), ``file.not_a_table`` (``file``,
    ``reason``); ``StorageError``: ``file.unreadable`` (``file``, ``reason``). The same errors may
    come from ``lines()``.
    """
    with reading(path), path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if not sample:
        raise not_a_table(path, "empty")
    if sample.startswith(_OLE):
        raise not_a_table(path, "password" if _is_encrypted(path) else "old_excel")
    if sample.startswith(_ZIP):
        check_archive(path)
        return SheetTable(path)
    if is_binary(sample):
        raise not_a_table(path, "binary")
    if not sample.strip(b"\0\r\n\t ;,") or sample in BYTE_ORDER_MARKS:
        raise not_a_table(path, "empty")
    with reading(path):
        return TextTable(path, find_text_encoding(path, sample))


def _is_encrypted(path: Path) -> bool:
    """A workbook with a password is an OLE file around a stream of this name (MS-OFFCRYPTO)."""
    with reading(path), path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as view:
        return view.find(_ENCRYPTED_PACKAGE) >= 0
