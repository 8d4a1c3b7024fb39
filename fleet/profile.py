"""A profile: how a school wants its tablets, written by a technician in TOML.

Parsing refuses what cannot be meant: an unknown key, a value of the wrong type, a package wanted
and forbidden at once, a setting that would cut the cable. It reads no file; see
``agents.profiles``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fleet.facts import ASSET_TAG_SETTING, Namespace
from fleet.toml_table import Table

PACKAGE_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
"""An application id (developer.android.com, "Set the application ID"); case matters."""
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?", re.ASCII)
"""A BCP 47 tag as Android writes it: ``fr-FR``."""
TIMEZONE = re.compile(r"UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+")
SETTING_KEY = re.compile(r"[\w.:-]+", re.ASCII)
DEVICE_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[^/\\\x00-\x1f\x7f]+)+")
"""Absolute, without ``..``, backslash or control character: safe to echo and to quote."""

_SOURCE = re.compile(
    r"(?!\.{1,2}(/|$))[^/\\\x00-\x1f\x7f]+(/(?!\.{1,2}(/|$))[^/\\\x00-\x1f\x7f]+)*"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WRITABLE = ("/sdcard/", "/storage/emulated/0/", "/data/local/tmp/")
_VITAL = frozenset({"com.android.shell", "com.android.systemui", "com.android.providers.settings"})
_CABLE = frozenset({"adb_enabled", "development_settings_enabled"})


@dataclass(frozen=True, slots=True)
class WantedSetting:
    """One setting and its value."""

    namespace: Namespace
    key: str
    value: str
    """Empty: the setting must not be set."""


@dataclass(frozen=True, slots=True)
class WantedApp:
    """An application that must be installed and enabled."""

    package: str
    least_version_code: int
    apk: str | None = None
    """File name in the folder of APKs."""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that must lie on the tablet."""

    target: str
    source: str
    """Relative to the profile's folder; absolute once ``agents.profiles`` has read it."""
    sha256: str | None = None
    """Unknown until the source has been read, unless the profile states it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a tablet must look like."""

    name: str
    version: int
    settings: tuple[WantedSetting, ...] = ()
    disabled: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    apps: tuple[WantedApp, ...] = ()
    locale: str | None = None
    timezone: str | None = None
    files: tuple[WantedFile, ...] = ()
    least_battery_percent: int | None = None
    least_free_mb: int | None = None
    """In units of 1,000,000 bytes, as tablets are sold."""
    least_security_patch: str | None = None
    """``YYYY-MM-DD``."""

    @property
    def label(self) -> str:
        """``école-v4``: how a screen names it."""
        return f"{self.name}-v{self.version}"

    @property
    def paths(self) -> tuple[str, ...]:
        """Files on the tablet that an audit must look at."""
        return tuple(file.target for file in self.files)


def parse_profile(text: str, origin: str) -> Profile:
    """Read a profile from TOML; ``origin`` names its source in errors.

    Raises ``InvalidInput('profile.invalid')`` with ``origin``, ``line``, ``column``, ``key``,
    ``reason`` and ``value``. Reasons beside those of ``fleet.toml_table``: ``bad_name``,
    ``duplicate``, ``contradiction``, ``reserved_key``, ``cuts_cable``, ``vital_package``,
    ``not_writable``.
    """
    root = Table.parse(text, "profile.invalid", origin)
    name, version = root.string("name"), root.integer("version", 1, 1_000_000)
    if name is None or version is None:
        raise root.fault("missing", "version" if name else "name")
    locale = _matching(root, "locale", LOCALE)
    timezone = _matching(root, "timezone", TIMEZONE)
    settings = (*_settings(root.table("settings")), *_unset(root.table("unset")))
    _refuse_twice_set(root, settings)
    packages = root.table("packages")
    disabled = _packages(packages, "disabled")
    forbidden = _packages(packages, "forbidden")
    packages.close()
    apps = tuple(_app(table) for table in root.tables("apps"))
    _refuse_contradictions(root, packages, disabled, forbidden, apps)
    files = tuple(_file(table) for table in root.tables("files"))
    _refuse_same_target(root, files)
    least = root.table("least")
    profile = Profile(
        name=name,
        version=version,
        settings=settings,
        disabled=disabled,
        forbidden=forbidden,
        apps=apps,
        locale=locale,
        timezone=timezone,
        files=files,
        least_battery_percent=least.integer("battery_percent", 0, 100),
        least_free_mb=least.integer("free_mb", 0, 100_000_000),
        least_security_patch=least.day("security_patch"),
    )
    least.close()
    root.close()
    return profile


