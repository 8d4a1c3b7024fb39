"""One host's connection to one tablet: handshake, streams, and what ends them."""

import asyncio
import contextlib
import logging
import secrets
from itertools import count

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from agents.virtual import wire
from agents.virtual.channel import Channel
from agents.virtual.device import VirtualTablet
from agents.virtual.hostkey import TOKEN_BYTES, has_signed, parse_public_key
from agents.virtual.services import Service, find_service
from agents.virtual.shell.streams import BrokenPipe
from agents.virtual.wire import Packet, ProtocolError

_log = logging.getLogger(__name__)
_MOST_CHANNELS = 256


class Connection:
    """Serves one connection until either side leaves; the peer's faults never get out of it."""

    def __init__(
        self,
        tablet: VirtualTablet,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._tablet = tablet
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._version = wire.VERSION
        self._limit = 4096
        self._is_online = False
        self._token = b""
        self._offered: RSAPublicKey | None = None
        self._ids = count(1)
        self._channels: dict[int, Channel] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        self._tablet.on_allow(self._on_allow)
        self._tablet.on_reboot(self._on_reboot)
        try:
            while True:
                packet = await wire.read_packet(self._reader, with_sum=self._checks_sums)
                if packet is None:
                    return
                await self._handle(packet)
        except ProtocolError as error:
            _log.info("%s: %s", self._tablet.serial, error)
        except OSError:
            return
        finally:
            self._tablet.forget_on_allow(self._on_allow)
            self._tablet.forget_on_reboot(self._on_reboot)
            await self._end_channels()
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    @property
    def _checks_sums(self) -> bool:
        return self._version < wire.VERSION

    async def _send(self, packet: Packet) -> None:
        if self._writer.is_closing():
            return
        self._writer.writelines(wire.packed(packet, with_sum=self._checks_sums))
        with contextlib.suppress(OSError):
            await self._writer.drain()

    async def _handle(self, packet: Packet) -> None:
        if packet.command == wire.CNXN:
            await self._greet(packet)
        elif packet.command == wire.AUTH:
            await self._authorise(packet)
        elif self._is_online:
            await self._stream(packet)

    async def _greet(self, packet: Packet) -> None:
        await self._end_channels()
        self._is_online = False
        self._version = min(packet.arg0, wire.VERSION)
        self._limit = max(1, min(packet.arg1, wire.LARGEST_PAYLOAD))
        if self._tablet.property_value("ro.adb.secure") == "1":
            await self._challenge()
        else:
            await self._accept()

    async def _challenge(self) -> None:
        self._token = secrets.token_bytes(TOKEN_BYTES)
        await self._send(Packet(wire.AUTH, wire.AUTH_TOKEN, 0, self._token))

    async def _authorise(self, packet: Packet) -> None:
        if self._is_online or not self._token:
            return
        if packet.arg0 == wire.AUTH_SIGNATURE:
            keys = tuple(self._tablet.keys.values())
            if any(has_signed(key, self._token, packet.payload) for key in keys):
                await self._accept()
            else:
                await self._challenge()
        elif packet.arg0 == wire.AUTH_PUBLIC_KEY:
            self._offered = parse_public_key(packet.payload)
            if self._offered is not None and self._tablet.is_authorising:
                await self._accept_offered()

    async def _accept_offered(self) -> None:
        if self._offered is not None and not self._is_online:
            self._tablet.keys[self._offered.public_numbers().n] = self._offered
            await self._accept()

    async def _accept(self) -> None:
        self._is_online = True
        self._token = b""
        banner = self._tablet.banner.encode()
        await self._send(Packet(wire.CNXN, wire.VERSION, wire.LARGEST_PAYLOAD, banner))

    def _on_allow(self) -> None:
        """From any thread."""
        asyncio.run_coroutine_threadsafe(self._accept_offered(), self._loop)

    def _on_reboot(self) -> None:
        """From any thread: the tablet is gone before anything else can be said."""
        self._loop.call_soon_threadsafe(self._writer.transport.abort)

    async def _stream(self, packet: Packet) -> None:
        if packet.command == wire.OPEN:
            if packet.arg0 and not packet.arg1:
                await self._open(packet.arg0, packet.payload)
            return
        channel = self._channels.get(packet.arg1)
        if channel is None or channel.remote_id != packet.arg0:
            return
        if packet.command == wire.WRTE:
            channel.on_write(packet.payload)
            self._tablet.faults.on_bytes(len(packet.payload), self._on_reboot)
        elif packet.command == wire.OKAY:
            channel.on_okay()
        elif packet.command == wire.CLSE:
            await self._closed(channel)

    async def _open(self, remote_id: int, name: bytes) -> None:
        service = find_service(name)
        if service is None or len(self._channels) >= _MOST_CHANNELS:
            await self._send(Packet(wire.CLSE, 0, remote_id))
            return
        channel = Channel(next(self._ids), remote_id, self._limit, self._send)
        self._channels[channel.local_id] = channel
        await self._send(Packet(wire.OKAY, channel.local_id, remote_id))
        task = asyncio.create_task(self._serve(service, channel))
        self._tasks[channel.local_id] = task
        task.add_done_callback(lambda done: self._forget(channel, done))

    async def _serve(self, service: Service, channel: Channel) -> None:
        pump = asyncio.create_task(channel.pump())
        try:
            with contextlib.suppress(BrokenPipe):
                await service(self._tablet, channel)
            await channel.finish(pump)
        finally:
            pump.cancel()
            await channel.close()

    def _forget(self, channel: Channel, task: asyncio.Task[None]) -> None:
        self._channels.pop(channel.local_id, None)
        self._tasks.pop(channel.local_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s: a service failed", self._tablet.serial, exc_info=error)

    async def _closed(self, channel: Channel) -> None:
        """The host closed a stream: answer once; its command ends, as by a hang-up."""
        was_closed = channel.is_closed
        channel.end()
        if not was_closed:
            await self._send(Packet(wire.CLSE, channel.local_id, channel.remote_id))
        task = self._tasks.get(channel.local_id)
        if task is not None and not channel.has_unread:
            task.cancel()

    async def _end_channels(self) -> None:
        for channel in self._channels.values():
            channel.end()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
