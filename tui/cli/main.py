"""Runs one command and owns what leaves the program: standard output, errors and exit codes."""

import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from fleet.errors import FleetError
from tui.cli.answer import Answer, say, to_json, write
from tui.i18n import _, choose_language, install

if TYPE_CHECKING:
    from tui.office import Office

HANDLERS = {
    "init": "tui.cli.start",
    "import": "tui.cli.intake",
    "check": "tui.cli.start",
    "doctor": "tui.cli.doctor",
    "demo": "tui.cli.demo",
    "list": "tui.cli.lists",
    "find": "tui.cli.lists",
    "show": "tui.cli.lists",
    "history": "tui.cli.lists",
    "labels": "tui.cli.papers",
    "lend": "tui.cli.desk",
    "debts": "tui.cli.carts",
    "give": "tui.cli.carts",
    "return": "tui.cli.desk",
    "undo": "tui.cli.desk",
    "move": "tui.cli.custody",
    "swap": "tui.cli.custody",
    "repair": "tui.cli.custody",
    "lost": "tui.cli.custody",
    "stolen": "tui.cli.custody",
    "found": "tui.cli.custody",
    "retire": "tui.cli.custody",
    "extend": "tui.cli.custody",
    "exchange": "tui.cli.custody",
    "transfer": "tui.cli.custody",
    "attach": "tui.cli.custody",
    "add": "tui.cli.editing",
    "edit": "tui.cli.editing",
    "devices": "tui.cli.bench",
    "enrol": "tui.cli.bench",
    "audit": "tui.cli.bench",
    "provision": "tui.cli.bench",
    "virtual": "tui.cli.virtual",
    "stocktake": "tui.cli.stocktake",
    "register": "tui.cli.register",
}
"""Module of each command; its function bears the command's name. Loaded when asked for."""

NAMES = {"import": "import_", "list": "list_", "return": "return_"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is the contract's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _tolerate_odd_terminals()
    install(choose_language(_language(words), {}))
    as_json = "--json" in words
    try:
        return _run(words)
    except FleetError as error:
        return _report(error, as_json)
    except KeyboardInterrupt:
        say("")
        return 130
    except BrokenPipeError:
        return 0  # whoever read our output has gone: nothing is left to say, and to whom


def _run(words: list[str]) -> int:
    from tui.cli.parser import build

    parser = build()
    options = parser.parse_args(words)
    if options.command is None:
        if options.json:
            parser.error(_("il manque une commande"))
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            parser.error(_("l’interface demande un terminal"))
        return run_interface(options)
    handler = importlib.import_module(HANDLERS[options.command])
    name = NAMES.get(options.command, options.command)
    answer: Answer = getattr(handler, name)(options)
    if not answer.silent:
        lines = [to_json(answer.document)] if options.json else answer.lines
        write("".join(f"{line}\n" for line in lines))
    return answer.exit_code


def run_interface(options: Namespace) -> int:
    """Open the screens on the database; the database itself opens after the first paint."""
    from tui.app import ArdoiseApp

    def open_office() -> "Office":
        from tui.bootstrap import open_office as on

        return on(options.db)

    return ArdoiseApp(open_office).run() or 0


def _report(error: FleetError, as_json: bool) -> int:
    from tui.sentences import sentence

    words = sentence(error)
    if as_json:
        document = {"code": error.code, "message": words.what, "remedy": words.remedy}
        with suppress(BrokenPipeError):
            write(to_json({"error": {**document, "params": error.params}}) + "\n")
    else:
        say(f"{words.what}\n{words.remedy}".rstrip())
    return error.exit_code


def _language(words: list[str]) -> str:
    """``--lang`` before the parser exists, since its help is in that language."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return os.environ.get("ARDOISE_LANG", "fr")


def _tolerate_odd_terminals() -> None:
    """Print what a terminal without UTF-8 cannot show as escapes; accept a closed output."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # the shell's >&-
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
