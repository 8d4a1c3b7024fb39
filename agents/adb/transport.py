"""The wire of one device: adb-shell's TCP transport with its reads, writes and close made whole.

adb-shell 0.4.4 sends once and forgets the rest, spins at end of file and stalls on Nagle's
algorithm. Carries packets; knows nothing of streams or services.
"""

import errno
import select
import socket
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, Protocol

from adb_shell.exceptions import InvalidChecksumError, TcpTimeoutException
from adb_shell.transport.tcp_transport import TcpTransport

from agents.adb.faults import ConnectionLost, Interrupted
from agents.adb.packet import (
    HEADER_SIZE,
    MAX_PAYLOAD,
    Buffer,
    Command,
    Packet,
    byte_sum,
    pack_header,
    parse_header,
)

POLL_S = 0.25
"""How long a wait on the network may last before it looks whether it should stop."""

_SIGNS_OF_LIFE = {
    "TCP_KEEPIDLE": 10,
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 3,
    # Keep-alives stop while sent data waits for an answer; this limit, in ms, does not.
    "TCP_USER_TIMEOUT": 30_000,
}

_Found = tuple[int, int, int, str, Any]


class Wire(Protocol):
    """What a connection needs of a transport; a USB transport will offer the same."""

    def read_into(self, view: memoryview, deadline: float | None) -> None:
        """Fill ``view``, waiting until ``deadline`` (monotonic) or for ever."""

    def write(self, buffers: Sequence[Buffer], stall_s: float) -> None:
        """Send everything; give up when the device takes nothing for ``stall_s``."""

    def shutdown(self) -> None:
        """Wake whoever reads or writes: nothing more will pass."""

    def close(self) -> None:
        """Let go of the transport; only when nobody reads or writes any more."""


class TcpWire(TcpTransport):  # type: ignore[misc]  # adb-shell ships no types
    """A ``Wire`` over TCP. ``interrupted`` is asked every ``POLL_S`` of waiting."""

    def __init__(self, host: str, port: int, interrupted: Callable[[], bool]) -> None:
        super().__init__(host, port)
        self._interrupted = interrupted
        self._connection: socket.socket | None = None

    def connect(self, transport_timeout_s: float) -> None:
        """Connect to the first address that answers.

        Raises ``OSError``, adb-shell's ``TcpTimeoutException`` or ``Interrupted``.
        """
        deadline = monotonic() + transport_timeout_s
        found = self._resolve(deadline)
        trouble: Exception = ConnectionLost(errno.EADDRNOTAVAIL, "no address")
        for tried, (family, kind, protocol, _, address) in enumerate(found):
            share_s = (deadline - monotonic()) / (len(found) - tried)
            sock = socket.socket(family, kind, protocol)
            try:
                self._dial(sock, address, monotonic() + share_s)
                _tune(sock)
            except (OSError, TcpTimeoutException) as error:
                sock.close()
                trouble = error
            except Interrupted:
                sock.close()
                raise
            else:
                self._connection = sock
                return
        raise trouble

    def read_into(self, view: memoryview, deadline: float | None) -> None:
        sock = self._open_socket()
        filled = 0
        while filled < len(view):
            try:
                count = sock.recv_into(view[filled:])
            except TimeoutError as error:
                if error.errno is not None:  # ETIMEDOUT: the keep-alive found nobody
                    raise
                self._pause(deadline)
                continue
            if not count:
                raise ConnectionLost(errno.ECONNRESET, "end of file")
            filled += count

    def write(self, buffers: Sequence[Buffer], stall_s: float) -> None:
        sock = self._open_socket()
        rest = [memoryview(buffer) for buffer in buffers if len(buffer)]
        deadline = monotonic() + stall_s
        while rest:
            try:
                count = sock.sendmsg(rest)
            except TimeoutError as error:
                if error.errno is not None:
                    raise
                self._pause(deadline)
                continue
            deadline = monotonic() + stall_s
            while rest and count >= len(rest[0]):
                count -= len(rest.pop(0))
            if rest:
                rest[0] = rest[0][count:]

    def bulk_read(self, numbytes: int, transport_timeout_s: float | None) -> bytes:
        data = bytearray(numbytes)
        self.read_into(memoryview(data), _deadline(transport_timeout_s))
        return bytes(data)

    def bulk_write(self, data: Buffer, transport_timeout_s: float | None) -> int:
        self.write([data], float("inf") if transport_timeout_s is None else transport_timeout_s)
        return len(data)

    def shutdown(self) -> None:
        if self._connection is not None:
            try:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was faster

    def _open_socket(self) -> socket.socket:
        if self._connection is None:
            raise ConnectionLost(errno.ENOTCONN, "closed")
        return self._connection

    def _pause(self, deadline: float | None) -> None:
        if self._interrupted():
            raise Interrupted
        if deadline is not None and monotonic() >= deadline:
            raise TcpTimeoutException("deadline passed")

    def _resolve(self, deadline: float) -> Sequence[_Found]:
        """Resolve the name in a thread of its own: the system's resolver cannot be interrupted."""
        answers: SimpleQueue[Sequence[_Found] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM))
            except OSError as error:
                answers.put(error)

        Thread(target=ask, name=f"resolve {self._host}", daemon=True).start()
        while True:
            try:
                answer = answers.get(timeout=POLL_S)
            except Empty:
                self._pause(deadline)
                continue
            if isinstance(answer, OSError):
                raise answer
            return answer

    def _dial(self, sock: socket.socket, address: Any, deadline: float) -> None:
        sock.setblocking(False)
        number = sock.connect_ex(address)
        if number not in (0, errno.EINPROGRESS):
            raise OSError(number, "connect")
        waiting = select.poll()
        waiting.register(sock, select.POLLOUT)
        while not waiting.poll(int(POLL_S * 1000)):
            self._pause(deadline)
        if number := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(number, "connect")


