"""Reads one APK into a value, or says why it is none.

The archive is hostile until proven otherwise: sizes are bounded before anything is inflated and
only names that are asked for are opened.
"""

import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agents.apk.axml import Element, MalformedXml, Value, elements
from agents.apk.signature import certificate_from_block, fingerprint
from fleet.errors import InvalidInput

_LARGEST_MANIFEST = 8 * 1024 * 1024
_LARGEST_SIGNATURE = 1024 * 1024
_V1_SIGNATURES = (".RSA", ".DSA", ".EC")
# AOSP frameworks/base/core/res/res/values/public-final.xml
_NAME = 0x01010003
_DEBUGGABLE = 0x0101000F
_MIN_SDK = 0x0101020C
_VERSION_CODE = 0x0101021B
_VERSION_NAME = 0x0101021C
_TARGET_SDK = 0x01010270
_TEST_ONLY = 0x01010272
_VERSION_CODE_MAJOR = 0x01010576


@dataclass(frozen=True, slots=True)
class Apk:
    """One APK's identity."""

    package: str
    version_code: int
    """With ``versionCodeMajor`` in the upper 32 bits, as Android compares it."""
    version_name: str | None
    """``None`` when it is missing or kept in the resource table."""
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    """Requested, in the manifest's order."""
    split: str | None
    """Name of the split, ``None`` for a base APK."""
    is_debuggable: bool
    is_test_only: bool
    abis: frozenset[str]
    """Native code that it carries; empty means that it runs on every processor."""
    signer_sha256: str | None
    """Certificate of the first signer, lower-case hexadecimal; ``None`` when unsigned."""


def read_apk(source: Path | BinaryIO) -> Apk:
    """Read an APK from a file or a seekable stream.

    Raises ``InvalidInput``: ``apk.unreadable`` (the file itself), ``apk.not_an_apk`` (no archive or
    no manifest in it) or ``apk.manifest_malformed``.
    """
    name = source.name if isinstance(source, Path) else ""
    try:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return _read(stream, name)
        return _read(source, name)
    except OSError as error:
        raise InvalidInput("apk.unreadable", file=name, reason=error.strerror) from error


def _read(stream: BinaryIO, name: str) -> Apk:
    try:
        with warnings.catch_warnings():
            # zipfile warns of doubled names; the first manifest that it finds is what counts here.
            warnings.simplefilter("ignore", UserWarning)
            archive = zipfile.ZipFile(stream)
        with archive:
            manifest = _entry(archive, "AndroidManifest.xml", _LARGEST_MANIFEST)
            certificate = certificate_from_block(stream, archive.start_dir) or _v1(archive)
            abis = frozenset(
                parts[1]
                for parts in (entry.split("/") for entry in archive.namelist())
                if len(parts) == 3 and parts[0] == "lib" and parts[2].endswith(".so")
            )
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,  # also a name that is no UTF-8, and a negative seek
        NotImplementedError,  # a compression method that no APK has
        RuntimeError,  # an encrypted entry
    ) as error:
        raise InvalidInput("apk.not_an_apk", file=name) from error
    try:
        return _apk(list(elements(manifest)), certificate, abis)
    except (MalformedXml, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput("apk.manifest_malformed", file=name) from error


def _entry(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as entry:
        content = entry.read(limit + 1)
    if len(content) > limit:
        raise ValueError("an entry beyond its bound")
    return content


def _v1(archive: zipfile.ZipFile) -> bytes | None:
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    for name in archive.namelist():
        folder, _, file = name.rpartition("/")
        if folder == "META-INF" and file.upper().endswith(_V1_SIGNATURES):
            found = pkcs7.load_der_pkcs7_certificates(_entry(archive, name, _LARGEST_SIGNATURE))
            return found[0].public_bytes(Encoding.DER) if found else None
    return None


def _apk(tree: Sequence[Element], certificate: bytes | None, abis: frozenset[str]) -> Apk:
    if not tree or tree[0].name != "manifest":
        raise MalformedXml("the root is no manifest")
    manifest = tree[0].attributes
    package = manifest["package"]
    if not isinstance(package, str) or not package:
        raise MalformedXml("no package name")
    uses_sdk = _first(tree, "uses-sdk", depth=1)
    application = _first(tree, "application", depth=1)
    min_sdk = _integer(uses_sdk.get(_MIN_SDK), 1)
    split = manifest.get("split")
    version_name = manifest.get(_VERSION_NAME)
    major = _integer(manifest.get(_VERSION_CODE_MAJOR), 0)
    return Apk(
        package=package,
        version_code=major << 32 | _integer(manifest.get(_VERSION_CODE), 0),
        version_name=version_name if isinstance(version_name, str) else None,
        min_sdk=min_sdk,
        target_sdk=_integer(uses_sdk.get(_TARGET_SDK), min_sdk),
        permissions=tuple(_permissions(tree)),
        split=split if isinstance(split, str) else None,
        is_debuggable=bool(_integer(application.get(_DEBUGGABLE), 0)),
        is_test_only=bool(_integer(application.get(_TEST_ONLY), 0)),
        abis=abis,
        signer_sha256=fingerprint(certificate) if certificate else None,
    )


def _permissions(tree: Sequence[Element]) -> list[str]:
    names = (
        element.attributes.get(_NAME)
        for element in tree
        if element.depth == 1 and element.name.startswith("uses-permission")
    )
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _first(tree: Sequence[Element], name: str, *, depth: int) -> dict[str | int, Value]:
    for element in tree:
        if element.depth == depth and element.name == name:
            return dict(element.attributes)
    return {}


def _integer(value: Value | None, default: int) -> int:
    return value if isinstance(value, int) else default
