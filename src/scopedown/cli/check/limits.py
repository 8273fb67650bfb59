"""The limits of ``scopedown check``: those of the options and the settings, and the projects as they were before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scopedown.cli.projects import Request, options_of
from scopedown.cli.settings.defaults import read_settings
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.compare.access.limits import Limits
    from scopedown.compare.access.model import Subject
    from scopedown.project.load import Options
    from scopedown.project.model import Project


@contextmanager
def project_limits(
    request: Request, never: tuple[str, ...], may_not_grow: bool, base: str
) -> Iterator[Callable[[Project], Limits]]:
    """What gives each project its limits. Raises ScopedownError where the commit ``base`` is not there."""
    own = read_settings()
    if not (never or may_not_grow or own.limits):
        from scopedown.compare.access.limits import NO_LIMITS

        yield lambda project: NO_LIMITS
        return
    from scopedown.catalog.load import catalog
    from scopedown.compare.access.ask import NotGranted
    from scopedown.compare.access.limits import Limit, Limits
    from scopedown.compare.access.pairs import with_other_deployments
    from scopedown.compare.access.revision import files_at

    limits = (Limit(tuple(map(NotGranted.read, never)), may_not_grow), *own.limits)
    top = own.path.parent if own.path is not None else request.folder
    options = options_of(request)
    is_compared = any(limit.may_not_grow for limit in limits)
    with ExitStack() as stack:
        before: Path | None = None
        if is_compared:
            before = stack.enter_context(files_at(base, request.folder))

        def of(project: Project) -> Limits:
            root = Path(project.root).resolve()
            inside = (
                root.relative_to(top.resolve()).as_posix() if root.is_relative_to(top.resolve()) else root.as_posix()
            )
            if not is_compared:
                return Limits(limits, inside)
            earlier = _before(project, request.folder.resolve(), before, options)
            return Limits(limits, inside, earlier, with_other_deployments(project, options, catalog()))

        yield of


def _before(project: Project, folder: Path, before: Path | None, options: Options) -> list[Subject]:
    """The subjects of a project as it was; none where there was no such project."""
    from scopedown.catalog.load import catalog
    from scopedown.compare.access.pairs import with_other_deployments
    from scopedown.project.load import load_project

    root = Path(project.root).resolve()
    config = (before / root.relative_to(folder) / project.config) if before and root.is_relative_to(folder) else None
    if config is None or not config.exists():
        return []
    try:
        return with_other_deployments(load_project(config, options), options, catalog())
    except ScopedownError as error:
        message = f"the project cannot be read as it was before: {error.message}"
        raise ScopedownError(message, error.place, "name another commit with --base") from error
