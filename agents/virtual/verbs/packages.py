"""``pm``, which is ``cmd package``: listing, paths, states, permissions, removal.

Words and exit codes after AOSP PackageManagerShellCommand.java.
"""

from collections.abc import Callable

from agents.virtual.inodes import SYSTEM, PosixError
from agents.virtual.packages import RUNTIME_PERMISSIONS, Enabled, Package
from agents.virtual.verbs import install
from agents.virtual.verbs.call import Call, Verb
from agents.virtual.verbs.failures import raised, unknown_command

_OFF_WITH_VALUE = frozenset({"--user", "--uid"})


async def package_service(call: Call) -> int:
    """The package service's shell command."""
    if not call.tablet.has_booted:
        await call.warn("cmd: Can't find service: package")
        return 20
    if not call.arguments:
        await call.print("Package manager (package) commands:\n  help\n    Print this help text.")
        return 255
    verb = _VERBS.get(call.arguments[0])
    if verb is None:
        return await unknown_command(call, call.arguments[0])
    return await verb(call.rest(call.arguments[1:], call.arguments[0]))


async def _pm(call: Call) -> int:
    return await package_service(call)


async def _list(call: Call) -> int:
    kind = call.arguments[0] if call.arguments else ""
    rest = call.rest(call.arguments[1:])
    match kind:
        case "packages" | "package":
            return await _list_packages(rest)
        case "users":
            await call.print("Users:")
            for number, name in sorted(call.tablet.users.items()):
                flags = "c13" if call.tablet.sdk < 30 else "4c13"
                await call.print(f"\tUserInfo{{{number}:{name}:{flags}}} running")
            return 0
        case "features":
            for feature in ("camera", "location", "wifi", "touchscreen"):
                await call.print(f"feature:android.hardware.{feature}")
            return 0
    await call.print(
        f"Error: unknown list type '{kind}'"
        if kind
        else "Error: didn't specify type of data to list"
    )
    return 255


async def _list_packages(call: Call) -> int:
    shown: set[str] = set()
    user, uid, pattern = "0", None, ""
    arguments = list(call.arguments)
    while arguments:
        argument = arguments.pop(0)
        if argument in ("--user", "--uid"):
            if not arguments:
                await call.print(f"Error: {argument} requires a value")
                return 255
            if argument == "--user":
                user = arguments.pop(0)
            else:
                uid = arguments.pop(0)
        elif argument in _LIST_OPTIONS:
            shown.add(argument)
        elif argument.startswith("-"):
            await call.print(f"Error: Unknown option: {argument}")
            return 255
        else:
            pattern = argument
    if user not in ("0", "all", "current", "cur", "-1", "-2"):
        if not user.isdecimal():
            return await raised(
                call, "list", f"java.lang.IllegalArgumentException: Bad user number: {user}"
            )
        return await raised(
            call,
            "list",
            f"java.lang.SecurityException: Shell does not have permission to access user {user}",
        )
    for package in sorted(call.tablet.packages.by_name.values(), key=lambda one: one.name):
        is_wanted = pattern in package.name and uid in (None, str(package.uid))
        if is_wanted and _is_listed(package, shown):
            await call.print(_row(package, shown))
    return 0


_LIST_OPTIONS = frozenset(
    {"-a", "-d", "-e", "-f", "-i", "-l", "-s", "-u", "-U", "-3", "--show-versioncode"}
)


def _is_listed(package: Package, shown: set[str]) -> bool:
    return (
        (package.is_installed or "-u" in shown)
        and (package.enabled.is_off or "-d" not in shown)
        and (not package.enabled.is_off or "-e" not in shown)
        and (package.is_system or "-s" not in shown)
        and (not package.is_system or "-3" not in shown)
    )


def _row(package: Package, shown: set[str]) -> str:
    row = f"package:{package.path}={package.name}" if "-f" in shown else f"package:{package.name}"
    if "--show-versioncode" in shown:
        row += f" versionCode:{package.version_code}"
    if "-i" in shown:
        row += f"  installer={package.installer or 'null'}"
    if "-U" in shown:
        row += f" uid:{package.uid}"
    return row


async def _path(call: Call) -> int:
    _, words = _user(call)
    package = call.tablet.packages.installed(words[0]) if words else None
    if package is None:
        return 1
    folder = package.path.rpartition("/")[0]
    await call.print(f"package:{package.path}")
    for split in package.splits:
        await call.print(f"package:{folder}/split_{split}.apk")
    return 0


async def _dump(call: Call) -> int:
    from agents.virtual.verbs.dumps import dump_package

    return await dump_package(call)


async def _uninstall(call: Call) -> int:
    user, words = _user(call)
    keeps = "-k" in words
    names = [word for word in words if not word.startswith("-")]
    if not names:
        await call.print("Error: package name not specified")
        return 1
    table = call.tablet.packages
    package = table.installed(names[0])
    if package is None:
        reason = f"not installed for {user}" if user else "DELETE_FAILED_INTERNAL_ERROR"
        await call.print(f"Failure [{reason}]")
        return 1
    if package.name == (call.tablet.device_owner or "").partition("/")[0]:
        await call.print("Failure [DELETE_FAILED_DEVICE_POLICY_MANAGER]")
        return 1
    if package.is_system and not user and package.factory is None:
        await call.print("Failure [DELETE_FAILED_INTERNAL_ERROR]")
        return 1
    if package.is_system and user:
        package.is_installed = False
    else:
        _remove_code(call, package)
        if package.factory is not None:
            table.by_name[package.name] = package.factory
        elif keeps:
            package.is_installed = False
        else:
            del table.by_name[package.name]
    await call.print("Success")
    return 0


