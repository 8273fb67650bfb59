"""What every command that reads projects has in common: its options, and the reading of one project or of many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click

from scopedown.cli.options import bundled
from scopedown.cli.settings.defaults import is_of_settings, read_settings, with_parameters, with_settings
from scopedown.cli.settings.table import ACCOUNT, COMPILERS, REGION
from scopedown.core.finding import ScopedownError, Unread, printable
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.cli.options import Shard
    from scopedown.project.load import Options
    from scopedown.project.model import Project

Command = TypeVar("Command", bound=Callable[..., Any])

_FRAMEWORK = click.option(
    "--framework",
    type=click.Choice(COMPILERS),
    help="How to compile a Serverless project: as osls, serverless 3 or serverless 4. Default: "
    "what package.json or frameworkVersion says, else v4 if the file uses features of v4, "
    "else osls.",
)
_PATHS = click.argument(
    "paths", metavar="[PATH]...", type=click.Path(path_type=Path), nargs=-1, is_eager=True, callback=with_settings
)
PROJECT = click.option(
    "--project", "paths", metavar="PATH", type=click.Path(path_type=Path), multiple=True, is_eager=True,
    callback=with_settings, help="The folder or file of the project; repeatable.  [default: the working directory]",
)  # fmt: skip
"""What says which project is meant where the arguments of a command are other files."""
_OPTIONS = (
    _PATHS,
    click.option("--recursive", is_flag=True, help="Read every project under PATH."),
    click.option("--stage", help="The stage to deploy to, like the framework's --stage."),
    click.option("--region", help="The region to deploy to; it replaces AWS::Region in ARNs."),
    click.option("--account", help="The 12-digit account id; it replaces AWS::AccountId in ARNs."),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="KEY=VALUE",
        callback=with_parameters,
        help="A value for ${param:KEY}, a parameter of the template or a variable of Terraform; repeatable.",
    ),
    click.option(
        "--param-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A YAML file with values that are stored in AWS: {'ssm:/path': value, 'cf:stack.Output': "
        "value, 's3:bucket/key': value}.",
    ),
    _FRAMEWORK,
    click.option(
        "--logs",
        type=click.Choice(["needed", "framework"]),
        default="needed",
        show_default=True,
        help="Permissions on log groups: what Lambda needs, or what the frameworks grant by default "
        "(logs:CreateLogGroup although the stack creates the group, and logs:TagResource).",
    ),
    click.option(
        "--compiled",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Read the template that the Serverless Framework compiled "
        "(.serverless/cloudformation-template-…json) instead of the project file.",
    ),
    click.option(
        "--run-framework",
        is_flag=True,
        help="Run the project's own Serverless Framework, or cdk synth for a CDK app, to compile the template. This "
        "runs the project's code.",
    ),
)


def project_options(
    command: Command,
    framework: Callable[[Command], Command] = _FRAMEWORK,
    paths: Callable[[Command], Command] = _PATHS,
) -> Command:
    """Give a command the arguments PATH and the options that say how projects are read, as its argument ``request``.

    ``framework`` is the option of that name where a command means more by it, ``paths`` the arguments.
    """
    instead = {_FRAMEWORK: framework, _PATHS: paths}
    return bundled(command, "request", Request, [instead.get(option, option) for option in _OPTIONS])


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked to be read: the values of :func:`project_options`."""

    paths: tuple[Path, ...]
    recursive: bool
    stage: str | None
    region: str | None
    account: str | None
    params: tuple[str, ...]
    param_file: Path | None
    framework: str | None
    compiled: Path | None
    run_framework: bool
    logs: str = "needed"
    shard: Shard | None = None
    """The part of the projects that is read; None: all of them."""

    @property
    def path(self) -> Path:
        """The one path that is meant: the working directory where none was given."""
        return self.paths[0] if self.paths else Path()

    @property
    def folder(self) -> Path:
        """The folder of that path."""
        return self.path if self.path.is_dir() else self.path.parent


@dataclass(slots=True)
class Outcome:
    """What a reading of projects came to beside the projects themselves."""

    base: Path | None = None
    """The folder that several projects are told relative to; None where one project was asked for."""
    unread: list[Unread] = field(default_factory=list)
    """Those of several that cannot be read."""
    others: int = 0
    """The number of those that deploy to other clouds."""

    @property
    def errors(self) -> list[ScopedownError]:
        """Why those of several that cannot be read are not."""
        return [one.error for one in self.unread]

    def name_unread(self) -> None:
        """Say on standard error why projects cannot be read."""
        for error in self.errors:
            click.echo(f"not read: {error.finding('project-unreadable')}", err=True)


