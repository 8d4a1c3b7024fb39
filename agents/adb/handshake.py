"""From a fresh wire to an authorised peer: CNXN, and AUTH where the device asks for a key.

Tells apart a device that waits for its user, one that speaks TLS only, one that is silent and one
that is no ADB device at all. Opens no stream.
"""

from collections.abc import Callable
from dataclasses import dataclass

from adb_shell.exceptions import InvalidResponseError, TcpTimeoutException

from agents.adb.faults import (
    FRAMING_FAULTS,
    WIRE_FAULTS,
    ConnectionLost,
    reach_fault,
    session_fault,
)
from agents.adb.keys import KeyStore
from agents.adb.packet import (
    MAX_PAYLOAD,
    VERSION_OLDEST,
    VERSION_WITHOUT_CHECKSUM,
    Auth,
    Buffer,
    Command,
    Packet,
)
from agents.adb.transport import Shelf, Wire, read_packet, write_packet
from fleet.bridge import Banner
from fleet.errors import DeviceError

DELAYED_ACK = "delayed_ack"
FEATURES = ("shell_v2", "cmd", "stat_v2", "abb_exec", DELAYED_ACK)
"""What this client really uses; a device offers the rest in vain."""

# No trailing NUL: adbd would take it as part of the last feature's name.
_OUR_BANNER = b"host::features=" + ",".join(FEATURES).encode()
_LEAST_PAYLOAD = 1024
_STALL_S = 5.0


@dataclass(frozen=True, slots=True)
class Peer:
    """What both sides agreed upon."""

    version: int
    max_payload: int
    """Largest payload in bytes, the smaller of both announcements."""
    banner: Banner

    @property
    def checked(self) -> bool:
        """Whether messages carry checksums."""
        return self.version < VERSION_WITHOUT_CHECKSUM

    @property
    def delayed_ack(self) -> bool:
        """Whether acknowledgements carry a credit in bytes."""
        return DELAYED_ACK in self.banner.features and DELAYED_ACK in FEATURES


@dataclass(slots=True)
class Handshake:
    """One attempt on one wire."""

    wire: Wire
    keys: KeyStore
    address: str
    on_prompt: Callable[[], None] | None

    def run(self, answer_by: float, authorised_by: float) -> Peer:
        """Return the peer once it accepts us.

        ``answer_by`` is when its first answers must be there, ``authorised_by`` when its user must
        have decided (both monotonic). Raises the ``DeviceError``s of ``Link.connect``.
        """
        prompted = False
        answered = False
        try:
            self._send(Command.CNXN, VERSION_WITHOUT_CHECKSUM, MAX_PAYLOAD, _OUR_BANNER)
            tokens = 0
            while True:
                answer = read_packet(
                    self.wire,
                    deadline=authorised_by if prompted else answer_by,
                    max_payload=MAX_PAYLOAD,
                    checked=False,
                    shelf=Shelf(),
                )
                answered = True
                if answer.command is Command.CNXN:
                    return _agree(answer)
                if answer.command is not Command.AUTH or answer.arg0 != Auth.TOKEN:
                    raise self._wrong_protocol(answer)
                tokens += 1
                if tokens == 1:
                    signature = self.keys.pair().sign(bytes(answer.payload))
                    self._send(Command.AUTH, Auth.SIGNATURE, 0, signature)
                elif not prompted:
                    prompted = True
                    self._send(Command.AUTH, Auth.PUBLIC_KEY, 0, self.keys.pair().public + b"\0")
                    if self.on_prompt is not None:
                        self.on_prompt()
                else:
                    raise self._unauthorised("refused")
        except WIRE_FAULTS as error:
            raise self._translate(error, prompted=prompted, answered=answered) from error

    def _send(self, command: Command, arg0: int, arg1: int, payload: Buffer) -> None:
        # Checksums are there until the peer has said that it does without.
        write_packet(self.wire, command, arg0, arg1, payload, checked=True, stall_s=_STALL_S)

    def _translate(self, error: BaseException, *, prompted: bool, answered: bool) -> DeviceError:
        if prompted and isinstance(error, TcpTimeoutException):
            return self._unauthorised("unanswered")
        if prompted and isinstance(error, ConnectionLost):
            return self._unauthorised("refused")
        if isinstance(error, (TcpTimeoutException, *FRAMING_FAULTS)):
            return session_fault(error, self.address)
        if answered:
            return session_fault(error, self.address)
        return reach_fault(error, self.address)

    def _unauthorised(self, reason: str) -> DeviceError:
        return DeviceError("device.unauthorised", device=self.address, reason=reason)

    def _wrong_protocol(self, answer: Packet) -> DeviceError:
        # STLS: the port of "Wireless debugging", which wants pairing and TLS (Android 11).
        reason = "stls" if answer.command is Command.STLS else "unexpected_answer"
        return DeviceError("device.protocol", device=self.address, reason=reason)


def parse_banner(raw: Buffer) -> Banner:
    """Read ``device::ro.product.name=x;features=a,b``; older devices end it with a NUL."""
    text = bytes(raw).decode("utf-8", "replace").rstrip("\0")
    state, _, rest = text.partition(":")
    fields = rest.partition(":")[2].split(";")
    properties = dict(field.split("=", 1) for field in fields if "=" in field)
    features = properties.pop("features", "")
    return Banner(state, properties, frozenset(filter(None, features.split(","))))


def _agree(answer: Packet) -> Peer:
    version = min(max(answer.arg0, VERSION_OLDEST), VERSION_WITHOUT_CHECKSUM)
    if answer.arg1 < _LEAST_PAYLOAD:
        raise InvalidResponseError("payload_too_small")
    return Peer(version, min(answer.arg1, MAX_PAYLOAD), parse_banner(answer.payload))
