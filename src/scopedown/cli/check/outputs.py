"""Where a command puts a report in the forms of ``scopedown check``: on standard output, in files, or both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from scopedown.checks.forms import FORMS
from scopedown.cli.output import require_parquet_output
from scopedown.core.finding import ScopedownError
from scopedown.emit.rows import require_parquet

Command = TypeVar("Command", bound=Callable[..., Any])


def form_options(command: Command) -> Command:
    """The options ``--format`` and ``--output`` of the commands that report in the forms of ``check``."""
    output = click.option(
        "--output", "-o", multiple=True, type=click.Path(dir_okay=False), metavar="[FORM=]FILE",
        help="Write the result to FILE. FORM=FILE (sarif=scopedown.sarif) writes another format in the "
        "same run; repeatable.",
    )  # fmt: skip
    form = click.option(
        "--format", "form", type=click.Choice(FORMS), default="text", show_default=True,
        help="text; JSON (docs/json.md); SARIF 2.1.0 for code scanning; annotations for GitHub Actions; a Code Quality "
        "report for GitLab; JUnit XML; Markdown for a pull request comment; "
        "NDJSON or Parquet, rows of many projects (docs/fleet.md).",
    )  # fmt: skip
    return form(output(command))


_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Outputs:
    """The form that is printed, None where a file has it instead, and the files, each with its form."""

    printed: str | None
    files: tuple[tuple[Path, str], ...] = ()


def outputs(form: str, given: tuple[str, ...]) -> Outputs:
    """What ``--format`` and ``--output`` ask for: ``FILE`` has the form that else is printed, ``FORM=FILE`` its own.

    Raises ScopedownError where two would be the same, and for a form that does not exist.

    >>> wanted = outputs("github", ("sarif=a.sarif", "junit=a.xml"))
    >>> wanted.printed, [(path.name, form) for path, form in wanted.files]
    ('github', [('a.sarif', 'sarif'), ('a.xml', 'junit')])
    >>> outputs("sarif", ("a.sarif",)).printed is None
    True
    """
    printed: str | None = form
    files: dict[Path, str] = {}
    for one in given:
        name, equals, rest = one.partition("=")
        own = name if equals and name in FORMS else None
        if equals and own is None and _WORD.fullmatch(name):
            close = get_close_matches(name.lower(), FORMS, n=1)
            raise ScopedownError(
                f"--output {one} names the form {name!r}, which does not exist",
                remedy=f"did you mean {close[0]}={rest}?"
                if close
                else f"forms are {', '.join(FORMS)}; a file is ./{one}",
            )
        path = Path(rest if own else one)
        if path in files:
            raise ScopedownError(f"--output names {path} twice", remedy="give each format its own file")
        if path.name == "":
            raise ScopedownError(f"--output {one} names no file", remedy="write --output FILE, or --output FORM=FILE")
        if own is None and printed is None:
            raise ScopedownError(
                "--output names two files in one form", remedy="say which form each has: --output sarif=FILE"
            )
        files[path] = own or form
        printed = printed if own else None
    require_parquet_output(printed)
    if "parquet" in files.values():
        require_parquet()
    return Outputs(printed, tuple(files.items()))
