"""The link as the rest of Ardoise sees it: ``TcpLink`` opens bridges to tablets over TCP.

``fleet.bridge`` says what is promised; each module beside this one keeps one part of it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from agents.adb import files, install, shell
from agents.adb.address import Address, parse_address
from agents.adb.connection import Connection
from agents.adb.faults import WIRE_FAULTS, reach_fault
from agents.adb.handshake import Handshake
from agents.adb.keys import KeyStore
from agents.adb.patience import Patience
from agents.adb.sync import RemoteFile
from agents.adb.transport import TcpWire
from fleet.bridge import Banner, Bridge, CancelToken, Progress, ShellResult

__all__ = [
    "AdbBridge",
    "Address",
    "KeyStore",
    "Patience",
    "RemoteFile",
    "TcpLink",
    "parse_address",
]


class AdbBridge(Bridge):
    """One authorised device; any number of threads may use it at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def address(self) -> str:
        return self._connection.address

    @property
    def banner(self) -> Banner:
        return self._connection.peer.banner

    def shell(self, command: str, *, timeout_s: float = 30.0) -> ShellResult:
        return shell.run(self._connection, command, timeout_s=timeout_s)

    def push(
        self, source: Path, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> int:
        return files.push(self._connection, source, target, mode=mode, progress=progress)

    def pull(self, source: str, target: Path, *, progress: Progress | None = None) -> int:
        return files.pull(self._connection, source, target, progress=progress)

    def stat(self, path: str) -> RemoteFile | None:
        """Ask for a path's type, size and time; ``None`` when nothing is there."""
        return files.stat(self._connection, path)

    def install(
        self, apk: Path, *, options: Sequence[str] = (), progress: Progress | None = None
    ) -> str:
        return install.install(self._connection, apk, options=options, progress=progress)

    def close(self) -> None:
        self._connection.close()


class TcpLink:
    """A ``fleet.bridge.Link`` over TCP, with one key for the whole fleet."""

    def __init__(self, keys: KeyStore, *, patience: Patience | None = None) -> None:
        self._keys = keys
        self._patience = patience or Patience()

    def connect(
        self,
        address: str,
        *,
        timeout_s: float = 10.0,
        on_prompt: Callable[[], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> AdbBridge:
        """Connect and authorise, as ``fleet.bridge.Link`` says.

        ``timeout_s`` includes the person's time to press Allow; a device that does not answer at
        all is given up after ``Patience.reach_s``. ``cancel`` also ends everything that the bridge
        does later. Raises ``InvalidInput`` (``device.address``) besides.
        """
        place = parse_address(address)
        token = cancel or CancelToken()
        begun = monotonic()
        answer_by = begun + min(timeout_s, self._patience.reach_s)
        wire = TcpWire(place.host, place.port, lambda: token.is_cancelled)
        try:
            wire.connect(answer_by - begun)
            handshake = Handshake(wire, self._keys, str(place), on_prompt)
            peer = handshake.run(answer_by, begun + timeout_s)
        except WIRE_FAULTS as error:
            wire.close()
            raise reach_fault(error, str(place)) from error
        except BaseException:
            wire.close()
            raise
        return AdbBridge(Connection(wire, peer, str(place), cancel=token, patience=self._patience))
