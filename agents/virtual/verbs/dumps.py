"""``dumpsys``: battery, packages, device policy, disks."""

from agents.virtual.packages import RUNTIME_PERMISSIONS, Package
from agents.virtual.verbs.call import Call, Verb, number

_GMT_EPOCH = "2009-01-01 01:00:00"


async def _dumpsys(call: Call) -> int:
    words = [word for word in call.arguments if word not in ("-t", "--proto")]
    if words[:1] == ["-l"]:
        await call.print("Currently running services:")
        for name in sorted(_SERVICES):
            await call.print(f"  {name}")
        return 0
    service = _SERVICES.get(words[0]) if words else None
    if service is None:
        if words:
            await call.warn(f"Can't find service: {words[0]}")
        return 0 if words else 255
    return await service(call.rest(words[1:], words[0]))


async def _battery(call: Call) -> int:
    battery = call.tablet.battery
    match call.arguments:
        case ("set", "level", level):
            battery.level = max(0, min(100, number(level, battery.level)))
            battery.is_faked = True
            return 0
        case ("set", "ac" | "usb", state):
            battery.is_charging, battery.is_faked = state == "1", True
            return 0
        case ("unplug",):
            battery.is_charging, battery.is_faked = False, True
            return 0
        case ("reset",):
            battery.is_faked = False
            return 0
    powered = str(battery.is_charging).lower()
    lines = ["Current Battery Service state:"]
    if battery.is_faked:
        lines.append("  (UPDATES STOPPED -- use 'reset' to restart)")
    lines += [
        "  AC powered: false",
        f"  USB powered: {powered}",
        "  Wireless powered: false",
        *(["  Dock powered: false"] if call.tablet.sdk >= 33 else []),
        f"  Max charging current: {500_000 if battery.is_charging else 0}",
        f"  Max charging voltage: {5_000_000 if battery.is_charging else 0}",
        f"  Charge counter: {battery.level * 70_400}",
        f"  status: {5 if battery.level == 100 else 2 if battery.is_charging else 3}",
        "  health: 2",
        "  present: true",
        f"  level: {battery.level}",
        "  scale: 100",
        f"  voltage: {battery.voltage_mv}",
        f"  temperature: {battery.temperature_tenths}",
        "  technology: Li-ion",
    ]
    if call.tablet.property_value("ro.product.manufacturer") == "samsung":
        # Samsung's log repeats the words: who reads to the end finds another level.
        lines += [
            "[EventLogBuffer]",
            f"  11-20 07:58:11  level:{max(1, battery.level - 15)} status:3 health:2",
        ]
    await call.print("\n".join(lines))
    return 0


async def dump_package(call: Call) -> int:
    """``dumpsys package``: one package, or all."""
    packages = call.tablet.packages.by_name
    wanted = [packages[name] for name in call.arguments if name in packages]
    if not wanted and call.arguments:
        await call.print(f"Unable to find package: {call.arguments[0]}")
        return 0
    wanted = wanted or list(packages.values())
    await call.print("Packages:")
    for package in wanted:
        await call.print("\n".join(_package_lines(package)))
    hidden = [package.factory for package in wanted if package.factory is not None]
    if hidden:
        await call.print("\nHidden system packages:")
        for package in hidden:
            await call.print("\n".join(_package_lines(package)))
    return 0


def _package_lines(package: Package) -> list[str]:
    flags = "SYSTEM HAS_CODE" if package.is_system else "HAS_CODE"
    runtime = [name for name in package.permissions if name in RUNTIME_PERMISSIONS]
    install = [name for name in package.permissions if name not in RUNTIME_PERMISSIONS]
    splits = ", ".join(("base", *package.splits))
    return [
        f"  Package [{package.name}] ({package.signer[:7]}):",
        f"    userId={package.uid}",
        f"    codePath={package.path.rpartition('/')[0]}",
        f"    versionCode={package.version_code} minSdk={package.min_sdk} "
        f"targetSdk={package.target_sdk}",
        f"    versionName={package.version_name}",
        f"    splits=[{splits}]",
        f"    flags=[ {flags} ]",
        f"    firstInstallTime={_GMT_EPOCH}",
        f"    lastUpdateTime={_GMT_EPOCH}",
        f"    installerPackageName={package.installer or 'null'}",
        f"    signatures=PackageSignatures{{{package.signer[:7]} version:3, "
        f"signatures:[{package.signer[:8]}], past signatures:[]}}",
        "    install permissions:",
        *(f"      {name}: granted=true" for name in install),
        f"    User 0: ceDataInode=0 installed={str(package.is_installed).lower()} hidden=false "
        f"suspended={str(package.is_suspended).lower()} stopped=false notLaunched=false "
        f"enabled={package.enabled.number} instant=false virtual=false",
        "      runtime permissions:",
        *(
            f"        {name}: granted={str(name in package.granted).lower()}, flags=[ ]"
            for name in runtime
        ),
    ]


async def _device_policy(call: Call) -> int:
    owner = call.tablet.device_owner
    await call.print("Current Device Policy Manager state:")
    if owner is None:
        await call.print("  Device Owner: \n")
    else:
        await call.print(
            f"  Device Owner: \n    admin=ComponentInfo{{{owner}}}\n"
            f"    name=\n    package={owner.partition('/')[0]}\n    User ID: 0\n"
        )
    return 0


async def _diskstats(call: Call) -> int:
    files = call.tablet.files
    free, total = files.free_bytes // 1024, files.capacity_bytes // 1024
    await call.print("Latency: 1ms [512B Data Write]")
    await call.print(f"Data-Free: {free}K / {total}K total = {free * 100 // total}% free")
    await call.print("File-based Encryption: true")
    return 0


async def _deviceidle(call: Call) -> int:
    await call.print("system-excidle,com.google.android.gms,10025")
    return 0


_SERVICES: dict[str, Verb] = {
    "battery": _battery,
    "device_policy": _device_policy,
    "deviceidle": _deviceidle,
    "diskstats": _diskstats,
    "package": dump_package,
}
VERBS: dict[str, Verb] = {"dumpsys": _dumpsys}
