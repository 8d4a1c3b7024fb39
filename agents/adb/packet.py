"""ADB messages as bytes: a 24-byte header of six little-endian words, then the payload.

Pure: no socket, no state. Source: AOSP packages/modules/adb/docs/dev/protocol.md.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from adb_shell.exceptions import InvalidCommandError, InvalidResponseError

Buffer = bytes | bytearray | memoryview

VERSION_OLDEST = 0x01000000
VERSION_WITHOUT_CHECKSUM = 0x01000001
MAX_PAYLOAD = 1024 * 1024
"""What we announce as the largest payload that we take; Android 9 and later announce the same."""

HEADER_SIZE = 24
_HEADER = struct.Struct("<6I")
_WORD = 0xFFFFFFFF


class Command(IntEnum):
    """The first word of a message: four letters, little-endian."""

    CNXN = 0x4E584E43
    AUTH = 0x48545541
    STLS = 0x534C5453
    OPEN = 0x4E45504F
    OKAY = 0x59414B4F
    WRTE = 0x45545257
    CLSE = 0x45534C43


class Auth(IntEnum):
    """The first argument of AUTH."""

    TOKEN = 1
    SIGNATURE = 2
    PUBLIC_KEY = 3


@dataclass(frozen=True, slots=True)
class Header:
    """One parsed header."""

    command: Command
    arg0: int
    arg1: int
    length: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Packet:
    """One whole message."""

    command: Command
    arg0: int
    arg1: int
    payload: memoryview


def pack_header(command: Command, arg0: int, arg1: int, length: int, checksum: int = 0) -> bytes:
    """Build the header of a message whose payload has ``length`` bytes."""
    return _HEADER.pack(command, arg0, arg1, length, checksum, command ^ _WORD)


def parse_header(raw: Buffer, *, max_payload: int = MAX_PAYLOAD) -> Header:
    """Read a header of 24 bytes.

    Raises adb-shell's ``InvalidCommandError`` when it is none (its magic does not match or the
    command is unknown) and ``InvalidResponseError`` when it announces more than ``max_payload``.
    """
    word, arg0, arg1, length, checksum, magic = _HEADER.unpack(raw)
    if word ^ _WORD != magic:
        raise InvalidCommandError("bad_magic")
    try:
        command = Command(word)
    except ValueError:
        raise InvalidCommandError("unknown_command") from None
    if length > max_payload:
        raise InvalidResponseError("payload_too_long")
    return Header(command, arg0, arg1, length, checksum)


def byte_sum(buffers: Iterable[Buffer]) -> int:
    """Add up all bytes modulo 2**32: what the protocol calls a checksum before 0x01000001.

    The low half of an Adler-32 that starts from 0 is the plain sum of up to 256 bytes; taken by
    blocks this is four times faster than ``sum``.
    """
    total = 0
    for buffer in buffers:
        view = memoryview(buffer)
        for start in range(0, len(view), 256):
            total += zlib.adler32(view[start : start + 256], 0) & 0xFFFF
    return total & _WORD
