"""What lies in a virtual tablet's file system: files, directories, links and generated files.

Small contents stay in memory; larger ones are spooled to a directory of the host, so a push of any
size needs no more memory than one packet.
"""

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_IN_MEMORY = 64 * 1024

SHELL_UID = 2000
SDCARD_GID = 1015


class PosixError(Exception):
    """A system call failed, with Linux's number and bionic's words."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def text(self) -> str:
        return _WORDS[self.number]


EPERM, ENOENT, EIO, EACCES, EEXIST, ENOTDIR, EISDIR, EINVAL = 1, 2, 5, 13, 17, 20, 21, 22
ENOSPC, EROFS, ENAMETOOLONG, ENOTEMPTY, ELOOP = 28, 30, 36, 39, 40
_WORDS = {
    EPERM: "Operation not permitted",
    ENOENT: "No such file or directory",
    EIO: "I/O error",
    EACCES: "Permission denied",
    EEXIST: "File exists",
    ENOTDIR: "Not a directory",
    EISDIR: "Is a directory",
    EINVAL: "Invalid argument",
    ENOSPC: "No space left on device",
    EROFS: "Read-only file system",
    ENAMETOOLONG: "File name too long",
    ENOTEMPTY: "Directory not empty",
    ELOOP: "Too many symbolic links encountered",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who makes a system call."""

    uid: int
    groups: frozenset[int]


SHELL = Credentials(SHELL_UID, frozenset({SHELL_UID, SDCARD_GID, 1004, 1007, 1011, 1028, 3003}))
SYSTEM = Credentials(0, frozenset({0}))
"""The package service and the boot: may do everything."""


class Content:
    """Bytes of one file, in memory or spooled; immutable once written."""

    __slots__ = ("_bytes", "_path", "size")

    def __init__(self, content: bytes = b"", path: Path | None = None, size: int = 0) -> None:
        self._bytes = content
        self._path = path
        self.size = size if path else len(content)

    def open(self) -> BinaryIO:
        """A new reader at the first byte; the caller closes it."""
        return self._path.open("rb") if self._path else io.BytesIO(self._bytes)

    def discard(self) -> None:
        """Give the spool's room back; readers that are open keep reading, as on Linux."""
        if self._path:
            self._path.unlink(missing_ok=True)


class Spool:
    """Where contents too large for memory go: a directory made when first needed."""

    def __init__(self, make_directory: Callable[[], Path]) -> None:
        self._make_directory = make_directory
        self._directory: Path | None = None
        self._count = 0

    def new_path(self) -> Path:
        if self._directory is None:
            self._directory = self._make_directory()
        self._count += 1
        return self._directory / f"{self._count:06d}"


class ContentWriter:
    """Collects one content piece by piece; ``finish`` or ``abandon`` ends it."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._memory = bytearray()
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Raises ``PosixError`` when the host's own disk is full."""
        self.size += len(piece)
        try:
            if self._file is None:
                self._memory += piece
                if self.size <= _IN_MEMORY:
                    return
                self._path = self._spool.new_path()
                self._file = self._path.open("wb", buffering=0)
                piece = bytes(self._memory)
                self._memory.clear()
            view = memoryview(piece)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise PosixError(ENOSPC) from error

    def finish(self) -> Content:
        if self._file is None:
            return Content(bytes(self._memory))
        self._file.close()
        return Content(path=self._path, size=self.size)

    def abandon(self) -> None:
        if self._file is not None and self._path is not None:
            with contextlib.suppress(OSError):
                self._file.close()
                self._path.unlink()


@dataclass(slots=True)
class File:
    content: Content
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    is_unlinked: bool = False
    """Removed while somebody may still be writing it."""

    type_bits = 0o100000

    @property
    def size(self) -> int:
        return self.content.size


@dataclass(slots=True)
class Directory:
    mode: int = 0o755
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    children: "dict[str, Node]" = field(default_factory=dict)

    type_bits = 0o040000
    size = 3452


@dataclass(slots=True)
class Symlink:
    target: str
    mode: int = 0o777
    uid: int = 0
    gid: int = 0
    mtime: int = 0

    type_bits = 0o120000

    @property
    def size(self) -> int:
        return len(self.target)


@dataclass(slots=True)
class Generated:
    """A file of /proc, /sys or /dev: made anew at each reading, of no size."""

    render: Callable[[], bytes]
    mode: int = 0o444
    uid: int = 0
    gid: int = 0
    mtime: int = 0

    type_bits = 0o100000
    size = 0


Node = File | Directory | Symlink | Generated