class Shelf:
    """Large buffers kept for the next payloads: fresh memory costs more than the copy into it."""

    def __init__(self) -> None:
        self._buffers: list[bytearray] = []

    def take(self, size: int) -> memoryview:
        """Return room for a payload."""
        if size < _WORTH_KEEPING:
            return memoryview(bytearray(size))
        buffer = self._buffers.pop() if self._buffers else bytearray(MAX_PAYLOAD)
        return memoryview(buffer)[:size]

    def put_back(self, payload: memoryview) -> None:
        """Let the next payload overwrite this one."""
        buffer = payload.obj
        if (
            isinstance(buffer, bytearray)
            and len(buffer) == MAX_PAYLOAD
            and len(self._buffers) < _MOST_KEPT
        ):
            self._buffers.append(buffer)


_WORTH_KEEPING = 64 * 1024
_MOST_KEPT = 4


def read_packet(
    wire: Wire, *, deadline: float | None, max_payload: int, checked: bool, shelf: Shelf
) -> Packet:
    """Read one message; ``checked`` says that the peer is old enough to carry checksums."""
    head = bytearray(HEADER_SIZE)
    wire.read_into(memoryview(head), deadline)
    header = parse_header(head, max_payload=max_payload)
    payload = shelf.take(header.length)
    if header.length:
        wire.read_into(payload, deadline)
    if checked and byte_sum([payload]) != header.checksum:
        raise InvalidChecksumError("bad_checksum")
    return Packet(header.command, header.arg0, header.arg1, payload)


def write_packet(
    wire: Wire,
    command: Command,
    arg0: int,
    arg1: int,
    *buffers: Buffer,
    checked: bool,
    stall_s: float,
) -> None:
    """Write one message, header and payload in one system call when the kernel has room."""
    length = sum(map(len, buffers))
    checksum = byte_sum(buffers) if checked else 0
    wire.write([pack_header(command, arg0, arg1, length, checksum), *buffers], stall_s)


def _deadline(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else monotonic() + timeout_s


def _tune(sock: socket.socket) -> None:
    """Prepare a connected socket: no Nagle delay, a dead peer noticed within half a minute."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SIGNS_OF_LIFE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    # One timeout for both directions, set once: it is shared by the reader and the writers.
    sock.settimeout(POLL_S)
