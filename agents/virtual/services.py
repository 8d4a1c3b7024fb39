"""Services that a host may open: shells of every form, exec, sync, reboot."""

import asyncio
import struct
from collections.abc import Awaitable, Callable

from agents.virtual.channel import Channel, ChannelEnded
from agents.virtual.device import VirtualTablet
from agents.virtual.shell.interpreter import Shell
from agents.virtual.shell.state import Exit, Streams
from agents.virtual.shell.streams import BrokenPipe, Pipe, Sink
from agents.virtual.sync import SyncService
from agents.virtual.terminal import Terminal

_STDIN, _STDOUT, _STDERR, _EXIT, _CLOSE_STDIN = range(5)
_FRAME = struct.Struct("<BI")
_LARGEST_FRAME = 1024 * 1024

Service = Callable[[VirtualTablet, Channel], Awaitable[None]]


def find_service(name: bytes) -> Service | None:
    """The service behind the name in an OPEN packet, ``None`` for those that are not offered."""
    # Hosts end the name with NUL; adbd drops every one at its end.
    kind, colon, rest = name.rstrip(b"\0").decode("utf-8", "surrogateescape").partition(":")
    if not colon:
        return None
    form, *options = kind.split(",")
    match form:
        case "shell":
            return _shell_v2(rest, options) if "v2" in options else _shell(rest, options)
        case "exec":
            return _exec(rest)
        case "abb_exec":
            return _binder(rest)
        case "sync" if not rest:
            return _sync
        case "reboot":
            return _reboot
        case "root" | "remount":
            return _refusal("adbd cannot run as root in production builds\n")
    return None


def _shell(command: str, options: list[str]) -> Service:
    """Version 1: one stream for both outputs, no exit code; a terminal when there is no command."""

    async def service(tablet: VirtualTablet, channel: Channel) -> None:
        if not command or "pty" in options:
            terminal = Terminal(tablet, channel)
            await _fed(lambda: _bytes_to(channel, terminal.type), terminal.run(command))
            return
        # Until Android 6 every shell had a terminal, which turns line ends into CR LF.
        out = _CarriageReturns(channel) if tablet.sdk < 24 else channel
        await Shell(tablet).run(command, Streams(channel, out, out))

    return service


def _exec(command: str) -> Service:
    async def service(tablet: VirtualTablet, channel: Channel) -> None:
        await Shell(tablet).run(command, Streams(channel, channel, channel))

    return service


def _binder(words: str) -> Service:
    """``abb_exec``: a binder command without a shell, its words parted by NUL."""
    arguments = words.split("\0")

    async def service(tablet: VirtualTablet, channel: Channel) -> None:
        try:
            await Shell(tablet).call(["cmd", *arguments], Streams(channel, channel, channel))
        except (Exit, BrokenPipe):
            return

    return service


def _shell_v2(command: str, options: list[str]) -> Service:
    """Version 2: frames for each stream and the exit code (AOSP shell_protocol.h)."""
    is_terminal = "pty" in options or (not command and "raw" not in options)

    async def service(tablet: VirtualTablet, channel: Channel) -> None:
        out, err = _Frames(channel, _STDOUT), _Frames(channel, _STDERR)
        if is_terminal:
            terminal = Terminal(tablet, out)
            status = await _fed(lambda: _frames_to(channel, terminal.type), terminal.run(command))
        else:
            stdin = Pipe()
            running = _scripted(tablet, command, Streams(stdin, out, err))
            status = await _fed(lambda: _frames_to_pipe(channel, stdin), running)
        await channel.write(_FRAME.pack(_EXIT, 1) + bytes((status & 0xFF,)))

    return service


async def _scripted(tablet: VirtualTablet, command: str, streams: Streams) -> int:
    """A command, or without one the script that comes on standard input."""
    if not command:
        return await Shell(tablet).call(["sh"], streams)
    return await Shell(tablet).run(command, streams)


async def _fed(feed: Callable[[], Awaitable[None]], running: Awaitable[int]) -> int:
    """Run a shell while its input is fed to it."""

    async def feeding() -> None:
        try:
            await feed()
        except (ChannelEnded, BrokenPipe):
            return

    feeder = asyncio.ensure_future(feeding())
    try:
        return await running
    finally:
        feeder.cancel()


async def _bytes_to(channel: Channel, take: Callable[[bytes], Awaitable[None]]) -> None:
    while piece := await channel.read(4096):
        await take(piece)


async def _frames_to_pipe(channel: Channel, stdin: Pipe) -> None:
    async def take(piece: bytes) -> None:
        await stdin.write(piece)

    try:
        await _frames_to(channel, take)
    finally:
        stdin.close_writing()


async def _frames_to(channel: Channel, take: Callable[[bytes], Awaitable[None]]) -> None:
    """Hand on standard input until it is closed; window sizes and the like are skipped."""
    while True:
        kind, size = _FRAME.unpack(await channel.read_exactly(_FRAME.size))
        if size > _LARGEST_FRAME:
            raise ChannelEnded
        payload = await channel.read_exactly(size)
        if kind == _CLOSE_STDIN:
            return
        if kind == _STDIN:
            await take(payload)


async def _sync(tablet: VirtualTablet, channel: Channel) -> None:
    await SyncService(tablet, channel).run()


async def _reboot(tablet: VirtualTablet, _channel: Channel) -> None:
    asyncio.get_running_loop().call_soon(tablet.reboot)


def _refusal(text: str) -> Service:
    async def service(_tablet: VirtualTablet, channel: Channel) -> None:
        await channel.write(text.encode())

    return service


class _Frames:
    """A sink that frames what it gets for one of the streams."""

    def __init__(self, out: Sink, kind: int) -> None:
        self._out = out
        self._kind = kind

    async def write(self, piece: bytes) -> None:
        await self._out.write(_FRAME.pack(self._kind, len(piece)) + piece)


class _CarriageReturns:
    def __init__(self, out: Sink) -> None:
        self._out = out

    async def write(self, piece: bytes) -> None:
        await self._out.write(piece.replace(b"\n", b"\r\n"))
