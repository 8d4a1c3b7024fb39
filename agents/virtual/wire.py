"""Packets of the ADB protocol, seen from the device.

Source: AOSP packages/modules/adb/docs/dev/protocol.md. Whoever breaks the framing is disconnected,
as adbd does.
"""

import asyncio
import struct
from dataclasses import dataclass

CNXN, AUTH, OPEN, OKAY, CLSE, WRTE = (
    int.from_bytes(name, "little")
    for name in (b"CNXN", b"AUTH", b"OPEN", b"OKAY", b"CLSE", b"WRTE")
)
VERSION = 0x01000001
"""From this version on nobody checks the sum of a payload."""
LARGEST_PAYLOAD = 1024 * 1024
AUTH_TOKEN, AUTH_SIGNATURE, AUTH_PUBLIC_KEY = 1, 2, 3

_HEADER = struct.Struct("<6I")


class ProtocolError(Exception):
    """The peer does not speak ADB; the connection ends."""


@dataclass(frozen=True, slots=True)
class Packet:
    command: int
    arg0: int
    arg1: int
    payload: bytes = b""


def packed(packet: Packet, *, with_sum: bool) -> tuple[bytes, bytes]:
    """Header and payload; ``with_sum`` for peers older than ``VERSION``."""
    check = sum(packet.payload) & 0xFFFFFFFF if with_sum else 0
    header = _HEADER.pack(
        packet.command,
        packet.arg0,
        packet.arg1,
        len(packet.payload),
        check,
        packet.command ^ 0xFFFFFFFF,
    )
    return header, packet.payload


async def read_packet(reader: asyncio.StreamReader, *, with_sum: bool) -> Packet | None:
    """The next packet, ``None`` when the peer has gone; raises ``ProtocolError``."""
    try:
        header = await reader.readexactly(_HEADER.size)
        command, arg0, arg1, size, check, magic = _HEADER.unpack(header)
        if magic != command ^ 0xFFFFFFFF or size > LARGEST_PAYLOAD:
            raise ProtocolError("a header that is none")
        payload = await reader.readexactly(size) if size else b""
    except (asyncio.IncompleteReadError, OSError):
        return None
    if with_sum and sum(payload) & 0xFFFFFFFF != check:
        raise ProtocolError("a wrong checksum")
    return Packet(command, arg0, arg1, payload)
