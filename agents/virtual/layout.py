"""The directories and kernel files that every virtual tablet has, with Android's owners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agents.virtual.inodes import (
    SDCARD_GID,
    SHELL_UID,
    Content,
    Directory,
    File,
    Generated,
    Node,
    Symlink,
)

if TYPE_CHECKING:
    from agents.virtual.device import VirtualTablet

_SYSTEM_UID = 1000
_DIRECTORIES = (
    # path, mode, uid, gid
    ("/system", 0o755, 0, 0),
    ("/system/app", 0o755, 0, 0),
    ("/system/priv-app", 0o755, 0, 0),
    ("/system/bin", 0o751, 0, SHELL_UID),
    ("/system/etc", 0o755, 0, 0),
    ("/product", 0o755, 0, 0),
    ("/product/app", 0o755, 0, 0),
    ("/vendor", 0o755, 0, SHELL_UID),
    ("/data", 0o771, _SYSTEM_UID, _SYSTEM_UID),
    ("/data/app", 0o771, _SYSTEM_UID, _SYSTEM_UID),
    ("/data/data", 0o771, _SYSTEM_UID, _SYSTEM_UID),
    ("/data/system", 0o775, _SYSTEM_UID, _SYSTEM_UID),
    ("/data/misc", 0o771, _SYSTEM_UID, 9998),
    ("/data/misc/adb", 0o750, _SYSTEM_UID, SHELL_UID),
    ("/data/local", 0o751, 0, 0),
    ("/data/local/tmp", 0o771, SHELL_UID, SHELL_UID),
    ("/data/user", 0o711, _SYSTEM_UID, _SYSTEM_UID),
    ("/storage", 0o755, 0, SDCARD_GID),
    ("/storage/self", 0o755, 0, SDCARD_GID),
    ("/storage/emulated", 0o711, 0, SDCARD_GID),
    ("/storage/emulated/0", 0o2770, 0, SDCARD_GID),
    ("/proc", 0o555, 0, 0),
    ("/proc/sys", 0o555, 0, 0),
    ("/proc/sys/kernel", 0o555, 0, 0),
    ("/proc/sys/kernel/random", 0o555, 0, 0),
    ("/sys", 0o755, 0, 0),
    ("/sys/class", 0o755, 0, 0),
    ("/sys/class/net", 0o755, 0, 0),
    ("/sys/class/net/wlan0", 0o755, 0, 0),
    ("/dev", 0o755, 0, 0),
)
_SHARED = (
    *("Alarms", "Android", "DCIM", "Documents", "Download", "Movies", "Music"),
    *("Notifications", "Pictures", "Podcasts", "Ringtones"),
)


def lay_out(tablet: VirtualTablet) -> None:
    """Make a fresh file system as after a factory reset."""
    made_at = tablet.build_time
    files = tablet.files
    files.root.mtime = made_at
    for path, mode, uid, gid in _DIRECTORIES:
        files.mount(path, Directory(mode, uid, gid, made_at))
    for name in _SHARED:
        path = f"/storage/emulated/0/{name}"
        files.mount(path, Directory(0o2770, 0, SDCARD_GID, made_at))
    for path, target in (
        ("/sdcard", "/storage/self/primary"),
        ("/storage/self/primary", "/storage/emulated/0"),
        ("/data/user/0", "/data/data"),
        ("/bin", "/system/bin"),
        ("/etc", "/system/etc"),
    ):
        files.mount(path, Symlink(target, mtime=made_at))
    for path, node in _kernel_files(tablet).items():
        files.mount(path, node)
    files.mount("/system/bin/sh", File(Content(b"\x7fELF"), 0o755, 0, SHELL_UID, made_at))
    files.mount("/system/build.prop", File(Content(_build_prop(tablet)), 0o600, 0, 0, made_at))


def _kernel_files(tablet: VirtualTablet) -> dict[str, Node]:
    def text(render: Callable[[], str]) -> Generated:
        return Generated(lambda: render().encode())

    return {
        "/proc/meminfo": text(lambda: _meminfo(tablet.image.memory_kb)),
        "/proc/uptime": text(lambda: f"{tablet.uptime_s:.2f} {tablet.uptime_s * 6:.2f}\n"),
        "/proc/version": text(lambda: f"Linux version {tablet.properties['ro.kernel.version']}\n"),
        "/proc/sys/kernel/random/boot_id": text(lambda: f"{tablet.boot_id}\n"),
        "/sys/class/net/wlan0/address": text(lambda: f"{tablet.mac}\n"),
        "/dev/null": Generated(lambda: b"", mode=0o666),
    }


def _meminfo(total_kb: int) -> str:
    rows = (
        ("MemTotal", total_kb),
        ("MemFree", total_kb // 20),
        ("MemAvailable", total_kb // 3),
        ("Buffers", 4096),
        ("Cached", total_kb // 4),
        ("SwapTotal", total_kb // 2),
    )
    return "".join(f"{name + ':':<16}{size:>8} kB\n" for name, size in rows)


def _build_prop(tablet: VirtualTablet) -> bytes:
    lines = (f"{k}={v}\n" for k, v in sorted(tablet.properties.items()) if k.startswith("ro."))
    return "".join(lines).encode()
