"""Runs syntax trees: one ``Shell`` per script or subshell, every command a coroutine.

Cancelling the task that runs a shell ends the command that it waits for, as closing the stream
ends a process on a tablet.
"""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents.virtual.files import FileSystem
from agents.virtual.inodes import PosixError
from agents.virtual.shell.builtins import BUILTINS
from agents.virtual.shell.expansion import ExpansionFault, fields_of, pattern_of, text_of
from agents.virtual.shell.parser import Parser
from agents.virtual.shell.patterns import matches
from agents.virtual.shell.redirection import redirected
from agents.virtual.shell.state import Exit, LeaveLoop, Streams
from agents.virtual.shell.streams import BrokenPipe, Capture, Pipe
from agents.virtual.shell.syntax import (
    AndOr,
    Case,
    Command,
    For,
    Group,
    If,
    Pipeline,
    Redirected,
    Script,
    ShellSyntaxError,
    Simple,
    While,
)

if TYPE_CHECKING:
    from agents.virtual.device import VirtualTablet

_NAME = "/system/bin/sh"
_BIN_FOLDERS = ("/system/bin", "/bin", "/system/xbin", "/vendor/bin")
_LONGEST_VARIABLE = 1024 * 1024
_DEEPEST = 12
_SIGPIPE = 141


