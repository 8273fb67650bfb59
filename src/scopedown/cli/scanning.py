"""What commands that scan projects have in common: the options for the cache and for processes, and the scans.

The cache is not used in a folder that is scanned, or where a repository brings its files along: the author of scanned
code would write the results of its scan, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scopedown.cli import faults
from scopedown.cli.options import bundled
from scopedown.cli.projects import Outcome, Request, each_project
from scopedown.cli.terminal import progress
from scopedown.core.finding import ScopedownError
from scopedown.source.repository import boundary_of, repository_of

if TYPE_CHECKING:
    from scopedown.cache.secret import Secret
    from scopedown.calls.model import CallReport
    from scopedown.calls.report_cache import Recall
    from scopedown.catalog.model import Catalog
    from scopedown.project.load import Options
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--function", "functions", multiple=True, metavar="NAME", help="Read only this function; repeatable."),
    click.option(
        "--no-cache",
        is_flag=True,
        help="Ignore the cache and write nothing to it. (The cache is in the user's cache folder, or "
        "in SCOPEDOWN_CACHE.)",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 512),
        metavar="N",
        help="Use up to N processes. Default: one per processor if that saves time.",
    ),
)


def scan_options(command: Command) -> Command:
    """Give a command the options that say what is scanned and how, as its argument ``how``."""
    return bundled(command, "how", How, _OPTIONS)


def observed_option(command: Command) -> Command:
    """Give a command the option for logs that show rights in use."""
    return click.option(
        "--observed", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="LOGS",
        help="Keep what these logs show in use: files or folders as for scopedown observe, or a table of uses that it "
        "saved (.csv, .parquet); repeatable.",
    )(command)  # fmt: skip


@dataclass(frozen=True, slots=True)
class How:
    """The values of :func:`scan_options` and :func:`observed_option`."""

    functions: tuple[str, ...] = ()
    no_cache: bool = False
    jobs: int | None = None
    observed: tuple[Path, ...] = ()
    """The value of :func:`observed_option`."""


def require_functions(names: tuple[str, ...], projects: Iterable[Project]) -> None:
    """Raise ScopedownError where a function that was asked for is none of the projects'."""
    known = {function.key for project in projects for function in project.functions}
    for name in names:
        if name not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has no functions"
            raise ScopedownError(f"no function is named {name!r}", remedy=has)


def scan_projects(request: Request, outcome: Outcome, how: How) -> list[ProjectScan]:
    """The scans of all projects that the user means, in their order, however many processes worked on them. Raises
    ScopedownError where a function that was asked for is none of theirs."""
    scans = []
    with progress() as tell:

        def work(name: str, project: Project) -> ProjectScan:
            return _scan(how, _jobs(how), partial(tell, name), project)

        # Elsewhere nobody tells what is being done: this process does, as results come.
        there = partial(_scan_there, how)
        for name, one in each_project(request, outcome, work, there, how.jobs):
            tell(name, "")
            scans.append(_tell_silent_logs(faults.note(one)))
    _tell_without_cache((one.project.root for one in scans), how)
    require_functions(how.functions, (one.project for one in scans))
    return scans


def scanned(project: Project, how: How) -> ProjectScan:
    """The scan of one project that was read already."""
    _tell_without_cache([project.root], how)
    return _tell_silent_logs(faults.note(_scan(how, _jobs(how), lambda function: None, project)))


def scanned_elsewhere(scan: ProjectScan, options: Options, how: How) -> ProjectScan | None:
    """The scan of a Serverless project for a stage of another name, which shows what of a scan's texts is the stage's;
    None of a project whose file knows its stages alone."""
    from scopedown.project.load import load_project
    from scopedown.project.stand_ins import STAGE
    from scopedown.write.stage_independent import without_stage

    config = Path(scan.project.root) / scan.project.config
    try:
        there = load_project(config, replace(options, stage=STAGE))
        return _scan(how, _jobs(how), lambda function: None, there, without_stage(scan))
    except ScopedownError:
        return None


def _jobs(how: How) -> int:
    if how.jobs is not None:
        return how.jobs
    from scopedown.workers import usable_cpus

    return usable_cpus()


