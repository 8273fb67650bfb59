"""The names that a project's resources bear in the account, so that the ARNs of logs can be found in the project.

A name that the project gives is exact. One that CloudFormation makes is a pattern (``todos-dev-TodosTable-*``), unless
the stack's resources are known. What matches a pattern is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scopedown.catalog.model import Catalog
from scopedown.compare.arn_normalization import ACCOUNT as UNKNOWN_ACCOUNT
from scopedown.core.text import Att, Ref, Text
from scopedown.deploy.names import Namer
from scopedown.deploy.target import target_of
from scopedown.iam.newaccess.patterns import meets, pattern
from scopedown.iam.wildcard import glob
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Function, Project, Role
from scopedown.project.stand_ins import as_pattern


@dataclass(frozen=True)
class Names:
    """The deployed names of one project. ``physical`` maps logical ids to the physical ids that
    ``aws cloudformation describe-stack-resources`` prints, and ``account`` is the account in what it prints."""

    project: Project
    catalog: Catalog
    stack_name: str | None = None
    physical: Mapping[str, str] | None = None
    account: str = ""

    @cached_property
    def _namer(self) -> Namer:
        project = self.project
        namer = Namer.of(project, target_of(project, self.stack_name), self.catalog)
        if self.physical:
            namer.resources = {id: self._named(one, namer) for id, one in namer.resources.items()}
        return namer

    def _named(self, resource: DeclaredResource, namer: Namer) -> DeclaredResource:
        """A resource with the name that it bears in the account."""
        id = (self.physical or {}).get(resource.logical_id.rpartition("/")[2])
        row, known = namer.row(resource.type), namer.known(resource.type)
        name = row.name if row else (known.name_property if known else "") or ""
        if not id or not name:
            return resource
        bare = id.split(":")[-1].split("/")[-1] if id.startswith("arn:") else id
        return replace(resource, properties={**resource.properties, name: bare})

    def pattern(self, text: Text) -> str:
        """A symbolic ARN or name as a pattern of what it is in the account."""
        return as_pattern(self._namer.text(text).replace(f":{UNKNOWN_ACCOUNT}:", ":*:"))

    def patterns(self, form: Text) -> tuple[str, ...]:
        """The ARNs under which a log may have a resource: a record of an index names its table alone."""
        own = self.pattern(form)
        table, index, _ = own.partition("/index/")
        return (own, table) if index and ":dynamodb:" in table else (own,)

    def is_by_pattern(self, form: Text) -> bool:
        """Whether CloudFormation, and not the project, names the resource of a form."""
        return form.has(Ref, Att) and "*" in self.pattern(form).split(":", 5)[-1]

    def role(self, role: Role) -> str:
        """The pattern of a role's ARN: ``arn:aws:iam::*:role/todos-dev-eu-west-1-lambdaRole``; empty where the project
        does not say which role it is, as with an import."""
        resource = self.project.resource(role.id)
        if resource is not None:
            return as_pattern(self._namer.arn(resource))
        return role.id if role.id.startswith("arn:") else ""

    def session(self, function: Function) -> str:
        """The pattern of the name of a function, after which Lambda names its sessions
        (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)."""
        resource = self.project.resource(function.logical_id)
        if resource is not None and resource.properties.get("FunctionName") is None and not function.name.literal:
            return as_pattern(self._namer.physical(resource))
        return as_pattern(self._namer.text(to_text(function.name, Scope.of(self.project))))


def principals(role: str) -> tuple[str, ...]:
    """The ARNs under which a log may have a role: the ARN of a session, which the guard records, lacks its path."""
    head, _, name = role.partition(":role/")
    bare = f"{head}:role/{name.rpartition('/')[2]}"
    return (role,) if "/" not in name else (role, bare)


def fits(form: str, name: str) -> bool:
    """Whether the pattern ``form`` and a name, in which ``*`` is what a log does not say, have a text in common."""
    return meets(pattern(glob(form)), pattern(glob(name)))
