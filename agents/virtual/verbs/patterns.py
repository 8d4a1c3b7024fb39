"""Regular expressions of grep and sed, basic and extended, as Python's."""

import re

from agents.virtual.verbs.call import UsageError


def expression(pattern: str, chosen: dict[str, str]) -> re.Pattern[str]:
    parts = []
    for one in pattern.split("\n"):
        if "F" in chosen:
            text = re.escape(one)
        else:
            text = one if "E" in chosen else _extended(one)
            text = _classes(text)
        if "w" in chosen:
            text = rf"\b(?:{text})\b"
        parts.append(f"^(?:{text})$" if "x" in chosen else text)
    try:
        return re.compile("|".join(parts), re.IGNORECASE if "i" in chosen else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"bad regex '{pattern}'") from error


def _extended(basic: str) -> str:
    """A basic regular expression as an extended one: the backslash changes sides."""
    done, at = "", 0
    while at < len(basic):
        character = basic[at]
        if character == "[":
            end = basic.find("]", at + 2)
            end = len(basic) - 1 if end < 0 else end
            done, at = done + basic[at : end + 1], end + 1
            continue
        if character == "\\" and at + 1 < len(basic):
            following = basic[at + 1]
            done += following if following in "(){}|+?" else "\\" + following
            at += 2
            continue
        done += "\\" + character if character in "(){}|+?" else character
        at += 1
    return done


def _classes(expression: str) -> str:
    names = {
        "digit": "0-9",
        "alpha": "A-Za-z",
        "alnum": "A-Za-z0-9",
        "space": r"\s",
        "upper": "A-Z",
    }
    names |= {"lower": "a-z", "xdigit": "0-9A-Fa-f", "blank": r" \t"}
    return re.sub(r"\[:(\w+):\]", lambda one: names.get(one[1], ""), expression)
