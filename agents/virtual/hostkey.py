"""Keys of the hosts: the handshake's RSA signature over a token of 20 bytes.

The token stands for a SHA-1 digest, so it is signed as it is. Public keys come in the form that
AOSP's libcrypto_utils/android_pubkey.cpp describes: base64 of a little-endian structure.
"""

import base64
import binascii
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA1

TOKEN_BYTES = 20
_WORDS = 64
_MODULUS = slice(8, 8 + 4 * _WORDS)
_SIZE = 4 + 4 + 2 * 4 * _WORDS + 4


def parse_public_key(payload: bytes) -> RSAPublicKey | None:
    """The key in an AUTH packet (``base64 user@host``, NUL at the end), if it is one."""
    words = payload.rstrip(b"\0").split()
    try:
        blob = base64.b64decode(words[0], validate=True) if words else b""
    except (binascii.Error, ValueError):
        return None
    if len(blob) != _SIZE or struct.unpack_from("<I", blob)[0] != _WORDS:
        return None
    modulus = int.from_bytes(blob[_MODULUS], "little")
    (exponent,) = struct.unpack_from("<I", blob, _SIZE - 4)
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None


def has_signed(key: RSAPublicKey, token: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, token, PKCS1v15(), Prehashed(SHA1()))
    except InvalidSignature:
        return False
    return True
