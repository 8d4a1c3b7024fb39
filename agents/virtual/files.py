"""A virtual tablet's file system: one tree with owners, modes, links and a limited room.

Behaves as Linux does for the uid of ADB's shell: it may write below /sdcard and /data/local/tmp,
read what is world-readable, and is refused elsewhere. It never touches the host's files.
"""

import posixpath
import time
from collections.abc import Iterator
from typing import BinaryIO

from agents.virtual.inodes import (
    EACCES,
    EEXIST,
    EINVAL,
    EISDIR,
    ELOOP,
    ENAMETOOLONG,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    ENOTEMPTY,
    EPERM,
    SHELL,
    Content,
    ContentWriter,
    Credentials,
    Directory,
    File,
    Generated,
    Node,
    PosixError,
    Spool,
    Symlink,
)

_READ, _WRITE, _SEARCH = 4, 2, 1
_LONGEST_NAME = 255
_MOST_LINKS = 40


class FileSystem:
    """Takes absolute paths and raises ``PosixError``; ``who`` is checked as Linux does."""

    def __init__(self, spool: Spool, capacity_bytes: int, used_bytes: int) -> None:
        self._spool = spool
        self.root = Directory()
        self.capacity_bytes = capacity_bytes
        self.used_bytes = used_bytes

    @property
    def free_bytes(self) -> int:
        return max(0, self.capacity_bytes - self.used_bytes)

    def reserve(self, size: int) -> None:
        """Take room; ``ENOSPC`` when there is not enough."""
        if size > self.capacity_bytes - self.used_bytes:
            raise PosixError(ENOSPC)
        self.used_bytes += size

    def release(self, size: int) -> None:
        self.used_bytes -= size

    def node(self, path: str, *, follow: bool = True, who: Credentials = SHELL) -> Node:
        """What lies at ``path``; with ``follow`` a final link is resolved."""
        _, found = self._walk(path, who, follow=follow)
        if found is None:
            raise PosixError(ENOENT)
        return found

    def real_path(self, path: str, *, who: Credentials = SHELL) -> str:
        """``path`` without links, dots or doubled slashes; its last name need not exist."""
        real, _ = self._walk(path, who, follow=True)
        return real

    def exists(self, path: str, *, who: Credentials = SHELL) -> bool:
        try:
            self.node(path, who=who)
        except PosixError:
            return False
        return True

    def is_directory(self, path: str, *, who: Credentials = SHELL) -> bool:
        try:
            return isinstance(self.node(path, who=who), Directory)
        except PosixError:
            return False

    def listing(self, path: str, *, who: Credentials = SHELL) -> list[tuple[str, Node]]:
        """Names and nodes of a directory, sorted."""
        found = self.node(path, who=who)
        if not isinstance(found, Directory):
            raise PosixError(ENOTDIR)
        _require(found, _READ, who)
        return sorted(found.children.items())

    def open(self, path: str, *, who: Credentials = SHELL) -> BinaryIO:
        """A reader of the file's present content."""
        found = self.node(path, who=who)
        if isinstance(found, Directory):
            raise PosixError(EISDIR)
        _require(found, _READ, who)
        if isinstance(found, Generated):
            return Content(found.render()).open()
        if isinstance(found, File):
            return found.content.open()
        raise PosixError(EINVAL)

    def may(self, path: str, wanted: str, *, who: Credentials = SHELL) -> bool:
        """Whether ``who`` may read (r), write (w) or run (x) what lies there."""
        try:
            _require(self.node(path, who=who), {"r": _READ, "w": _WRITE, "x": _SEARCH}[wanted], who)
        except PosixError:
            return False
        return True

    def create(
        self, path: str, *, mode: int = 0o644, append: bool = False, who: Credentials = SHELL
    ) -> "FileWriter":
        """Open a file for writing: made or emptied now, filled when the writer is closed."""
        real, found = self._walk(path, who, follow=True)
        if path.endswith("/") or isinstance(found, Directory):
            raise PosixError(EISDIR)
        if found is None:
            parent = self._parent(real, who)
            _require(parent, _WRITE | _SEARCH, who)
            found = File(Content(), mode, mtime=_now())
            _own(found, parent, who)
            parent.children[posixpath.basename(real)] = found
        else:
            _require(found, _WRITE, who)
        if isinstance(found, File) and not append:
            self.replace(found, Content())
        return FileWriter(self, found, append=append)

    def replace(self, file: File, content: Content) -> None:
        """Swap a file's content; its room was reserved by whoever wrote it."""
        self.release(file.content.size)
        file.content.discard()
        file.content, file.mtime = content, _now()

    def make_directory(self, path: str, *, mode: int = 0o755, who: Credentials = SHELL) -> None:
        """``EEXIST`` when something is there already."""
        real, found = self._walk(path.rstrip("/") or "/", who, follow=True)
        if found is not None:
            raise PosixError(EEXIST)
        parent = self._parent(real, who)
        _require(parent, _WRITE | _SEARCH, who)
        made = Directory(mode=mode, mtime=_now())
        _own(made, parent, who)
        parent.children[posixpath.basename(real)] = made

    def make_directories(self, path: str, *, mode: int = 0o755, who: Credentials = SHELL) -> None:
        """Make what is missing on the way to ``path``, and ``path``."""
        so_far = "/"
        for name in path.split("/"):
            so_far = posixpath.join(so_far, name)
            if not self.exists(so_far, who=who):
                self.make_directory(so_far, mode=mode, who=who)
        if not self.is_directory(path, who=who):
            raise PosixError(EEXIST)

    def make_link(self, path: str, target: str, *, who: Credentials = SHELL) -> None:
        real, found = self._walk(path, who, follow=False)
        if found is not None:
            raise PosixError(EEXIST)
        parent = self._parent(real, who)
        _require(parent, _WRITE | _SEARCH, who)
        made = Symlink(target, mtime=_now())
        _own(made, parent, who)
        parent.children[posixpath.basename(real)] = made

    def remove(self, path: str, *, recursive: bool = False, who: Credentials = SHELL) -> None:
        """Remove a file, a link or an empty directory; with ``recursive`` all that is below."""
        real, found = self._walk(path, who, follow=False)
        if found is None:
            raise PosixError(ENOENT)
        if real == "/":
            raise PosixError(EPERM)
        parent = self._parent(real, who)
        _require(parent, _WRITE | _SEARCH, who)
        if isinstance(found, Directory) and found.children:
            if not recursive:
                raise PosixError(ENOTEMPTY)
            for name in list(found.children):
                self.remove(posixpath.join(real, name), recursive=True, who=who)
        if isinstance(found, File):
            self.release(found.content.size)
            found.content.discard()
            found.is_unlinked = True
        del parent.children[posixpath.basename(real)]

    def move(self, source: str, target: str, *, who: Credentials = SHELL) -> None:
        """Rename; a file at ``target`` is replaced."""
        real_source, found = self._walk(source, who, follow=False)
        if found is None:
            raise PosixError(ENOENT)
        real_target, there = self._walk(target, who, follow=False)
        if real_source == real_target:
            return
        if (real_target + "/").startswith(real_source + "/"):
            raise PosixError(EINVAL)
        old, new = self._parent(real_source, who), self._parent(real_target, who)
        _require(old, _WRITE | _SEARCH, who)
        _require(new, _WRITE | _SEARCH, who)
        if there is not None:
            if isinstance(there, Directory) and not isinstance(found, Directory):
                raise PosixError(EISDIR)
            self.remove(real_target, who=who)
        del old.children[posixpath.basename(real_source)]
        new.children[posixpath.basename(real_target)] = found

    def change_mode(self, path: str, mode: int, *, who: Credentials = SHELL) -> None:
        found = self.node(path, who=who)
        if who.uid not in (0, found.uid):
            raise PosixError(EPERM)
        found.mode = mode

    def change_time(self, path: str, mtime: int, *, who: Credentials = SHELL) -> None:
        found = self.node(path, who=who)
        if who.uid != found.uid:
            _require(found, _WRITE, who)
        found.mtime = mtime

    def mount(self, path: str, node: Node) -> None:
        """Put ``node`` at ``path`` as the boot does, whatever was there."""
        parent = self._parent(path, Credentials(0, frozenset()))
        parent.children[posixpath.basename(path)] = node

    def writer(self) -> ContentWriter:
        """For content that has no name yet, such as a package being streamed in."""
        return ContentWriter(self._spool)

    def _parent(self, real: str, who: Credentials) -> Directory:
        parent = self.node(posixpath.dirname(real), who=who)
        if not isinstance(parent, Directory):
            raise PosixError(ENOTDIR)
        if len(posixpath.basename(real).encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
            raise PosixError(ENAMETOOLONG)
        return parent

    def _walk(self, path: str, who: Credentials, *, follow: bool) -> tuple[str, Node | None]:
        """The real path and its node, ``None`` when only the last name is missing."""
        if not path or "\0" in path:
            raise PosixError(ENOENT)
        # A slash at the end follows a link, as lstat does.
        follow = follow or path.endswith("/")
        trail: list[tuple[str, Directory]] = []
        here: Node = self.root
        names = _names(path)
        links = 0
        while names:
            name = names.pop()
            if not isinstance(here, Directory):
                raise PosixError(ENOTDIR)
            if name == "..":
                here = trail.pop()[1] if trail else self.root
                continue
            _require(here, _SEARCH, who)
            child = here.children.get(name)
            if isinstance(child, Symlink) and (names or follow):
                links += 1
                if links > _MOST_LINKS:
                    raise PosixError(ELOOP)
                if child.target.startswith("/"):
                    trail, here = [], self.root
                names += _names(child.target)
                continue
            if child is None:
                if any(name != ".." for name in names):
                    raise PosixError(ENOENT)
                return "/" + "/".join([*(step for step, _ in trail), name]), None
            trail.append((name, here))
            here = child
        if path.endswith("/") and not isinstance(here, Directory):
            raise PosixError(ENOTDIR)
        return "/" + "/".join(step for step, _ in trail), here


class FileWriter:
    """An open file: takes room as it grows and gives it back when abandoned."""

    def __init__(self, files: FileSystem, node: Node, *, append: bool) -> None:
        self._files = files
        self._node = node
        self._content = files.writer()
        if append and isinstance(node, File):
            with node.content.open() as old:
                for piece in _pieces(old):
                    self.write(piece)

    def write(self, piece: bytes) -> None:
        """``ENOSPC`` when the tablet is full."""
        self._files.reserve(len(piece))
        try:
            self._content.write(piece)
        except PosixError:
            self._files.release(len(piece))
            raise

    def close(self, *, mtime: int | None = None) -> None:
        """Keep what was written."""
        if not isinstance(self._node, File) or self._node.is_unlinked:
            self.abandon()
            return
        self._files.replace(self._node, self._content.finish())
        if mtime is not None:
            self._node.mtime = mtime

    def abandon(self) -> None:
        """Keep nothing of what was written."""
        self._files.release(self._content.size)
        self._content.abandon()


def _names(path: str) -> list[str]:
    return [name for name in reversed(path.split("/")) if name not in ("", ".")]


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(64 * 1024):
        yield piece


def _require(node: Node, bits: int, who: Credentials) -> None:
    if who.uid == 0:
        return
    if node.uid == who.uid:
        granted = node.mode >> 6
    elif node.gid in who.groups:
        granted = node.mode >> 3
    else:
        granted = node.mode
    if bits & ~granted:
        raise PosixError(EACCES)


def _own(node: Node, parent: Directory, who: Credentials) -> None:
    """Shared storage gives every file its group, as the FUSE daemon does."""
    node.uid = who.uid
    node.gid = parent.gid if parent.mode & 0o2000 else who.uid
    if parent.mode & 0o2000:
        node.mode = 0o2770 if isinstance(node, Directory) else 0o660


def _now() -> int:
    return int(time.time())
