"""``test`` and ``[``: POSIX conditions with ``!``, ``-a``, ``-o`` and parentheses."""

from collections.abc import Callable

from agents.virtual.inodes import Directory, File, Generated, PosixError, Symlink
from agents.virtual.verbs.call import Call, UsageError, Verb, number

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": int.__eq__,
    "-ne": int.__ne__,
    "-lt": int.__lt__,
    "-le": int.__le__,
    "-gt": int.__gt__,
    "-ge": int.__ge__,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "==": str.__eq__,
    "!=": str.__ne__,
    "<": str.__lt__,
    ">": str.__gt__,
}
_UNARY = frozenset({"-n", "-z", "-e", "-f", "-d", "-h", "-L", "-s", "-r", "-w", "-x", "-t"})
_DEEPEST = 50


async def _test(call: Call) -> int:
    arguments = list(call.arguments)
    if call.name == "[" and (not arguments or arguments.pop() != "]"):
        await call.shell.complain("[: missing ]", call.streams)
        return 2
    condition = _Condition(call, arguments)
    try:
        return 0 if condition.holds() else 1
    except UsageError as error:
        await call.shell.complain(f"{call.name}: {error}", call.streams)
        return 2


class _Condition:
    def __init__(self, call: Call, words: list[str]) -> None:
        self._call = call
        self._words = words
        self._depth = 0

    def holds(self) -> bool:
        words = self._words
        # POSIX decides short forms by their count, so that `[ "$x" = y ]` never breaks.
        match words:
            case []:
                return False
            case [one]:
                return bool(one)
            case ["!", one]:
                return not one
            case [left, operator, right] if operator in _NUMBERS or operator in _TEXTS:
                return _compare(left, operator, right)
        self._words = words[::-1]
        result = self._either()
        if self._words:
            raise UsageError(f"{self._words[-1]}: unexpected operator/operand")
        return result

    def _either(self) -> bool:
        result = self._both()
        while self._words and self._words[-1] == "-o":
            self._words.pop()
            right = self._both()
            result = result or right
        return result

    def _both(self) -> bool:
        result = self._one()
        while self._words and self._words[-1] == "-a":
            self._words.pop()
            right = self._one()
            result = result and right
        return result

    def _one(self) -> bool:
        self._depth += 1
        if not self._words or self._depth > _DEEPEST:
            raise UsageError("expression expected")
        word = self._words.pop()
        if word == "!":
            return not self._one()
        if len(self._words) >= 2 and (self._words[-1] in _NUMBERS or self._words[-1] in _TEXTS):
            operator, right = self._words.pop(), self._words.pop()
            return _compare(word, operator, right)
        if word == "(":
            result = self._either()
            if not self._words or self._words.pop() != ")":
                raise UsageError("missing closing paren")
            return result
        if word in _UNARY and self._words:
            return self._unary(word, self._words.pop())
        if word.startswith("-") and len(word) == 2 and self._words:
            raise UsageError(f"{word}: unexpected operator/operand")
        return bool(word)

    def _unary(self, operator: str, operand: str) -> bool:
        if operator in ("-n", "-z"):
            return bool(operand) == (operator == "-n")
        if operator == "-t":
            return False
        files, path = self._call.files, self._call.path(operand)
        if operator in ("-r", "-w", "-x"):
            return files.may(path, operator[1])
        try:
            node = files.node(path, follow=operator not in ("-h", "-L"))
        except PosixError:
            return False
        match operator:
            case "-f":
                return isinstance(node, File | Generated)
            case "-d":
                return isinstance(node, Directory)
            case "-h" | "-L":
                return isinstance(node, Symlink)
            case "-s":
                return node.size > 0
        return True


def _compare(left: str, operator: str, right: str) -> bool:
    if operator in _TEXTS:
        return _TEXTS[operator](left, right)
    try:
        return _NUMBERS[operator](number(left.strip()), number(right.strip()))
    except UsageError as error:
        bad = left if number(left.strip(), -1) == -1 and left.strip() != "-1" else right
        raise UsageError(f"bad number: {bad}") from error


VERBS: dict[str, Verb] = {"[": _test, "test": _test}
