"""Paths of files to import that go on from what is being typed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
MOST = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file or folder that the typed path may become."""

    path: Path
    is_folder: bool

    @property
    def shown(self) -> str:
        """Its name, with a stroke behind that of a folder."""
        return self.path.name + (os.sep if self.is_folder else "")


def candidates(typed: str) -> Sequence[Candidate]:
    """Folders, then tables, whose path begins as ``typed`` does; none where nothing can be read."""
    path = Path(typed).expanduser()
    folder = path if not typed or typed.endswith(os.sep) else path.parent
    start = "" if folder is path else path.name.casefold()
    found = []
    try:
        for each in folder.iterdir():
            name = each.name.casefold()
            if not name.startswith(start) or (name.startswith(".") and not start):
                continue
            is_folder = each.is_dir()
            if is_folder or each.suffix.lower() in SUFFIXES:
                found.append(Candidate(each, is_folder))
    except OSError:
        return ()
    found.sort(key=lambda each: (not each.is_folder, each.path.name.casefold()))
    return found[:MOST]
