"""Redirections: files opened around a command, descriptors pointed at each other."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents.virtual.inodes import PosixError
from agents.virtual.shell.expansion import text_of
from agents.virtual.shell.state import Streams
from agents.virtual.shell.streams import FileSink, FileSource, Sink
from agents.virtual.shell.syntax import Redirection

if TYPE_CHECKING:
    from agents.virtual.shell.interpreter import Shell


@contextlib.asynccontextmanager
async def redirected(
    shell: Shell, redirections: Sequence[Redirection], streams: Streams
) -> AsyncIterator[Streams | None]:
    """The streams behind the redirections; ``None``, with status 1, when one fails."""
    opened: list[FileSink | FileSource] = []
    inner = streams
    is_refused = False
    try:
        for one in redirections:
            changed = await _redirect(shell, one, inner, streams, opened)
            if changed is None:
                is_refused = True
                shell.status = 1
                break
            inner = changed
        yield None if is_refused else inner
    finally:
        for stream in opened:
            stream.close()


async def _redirect(
    shell: Shell,
    one: Redirection,
    streams: Streams,
    outer: Streams,
    opened: list[FileSink | FileSource],
) -> Streams | None:
    target = await text_of(shell, one.target, outer)
    if one.operator in (">&", "<&"):
        if one.operator == "<&" and target == "0":
            return streams
        sink = streams.sink(int(target)) if target in tuple("123456789") else None
        if sink is None:
            await shell.complain(f"{target}: bad file descriptor", outer)
            return None
        return _with_sink(streams, one.descriptor, sink)
    path = shell.absolute(target)
    try:
        if one.operator == "<":
            source = FileSource(shell.files.open(path))
            opened.append(source)
            return replace(streams, stdin=source)
        sink = FileSink(shell.files.create(path, append=one.operator == ">>"))
    except PosixError as error:
        verb = "open" if one.operator == "<" else "create"
        await shell.complain(f"can't {verb} {target}: {error.text}", outer)
        return None
    opened.append(sink)
    return _with_sink(streams, one.descriptor, sink)


def _with_sink(streams: Streams, descriptor: int, sink: Sink) -> Streams:
    match descriptor:
        case 1:
            return replace(streams, stdout=sink)
        case 2:
            return replace(streams, stderr=sink)
    return replace(streams, others={**streams.others, descriptor: sink})
