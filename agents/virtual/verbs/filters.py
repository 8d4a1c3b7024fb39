"""Verbs that filter lines: grep, cut, sort, uniq, tr."""

import asyncio
import re
from collections.abc import Sequence

from agents.virtual.verbs.call import Call, UsageError, Verb, number, options, toybox
from agents.virtual.verbs.patterns import expression
from agents.virtual.verbs.text import unescaped


async def _grep(call: Call) -> int:
    chosen, operands = options(call.arguments, "EFivcqlnoxwshHae:m:")
    if "e" not in chosen and not operands:
        raise UsageError("no REGEX")
    pattern = chosen["e"] if "e" in chosen else operands.pop(0)
    searched = expression(pattern, chosen)
    found_any = False
    names = operands or ["-"]
    async for name, stream in call.each_input(names):
        prefix = f"{name}:" if (len(names) > 1 or "H" in chosen) and "h" not in chosen else ""
        count = 0
        lines = (await call.everything(stream)).decode("utf-8", "surrogateescape").split("\n")
        if lines[-1] == "":
            lines.pop()
        for position, line in enumerate(lines, 1):
            if position % 256 == 0:
                await asyncio.sleep(0)
            hits = list(searched.finditer(line[:10_000]))
            if bool(hits) == ("v" in chosen):
                continue
            count += 1
            found_any = True
            if "q" in chosen:
                return 0
            if not {"c", "l"} & set(chosen):
                start = prefix + (f"{position}:" if "n" in chosen else "")
                texts = [one.group() for one in hits if one.group()] if "o" in chosen else [line]
                for text in texts:
                    await call.print(start + text)
            if count >= number(chosen.get("m", "1000000000")):
                break
        if "c" in chosen:
            await call.print(f"{prefix}{count}")
        elif "l" in chosen and count:
            await call.print("(standard input)" if stream is None else name)
    if call.missing(operands):
        return 2
    return 0 if found_any else 1


async def _cut(call: Call) -> int:
    chosen, names = options(call.arguments, "d:f:c:b:sn")
    kind = next((letter for letter in "fcb" if letter in chosen), None)
    if kind is None:
        raise UsageError("no -fcb")
    ranges = [_range(one) for one in chosen[kind].split(",")]
    delimiter = chosen.get("d", "\t")
    async for _, stream in call.each_input(names):
        text = (await call.everything(stream)).decode("utf-8", "surrogateescape")
        for line in text.splitlines():
            if kind != "f":
                await call.print("".join(_kept(line, ranges)))
            elif delimiter and delimiter in line:
                await call.print(delimiter.join(_kept(line.split(delimiter), ranges)))
            elif "s" not in chosen:
                await call.print(line)
    return int(call.missing(names))


def _range(text: str) -> tuple[int, int]:
    low, dash, high = text.partition("-")
    first = number(low) if low else 1
    last = number(high) if high else (10**9 if dash else first)
    if first < 1 or last < first:
        raise UsageError(f"bad range {text}")
    return first, last


def _kept(parts: Sequence[str], ranges: list[tuple[int, int]]) -> list[str]:
    return [
        part
        for at, part in enumerate(parts, 1)
        if any(first <= at <= last for first, last in ranges)
    ]


async def _sort(call: Call) -> int:
    chosen, names = options(call.arguments, "nru")
    lines: list[str] = []
    async for _, stream in call.each_input(names):
        lines += (await call.everything(stream)).decode("utf-8", "surrogateescape").splitlines()
    if "u" in chosen:
        lines = list(dict.fromkeys(lines))
    lines.sort(key=_leading_number if "n" in chosen else None, reverse="r" in chosen)
    for line in lines:
        await call.print(line)
    return int(call.missing(names))


def _leading_number(line: str) -> float:
    found = re.match(r"\s*-?\d{1,15}(\.\d{1,15})?", line)
    return float(found.group()) if found else 0.0


async def _uniq(call: Call) -> int:
    chosen, names = options(call.arguments, "cdu")
    groups: list[tuple[str, int]] = []
    async for _, stream in call.each_input(names):
        for line in (await call.everything(stream)).decode("utf-8", "surrogateescape").splitlines():
            if groups and groups[-1][0] == line:
                groups[-1] = (line, groups[-1][1] + 1)
            else:
                groups.append((line, 1))
    for line, count in groups:
        if (count == 1 and "d" in chosen) or (count > 1 and "u" in chosen):
            continue
        await call.print(f"{count:>7} {line}" if "c" in chosen else line)
    return int(call.missing(names))


async def _tr(call: Call) -> int:
    chosen, sets = options(call.arguments, "dsc")
    if len(sets) != 2 and not (len(sets) == 1 and {"d", "s"} & set(chosen)):
        raise UsageError("Needs 2 arguments")
    first, second = _set(sets[0]), _set(sets[1]) if len(sets) > 1 else ""
    squeezed = second or first
    last = len(second) - 1
    table = {ord(one): second[min(at, last)] if second else one for at, one in enumerate(first)}

    def squeeze(one: re.Match[str]) -> str:
        return one[1] if one[1] in squeezed else one[0]

    async for block in call.blocks():
        text = block.decode("latin-1")
        if "d" in chosen:
            text = "".join(one for one in text if (one in first) == ("c" in chosen))
        else:
            text = text.translate(table)
        if "s" in chosen:
            text = re.sub(r"(.)\1+", squeeze, text, flags=re.DOTALL)
        await call.streams.stdout.write(text.encode("latin-1", "replace"))
    return 0


def _set(text: str) -> str:
    text, _ = unescaped(text)
    for name, members in (
        ("[:upper:]", "A-Z"),
        ("[:lower:]", "a-z"),
        ("[:digit:]", "0-9"),
        ("[:space:]", " \t\n\r\f\v"),
    ):
        text = text.replace(name, members)
    found, at = "", 0
    while at < len(text):
        if at + 2 < len(text) and text[at + 1] == "-" and ord(text[at]) <= ord(text[at + 2]) < 256:
            found += "".join(map(chr, range(ord(text[at]), ord(text[at + 2]) + 1)))
            at += 3
        else:
            found, at = found + text[at], at + 1
    return found


VERBS: dict[str, Verb] = {
    "cut": toybox(_cut),
    "egrep": toybox(_grep),
    "grep": toybox(_grep),
    "sort": toybox(_sort),
    "tr": toybox(_tr),
    "uniq": toybox(_uniq),
}
