"""``cdk bootstrap`` and ``sam pipeline bootstrap``: their stacks as projects, and what the roles in them may do.

A bootstrapping is a deployment of a template that the tool brings along. ``bootstraps/*.yaml`` describe it as far as
permissions depend on it, so that the rows of CloudFormation's types answer as for any other stack. A template of the
user's own (``cdk bootstrap --show-template``) takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.finding import ScopedownError
from scopedown.core.tables import typed_rows
from scopedown.deploy.names import Namer
from scopedown.deploy.target import target_of
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

FOLDER = Path(__file__).parent / "bootstraps"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """One row of ``bootstraps.tsv``; ``stack`` may hold ``{stage}``."""

    bootstrap: str
    command: str
    framework: str
    template: str
    stack: str
    source: str

    def stack_name(self, stage: str) -> str:
        """What the stack is called; SAM takes the characters out of a stage's name that a stack's may not have."""
        return self.stack.format(stage=re.sub("[^0-9a-zA-Z*]+", "-", stage))


@dataclass(frozen=True, slots=True)
class MadeRole:
    """One row of ``roles.tsv``: a role or a user that a bootstrapping makes."""

    bootstrap: str
    id: str
    assumed_by: str
    may: str
    narrow: str
    source: str


@lru_cache(maxsize=1)
def bootstraps() -> Mapping[str, Bootstrap]:
    """The bootstrappings by name."""
    return {row.bootstrap: row for row in typed_rows(FOLDER / "bootstraps.tsv", lambda row: Bootstrap(**row))}


def bootstrap_project(bootstrap: Bootstrap, options: Options, template: Path | None = None) -> Project:
    """The stack of a bootstrapping, as a project; ``template`` takes the place of the tool's own.

    Raises ScopedownError where the template cannot be read, or is a project of another kind.
    """
    project = load_project(template or FOLDER / bootstrap.template, options)
    if project.framework != "cloudformation":
        raise ScopedownError(
            f"{project.config} is not a template for {bootstrap.command}",
            remedy="leave the path out, or pass a CloudFormation template",
        )
    for name in options.params:
        if name not in project.parameters:
            known = ", ".join(sorted(project.parameters)) or "none"
            raise ScopedownError(f"{bootstrap.command} has no parameter {name}", remedy=f"its parameters are {known}")
    stage = options.stage or "*"
    return replace(project, service=bootstrap.stack_name(stage), stage=stage)


def roles_made(bootstrap: Bootstrap, project: Project, catalog: Catalog) -> Iterator[tuple[str, MadeRole]]:
    """The roles and users that the stack of a project makes, by the tool's template, each with its name (or its id)."""
    namer = Namer.of(project, target_of(project), catalog)
    for row in typed_rows(FOLDER / "roles.tsv", lambda row: MadeRole(**row)):
        resource = project.resource(row.id) if row.bootstrap == bootstrap.bootstrap else None
        if resource is not None:
            name = resource.properties.get("RoleName")
            yield (namer.text(name) if name is not None else row.id), row
