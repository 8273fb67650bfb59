"""A project's subjects as another deployment may have them: with other parameters, another stage, other variables.

What a condition leaves out of this deployment is there in another, and a file is shared by all. So both states are also
read with every such choice left open; of that reading, only what this deployment's does not show is reported.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.catalog.model import Catalog
from scopedown.compare.access.model import Subject
from scopedown.compare.access.pairs import OTHER
from scopedown.compare.access.states import compared_subjects
from scopedown.core.finding import ScopedownError
from scopedown.iam.document import Kind
from scopedown.project.choices import choices
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.stand_ins import STAGE

_LABEL: Final = ", in another deployment"


def with_other_deployments(project: Project, options: Options, catalog: Catalog) -> list[Subject]:
    """The subjects of this deployment, and those of a reading that leaves every choice open.

    A project that cannot be read so is a subject that says why: it is not decided where it could be read before.
    """
    own = compared_subjects(project, catalog)
    opened = _opened(project, options)
    if opened is None:
        return own
    try:
        others = compared_subjects(load_project(Path(project.root) / project.config, opened), catalog)
    except ScopedownError as error:
        why = f"the project cannot be read for other deployments: {error.message}"
        others = [Subject(project.service or "project", Kind.IDENTITY, ((),), error.place, ("project:",), {}, (why,))]
    return own + [
        replace(one, name=one.name + _LABEL, keys=tuple(f"{OTHER}{key}" for key in one.keys)) for one in others
    ]


def _opened(project: Project, options: Options) -> Options | None:
    """The options that leave open what a deployment decides; None where it decides nothing."""
    if project.framework == "serverless":
        return replace(options, stage=STAGE, every_deployment=True)
    names = choices(project, options)
    if names is None or not (names or project.conditions or project.framework == "terraform"):
        return None
    return replace(options, symbolic=names, every_deployment=True)
