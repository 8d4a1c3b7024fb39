"""From words to fields: parameters, substitutions, splitting and file name patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from agents.virtual.inodes import PosixError
from agents.virtual.shell.arithmetic import ArithmeticFault, evaluate
from agents.virtual.shell.patterns import is_pattern, matches
from agents.virtual.shell.syntax import Arithmetic, Literal, Parameter, Substitution, Word

if TYPE_CHECKING:
    from agents.virtual.shell.interpreter import Shell
    from agents.virtual.shell.state import Streams

_Segments = list[tuple[str, bool]]
"""Text and whether it is quoted."""


class ExpansionFault(Exception):
    """A word cannot be expanded; the script ends with the message."""


async def text_of(shell: Shell, word: Word, streams: Streams) -> str:
    """The word as one text: assignments, redirections, subjects of ``case``."""
    return "".join([text for text, _ in await _segments(shell, word, streams)])


async def pattern_of(shell: Shell, word: Word, streams: Streams) -> list[tuple[str, bool]]:
    """The word as a pattern's characters."""
    return _characters(await _segments(shell, word, streams))


async def fields_of(shell: Shell, words: Iterable[Word], streams: Streams) -> list[str]:
    """All the words that a command gets."""
    fields: list[str] = []
    for word in words:
        for field in await _split(shell, word, streams):
            characters = (
                _characters(field)
                if any("*" in t or "?" in t or "[" in t for t, _ in field)
                else []
            )
            found = _paths(shell, characters) if is_pattern(characters) else []
            fields += found or ["".join(text for text, _ in field)]
    return fields


async def _segments(shell: Shell, word: Word, streams: Streams) -> _Segments:
    segments: _Segments = []
    for number, part in enumerate(word):
        match part:
            case Literal(text, is_quoted):
                if not is_quoted and number == 0:
                    text = _with_home(shell, text)
                segments.append((text, is_quoted))
            case Parameter():
                segments.append((await _parameter(shell, part, streams), part.is_quoted))
            case Substitution():
                segments.append((await shell.substitute(part.script, streams), part.is_quoted))
            case Arithmetic():
                segments.append((await _arithmetic(shell, part, streams), part.is_quoted))
    return segments


async def _split(shell: Shell, word: Word, streams: Streams) -> list[_Segments]:
    """Fields of one word: only unquoted expansions are split."""
    fields: list[_Segments] = []
    current: _Segments | None = None
    for number, part in enumerate(word):
        if isinstance(part, Parameter) and part.name == "@" and not part.operator:
            for index, argument in enumerate(shell.arguments):
                if index and current is not None:
                    fields.append(current)
                    current = None
                current = [*(current or []), (argument, part.is_quoted)]
            continue
        ((text, is_quoted),) = await _segments(shell, (part,), streams)
        if isinstance(part, Literal) or is_quoted:
            if isinstance(part, Literal) and number and not is_quoted:
                text = part.text
            current = [*(current or []), (text, is_quoted)]
            continue
        starts, pieces, ends = _cut(text, shell.variables.get("IFS", " \t\n"))
        if starts and current is not None:
            fields.append(current)
            current = None
        for index, piece in enumerate(pieces):
            if index and current is not None:
                fields.append(current)
                current = None
            current = [*(current or []), (piece, False)]
        if ends and pieces and current is not None:
            fields.append(current)
            current = None
    return [*fields, current] if current is not None else fields


def _cut(text: str, separators: str) -> tuple[bool, list[str], bool]:
    """Whether a separator comes first, the pieces, whether one comes last."""
    blanks = "".join(one for one in separators if one in " \t\n")
    others = "".join(one for one in separators if one not in " \t\n")
    if not separators or not text:
        return False, [text] if text else [], False
    core = text.strip(blanks) if blanks else text
    if not core:
        return True, [], True
    starts, ends = not text.startswith(core[0]), text[-1] in separators
    blank = f"[{re.escape(blanks)}]" if blanks else "(?!)"
    expression = f"{blank}+"
    if others:
        expression = f"{blank}*[{re.escape(others)}]{blank}*|{blank}+"
    pieces = re.split(expression, core)
    if pieces and not pieces[-1]:
        pieces.pop()
    return starts, pieces, ends


async def _parameter(shell: Shell, part: Parameter, streams: Streams) -> str:
    value = shell.value(part.name)
    operator = part.operator
    if not operator:
        return value or ""
    if operator == "length":
        return str(len(value or ""))
    if operator in ("#", "##", "%", "%%"):
        return _trimmed(value or "", operator, await pattern_of(shell, part.word, streams))
    is_missing = value is None or (operator.startswith(":") and not value)
    match operator[-1]:
        case "+":
            return "" if is_missing else await text_of(shell, part.word, streams)
        case "-" | "=" if is_missing:
            replacement = await text_of(shell, part.word, streams)
            if operator.endswith("="):
                shell.variables[part.name] = replacement
            return replacement
        case "?" if is_missing:
            message = await text_of(shell, part.word, streams)
            raise ExpansionFault(f"{part.name}: {message or 'parameter null or not set'}")
    return value or ""


def _trimmed(value: str, operator: str, pattern: Sequence[tuple[str, bool]]) -> str:
    """Without the shortest or longest beginning (``#``) or end (``%``) that matches."""
    cuts: Iterable[int] = range(len(value) + 1)
    if operator in ("##", "%"):
        cuts = reversed(range(len(value) + 1))
    for cut in cuts:
        if operator.startswith("#") and matches(pattern, value[:cut]):
            return value[cut:]
        if operator.startswith("%") and matches(pattern, value[cut:]):
            return value[:cut]
    return value


async def _arithmetic(shell: Shell, part: Arithmetic, streams: Streams) -> str:
    expression = await text_of(shell, part.expression, streams)
    try:
        return str(evaluate(expression, lambda name: shell.value(name) or ""))
    except ArithmeticFault as fault:
        raise ExpansionFault(str(fault)) from fault


def _with_home(shell: Shell, text: str) -> str:
    if text == "~" or text.startswith("~/"):
        return shell.variables.get("HOME", "").rstrip("/") + text[1:] or "/"
    return text


def _matching_paths(shell: Shell, field: _Segments) -> list[str]:
    if not any(not quoted and set("*?[") & set(text) for text, quoted in field):
        return []
    return _paths(shell, _characters(field))


def _characters(segments: _Segments) -> list[tuple[str, bool]]:
    return [(character, quoted) for text, quoted in segments for character in text]


def _paths(shell: Shell, characters: Sequence[tuple[str, bool]]) -> list[str]:
    """Existing paths that match, sorted; dots at the start of a name must be written."""
    steps: list[list[tuple[str, bool]]] = [[]]
    for character in characters:
        if character[0] == "/":
            steps.append([])
        else:
            steps[-1].append(character)
    found = [""]
    for number, step in enumerate(steps):
        is_last = number == len(steps) - 1
        following: list[str] = []
        for prefix in found:
            following += _names(shell, prefix, step)
        found = following if is_last else [f"{path}/" for path in following]
        if len(found) > 10_000:
            return []
    return sorted(path for path in found if shell.files.exists(shell.absolute(path)))


def _names(shell: Shell, prefix: str, step: Sequence[tuple[str, bool]]) -> list[str]:
    plain = "".join(character for character, _ in step)
    if not is_pattern(step):
        return [prefix + plain]
    try:
        listing = shell.files.listing(shell.absolute(prefix or "."))
    except PosixError:
        return []
    return [
        prefix + name
        for name, _ in listing
        if (not name.startswith(".") or plain.startswith(".")) and matches(step, name)
    ]
