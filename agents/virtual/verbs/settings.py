"""``settings``: the three namespaces of the settings provider."""

from agents.virtual.device import NAMESPACES
from agents.virtual.verbs.call import Call, Verb

_USAGE = """Settings provider (settings) commands:
  help
      Print this help text.
  get [--user <USER_ID> | current] NAMESPACE KEY
      Retrieve the current value of KEY.
  put [--user <USER_ID> | current] NAMESPACE KEY VALUE [TAG] [default]
      Change the contents of KEY to VALUE.
  delete [--user <USER_ID> | current] NAMESPACE KEY
      Delete the entry for KEY.
  list [--user <USER_ID> | current] NAMESPACE
      Print all defined keys."""


async def settings(call: Call) -> int:
    arguments = list(call.arguments)
    verb = arguments.pop(0) if arguments else ""
    if arguments and arguments[0] == "--user":
        if len(arguments) < 2:
            await call.warn("Invalid user: null")
            return 255
        if arguments[1] not in ("0", "current"):
            await call.warn(f"Invalid user: {arguments[1]}")
            return 255
        del arguments[:2]
    wanted = {"get": 2, "put": 3, "delete": 2, "list": 1}.get(verb)
    if wanted is None:
        await call.print(_USAGE)
        return 0 if verb in ("", "help", "-h") else 255
    if not arguments:
        await call.warn("Not enough arguments")
        return 255
    if arguments[0] not in NAMESPACES:
        await call.warn(f"Invalid namespace '{arguments[0]}'")
        return 255
    if len(arguments) < wanted:
        await call.warn("Bad arguments")
        return 255
    return await _apply(call, verb, arguments)


async def _apply(call: Call, verb: str, arguments: list[str]) -> int:
    values = call.tablet.settings[arguments[0]]
    match verb:
        case "list":
            for key, value in sorted(values.items()):
                await call.print(f"{key}={value}")
        case "get":
            await call.print(values.get(arguments[1], "null"))
        case "delete":
            removed = values.pop(arguments[1], None) is not None
            await call.print(f"Deleted {int(removed)} rows")
        case "put":
            values[arguments[1]] = arguments[2]
            _follow(call, arguments[0], arguments[1], arguments[2])
    return 0


def _follow(call: Call, namespace: str, key: str, value: str) -> None:
    """What the system does when it sees a setting change."""
    if (namespace, key) == ("global", "wifi_on"):
        call.tablet.wifi.is_enabled = value == "1"


VERBS: dict[str, Verb] = {"settings": settings}
