"""A profile on disk is read with the files that it sends, or refused with line and column."""

import hashlib
from pathlib import Path

import pytest

import tui
from agents.profiles import read_profile
from fleet.errors import FleetError, InvalidInput, StorageError

HEAD = 'name = "n"\nversion = 1\n'
FILES = '[[files]]\ntarget = "/sdcard/a"\nsource = "papiers/a.txt"\n'


def refused(path: Path, kind: type[FleetError] = InvalidInput) -> FleetError:
    with pytest.raises(kind) as caught:
        read_profile(path)
    return caught.value


def test_sources_become_absolute_and_get_their_hash(tmp_path: Path) -> None:
    (tmp_path / "papiers").mkdir()
    (tmp_path / "papiers" / "a.txt").write_bytes(b"bonjour")
    path = tmp_path / "p.toml"
    path.write_text(HEAD + FILES)

    (file,) = read_profile(path).files
    assert Path(file.source) == (tmp_path / "papiers" / "a.txt").resolve()
    assert file.sha256 == hashlib.sha256(b"bonjour").hexdigest()


def test_a_missing_source_is_shown_in_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(HEAD + FILES)
    error = refused(path)

    assert error.params == {
        "origin": str(path),
        "line": 5,
        "column": 1,
        "key": "files.0.source",
        "reason": "missing_source",
        "value": "papiers/a.txt",
    }


def test_a_source_that_is_not_the_stated_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "papiers").mkdir()
    (tmp_path / "papiers" / "a.txt").write_bytes(b"bonjour")
    path = tmp_path / "p.toml"
    path.write_text(f'{HEAD}{FILES}sha256 = "{"0" * 64}"\n')
    error = refused(path)

    assert (error.params["reason"], error.params["line"]) == ("other_content", 6)


def test_a_profile_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.toml", StorageError).code == "profile.unreadable"
    assert refused(tmp_path, StorageError).code == "profile.unreadable"


def test_a_profile_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())

    assert read_profile(path).label == "n-v1"


def test_bytes_that_are_not_utf8_are_shown_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes(b'version = 1\nname = "\xe9cole"\n')
    error = refused(path)

    assert (error.params["reason"], error.params["line"], error.params["column"]) == (
        "not_utf8",
        2,
        9,
    )


def test_faults_of_the_text_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(HEAD + "batterie = 3\n")
    error = refused(path)

    assert (error.params["origin"], error.params["line"]) == (str(path), 3)


def test_the_profile_of_the_demo_city_is_whole() -> None:
    profile = read_profile(Path(tui.__file__).parent / "demo" / "profile.toml")

    assert profile.label == "école-v4"
    assert profile.apps == ()
    assert profile.locale == "fr-FR"
    assert profile.paths == ("/sdcard/Documents/charte.txt",)
