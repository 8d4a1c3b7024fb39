"""A device whose every packet a test writes by hand: what well-behaved ones never send as well."""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self

from agents.adb.bridge import AdbBridge

CNXN, AUTH, STLS, OPEN, OKAY, WRTE, CLSE = (
    int.from_bytes(word, "little")
    for word in (b"CNXN", b"AUTH", b"STLS", b"OPEN", b"OKAY", b"WRTE", b"CLSE")
)
FEATURES = "shell_v2,cmd,stat_v2"
WAIT_S = 10.0

_HEADER = struct.Struct("<6I")


def packet(command: int, arg0: int, arg1: int, payload: bytes, checksum: int = 0) -> bytes:
    """Build one packet, true or not."""
    magic = command ^ 0xFFFFFFFF
    return _HEADER.pack(command, arg0, arg1, len(payload), checksum, magic) + payload


@dataclass
class Message:
    command: int
    arg0: int
    arg1: int
    payload: bytes
    checksum: int


@dataclass
class DeviceEnd:
    """The device's side of one connection."""

    sock: socket.socket
    version: int = 0x01000001
    max_payload: int = 1 << 20
    features: str = FEATURES
    dribble: bool = False
    """Send one byte per system call."""
    window: int | None = None
    """Credit that an OKAY grants; only with delayed_ack."""
    last_id: int = 100
    greeting: Message | None = None

    def receive(self) -> Message:
        command, arg0, arg1, size, checksum, magic = _HEADER.unpack(self._exactly(24))
        assert command ^ 0xFFFFFFFF == magic
        assert size <= self.max_payload
        message = Message(command, arg0, arg1, self._exactly(size), checksum)
        if self.version < 0x01000001 and size:
            assert checksum == sum(message.payload) & 0xFFFFFFFF
        return message

    def expect(self, command: int) -> Message:
        message = self.receive()
        assert message.command == command, f"{message.command:#x} instead of {command:#x}"
        return message

    def send(self, command: int, arg0: int, arg1: int, payload: bytes = b"") -> None:
        checksum = sum(payload) if self.version < 0x01000001 else 0
        self.send_raw(packet(command, arg0, arg1, payload, checksum))

    def send_raw(self, raw: bytes) -> None:
        if not self.dribble:
            self.sock.sendall(raw)
            return
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for position in range(len(raw)):
            self.sock.sendall(raw[position : position + 1])

    def greet(self) -> Self:
        """Take the host's CNXN and answer it without asking for a key."""
        self.greeting = self.expect(CNXN)
        self.accept_host()
        return self

    def accept_host(self) -> None:
        banner = f"device::ro.product.name=p;ro.product.model=SM-T500;features={self.features}"
        self.send(CNXN, self.version, self.max_payload, banner.encode())

    def accept(self) -> "Service":
        """Take the next OPEN and accept it; acknowledgements and CLSE of the past are skipped."""
        opening = self.receive()
        while opening.command in (CLSE, OKAY):
            opening = self.receive()
        assert opening.command == OPEN
        self.last_id += 1
        service = Service(self, self.last_id, opening.arg0, opening.payload, opening.arg1)
        service.okay()
        return service

    def _exactly(self, size: int) -> bytes:
        collected = bytearray()
        while len(collected) < size:
            part = self.sock.recv(size - len(collected))
            if not part:
                raise ConnectionResetError("the host hung up")
            collected += part
        return bytes(collected)


@dataclass
class Service:
    """The device's side of one stream."""

    end: DeviceEnd
    ours: int
    theirs: int
    raw_name: bytes
    window: int
    said: bytearray = field(default_factory=bytearray)

    @property
    def name(self) -> str:
        assert self.raw_name.endswith(b"\0")
        return self.raw_name[:-1].decode()

    def okay(self, credit: int | None = None) -> None:
        granted = self.end.window if credit is None else credit
        payload = b"" if granted is None else struct.pack("<i", granted)
        self.end.send(OKAY, self.ours, self.theirs, payload)

    def say(self, payload: bytes) -> None:
        """Write and wait for the acknowledgement, if there is one for each.

        What the host writes meanwhile is kept.
        """
        self.end.send(WRTE, self.ours, self.theirs, payload)
        if self.end.window is not None:
            return
        while (message := self.end.receive()).command == WRTE:
            self.said += message.payload
            self.okay()
        assert message.command == OKAY, f"{message.command:#x}"

    def hear(self, size: int) -> bytes:
        """Take ``size`` bytes of what the host writes."""
        while len(self.said) < size:
            message = self.end.expect(WRTE)
            assert message.arg1 == self.ours
            self.said += message.payload
            self.okay()
        heard = bytes(self.said[:size])
        del self.said[:size]
        return heard

    def close(self) -> None:
        self.end.send(CLSE, self.ours, self.theirs)

    def expect_close(self) -> None:
        """Wait for the host's CLSE, past whatever it still sends."""
        while (message := self.end.receive()).command != CLSE:
            assert message.command in (OKAY, WRTE)
        assert (message.arg0, message.arg1) == (self.theirs, self.ours)


Script = Callable[[DeviceEnd], None]
Play = Callable[..., "ScriptedDevice"]
Connect = Callable[..., AdbBridge]


class ScriptedDevice:
    """Listens on loopback and plays one script per connection."""

    def __init__(self, script: Script, **options: object) -> None:
        self._script = script
        self._options = options
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[DeviceEnd] = []
        self._thread = Thread(target=self._serve, name="scripted device")
        self.trouble: BaseException | None = None
        self.done = Event()
        """Set when the script came to its end."""
        self._thread.start()

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def stop(self) -> None:
        """Wait for the script's end and raise what failed in it."""
        self._thread.join(WAIT_S)
        self._listener.close()
        for end in self._ends:
            end.sock.close()
        assert not self._thread.is_alive(), "the script still waits for the host"
        if self.trouble is not None:
            raise self.trouble

    def _serve(self) -> None:
        try:
            self._listener.settimeout(WAIT_S)
            sock, _ = self._listener.accept()
            sock.settimeout(WAIT_S)
            end = DeviceEnd(sock, **self._options)  # type: ignore[arg-type]
            self._ends.append(end)
            self._script(end)
        except (OSError, AssertionError) as trouble:
            self.trouble = trouble
        finally:
            self.done.set()
