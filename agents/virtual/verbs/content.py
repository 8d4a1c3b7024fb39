"""Verbs that read whole contents: cat, head, tail, wc, sums, base64, tee, dd's like."""

import asyncio
import base64
import hashlib
from collections import deque
from typing import BinaryIO

from agents.virtual.files import FileWriter
from agents.virtual.inodes import Generated, PosixError
from agents.virtual.verbs.call import BLOCK, Call, UsageError, Verb, number, options, toybox

_KINDS = {0o040000: "directory", 0o120000: "symbolic link"}
_LONG_STAT = "  File: %n\n  Size: %s\t Blocks: %b\t %F\nAccess: (%a)\tUid: %u\tGid: %g"


async def _cat(call: Call) -> int:
    _, names = options(call.arguments, "u")
    async for _, stream in call.each_input(names):
        while block := await call.read_from(stream):
            await call.streams.stdout.write(block)
            await asyncio.sleep(0)
    return int(call.missing(names))


async def _head(call: Call) -> int:
    chosen, names = options(_numbered(call.arguments), "n:c:qv")
    async for name, stream in call.each_input(names):
        if len(names) > 1 and "q" not in chosen:
            await call.print(f"==> {name} <==")
        left = number(chosen.get("c", chosen.get("n", "10")))
        while left > 0 and (block := await call.read_from(stream)):
            if "c" in chosen:
                block = block[:left]
                left -= len(block)
            else:
                lines = block.splitlines(keepends=True)[:left]
                block = b"".join(lines)
                left -= sum(line.endswith(b"\n") for line in lines)
            await call.streams.stdout.write(block)
    return int(call.missing(names))


async def _tail(call: Call) -> int:
    chosen, names = options(_numbered(call.arguments), "n:c:q")
    async for name, stream in call.each_input(names):
        if len(names) > 1 and "q" not in chosen:
            await call.print(f"==> {name} <==")
        content = await call.everything(stream)
        if "c" in chosen:
            kept = content[-number(chosen["c"]) :] if number(chosen["c"]) else b""
            await call.streams.stdout.write(kept)
            continue
        word = chosen.get("n", "10")
        lines = content.splitlines(keepends=True)
        if word.startswith("+"):
            kept_lines = lines[max(0, number(word[1:]) - 1) :]
        else:
            kept_lines = list(deque(lines, maxlen=abs(number(word))))
        await call.streams.stdout.write(b"".join(kept_lines))
    return int(call.missing(names))


async def _wc(call: Call) -> int:
    chosen, names = options(call.arguments, "lwcm")
    totals = [0, 0, 0]
    wanted = [letter in chosen or not chosen for letter in "lwc"]
    if "m" in chosen:
        wanted[2] = True
    rows = 0
    async for name, stream in call.each_input(names):
        counts, was_space = [0, 0, 0], True
        while block := await call.read_from(stream):
            counts[0] += block.count(b"\n")
            counts[1] += len(block.split()) - (not was_space and not block[:1].isspace())
            counts[2] += len(block)
            was_space = block[-1:].isspace()
            await asyncio.sleep(0)
        await call.print(_counts(counts, wanted, "" if stream is None else name))
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        rows += 1
    if rows > 1:
        await call.print(_counts(totals, wanted, "total"))
    return int(call.missing(names))


def _counts(counts: list[int], wanted: list[bool], name: str) -> str:
    shown = [str(count) for count, is_shown in zip(counts, wanted, strict=True) if is_shown]
    return " ".join([*shown, *([name] if name else [])])


def _sum(algorithm: str) -> Verb:
    async def verb(call: Call) -> int:
        chosen, names = options(call.arguments, "bc")
        if "c" in chosen:
            return await _check(call, algorithm, names)
        status = 0
        for name in names or ["-"]:
            try:
                digest = await _digest(call, algorithm, name)
            except PosixError as error:
                await call.complain(f"{name}: {error.text}")
                status = 1
                continue
            await call.print(digest if "b" in chosen else f"{digest}  {name}")
        return status

    return toybox(verb)


async def _digest(call: Call, algorithm: str, name: str) -> str:
    if name == "-":
        return await _hashed(call, algorithm, None)
    with call.files.open(call.path(name)) as stream:
        return await _hashed(call, algorithm, stream)


