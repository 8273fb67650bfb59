"""Where a command puts a report in the forms of ``scopedown check``: on standard output, in files, or both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scopedown.cli.forms import format_option, forms, rendered
from scopedown.cli.output import print_content, require_parquet_output, write_file
from scopedown.cli.terminal import has_colours
from scopedown.core.finding import ScopedownError
from scopedown.emit.rows import require_parquet

if TYPE_CHECKING:
    from scopedown.checks.results import Report

Command = TypeVar("Command", bound=Callable[..., Any])


def form_options(command: Command) -> Command:
    """The options ``--format`` and ``--output`` of the commands that report in the forms of ``check``."""
    output = click.option(
        "--output", "-o", multiple=True, type=click.Path(dir_okay=False), metavar="[FORM=]FILE",
        help="Write the result to FILE. FORM=FILE (sarif=scopedown.sarif) writes another format in the "
        "same run; repeatable.",
    )  # fmt: skip
    form = format_option(
        "report",
        "text; JSON (docs/json.md); SARIF 2.1.0 for code scanning; annotations for GitHub Actions; a Code Quality "
        "report for GitLab; JUnit XML; Markdown for a pull request comment; "
        "NDJSON or Parquet, rows of many projects (docs/fleet.md).",
    )
    return form(output(command))


_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Outputs:
    """The form that is printed, None where a file has it instead, and the files, each with its form."""

    printed: str | None
    files: tuple[tuple[Path, str], ...] = ()

    def carry_out(self, content: Callable[[str, bool], str | bytes]) -> None:
        """Write the files, then print; ``content`` gives a form's text, with colours where it is true."""
        for path, form in self.files:
            write_file(path, content(form, False))
        if self.printed is not None:
            print_content(content(self.printed, has_colours()))


def outputs(form: str, given: tuple[str, ...]) -> Outputs:
    """What ``--format`` and ``--output`` ask for: ``FILE`` has the form that else is printed, ``FORM=FILE`` its own.

    Raises ScopedownError where two would be the same, and for a form that does not exist.

    >>> wanted = outputs("github", ("sarif=a.sarif", "junit=a.xml"))
    >>> wanted.printed, [(path.name, form) for path, form in wanted.files]
    ('github', [('a.sarif', 'sarif'), ('a.xml', 'junit')])
    >>> outputs("sarif", ("a.sarif",)).printed is None
    True
    """
    known = forms("report")
    printed: str | None = form
    files: dict[Path, str] = {}
    for one in given:
        name, equals, rest = one.partition("=")
        own = name if equals and name in known else None
        if equals and own is None and _WORD.fullmatch(name):
            close = get_close_matches(name.lower(), known, n=1)
            raise ScopedownError(
                f"--output {one} names the form {name!r}, which does not exist",
                remedy=f"did you mean {close[0]}={rest}?"
                if close
                else f"forms are {', '.join(known)}; a file is ./{one}",
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


def show_report(report: Report, base: Path, wanted: Outputs) -> None:
    """Write and print a report. Places of text are relative to the working directory, others to the repository."""
    from scopedown.checks.results import seen_from

    here = seen_from(report, base, Path.cwd().resolve())
    wanted.carry_out(lambda form, colour: rendered("report", form, here if form == "text" else report, colour=colour))
