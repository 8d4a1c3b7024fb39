"""File name patterns: ``*``, ``?`` and ``[a-z]``, without exponential backtracking."""

from collections.abc import Callable, Sequence

Characters = Sequence[tuple[str, bool]]
"""Each character and whether it was quoted, so that it stands for itself."""
_Test = Callable[[str], bool] | None
"""``None`` is the star."""


def is_pattern(characters: Characters) -> bool:
    return any(not quoted and character in "*?[" for character, quoted in characters)


def matches(characters: Characters, text: str) -> bool:
    """Whether all of ``text`` matches."""
    tests = _compile(characters)
    at = position = 0
    star, mark = -1, 0
    while position < len(text):
        test = tests[at] if at < len(tests) else _never
        if test is None:
            star, mark = at, position
            at += 1
        elif test(text[position]):
            at += 1
            position += 1
        elif star >= 0:
            mark += 1
            at, position = star + 1, mark
        else:
            return False
    return all(test is None for test in tests[at:])


def _never(_: str) -> bool:
    return False


def _compile(characters: Characters) -> list[_Test]:
    tests: list[_Test] = []
    at = 0
    while at < len(characters):
        character, quoted = characters[at]
        at += 1
        if not quoted and character == "*":
            tests.append(None)
        elif not quoted and character == "?":
            tests.append(lambda _: True)
        elif not quoted and character == "[" and (found := _bracket(characters, at)):
            test, at = found
            tests.append(test)
        else:
            tests.append(character.__eq__)
    return tests


def _bracket(characters: Characters, at: int) -> tuple[Callable[[str], bool], int] | None:
    """The set that opens before ``at`` and where it ends, if it is closed."""
    is_negated = at < len(characters) and characters[at][0] in "!^"
    start = at = at + is_negated
    while at < len(characters) and (characters[at][0] != "]" or at == start):
        at += 1
    if at >= len(characters):
        return None
    members = [character for character, _ in characters[start:at]]
    ranges: list[tuple[str, str]] = []
    index = 0
    while index < len(members):
        if index + 2 < len(members) and members[index + 1] == "-":
            ranges.append((members[index], members[index + 2]))
            index += 3
        else:
            ranges.append((members[index], members[index]))
            index += 1
    return (lambda one: any(low <= one <= high for low, high in ranges) != is_negated), at + 1