class Shell:
    """State of one shell process; ``run`` takes text, the rest is for builtins and expansion."""

    def __init__(
        self,
        tablet: VirtualTablet,
        *,
        name: str = "sh",
        arguments: tuple[str, ...] = (),
        depth: int = 0,
    ) -> None:
        self.tablet = tablet
        self.arguments = arguments
        self.name = name
        """``$0``."""
        self.depth = depth
        self.cwd = "/"
        self.status = 0
        self.loops = 0
        """How many loops are around the present command."""
        self.variables = {
            "ANDROID_DATA": "/data",
            "ANDROID_ROOT": "/system",
            "EXTERNAL_STORAGE": "/sdcard",
            "HOME": "/",
            "HOSTNAME": tablet.property_value("ro.product.device"),
            "PATH": "/product/bin:/system/bin:/system/xbin:/vendor/bin",
            "PWD": "/",
            "SHELL": "/bin/sh",
            "TERM": "dumb",
            "TMPDIR": "/data/local/tmp",
            "USER": "shell",
        }

    @property
    def files(self) -> FileSystem:
        return self.tablet.files

    async def run(self, text: str, streams: Streams) -> int:
        """Run a whole script and give its exit code, whatever the text is."""
        try:
            self.status = await self.nested(text, streams)
        except Exit as leaving:
            self.status = leaving.status
        except BrokenPipe:
            self.status = _SIGPIPE
        return self.status

    async def nested(self, text: str, streams: Streams) -> int:
        """Run a script in this shell, as ``eval`` does."""
        self.depth += 1
        try:
            if self.depth > _DEEPEST:
                await self.complain("can't fork - try again", streams)
                raise Exit(1)
            parser = Parser(text)
            self.status = 0
            while (line := parser.line()) is not None:
                await self.script(line, streams)
        except ShellSyntaxError as error:
            await self.complain(str(error), streams)
            raise Exit(1) from error
        finally:
            self.depth -= 1
        return self.status

    async def script(self, script: Script, streams: Streams) -> int:
        for one in script.lists:
            await self._and_or(one, streams)
        return self.status

    async def substitute(self, script: Script, streams: Streams) -> str:
        """What ``script`` prints in a subshell, without its last line ends."""
        capture = Capture()
        inner = self._subshell()
        self.status = await inner.guarded(script, replace(streams, stdout=capture))
        text = bytes(capture.content).replace(b"\0", b"").decode("utf-8", "surrogateescape")
        return text.rstrip("\n")

    async def guarded(self, script: Script, streams: Streams) -> int:
        """Run as a process of its own: leaving it stops here."""
        try:
            return await self.script(script, streams)
        except Exit as leaving:
            return leaving.status
        except LeaveLoop:
            return 0
        except BrokenPipe:
            return _SIGPIPE

    async def complain(self, message: str, streams: Streams) -> None:
        await streams.stderr.write(f"{_NAME}: {message}\n".encode("utf-8", "surrogateescape"))

    def value(self, name: str) -> str | None:
        """A variable or special parameter; ``None`` when it is not set."""
        match name:
            case "?":
                return str(self.status)
            case "#":
                return str(len(self.arguments))
            case "@" | "*":
                return " ".join(self.arguments)
            case "$":
                return str(4000 + self.depth)
            case "!" | "-":
                return ""
            case "0":
                return self.name
        if name.isdecimal():
            number = int(name[:6])
            return self.arguments[number - 1] if number <= len(self.arguments) else None
        return self.variables.get(name)

    def absolute(self, path: str) -> str:
        """``path`` seen from the working directory; nothing stays nothing."""
        return posixpath.join(self.cwd, path) if path else ""

    def has_verb(self, name: str) -> bool:
        return self._verb_name(name) is not None

    async def call(self, fields: Sequence[str], streams: Streams) -> int:
        """Run a builtin or a verb by name."""
        from agents.virtual.verbs import VERBS
        from agents.virtual.verbs.call import Call

        name = fields[0]
        if builtin := BUILTINS.get(name):
            return await builtin(self, fields[1:], streams)
        verb = self._verb_name(name)
        if verb is None:
            return await self._not_found(name, streams)
        call = Call(self, verb, tuple(fields[1:]), streams)
        try:
            return await VERBS[verb](call)
        except PosixError as error:
            await call.complain(error.text)
            return 1

    def _verb_name(self, name: str) -> str | None:
        from agents.virtual.verbs import VERBS

        folder, _, last = name.rpartition("/")
        if folder and folder not in _BIN_FOLDERS:
            return None
        return last if last in VERBS else None

    async def _not_found(self, name: str, streams: Streams) -> int:
        if "/" in name and self.files.exists(self.absolute(name)):
            is_directory = self.files.is_directory(self.absolute(name))
            reason = "Is a directory" if is_directory else "Permission denied"
            await self.complain(f"{name}: can't execute: {reason}", streams)
            return 126
        await self.complain(f"{name}: inaccessible or not found", streams)
        return 127

    def _subshell(self) -> Shell:
        inner = Shell(self.tablet, name=self.name, arguments=self.arguments, depth=self.depth)
        inner.cwd, inner.status = self.cwd, self.status
        inner.variables = dict(self.variables)
        return inner

    async def _and_or(self, one: AndOr, streams: Streams) -> None:
        await self._pipeline(one.first, streams)
        for operator, pipeline in one.rest:
            if (self.status == 0) == (operator == "&&"):
                await self._pipeline(pipeline, streams)

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> None:
        if len(pipeline.commands) == 1:
            await self._command(pipeline.commands[0], streams)
        else:
            self.status = await self._piped(pipeline.commands, streams)
        if pipeline.is_negated:
            self.status = int(self.status == 0)

    async def _piped(self, commands: Sequence[Command], streams: Streams) -> int:
        """Every command in a subshell of its own, all at once; the last one's status counts."""
        tasks: list[asyncio.Task[int]] = []
        before: Pipe | None = None
        async with asyncio.TaskGroup() as group:
            for number, command in enumerate(commands):
                after = Pipe() if number < len(commands) - 1 else None
                tasks.append(group.create_task(self._stage(command, streams, before, after)))
                before = after
        return tasks[-1].result()

    async def _stage(
        self, command: Command, streams: Streams, before: Pipe | None, after: Pipe | None
    ) -> int:
        ends = replace(streams, stdin=before or streams.stdin, stdout=after or streams.stdout)
        script = Script((AndOr(Pipeline((command,))),))
        try:
            return await self._subshell().guarded(script, ends)
        finally:
            if before is not None:
                before.close_reading()
            if after is not None:
                after.close_writing()

    async def _command(self, command: Command, streams: Streams) -> None:
        # Every command lets the others run, so an endless loop holds up nobody else.
        await asyncio.sleep(0)
        try:
            if isinstance(command, Simple):
                await self._simple(command, streams)
            elif isinstance(command, Redirected):
                async with redirected(self, command.redirections, streams) as inner:
                    if inner is not None:
                        await self._command(command.command, inner)
            else:
                await self._compound(command, streams)
        except ExpansionFault as fault:
            await self.complain(str(fault), streams)
            raise Exit(1) from fault

    async def _compound(self, command: If | For | While | Case | Group, streams: Streams) -> None:
        match command:
            case If(branches, otherwise):
                for condition, body in branches:
                    if await self.script(condition, streams) == 0:
                        self.status = 0
                        await self.script(body, streams)
                        return
                self.status = 0
                if otherwise is not None:
                    await self.script(otherwise, streams)
            case For(name, words, body):
                values = self.arguments if words is None else await fields_of(self, words, streams)
                self.status = 0
                for value in values:
                    self.variables[name] = value
                    if not await self._turn(body, streams):
                        break
            case While(condition, body, is_until):
                status = 0
                while (await self.script(condition, streams) == 0) != is_until:
                    self.status = 0
                    goes_on = await self._turn(body, streams)
                    status = self.status
                    if not goes_on:
                        break
                self.status = status
            case Case(subject, choices):
                text = await text_of(self, subject, streams)
                self.status = 0
                for patterns, body in choices:
                    for pattern in patterns:
                        if matches(await pattern_of(self, pattern, streams), text):
                            await self.script(body, streams)
                            return
            case Group(body, is_subshell):
                if is_subshell:
                    self.status = await self._subshell().guarded(body, streams)
                else:
                    await self.script(body, streams)

    async def _turn(self, body: Script, streams: Streams) -> bool:
        """One turn of a loop; whether another may follow."""
        self.loops += 1
        try:
            await self.script(body, streams)
        except LeaveLoop as leaving:
            self.status = 0
            if leaving.levels > 1:
                raise LeaveLoop(leaving.levels - 1, goes_on=leaving.goes_on) from leaving
            return leaving.goes_on
        finally:
            self.loops -= 1
        return True

    async def _simple(self, command: Simple, streams: Streams) -> None:
        before = self.status
        fields = await fields_of(self, command.words, streams)
        if fields:
            self.status = before
        else:
            self.status = 0
        assigned: dict[str, str] = {}
        for name, word in command.assignments:
            assigned[name] = await text_of(self, word, streams)
            if len(assigned[name]) > _LONGEST_VARIABLE:
                raise ExpansionFault(f"{name}: Argument list too long")
            if not fields:
                self.variables[name] = assigned[name]
        async with redirected(self, command.redirections, streams) as inner:
            if inner is None or not fields:
                return
            old = dict(self.variables)
            self.variables.update(assigned)
            try:
                self.status = await self.call(fields, inner)
            finally:
                for name in assigned:
                    self.variables.pop(name, None)
                    if name in old:
                        self.variables[name] = old[name]
