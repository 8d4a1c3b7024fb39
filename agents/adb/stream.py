"""One stream of a connection: what the device sent for it, and how much it may still be sent.

A stream belongs to one thread; the connection's reader fills it. It is flow control only: what the
bytes mean is for ``shell``, ``sync`` and ``install``.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from threading import Condition
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from agents.adb.faults import ServiceRefused, again
from agents.adb.packet import MAX_PAYLOAD, Buffer, Command
from agents.adb.transport import Shelf
from fleet.errors import DeviceError

WINDOW = 4 * MAX_PAYLOAD
"""Bytes that a device may send ahead of us: enough for 8 ms at 500 MB/s, and a bound on memory."""


class State(Enum):
    """Where a stream is in its life."""

    OPENING = auto()
    OPEN = auto()
    ENDED = auto()
    """The device closed it; what it sent before can still be read."""
    CLOSED = auto()
    """We closed it; whatever still comes is late and ignored."""


class Carrier(Protocol):
    """What a stream needs of its connection."""

    address: str
    max_payload: int
    delayed_ack: bool
    shelf: Shelf

    def send(
        self, command: Command, arg0: int, arg1: int, *buffers: Buffer, deadline: float
    ) -> None: ...

    def forget(self, stream: "Stream") -> None: ...


class Stream:
    """Made by ``Connection.open``; a context manager that always tells the device when it ends."""

    def __init__(self, carrier: Carrier, local_id: int, service: str) -> None:
        self.local_id = local_id
        self.remote_id = 0
        self.service = service
        self._carrier = carrier
        self._changed = Condition()
        self._state = State.OPENING
        self._fault: DeviceError | None = None
        self._inbox: deque[memoryview] = deque()
        self._lent: memoryview | None = None
        self._waiting_bytes = 0
        self._credit = 0
        self._unacknowledged = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait_open(self, deadline: float) -> None:
        """Wait for the device's answer to OPEN."""
        with self._changed:
            self._wait(lambda: self._state is not State.OPENING, deadline)
            if self.remote_id:
                return
            if self._fault is not None:
                raise again(self._fault)
            raise ServiceRefused(self._carrier.address, self.service)

    @property
    def is_closed(self) -> bool:
        """Whether we closed it."""
        return self._state is State.CLOSED

    @property
    def max_write(self) -> int:
        """Bytes that one ``write`` may carry."""
        return self._carrier.max_payload

    def read(self, deadline: float) -> memoryview | None:
        """Take the next payload, valid until the next read; ``None`` once the device closed.

        Raises ``DeviceError``: ``device.timeout`` at ``deadline``, or why the connection ended.
        """
        if self._lent is not None:
            self._carrier.shelf.put_back(self._lent)
            self._lent = None
        with self._changed:
            self._wait(lambda: bool(self._inbox), deadline)
            if not self._inbox:
                if self._fault is not None:
                    raise again(self._fault)
                return None
            payload = self._inbox.popleft()
            self._waiting_bytes -= len(payload)
            owes_ack = self._state is State.OPEN and self._fault is None
        if owes_ack:
            # A device that dies now has still delivered: the next read tells.
            with suppress(DeviceError):
                self._acknowledge(len(payload), deadline)
        self._lent = payload
        return payload

    def write(self, *buffers: Buffer, deadline: float, unless_input: bool = False) -> bool:
        """Send one payload of at most ``max_write`` bytes once the device is ready for it.

        False when nothing was sent because the device closed the stream or, with
        ``unless_input``, because it has said something first: an early failure.
        """
        size = sum(map(len, buffers))
        if size > self.max_write:
            raise ValueError(f"a payload of {size} bytes is more than the device takes")
        with self._changed:
            self._wait(lambda: self._credit > 0 or (unless_input and bool(self._inbox)), deadline)
            if unless_input and self._inbox:
                return False
            if self._fault is not None:
                raise again(self._fault)
            if self._state is not State.OPEN:
                return False
            self._credit -= size if self._carrier.delayed_ack else 1
        self._carrier.send(Command.WRTE, self.local_id, self.remote_id, *buffers, deadline=deadline)
        return True

    def close(self) -> None:
        """End the stream and tell the device; never raises, may be called twice."""
        with self._changed:
            if self._state is State.CLOSED:
                return
            # Without an answer to OPEN there is no id to close yet: ``on_okay`` asks for it later.
            is_open_there = self.remote_id != 0
            answered = self._state is not State.OPENING
            self._state = State.CLOSED
            self._inbox.clear()
        if answered or self._fault is not None:
            self._carrier.forget(self)
        if is_open_there:
            with suppress(DeviceError):
                self._carrier.send(
                    Command.CLSE, self.local_id, self.remote_id, deadline=monotonic() + _CLOSE_S
                )

    # What follows is called by the connection's reader.

    def on_okay(self, remote_id: int, credit: int) -> bool:
        """Note that the device is ready; false when it opened a stream nobody wants any more."""
        with self._changed:
            if self._state is State.CLOSED:
                return self.remote_id != 0
            if self._state is State.OPENING:
                self.remote_id = remote_id
                self._state = State.OPEN
            if remote_id == self.remote_id:
                self._credit = self._credit + credit if self._carrier.delayed_ack else 1
                self._changed.notify_all()
        return True

    def on_payload(self, remote_id: int, payload: memoryview) -> bool:
        """Queue what the device sent; false when it sends more than it was allowed to."""
        with self._changed:
            if self._state is not State.OPEN or remote_id != self.remote_id:
                return True
            self._inbox.append(payload)
            self._waiting_bytes += len(payload)
            self._changed.notify_all()
            return self._waiting_bytes <= WINDOW + MAX_PAYLOAD

    def on_close(self, remote_id: int) -> None:
        """Note that the device closed the stream, or refused to open it (``remote_id`` 0)."""
        with self._changed:
            if self._state is State.OPENING or (
                self._state is State.OPEN and remote_id in (0, self.remote_id)
            ):
                self._state = State.ENDED
                self._changed.notify_all()

    def on_fault(self, fault: DeviceError) -> None:
        """Note that the connection ended."""
        with self._changed:
            self._fault = fault
            self._changed.notify_all()

    def _wait(self, ready: Callable[[], bool], deadline: float) -> None:
        """Wait until ``ready``, or the stream or its connection is over; holds the lock."""

        def is_over() -> bool:
            return ready() or self._fault is not None or self._state in _OVER

        if not self._changed.wait_for(is_over, max(0.0, deadline - monotonic())):
            raise DeviceError("device.timeout", device=self._carrier.address)

    def _acknowledge(self, size: int, deadline: float) -> None:
        if not self._carrier.delayed_ack:
            self._carrier.send(Command.OKAY, self.local_id, self.remote_id, deadline=deadline)
            return
        self._unacknowledged += size
        if self._unacknowledged >= WINDOW // 4:
            credit = self._unacknowledged.to_bytes(4, "little", signed=True)
            self._unacknowledged = 0
            self._carrier.send(
                Command.OKAY, self.local_id, self.remote_id, credit, deadline=deadline
            )


_OVER = (State.ENDED, State.CLOSED)
_CLOSE_S = 2.0