async def _hashed(call: Call, algorithm: str, stream: BinaryIO | None) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    while block := await call.read_from(stream, 16 * BLOCK):
        digest.update(block)
        await asyncio.sleep(0)
    return digest.hexdigest()


async def _check(call: Call, algorithm: str, names: list[str]) -> int:
    status = 0
    async for _, stream in call.each_input(names):
        for line in (await call.everything(stream)).decode("utf-8", "surrogateescape").splitlines():
            wanted, _, name = line.partition("  ")
            try:
                is_same = await _digest(call, algorithm, name) == wanted
            except PosixError as error:
                await call.complain(f"{name}: {error.text}")
                is_same = False
            status |= not is_same
            await call.print(f"{name}: {'OK' if is_same else 'FAILED'}")
    return int(status or call.missing(names))


async def _base64(call: Call) -> int:
    chosen, names = options(call.arguments, "diw:")
    width = number(chosen.get("w", "76"))
    async for _, stream in call.each_input(names):
        content = await call.everything(stream)
        if "d" in chosen:
            clean = bytes(byte for byte in content if chr(byte).isalnum() or byte in b"+/=")
            try:
                await call.streams.stdout.write(base64.b64decode(clean + b"=" * (-len(clean) % 4)))
            except ValueError:
                await call.complain("bad input")
                return 1
            continue
        text = base64.b64encode(content).decode()
        step = width if width > 0 else max(1, len(text))
        for at in range(0, len(text), step):
            await call.write(text[at : at + step] + ("\n" if width > 0 else ""))
    return int(call.missing(names))


async def _tee(call: Call) -> int:
    chosen, names = options(call.arguments, "ai")
    writers: list[FileWriter] = []
    status = 0
    try:
        for name in names:
            try:
                writers.append(call.files.create(call.path(name), append="a" in chosen))
            except PosixError as error:
                await call.complain(f"{name}: {error.text}")
                status = 1
        async for block in call.blocks():
            await call.streams.stdout.write(block)
            for writer in writers:
                writer.write(block)
    finally:
        for writer in writers:
            writer.close()
    return status


async def _stat(call: Call) -> int:
    chosen, names = options(call.arguments, "c:Lft")
    if not names:
        raise UsageError("Needs 1 argument")
    status = 0
    for name in names:
        try:
            node = call.files.node(call.path(name), follow="L" in chosen)
        except PosixError as error:
            await call.complain(f"'{name}': {error.text}")
            status = 1
            continue
        kind = {0o040000: "directory", 0o120000: "symbolic link"}.get(
            node.type_bits, "regular file"
        )
        if kind == "regular file" and node.size == 0 and not isinstance(node, Generated):
            kind = "regular empty file"
        fields = {
            "%a": f"{node.mode:o}",
            "%b": str(-(-node.size // 512)),
            "%f": f"{node.type_bits | node.mode:x}",
            "%F": kind,
            "%g": str(node.gid),
            "%n": name,
            "%s": str(node.size),
            "%u": str(node.uid),
            "%X": str(node.mtime),
            "%Y": str(node.mtime),
            "%Z": str(node.mtime),
            "%%": "%",
        }
        pattern = chosen.get(
            "c", "  File: %n\n  Size: %s\t Blocks: %b\t %F\nAccess: (%a)\tUid: %u\tGid: %g"
        )
        await call.print(_filled(pattern, fields))
    return status


def _filled(pattern: str, fields: dict[str, str]) -> str:
    text, at = "", 0
    while at < len(pattern):
        piece = pattern[at : at + 2]
        text += fields.get(piece, piece[:1])
        at += 2 if piece in fields else 1
    return text


def _numbered(arguments: tuple[str, ...]) -> list[str]:
    """``head -3`` is ``head -n 3``."""
    return [
        f"-n{argument[1:]}" if argument[:1] == "-" and argument[1:].isdecimal() else argument
        for argument in arguments
    ]


VERBS: dict[str, Verb] = {
    "base64": toybox(_base64),
    "cat": toybox(_cat),
    "head": toybox(_head),
    "md5sum": _sum("md5"),
    "sha1sum": _sum("sha1"),
    "sha256sum": _sum("sha256"),
    "stat": toybox(_stat),
    "tail": toybox(_tail),
    "tee": toybox(_tee),
    "wc": toybox(_wc),
}
