"""Android's binary XML (AXML), as far as a manifest needs it: elements with typed attributes.

Refuses whatever points outside its own chunk; resource references stay numbers, since resolving
them would need ``resources.arsc``. Format: AOSP libs/androidfw/include/androidfw/ResourceTypes.h.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_XML = 0x0003
_STRING_POOL = 0x0001
_RESOURCE_MAP = 0x0180
_START_ELEMENT = 0x0102
_END_ELEMENT = 0x0103
_UTF8_FLAG = 1 << 8
_TYPE_REFERENCE = 0x01
_TYPE_STRING = 0x03
_TYPE_BOOLEAN = 0x12
_INTEGER_TYPES = frozenset({0x10, 0x11, _TYPE_BOOLEAN})
_NONE = 0xFFFFFFFF
_MOST_STRINGS = 100_000
_MOST_ELEMENTS = 50_000


class MalformedXml(ValueError):
    """The bytes are no binary XML document."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value kept in the resource table: ``@string/version``."""

    resource: int


Value = str | int | Reference


@dataclass(frozen=True, slots=True)
class Element:
    """One start tag."""

    depth: int
    """0 for the root."""
    name: str
    attributes: Mapping[str | int, Value]
    """By name and, where the framework numbers it, by resource id: shrinkers blank the names."""


def elements(document: bytes) -> Iterator[Element]:
    """Every start tag in document order; raises ``MalformedXml``."""
    try:
        yield from _elements(document)
    except (struct.error, IndexError) as error:
        raise MalformedXml(str(error)) from error


def _elements(document: bytes) -> Iterator[Element]:
    kind, header_size, size = struct.unpack_from("<HHI", document)
    if kind != _XML or size > len(document):
        raise MalformedXml("no XML header")
    strings: list[str] = []
    resources: tuple[int, ...] = ()
    depth = seen = 0
    at = header_size
    while at + 8 <= size:
        kind, header_size, chunk_size = struct.unpack_from("<HHI", document, at)
        if chunk_size < 8 or header_size > chunk_size or at + chunk_size > size:
            raise MalformedXml("a chunk leaves the document")
        chunk = document[at : at + chunk_size]
        if kind == _STRING_POOL:
            strings = list(_strings(chunk))
        elif kind == _RESOURCE_MAP:
            resources = struct.unpack_from(
                f"<{(chunk_size - header_size) // 4}I", chunk, header_size
            )
        elif kind == _START_ELEMENT:
            seen += 1
            if seen > _MOST_ELEMENTS:
                raise MalformedXml("too many elements")
            yield _start(chunk, header_size, depth, strings, resources)
            depth += 1
        elif kind == _END_ELEMENT:
            depth -= 1
        at += chunk_size


def _strings(chunk: bytes) -> Iterator[str]:
    _, header_size, _, count, _, flags, start = struct.unpack_from("<HHIIIII", chunk)
    if count > _MOST_STRINGS or start > len(chunk):
        raise MalformedXml("a string pool out of bounds")
    for offset in struct.unpack_from(f"<{count}I", chunk, header_size):
        yield _utf8(chunk, start + offset) if flags & _UTF8_FLAG else _utf16(chunk, start + offset)


def _utf8(chunk: bytes, at: int) -> str:
    at += 2 if chunk[at] & 0x80 else 1
    length = chunk[at]
    at += 1
    if length & 0x80:
        length = (length & 0x7F) << 8 | chunk[at]
        at += 1
    return chunk[at : at + length].decode("utf-8", "replace")


def _utf16(chunk: bytes, at: int) -> str:
    (length,) = struct.unpack_from("<H", chunk, at)
    at += 2
    if length & 0x8000:
        length = (length & 0x7FFF) << 16 | int(struct.unpack_from("<H", chunk, at)[0])
        at += 2
    return chunk[at : at + 2 * length].decode("utf-16-le", "replace")


def _start(
    chunk: bytes, header_size: int, depth: int, strings: list[str], resources: tuple[int, ...]
) -> Element:
    _, name, start, size, count = struct.unpack_from("<IIHHH", chunk, header_size)
    attributes: dict[str | int, Value] = {}
    for number in range(count):
        at = header_size + start + number * size
        _, key, raw, _, _, kind, payload = struct.unpack_from("<IIIHBBI", chunk, at)
        value = _value(kind, payload, raw, strings)
        if value is None:
            continue
        attributes[strings[key]] = value
        if key < len(resources):
            attributes[resources[key]] = value
    return Element(depth, strings[name], attributes)


def _value(kind: int, payload: int, raw: int, strings: list[str]) -> Value | None:
    if kind == _TYPE_STRING:
        return strings[payload if payload != _NONE else raw]
    if kind == _TYPE_REFERENCE:
        return Reference(payload)
    if kind in _INTEGER_TYPES:
        return payload
    return None
