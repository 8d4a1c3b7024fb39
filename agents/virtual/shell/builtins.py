"""Commands that change the shell itself, so that they cannot be verbs of the tablet."""

from __future__ import annotations

import posixpath
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from agents.virtual.inodes import ENOTDIR, PosixError
from agents.virtual.shell.lexer import is_name
from agents.virtual.shell.state import Exit, LeaveLoop, Streams

if TYPE_CHECKING:
    from agents.virtual.shell.interpreter import Shell

Builtin = Callable[["Shell", Sequence[str], Streams], Awaitable[int]]


async def _cd(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    where = arguments[0] if arguments else shell.variables.get("HOME", "/")
    if where == "-":
        where = shell.variables.get("OLDPWD", shell.cwd)
    target = posixpath.normpath(shell.absolute(where))
    try:
        if not shell.files.is_directory(target):
            shell.files.node(target)
            raise PosixError(ENOTDIR)
    except PosixError as error:
        await shell.complain(f"cd: {where}: {error.text}", streams)
        return 2
    shell.variables["OLDPWD"] = shell.cwd
    shell.cwd = "/" + target.lstrip("/")
    shell.variables["PWD"] = shell.cwd
    return 0


async def _pwd(shell: Shell, _arguments: Sequence[str], streams: Streams) -> int:
    await streams.stdout.write(shell.cwd.encode("utf-8", "surrogateescape") + b"\n")
    return 0


async def _exit(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    if not arguments:
        raise Exit(shell.status)
    if not arguments[0].isascii() or not arguments[0].isdecimal():
        await shell.complain(f"exit: bad number: {arguments[0]}", streams)
        raise Exit(1)
    raise Exit(int(arguments[0][:10]) & 0xFF)


async def _export(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not is_name(name):
            await shell.complain(f"export: {name}: is not an identifier", streams)
            raise Exit(1)
        if equals:
            shell.variables[name] = value
    return 0


async def _unset(shell: Shell, arguments: Sequence[str], _streams: Streams) -> int:
    for name in arguments:
        shell.variables.pop(name, None)
    return 0


async def _nothing(_shell: Shell, _arguments: Sequence[str], _streams: Streams) -> int:
    return 0


async def _leave(shell: Shell, arguments: Sequence[str], streams: Streams, *, goes_on: bool) -> int:
    word = "continue" if goes_on else "break"
    if shell.loops == 0:
        await shell.complain(f"{word}: can't {word}", streams)
        return 0
    count = arguments[0] if arguments else "1"
    if not count.isascii() or not count.isdecimal() or int(count[:6]) == 0:
        await shell.complain(f"{word}: {count}: bad value", streams)
        raise Exit(1)
    raise LeaveLoop(min(int(count[:6]), shell.loops), goes_on=goes_on)


async def _break(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    return await _leave(shell, arguments, streams, goes_on=False)


async def _continue(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    return await _leave(shell, arguments, streams, goes_on=True)


async def _eval(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    return await shell.nested(" ".join(arguments), streams)


async def _shift(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    count = int(arguments[0][:6]) if arguments and arguments[0].isdecimal() else 1
    if count > len(shell.arguments):
        await shell.complain("shift: nothing to shift", streams)
        raise Exit(1)
    shell.arguments = shell.arguments[count:]
    return 0


async def _set(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    if arguments and arguments[0] == "--":
        shell.arguments = tuple(arguments[1:])
        return 0
    if arguments:
        await shell.complain(f"set: {arguments[0]}: unknown option", streams)
        raise Exit(1)
    for name, value in sorted(shell.variables.items()):
        await streams.stdout.write(f"{name}={value}\n".encode("utf-8", "surrogateescape"))
    return 0


async def _read(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    is_raw = "-r" in arguments
    names = [argument for argument in arguments if argument != "-r"] or ["REPLY"]
    line = bytearray()
    while True:
        one = await streams.stdin.read(1)
        if one == b"\\" and not is_raw:
            one = await streams.stdin.read(1)
            line += b"" if one == b"\n" else one
            continue
        if not one or one == b"\n":
            break
        line += one
    text = line.decode("utf-8", "surrogateescape")
    separators = shell.variables.get("IFS", " \t\n")
    blanks = "".join(character for character in separators if character in " \t\n")
    for number, name in enumerate(names):
        text = text.strip(blanks) if blanks else text
        if number == len(names) - 1:
            shell.variables[name] = text
            break
        cut = next((at for at, one in enumerate(text) if one in separators), len(text))
        shell.variables[name], text = text[:cut], text[cut + 1 :]
    return 0 if one else 1


async def _command(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    if not arguments:
        return 0
    if arguments[0] in ("-v", "-V"):
        return await _describe(shell, arguments[1:], streams, is_brief=arguments[0] == "-v")
    return await shell.call(list(arguments), streams)


async def _type(shell: Shell, arguments: Sequence[str], streams: Streams) -> int:
    return await _describe(shell, arguments, streams, is_brief=False)


async def _describe(shell: Shell, names: Sequence[str], streams: Streams, *, is_brief: bool) -> int:
    status = 0
    for name in names:
        if name in BUILTINS:
            line = name if is_brief else f"{name} is a shell builtin"
        elif shell.has_verb(name):
            line = f"/system/bin/{name}" if is_brief else f"{name} is /system/bin/{name}"
        else:
            status = 1
            if is_brief:
                continue
            line = f"{name} not found"
        await streams.stdout.write(f"{line}\n".encode("utf-8", "surrogateescape"))
    return status


BUILTINS: dict[str, Builtin] = {
    ":": _nothing,
    "break": _break,
    "cd": _cd,
    "command": _command,
    "continue": _continue,
    "eval": _eval,
    "exit": _exit,
    "export": _export,
    "pwd": _pwd,
    "read": _read,
    "set": _set,
    "shift": _shift,
    "type": _type,
    "unset": _unset,
    "wait": _nothing,
}
