"""Runs a script on a tablet without a wire."""

import asyncio
from dataclasses import dataclass

from agents.virtual import VirtualTablet
from agents.virtual.shell import Shell
from agents.virtual.shell.state import Streams
from agents.virtual.shell.streams import Capture, Pipe

DEADLINE_S = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str


def run_on(tablet: VirtualTablet, text: str, stdin: bytes = b"") -> Outcome:
    """Run a script and wait for it, but not for ever."""

    async def running() -> Outcome:
        source, out, err = Pipe(len(stdin) + 1), Capture(), Capture()
        await source.write(stdin)
        source.close_writing()
        async with asyncio.timeout(DEADLINE_S):
            code = await Shell(tablet).run(text, Streams(source, out, err))
        texts = (bytes(one.content).decode("utf-8", "surrogateescape") for one in (out, err))
        return Outcome(code, *texts)

    return asyncio.run(running())
