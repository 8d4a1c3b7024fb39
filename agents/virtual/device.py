"""The state of one virtual tablet: what it is, what was set, what a reset brings back.

Verbs and services change it; nothing here knows the wire. The state belongs to the server's
thread: from other threads read it, and call ``allow``, ``reboot`` and ``factory_reset`` only.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
import uuid
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agents.virtual.files import FileSystem
from agents.virtual.inodes import SYSTEM, Content, File, Spool
from agents.virtual.layout import lay_out
from agents.virtual.packages import Package, PackageTable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from agents.virtual.verbs.install import Session

NAMESPACES = ("system", "secure", "global")


@dataclass(slots=True)
class Battery:
    level: int = 87
    is_charging: bool = True
    temperature_tenths: int = 271
    voltage_mv: int = 4203
    is_faked: bool = False
    """``dumpsys battery set`` stops the real updates."""


@dataclass(slots=True)
class Wifi:
    is_enabled: bool = True
    connected_ssid: str | None = None
    networks: list[tuple[str, str]] = field(default_factory=list)
    """SSID and security, by network id."""


@dataclass(frozen=True, slots=True)
class SystemImage:
    """What a factory reset brings back."""

    properties: Mapping[str, str]
    settings: Mapping[str, Mapping[str, str]]
    packages: tuple[Package, ...]
    capacity_bytes: int
    used_bytes: int
    memory_kb: int
    width: int
    height: int
    density: int


@dataclass(slots=True)
class Faults:
    """Troubles that wait for their moment."""

    drops_after_bytes: int | None = None
    """Received bytes after which the cable is pulled, once."""

    def on_bytes(self, size: int, pull: Callable[[], None]) -> None:
        if self.drops_after_bytes is None:
            return
        self.drops_after_bytes -= size
        if self.drops_after_bytes <= 0:
            self.drops_after_bytes = None
            pull()


class VirtualTablet:
    """One tablet, from power-on to factory reset."""

    def __init__(self, image: SystemImage, *, serial: str, mac: str) -> None:
        self.image = image
        self.serial = serial
        self.mac = mac
        self.is_authorising = True
        """Whether a new host key is accepted without anybody at the screen."""
        self.keys: dict[int, RSAPublicKey] = {}
        """The host keys that were allowed "always from this computer", by modulus."""
        self.faults = Faults()
        self.boot_delay_s = 0.0
        """How long ``sys.boot_completed`` stays empty after a reboot."""
        self._boots = 0
        self._booted_at = 0.0
        self._on_allow: list[Callable[[], None]] = []
        self._on_reboot: list[Callable[[], None]] = []
        self._directory: Path | None = None
        self._wipe()
        self._boot()
        self._booted_at = time.monotonic() - 3600

    @property
    def sdk(self) -> int:
        return int(self.properties["ro.build.version.sdk"])

    @property
    def banner(self) -> str:
        """What it says of itself when it accepts a connection; no NUL at its end."""
        names = ("ro.product.name", "ro.product.model", "ro.product.device")
        features = ["shell_v2", "cmd", "stat_v2"]
        if self.sdk >= 29:
            features.append("fixed_push_mkdir")
        if self.sdk >= 30:
            features += ["ls_v2", "abb_exec"]
        said = "".join(f"{name}={self.property_value(name)};" for name in names)
        return f"device::{said}features={','.join(features)}"

    @property
    def boot_id(self) -> str:
        """Drawn anew at every boot, as the kernel does; from the serial, so that runs repeat."""
        return str(uuid.UUID(bytes=self._digest(f"boot/{self._boots}"), version=4))

    @property
    def uptime_s(self) -> float:
        return time.monotonic() - self._booted_at

    @property
    def has_booted(self) -> bool:
        return self.uptime_s >= self.boot_delay_s

    @property
    def now(self) -> int:
        """Its clock, which is the host's."""
        return int(time.time())

    @property
    def time_zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.properties.get("persist.sys.timezone") or "GMT")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("GMT")

    def property_value(self, name: str) -> str:
        """As ``getprop`` answers: empty when it is not set."""
        if name in ("sys.boot_completed", "dev.bootcomplete"):
            return "1" if self.has_booted else ""
        return self.properties.get(name, "")

    def all_properties(self) -> dict[str, str]:
        names = {*self.properties, "sys.boot_completed", "dev.bootcomplete"}
        found = {name: self.property_value(name) for name in sorted(names)}
        return {name: value for name, value in found.items() if value}

    def allow(self) -> None:
        """Somebody pressed Allow on the tablet's screen; any thread."""
        self.is_authorising = True
        for listener in list(self._on_allow):
            listener()

    def on_allow(self, listener: Callable[[], None]) -> None:
        self._on_allow.append(listener)

    def forget_on_allow(self, listener: Callable[[], None]) -> None:
        with contextlib.suppress(ValueError):
            self._on_allow.remove(listener)

    def on_reboot(self, listener: Callable[[], None]) -> None:
        """``listener`` is called when the tablet goes down; its connections end there."""
        self._on_reboot.append(listener)

    def forget_on_reboot(self, listener: Callable[[], None]) -> None:
        with contextlib.suppress(ValueError):
            self._on_reboot.remove(listener)

    def reboot(self) -> None:
        """Go down and come up again; a locale written to the settings takes effect now."""
        locale = self.settings["system"].get("system_locales")
        if locale:
            self.properties["persist.sys.locale"] = locale.split(",")[0]
        self._boot()
        for listener in list(self._on_reboot):
            listener()

    def factory_reset(self) -> None:
        """Erase everything that was set, installed, pushed or allowed, and restart."""
        self._wipe()
        self.reboot()

    def relabel(self, serial: str) -> None:
        """Give it another serial, as its maker would have."""
        self.serial = serial
        named = {"ro.serialno": serial, "ro.boot.serialno": serial}
        self.image = replace(self.image, properties={**self.image.properties, **named})
        self.properties.update(named)

    def put_file(self, path: str, content: bytes) -> None:
        """Lay a file out as the system image or the package service does."""
        self.files.reserve(len(content))
        self.files.make_directories(path.rpartition("/")[0], who=SYSTEM)
        self.files.mount(path, File(Content(content), 0o644, 1000, 1000, self.build_time))

    @property
    def spool_directory(self) -> Path | None:
        """Where large files lie on the host; ``None`` while there are none."""
        return self._directory

    def fill_storage(self, free_bytes: int = 0) -> None:
        """Leave only ``free_bytes`` on /data."""
        self.files.used_bytes = self.files.capacity_bytes - free_bytes

    @property
    def build_time(self) -> int:
        return int(self.properties.get("ro.build.date.utc", "0"))

    def _wipe(self) -> None:
        self.properties = dict(self.image.properties)
        self.settings = {name: dict(self.image.settings.get(name, {})) for name in NAMESPACES}
        self.users = {0: "Owner"}
        self.battery = Battery()
        self.wifi = Wifi()
        self.device_owner: str | None = None
        self.is_lock_screen_disabled = False
        self.app_locales: dict[str, str] = {}
        self.display_override: dict[str, str] = {}
        self.sessions: dict[int, Session] = {}
        self.keys.clear()
        self._drop_spool()
        self.files = FileSystem(
            Spool(self._make_directory), self.image.capacity_bytes, self.image.used_bytes
        )
        lay_out(self)
        abis = tuple(self.properties.get("ro.product.cpu.abilist", "").split(","))
        self.packages = PackageTable(self.serial, self.sdk, abis)
        for package in self.image.packages:
            own = replace(package, granted=set(package.granted))
            self.packages.add(own)
            self.put_file(own.path, f"{own.name} {own.version_code}\n".encode())

    def _boot(self) -> None:
        self._boots += 1
        self._booted_at = time.monotonic()

    def _digest(self, purpose: str) -> bytes:
        return hashlib.sha256(f"{self.serial}/{purpose}".encode()).digest()[:16]

    def _make_directory(self) -> Path:
        self._directory = Path(tempfile.mkdtemp(prefix="ardoise-tablet-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self._directory, ignore_errors=True)
        return self._directory

    def _drop_spool(self) -> None:
        if self._directory is not None:
            self._finalizer()
            self._directory = None
