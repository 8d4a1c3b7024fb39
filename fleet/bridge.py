"""The port to one connected device: what the bench asks of a tablet, whatever the wire.

``agents.adb`` implements it over TCP (and USB later); tests and the demo use the same
implementation against virtual tablets, so there is no second, gentler path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; must return quickly."""


@dataclass(frozen=True, slots=True)
class ShellResult:
    """What a command on the device left behind."""

    code: int
    """Exit code, 0 to 255."""
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Banner:
    """What a device says of itself when it accepts the connection."""

    state: str
    """``device``, ``recovery``, ``sideload`` …"""
    properties: Mapping[str, str]
    """``ro.product.model`` and its like."""
    features: frozenset[str]


class CancelToken:
    """Asks running device work to stop; safe to fire from any thread."""

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Fire: every call that holds this token ends with ``device.cancelled`` soon after."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds``; true when the token was fired."""
        return self._event.wait(seconds)


class Bridge(Protocol):
    """One authorised connection to one device. Every call raises ``DeviceError`` on trouble."""

    @property
    def address(self) -> str:
        """Where the device is: ``127.0.0.1:7000``."""

    @property
    def banner(self) -> Banner: ...

    def shell(self, command: str, *, timeout_s: float = 30.0) -> ShellResult:
        """Run ``command`` in the device's shell; the caller quotes its words (``quote``)."""

    def push(
        self, source: Path, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> int:
        """Copy a local file to the device, keeping its modification time; bytes sent."""

    def pull(self, source: str, target: Path, *, progress: Progress | None = None) -> int:
        """Copy a file from the device; nothing is left at ``target`` unless it arrived whole."""

    def install(
        self, apk: Path, *, options: Sequence[str] = (), progress: Progress | None = None
    ) -> str:
        """Stream an APK to the package service; its line of success, or ``install_refused``."""

    def close(self) -> None: ...


class Link(Protocol):
    """Opens bridges."""

    def connect(
        self,
        address: str,
        *,
        timeout_s: float = 10.0,
        on_prompt: Callable[[], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Bridge:
        """Connect and authorise; ``on_prompt`` is called once when the tablet asks its user.

        Raises ``DeviceError``: ``device.unreachable``, ``device.unauthorised``, ``device.timeout``,
        ``device.protocol``, ``device.cancelled``.
        """


def quote(word: str) -> str:
    """Quote one word for the device's POSIX shell so that nothing in it is interpreted.

    Raises ``ValueError`` for a NUL byte, which no command line can carry.
    """
    if "\0" in word:
        raise ValueError("a command line cannot carry a NUL byte")
    return "'" + word.replace("'", "'\\''") + "'"
