"""Where a key stands in the text of a TOML file, for messages that point at it.

``tomllib`` parses but forgets positions. This finds them again by reading table headers and keys;
it decides nothing, so a text that fools it costs a less exact position and no more.
"""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys from the root, and an index after the name of an array of tables."""

_HEADER = re.compile(r"\s*(\[\[?)\s*(?P<key>[^\]]+?)\s*\]")
_KEY = re.compile(
    r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)


def place_of(text: str, path: Path, value: str | None = None, nth: int = 0) -> tuple[int, int]:
    """Line and column, from 1, of the key at ``path`` or of its nearest ancestor.

    With ``value``, of the ``nth`` time (from 0) that this string is written from the key on.
    """
    places = list(_places(text))
    for length in range(len(path), 0, -1):
        for found, line, column in places:
            if found == path[:length]:
                whole = length == len(path)
                return _value_place(text, line, column, value, nth) if whole else (line, column)
    return 1, 1


def _places(text: str) -> Iterator[tuple[Path, int, int]]:
    table: Path = ()
    counts: dict[tuple[str, ...], int] = {}
    fence: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if fence is not None:
            if fence in line:
                fence = None
            continue
        if header := _HEADER.match(line):
            names = _names(header["key"])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _indexed(names, counts)
            yield table, number, header.start("key") + 1
        elif key := _KEY.match(line):
            yield table + _names(key["key"]), number, key.start("key") + 1
        for quotes in ('"""', "'''"):
            if line.count(quotes) == 1:
                fence = quotes


def _names(key: str) -> tuple[str, ...]:
    """The parts of a dotted key, unquoted as TOML does it."""
    try:
        node: object = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return (key,)
    names = []
    while isinstance(node, dict):
        name, node = next(iter(node.items()))
        names.append(str(name))
    return tuple(names)


def _indexed(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> Path:
    path: list[str | int] = []
    for end, name in enumerate(names, start=1):
        path.append(name)
        if names[:end] in counts:
            path.append(counts[names[:end]])
    return tuple(path)


def _value_place(text: str, line: int, column: int, value: str | None, nth: int) -> tuple[int, int]:
    if value is None:
        return line, column
    spelling = re.compile("[\"']" + re.escape(value) + "[\"']")
    seen = 0
    for number, content in enumerate(text.split("\n")[line - 1 :], start=line):
        for match in spelling.finditer(content):
            if seen == nth:
                return number, match.start() + 1
            seen += 1
    return line, column
