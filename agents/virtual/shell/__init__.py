"""A small interpreter of the POSIX shell language, after mksh, Android's shell.

It knows quoting, expansions, pipelines, lists, redirections, ``if``, ``for``, ``while`` and
``case``; it has no functions, here-documents or background jobs, and says so as a syntax error. It
never starts anything on the host.
"""

from agents.virtual.shell.interpreter import Shell

__all__ = ["Shell"]
