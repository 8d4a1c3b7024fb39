"""Copies single files between the computer and a device; a copy counts only when it is whole.

Local trouble is a ``StorageError``, the device's a ``DeviceError`` with its own words. Copies no
directories.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.adb.connection import Connection
from agents.adb.faults import file_fault
from agents.adb.sync import RemoteFile, SyncSession
from fleet.bridge import Progress
from fleet.errors import DeviceError

_SIZES_OF_OLD_STAT = 1 << 32
_MADE_UP_SIZES = ("/proc/", "/sys/")
"""Where a size is what the kernel felt like saying, not what can be read."""


def push(
    connection: Connection, source: Path, target: str, *, mode: int, progress: Progress | None
) -> int:
    """Copy ``source`` to ``target`` with its modification time; bytes sent.

    Raises ``StorageError`` (``file.unreadable``) and ``DeviceError``: ``device.remote`` as soon as
    the device refuses, ``device.protocol`` (``size_differs``) when it kept another size.
    """
    with local_file("file.unreadable", source), source.open("rb") as file:
        mtime = int(os.fstat(file.fileno()).st_mtime)
        with SyncSession(connection) as session:
            sent = session.send(
                file.fileno(), target=target, mode=mode, mtime=mtime, progress=progress
            )
            kept = session.stat(target)
    if kept is not None and kept.is_regular and (kept.size - sent) % _SIZES_OF_OLD_STAT:
        raise _size_differs(connection)
    return sent


def pull(connection: Connection, source: str, target: Path, *, progress: Progress | None) -> int:
    """Copy ``source`` to ``target``, which appears only once it is whole; bytes received.

    Raises ``StorageError`` (``file.unwritable``) and ``DeviceError``.
    """
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    with local_file("file.unwritable", target), SyncSession(connection) as session:
        announced = session.stat(source)
        total = _true_size(source, announced)
        received = 0
        try:
            with draft.open("xb") as file:
                for part in session.receive(source):
                    file.write(part)
                    received += len(part)
                    if progress is not None:
                        progress(received, max(total, received))
                file.flush()
                os.fsync(file.fileno())
            # More is a file that grows, such as a log; less was cut off.
            if received < total:
                raise _size_differs(connection)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return received


def stat(connection: Connection, path: str) -> RemoteFile | None:
    """Ask for a path's type, size and time; ``None`` when nothing is there."""
    with SyncSession(connection) as session:
        return session.stat(path)


@contextmanager
def local_file(code: str, path: Path) -> Iterator[None]:
    """Turn an ``OSError`` into the ``StorageError`` ``code``; the wire's are translated before."""
    try:
        yield
    except OSError as error:
        raise file_fault(code, error, str(path)) from error


def _true_size(path: str, announced: RemoteFile | None) -> int:
    if announced is None or not announced.is_regular or path.startswith(_MADE_UP_SIZES):
        return 0
    return announced.size


def _size_differs(connection: Connection) -> DeviceError:
    return DeviceError("device.protocol", device=connection.address, reason="size_differs")
