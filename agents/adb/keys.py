"""The fleet's RSA key: the one that a tablet remembers after somebody pressed Allow.

Files as Android's own tools write them (``adbkey``, ``adbkey.pub``), so either side can use the
other's. An existing key is never replaced, not even an unreadable one: every tablet would ask
again.
"""

import base64
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from adb_shell.auth.sign_cryptography import CryptographySigner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from agents.adb.faults import file_fault
from fleet.errors import StorageError

KEY_NAME = "adbkey"
KEY_BITS = 2048
_OWNER = b" ardoise"
_WORDS = KEY_BITS // 32


class KeyPair(CryptographySigner):  # type: ignore[misc]  # adb-shell ships no types
    """A private key that signs a device's tokens, and its public half in Android's format."""

    def sign(self, token: bytes) -> bytes:
        """Sign the 20 bytes that the device sent."""
        signature: bytes = self.Sign(token)
        return signature

    @property
    def public(self) -> bytes:
        """What the device shows and stores: base64, a blank, a name."""
        public: bytes = self.GetPublicKey()
        return public.strip(b"\0\r\n ")


class KeyStore:
    """A directory that holds the key pair; made with the key at first use. Safe between threads."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock = Lock()
        self._pair: KeyPair | None = None

    def pair(self) -> KeyPair:
        """Return the key pair, generating it once in the life of the directory.

        Raises ``StorageError``: ``key.unreadable``, ``key.not_saved``.
        """
        with self._lock:
            if self._pair is None:
                self._pair = self._load()
            return self._pair

    def _load(self) -> KeyPair:
        private = self.directory / KEY_NAME
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self.directory / f"{KEY_NAME}.lock"):
                _complete(private)
        except OSError as error:
            raise file_fault("key.not_saved", error, str(private)) from error
        try:
            return KeyPair(str(private))
        except (OSError, ValueError, TypeError) as error:
            raise StorageError("key.unreadable", path=str(private)) from error


def android_public_key(key: rsa.RSAPublicKey) -> bytes:
    """Encode a 2048-bit key as Android's ``RSAPublicKey``, in base64.

    Source: AOSP system/core/libcrypto_utils/android_pubkey.cpp.
    """
    numbers = key.public_numbers()
    size = KEY_BITS // 8
    montgomery = pow(2, 2 * KEY_BITS, numbers.n)
    return base64.b64encode(
        struct.pack("<2I", _WORDS, pow(-numbers.n, -1, 2**32))
        + numbers.n.to_bytes(size, "little")
        + montgomery.to_bytes(size, "little")
        + struct.pack("<I", numbers.e)
    )


def _complete(private: Path) -> None:
    """Make what is missing of the pair; the public half can always be made again."""
    public = private.with_suffix(".pub")
    if not private.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        _write(
            private,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        public.unlink(missing_ok=True)
    elif private.stat().st_mode & 0o077:
        private.chmod(0o600)
    if not public.exists():
        _write(public, _public_half(private) + _OWNER)


def _public_half(private: Path) -> bytes:
    try:
        key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise StorageError("key.unreadable", path=str(private)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != KEY_BITS:
        raise StorageError("key.unreadable", path=str(private))
    return android_public_key(key.public_key())


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all; the caller holds the lock."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
