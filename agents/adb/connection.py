"""One authorised connection: a single reader thread that hands packets to streams by local id.

Any number of threads may hold a stream each. Writes take turns under a lock; a stream's trouble is
its own, the wire's trouble ends every stream at once.
"""

from threading import Lock, Thread, current_thread
from time import monotonic

from adb_shell.exceptions import InvalidCommandError, InvalidResponseError

from agents.adb.faults import WIRE_FAULTS, ConnectionLost, Interrupted, again, session_fault
from agents.adb.handshake import Peer
from agents.adb.packet import MAX_PAYLOAD, Buffer, Command, Packet
from agents.adb.patience import Patience
from agents.adb.stream import WINDOW, Stream
from agents.adb.transport import POLL_S, Shelf, Wire, read_packet, write_packet
from fleet.bridge import CancelToken
from fleet.errors import DeviceError


class Connection:
    """Owns the wire from the handshake on, until ``close``."""

    def __init__(
        self, wire: Wire, peer: Peer, address: str, *, cancel: CancelToken, patience: Patience
    ) -> None:
        self.address = address
        self.peer = peer
        self.patience = patience
        self.max_payload = peer.max_payload
        self.delayed_ack = peer.delayed_ack
        self.shelf = Shelf()
        self._wire = wire
        self._cancel = cancel
        self._turn = Lock()
        self._table = Lock()
        self._streams: dict[int, Stream] = {}
        self._last_id = 0
        self._fault: DeviceError | None = None
        self._is_broken = False
        self._reader = Thread(target=self._read, name=f"adb {address}", daemon=True)
        self._reader.start()

    def offers(self, feature: str) -> bool:
        """Whether the device's banner names ``feature``."""
        return feature in self.peer.banner.features

    def open(self, service: str, deadline: float) -> Stream:
        """Open ``service``; raises ``ServiceRefused`` when the device does not have it."""
        name = service.encode("utf-8", "surrogateescape") + b"\0"
        if len(name) > self.max_payload:
            raise DeviceError("device.protocol", device=self.address, reason="command_too_long")
        stream = self._add(service)
        window = WINDOW if self.delayed_ack else 0
        try:
            self.send(Command.OPEN, stream.local_id, window, name, deadline=deadline)
        except DeviceError:
            self.forget(stream)
            raise
        try:
            stream.wait_open(deadline)
        except DeviceError:
            stream.close()
            raise
        return stream

    def send(
        self, command: Command, arg0: int, arg1: int, *buffers: Buffer, deadline: float
    ) -> None:
        """Write one packet when it is this thread's turn; used by streams.

        ``deadline`` is for the turn. A packet that was begun must end: if the device takes nothing
        for ``patience.stall_s``, the whole connection is given up.
        """
        self._take_turn(deadline)
        try:
            if self._is_broken:
                raise self._why_broken()
            write_packet(
                self._wire,
                command,
                arg0,
                arg1,
                *buffers,
                checked=self.peer.checked,
                stall_s=self.patience.stall_s,
            )
        except OSError as error:
            # What the device said last may still wait to be read: the reader ends the streams.
            self._is_broken = True
            self._wire.shutdown()
            raise session_fault(error, self.address) from error
        except WIRE_FAULTS as error:
            fault = self._fail(error, is_broken=True)
            self._wire.shutdown()
            raise fault from error
        finally:
            self._turn.release()

    def forget(self, stream: Stream) -> None:
        """Stop delivering to ``stream``."""
        with self._table:
            self._streams.pop(stream.local_id, None)

    def close(self) -> None:
        """End the connection; whoever still uses it gets ``device.cancelled``."""
        self._fail(Interrupted(), is_broken=True)
        self._wire.shutdown()
        if self._reader is not current_thread():
            self._reader.join()
        with self._turn:
            self._wire.close()

    def _add(self, service: str) -> Stream:
        if self._cancel.is_cancelled:
            self._fail(Interrupted())
        with self._table:
            if self._fault is not None:
                raise again(self._fault)
            self._last_id = self._last_id % 0xFFFFFFFF + 1
            stream = Stream(self, self._last_id, service)
            self._streams[stream.local_id] = stream
            return stream

    def _take_turn(self, deadline: float) -> None:
        while not self._turn.acquire(timeout=max(0.0, min(POLL_S, deadline - monotonic()))):
            if self._fault is not None:
                raise again(self._fault)
            if monotonic() >= deadline:
                raise DeviceError("device.timeout", device=self.address)

    def _read(self) -> None:
        try:
            while not self._cancel.is_cancelled:
                self._deliver(
                    read_packet(
                        self._wire,
                        deadline=None,
                        max_payload=MAX_PAYLOAD,
                        checked=self.peer.checked,
                        shelf=self.shelf,
                    )
                )
            self._fail(Interrupted())
        except Interrupted as error:
            # The wire still carries: streams can tell the device that they end.
            self._fail(error)
        except WIRE_FAULTS as error:
            self._fail(error, is_broken=True)
            self._wire.shutdown()

    def _deliver(self, packet: Packet) -> None:
        if packet.command not in (Command.OKAY, Command.WRTE, Command.CLSE):
            if packet.command is Command.OPEN:
                return  # a reverse forward, which we never asked for
            raise InvalidCommandError("unexpected_command")
        with self._table:
            stream = self._streams.get(packet.arg1)
        if stream is None:
            return
        if packet.command is Command.WRTE:
            if not stream.on_payload(packet.arg0, packet.payload):
                raise InvalidResponseError("window_exceeded")
        elif packet.command is Command.CLSE:
            stream.on_close(packet.arg0)
            if stream.is_closed:
                self.forget(stream)
        elif not stream.on_okay(packet.arg0, _credit(packet.payload)):
            self.forget(stream)
            self._close_unwanted(packet)

    def _close_unwanted(self, okay: Packet) -> None:
        """Close what the device opened after we had stopped waiting for it."""
        try:
            self.send(
                Command.CLSE, okay.arg1, okay.arg0, deadline=monotonic() + self.patience.stall_s
            )
        except DeviceError:
            return  # its streams know already

    def _why_broken(self) -> DeviceError:
        return again(self._fault or session_fault(ConnectionLost(), self.address))

    def _fail(self, error: BaseException, *, is_broken: bool = False) -> DeviceError:
        """Record the first fault, end every stream with it and return a copy to raise."""
        with self._table:
            if self._fault is None:
                self._fault = session_fault(error, self.address)
            self._is_broken = self._is_broken or is_broken
            fault = self._fault
            streams = list(self._streams.values())
        for stream in streams:
            stream.on_fault(fault)
        return again(fault)


def _credit(payload: Buffer) -> int:
    return int.from_bytes(payload, "little", signed=True) if len(payload) == 4 else 0
