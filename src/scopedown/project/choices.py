"""What is left open where a project is read for every deployment: the parameters or variables that one may set."""

from __future__ import annotations

from pathlib import Path

from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.terraform.read import known_variables


def choices(project: Project, options: Options) -> frozenset[str] | None:
    """The names of a template's parameters, or of a configuration's variables (``Options.symbolic``).

    None where there are no such names to set: in projects of other tools, in a Serverless project, whose variables are
    read as words (:mod:`scopedown.project.stand_ins`), and in a plan, which is of one deployment.
    """
    if project.framework == "terraform":
        config = Path(project.root) / project.config
        return None if config.suffix == ".json" else frozenset(known_variables(config.parent, options))
    if project.framework in ("sam", "cloudformation"):
        return frozenset(name.rpartition("/")[2] for name in project.parameters)
    return None
