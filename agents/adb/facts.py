"""Reading a tablet: one script, one round trip, then pure parsers from its words to values.

Forty reads one after the other over Wi-Fi cost half a second per tablet, one script a fifth of
it. A part whose command failed or whose words cannot be understood is unknown; it never spoils
the rest, and nothing is guessed.
"""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from fleet.bridge import Bridge, quote
from fleet.errors import DeviceError
from fleet.facts import Battery, BatteryHealth, DeviceFacts, InstalledApp, Namespace, Storage
from fleet.profile import DEVICE_PATH

_COMMANDS = {
    "getprop": "getprop 2>&1",
    **{f"settings {name.value}": f"settings list {name.value} 2>&1" for name in Namespace},
    # --show-versioncode came with Android 9; older ones answer with an error and the plain list.
    "packages": "pm list packages -f -i --show-versioncode --user 0 2>&1"
    " || pm list packages -f -i --user 0 2>&1",
    "disabled": "pm list packages -d --user 0 2>&1",
    "system": "pm list packages -s --user 0 2>&1",
    "users": "pm list users 2>&1",
    # list-owners came with Android 12.
    "owner": "dpm list-owners 2>&1 || dumpsys device_policy 2>&1",
    "configuration": "am get-config 2>&1",
    "battery": "dumpsys battery 2>&1",
    "storage": "df -k /data 2>&1",
    # SELinux hides the file from the shell on many devices and lets ip tell it.
    "mac": "cat /sys/class/net/wlan0/address 2>&1 || ip link show wlan0 2>&1",
    "boot": "cat /proc/sys/kernel/random/boot_id 2>&1",
}
_FILE = "file "
READ_TIMEOUT_S = 60.0
"""A tablet that has just booted answers ``pm`` slowly."""


_PROPERTY = re.compile(r"^\[([^\]\n]+)\]: \[(.*?)\]$", re.DOTALL | re.MULTILINE)
_SETTING = re.compile(r"(?P<key>[^\s=]+)=(?P<value>.*)")
_PACKAGE = re.compile(
    r"package:(?P<file>.+?)(?P<tail>(?:\s+(?:versionCode:\d+|installer=\S+|uid:\S+))*)"
)
_PACKAGE_TAIL = re.compile(r"(versionCode|installer)[:=](\S+)")
_NAME = re.compile(r"^package:([\w.]+)\s*$", re.MULTILINE)
_USER = re.compile(r"UserInfo\{(\d+):")
_OWNER = re.compile(r"^User\s+\d+: admin=([^,\s]+)(?:,\w[^,\s]*)*?,DeviceOwner\b", re.MULTILINE)
_OLD_OWNER = re.compile(r"^\s*Device Owner:\s*\n\s*admin=ComponentInfo\{([^}]+)\}", re.MULTILINE)
_NO_OWNER = re.compile(
    r"^(?:no owners|\d+ owners?:|Current Device Policy Manager state:)", re.MULTILINE
)
_DF_ROW = re.compile(r"\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s+/\S*\s*$", re.MULTILINE)
_TOOLBOX_ROW = re.compile(
    r"^/data\s+(?P<total>[\d.]+)(?P<total_unit>[KMGT])\s+\S+\s+(?P<free>[\d.]+)(?P<free_unit>[KMGT])",
    re.MULTILINE,
)
_CONFIG = re.compile(
    r"^config: (?:mcc\d+-)?(?:mnc\d+-)?([a-z]{2,3})(?:-r([A-Z]{2}|\d{3}))?(?=[-,\s]|$)",
    re.MULTILINE,
)
_LONG_CONFIG = re.compile(r"^config: (?:mcc\d+-)?(?:mnc\d+-)?b\+([\w+]+)", re.MULTILINE)
_MAC = re.compile(r"\b((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\b")
_BOOT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"\\?([0-9a-f]{64})\s")

_Value = TypeVar("_Value")


def read_script(marker: str, paths: Sequence[str] = ()) -> str:
    """The script that reads everything at once, and the hash of each file in ``paths``.

    Each part stands between two lines with ``marker``, the second with its exit code. Draw the
    marker anew for each reading: a setting's value could otherwise imitate it. Raises
    ``ValueError`` for a path that ``fleet.profile.DEVICE_PATH`` refuses.
    """
    commands = dict(_COMMANDS)
    for path in paths:
        if not DEVICE_PATH.fullmatch(path):
            raise ValueError(f"not a path that can be echoed: {path!r}")
        commands[_FILE + path] = f"sha256sum {quote(path)} 2>&1"
    return "; ".join(
        f'echo {quote(f"{marker} {name}")}; {command}; echo "{marker} = $?"'
        for name, command in commands.items()
    )