def _remove_code(call: Call, package: Package) -> None:
    folder = package.path.rpartition("/")[0]
    parent = folder.rpartition("/")[0]
    try:
        call.files.remove(parent if "~~" in parent else folder, recursive=True, who=SYSTEM)
    except PosixError:
        return


async def _install_existing(call: Call) -> int:
    user, words = _user(call)
    names = [word for word in words if not word.startswith("-")]
    package = call.tablet.packages.by_name.get(names[0]) if names else None
    if package is None:
        await call.print(
            "android.content.pm.PackageManager$NameNotFoundException: Package "
            f"{names[0] if names else 'null'} doesn't exist"
        )
        return 1
    package.is_installed = True
    await call.print(f"Package {package.name} installed for user: {user or 0}")
    return 0


def _enabling(state: Enabled) -> Verb:
    async def verb(call: Call) -> int:
        _, words = _user(call)
        if not words:
            await call.print("Error: no package or component specified")
            return 1
        name = words[0].partition("/")[0]
        package = call.tablet.packages.installed(name)
        if package is None:
            return await raised(
                call, call.name, f"java.lang.IllegalArgumentException: Unknown package: {name}"
            )
        if state is Enabled.DISABLED:
            fault = f"Shell cannot change component state for {name}/null to 2"
            return await raised(call, call.name, f"java.lang.SecurityException: {fault}")
        if state.is_off and package.is_protected:
            return await raised(
                call,
                call.name,
                f"java.lang.SecurityException: Cannot disable a protected package: {name}",
            )
        package.enabled = state
        await call.print(f"Package {name} new state: {state.word}")
        return 0

    return verb


def _suspending(is_suspended: bool) -> Verb:
    async def verb(call: Call) -> int:
        _, words = _user(call)
        names = [word for word in words if not word.startswith("-")]
        if not names:
            await call.print("Error: package name not specified")
            return 1
        for name in names:
            package = call.tablet.packages.installed(name)
            if package is not None and not (package.is_protected and is_suspended):
                package.is_suspended = is_suspended
            state = package.is_suspended if package else not is_suspended
            await call.print(f"Package {name} new suspended state: {str(state).lower()}")
        return 0

    return verb


async def _hide(call: Call) -> int:
    return await raised(
        call,
        call.name,
        "java.lang.SecurityException: Neither user 2000 nor current process has "
        "android.permission.MANAGE_USERS.",
    )


def _granting(change: Callable[[set[str], str], None]) -> Verb:
    async def verb(call: Call) -> int:
        _, words = _user(call)
        if len(words) < 2:
            word = "package name" if not words else "permission"
            await call.print(f"Error: no {word} specified")
            return 255
        name, permission = words[:2]
        package = call.tablet.packages.installed(name)
        if package is None:
            fault = f"java.lang.IllegalArgumentException: Unknown package: {name}"
            return await raised(call, call.name, fault)
        fault = ""
        if permission not in package.permissions:
            fault = f"Package {name} has not requested permission {permission}"
        elif permission not in RUNTIME_PERMISSIONS:
            fault = (
                f"Permission {permission} requested by {name} is not a changeable permission type"
            )
        if fault:
            return await raised(call, call.name, f"java.lang.SecurityException: {fault}")
        change(package.granted, permission)
        return 0

    return verb


async def _clear(call: Call) -> int:
    _, words = _user(call)
    package = call.tablet.packages.installed(words[0]) if words else None
    if package is None:
        await call.print("Failed")
        return 1
    package.granted.clear()
    await call.print("Success")
    return 0


async def _resolve_activity(call: Call) -> int:
    wants_home = "android.intent.category.HOME" in call.arguments
    for name in ("com.sec.android.app.launcher", "com.google.android.apps.nexuslauncher"):
        if wants_home and call.tablet.packages.installed(name):
            if "--brief" in call.arguments:
                await call.print(
                    "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false"
                )
            await call.print(f"{name}/.activities.LauncherActivity")
            return 0
    await call.print("No activity found")
    return 0


def _user(call: Call) -> tuple[str | None, list[str]]:
    """The user that was named, and the other words."""
    words = list(call.arguments)
    user = None
    while "--user" in words:
        at = words.index("--user")
        user = words[at + 1] if at + 1 < len(words) else "0"
        del words[at : at + 2]
    return user, words


_VERBS: dict[str, Verb] = {
    "clear": _clear,
    "default-state": _enabling(Enabled.DEFAULT),
    "disable": _enabling(Enabled.DISABLED),
    "disable-user": _enabling(Enabled.DISABLED_USER),
    "dump": _dump,
    "enable": _enabling(Enabled.ENABLED),
    "grant": _granting(set.add),
    "hide": _hide,
    "install-existing": _install_existing,
    "list": _list,
    "path": _path,
    "resolve-activity": _resolve_activity,
    "revoke": _granting(set.discard),
    "suspend": _suspending(True),
    "unhide": _hide,
    "uninstall": _uninstall,
    "unsuspend": _suspending(False),
    **install.VERBS,
}
VERBS: dict[str, Verb] = {"pm": _pm}
