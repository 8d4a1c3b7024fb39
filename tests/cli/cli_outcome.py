"""What a command left behind: its exit code and its two outputs."""

import json
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output; anything beside it fails the test."""
        read = json.loads(self.out)
        assert isinstance(read, dict), self.out
        return read

    @property
    def error(self) -> dict[str, Any]:
        found = self.document["error"]
        assert isinstance(found, dict)
        return found


class Run(Protocol):
    """Runs ``ardoise`` with these words."""

    def __call__(self, *words: object) -> Outcome: ...


class RunProcess(Protocol):
    """Runs ``ardoise`` as a process of its own, in an environment that has only what is given."""

    def __call__(
        self,
        *words: object,
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        encoding: str = "utf-8",
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class City:
    """A finished demo city."""

    folder: Path
    account: dict[str, Any]

    @property
    def database(self) -> Path:
        return self.folder / "ardoise.sqlite3"


def hears_ctrl_c() -> None:
    """For a child that is to be interrupted: a shell's background jobs start deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