def read_projects(request: Request, outcome: Outcome) -> Iterator[tuple[str, Project]]:
    """The projects that the user means, one after another, each with a short name to show while it is worked on.

    A single project that cannot be read raises its ScopedownError; of several, those are noted in ``outcome``.
    """
    return each_project(request, outcome, lambda name, project: project)


def each_project(
    request: Request,
    outcome: Outcome,
    work: Callable[[str, Project], Result],
    work_there: Callable[[str, Project], Result] | None = None,
    jobs: int | None = 1,
) -> Iterator[tuple[str, Result]]:
    """As :func:`read_projects`, with what ``work`` (called with a project's short name and the project) makes of each.

    Several projects are read and worked on by up to ``jobs`` processes (None: as many as save time), where there is
    ``work_there``, the same work in a form that another process can be given.
    """
    options = options_of(request)
    if request.shard and not request.recursive:
        raise ScopedownError("--shard needs --recursive", remedy="add --recursive, and name the folder of all projects")
    single = _single(request, options)
    if single is not None:
        if unused := _without_effect(request, single.settable):
            _tell_unused(unused, single)
        yield "", work("", single)
        return
    paths = _configs(request)
    outcome.base = Path() if len(request.paths) > 1 else request.path
    tasks = [(f"{number}/{len(paths)} {one.parent.name} ", one) for number, one in enumerate(paths, 1)]
    from scopedown.workers import in_order, usable_cpus

    if work_there is None or (jobs is None and len(paths) < _MANY):
        jobs = 1
    jobs = jobs or usable_cpus()
    attempt = partial(_attempt, options, work if work_there is None or jobs == 1 else work_there)
    settable: frozenset[str] | None = frozenset()
    for (name, path), found in zip(tasks, in_order(attempt, tasks, jobs), strict=True):
        if isinstance(found, _Read):
            settable = None if settable is None or found.settable is None else settable | found.settable
            yield name, found.result
        elif found.problem is None:
            outcome.others += 1
        else:
            settable = None
            error = _below(ScopedownError(*found.problem), path, outcome.base)
            outcome.unread.append(Unread(path, error))
    if tasks and (unused := _without_effect(request, settable)):
        _tell_unused(unused, None)


def _without_effect(request: Request, settable: frozenset[str] | None) -> list[str]:
    """The names of ``--param`` that no project can take; of those in the settings file, which is for projects of every
    kind, none."""
    if settable is None or not request.params:
        return []
    of_settings = {f"{name}={text}" for name, text in read_settings().parameters.items()}
    given = dict.fromkeys(item.partition("=")[0] for item in request.params if item not in of_settings)
    return [name for name in given if name not in settable]


_DECLARES = {"serverless": "has no ${{param:{name}}}", "terraform": "declares no variable of that name"}


def _tell_unused(names: list[str], project: Project | None) -> None:
    """Warn of parameters that change nothing: of one project, or of several (None)."""
    from scopedown.core.words import some_of

    for name in names:
        why, others = "no project declares it", ""
        if project is not None:
            lacks = _DECLARES.get(project.framework, "declares no parameter of that name").format(name=name)
            why = f"{project.config} {lacks}"
            others = f" (it has {some_of(sorted(project.settable), 5)})" if project.settable else ""
        click.echo(printable(f"note: --param {name} has no effect, because {why}{others}"), err=True)


