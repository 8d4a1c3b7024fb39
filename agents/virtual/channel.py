"""One open stream of a connection: bytes both ways, one packet in flight each way."""

import asyncio
from collections.abc import Awaitable, Callable

from agents.virtual.shell.streams import Pipe
from agents.virtual.wire import CLSE, LARGEST_PAYLOAD, OKAY, WRTE, Packet, ProtocolError

_LINGER_S = 5.0
"""How long the last output may wait for a host that does not acknowledge it."""

Send = Callable[[Packet], Awaitable[None]]


class ChannelEnded(Exception):
    """The host closed the stream in the middle of something."""


class Channel:
    """Reads acknowledge what they take; writes gather in a pipe while a packet is in flight."""

    def __init__(self, local_id: int, remote_id: int, limit: int, send: Send) -> None:
        self.local_id = local_id
        self.remote_id = remote_id
        self._send = send
        self._limit = limit
        self._arrived = asyncio.Event()
        self._pending: bytes | None = None
        self._rest = memoryview(b"")
        self._acknowledged = asyncio.Event()
        self._acknowledged.set()
        self._outgoing = Pipe(LARGEST_PAYLOAD)
        self.is_closed = False

    @property
    def has_unread(self) -> bool:
        """Whether something arrived that the service has not taken yet."""
        return self._pending is not None or bool(self._rest)

    async def read(self, limit: int) -> bytes:
        """Up to ``limit`` bytes; empty when the host closed the stream."""
        while not self._rest:
            while self._pending is None:
                if self.is_closed:
                    return b""
                self._arrived.clear()
                await self._arrived.wait()
            self._rest, self._pending = memoryview(self._pending), None
            if not self.is_closed:
                await self._send(Packet(OKAY, self.local_id, self.remote_id))
        piece = bytes(self._rest[:limit])
        self._rest = self._rest[limit:]
        return piece

    async def read_exactly(self, size: int) -> bytes:
        """Raises ``ChannelEnded`` when the host closes before that."""
        piece = await self.read(size) if size else b""
        if len(piece) == size:
            return piece
        whole = bytearray(piece)
        while len(whole) < size:
            piece = await self.read(size - len(whole))
            if not piece:
                raise ChannelEnded
            whole += piece
        return bytes(whole)

    async def write(self, piece: bytes) -> None:
        await self._outgoing.write(piece)

    async def pump(self) -> None:
        """Send what was written until ``finish``; runs beside the service."""
        while piece := await self._outgoing.read(self._limit):
            await self._acknowledged.wait()
            if self.is_closed:
                self._outgoing.close_reading()
                return
            self._acknowledged.clear()
            await self._send(Packet(WRTE, self.local_id, self.remote_id, piece))

    async def finish(self, pump: asyncio.Task[None]) -> None:
        """Let the last output out, then close."""
        self._outgoing.close_writing()
        try:
            async with asyncio.timeout(_LINGER_S):
                await pump
                if not self.is_closed:
                    await self._acknowledged.wait()
        except TimeoutError:
            pump.cancel()
        await self.close()

    async def close(self) -> None:
        if not self.is_closed:
            self.end()
            await self._send(Packet(CLSE, self.local_id, self.remote_id))

    def end(self) -> None:
        """The host closed it, or the connection is gone; what has arrived can still be read."""
        self.is_closed = True
        self._arrived.set()
        self._acknowledged.set()
        self._outgoing.close_reading()

    def on_write(self, payload: bytes) -> None:
        """A WRTE came; a second one before our OKAY breaks the protocol."""
        if self._pending is not None:
            raise ProtocolError("a WRTE before the OKAY of the last one")
        self._pending = payload
        self._arrived.set()

    def on_okay(self) -> None:
        self._acknowledged.set()
