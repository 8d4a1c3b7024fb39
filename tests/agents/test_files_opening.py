"""Whatever a person picks by mistake is told apart by its bytes and refused with a reason."""

import os
from pathlib import Path

import pytest

from agents.files import open_table
from fleet.errors import InvalidInput, StorageError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b";;;\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 8, "binary"),
        (b"%PDF-1.4\n1 0 obj\n", "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"rest", "binary"),
        (b"{\\rtf1 Liste}", "binary"),
        (b"\x01\x02\x03;\x04\n" * 9, "binary"),
        (b"\0" * 4096, "binary"),
        (OLE, "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 cut", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        open_table(path)
    assert caught.value.code == "file.not_a_table"
    assert caught.value.params == {"file": "liste.csv", "reason": reason}
    assert caught.value.exit_code == 2


def test_random_bytes_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(os.urandom(4096))
    with pytest.raises(InvalidInput):
        open_table(path)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_table(tmp_path)
    assert caught.value.params["reason"] == "folder"


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_table(tmp_path / "absent.csv")
    assert (caught.value.code, caught.value.params) == ("file.missing", {"file": "absent.csv"})


def test_a_file_that_cannot_be_read_is_a_storage_fault(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(StorageError) as caught:
        open_table(loop)
    assert caught.value.params == {"file": "loop.csv", "reason": "ELOOP"}


def test_a_file_that_vanishes_before_it_is_read_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("A;B\n")
    table = open_table(path)
    path.unlink()
    with pytest.raises(InvalidInput) as caught:
        list(table.lines())
    assert caught.value.code == "file.missing"
