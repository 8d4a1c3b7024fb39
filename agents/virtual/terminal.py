"""A minimal terminal for interactive shells: echo, line editing, Ctrl-C and Ctrl-D."""

import asyncio
from collections.abc import Awaitable

from agents.virtual.device import VirtualTablet
from agents.virtual.shell.interpreter import Shell
from agents.virtual.shell.parser import Parser
from agents.virtual.shell.state import Exit, Streams
from agents.virtual.shell.streams import BrokenPipe, Pipe, Sink
from agents.virtual.shell.syntax import Incomplete, ShellSyntaxError

_INTERRUPT, _END, _KILL_LINE = 0x03, 0x04, 0x15
_ERASE = (0x08, 0x7F)
_INTERRUPTED = 130


class Terminal:
    """Line discipline and the read-run loop behind it."""

    def __init__(self, tablet: VirtualTablet, out: Sink) -> None:
        self._tablet = tablet
        self._raw = out
        self._line = bytearray()
        self._lines = Pipe()
        self._running: asyncio.Task[int] | None = None

    async def write(self, piece: bytes) -> None:
        """Output of a command, with the line ends of a terminal."""
        await self._raw.write(piece.replace(b"\n", b"\r\n"))

    async def type(self, keys: bytes) -> None:
        for key in keys:
            if key == _INTERRUPT:
                self._line.clear()
                await self.write(b"^C\n")
                if self._running is not None:
                    self._running.cancel()
                else:
                    await self._lines.write(b"\n")
            elif key == _END:
                if not self._line:
                    self._lines.close_writing()
            elif key in _ERASE:
                if self._line:
                    self._line.pop()
                    await self._raw.write(b"\b \b")
            elif key == _KILL_LINE:
                self._line.clear()
                await self.write(b"^U\n")
            elif key in b"\r\n":
                await self.write(b"\n")
                self._line += b"\n"
                await self._lines.write(bytes(self._line))
                self._line.clear()
            else:
                self._line.append(key)
                await self._raw.write(bytes((key,)))

    async def run(self, command: str) -> int:
        """One command on a terminal, or a shell until ``exit`` or Ctrl-D."""
        shell = Shell(self._tablet)
        streams = Streams(self._lines, self, self)
        if command:
            return await self._interruptible(shell.run(command, streams))
        try:
            while True:
                text = await self._script(shell)
                if text is None:
                    return shell.status
                await self._interruptible(self._one(shell, text, streams))
        except Exit as leaving:
            return leaving.status

    async def _one(self, shell: Shell, text: str, streams: Streams) -> int:
        try:
            parser = Parser(text)
            while (line := parser.line()) is not None:
                await shell.script(line, streams)
        except ShellSyntaxError as error:
            await shell.complain(str(error), streams)
            shell.status = 1
        except BrokenPipe:
            shell.status = 141
        return shell.status

    async def _interruptible(self, running: Awaitable[int]) -> int:
        """Let Ctrl-C end the command and only the command."""
        task = self._running = asyncio.ensure_future(running)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            self._running = None
        return _INTERRUPTED if task.cancelled() else task.result()

    async def _script(self, shell: Shell) -> str | None:
        """Lines until they make a whole script; ``None`` at the end."""
        device = self._tablet.property_value("ro.product.device")
        await self.write(f"{device}:{shell.cwd} $ ".encode())
        text = ""
        while True:
            line = bytearray()
            while not line.endswith(b"\n"):
                one = await self._lines.read(1)
                if not one:
                    return None
                line += one
            text += line.decode("utf-8", "surrogateescape")
            try:
                parser = Parser(text)
                while parser.line() is not None:
                    pass
            except Incomplete:
                await self.write(b"> ")
                continue
            except ShellSyntaxError:
                return text
            return text