def fetch_facts(bridge: Bridge, paths: Sequence[str] = ()) -> DeviceFacts:
    """Read a tablet in one round trip; ``paths`` are the files whose content matters.

    Raises ``DeviceError``, with ``device.protocol`` when the answer holds no part at all.
    """
    marker = secrets.token_hex(8)
    transcript = bridge.shell(read_script(marker, paths), timeout_s=READ_TIMEOUT_S).out
    if marker not in transcript:
        raise DeviceError("device.protocol", device=bridge.address, reason="no_facts")
    return parse_facts(transcript, marker)


def parse_facts(transcript: str, marker: str) -> DeviceFacts:
    """The facts in what ``read_script`` printed; a part that is missing or failed is unknown."""
    parts = _parts(transcript, marker)

    def said(name: str) -> str | None:
        out, code = parts.get(name, ("", 1))
        return out if code == 0 else None

    props = _parsed(parse_properties, said("getprop"))
    settings = {name: _parsed(parse_settings, said(f"settings {name.value}")) for name in Namespace}
    sdk = _first(props, "ro.build.version.sdk")
    return DeviceFacts(
        serial=_first(props, "ro.serialno", "ro.boot.serialno"),
        manufacturer=_first(props, "ro.product.manufacturer"),
        model=_first(props, "ro.product.model"),
        product=_first(props, "ro.product.name"),
        release=_first(props, "ro.build.version.release"),
        sdk=int(sdk) if sdk is not None and sdk.isdecimal() else None,
        security_patch=_first(props, "ro.build.version.security_patch"),
        build=_first(props, "ro.build.display.id"),
        locale=_chosen_locale(settings[Namespace.SYSTEM], props),
        running_locale=_parsed(parse_configuration, said("configuration")),
        timezone=_first(props, "persist.sys.timezone"),
        wifi_mac=_parsed(parse_mac, said("mac")),
        boot_id=_parsed(parse_boot_id, said("boot")),
        settings=settings,
        packages=_packages(said("packages"), said("disabled"), said("system")),
        battery=_parsed(parse_battery, said("battery")),
        storage=_parsed(parse_storage, said("storage")),
        users=_parsed(parse_users, said("users")),
        owner=_parsed(parse_owner, said("owner")),
        files={
            name.removeprefix(_FILE): parse_hash(out, code)
            for name, (out, code) in parts.items()
            if name.startswith(_FILE)
        },
    )


def parse_properties(text: str) -> dict[str, str] | None:
    """``getprop``'s dump. Values may span lines, and blank lines occur between entries."""
    return dict(_PROPERTY.findall(text)) or None


def parse_settings(text: str) -> dict[str, str] | None:
    """``settings list``: ``key=value`` lines, the lines of a longer value following their key.

    A line of a value that looks like an entry cannot be told from one, except that it may not
    replace an entry above it.
    """
    entries: dict[str, str] = {}
    key = None
    # str.splitlines would also cut at characters that a value may well hold.
    for line in text.removesuffix("\n").split("\n"):
        if entry := _SETTING.fullmatch(line):
            key = entry["key"]
            if key in entries:
                key = None
            else:
                entries[key] = entry["value"]
        elif key is not None:
            entries[key] += "\n" + line
        elif line.strip() and not entries:
            # An exception with exit code 0, as Android 8 and older print it.
            return None
    return entries


def parse_packages(text: str) -> dict[str, tuple[str, int | None, str]] | None:
    """``pm list packages -f -i --show-versioncode``: path, version code and installer by name.

    A path holds ``=`` itself (``/data/app/~~GSfSdA==/…``): the name follows the last one.
    """
    found = {}
    for line in text.split("\n"):
        if entry := _PACKAGE.fullmatch(line.rstrip()):
            path, _, name = entry["file"].rpartition("=")
            tail = dict(_PACKAGE_TAIL.findall(entry["tail"]))
            version, installer = tail.get("versionCode"), tail.get("installer", "null")
            found[name] = (
                path,
                None if version is None else int(version),
                "" if installer == "null" else installer,
            )
    return found or None


def parse_names(text: str) -> frozenset[str] | None:
    """``pm list packages`` without a path: no name is an answer, an error is none."""
    names = frozenset(_NAME.findall(text))
    return names if names or not text.strip() else None


def parse_battery(text: str) -> Battery | None:
    """``dumpsys battery``, whose state ends at the first line that is not indented.

    Samsung appends logs of earlier levels after it. A level set by hand for a test
    (``UPDATES STOPPED``) is not the battery's.
    """
    _, header, below = text.partition("Current Battery Service state:\n")
    state = {}
    for line in below.split("\n"):
        if not line.startswith(" "):
            break
        if "UPDATES STOPPED" in line:
            return None
        key, _, value = line.strip().partition(": ")
        state[key] = value
    level, scale = state.get("level", ""), state.get("scale", "100")
    if not header or not level.isdecimal() or not scale.isdecimal() or int(scale) == 0:
        return None
    health = state.get("health", "")
    kinds = list(BatteryHealth)
    known = health.isdecimal() and 1 <= int(health) <= len(kinds)
    return Battery(
        level=int(level) * 100 // int(scale),
        charging=state.get("status") in ("2", "5"),
        health=kinds[int(health) - 1] if known else BatteryHealth.UNKNOWN,
    )