_MANY = 8
"""Projects from which on processes that share them save time."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _NotRead:
    """Why a project was not read: what a ScopedownError holds (between processes an error would lose its place); None
    where it deploys to another cloud."""

    problem: tuple[str, Place | None, str] | None


@dataclass(frozen=True, slots=True)
class _Read(Generic[Result]):
    """What became of a project, and the names of ``--param`` that it takes."""

    result: Result
    settable: frozenset[str] | None


def _attempt(
    options: Options, work: Callable[[str, Project], Result], task: tuple[str, Path]
) -> _Read[Result] | _NotRead:
    """One of several projects, read and worked on, or why it is not."""
    from scopedown.project.load import NotAwsError, load_project

    name, path = task
    try:
        project = load_project(path, options)
    except NotAwsError:
        return _NotRead(None)
    except ScopedownError as error:
        return _NotRead((error.message, error.place, error.remedy))
    return _Read(work(name, project), project.settable)


def _single(request: Request, options: Options) -> Project | None:
    """The one project that is meant; None where several are."""
    from scopedown.project.load import load_project
    from scopedown.project.source_file import entry_of, read_entries

    if request.compiled or request.run_framework:
        return _compiled(request, options)
    entries = [entry for path in request.paths if (entry := entry_of(path)) is not None]
    if entries and len(entries) < len(request.paths):
        raise ScopedownError(
            "source files and projects cannot be scanned together",
            remedy="run scopedown scan once for the projects and once for the files",
        )
    if entries:
        return read_entries(entries, options)
    if len(request.paths) > 1 or request.recursive:
        return None
    (path,) = _configs(request)
    project = load_project(path, options)
    if path.is_dir():
        from scopedown.project.discovery import others_beside

        if others := others_beside(path / project.config):
            click.echo(f"note: {project.config} was read, not {' or '.join(others)} in the same folder", err=True)
    return project


def _configs(request: Request) -> list[Path]:
    """Folders or files, one for each project."""
    from scopedown.project.discovery import find_config
    from scopedown.project.load import find_projects

    paths = list(request.paths or (request.path,))
    for path in paths:
        if not path.exists():
            raise ScopedownError(f"{path} does not exist", None, "name a project's folder or its configuration file")
    if not request.recursive:
        return paths
    below = [(path, one) for path in paths for one in (find_projects(path) if path.is_dir() else [path])]
    found = [one for path, one in below if request.shard is None or request.shard.has(one, path)]
    if not below:
        for path in paths:
            find_config(path)  # which says what the folder holds instead
        raise ScopedownError(
            f"no project was found under {request.path}",
            remedy="name a folder that holds a serverless.yml, a template.yaml or a cdk.json",
        )
    return found


def _compiled(request: Request, options: Options) -> Project:
    """The project as the framework compiled it before, or compiles it now."""
    from scopedown.project.load import load_compiled, run_framework

    if request.recursive or len(request.paths) > 1 or (request.compiled and request.run_framework):
        raise ScopedownError(
            "--compiled and --run-framework exclude each other and read a single project",
            remedy="use one of them, with one PATH",
        )
    if request.framework is not None and not is_of_settings("framework"):
        raise ScopedownError(
            "--framework does not apply to a compiled template",
            remedy="remove --framework",
        )
    if request.compiled:
        return load_compiled(request.compiled, options)
    return run_framework(request.path, options)


def _below(error: ScopedownError, config: Path, base: Path) -> ScopedownError:
    """The error of one of several projects, its place named from the folder that was asked for."""
    file = (config.parent / (error.place.file if error.place else config.name)).absolute()
    name = file.relative_to(base.absolute()) if file.is_relative_to(base.absolute()) else file
    place = Place(name.as_posix(), error.place.line, error.place.column) if error.place else Place(name.as_posix())
    return ScopedownError(error.message, place, error.remedy)


def options_of(request: Request) -> Options:
    """How the projects are read. Raises ScopedownError for a value that cannot be meant."""
    from scopedown.project.load import Options, read_values

    if request.region is not None and not REGION.fullmatch(request.region):
        raise ScopedownError(f"{request.region!r} is not a region", remedy="write --region as AWS does: us-east-1")
    if request.account is not None and not ACCOUNT.fullmatch(request.account):
        raise ScopedownError(f"{request.account!r} is not an account id", remedy="an account id has 12 digits")
    given: dict[str, str] = {}
    for item in request.params:
        key, equals, value = item.partition("=")
        if not equals:
            raise ScopedownError(f"--param {item} has no '='", remedy="write --param KEY=VALUE")
        given[key] = value
    return Options(
        stage=request.stage,
        region=request.region,
        account=request.account,
        params=given,
        values=read_values(request.param_file) if request.param_file else {},
        # Where our cache is is no setting of a project's, and its key no project's to read.
        environment={name: value for name, value in os.environ.items() if not name.startswith("SCOPEDOWN_CACHE")},
        framework=request.framework,
        habitual_logs=request.logs == "framework",
    )
