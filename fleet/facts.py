"""What one tablet says of itself, as values that policies and plans compare.

Everywhere below ``None`` means *unknown* (the device could not or would not say) and an empty
string means *known and absent*: the two lead to different verdicts. No name of a person is kept,
not even the name that Android gives its user accounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ASSET_TAG_SETTING = "ardoise_asset_tag"
"""Key in ``settings global`` where enrolment writes the asset tag."""


class Namespace(StrEnum):
    """The three tables of ``settings``."""

    GLOBAL = "global"
    SECURE = "secure"
    SYSTEM = "system"


class BatteryHealth(StrEnum):
    """``BatteryManager.BATTERY_HEALTH_*``, in Android's order from 1."""

    UNKNOWN = "unknown"
    GOOD = "good"
    OVERHEAT = "overheat"
    DEAD = "dead"
    OVER_VOLTAGE = "over_voltage"
    FAILURE = "failure"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """A package that user 0 has."""

    version_code: int | None
    """Unknown before Android 9, whose package list does not tell."""
    installer: str
    """Package that installed it; empty for a sideload or a part of the system image."""
    path: str
    enabled: bool | None
    system: bool | None
    """Part of the system image, even where an update of it lies in ``/data``."""


@dataclass(frozen=True, slots=True)
class Battery:
    """The battery at the time of the reading."""

    level: int
    """Percent of full."""
    charging: bool
    health: BatteryHealth


@dataclass(frozen=True, slots=True)
class Storage:
    """The partition ``/data``."""

    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One reading of one tablet."""

    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    product: str | None = None
    release: str | None = None
    """Android's version as people say it: ``12``."""
    sdk: int | None = None
    security_patch: str | None = None
    """``YYYY-MM-DD``."""
    build: str | None = None
    locale: str | None = None
    """The language that was chosen; it is the one shown only from the next boot."""
    running_locale: str | None = None
    """The language on the screen now."""
    timezone: str | None = None
    wifi_mac: str | None = None
    """Lower case with colons. A random address is unknown: a Kwartz server wants the factory's."""
    boot_id: str | None = None
    """Changes at each boot and at no other time."""
    settings: Mapping[Namespace, Mapping[str, str] | None] = field(default_factory=dict)
    packages: Mapping[str, InstalledApp] | None = None
    battery: Battery | None = None
    storage: Storage | None = None
    users: tuple[int, ...] | None = None
    """Ids of the Android users; more than one on a shared or work-profile device."""
    owner: str | None = None
    """Component of the device owner (an MDM); empty when there is none."""
    files: Mapping[str, str | None] = field(default_factory=dict)
    """SHA-256 in hexadecimal by path, for the paths that were asked for."""

    def setting(self, namespace: Namespace, key: str) -> str | None:
        """The value of a setting; empty when it is not set."""
        values = self.settings.get(namespace)
        return None if values is None else values.get(key, "")

    @property
    def asset_tag(self) -> str | None:
        """The tag that enrolment wrote; empty on a tablet that was never enrolled, or wiped."""
        return self.setting(Namespace.GLOBAL, ASSET_TAG_SETTING)
