"""Verbs about time, identity, exit codes and the machine itself."""

import asyncio
import re
import time
from datetime import UTC, datetime

from agents.virtual.inodes import SHELL_UID
from agents.virtual.verbs.call import Call, UsageError, Verb, number, toybox

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_STRFTIME = re.compile(r"%([aAbBdeHIjmMpSTDFRuwyYsnzZ%N])")


async def _true(_call: Call) -> int:
    return 0


async def _false(_call: Call) -> int:
    return 1


async def _sleep(call: Call) -> int:
    found = _DURATION.fullmatch(call.arguments[0]) if call.arguments else None
    if found is None:
        word = call.arguments[0] if call.arguments else ""
        raise UsageError(f"Not a number '{word}'" if word else "Needs 1 argument")
    await asyncio.sleep(float(found.group(1)) * _SECONDS[found.group(2)])
    return 0


async def _date(call: Call) -> int:
    pattern, moment = "%a %b %e %H:%M:%S %Z %Y", time.time()
    zone = UTC if "-u" in call.arguments else call.tablet.time_zone
    arguments = [argument for argument in call.arguments if argument != "-u"]
    if len(arguments) >= 2 and arguments[0] == "-d" and arguments[1].startswith("@"):
        moment = float(number(arguments[1][1:]))
        arguments = arguments[2:]
    for argument in arguments:
        if not argument.startswith("+"):
            await call.complain("cannot set date: Operation not permitted")
            return 1
        pattern = argument[1:]
    try:
        now = datetime.fromtimestamp(moment, zone)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"bad date '@{moment:.0f}'") from error
    special = {"%s": str(int(moment)), "%n": "\n", "%N": f"{now.microsecond:06d}000"}
    await call.print(
        _STRFTIME.sub(lambda one: special.get(one.group()) or now.strftime(one.group()), pattern)
    )
    return 0


async def _uname(call: Call) -> int:
    tablet = call.tablet
    is_64_bit = "arm64-v8a" in tablet.property_value("ro.product.cpu.abilist")
    built = datetime.fromtimestamp(tablet.build_time, UTC)
    parts = {
        "s": "Linux",
        "n": "localhost",
        "r": tablet.property_value("ro.kernel.version"),
        "v": f"#1 SMP PREEMPT {built:%a %b %d %H:%M:%S UTC %Y}",
        "m": "aarch64" if is_64_bit else "armv8l",
        "o": "Android",
    }
    letters = "".join(call.arguments).replace("-", "") or "s"
    letters = "snrvmo" if "a" in letters else letters
    if set(letters) - set(parts):
        raise UsageError(f"Unknown option '{letters[0]}'")
    await call.print(" ".join(parts[letter] for letter in parts if letter in letters))
    return 0


async def _id(call: Call) -> int:
    if "-u" in call.arguments:
        await call.print("shell" if "-n" in call.arguments else str(SHELL_UID))
        return 0
    await call.print(
        "uid=2000(shell) gid=2000(shell) groups=2000(shell),1004(input),1007(log),1011(adb),"
        "1015(sdcard_rw),1028(sdcard_r),3003(inet) context=u:r:shell:s0"
    )
    return 0


async def _whoami(call: Call) -> int:
    await call.print("shell")
    return 0


async def _uptime(call: Call) -> int:
    minutes, _ = divmod(int(call.tablet.uptime_s), 60)
    now = datetime.now(call.tablet.time_zone)
    await call.print(
        f" {now:%H:%M:%S} up {minutes // 60:2d}:{minutes % 60:02d},  0 users,  "
        "load average: 0.42, 0.37, 0.31"
    )
    return 0


async def _reboot(call: Call) -> int:
    """The command returns while the tablet goes down, as ``reboot`` does."""
    asyncio.get_running_loop().call_soon(call.tablet.reboot)
    return 0


async def _sh(call: Call) -> int:
    from agents.virtual.shell.interpreter import Shell

    if call.arguments[:1] == ("-c",) and len(call.arguments) > 1:
        text, arguments = call.arguments[1], call.arguments[3:]
        name = (call.arguments[2:3] or ("sh",))[0]
    elif call.arguments:
        with call.files.open(call.path(call.arguments[0])) as stream:
            text = (await call.everything(stream)).decode("utf-8", "surrogateescape")
        arguments = call.arguments[1:]
        name = call.arguments[0]
    else:
        name = "sh"
        text = (await call.everything(None)).decode("utf-8", "surrogateescape")
        arguments = ()
    inner = Shell(call.tablet, name=name, arguments=arguments, depth=call.shell.depth)
    inner.cwd = call.shell.cwd
    inner.variables = dict(call.shell.variables)
    return await inner.run(text, call.streams)


async def _env(call: Call) -> int:
    for name, value in sorted(call.shell.variables.items()):
        await call.print(f"{name}={value}")
    return 0


async def _which(call: Call) -> int:
    status = 0
    for name in call.arguments:
        if call.shell.has_verb(name):
            await call.print(f"/system/bin/{name.rpartition('/')[2]}")
        else:
            status = 1
    return status


VERBS: dict[str, Verb] = {
    "date": toybox(_date),
    "env": _env,
    "false": _false,
    "id": _id,
    "printenv": _env,
    "reboot": _reboot,
    "sh": _sh,
    "sleep": toybox(_sleep),
    "sync": _true,
    "true": _true,
    "uname": toybox(_uname),
    "uptime": _uptime,
    "which": _which,
    "whoami": _whoami,
}
