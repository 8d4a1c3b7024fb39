"""A TOML text read key by key, so that what nobody asked for is an error that points at it.

Every fault is ``InvalidInput`` with the caller's code and ``origin``, ``line``, ``column``,
``key``, ``reason`` (``syntax``, ``missing``, ``wrong_type``, ``unknown_key`` and the caller's own)
and ``value``. Positions come from ``fleet.toml_places``.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date

from fleet.errors import InvalidInput
from fleet.toml_places import Path, place_of


class Table:
    """One table; ``close`` it once every key that may be there has been taken."""

    def __init__(
        self, content: dict[str, object], text: str, code: str, origin: str, path: Path = ()
    ) -> None:
        self._content = content
        self._untaken = set(content)
        self._text = text
        self._code = code
        self._origin = origin
        self._path = path

    @classmethod
    def parse(cls, text: str, code: str, origin: str) -> "Table":
        """The root table of ``text``; ``code`` is the error's, ``origin`` names the text in it."""
        try:
            return cls(tomllib.loads(text), text, code, origin)
        except tomllib.TOMLDecodeError as error:
            line, column = _syntax_place(text, str(error))
            raise InvalidInput(
                code,
                origin=origin,
                line=line,
                column=column,
                key="",
                reason="syntax",
                value=str(error),
            ) from error

    def fault(
        self, reason: str, *keys: str | int, value: str | int | None = None, nth: int = 0
    ) -> InvalidInput:
        """The error that points at a key; with a string, at the ``nth`` time it stands there."""
        path = (*self._path, *keys)
        written = value if isinstance(value, str) else None
        line, column = place_of(self._text, path, written, nth)
        return InvalidInput(
            self._code,
            origin=self._origin,
            line=line,
            column=column,
            key=".".join(str(part) for part in path),
            reason=reason,
            value=value,
        )

    def untaken(self) -> list[str]:
        """The keys that have not been taken, in the text's order."""
        return [key for key in self._content if key in self._untaken]

    def string(self, key: str) -> str | None:
        """A string that is not empty; None when the key is not there."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.fault("wrong_type", key)
        if not value.strip():
            raise self.fault("empty", key)
        return value

    def integer(self, key: str, least: int, most: int) -> int | None:
        """An integer within its bounds."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault("wrong_type", key)
        if not least <= value <= most:
            raise self.fault("out_of_range", key, value=value)
        return value

    def scalar(self, key: str) -> str | None:
        """A string, an integer or a decimal, as text; a boolean is refused as ambiguous."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.fault("wrong_type", key)
        return str(value)

    def day(self, key: str) -> str | None:
        """A date, quoted or not, in ISO form."""
        value = self._take(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise self.fault("not_a_date", key) from None

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, each at most once; empty when the key is not there."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fault("wrong_type", key)
        found: list[str] = []
        for each in value:
            if not isinstance(each, str):
                raise self.fault("wrong_type", key)
            if each in found:
                raise self.fault("duplicate", key, value=each, nth=1)
            found.append(each)
        return tuple(found)

    def table(self, key: str) -> "Table":
        """A table; an empty one when the key is not there."""
        value = self._take(key)
        if value is None:
            return self._inner({}, key)
        if not isinstance(value, dict):
            raise self.fault("wrong_type", key)
        return self._inner(value, key)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array, in order."""
        value = self._take(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.fault("wrong_type", key)
        for index, each in enumerate(value):
            if not isinstance(each, dict):
                raise self.fault("wrong_type", key)
            yield self._inner(each, key, index)

    def close(self) -> None:
        """Refuse what was not taken."""
        for key in self.untaken():
            raise self.fault("unknown_key", key)

    def _take(self, key: str) -> object | None:
        self._untaken.discard(key)
        return self._content.get(key)

    def _inner(self, content: dict[str, object], *keys: str | int) -> "Table":
        return Table(content, self._text, self._code, self._origin, (*self._path, *keys))


def _syntax_place(text: str, message: str) -> tuple[int, int]:
    """tomllib tells the place in its message only (attributes come with Python 3.14)."""
    if match := re.search(r"at line (\d+), column (\d+)", message):
        return int(match[1]), int(match[2])
    lines = text.rstrip("\r\n").split("\n")
    return len(lines), len(lines[-1]) + 1
