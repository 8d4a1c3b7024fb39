"""Verbs that list and change names: ls, mkdir, rm, mv, cp, touch, chmod, ln."""

import asyncio
import posixpath
from collections.abc import Awaitable, Callable
from datetime import datetime

from agents.virtual.inodes import (
    EEXIST,
    ENOENT,
    Directory,
    Node,
    PosixError,
    Symlink,
)
from agents.virtual.verbs.call import BLOCK, Call, UsageError, Verb, options, toybox

_Act = Callable[[Call, str, str], Awaitable[None]]
_NAMES = {0: "root", 1000: "system", 1015: "sdcard_rw", 2000: "shell", 9998: "misc"}


async def _ls(call: Call) -> int:
    chosen, names = options(call.arguments, "1aAldhRtrsniFZp")
    status = 0
    plain: list[tuple[str, Node]] = []
    folders: list[str] = []
    for name in names or ["."]:
        try:
            follows = "l" not in chosen or name.endswith("/")
            node = call.files.node(call.path(name), follow=follows)
            if isinstance(node, Directory) and "d" not in chosen:
                folders.append(name)
            else:
                plain.append((name, node))
        except PosixError as error:
            await call.complain(f"{name}: {error.text}")
            status = 1
    await _rows(call, plain, chosen)
    while folders:
        folder = folders.pop(0)
        try:
            found = call.files.listing(call.path(folder))
        except PosixError as error:
            await call.complain(f"{folder}: {error.text}")
            status = 1
            continue
        if len(names) > 1 or "R" in chosen:
            await call.print(
                f"\n{folder}:" if plain or folder != (names or ["."])[0] else f"{folder}:"
            )
        if "a" not in chosen and "A" not in chosen:
            found = [one for one in found if not one[0].startswith(".")]
        if "a" in chosen:
            here = call.files.node(call.path(folder))
            found = [(".", here), ("..", here), *found]
        if "l" in chosen:
            await call.print(f"total {sum(-(-node.size // 4096) * 4 for _, node in found)}")
        await _rows(call, found, chosen)
        if "R" in chosen:
            below = [
                posixpath.join(folder, name) for name, node in found if isinstance(node, Directory)
            ]
            folders = [one for one in below if posixpath.basename(one) not in (".", "..")] + folders
        await asyncio.sleep(0)
    return status


async def _rows(call: Call, found: list[tuple[str, Node]], chosen: dict[str, str]) -> None:
    if "t" in chosen:
        found = sorted(found, key=lambda one: -one[1].mtime)
    if "r" in chosen:
        found = found[::-1]
    for name, node in found:
        if "l" not in chosen:
            await call.print(name)
            continue
        moment = datetime.fromtimestamp(node.mtime, call.tablet.time_zone)
        links = 2 if isinstance(node, Directory) else 1
        arrow = f" -> {node.target}" if isinstance(node, Symlink) else ""
        owner, group = (_NAMES.get(one, f"u0_a{one % 10000}") for one in (node.uid, node.gid))
        await call.print(
            f"{_mode_text(node)} {links} {owner} {group} {node.size:>8} "
            f"{moment:%Y-%m-%d %H:%M} {name}{arrow}"
        )


def _mode_text(node: Node) -> str:
    kind = {0o040000: "d", 0o120000: "l"}.get(node.type_bits, "-")
    bits = "".join(
        letter if node.mode >> (8 - at) & 1 else "-" for at, letter in enumerate("rwxrwxrwx")
    )
    if node.mode & 0o2000:
        bits = bits[:5] + ("s" if bits[5] == "x" else "S") + bits[6:]
    return kind + bits


async def _mkdir(call: Call) -> int:
    chosen, names = options(call.arguments, "pvm:")
    mode = _octal(chosen.get("m", "755"))
    if not names:
        raise UsageError("Needs 1 argument")

    async def make(name: str) -> None:
        if "p" in chosen:
            call.files.make_directories(call.path(name), mode=mode)
        else:
            call.files.make_directory(call.path(name), mode=mode)

    status = 0
    for name in names:
        try:
            await make(name)
        except PosixError as error:
            await call.complain(f"'{name}': {error.text}")
            status = 1
    return status


async def _rmdir(call: Call) -> int:
    status = 0
    for name in call.arguments:
        try:
            if not isinstance(call.files.node(call.path(name), follow=False), Directory):
                await call.complain(f"{name}: Not a directory")
                status = 1
                continue
            call.files.remove(call.path(name))
        except PosixError as error:
            await call.complain(f"{name}: {error.text}")
            status = 1
    return status


