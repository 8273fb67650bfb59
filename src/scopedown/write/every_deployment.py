"""A project as any deployment may have it: what one decides and another may decide otherwise is left open.

``write`` changes files that every deployment shares. What it takes away, and what it puts in, has to hold whatever the
parameters, conditions and mappings come to, so it works on this reading of a project: a condition that only parameters
decide is not told, and a name that hangs on it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.project.load import choices, load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.stand_ins import STAGE, variables

_KEY: Final = re.compile(r"\[[^\]]*\]")


def of_every_deployment(project: Project, options: Options) -> tuple[Project, Options]:
    """The reading of a project that holds for every deployment, and the options that give it.

    Parameters, options and variables that decide which code runs keep the values that they have here. Raises
    ScopedownError where the project cannot be read so. Of other tools' projects, it is the same project.
    """
    if project.framework == "serverless":
        return _of_every_stage(project, options)
    names = choices(project, options)
    return (project, options) if names is None else _of_all_parameters(project, options, sorted(names))


def _of_all_parameters(project: Project, options: Options, names: Sequence[str]) -> tuple[Project, Options]:
    """A template with its parameters as symbols, or a configuration of Terraform with its variables."""
    config = Path(project.root) / project.config
    own = code_of(project)

    def opened(names: frozenset[str]) -> Options:
        return replace(options, symbolic=names, every_deployment=True)

    def keeps_code(names: frozenset[str]) -> bool:
        try:
            return own <= code_of(load_project(config, opened(names)))
        except ScopedownError:
            return False

    chosen = opened(openable(names, keeps_code))
    return load_project(config, chosen), chosen


def _of_every_stage(project: Project, options: Options) -> tuple[Project, Options]:
    """A Serverless project for a stage that no project has, and with the framework's variables as words
    (:mod:`scopedown.project.stand_ins`)."""
    config = Path(project.root) / project.config
    own = code_of(project)
    every = replace(options, stage=STAGE, every_deployment=True)

    def keeps_code(fixed: frozenset[str]) -> bool:
        return own <= code_of(load_project(config, replace(every, fixed=fixed)))

    if not keeps_code(frozenset()):
        names = variables()
        if keeps_code(frozenset(names)):  # else it is the stage that decides which code runs
            opened = openable(names, lambda found: keeps_code(frozenset(names) - found))
            every = replace(every, fixed=frozenset(names) - opened)
    return load_project(config, every), every


def openable(names: Sequence[str], keeps_code: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """The names that can be read as symbols together without a change of the code that runs."""
    found: frozenset[str] = frozenset()
    waiting = [list(names)] if names else []
    while waiting:
        group = waiting.pop()
        if keeps_code(found | {*group}):
            found |= {*group}
        elif len(group) > 1:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
    return found


def code_of(project: Project) -> set[object]:
    """Which code the functions of a project run. Keys of instances, which a ``count`` that is not known does not give,
    do not count."""
    return {(_KEY.sub("", one.logical_id), one.runtime, one.handler) for one in project.functions}
