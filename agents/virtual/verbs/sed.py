"""``sed`` with one command: substitute, delete or print."""

import re

from agents.virtual.verbs.call import Call, UsageError, Verb, options, toybox
from agents.virtual.verbs.patterns import expression


async def _sed(call: Call) -> int:
    """``s/…/…/`` with ``g``, ``i`` and ``p``; ``d`` and ``p`` behind a line number or a pattern."""
    chosen, operands = options(call.arguments, "nEre:")
    if "e" not in chosen and not operands:
        raise UsageError("Needs 1 argument")
    program = chosen["e"] if "e" in chosen else operands.pop(0)
    edit = _Edit(program, is_extended=bool({"E", "r"} & set(chosen)))
    position = 0
    async for _, stream in call.each_input(operands):
        text = (await call.everything(stream)).decode("utf-8", "surrogateescape")
        for line in text.splitlines():
            position += 1
            for shown in edit.apply(line, position, is_silent="n" in chosen):
                await call.print(shown)
    return int(call.missing(operands))


class _Edit:
    """One sed command with its address."""

    def __init__(self, program: str, *, is_extended: bool) -> None:
        flags = {"E": ""} if is_extended else {}
        self._address: re.Pattern[str] | None = None
        self._number: int | None = None
        found = re.match(r"\s*(\d{1,9}|/((?:[^/\\]|\\.)*)/)?\s*([sdp])(.*)", program, re.DOTALL)
        if found is None:
            raise UsageError(f"bad pattern '{program}'")
        address, pattern, self._verb, rest = found.groups()
        if pattern is not None:
            self._address = expression(pattern, flags)
        elif address:
            self._number = int(address)
        self._flags = ""
        if self._verb == "s":
            mark = re.escape(rest[:1])
            parts = re.fullmatch(
                rf"{mark}((?:(?!{mark})[^\\]|\\.)*){mark}((?:(?!{mark})[^\\]|\\.)*){mark}([gip]*)\s*",
                rest,
                re.DOTALL,
            )
            if not mark or parts is None:
                raise UsageError(f"bad pattern '{program}'")
            self._flags = parts[3]
            self._pattern = expression(
                parts[1], {**flags, **({"i": ""} if "i" in parts[3] else {})}
            )
            self._replacement = parts[2]
        elif rest.strip():
            raise UsageError(f"bad pattern '{program}'")

    def apply(self, line: str, position: int, *, is_silent: bool) -> list[str]:
        """The lines to print."""
        line = line[:10_000]
        applies = self._number in (None, position) and (
            self._address is None or bool(self._address.search(line))
        )
        shown = [] if is_silent else [line]
        if not applies:
            return shown
        if self._verb == "d":
            return []
        if self._verb == "p":
            return [*shown, line]
        edited, count = self._pattern.subn(self._filled, line, 0 if "g" in self._flags else 1)
        shown = [] if is_silent else [edited]
        return [*shown, edited] if count and "p" in self._flags else shown

    def _filled(self, found: re.Match[str]) -> str:
        def piece(one: re.Match[str]) -> str:
            text = one.group()
            if text == "&":
                return found.group()
            if text[1:].isdecimal():
                group = int(text[1:])
                return (found.group(group) or "") if group <= (found.re.groups or 0) else ""
            return {"n": "\n", "t": "\t"}.get(text[1:], text[1:])

        return re.sub(r"&|\\[\s\S]", piece, self._replacement)


VERBS: dict[str, Verb] = {"sed": toybox(_sed)}
