"""From text to tokens: words with their quoted and expanded parts, operators, line ends."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from agents.virtual.shell.syntax import (
    Arithmetic,
    Incomplete,
    Literal,
    Parameter,
    Part,
    Script,
    ShellSyntaxError,
    Substitution,
    Word,
)

_OPERATORS = ("&&", "||", ";;", ">>", ">&", "<&", ">|", "<<", ";", "|", "&", "(", ")", "<", ">")
_META = frozenset(" \t\n;|&()<>")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!-]")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?$#@*!-])(:[-=+?]|##|%%|[-=+?#%])?")
_IO_NUMBER = re.compile(r"[0-9](?=[<>])")
_DEEPEST = 40


class Kind(Enum):
    WORD = 1
    OPERATOR = 2
    NEWLINE = 3
    END = 4


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    """The operator, or the word as written."""
    word: Word = ()
    descriptor: int | None = None
    """In front of a redirection."""

    @property
    def keyword(self) -> str:
        """The word's text if it is written without quotes or expansions, else nothing."""
        if self.kind is Kind.WORD and len(self.word) == 1:
            part = self.word[0]
            if isinstance(part, Literal) and not part.is_quoted:
                return part.text
        return ""


ParseNested = Callable[[str, int, int], tuple[Script, int]]
"""Text, position behind ``$(`` and depth → the script and the position behind ``)``."""


