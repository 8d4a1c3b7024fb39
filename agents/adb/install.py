"""Installs one APK by streaming it to the package service: it never lies on the tablet twice.

Devices before Android 7 get the file first and install it from there. Judges nothing but the
service's own line; which APK is right is for the profile.
"""

import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from agents.adb import files, shell
from agents.adb.connection import Connection
from agents.adb.faults import ServiceRefused
from fleet.bridge import Progress, quote
from fleet.errors import DeviceError, StorageError

_FAILURE = re.compile(r"^Failure \[(\w+)(?::\s*(.*?))?\]\s*$", re.MULTILINE | re.DOTALL)
_LONGEST_LINE = 500
_DROP = "/data/local/tmp"
"""Readable by the package service, unlike shared storage."""


def install(
    connection: Connection, apk: Path, *, options: Sequence[str], progress: Progress | None
) -> str:
    """Install ``apk`` and return the service's line of success.

    Raises ``DeviceError``: ``device.install_refused`` with Android's word as ``reason`` and its
    explanation as ``detail``; ``device.remote`` when the service said something else.
    """
    with files.local_file("file.unreadable", apk):
        size = apk.stat().st_size
    words = ["package", "install", *options, "-S", str(size)]
    services = []
    if connection.offers("abb_exec"):
        services.append("abb_exec:" + "\0".join(words))
    if connection.offers("cmd"):
        services.append("exec:cmd " + " ".join(map(quote, words)))
    for service in services:
        try:
            answer = _stream(connection, service, apk, size, progress)
        except ServiceRefused:
            continue
        return judge(answer, connection.address)
    return judge(_drop_and_install(connection, apk, options, progress), connection.address)


def judge(answer: str, address: str) -> str:
    """Return the line of success in the package service's ``answer``, or raise what it says."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    for line in lines:
        if line.startswith("Success"):
            return line
    if failure := _FAILURE.search(answer):
        raise DeviceError(
            "device.install_refused", device=address, reason=failure[1], detail=failure[2]
        )
    if not lines:
        raise DeviceError("device.protocol", device=address, reason="no_answer")
    raise DeviceError("device.remote", device=address, reason=lines[0][:_LONGEST_LINE])


def _stream(
    connection: Connection, service: str, apk: Path, size: int, progress: Progress | None
) -> str:
    patience = connection.patience
    with (
        files.local_file("file.unreadable", apk),
        apk.open("rb", buffering=0) as file,
        connection.open(service, monotonic() + patience.stall_s) as stream,
    ):
        view = memoryview(bytearray(stream.max_write))
        sent = 0
        while sent < size:
            count = file.readinto(view[: min(len(view), size - sent)])
            if not count:
                # The service waits for the announced size: only closing the stream ends it.
                raise StorageError("file.unreadable", path=str(apk), reason="EOF")
            deadline = monotonic() + patience.stall_s
            if not stream.write(view[:count], deadline=deadline, unless_input=True):
                break
            sent += count
            if progress is not None:
                progress(sent, size)
        answer = shell.read_all(connection, stream, monotonic() + patience.install_s)
    return answer.decode("utf-8", "replace")


def _drop_and_install(
    connection: Connection, apk: Path, options: Sequence[str], progress: Progress | None
) -> str:
    place = f"{_DROP}/{secrets.token_hex(8)}.apk"
    try:
        files.push(connection, apk, place, mode=0o644, progress=progress)
        command = " ".join(["pm", "install", *map(quote, options), place])
        result = shell.run(connection, command, timeout_s=connection.patience.install_s)
    finally:
        _remove(connection, place)
    return f"{result.out}\n{result.err}"


def _remove(connection: Connection, place: str) -> None:
    try:
        shell.run(connection, f"rm -f {place}", timeout_s=connection.patience.stall_s)
    except DeviceError:
        return  # the trouble that brought us here is the one to tell
