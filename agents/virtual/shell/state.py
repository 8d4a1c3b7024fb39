"""What a running script carries along: its streams, and the ways to leave a loop or the script."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.virtual.shell.streams import Sink, Source


@dataclass(frozen=True, slots=True)
class Streams:
    """Where descriptors 0, 1, 2 and, rarely, others lead."""

    stdin: Source
    stdout: Sink
    stderr: Sink
    others: Mapping[int, Sink] = field(default_factory=dict)

    def sink(self, descriptor: int) -> Sink | None:
        return {1: self.stdout, 2: self.stderr}.get(descriptor) or self.others.get(descriptor)


class Exit(Exception):
    """``exit``: leave the shell or the subshell."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class LeaveLoop(Exception):
    """``break`` or ``continue`` on its way to its loop."""

    def __init__(self, levels: int, *, goes_on: bool) -> None:
        super().__init__(levels)
        self.levels = levels
        self.goes_on = goes_on
