"""Who signed an APK: the SHA-256 of the first signer's certificate.

Schemes v3.1, v3 and v2 are read from the signing block in front of the central directory, v1 from
``META-INF``. The certificate is named, not checked against the content. Format:
https://source.android.com/docs/security/features/apksigning/v2
"""

import hashlib
import struct
from typing import BinaryIO

_MAGIC = b"APK Sig Block 42"
_SCHEMES = (0x1B93AD61, 0xF05368C0, 0x7109871A)
"""v3.1, v3, v2: the newest that is there counts, as on a device."""
_LARGEST_BLOCK = 16 * 1024 * 1024


def certificate_from_block(stream: BinaryIO, directory_at: int) -> bytes | None:
    """The DER certificate in the signing block that ends at ``directory_at``, if there is one."""
    if directory_at < 32:
        return None
    stream.seek(directory_at - 24)
    footer = stream.read(24)
    if footer[8:] != _MAGIC:
        return None
    (size,) = struct.unpack_from("<Q", footer)
    if not 24 <= size <= min(_LARGEST_BLOCK, directory_at - 8):
        return None
    stream.seek(directory_at - size)
    pairs = _pairs(stream.read(size - 24))
    for scheme in _SCHEMES:
        if scheme in pairs:
            return _first_certificate(pairs[scheme])
    return None


def fingerprint(certificate: bytes) -> str:
    """Its SHA-256 in lower-case hexadecimal, as ``apksigner verify --print-certs`` shows it."""
    return hashlib.sha256(certificate).hexdigest()


def _pairs(block: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 12 <= len(block):
        size, identifier = struct.unpack_from("<QI", block, at)
        if size < 4 or at + 8 + size > len(block):
            break
        found.setdefault(identifier, block[at + 12 : at + 8 + size])
        at += 8 + size
    return found


def _first_certificate(value: bytes) -> bytes | None:
    """signers → signer → signed data → (digests, certificates → certificate)."""
    signed = _prefixed(_prefixed(_prefixed(value)))
    if signed is None:
        return None
    digests = _prefixed(signed)
    if digests is None:
        return None
    return _prefixed(_prefixed(signed[4 + len(digests) :])) or None


def _prefixed(block: bytes | None) -> bytes | None:
    """The first length-prefixed piece of ``block``, or nothing when it leaves the block."""
    if block is None or len(block) < 4:
        return None
    (size,) = struct.unpack_from("<I", block)
    return block[4 : 4 + size] if 4 + size <= len(block) else None
