"""``pm install`` in all its forms: from a path, streamed with ``-S``, and in sessions."""

import itertools
from dataclasses import dataclass, field
from typing import BinaryIO

from agents.apk import Apk, read_apk
from agents.virtual.inodes import SYSTEM, Content, ContentWriter, Directory, File, PosixError
from agents.virtual.packages import InstallOptions, InstallRefused
from agents.virtual.verbs.call import BLOCK, Call, UsageError, Verb, number
from agents.virtual.verbs.failures import raised
from fleet.errors import InvalidInput

_FLAGS = frozenset({"-r", "-R", "-d", "-g", "-t", "-f", "-s", "-l", "--full", "--dont-kill"})
_VALUES = frozenset(
    {"-S", "-i", "-p", "--user", "--abi", "--install-reason", "--install-location", "--pkg"}
)
_FLAGS_BY_SDK = {"--bypass-low-target-sdk-block": 34, "--staged": 29, "--instant": 26}


@dataclass(slots=True)
class Session:
    """An install in several writes."""

    options: InstallOptions
    staged: dict[str, Content] = field(default_factory=dict)
    """By the name that the host gave each APK."""


@dataclass(frozen=True, slots=True)
class _Request:
    options: InstallOptions
    size: int | None
    """Of the stream on standard input."""
    operands: list[str]


async def _install(call: Call) -> int:
    try:
        request = _parse(call)
    except UsageError as error:
        return await raised(call, call.name, f"java.lang.IllegalArgumentException: {error}")
    paths = [path for path in request.operands if path != "-"]
    if request.size is None and not paths:
        await call.print("Error: must either specify a package size or an APK file")
        return 1
    try:
        if paths:
            content = _from_path(call, paths[0])
            if content is None:
                return await _cannot_open(call, paths[0])
        else:
            content = await _streamed(call, request.size or 0)
        _enter(call, {"base.apk": content}, request.options)
    except InstallRefused as refused:
        await call.print(f"Failure [{refused.reason}]")
        return 1
    await call.print("Success")
    return 0


async def _cannot_open(call: Call, path: str) -> int:
    await call.warn(f"Error: Unable to open file: {path}")
    if not call.path(path).startswith("/data/local/tmp/"):
        await call.warn("Consider using a file under /data/local/tmp/")
    await call.warn(f"Error: Can't open file: {path}")
    fault = f"java.lang.IllegalArgumentException: Error: Can't open file: {path}"
    return await raised(call, call.name, fault)


def _parse(call: Call) -> _Request:
    flags: set[str] = set()
    values: dict[str, str] = {}
    words = list(call.arguments)
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word in _VALUES:
            if not words:
                raise UsageError(f'Argument expected after "{word}"')
            values[word] = words.pop(0)
        elif word in _FLAGS or call.tablet.sdk >= _FLAGS_BY_SDK.get(word, 999):
            flags.add(word)
        else:
            raise UsageError(f"Unknown option {word}")
    size = number(values["-S"]) if "-S" in values else None
    if size is not None and size < 0:
        raise UsageError(f"bad size {size}")
    options = InstallOptions(
        may_replace="-R" not in flags,
        may_downgrade="-d" in flags,
        grants_all="-g" in flags,
        allows_test_only="-t" in flags,
        installer=values.get("-i"),
    )
    return _Request(options, size, words)


def _from_path(call: Call, path: str) -> Content | None:
    """A copy of the file, if the system may read it: only /data/local/tmp is labelled so."""
    if not call.path(path).startswith(("/data/local/tmp/", "/data/app/", "/system/")):
        return None
    try:
        stream = call.files.open(call.path(path))
    except PosixError:
        return None
    with stream:
        writer = call.files.writer()
        for piece in iter(lambda: stream.read(BLOCK), b""):
            _stage(call, writer, piece)
        return writer.finish()


async def _streamed(call: Call, size: int) -> Content:
    if size > call.files.free_bytes:
        raise InstallRefused(
            "INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to override installation location"
        )
    writer = call.files.writer()
    left = size
    try:
        while left:
            piece = await call.streams.stdin.read(min(left, 1024 * 1024))
            if not piece:
                break
            _stage(call, writer, piece)
            left -= len(piece)
    except BaseException:
        _unstage(call, writer)
        raise
    if left:
        _unstage(call, writer)
        raise InstallRefused("INSTALL_FAILED_ABORTED: Session was abandoned")
    return writer.finish()


def _stage(call: Call, writer: ContentWriter, piece: bytes) -> None:
    try:
        call.files.reserve(len(piece))
        writer.write(piece)
    except PosixError as error:
        _unstage(call, writer)
        raise InstallRefused("INSTALL_FAILED_INSUFFICIENT_STORAGE") from error


def _unstage(call: Call, writer: ContentWriter) -> None:
    call.files.release(min(writer.size, call.files.used_bytes))
    writer.abandon()