def parse_storage(text: str) -> Storage | None:
    """``df -k /data``: read from the right, since widths and the first columns vary.

    The old toolbox (before Android 6) knows no ``-k`` and prints ``25.1G`` instead.
    """
    if rows := _DF_ROW.findall(text):
        total, free = rows[-1]
        return Storage(free_bytes=int(free) * 1024, total_bytes=int(total) * 1024)
    if row := _TOOLBOX_ROW.search(text):
        return Storage(
            free_bytes=_size(row["free"], row["free_unit"]),
            total_bytes=_size(row["total"], row["total_unit"]),
        )
    return None


def parse_users(text: str) -> tuple[int, ...] | None:
    """``pm list users``: the ids only, since the names are people's."""
    return tuple(int(each) for each in _USER.findall(text)) or None


def parse_owner(text: str) -> str | None:
    """``dpm list-owners``, or ``dumpsys device_policy`` where that is not known."""
    if entry := _OWNER.search(text):
        return entry[1]
    if entry := _OLD_OWNER.search(text):
        return entry[1]
    return "" if _NO_OWNER.search(text) else None


def parse_configuration(text: str) -> str | None:
    """The first language of ``am get-config``: ``config: mcc208-fr-rFR,en-rUS-ldltr-…``."""
    if short := _CONFIG.search(text):
        return short[1] + (f"-{short[2]}" if short[2] else "")
    long = _LONG_CONFIG.search(text)
    return long[1].replace("+", "-") if long else None


def parse_mac(text: str) -> str | None:
    """The factory address of the Wi-Fi card.

    None for a random address (IEEE 802's locally administered bit is set), which Android 10 and
    later wear on each network, and for the placeholder ``02:00:00:00:00:00``.
    """
    found = _MAC.search(text)
    if found is None or int(found[1][:2], 16) & 0b11 or not int(found[1].replace(":", ""), 16):
        return None
    return found[1].lower()


def parse_boot_id(text: str) -> str | None:
    """The kernel's ``boot_id``."""
    found = _BOOT_ID.fullmatch(text.strip())
    return found[0] if found else None


def parse_hash(text: str, code: int) -> str | None:
    """``sha256sum`` of one file; empty when it is not there, None when it could not be read."""
    found = _HASH.match(text)
    if code == 0 and found:
        return found[1]
    return "" if text.rstrip().endswith("No such file or directory") else None


def _parsed(parser: Callable[[str], _Value | None], text: str | None) -> _Value | None:
    return None if text is None else parser(text)


def _parts(transcript: str, marker: str) -> dict[str, tuple[str, int]]:
    """What each part printed and its exit code; a part that was cut off is left out."""
    # Shells before Android 7 speak through a terminal, which turns \n into \r\n or \r\r\n.
    pieces = re.sub(r"\r+\n", "\n", transcript).split(marker)
    parts = {}
    for piece, after in pairwise(pieces):
        name, _, out = piece.partition("\n")
        end = re.match(r" = (\d+)$", after, re.MULTILINE)
        if end and not name.startswith(" = "):
            parts[name[1:]] = (out, int(end[1]))
    return parts


def _first(props: Mapping[str, str] | None, *keys: str) -> str | None:
    if props is None:
        return None
    return next((props[key] for key in keys if props.get(key)), "")


def _chosen_locale(system: Mapping[str, str] | None, props: Mapping[str, str] | None) -> str | None:
    """``system_locales`` is what the next boot reads; without it the properties hold."""
    if system is None:
        return None
    chosen = system.get("system_locales", "")
    if chosen in ("", "null"):
        chosen = _first(props, "persist.sys.locale", "ro.product.locale") or ""
    return chosen.split(",")[0].replace("_", "-") or (None if props is None else "")


def _packages(
    listed: str | None, disabled: str | None, system: str | None
) -> dict[str, InstalledApp] | None:
    packages = _parsed(parse_packages, listed)
    if packages is None:
        return None
    off, image = _parsed(parse_names, disabled), _parsed(parse_names, system)
    return {
        name: InstalledApp(
            version_code=version,
            installer=installer,
            path=path,
            enabled=None if off is None else name not in off,
            system=None if image is None else name in image,
        )
        for name, (path, version, installer) in packages.items()
    }


def _size(number: str, unit: str) -> int:
    return int(float(number) * 1024 ** ("KMGT".index(unit) + 1))
