"""Commands in the device's shell: exit code, standard output and standard error apart.

Shell v2 (Android 7) frames the three; on older devices a marker carries the exit code and standard
error is mixed into the output, since they have nothing better. Quotes nothing: the caller does.
"""

import re
import secrets
from contextlib import suppress
from enum import IntEnum
from time import monotonic

from agents.adb.connection import Connection
from agents.adb.packet import Buffer
from agents.adb.stream import Stream
from fleet.bridge import ShellResult, quote
from fleet.errors import DeviceError

MAX_OUTPUT = 64 * 1024 * 1024
"""Bytes of output after which a command is stopped: something runs wild."""


class Frame(IntEnum):
    """Kinds of shell v2 frames (AOSP packages/modules/adb/shell_protocol.h)."""

    STDIN = 0
    STDOUT = 1
    STDERR = 2
    EXIT = 3
    CLOSE_STDIN = 4


_NO_INPUT = bytes([Frame.CLOSE_STDIN, 0, 0, 0, 0])
_FRAME_HEADER = 5


def run(connection: Connection, command: str, *, timeout_s: float) -> ShellResult:
    """Run ``command`` with an empty standard input, within ``timeout_s`` in all.

    The remote process is told to end when the time is up. Raises ``DeviceError``, with
    ``device.protocol`` (``no_exit_code``) when the device hid how the command ended.
    """
    if "\0" in command:
        raise ValueError("a command line cannot carry a NUL byte")
    deadline = monotonic() + timeout_s
    if connection.offers("shell_v2"):
        return _run_framed(connection, command, deadline)
    return _run_marked(connection, command, deadline)


class Demultiplexer:
    """Sorts shell v2 frames, however the device cut them."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.err = bytearray()
        self.code: int | None = None
        self._header = bytearray()
        self._missing = 0

    def feed(self, chunk: Buffer) -> None:
        """Take the next bytes of the stream."""
        view = memoryview(chunk)
        while view:
            if self._missing == 0:
                wanted = _FRAME_HEADER - len(self._header)
                self._header += view[:wanted]
                view = view[wanted:]
                if len(self._header) == _FRAME_HEADER:
                    self._missing = int.from_bytes(self._header[1:], "little")
                    if self._missing == 0:
                        self._header.clear()
                continue
            part = view[: self._missing]
            view = view[len(part) :]
            self._missing -= len(part)
            self._sort(part)
            if self._missing == 0:
                self._header.clear()

    def _sort(self, part: memoryview) -> None:
        kind = self._header[0]
        if kind == Frame.STDOUT:
            self.out += part
        elif kind == Frame.STDERR:
            self.err += part
        elif kind == Frame.EXIT and self.code is None:
            self.code = part[0]


def split_marked(raw: bytes, marker: bytes) -> tuple[int, bytes] | None:
    """Take the exit code off the end of ``raw``, as ``MARKER<code>`` and a line's end.

    The old shell service runs on a terminal that turned each ``\\n`` into ``\\r\\n``; the marker's
    own line tells whether it did, and it is undone then.
    """
    found = re.search(re.escape(marker) + rb"(\d{1,3})(\r*\n)\s*\Z", raw)
    if found is None:
        return None
    output = raw[: found.start()]
    if found[2] != b"\n":
        output = output.replace(found[2], b"\n")
    return int(found[1]), output


def _run_framed(connection: Connection, command: str, deadline: float) -> ShellResult:
    frames = Demultiplexer()
    with connection.open(f"shell,v2,raw:{command}", deadline) as stream:
        # A command that reads must see the end of its input, not wait for ever. If the device died
        # meanwhile, what it said before still counts: reading tells.
        with suppress(DeviceError):
            stream.write(_NO_INPUT, deadline=deadline)
        while frames.code is None and (chunk := stream.read(deadline)) is not None:
            frames.feed(chunk)
            _refuse_flood(connection, len(frames.out) + len(frames.err))
    if frames.code is None:
        raise _no_exit_code(connection)
    return ShellResult(frames.code, _decode(frames.out), _decode(frames.err))


def _run_marked(connection: Connection, command: str, deadline: float) -> ShellResult:
    # The inner shell keeps `exit`, comments and syntax errors of the command to itself.
    marker = f"exit-{secrets.token_hex(4)}:"
    service = f"shell:sh -c {quote(command)}; echo {marker}$?"
    with connection.open(service, deadline) as stream:
        raw = read_all(connection, stream, deadline)
    marked = split_marked(raw, marker.encode())
    if marked is None:
        raise _no_exit_code(connection)
    return ShellResult(marked[0], _decode(marked[1]), "")


def read_all(connection: Connection, stream: Stream, deadline: float) -> bytes:
    """Read ``stream`` to its end."""
    raw = bytearray()
    while (chunk := stream.read(deadline)) is not None:
        raw += chunk
        _refuse_flood(connection, len(raw))
    return bytes(raw)


def _refuse_flood(connection: Connection, size: int) -> None:
    if size > MAX_OUTPUT:
        raise DeviceError("device.protocol", device=connection.address, reason="too_much_output")


def _no_exit_code(connection: Connection) -> DeviceError:
    return DeviceError("device.protocol", device=connection.address, reason="no_exit_code")


def _decode(raw: bytes | bytearray) -> str:
    return raw.decode("utf-8", "replace")
