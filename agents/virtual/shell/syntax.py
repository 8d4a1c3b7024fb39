"""The syntax tree of a shell script."""

from dataclasses import dataclass, field


class ShellSyntaxError(Exception):
    """The text is no script; the message is mksh's."""


class Incomplete(ShellSyntaxError):
    """The text ends in the middle: an interactive shell asks for another line."""


@dataclass(frozen=True, slots=True)
class Literal:
    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """``$name``, or ``${name:-word}`` with its operator."""

    name: str
    is_quoted: bool = False
    operator: str = ""
    """One of ``- :- = := + :+ ? :? # ## % %%``, or ``length``."""
    word: "Word" = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(script)`` or backquotes."""

    script: "Script"
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``$((expression))``; parameters in it are expanded first."""

    expression: "Word"
    is_quoted: bool = False


Part = Literal | Parameter | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirection:
    descriptor: int
    operator: str
    """``<``, ``>``, ``>>``, ``>|``, ``<&`` or ``>&``."""
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[tuple["Script", "Script"], ...]
    otherwise: "Script | None"


@dataclass(frozen=True, slots=True)
class For:
    name: str
    words: tuple[Word, ...] | None
    """``None``: the positional parameters."""
    body: "Script"


@dataclass(frozen=True, slots=True)
class While:
    condition: "Script"
    body: "Script"
    is_until: bool


@dataclass(frozen=True, slots=True)
class Case:
    subject: Word
    branches: tuple[tuple[tuple[Word, ...], "Script"], ...]


@dataclass(frozen=True, slots=True)
class Group:
    body: "Script"
    is_subshell: bool


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections behind it."""

    command: "If | For | While | Case | Group"
    redirections: tuple[Redirection, ...]


Command = Simple | If | For | While | Case | Group | Redirected


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Command, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()
    """``&&`` or ``||`` and what follows it."""


@dataclass(frozen=True, slots=True)
class Script:
    lists: tuple[AndOr, ...] = field(default=())
