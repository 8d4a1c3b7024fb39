"""``$((…))``: signed 32-bit integers, as mksh computes on every processor."""

import re
from collections.abc import Callable

_TOKEN = re.compile(r"\s*(\d+|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||<<|>>|[-+*/%()<>!~&|^])")
_LEVELS = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_DEEPEST = 60


class ArithmeticFault(Exception):
    """The expression cannot be computed; the message is mksh's."""


def evaluate(expression: str, variable: Callable[[str], str]) -> int:
    """The value of ``expression``; ``variable`` gives the text behind a name."""
    tokens: list[str] = []
    at = 0
    stripped = expression.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise ArithmeticFault(f"{expression}: unexpected '{stripped[at]}'")
        tokens.append(found.group(1))
        at = found.end()
    return _Evaluation(expression, tokens, variable).value()


class _Evaluation:
    def __init__(self, expression: str, tokens: list[str], variable: Callable[[str], str]) -> None:
        self._expression = expression
        self._tokens = tokens
        self._variable = variable
        self._depth = 0

    def value(self) -> int:
        if not self._tokens:
            return 0
        self._tokens.reverse()
        found = self._binary(0)
        if self._tokens:
            raise ArithmeticFault(f"{self._expression}: unexpected '{self._tokens[-1]}'")
        return found

    def _binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self._tokens and self._tokens[-1] in _LEVELS[level]:
            operator = self._tokens.pop()
            left = _wrap(self._apply(operator, left, self._binary(level + 1)))
        return left

    def _unary(self) -> int:
        self._depth += 1
        if self._depth > _DEEPEST or not self._tokens:
            raise ArithmeticFault(f"{self._expression}: unexpected end of expression")
        token = self._tokens.pop()
        match token:
            case "-" | "+" | "!" | "~":
                operand = self._unary()
                found = {"-": -operand, "+": operand, "!": not operand, "~": ~operand}[token]
            case "(":
                found = self._binary(0)
                if not self._tokens or self._tokens.pop() != ")":
                    raise ArithmeticFault(f"{self._expression}: missing )")
            case _ if token.isdecimal():
                found = _number(token)
            case _ if token[0].isalpha() or token[0] == "_":
                text = self._variable(token).strip() or "0"
                if not re.fullmatch(r"[-+]?[0-9]+", text):
                    raise ArithmeticFault(f"{text}: unexpected '{text}'")
                found = _number(text)
            case _:
                raise ArithmeticFault(f"{self._expression}: unexpected '{token}'")
        self._depth -= 1
        return _wrap(int(found))

    def _apply(self, operator: str, left: int, right: int) -> int:
        match operator:
            case "||":
                return int(bool(left) or bool(right))
            case "&&":
                return int(bool(left) and bool(right))
            case "/" | "%":
                if right == 0:
                    raise ArithmeticFault(f"{self._expression}: zero divisor")
                quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
                return quotient if operator == "/" else left - right * quotient
            case "<<" | ">>":
                return left << (right & 31) if operator == "<<" else left >> (right & 31)
        return _SIMPLE[operator](left, right)


_SIMPLE: dict[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "|": int.__or__,
    "^": int.__xor__,
    "&": int.__and__,
    "==": int.__eq__,
    "!=": int.__ne__,
    "<": int.__lt__,
    ">": int.__gt__,
    "<=": int.__le__,
    ">=": int.__ge__,
}


def _number(text: str) -> int:
    return int(text[:20])


def _wrap(number: int) -> int:
    return (int(number) + 2**31) % 2**32 - 2**31
