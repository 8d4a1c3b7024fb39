"""What a command reads from and writes to: pipes, files, captures, nothing."""

import asyncio
from typing import BinaryIO, Protocol

from agents.virtual.files import FileWriter


class BrokenPipe(Exception):
    """Nobody reads any more; the writer ends as by SIGPIPE."""


class Source(Protocol):
    async def read(self, limit: int, /) -> bytes:
        """Up to ``limit`` bytes; empty at the end."""


class Sink(Protocol):
    async def write(self, piece: bytes, /) -> None:
        """May wait for the reader; raises ``BrokenPipe`` when there is none left."""


class Pipe:
    """Bounded; one reader, one writer."""

    def __init__(self, capacity: int = 256 * 1024) -> None:
        self._capacity = capacity
        self._buffer = bytearray()
        self._changed = asyncio.Event()
        self._is_written = False
        self._is_read = False

    async def write(self, piece: bytes) -> None:
        while len(self._buffer) >= self._capacity and not self._is_read:
            self._changed.clear()
            await self._changed.wait()
        if self._is_read:
            raise BrokenPipe
        self._buffer += piece
        self._changed.set()

    async def read(self, limit: int) -> bytes:
        while not self._buffer and not self._is_written:
            self._changed.clear()
            await self._changed.wait()
        piece = bytes(self._buffer[:limit])
        del self._buffer[:limit]
        self._changed.set()
        return piece

    def close_writing(self) -> None:
        self._is_written = True
        self._changed.set()

    def close_reading(self) -> None:
        self._is_read = True
        self._buffer.clear()
        self._changed.set()


class Capture:
    """Keeps what is written, up to a bound that no command line needs."""

    def __init__(self, limit: int = 8 * 1024 * 1024) -> None:
        self._limit = limit
        self.content = bytearray()

    async def write(self, piece: bytes) -> None:
        if len(self.content) + len(piece) > self._limit:
            raise BrokenPipe
        self.content += piece


class Nothing:
    """/dev/null, both ways."""

    async def read(self, _limit: int, /) -> bytes:
        return b""

    async def write(self, _piece: bytes, /) -> None:
        return None


class FileSink:
    def __init__(self, writer: FileWriter) -> None:
        self._writer = writer

    async def write(self, piece: bytes) -> None:
        self._writer.write(piece)

    def close(self) -> None:
        self._writer.close()


class FileSource:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    async def read(self, limit: int) -> bytes:
        return self._stream.read(limit)

    def close(self) -> None:
        self._stream.close()


class LineReader:
    """Lines of a source, without reading further than the block that holds them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._rest = bytearray()
        self._is_over = False

    async def line(self) -> bytes:
        """With its line end; empty when there is none left."""
        while (end := self._rest.find(b"\n")) < 0 and not self._is_over:
            piece = await self._source.read(64 * 1024)
            self._is_over = not piece
            self._rest += piece
        size = len(self._rest) if end < 0 else end + 1
        line = bytes(self._rest[:size])
        del self._rest[:size]
        return line
