"""What every command that reads projects has in common: its options, and the reading of one project or of many."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.project.load import Options
    from scopedown.project.model import Project

_REGION = re.compile(r"[a-z0-9-]+")
_ACCOUNT = re.compile(r"[0-9]{12}")
"""Both stand in ARNs, where a ``*`` would grant what nobody asked for."""

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("path", type=click.Path(path_type=Path), default="."),
    click.option("--recursive", is_flag=True, help="Every project under PATH, in one process."),
    click.option("--stage", help="As the framework's --stage."),
    click.option("--region", help="As the framework's --region; it replaces AWS::Region in ARNs."),
    click.option("--account", help="The 12 digit account id; it replaces AWS::AccountId in ARNs."),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="KEY=VALUE",
        help="A value of ${param:KEY}, or of a template's parameter; repeatable.",
    ),
    click.option(
        "--param-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="YAML of values that only AWS knows: {'ssm:/path': value, 'cf:stack.Output': value, "
        "'s3:bucket/key': value}.",
    ),
    click.option(
        "--compiled",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Take the Serverless Framework's own compiled template (.serverless/cloudformation-template-…json) "
        "instead of reading the project file.",
    ),
    click.option(
        "--run-framework",
        is_flag=True,
        help="Run the project's installed Serverless Framework for its compiled template. This runs the project's "
        "own code.",
    ),
)


def project_options(command: Command) -> Command:
    """Give a command the argument PATH and the options that say how projects are read (:class:`Request`'s fields)."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked to be read: the values of :func:`project_options`."""

    path: Path
    recursive: bool
    stage: str | None
    region: str | None
    account: str | None
    params: tuple[str, ...]
    param_file: Path | None
    compiled: Path | None
    run_framework: bool


@dataclass(slots=True)
class Unread:
    """What was not read: projects with an error, and the number of those of other clouds."""

    errors: list[ScopedownError] = field(default_factory=list)
    others: int = 0


def read_projects(request: Request, unread: Unread) -> Iterator[tuple[str, Project]]:
    """The projects that the user means, one after another, each with a short name to show while it is worked on.

    A single project that cannot be read raises its ScopedownError; of several, those are noted in ``unread``.
    """
    from scopedown.project.load import NotAwsError, find_projects, load_project

    options = _options(request)
    if request.compiled or request.run_framework:
        yield "", _compiled(request, options)
        return
    many = request.recursive and request.path.is_dir()
    paths = find_projects(request.path) if many else [request.path]
    if not paths:
        raise ScopedownError(
            f"no project was found under {request.path}",
            remedy="name a folder that holds a serverless.yml, a template.yaml or a cdk.json",
        )
    for number, one in enumerate(paths, 1):
        try:
            project = load_project(one, options)
        except NotAwsError:
            if not many:
                raise
            unread.others += 1
        except ScopedownError as error:
            if not many:
                raise
            unread.errors.append(_below(error, one, request.path))
        else:
            yield (f"{number}/{len(paths)} {one.parent.name} " if many else ""), project


def _compiled(request: Request, options: Options) -> Project:
    """The project as the framework compiled it before, or compiles it now."""
    from scopedown.project.load import load_compiled, run_framework

    if request.recursive or (request.compiled and request.run_framework):
        raise ScopedownError(
            "--compiled and --run-framework read one project, and only one of them at a time",
            remedy="leave the others out",
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


def _options(request: Request) -> Options:
    from scopedown.project.load import Options, read_values

    if request.region is not None and not _REGION.fullmatch(request.region):
        raise ScopedownError(f"{request.region!r} is no region", remedy="write --region as AWS does: us-east-1")
    if request.account is not None and not _ACCOUNT.fullmatch(request.account):
        raise ScopedownError(f"{request.account!r} is no account id", remedy="an account id has 12 digits")
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
        environment=dict(os.environ),
    )
