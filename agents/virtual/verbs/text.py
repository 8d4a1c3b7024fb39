"""Verbs that make text: echo, printf, seq, yes, xargs."""

import asyncio
import re

from agents.virtual.shell.streams import LineReader
from agents.virtual.verbs.call import BLOCK, Call, UsageError, Verb, number, toybox

_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
}
_ESCAPE = re.compile(r"\\(?:([abefnrtv\\c])|0([0-7]{0,3})|([0-7]{1,3})|x([0-9a-fA-F]{1,2}))")
_DIRECTIVE = re.compile(r"%([-+ #0]*)(\d{0,4})(?:\.(\d{0,4}))?([diouxXcsbq%])")


async def _echo(call: Call) -> int:
    """As mksh's builtin: backslashes mean something unless ``-E`` is given."""
    words = list(call.arguments)
    interprets, ends = True, "\n"
    while words and re.fullmatch(r"-[neE]+", words[0]):
        for letter in words.pop(0)[1:]:
            if letter == "n":
                ends = ""
            else:
                interprets = letter == "e"
    text = " ".join(words)
    if interprets:
        text, is_cut = unescaped(text, keeps_rest=True)
        ends = "" if is_cut else ends
    await call.write(text + ends)
    return 0


def unescaped(text: str, *, keeps_rest: bool = False) -> tuple[str, bool]:
    """Escapes replaced, and whether ``\\c`` cut the rest off, or in echo only the line end."""
    done, at = "", 0
    for found in _ESCAPE.finditer(text):
        done += text[at : found.start()]
        at = found.end()
        letter, octal, bare, hexadecimal = found.groups()
        if letter == "c":
            return (done + text[at:] if keeps_rest else done), True
        if letter:
            done += _ESCAPES[letter]
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(octal or bare or "0", 8) & 0xFF
            done += chr(code) if code < 128 else bytes((code,)).decode("utf-8", "surrogateescape")
    return done + text[at:], False


async def _printf(call: Call) -> int:
    if not call.arguments:
        raise UsageError("Needs 1 argument")
    pattern, *words = call.arguments
    status = 0
    while True:
        before = len(words)
        text, is_cut, complaints = _formatted(pattern, words)
        await call.write(text)
        for complaint in complaints:
            await call.complain(complaint)
            status = 1
        if not words or len(words) == before or is_cut:
            return status


def _formatted(pattern: str, words: list[str]) -> tuple[str, bool, list[str]]:
    """The format once, taking what it needs from ``words``."""
    done, at = "", 0
    complaints: list[str] = []
    while at < len(pattern):
        if escape := _ESCAPE.match(pattern, at):
            piece, is_cut = unescaped(escape.group())
            if is_cut:
                return done, True, complaints
            done, at = done + piece, escape.end()
            continue
        directive = _DIRECTIVE.match(pattern, at)
        if directive is None:
            done, at = done + pattern[at], at + 1
            continue
        at = directive.end()
        flags, width, precision, kind = directive.groups()
        if kind == "%":
            done += "%"
            continue
        word = words.pop(0) if words else ""
        if kind in "diouxX":
            value, fault = _integer(word)
            if fault:
                complaints.append(f"bad number: {word}" if word else "bad number")
            shape = f"%{flags}{width}{'.' + precision if precision is not None else ''}"
            done += (shape + ("d" if kind == "u" else kind)) % value
            continue
        if kind == "b":
            word, _ = unescaped(word)
        elif kind == "c":
            word = word[:1]
        elif kind == "q":
            word = "'" + word.replace("'", "'\\''") + "'"
        if precision is not None:
            word = word[: int(precision or "0")]
        size = int(width or "0")
        done += word.ljust(size) if "-" in flags else word.rjust(size)
    return done, False, complaints


def _integer(word: str) -> tuple[int, bool]:
    if not word:
        return 0, False
    if word[0] in "'\"" and len(word) > 1:
        return ord(word[1]), False
    try:
        return int(word[:30], 0 if word.lower().lstrip("+-").startswith("0x") else 10), False
    except ValueError:
        return 0, True


async def _seq(call: Call) -> int:
    numbers = [number(word) for word in call.arguments]
    if not 1 <= len(numbers) <= 3:
        raise UsageError("Needs 1 argument")
    first = numbers[0] if len(numbers) > 1 else 1
    step = numbers[1] if len(numbers) == 3 else 1
    if step == 0:
        raise UsageError("zero step")
    for at, one in enumerate(range(first, numbers[-1] + (1 if step > 0 else -1), step)):
        await call.print(str(one))
        if at % 256 == 0:
            await asyncio.sleep(0)
    return 0


async def _yes(call: Call) -> int:
    line = ((" ".join(call.arguments) or "y") + "\n").encode("utf-8", "surrogateescape")
    while True:
        await call.streams.stdout.write(line * max(1, BLOCK // 64 // len(line)))
        await asyncio.sleep(0)


async def _xargs(call: Call) -> int:
    words = list(call.arguments)
    at_once = 0
    is_null = False
    while words and words[0] in ("-n", "-0", "-r"):
        option = words.pop(0)
        if option == "-n":
            at_once = number(words.pop(0) if words else "")
        is_null = is_null or option == "-0"
    reader = LineReader(call.streams.stdin)
    content = b""
    while line := await reader.line():
        content += line
    text = content.decode("utf-8", "surrogateescape")
    found = [one for one in text.split("\0") if one] if is_null else text.split()
    step = at_once if at_once > 0 else max(1, len(found))
    status = 0
    for at in range(0, len(found), step):
        result = await call.shell.call([*(words or ["echo"]), *found[at : at + step]], call.streams)
        status = 123 if result else status
    return status


VERBS: dict[str, Verb] = {
    "echo": _echo,
    "printf": toybox(_printf),
    "seq": toybox(_seq),
    "xargs": toybox(_xargs),
    "yes": _yes,
}