async def _rm(call: Call) -> int:
    chosen, names = options(call.arguments, "fiRrv")
    if not names and "f" not in chosen:
        raise UsageError("Needs 1 argument")
    recursive = "r" in chosen or "R" in chosen
    status = 0
    for name in names:
        try:
            node = call.files.node(call.path(name), follow=False)
            if isinstance(node, Directory) and not recursive:
                await call.complain(f"{name}: is directory")
                status = 1
                continue
            call.files.remove(call.path(name), recursive=recursive)
        except PosixError as error:
            if error.number == ENOENT and "f" in chosen:
                continue
            await call.complain(f"{name}: {error.text}")
            status = 1
    return status


async def _mv(call: Call) -> int:
    _, names = options(call.arguments, "finTv")
    return await _each_target(call, names, _move)


async def _move(call: Call, source: str, target: str) -> None:
    call.files.move(call.path(source), call.path(target))


async def _cp(call: Call) -> int:
    chosen, names = options(call.arguments, "afprRdLHPvTin")
    recursive = bool({"r", "R", "a"} & set(chosen))

    async def copy(call: Call, source: str, target: str) -> None:
        await _copy(call, call.path(source), call.path(target), recursive=recursive)

    return await _each_target(call, names, copy)


async def _copy(call: Call, source: str, target: str, *, recursive: bool) -> None:
    node = call.files.node(source)
    if isinstance(node, Directory):
        if not recursive:
            await call.complain(f"Skipped dir '{source}'")
            raise PosixError(EEXIST)
        if (call.files.real_path(target) + "/").startswith(call.files.real_path(source) + "/"):
            raise PosixError(EEXIST)
        if not call.files.is_directory(target):
            call.files.make_directory(target)
        for name, _ in call.files.listing(source):
            await _copy(call, f"{source}/{name}", f"{target}/{name}", recursive=True)
        return
    with call.files.open(source) as stream:
        writer = call.files.create(target, mode=node.mode & 0o777)
        try:
            while piece := stream.read(BLOCK):
                writer.write(piece)
                await asyncio.sleep(0)
        finally:
            writer.close()


async def _each_target(call: Call, names: list[str], act: _Act) -> int:
    if len(names) < 2:
        raise UsageError("Needs 2 arguments")
    *sources, target = names
    into = call.files.is_directory(call.path(target))
    if len(sources) > 1 and not into:
        await call.complain(f"'{target}' not directory")
        return 1
    status = 0
    for source in sources:
        where = posixpath.join(target, posixpath.basename(source.rstrip("/"))) if into else target
        try:
            await act(call, source, where)
        except PosixError as error:
            await call.complain(f"bad '{source}': {error.text}")
            status = 1
    return status


async def _touch(call: Call) -> int:
    chosen, names = options(call.arguments, "acmhd:t:r:")
    status = 0
    for name in names:
        path = call.path(name)
        try:
            if call.files.exists(path):
                call.files.change_time(path, call.tablet.now)
            elif "c" not in chosen:
                call.files.create(path).close()
        except PosixError as error:
            await call.complain(f"'{name}': {error.text}")
            status = 1
    return status


async def _chmod(call: Call) -> int:
    _, names = options(call.arguments, "Rvf")
    if len(names) < 2:
        raise UsageError("Needs 2 arguments")
    mode = _octal(names[0])
    status = 0
    for name in names[1:]:
        try:
            call.files.change_mode(call.path(name), mode)
        except PosixError as error:
            await call.complain(f"chmod '{name}' to {names[0]}: {error.text}")
            status = 1
    return status


def _octal(text: str) -> int:
    if not text or len(text) > 4 or set(text) - set("01234567"):
        raise UsageError(f"bad mode '{text}'")
    return int(text, 8)


async def _ln(call: Call) -> int:
    chosen, names = options(call.arguments, "sfnv")
    if len(names) != 2 or "s" not in chosen:
        raise UsageError("Needs -s and 2 arguments")
    try:
        if "f" in chosen and call.files.exists(call.path(names[1])):
            call.files.remove(call.path(names[1]))
        call.files.make_link(call.path(names[1]), names[0])
    except PosixError as error:
        await call.complain(
            f"cannot create symbolic link from '{names[0]}' to '{names[1]}': {error.text}"
        )
        return 1
    return 0


VERBS: dict[str, Verb] = {
    "chmod": toybox(_chmod),
    "cp": toybox(_cp),
    "ln": toybox(_ln),
    "ls": toybox(_ls),
    "mkdir": toybox(_mkdir),
    "mv": toybox(_mv),
    "rm": toybox(_rm),
    "rmdir": _rmdir,
    "touch": toybox(_touch),
}
