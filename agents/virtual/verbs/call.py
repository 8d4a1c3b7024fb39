"""One call of a verb: its arguments, its streams and the tablet that it acts upon."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from agents.virtual.files import FileSystem
from agents.virtual.inodes import PosixError
from agents.virtual.shell.state import Streams

if TYPE_CHECKING:
    from agents.virtual.device import VirtualTablet
    from agents.virtual.shell.interpreter import Shell

BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """What a verb gets; it returns its exit code."""

    shell: Shell
    name: str
    arguments: tuple[str, ...]
    streams: Streams

    @property
    def tablet(self) -> VirtualTablet:
        return self.shell.tablet

    @property
    def files(self) -> FileSystem:
        return self.shell.tablet.files

    def path(self, argument: str) -> str:
        """An argument seen from the working directory."""
        return self.shell.absolute(argument)

    async def print(self, text: str) -> None:
        """One line, or several, on standard output."""
        await self.write(text + "\n")

    async def write(self, text: str) -> None:
        await self.streams.stdout.write(text.encode("utf-8", "surrogateescape"))

    async def warn(self, text: str) -> None:
        """One line on standard error, as it is."""
        await self.streams.stderr.write(f"{text}\n".encode("utf-8", "surrogateescape"))

    async def complain(self, text: str) -> None:
        """One line on standard error behind the verb's name, as toybox does."""
        await self.warn(f"{self.name}: {text}")

    def rest(self, arguments: Sequence[str], name: str | None = None) -> Call:
        """The same call with other arguments, for a verb's own verbs."""
        return Call(self.shell, name or self.name, tuple(arguments), self.streams)

    async def blocks(self) -> AsyncIterator[bytes]:
        """Standard input, block by block."""
        while block := await self.streams.stdin.read(BLOCK):
            yield block

    async def each_input(self, names: Sequence[str]) -> AsyncIterator[tuple[str, BinaryIO | None]]:
        """Each file open, or ``None`` for standard input; what cannot be opened is reported.

        A missing file yields nothing: count them with ``missing``.
        """
        for name in names or ("-",):
            if name == "-":
                yield name, None
                continue
            try:
                stream = self.files.open(self.path(name))
            except PosixError as error:
                await self.complain(f"{name}: {error.text}")
                continue
            with stream:
                yield name, stream

    def missing(self, names: Sequence[str]) -> bool:
        """Whether one of the files cannot be read."""
        for name in names:
            if name == "-":
                continue
            try:
                self.files.open(self.path(name)).close()
            except PosixError:
                return True
        return False

    async def read_from(self, stream: BinaryIO | None, limit: int = BLOCK) -> bytes:
        return await self.streams.stdin.read(limit) if stream is None else stream.read(limit)

    async def everything(self, stream: BinaryIO | None, bound: int = 32 * 1024 * 1024) -> bytes:
        """All of an input; what lies behind ``bound`` is not read."""
        content = bytearray()
        while len(content) < bound and (block := await self.read_from(stream)):
            content += block
        return bytes(content)


Verb = Callable[[Call], Awaitable[int]]


class UsageError(Exception):
    """An option that the verb does not have."""


def options(arguments: Sequence[str], known: str) -> tuple[dict[str, str], list[str]]:
    """Single-letter options and operands; a letter followed by ``:`` in ``known`` takes a value."""
    found: dict[str, str] = {}
    operands: list[str] = []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            operands += rest
            break
        if not argument.startswith("-") or argument == "-":
            operands.append(argument)
            continue
        letters = argument[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            at = known.find(letter)
            if at < 0 or letter == ":":
                raise UsageError(f"Unknown option '{letter}'")
            if known[at + 1 : at + 2] != ":":
                found[letter] = ""
                continue
            if not letters and not rest:
                raise UsageError(f"Missing argument to '{letter}'")
            found[letter] = letters or rest.pop(0)
            letters = ""
    return found, operands


def number(text: str, default: int | None = None) -> int:
    """A decimal number of reasonable length; raises ``UsageError`` without a default."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    if digits.isascii() and digits.isdecimal() and len(digits) <= 18:
        return sign * int(digits)
    if default is None:
        raise UsageError(f"not integer: {text}")
    return default


def toybox(verb: Verb) -> Verb:
    """Report a bad option as toybox does, with exit code 1."""

    async def guarded(call: Call) -> int:
        try:
            return await verb(call)
        except UsageError as error:
            await call.complain(f'{error} (see "{call.name} --help")')
            return 1

    return guarded
