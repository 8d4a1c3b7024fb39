"""Profiles on this machine's disk: the TOML file and the files that it sends to tablets.

Every fault of the text points at line and column; a source that is missing or is not the one the
profile states is a fault of the profile, found before any tablet is touched.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from fleet.errors import InvalidInput, StorageError
from fleet.profile import Profile, WantedFile, parse_profile
from fleet.toml_places import place_of


def read_profile(path: Path) -> Profile:
    """Read and check a profile; the sources of its files become absolute, with their SHA-256.

    Raises ``InvalidInput('profile.invalid')`` (see ``fleet.profile.parse_profile``; here also with
    the reasons ``not_utf8``, ``missing_source`` and ``other_content``) and
    ``StorageError('profile.unreadable')``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError("profile.unreadable", origin=str(path), reason=error.strerror) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        raise InvalidInput(
            "profile.invalid",
            origin=str(path),
            line=before.count(b"\n") + 1,
            column=error.start - before.rfind(b"\n"),
            key="",
            reason="not_utf8",
            value=None,
        ) from error
    profile = parse_profile(text, str(path))
    files = tuple(
        _with_content(file, index, path, text) for index, file in enumerate(profile.files)
    )
    return replace(profile, files=files)


def _with_content(file: WantedFile, index: int, path: Path, text: str) -> WantedFile:
    source = (path.parent / file.source).resolve()
    try:
        with source.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _fault(path, text, index, "source", "missing_source", file.source) from error
    if file.sha256 not in (None, sha256):
        raise _fault(path, text, index, "sha256", "other_content", file.source)
    return replace(file, source=str(source), sha256=sha256)


def _fault(path: Path, text: str, index: int, key: str, reason: str, source: str) -> InvalidInput:
    line, column = place_of(text, ("files", index, key))
    return InvalidInput(
        "profile.invalid",
        origin=str(path),
        line=line,
        column=column,
        key=f"files.{index}.{key}",
        reason=reason,
        value=source,
    )