def _matching(table: Table, key: str, pattern: re.Pattern[str]) -> str | None:
    value = table.string(key)
    if value is not None and not pattern.fullmatch(value):
        raise table.fault("bad_name", key, value=value)
    return value


def _settings(table: Table) -> list[WantedSetting]:
    wanted = []
    for namespace in Namespace:
        values = table.table(namespace.value)
        for key in values.untaken():
            _check_key(values, namespace, key, key)
            value = values.scalar(key)
            if value is None or value in ("", "null"):
                # Android tells an empty value, "null" and no value apart badly; [unset] says it.
                raise values.fault("use_unset", key)
            if namespace is Namespace.GLOBAL and key in _CABLE and value == "0":
                raise values.fault("cuts_cable", key)
            wanted.append(WantedSetting(namespace, key, value))
    table.close()
    return wanted


def _unset(table: Table) -> list[WantedSetting]:
    wanted = []
    for namespace in Namespace:
        for key in table.strings(namespace.value):
            _check_key(table, namespace, key, namespace.value, key)
            if namespace is Namespace.GLOBAL and key in _CABLE:
                raise table.fault("cuts_cable", namespace.value, value=key)
            wanted.append(WantedSetting(namespace, key, ""))
    table.close()
    return wanted


def _check_key(
    table: Table, namespace: Namespace, key: str, at: str, value: str | None = None
) -> None:
    if not SETTING_KEY.fullmatch(key):
        raise table.fault("bad_name", at, value=value)
    # The tag is the tablet's identity, and the language has a key of its own with its reboot.
    if (namespace, key) in (
        (Namespace.GLOBAL, ASSET_TAG_SETTING),
        (Namespace.SYSTEM, "system_locales"),
    ):
        raise table.fault("reserved_key", at, value=value)


def _refuse_twice_set(root: Table, settings: Iterable[WantedSetting]) -> None:
    seen = set()
    for setting in settings:
        place = (setting.namespace, setting.key)
        if place in seen:
            raise root.fault("contradiction", "unset", setting.namespace.value, value=setting.key)
        seen.add(place)


def _packages(table: Table, key: str) -> tuple[str, ...]:
    names = table.strings(key)
    for name in names:
        if not PACKAGE_NAME.fullmatch(name):
            raise table.fault("bad_name", key, value=name)
        if name in _VITAL:
            raise table.fault("vital_package", key, value=name)
    return names


def _app(table: Table) -> WantedApp:
    package = _matching(table, "package", PACKAGE_NAME)
    if package is None:
        raise table.fault("missing", "package")
    least = table.integer("least_version_code", 1, 2**63 - 1)
    apk = table.string("apk")
    if apk is not None and ("/" in apk or not _SOURCE.fullmatch(apk)):
        raise table.fault("bad_name", "apk", value=apk)
    table.close()
    return WantedApp(package, 1 if least is None else least, apk)


def _refuse_contradictions(
    root: Table,
    packages: Table,
    disabled: tuple[str, ...],
    forbidden: tuple[str, ...],
    apps: tuple[WantedApp, ...],
) -> None:
    for name in forbidden:
        if name in disabled:
            raise packages.fault("contradiction", "forbidden", value=name)
    unwanted, seen = {*disabled, *forbidden}, set()
    for index, app in enumerate(apps):
        if app.package in unwanted:
            raise root.fault("contradiction", "apps", index, "package", value=app.package)
        if app.package in seen:
            raise root.fault("duplicate", "apps", index, "package", value=app.package)
        seen.add(app.package)


def _file(table: Table) -> WantedFile:
    target = _matching(table, "target", DEVICE_PATH)
    source = _matching(table, "source", _SOURCE)
    sha256 = _matching(table, "sha256", _SHA256)
    if target is None or source is None:
        raise table.fault("missing", "source" if target else "target")
    if not target.startswith(_WRITABLE):
        raise table.fault("not_writable", "target", value=target)
    table.close()
    return WantedFile(target, source, sha256)


def _refuse_same_target(root: Table, files: tuple[WantedFile, ...]) -> None:
    seen = set()
    for index, file in enumerate(files):
        if file.target in seen:
            raise root.fault("duplicate", "files", index, "target", value=file.target)
        seen.add(file.target)
