"""The ``sync:`` service: requests for single files and their answers, as the device words them.

Reads and writes no local file but the descriptor it is given; ``files`` does the rest. Source: AOSP
packages/modules/adb/docs/dev/sync.md.
"""

import errno
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

from agents.adb.connection import Connection
from agents.adb.packet import Buffer
from fleet.bridge import Progress
from fleet.errors import DeviceError

MAX_DATA = 64 * 1024
"""Largest DATA that a device takes; it refuses more as an oversize data message."""

_HEAD = struct.Struct("<4sI")
_STAT_1 = struct.Struct("<4s3I")
_STAT_2 = struct.Struct("<4sI2Q4IQ3q")
_LONGEST_REASON = 4096


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What the device says of a path."""

    mode: int
    """Type and permissions, as in ``stat.st_mode``."""
    size: int
    """Bytes."""
    mtime: int
    """Seconds since 1970."""

    @property
    def is_regular(self) -> bool:
        """Whether it is a plain file."""
        return stat.S_ISREG(self.mode)


class SyncSession:
    """One ``sync:`` stream; several requests may follow each other on it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._has_stat_2 = connection.offers("stat_v2")
        self._rest = memoryview(b"")
        self._stream = connection.open("sync:", self._deadline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def stat(self, path: str) -> RemoteFile | None:
        """Ask for a path's type, size and time; ``None`` when nothing is there.

        Links are followed where the device can (``stat_v2``); older ones describe the link and
        give sizes modulo 4 GiB.
        """
        self._request(b"STA2" if self._has_stat_2 else b"STAT", _encode(path))
        if not self._has_stat_2:
            kind, mode, size, mtime = _STAT_1.unpack(self._exactly(_STAT_1.size))
            if kind != b"STAT":
                raise self._wrong_answer()
            return RemoteFile(mode, size, mtime) if mode or size or mtime else None
        fields = _STAT_2.unpack(self._exactly(_STAT_2.size))
        kind, number, mode, size, mtime = fields[0], fields[1], fields[4], fields[8], fields[10]
        if kind != b"STA2":
            raise self._wrong_answer()
        if number in (errno.ENOENT, errno.ENOTDIR):
            return None
        if number:
            raise self._refused(errno.errorcode.get(number, str(number)))
        return RemoteFile(mode, size, mtime)

    def send(
        self, descriptor: int, *, target: str, mode: int, mtime: int, progress: Progress | None
    ) -> int:
        """Write the open file ``descriptor`` to ``target``; bytes sent.

        Ends as soon as the device refuses, with its own words in ``device.remote``.
        """
        size = os.fstat(descriptor).st_size
        name = _encode(target) + b",%d" % (stat.S_IFREG | mode)
        head = _HEAD.pack(b"SEND", len(name)) + name
        tail = _HEAD.pack(b"DONE", mtime & 0xFFFFFFFF)
        sent = 0
        for buffers, sent in _frames(descriptor, size, head, tail, self._stream.max_write):
            if not self._stream.write(*buffers, deadline=self._deadline(), unless_input=True):
                self._expect_okay()
                raise self._wrong_answer()
            if progress is not None:
                progress(sent, size)
        self._expect_okay()
        return sent

    def receive(self, source: str) -> Iterator[memoryview]:
        """Read a file in parts, each valid until the next; done when the device said so."""
        self._request(b"RECV", _encode(source))
        while True:
            kind, length = self._head()
            if kind == b"DONE":
                return
            if kind != b"DATA":
                raise self._wrong_answer()
            while length:
                part = self._some(length)
                length -= len(part)
                yield part

    def _request(self, kind: bytes, path: bytes) -> None:
        if not self._stream.write(_HEAD.pack(kind, len(path)), path, deadline=self._deadline()):
            raise self._wrong_answer()

    def _expect_okay(self) -> None:
        kind, _ = self._head()
        if kind != b"OKAY":
            raise self._wrong_answer()

    def _head(self) -> tuple[bytes, int]:
        """Read the head of an answer; a FAIL is raised with its reason."""
        kind, length = _HEAD.unpack(self._exactly(_HEAD.size))
        if kind == b"FAIL":
            reason = self._exactly(min(length, _LONGEST_REASON)).decode("utf-8", "replace")
            raise self._refused(reason.strip())
        return kind, length

    def _exactly(self, size: int) -> bytes:
        collected = bytearray()
        while len(collected) < size:
            collected += self._some(size - len(collected))
        return bytes(collected)

    def _some(self, limit: int) -> memoryview:
        """Take between 1 and ``limit`` bytes, however the device cut its payloads."""
        while not self._rest:
            payload = self._stream.read(self._deadline())
            if payload is None:
                raise self._wrong_answer("stream_closed")
            self._rest = payload
        part = self._rest[:limit]
        self._rest = self._rest[limit:]
        return part

    def _deadline(self) -> float:
        return monotonic() + self._connection.patience.stall_s

    def _refused(self, reason: str) -> DeviceError:
        return DeviceError("device.remote", device=self._connection.address, reason=reason)

    def _wrong_answer(self, reason: str = "unexpected_answer") -> DeviceError:
        return DeviceError("device.protocol", device=self._connection.address, reason=reason)


def _frames(
    descriptor: int, size: int, head: bytes, tail: bytes, room: int
) -> Iterator[tuple[list[Buffer], int]]:
    """Cut a file into payloads of at most ``room`` bytes, with the bytes of the file so far.

    One buffer is filled again and again: the DATA heads stand in it already, so the file is read
    straight into its place (15 x 64 KiB for a payload of 1 MiB). A file that shrinks is sent as far
    as it goes.
    """
    chunk = min(MAX_DATA, room - _HEAD.size)
    step = chunk + _HEAD.size
    frame = bytearray(room // step * step)
    view = memoryview(frame)
    bodies = [view[start + _HEAD.size : start + step] for start in range(0, len(frame), step)]
    pending: list[Buffer] = [head]
    done = 0
    while done < size:
        for start in range(0, len(frame), step):
            _HEAD.pack_into(frame, start, b"DATA", chunk)
        count = min(os.preadv(descriptor, bodies, done), size - done)
        if not count:
            break
        whole, part = divmod(count, chunk)
        used = whole * step
        if part:
            _HEAD.pack_into(frame, used, b"DATA", part)
            used += _HEAD.size + part
        if pending and len(pending[0]) + used > room:
            yield pending, done
            pending = []
        pending.append(view[:used])
        done += count
        if done < size:
            yield pending, done
            pending = []
    if sum(map(len, pending)) + len(tail) > room:
        yield pending, done
        pending = []
    pending.append(tail)
    yield pending, done


def _encode(path: str) -> bytes:
    if "\0" in path:
        raise ValueError("a path cannot carry a NUL byte")
    return path.encode("utf-8", "surrogateescape")