def _scan_there(how: How, name: str, project: Project) -> ProjectScan:
    return _scan(how, 1, lambda function: None, project)


def _scan(
    how: How,
    jobs: int,
    tell: Callable[[str], None],
    project: Project,
    known: Mapping[str, CallReport] | None = None,
) -> ProjectScan:
    from scopedown.catalog.load import catalog
    from scopedown.scan import scan

    facts = catalog()
    recall = _recall(project.root, facts, how)
    found = scan(project, facts, frozenset(how.functions), tell, recall, jobs, known or {})
    if not how.observed:
        return found
    from scopedown.observe.in_use import with_uses

    return with_uses(found, how.observed, jobs, facts)


@dataclass(frozen=True, slots=True)
class _Cache:
    """The user's cache: its folder, and the secret that its documents are signed with."""

    folder: str
    secret: Secret

    def objection(self, root: str) -> str:
        """Why a project in the folder ``root`` is scanned without it; empty where it is used."""

        return (
            self.secret.why
            or objection(self.folder, root)
            or (objection(self.secret.file, root) if self.secret.file else "")
        )


def _cache(how: How) -> _Cache | None:
    """The cache; None where it is not asked for, or the platform has no folder for it."""
    from scopedown.cache.secret import secret_of
    from scopedown.cache.store import usual_folder

    folder = None if how.no_cache else usual_folder(os.environ)
    return None if folder is None else _Cache(folder, secret_of(os.environ))


_recalls: dict[_Cache, Recall] = {}
"""What a recall knows of this program is worked out once."""


def _recall(root: str, facts: Catalog, how: How) -> Recall | None:
    """What earlier runs kept; None where the cache is not used for a project in this folder."""
    cache = _cache(how)
    if cache is None or cache.objection(root):
        return None
    if cache not in _recalls:
        from scopedown.cache.store import Store
        from scopedown.calls.report_cache import Recall

        _recalls[cache] = Recall(Store(cache.folder, cache.secret.value), facts)
    return _recalls[cache]


def _tell_silent_logs(scan: ProjectScan) -> ProjectScan:
    """Say once for each project that the logs of ``--observed`` show nothing of it."""
    context = click.get_current_context(silent=True)
    said = context.meta.setdefault(__name__, set()) if context is not None else set()
    for finding in scan.findings:
        if finding.code == "observed-nothing" and finding.message not in said:
            said.add(finding.message)
            click.echo(f"scopedown: {finding}", err=True)
    return scan


def _tell_without_cache(roots: Iterable[str], how: How) -> None:
    """Say in one line why projects were scanned afresh."""
    cache = _cache(how)
    if cache is None:
        return
    if found := dict.fromkeys(why for root in roots if (why := cache.objection(root))):
        click.echo(f"scopedown does not use its cache: {'; '.join(found)}", err=True)


_MOST_INDEX: Final = 200_000_000
"""Bytes of a longer index are not searched: the folder is then taken to have tracked files."""


def objection(path: str, root: str) -> str:
    """Why a file or folder of the cache is not used for a project in the folder ``root``; empty where it may be."""
    real = os.path.realpath(path)
    if _is_inside(real, os.path.realpath(root)) or _is_inside(real, str(boundary_of(Path(root)))):
        return f"{path} is inside the scanned repository"
    repository = repository_of(Path(real))
    if repository is not None and _has_tracked(repository, real):
        return f"Git tracks files in {path}"
    return ""


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _has_tracked(repository: Path, folder: str) -> bool:
    """Whether a repository's index lists files below a folder (https://git-scm.com/docs/index-format). In its fourth
    version, names are shortened: the folder is then taken to have some."""
    top = os.path.realpath(repository)
    inner = os.path.relpath(folder, top).replace(os.sep, "/")
    index = Path(top) / ".git" / "index"
    try:
        if index.stat().st_size > _MOST_INDEX:
            return True
        content = index.read_bytes()
    except FileNotFoundError:
        return not (Path(top) / ".git").is_dir()  # of a worktree or another system, which files it has is not known
    except OSError:
        return True
    if inner == "." or content[4:8] == b"\x00\x00\x00\x04":
        return True
    name = os.fsencode(inner)
    return name + b"/" in content or name + b"\x00" in content
