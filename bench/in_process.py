"""The command line in this process, for benches that run it many times: no time goes into starting Python."""

from __future__ import annotations

import contextlib
import io

from scopedown.cli.main import main


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command line, and what it prints, errors included."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(list(arguments))
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()
