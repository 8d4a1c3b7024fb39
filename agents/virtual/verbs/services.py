"""``cmd`` and the small commands of system services: wifi, alarm, locale, dpm, locksettings, wm."""

from agents.virtual.verbs.call import Call, Verb, number
from agents.virtual.verbs.failures import raised, unknown_command
from agents.virtual.verbs.packages import package_service
from agents.virtual.verbs.settings import settings

_SECURITIES = frozenset({"open", "owe", "wpa2", "wpa3"})


async def _cmd(call: Call) -> int:
    if not call.arguments:
        await call.warn("cmd: No service specified; use -l to list all services")
        return 20
    if call.arguments[0] == "-l":
        await call.print("Currently running services:")
        for name in sorted(_SERVICES):
            await call.print(f"  {name}")
        return 0
    service = _SERVICES.get(call.arguments[0])
    if service is None or (call.arguments[0] == "locale" and call.tablet.sdk < 33):
        await call.warn(f"cmd: Can't find service: {call.arguments[0]}")
        return 20
    return await service(call.rest(call.arguments[1:], call.arguments[0]))


async def _wifi(call: Call) -> int:
    wifi, words = call.tablet.wifi, call.arguments
    verb = words[0] if words else "help"
    allowed = {"status", "list-networks", "set-wifi-enabled", "connect-network", "forget-network"}
    if call.tablet.sdk >= 31:
        allowed.add("add-network")
    if call.tablet.sdk < 30 or verb not in allowed:
        named = "wifi commands" if call.tablet.sdk < 30 else f"{verb} wifi command"
        fault = f"java.lang.SecurityException: Uid 2000 does not have access to {named}"
        return await raised(call, verb, fault)
    match words:
        case ("status",):
            await call.print("\n".join(_wifi_status(call)))
        case ("list-networks",):
            if not wifi.networks:
                await call.print("No networks")
            else:
                await call.print("Network Id      SSID                         Security type")
            for number_, (ssid, security) in enumerate(wifi.networks):
                await call.print(f"{number_:<12} {ssid:>20} {security:>20}")
        case ("set-wifi-enabled", "enabled" | "disabled" as state):
            wifi.is_enabled = state == "enabled"
            call.tablet.settings["global"]["wifi_on"] = str(int(wifi.is_enabled))
        case ("connect-network" | "add-network", ssid, security, *rest) if security in _SECURITIES:
            if security.startswith("wpa") and not rest:
                fault = (
                    "java.lang.IllegalArgumentException: Argument expected after " + f'"{security}"'
                )
                return await raised(call, verb, fault)
            kind = {"wpa2": "wpa2-psk", "wpa3": "wpa3-sae"}.get(security, security)
            wifi.networks = [one for one in wifi.networks if one[0] != ssid] + [(ssid, kind)]
            if verb == "connect-network":
                wifi.connected_ssid = ssid
                await call.print("Connection initiated ")
        case ("forget-network", word) if 0 <= number(word, -1) < len(wifi.networks):
            ssid, _ = wifi.networks.pop(number(word))
            wifi.connected_ssid = None if wifi.connected_ssid == ssid else wifi.connected_ssid
            await call.print("Forget successful")
        case _:
            await call.print(f"Invalid args for {verb}")
            return 255
    return 0


def _wifi_status(call: Call) -> list[str]:
    wifi = call.tablet.wifi
    if not wifi.is_enabled:
        return ["Wifi is disabled", "Wifi scanning is only available when wifi is enabled"]
    lines = ["Wifi is enabled", "Wifi scanning is only available when wifi is enabled"]
    if wifi.connected_ssid is None:
        return [*lines, "Wifi is not connected"]
    name = f'"{wifi.connected_ssid}"'
    return [
        *lines,
        f"Wifi is connected to {name}",
        f"WifiInfo: SSID: {name}, BSSID: 02:00:00:00:00:00, MAC: {call.tablet.mac}, "
        "Supplicant state: COMPLETED, Wi-Fi standard: 5, RSSI: -52, Link speed: 433Mbps",
    ]


async def _svc(call: Call) -> int:
    match call.arguments:
        case ("wifi", "enable" | "disable" as state):
            call.tablet.wifi.is_enabled = state == "enable"
            call.tablet.settings["global"]["wifi_on"] = str(int(state == "enable"))
        case ("bluetooth", "enable" | "disable" as state):
            call.tablet.settings["global"]["bluetooth_on"] = str(int(state == "enable"))
        case ("power", "stayon", "true" | "false" | "usb" | "ac" | "wireless" as mode):
            value = {"true": "7", "false": "0", "ac": "1", "usb": "2", "wireless": "4"}[mode]
            call.tablet.settings["global"]["stay_on_while_plugged_in"] = value
        case ("power", "reboot", *_):
            return await call.shell.call(["reboot"], call.streams)
        case _:
            await call.warn("Available commands:\n    help\n    power\n    wifi\n    bluetooth")
            return 1
    return 0


async def _alarm(call: Call) -> int:
    match call.arguments:
        case ("set-timezone", zone):
            call.tablet.properties["persist.sys.timezone"] = zone
            return 0
        case ("set-time", _):
            return 0
    return await unknown_command(call, call.arguments[0] if call.arguments else "")


