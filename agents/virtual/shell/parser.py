"""From tokens to a syntax tree, one complete line at a time, as mksh reads its input."""

from agents.virtual.shell.lexer import Kind, Lexer, Token, is_name
from agents.virtual.shell.syntax import (
    AndOr,
    Case,
    Command,
    For,
    Group,
    If,
    Incomplete,
    Literal,
    Pipeline,
    Redirected,
    Redirection,
    Script,
    ShellSyntaxError,
    Simple,
    While,
    Word,
)

_REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<&", ">&"})
_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_UNSUPPORTED = frozenset({"&", "<<"})


class Parser:
    """Recursive descent over one text; raises ``ShellSyntaxError``."""

    def __init__(self, text: str, at: int = 0, depth: int = 0) -> None:
        self._lexer = Lexer(text, at, depth, _parse_nested)
        self._depth = depth
        self._token = self._lexer.token()

    @property
    def at(self) -> int:
        """Behind the last token that was read."""
        return self._lexer.at

    def line(self) -> Script | None:
        """The next complete line, or ``None`` at the end of the text."""
        self._skip_newlines()
        if self._token.kind is Kind.END:
            return None
        lists = [self._and_or()]
        while self._is_operator(";"):
            self._advance()
            if self._token.kind in (Kind.NEWLINE, Kind.END):
                break
            lists.append(self._and_or())
        if self._token.kind not in (Kind.NEWLINE, Kind.END):
            raise self._unexpected()
        return Script(tuple(lists))

    def _script(self, opener: str) -> Script:
        """Lists up to a closing word or operator, which is left for the caller."""
        lists: list[AndOr] = []
        self._skip_newlines()
        while not self._is_closing():
            if self._token.kind is Kind.END:
                raise Incomplete(f"syntax error: unmatched '{opener}'")
            lists.append(self._and_or())
            if self._is_operator(";") or self._token.kind is Kind.NEWLINE:
                self._advance()
                self._skip_newlines()
            elif not self._is_closing():
                raise self._unclosed(opener)
        return Script(tuple(lists))

    def _and_or(self) -> AndOr:
        first = self._pipeline()
        rest: list[tuple[str, Pipeline]] = []
        while self._is_operator("&&") or self._is_operator("||"):
            operator = self._advance().text
            self._skip_newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest))

    def _pipeline(self) -> Pipeline:
        is_negated = False
        while self._token.keyword == "!":
            is_negated = not is_negated
            self._advance()
        commands = [self._command()]
        while self._is_operator("|"):
            self._advance()
            self._skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), is_negated)

    def _command(self) -> Command:
        compound = self._compound()
        if compound is None:
            return self._simple()
        redirections = self._redirections()
        return Redirected(compound, redirections) if redirections else compound

    def _compound(self) -> If | For | While | Case | Group | None:
        if self._is_operator("("):
            self._advance()
            body = self._nested("(")
            self._expect_operator(")", "(")
            return Group(body, is_subshell=True)
        match self._token.keyword:
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "while" | "until" as word:
                self._advance()
                condition = self._nested(word)
                return While(condition, self._do(), word == "until")
            case "case":
                return self._case()
            case "{":
                self._advance()
                body = self._nested("{")
                self._expect_word("}", "{")
                return Group(body, is_subshell=False)
            case word if word in _CLOSING:
                raise self._unexpected()
        return None

    def _nested(self, opener: str) -> Script:
        self._depth += 1
        if self._depth > 40:
            raise ShellSyntaxError("syntax error: nested too deeply")
        script = self._script(opener)
        self._depth -= 1
        return script

    def _if(self) -> If:
        branches: list[tuple[Script, Script]] = []
        while self._token.keyword in ("if", "elif"):
            self._advance()
            condition = self._nested("if")
            self._expect_word("then", "if")
            branches.append((condition, self._nested("if")))
        otherwise = None
        if self._token.keyword == "else":
            self._advance()
            otherwise = self._nested("if")
        self._expect_word("fi", "if")
        return If(tuple(branches), otherwise)

    def _for(self) -> For:
        self._advance()
        if self._token.kind is not Kind.WORD:
            raise self._unexpected()
        name = self._advance().text
        if not is_name(name):
            raise ShellSyntaxError(f"syntax error: {name}: bad identifier")
        self._skip_newlines()
        words: list[Word] | None = None
        if self._token.keyword == "in":
            self._advance()
            words = []
            while self._token.kind is Kind.WORD:
                words.append(self._advance().word)
        if self._is_operator(";"):
            self._advance()
        return For(name, None if words is None else tuple(words), self._do())

    def _do(self) -> Script:
        self._skip_newlines()
        self._expect_word("do", "do")
        body = self._nested("do")
        self._expect_word("done", "do")
        return body

    def _case(self) -> Case:
        self._advance()
        if self._token.kind is not Kind.WORD:
            raise self._unexpected()
        subject = self._advance().word
        self._skip_newlines()
        self._expect_word("in", "case")
        self._skip_newlines()
        branches: list[tuple[tuple[Word, ...], Script]] = []
        while self._token.keyword != "esac":
            if self._is_operator("("):
                self._advance()
            patterns = [self._pattern()]
            while self._is_operator("|"):
                self._advance()
                patterns.append(self._pattern())
            self._expect_operator(")", "case")
            branches.append((tuple(patterns), self._nested("case")))
            if self._is_operator(";;"):
                self._advance()
                self._skip_newlines()
            elif self._token.keyword != "esac":
                raise self._unexpected()
        self._expect_word("esac", "case")
        return Case(subject, tuple(branches))

    def _pattern(self) -> Word:
        if self._token.kind is not Kind.WORD:
            raise self._unexpected()
        return self._advance().word

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirections: list[Redirection] = []
        while True:
            if self._token.kind is Kind.WORD:
                assignment = None if words else _assignment(self._token.word)
                if assignment is None:
                    words.append(self._token.word)
                else:
                    assignments.append(assignment)
                self._advance()
            elif self._token.text in _REDIRECTIONS and self._token.kind is Kind.OPERATOR:
                redirections.append(self._redirection())
            else:
                break
        if not (assignments or words or redirections):
            raise self._unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirections))

    def _redirections(self) -> tuple[Redirection, ...]:
        found: list[Redirection] = []
        while self._token.kind is Kind.OPERATOR and self._token.text in _REDIRECTIONS:
            found.append(self._redirection())
        return tuple(found)

    def _redirection(self) -> Redirection:
        token = self._advance()
        default = 0 if token.text.startswith("<") else 1
        if self._token.kind is not Kind.WORD:
            raise self._unexpected()
        target = self._advance().word
        number = default if token.descriptor is None else token.descriptor
        return Redirection(number, token.text, target)

    def _advance(self) -> Token:
        token = self._token
        self._token = self._lexer.token()
        return token

    def _skip_newlines(self) -> None:
        while self._token.kind is Kind.NEWLINE:
            self._advance()

    def _is_operator(self, text: str) -> bool:
        return self._token.kind is Kind.OPERATOR and self._token.text == text

    def _is_closing(self) -> bool:
        if self._token.kind is Kind.OPERATOR:
            return self._token.text in (")", ";;")
        return self._token.keyword in _CLOSING

    def _expect_word(self, word: str, opener: str) -> None:
        if self._token.keyword != word:
            raise self._unclosed(opener)
        self._advance()

    def _expect_operator(self, operator: str, opener: str) -> None:
        if not self._is_operator(operator):
            raise self._unclosed(opener)
        self._advance()

    def _unclosed(self, opener: str) -> ShellSyntaxError:
        if self._token.kind is Kind.END:
            return Incomplete(f"syntax error: unmatched '{opener}'")
        return self._unexpected()

    def _unexpected(self) -> ShellSyntaxError:
        if self._token.kind is Kind.END:
            return Incomplete("syntax error: unexpected EOF")
        if self._token.text in _UNSUPPORTED:
            return ShellSyntaxError(f"syntax error: '{self._token.text}' is not supported here")
        return ShellSyntaxError(f"syntax error: unexpected '{self._token.text}'")


def _parse_nested(text: str, at: int, depth: int) -> tuple[Script, int]:
    parser = Parser(text, at, depth)
    script = parser._script("(")
    if not parser._is_operator(")"):
        raise parser._unexpected()
    return script, parser.at


def _assignment(word: Word) -> tuple[str, Word] | None:
    """``name=value`` split, if the word is one."""
    if not word or not isinstance(word[0], Literal) or word[0].is_quoted:
        return None
    name, equals, value = word[0].text.partition("=")
    if not equals or not is_name(name):
        return None
    rest = (Literal(value), *word[1:]) if value else word[1:]
    return name, rest
