"""Makes the n-th tablet of a fleet.

Everything follows from the index, without randomness, so a fleet is the same at every run. Drift is
what a school finds after a year: see ``_DRIFTS``.
"""

import hashlib
from collections.abc import Callable

from agents.virtual.device import VirtualTablet
from agents.virtual.images import make_image, make_package
from agents.virtual.models import MODELS, Model
from agents.virtual.packages import Enabled

_BLOAT_OFF = (
    "com.google.android.youtube",
    "com.google.android.apps.tachyon",
    "com.google.android.videos",
    "com.facebook.katana",
    "com.netflix.mediaclient",
)
"""What a school that has been through Ardoise once has disabled."""


def make_tablet(index: int, *, serial: str | None = None, drift: bool = True) -> VirtualTablet:
    """The ``index``-th tablet of a fleet, from 0, always the same one.

    Without ``drift`` it is as a school leaves it: French, Europe/Paris, ten minutes of screen,
    Wi-Fi on, sound low, the entertainment apps disabled. With it, each tablet differs from that in
    at least one way.
    """
    model = MODELS[index % len(MODELS)]
    serial = serial or f"{model.serial_prefix}{_letters(index)}"
    tablet = VirtualTablet(make_image(model, serial), serial=serial, mac=_mac(model, index))
    tablet.wifi.networks.append(("ecole-tablettes", "wpa2-psk"))
    tablet.wifi.connected_ssid = "ecole-tablettes"
    tablet.battery.level = 35 + index * 13 % 65
    for name in _BLOAT_OFF:
        package = tablet.packages.installed(name)
        if package is not None:
            package.enabled = Enabled.DISABLED_USER
    if drift:
        for number, change in enumerate(_DRIFTS):
            if (index + number) % 3 == 0:
                change(tablet)
    return tablet


def _screen(tablet: VirtualTablet) -> None:
    tablet.settings["system"].update(screen_off_timeout="30000", screen_brightness_mode="1")


def _english(tablet: VirtualTablet) -> None:
    tablet.settings["system"]["system_locales"] = "en-US"
    tablet.properties["persist.sys.locale"] = "en-US"


def _far_away(tablet: VirtualTablet) -> None:
    tablet.properties["persist.sys.timezone"] = "Asia/Shanghai"
    tablet.settings["global"].update(auto_time_zone="0")


def _entertainment(tablet: VirtualTablet) -> None:
    for name in ("com.google.android.youtube", "com.facebook.katana"):
        package = tablet.packages.installed(name)
        if package is not None:
            package.enabled = Enabled.ENABLED


def _open_doors(tablet: VirtualTablet) -> None:
    tablet.settings["global"]["adb_wifi_enabled"] = "1"
    tablet.settings["secure"]["install_non_market_apps"] = "1"


def _games(tablet: VirtualTablet) -> None:
    tablet.packages.add(make_package("com.supercell.brawlstars", 40_176, "40.176", tablet.serial))
    tablet.put_file("/sdcard/Download/brawl.txt", b"https://supercell.com\n")


_DRIFTS: tuple[Callable[[VirtualTablet], None], ...] = (
    _screen,
    _english,
    _far_away,
    _entertainment,
    _open_doors,
    _games,
)


def _letters(index: int) -> str:
    """Four characters of base 36 after the model's prefix and a check of the index."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    for _ in range(4):
        index, digit = divmod(index, 36)
        text = digits[digit] + text
    return f"{text}{digits[(sum(map(ord, text)) * 7) % 36]}"


def _mac(model: Model, index: int) -> str:
    tail = hashlib.sha256(f"{model.device}/{index}".encode()).digest()
    return f"{model.mac_prefix}:{tail[0]:02x}:{tail[1]:02x}:{index % 256:02x}"
