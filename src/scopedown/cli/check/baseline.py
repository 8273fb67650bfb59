"""The baseline of ``scopedown check`` and ``scopedown validate``: the options, and the file that they mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scopedown.cli.settings.defaults import is_of_settings, read_settings
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.checks.results import Result

Command = TypeVar("Command", bound=Callable[..., Any])


def baseline_options(command: Command) -> Command:
    """The options ``--baseline`` and ``--write-baseline``."""
    read = click.option(
        "--baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Ignore the problems listed in FILE.  [default: .scopedown-baseline.json if it exists]",
    )  # fmt: skip
    write = click.option(
        "--write-baseline", is_flag=True,
        help="Write today's problems to the baseline file.  [default: .scopedown-baseline.json]",
    )  # fmt: skip
    return read(write(command))


def baseline_of(given: Path | None, folder: Path, *, write: bool) -> Path | None:
    """The file of the baseline; None where there is none. Raises ScopedownError where it must not be written."""
    from scopedown.checks.baseline import usual_baseline
    from scopedown.cli.repositories import repository_of

    if write:
        return _to_write(given, folder)
    return given or usual_baseline(folder, repository_of(folder))


def _to_write(baseline: Path | None, folder: Path) -> Path:
    """The file of ``--write-baseline``. Where the settings name it, it has to be a file of the repository, or of the
    settings' folder where there is no repository.

    Whoever checks a repository that others wrote lets it name no file of his own. Raises ScopedownError for another.
    """
    from scopedown.checks.baseline import BASELINE
    from scopedown.cli.repositories import repository_of

    own, top = read_settings(), repository_of(folder)
    if baseline is None or own.path is None or not is_of_settings("baseline"):
        return baseline or folder / BASELINE
    inside = (top if (top / ".git").exists() else own.path.parent).resolve()
    real = baseline.resolve()
    if not real.is_relative_to(inside) or ".git" in (part.casefold() for part in real.relative_to(inside).parts):
        raise ScopedownError(
            f"the baseline {baseline} is not among the files of {inside}, and a setting may not have it written",
            own.place_of("baseline"),
            "pass --baseline FILE",
        )
    return baseline


@dataclass(frozen=True, slots=True)
class Rules:
    """The ids of all rules of a command, and of those that this run looks for."""

    every: frozenset[str]
    looked_for: frozenset[str]


def without_known(
    found: Sequence[Result], baseline: Path | None, command: Rules, files: Collection[str], *, write: bool
) -> tuple[list[Result], int]:
    """The results that the baseline does not list, and how many of it are not found any more.

    ``files`` are those that were looked at as a whole. With ``write`` the baseline becomes what was found, and keeps
    what another command wrote into it.
    """
    from scopedown.checks.baseline import gone, known_of, text_of
    from scopedown.cli.output import write_file

    if baseline is None:
        return [*found], 0
    if write:
        others = []
        with suppress(ScopedownError):  # a file that is none is written anew
            others = [one for one in known_of(baseline) if one.rule not in command.every]
        write_file(baseline, text_of(found, others))
        click.echo(f"scopedown: wrote {baseline}", err=True)
        return [*found], 0
    listed = known_of(baseline)
    known = {one.fingerprint for one in listed}
    return [one for one in found if one.fingerprint not in known], gone(listed, found, files, command.looked_for)
