"""The ``sync:`` service: push, pull, stat and list, versions 1 and 2.

Source: AOSP docs/dev/sync.md and daemon/file_sync_service.cpp, whose words are used for failures.
"""

import asyncio
import struct

from agents.virtual.channel import Channel, ChannelEnded
from agents.virtual.device import VirtualTablet
from agents.virtual.files import FileWriter
from agents.virtual.inodes import ENOENT, Directory, File, Node, PosixError

_LARGEST_DATA = 64 * 1024
_LONGEST_PATH = 1024
_STAT = struct.Struct("<4sIII")
_STAT_V2 = struct.Struct("<4sIQQIIIIQqqq")
_DENT = struct.Struct("<4sIIII")
_DENT_V2 = struct.Struct("<4sIQQIIIIQqqqI")
_SYMLINK = 0o120000


class SyncService:
    """Serves requests of one stream until QUIT or its end."""

    def __init__(self, tablet: VirtualTablet, channel: Channel) -> None:
        self._tablet = tablet
        self._files = tablet.files
        self._channel = channel

    async def run(self) -> None:
        try:
            while await self._request():
                pass
        except ChannelEnded:
            return

    async def _request(self) -> bool:
        """One request; whether another may follow."""
        header = await self._channel.read(8)
        if not header:
            return False
        if len(header) < 8:
            header += await self._channel.read_exactly(8 - len(header))
        name, size = header[:4], int.from_bytes(header[4:], "little")
        if name == b"QUIT":
            return False
        if size > _LONGEST_PATH:
            await self._fail("invalid namelen")
            return False
        path = (await self._channel.read_exactly(size)).decode("utf-8", "surrogateescape")
        match name:
            case b"STAT":
                await self._stat(path)
            case b"STA2" | b"LST2":
                await self._stat_v2(name, path)
            case b"LIST" | b"LIS2":
                await self._list(name, path)
            case b"SEND":
                await self._receive(path)
            case b"RECV":
                await self._send(path)
            case _:
                await self._fail(f"unknown command {int.from_bytes(name, 'little'):08x}")
                return False
        return True

    async def _fail(self, text: str) -> None:
        message = text.encode("utf-8", "surrogateescape")
        await self._channel.write(b"FAIL" + len(message).to_bytes(4, "little") + message)

    async def _stat(self, path: str) -> None:
        try:
            node = self._files.node(path, follow=False)
        except PosixError:
            await self._channel.write(_STAT.pack(b"STAT", 0, 0, 0))
            return
        await self._channel.write(
            _STAT.pack(b"STAT", _mode(node), node.size & 0xFFFFFFFF, node.mtime & 0xFFFFFFFF)
        )

    async def _stat_v2(self, name: bytes, path: str) -> None:
        try:
            node = self._files.node(path, follow=name == b"STA2")
        except PosixError as error:
            await self._channel.write(_STAT_V2.pack(name, error.number, *(0,) * 10))
            return
        await self._channel.write(_STAT_V2.pack(name, 0, *_stat_fields(node)))

    async def _list(self, name: bytes, path: str) -> None:
        is_v2 = name == b"LIS2"
        try:
            found = self._files.listing(path)
        except PosixError:
            found = []
        for child, node in found:
            encoded = child.encode("utf-8", "surrogateescape")
            if is_v2:
                entry = _DENT_V2.pack(b"DNT2", 0, *_stat_fields(node), len(encoded))
            else:
                size, mtime = node.size & 0xFFFFFFFF, node.mtime & 0xFFFFFFFF
                entry = _DENT.pack(b"DENT", _mode(node), size, mtime, len(encoded))
            await self._channel.write(entry + encoded)
        end = _DENT_V2.size if is_v2 else _DENT.size
        await self._channel.write(b"DONE".ljust(end, b"\0"))

    async def _receive(self, request: str) -> None:
        """SEND: the host sends. After a failure its data is read on and dropped, up to DONE."""
        path, comma, word = request.rpartition(",")
        mode = int(word) if word.isascii() and word.isdecimal() and len(word) < 8 else None
        if not comma or mode is None:
            await self._fail("missing , in ID_SEND" if not comma else "bad mode")
            raise ChannelEnded
        is_link = mode & 0o170000 == _SYMLINK
        target = bytearray()
        writer: FileWriter | None = None
        failure = ""
        try:
            writer, failure = (None, "") if is_link else self._create(path, mode & 0o777)
            if failure:
                await self._fail(failure)
            while True:
                header = await self._channel.read_exactly(8)
                name, size = header[:4], int.from_bytes(header[4:], "little")
                if name == b"DONE":
                    break
                if name != b"DATA" or size > _LARGEST_DATA:
                    await self._fail(
                        "oversize data message" if name == b"DATA" else "invalid data message"
                    )
                    raise ChannelEnded
                piece = await self._channel.read_exactly(size)
                if is_link:
                    target += piece[: _LONGEST_PATH - len(target)]
                elif writer is not None:
                    try:
                        writer.write(piece)
                    except PosixError as error:
                        failure = f"write failed: {error.text}"
                        self._drop(writer, path)
                        writer = None
                        await self._fail(failure)
            if writer is not None:
                writer.close(mtime=size)
                writer = None
        finally:
            if writer is not None:
                self._drop(writer, path)
        if is_link:
            failure = self._link(path, bytes(target))
            if failure:
                await self._fail(failure)
        if not failure:
            await self._channel.write(b"OKAY\0\0\0\0")

    def _create(self, path: str, mode: int) -> tuple[FileWriter | None, str]:
        """An open file, whose directories are made as adbd does, or adbd's failure."""
        try:
            try:
                return self._files.create(path, mode=mode), ""
            except PosixError as error:
                if error.number != ENOENT:
                    raise
            try:
                self._files.make_directories(path.rpartition("/")[0] or "/", mode=0o775)
            except PosixError as error:
                return None, f"secure_mkdirs failed: {error.text}"
            return self._files.create(path, mode=mode), ""
        except PosixError as error:
            return None, f"couldn't create file: {error.text}"

    def _link(self, path: str, target: bytes) -> str:
        try:
            self._files.make_link(path, target.rstrip(b"\0").decode("utf-8", "surrogateescape"))
        except PosixError as error:
            return f"couldn't create symlink: {error.text}"
        return ""

    def _drop(self, writer: FileWriter, path: str) -> None:
        """A file that did not arrive whole is unlinked."""
        writer.abandon()
        try:
            self._files.remove(path)
        except PosixError:
            return

    async def _send(self, path: str) -> None:
        """RECV: the host receives."""
        try:
            if isinstance(self._files.node(path), Directory):
                await self._fail("read failed: Is a directory")
                return
            stream = self._files.open(path)
        except PosixError as error:
            await self._fail(f"open failed: {error.text}")
            return
        with stream:
            while piece := stream.read(_LARGEST_DATA):
                await self._channel.write(b"DATA" + len(piece).to_bytes(4, "little") + piece)
                await asyncio.sleep(0)
        await self._channel.write(b"DONE\0\0\0\0")


def _mode(node: Node) -> int:
    return node.type_bits | node.mode


def _stat_fields(node: Node) -> tuple[int, ...]:
    """dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime."""
    links = 2 if isinstance(node, Directory) else 1
    inode = id(node) & 0xFFFFFFFF if isinstance(node, File) else 1
    times = (node.mtime,) * 3
    return (0xFD05, inode, _mode(node), links, node.uid, node.gid, node.size, *times)