def _enter(call: Call, staged: dict[str, Content], options: InstallOptions) -> None:
    """Judge what was staged and put it in place; what is refused gives its room back."""
    table = call.tablet.packages
    try:
        apks = {name: _read(call, content) for name, content in staged.items()}
        base_name = next((name for name, apk in apks.items() if apk.split is None), None)
        if base_name is None:
            raise InstallRefused(
                "INSTALL_FAILED_INVALID_APK: Full install must include a base package"
            )
        base = apks[base_name]
        for name, apk in apks.items():
            if (apk.package, apk.version_code) != (base.package, base.version_code):
                raise InstallRefused(
                    f"INSTALL_FAILED_INVALID_APK: {name} package {apk.package} inconsistent with "
                    f"{base.package}"
                )
            if apk.signer_sha256 != base.signer_sha256:
                raise InstallRefused(
                    f"INSTALL_FAILED_INVALID_APK: {name} signatures are inconsistent"
                )
        table.check(base, options)
    except InstallRefused:
        for content in staged.values():
            call.files.release(content.size)
            content.discard()
        raise
    old = table.by_name.get(base.package)
    if old is not None and old.path.startswith("/data/"):
        _remove_folder(call, old.path)
    splits = tuple(sorted(apk.split for apk in apks.values() if apk.split))
    folder = table.install(base, options, splits).path.rpartition("/")[0]
    call.files.make_directories(folder, who=SYSTEM)
    for name, apk in apks.items():
        file = f"split_{apk.split}.apk" if apk.split else "base.apk"
        call.files.mount(f"{folder}/{file}", File(staged[name], 0o644, 1000, 1000, call.tablet.now))


def _remove_folder(call: Call, path: str) -> None:
    folder = path.rpartition("/")[0]
    if isinstance(call.files.node(folder, who=SYSTEM), Directory):
        call.files.remove(folder, recursive=True, who=SYSTEM)


def _read(call: Call, content: Content) -> Apk:
    stream: BinaryIO
    try:
        with content.open() as stream:
            return read_apk(stream)
    except InvalidInput as error:
        where = call.tablet.packages.staging_path()
        if error.code == "apk.manifest_malformed":
            raise InstallRefused(
                f"INSTALL_PARSE_FAILED_MANIFEST_MALFORMED: Failed to parse {where}"
            ) from error
        raise InstallRefused(f"INSTALL_PARSE_FAILED_NOT_APK: Failed to parse {where}") from error


async def _create(call: Call) -> int:
    try:
        request = _parse(call)
    except UsageError as error:
        return await raised(call, call.name, f"java.lang.IllegalArgumentException: {error}")
    sessions = call.tablet.sessions
    identifier = next(one for one in itertools.count(1_204_000_017, 7_919) if one not in sessions)
    sessions[identifier] = Session(request.options)
    await call.print(f"Success: created install session [{identifier}]")
    return 0


async def _write(call: Call) -> int:
    try:
        request = _parse(call)
        identifier = number(request.operands[0]) if request.operands else -1
    except UsageError as error:
        return await raised(call, call.name, f"java.lang.IllegalArgumentException: {error}")
    session = call.tablet.sessions.get(identifier)
    if session is None or len(request.operands) < 2:
        return await _no_session(call, identifier)
    name, path = request.operands[1], (request.operands[2:] or ["-"])[0]
    try:
        if path == "-":
            if request.size is None:
                await call.print("Error: must specify a APK size")
                return 1
            content = await _streamed(call, request.size)
        else:
            copied = _from_path(call, path)
            if copied is None:
                return await _cannot_open(call, path)
            content = copied
    except InstallRefused as refused:
        await call.print(f"Failure [{refused.reason}]")
        return 1
    session.staged[name] = content
    await call.print(f"Success: streamed {content.size} bytes")
    return 0


async def _commit(call: Call) -> int:
    identifier = number(call.arguments[-1], -1) if call.arguments else -1
    session = call.tablet.sessions.pop(identifier, None)
    if session is None:
        return await _no_session(call, identifier)
    try:
        if not session.staged:
            raise InstallRefused("INSTALL_FAILED_INVALID_APK: Session staged no APKs")
        _enter(call, session.staged, session.options)
    except InstallRefused as refused:
        await call.print(f"Failure [{refused.reason}]")
        return 1
    await call.print("Success")
    return 0


async def _abandon(call: Call) -> int:
    identifier = number(call.arguments[-1], -1) if call.arguments else -1
    session = call.tablet.sessions.pop(identifier, None)
    if session is None:
        return await _no_session(call, identifier)
    for content in session.staged.values():
        call.files.release(content.size)
        content.discard()
    await call.print("Success")
    return 0


async def _no_session(call: Call, identifier: int) -> int:
    fault = f"java.lang.SecurityException: Caller has no access to session {identifier}"
    return await raised(call, call.name, fault)


VERBS: dict[str, Verb] = {
    "install": _install,
    "install-abandon": _abandon,
    "install-commit": _commit,
    "install-create": _create,
    "install-write": _write,
}
