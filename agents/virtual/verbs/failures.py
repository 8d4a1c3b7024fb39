"""How a system service's shell command fails: an exception's trace, or an unknown verb."""

from agents.virtual.verbs.call import Call


async def raised(call: Call, verb: str, exception: str) -> int:
    """Print a Java exception as Binder's ShellCommand does; exit code 255."""
    where = "" if call.tablet.sdk < 30 else f" '{verb}'"
    await call.warn(
        f"\nException occurred while executing{where}:\n{exception}\n"
        "\tat android.os.BasicShellCommandHandler.exec(BasicShellCommandHandler.java:98)\n"
        "\tat android.os.ShellCommand.exec(ShellCommand.java:44)"
    )
    return 255


async def unknown_command(call: Call, verb: str) -> int:
    await call.print(f"Unknown command: {verb}")
    return 255
