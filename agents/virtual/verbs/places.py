"""Verbs that ask where things are and how full: df, du, find, readlink, basename, dirname."""

import asyncio
import posixpath

from agents.virtual.inodes import Directory, File, Node, PosixError, Symlink
from agents.virtual.shell.patterns import matches
from agents.virtual.verbs.call import Call, UsageError, Verb, number, options, toybox


async def _df(call: Call) -> int:
    chosen, names = options(call.arguments, "khHP")
    files = call.files
    total = files.capacity_bytes // 1024
    used = min(total, -(-files.used_bytes // 1024))
    rows: list[tuple[str, int, int, str]] = []
    status = 0
    for name in names or ["/", "/data", "/storage/emulated"]:
        try:
            real = files.real_path(call.path(name))
            files.node(real)
        except PosixError as error:
            await call.complain(f"'{name}': {error.text}")
            status = 1
            continue
        if real.startswith("/storage/emulated"):
            rows.append(("/dev/fuse", total, used, "/storage/emulated"))
        elif real.startswith("/data"):
            rows.append(("/dev/block/dm-5", total, used, "/data"))
        else:
            rows.append(("/dev/block/dm-0", 4_194_304, 3_900_112, "/"))
    unit = "Size  Used Avail" if "h" in chosen else "1K-blocks    Used Available"
    await call.print(f"Filesystem      {unit} Use% Mounted on")
    for device, size, taken, mount in rows:
        if "h" in chosen:
            shown = "  ".join(f"{count / 1048576:.1f}G" for count in (size, taken, size - taken))
        else:
            shown = f"{size:>9} {taken:>7} {size - taken:>9}"
        percent = -(-taken * 100 // size) if size else 0
        await call.print(f"{device:<15} {shown} {percent:>3}% {mount}")
    return status


async def _du(call: Call) -> int:
    chosen, names = options(call.arguments, "shkad:")
    status = 0
    for name in names or ["."]:
        try:
            node = call.files.node(call.path(name))
        except PosixError as error:
            await call.complain(f"{name}: {error.text}")
            status = 1
            continue
        size = sum(_sizes(node))
        await call.print(f"{-(-size // 1024)}{'K' if 'h' in chosen else ''}\t{name}")
    return status


def _sizes(node: Node) -> list[int]:
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Directory):
            waiting += one.children.values()
        elif isinstance(one, File):
            found.append(one.size)
    return found


async def _find(call: Call) -> int:
    words = list(call.arguments)
    roots: list[str] = []
    while words and not words[0].startswith("-"):
        roots.append(words.pop(0))
    wanted = dict(zip(words[::2], words[1::2], strict=False))
    if set(wanted) - {"-name", "-type", "-maxdepth"} or len(words) % 2:
        raise UsageError(f"bad arg '{words[-1]}'")
    pattern = [(character, False) for character in wanted.get("-name", "*")]
    deepest = number(wanted.get("-maxdepth", "999"))
    status = 0
    for root in roots or ["."]:
        waiting = [(root, 0)]
        while waiting:
            path, depth = waiting.pop(0)
            try:
                node = call.files.node(call.path(path), follow=False)
                kind = {0o040000: "d", 0o120000: "l"}.get(node.type_bits, "f")
                is_kind = wanted.get("-type", kind) == kind
                if is_kind and matches(pattern, posixpath.basename(path)):
                    await call.print(path)
                if isinstance(node, Directory) and depth < deepest:
                    names = [name for name, _ in call.files.listing(call.path(path))]
                    waiting[:0] = [(posixpath.join(path, name), depth + 1) for name in names]
            except PosixError as error:
                await call.complain(f"'{path}': {error.text}")
                status = 1
            await asyncio.sleep(0)
    return status


async def _readlink(call: Call) -> int:
    chosen, names = options(call.arguments, "fenq")
    status = 0
    for name in names:
        try:
            if "f" in chosen or "e" in chosen or call.name == "realpath":
                await call.print(call.files.real_path(call.path(name)))
                continue
            node = call.files.node(call.path(name), follow=False)
            if not isinstance(node, Symlink):
                return 1
            await call.print(node.target)
        except PosixError as error:
            if call.name == "realpath":
                await call.complain(f"{name}: {error.text}")
            status = 1
    return status


async def _basename(call: Call) -> int:
    if not call.arguments:
        raise UsageError("Needs 1 argument")
    name = posixpath.basename(call.arguments[0].rstrip("/")) or "/"
    if len(call.arguments) > 1 and name != call.arguments[1]:
        name = name.removesuffix(call.arguments[1])
    await call.print(name)
    return 0


async def _dirname(call: Call) -> int:
    for name in call.arguments:
        await call.print(posixpath.dirname(name.rstrip("/") or "/") or ".")
    return 0


VERBS: dict[str, Verb] = {
    "basename": toybox(_basename),
    "df": toybox(_df),
    "dirname": _dirname,
    "du": toybox(_du),
    "find": toybox(_find),
    "readlink": toybox(_readlink),
    "realpath": toybox(_readlink),
}