class Lexer:
    """Reads tokens one by one; ``at`` is where the next one begins."""

    def __init__(self, text: str, at: int, depth: int, parse_nested: ParseNested) -> None:
        if depth > _DEEPEST:
            raise ShellSyntaxError("syntax error: nested too deeply")
        self.text = text
        self.at = at
        self._depth = depth
        self._parse_nested = parse_nested

    def token(self) -> Token:
        self._skip_blanks()
        if self.at >= len(self.text):
            return Token(Kind.END, "")
        character = self.text[self.at]
        if character == "\n":
            self.at += 1
            return Token(Kind.NEWLINE, "newline")
        descriptor = None
        if number := _IO_NUMBER.match(self.text, self.at):
            descriptor = int(number.group())
            self.at = number.end()
        for operator in _OPERATORS:
            if self.text.startswith(operator, self.at):
                self.at += len(operator)
                return Token(Kind.OPERATOR, operator, descriptor=descriptor)
        start = self.at
        word = self._word(_META)
        return Token(Kind.WORD, self.text[start : self.at], word)

    def _skip_blanks(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _word(self, stop: frozenset[str], *, is_quoted: bool = False) -> Word:
        """Parts up to an unquoted character of ``stop``."""
        parts: list[Part] = []
        plain = ""
        while self.at < len(self.text) and (character := self.text[self.at]) not in stop:
            part: Part | None = None
            if character == "'" and not is_quoted:
                part = self._single_quoted()
            elif character == '"':
                part = None
                self.at += 1
                inside = self._double_quoted()
                parts += [*_literal(plain, is_quoted), *(inside or [Literal("", True)])]
                plain = ""
                continue
            elif character == "\\":
                part = self._escaped(is_quoted=is_quoted)
                if part is None:
                    continue
            elif character == "$":
                part = self._dollar(is_quoted=is_quoted)
            elif character == "`":
                part = self._backquoted(is_quoted=is_quoted)
            if part is None:
                plain += character
                self.at += 1
                continue
            parts += [*_literal(plain, is_quoted), part]
            plain = ""
        return (*parts, *_literal(plain, is_quoted))

    def _single_quoted(self) -> Part:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise Incomplete("no closing quote")
        part = Literal(self.text[self.at + 1 : end], True)
        self.at = end + 1
        return part

    def _double_quoted(self) -> list[Part]:
        parts: list[Part] = []
        plain = ""
        while True:
            if self.at >= len(self.text):
                raise Incomplete("no closing quote")
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return [*parts, *_literal(plain, True)]
            part: Part | None = None
            if character == "\\" and self.at + 1 < len(self.text):
                following = self.text[self.at + 1]
                if following in '$`"\\\n':
                    plain += "" if following == "\n" else following
                else:
                    plain += character + following
                self.at += 2
                continue
            if character == "$":
                part = self._dollar(is_quoted=True)
            elif character == "`":
                part = self._backquoted(is_quoted=True)
            if part is None:
                plain += character
                self.at += 1
                continue
            parts += [*_literal(plain, True), part]
            plain = ""

    def _escaped(self, *, is_quoted: bool) -> Part | None:
        """A character behind a backslash, or nothing for a line that goes on."""
        following = self.text[self.at + 1 : self.at + 2]
        self.at += 2 if following else 1
        if following == "\n":
            return None
        if is_quoted and following not in tuple('$`"\\}'):
            return Literal("\\" + following, True)
        return Literal(following or "\\", True)

    def _dollar(self, *, is_quoted: bool) -> Part | None:
        """An expansion, or nothing when the dollar stands for itself."""
        text, at = self.text, self.at
        if text.startswith("$((", at):
            arithmetic = self._arithmetic(is_quoted=is_quoted)
            if arithmetic is not None:
                return arithmetic
        if text.startswith("$(", at):
            script, self.at = self._parse_nested(text, at + 2, self._depth + 1)
            return Substitution(script, is_quoted)
        if text.startswith("${", at):
            return self._braced(is_quoted=is_quoted)
        if found := _PARAMETER.match(text, at + 1):
            self.at = found.end()
            return Parameter(found.group(), is_quoted)
        return None

    def _braced(self, *, is_quoted: bool) -> Part:
        text = self.text
        is_length = bool(re.match(r"\$\{#[A-Za-z_0-9@*]+\}", text[self.at : self.at + 256]))
        found = _BRACED.match(text, self.at + (3 if is_length else 2))
        if found is None:
            if self.at + 2 >= len(text):
                raise Incomplete("no closing quote")
            raise ShellSyntaxError(f"{text[self.at : self.at + 16]}: bad substitution")
        start = self.at
        self.at = found.end()
        name, operator = found.group(1), found.group(2) or ""
        word: Word = ()
        if operator:
            nested = Lexer(text, self.at, self._depth + 1, self._parse_nested)
            word = nested._word(frozenset("}"), is_quoted=is_quoted)
            self.at = nested.at
        if self.at >= len(text):
            raise Incomplete("no closing quote")
        if text[self.at] != "}":
            raise ShellSyntaxError(f"{text[start : self.at + 1]}: bad substitution")
        self.at += 1
        return Parameter(name, is_quoted, "length" if is_length else operator, word)

    def _arithmetic(self, *, is_quoted: bool) -> Part | None:
        """``$((…))``, or nothing when it is a subshell in a command substitution."""
        depth, end = 2, self.at + 3
        while end < len(self.text) and depth:
            depth += {"(": 1, ")": -1}.get(self.text[end], 0)
            if depth == 1 and not self.text.startswith("))", end):
                return None
            end += 1
            if depth == 1:
                break
        else:
            raise Incomplete("syntax error: unmatched '('")
        inner = self.text[self.at + 3 : end - 1]
        nested = Lexer(inner, 0, self._depth + 1, self._parse_nested)
        expression = nested._word(frozenset(), is_quoted=True)
        self.at = end + 1
        return Arithmetic(expression, is_quoted)

    def _backquoted(self, *, is_quoted: bool) -> Part:
        inner = ""
        at = self.at + 1
        while at < len(self.text) and self.text[at] != "`":
            if self.text[at] == "\\" and self.text[at + 1 : at + 2] in ("`", "\\", "$"):
                at += 1
            inner += self.text[at : at + 1]
            at += 1
        if at >= len(self.text):
            raise Incomplete("no closing quote")
        script, _ = self._parse_nested(inner + "\n)", 0, self._depth + 1)
        self.at = at + 1
        return Substitution(script, is_quoted)


def is_name(text: str) -> bool:
    """Whether a variable may be called so."""
    return bool(_NAME.fullmatch(text))


def _literal(text: str, is_quoted: bool) -> list[Part]:
    return [Literal(text, is_quoted)] if text else []
