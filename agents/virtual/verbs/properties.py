"""``getprop`` and ``setprop``."""

from agents.virtual.verbs.call import Call, Verb

_SHELL_MAY_SET = ("debug.", "log.", "persist.log.tag", "persist.debug.")
_LONGEST_VALUE = 91


async def _getprop(call: Call) -> int:
    arguments = [argument for argument in call.arguments if argument not in ("-T", "-Z")]
    if not arguments:
        for name, value in call.tablet.all_properties().items():
            await call.print(f"[{name}]: [{value}]")
        return 0
    value = call.tablet.property_value(arguments[0])
    await call.print(value or (arguments[1] if len(arguments) > 1 else ""))
    return 0


async def _setprop(call: Call) -> int:
    if len(call.arguments) != 2:
        await call.complain('Need 2 arguments (see "setprop --help")')
        return 1
    name, value = call.arguments
    if len(value.encode("utf-8", "surrogateescape")) > _LONGEST_VALUE and not name.startswith(
        "ro."
    ):
        await call.complain(f"value '{value}' too long; try '{value[:_LONGEST_VALUE]}'")
        return 1
    if name.startswith(_SHELL_MAY_SET):
        call.tablet.properties[name] = value
        return 0
    await call.complain(f"failed to set property '{name}' to '{value}'")
    return 1


VERBS: dict[str, Verb] = {"getprop": _getprop, "setprop": _setprop}