async def _locale(call: Call) -> int:
    words = list(call.arguments)
    verb = words.pop(0) if words else ""
    package = words.pop(0) if words and not words[0].startswith("-") else ""
    named = {words[at]: words[at + 1] for at in range(0, len(words) - 1, 2)}
    if verb not in ("set-app-locales", "get-app-locales"):
        return await unknown_command(call, verb)
    if call.tablet.packages.installed(package) is None:
        await call.warn(f"Unknown package {package} for userId {named.get('--user', '0')}")
        return 255
    if verb == "set-app-locales":
        call.tablet.app_locales[package] = named.get("--locales", "")
        return 0
    found = call.tablet.app_locales.get(package, "")
    await call.print(f"Locales for {package} for user {named.get('--user', '0')} are [{found}]")
    return 0


async def _dpm(call: Call) -> int:
    tablet = call.tablet
    match call.arguments:
        case ("list-owners",):
            if tablet.sdk < 31 and call.name == "dpm":
                await call.print("usage: dpm [subcommand] [options]")
                await call.warn("Error: unknown command 'list-owners'")
                return 1
            if tablet.device_owner is None:
                await call.print("no owners")
            else:
                await call.print(f"1 owner:\nUser  0: admin={tablet.device_owner},DeviceOwner")
        case ("set-device-owner", *_, component):
            return await _set_device_owner(call, component)
        case ("remove-active-admin", *_, _):
            fault = "java.lang.SecurityException: Attempt to remove non-test admin"
            return await raised(call, "remove-active-admin", fault)
        case _:
            await call.print("usage: dpm [subcommand] [options]")
            return 1
    return 0


async def _set_device_owner(call: Call, component: str) -> int:
    tablet = call.tablet
    package = component.partition("/")[0]
    if tablet.packages.installed(package) is None:
        await call.warn(f"Error: Unknown admin: ComponentInfo{{{component}}}")
        return 1
    if tablet.device_owner is not None:
        fault = (
            "java.lang.IllegalStateException: Trying to set the device owner "
            f"(ComponentInfo{{{component}}}), but device owner "
            f"(ComponentInfo{{{tablet.device_owner}}}) is already set."
        )
        return await raised(call, "set-device-owner", fault)
    tablet.device_owner = component
    await call.print(f"Success: Device owner set to package {component}")
    await call.print(f"Active admin set to component {{{component}}}")
    return 0


async def _locksettings(call: Call) -> int:
    match call.arguments:
        case ("get-disabled", *_):
            await call.print(str(call.tablet.is_lock_screen_disabled).lower())
        case ("set-disabled", *_, "true" | "false" as state):
            call.tablet.is_lock_screen_disabled = state == "true"
            await call.print(f"Lock screen disabled set to {state}")
        case _:
            await call.print(f"Unknown command: {call.arguments[0] if call.arguments else ''}")
            return 255
    return 0


async def _wm(call: Call) -> int:
    image, override = call.tablet.image, call.tablet.display_override
    match call.arguments:
        case ("size" | "density" as what,):
            real = f"{image.width}x{image.height}" if what == "size" else str(image.density)
            await call.print(f"Physical {what}: {real}")
            if what in override:
                await call.print(f"Override {what}: {override[what]}")
        case ("size" | "density" as what, "reset"):
            override.pop(what, None)
        case ("size", value) if _is_size(value):
            override["size"] = value
        case ("density", value) if 72 <= number(value, 0) <= 1000:
            override["density"] = value
        case _:
            await call.warn("Error: bad arguments")
            return 255
    return 0


def _is_size(text: str) -> bool:
    width, cross, height = text.partition("x")
    return bool(cross) and min(number(width, 0), number(height, 0)) >= 200


async def _am(call: Call) -> int:
    match call.arguments:
        case ("broadcast", *words):
            action = words[words.index("-a") + 1] if "-a" in words[:-1] else ""
            await call.print(f"Broadcasting: Intent {{ act={action} flg=0x400000 }}")
            await call.print("Broadcast completed: result=0")
        case ("force-stop", _, *_) | ("kill", *_):
            return 0
        case ("get-current-user",):
            await call.print("0")
        case ("start" | "start-activity", *words):
            await call.print(f"Starting: Intent {{ {' '.join(words)} }}")
        case _:
            return await unknown_command(call, call.arguments[0] if call.arguments else "")
    return 0


async def _input(call: Call) -> int:
    if call.arguments[:1] and call.arguments[0] in ("keyevent", "tap", "swipe", "text"):
        return 0
    await call.warn("Error: Unknown command: " + " ".join(call.arguments))
    return 255


_SERVICES: dict[str, Verb] = {
    "activity": _am,
    "alarm": _alarm,
    "device_policy": _dpm,
    "locale": _locale,
    "lock_settings": _locksettings,
    "package": package_service,
    "settings": settings,
    "wifi": _wifi,
    "window": _wm,
}
VERBS: dict[str, Verb] = {
    "am": _am,
    "cmd": _cmd,
    "dpm": _dpm,
    "input": _input,
    "locksettings": _locksettings,
    "svc": _svc,
    "wm": _wm,
}
