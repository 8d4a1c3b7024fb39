"""The command line: the contract of ``docs/cli.md``, twin of every screen action.

A command is a function from parsed arguments to an ``Answer``; printing, errors and exit codes are
``tui.cli.main``'s alone.
"""
