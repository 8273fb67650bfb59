"""What CloudFormation calls a resource: its name where the template gives one, else the pattern of a generated one.

A generated name is ``{stack}-{LogicalId}-{random}``
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html). Where the three are
longer than the service allows, the stack's name and the logical id are cut to share the room that the random end
leaves: each gets half of it, and what the other does not need. AWS does not document the cut: it was read off published
names of buckets (63 characters: ``notes-app-api-test-deplo-serverlessdeploymentbuck-1p6f52dnzsq77``) and roles (64:
``serverlessrepo-aws-lambda-power-tunin-analyzerRole-30U2WSAK4KID``), and is unverified for other types. A hyphen that
the cut leaves at an end goes. Random ends have 12 or 13 characters, so a pattern leaves the place of the cut open.
Some services leave the stack's name away: published are the state machine ``StockTradingStateMachine-O2WHhrwtOckF``,
the secret ``RDSSecret-fyrhAQIiKzMA`` and the parameter ``CFN-ListAutogenC5DA1CAE-QmGaUkqhh6Au``. They have the forms
``own`` and ``cfn``; ``any`` is of types of which it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from scopedown.catalog.model import Catalog, CloudFormationType
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.deploy.arn_formats import Formats
from scopedown.deploy.arns import fill
from scopedown.deploy.rows import NameRow, name_rows
from scopedown.deploy.settings import PREFIX, provider_of
from scopedown.deploy.target import Target
from scopedown.permissions.declared import OWN_ARN
from scopedown.project.intrinsics import Scope, default_of, to_text
from scopedown.project.model import DeclaredResource, Project, Tree

_RANDOM = 13
BEFORE = {"own": "", "cfn": "CFN-", "any": "*"}
"""What stands before the logical id in generated names that do not begin with the stack's, by form."""
_DEPTH = 6


def generated_name(stack: str, logical_id: str, limit: int = 0, form: str = "") -> str:
    """The pattern of a generated name. ``limit`` 0: nothing is cut.

    >>> generated_name("hello-dev", "ServerlessDeploymentBucket", 63, "lower")
    'hello-dev-serverlessdeploymentbucket-*'
    >>> generated_name("grant-calculator-app-api-prod", "ServerlessDeploymentBucket", 63, "lower")
    'grant-calculator-app-api*-serverlessdeploymentbuck*'
    """
    if form in BEFORE:
        own = _cut(logical_id, limit - len(BEFORE[form]) - _RANDOM - 1) if limit else logical_id
        return f"{BEFORE[form]}{own}{'' if own.endswith('*') else '-*'}"
    if form == "word":
        return f"{re.sub('[^0-9A-Za-z]+', '*', stack)}*{logical_id}*"
    if form == "lower":
        stack, logical_id = stack.lower(), logical_id.lower()
    room = limit - _RANDOM - 2
    if not limit or len(stack) + len(logical_id) <= room:
        return f"{stack}-{logical_id}-*"
    half = room // 2
    stack, own = _cut(stack, max(half, room - len(logical_id))), _cut(logical_id, max(half, room - len(stack)))
    return f"{stack}-{own}{'' if own.endswith('*') else '-*'}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length].rstrip('-')}*"


@dataclass(slots=True)
class Namer:
    """The names and ARNs of a project's resources as patterns; ``told`` collects why a part of one is open."""

    project: Project
    target: Target
    catalog: Catalog
    scope: Scope
    resources: Mapping[str, DeclaredResource]
    artifacts: str = ""
    """The prefix of the keys under which the framework puts its artifacts, without a closing slash."""
    told: list[str] = field(default_factory=list)
    bucket: str = ""
    """The bucket that the framework puts its artifacts into, where the template leaves it open."""
    _formats: Formats | None = None
    _types: dict[str, CloudFormationType | None] = field(default_factory=dict)

    @staticmethod
    def of(project: Project, target: Target, catalog: Catalog) -> Namer:
        """For a project that is deployed to a target."""
        artifacts = ""
        if project.framework == "serverless":
            prefix = provider_of(project).get("deploymentPrefix")
            artifacts = f"{prefix if isinstance(prefix, str) else PREFIX}/{target.service}/{target.stage}"
        return Namer(project, target, catalog, Scope.of(project), project.deployed, artifacts)

    def in_region(self, region: str) -> Namer:
        """The namer of what the project deploys to a region: itself, for its own."""
        return self if region == self.target.region else replace(self, target=replace(self.target, region=region))

    def there(self, logical_id: str) -> Namer:
        """The namer of the region that a resource deploys to."""
        return self.in_region(self.project.region_of(logical_id))

    @property
    def formats(self) -> Formats:
        """What actions act on."""
        if self._formats is None:
            self._formats = Formats(self.catalog)
        return self._formats

    def text(self, tree: Tree, inside: str = "", depth: int = 0) -> str:
        """A value as a pattern. ``inside`` is the logical id of the resource that it stands in."""
        return "".join(self._part(part, inside, depth) for part in to_text(tree, self.scope).parts)

    def _part(self, part: Part, inside: str, depth: int) -> str:
        match part:
            case Literal(value):
                return value
            case Pseudo(name):
                return self.target.pseudo(name)
            case Param(name):
                default = default_of(self.scope.parameters.get(name), part)
                if isinstance(default, str):
                    return default
                self.told.append(f"the parameter {name} has no default")
            case Ref(id) if (resource := self._named(id, inside)) is not None:
                return self.there(resource.logical_id).ref(resource, depth + 1)
            case Att(id, name) if (resource := self._named(id, inside)) is not None:
                return self.there(resource.logical_id).attribute(resource, name, depth + 1)
            case Ref(id) | Att(id, _):
                self.told.append(f"{id} is not declared")
            case ImportValue(name=name):
                self.told.append(f"{name} is exported by another stack")
            case AnyText():
                return "*"
            case Unknown(reason, _):
                self.told.append(reason)
            case EnvVar():
                self.told.append(f"{Text.of(part)} is known only after deployment")
            case _:
                assert_never(part)
        return "*"

    def _named(self, id: str, inside: str) -> DeclaredResource | None:
        """A resource by the logical id that another one, of a nested stack maybe, says."""
        stack, slash, _ = inside.rpartition("/")
        return self.resources.get(f"{stack}/{id}" if slash else id) or self.resources.get(id)

    def referenced(self, tree: Tree, inside: str) -> DeclaredResource | None:
        """The resource of which a value is the ``Ref`` or the ``Arn``, and nothing else."""
        match to_text(tree, self.scope).parts:
            case (Ref(id),) | (Att(id, "Arn"),):
                return self._named(id, inside)
        return None

    def row(self, type_name: str) -> NameRow | None:
        """The row of ``types/names.tsv`` for a type."""
        return name_rows().get(type_name)

    def known(self, type_name: str) -> CloudFormationType | None:
        """The catalog's facts of a type."""
        if type_name not in self._types:
            self._types[type_name] = self.catalog.cloudformation_type(type_name)
        return self._types[type_name]

    def stack(self, logical_id: str) -> str:
        """The name of the stack that a resource is in: the project's, one of several of an app, or a nested one's."""
        name, outer = self.target.stack, ""
        for part in logical_id.split("/")[:-1]:
            outer = f"{outer}/{part}" if outer else part
            # What a logical id of an app of several stacks begins with is a stack's name, and no resource. A plugin
            # of the Serverless Framework makes such stacks too.
            several = self.project.framework in ("cdk", "serverless")
            is_own = several and outer == part and outer not in self.resources
            name = part if is_own else f"{name}-{part}-*"
        return name

    def physical(self, resource: DeclaredResource, depth: int = 0) -> str:
        """A resource's name (its physical id, where that is a name); ``*`` where a service makes the id."""
        row, known = self.row(resource.type), self.known(resource.type)
        name_property = row.name if row else (known.name_property if known else "") or ""
        written = resource.properties.get(name_property) if name_property else None
        if written is not None and depth < _DEPTH:
            return self.text(written, resource.logical_id, depth) or "*"
        if row is not None and row.ref == "id":
            return "*"
        if not name_property:
            return "*"
        limit, form = (row.limit, row.form) if row else (0, "")
        own = resource.logical_id.rpartition("/")[2]
        return generated_name(self.stack(resource.logical_id), own, limit, form)

    def ref(self, resource: DeclaredResource, depth: int = 0) -> str:
        """What ``Ref`` gives for a resource."""
        row, known = self.row(resource.type), self.known(resource.type)
        if row is not None and row.ref == "id":
            return "*"
        own = OWN_ARN.get(resource.type)
        gives_arn = row.ref == "arn" if row is not None and row.ref else bool(own and own[0] == "Ref")
        if gives_arn or (row is None and own is None and known is not None and (known.ref or "").endswith("Arn")):
            return self.arn(resource, depth)
        if row is None and known is not None and known.ref != known.name_property:
            return "*"
        return self.physical(resource, depth)

    def attribute(self, resource: DeclaredResource, name: str, depth: int = 0) -> str:
        """What ``Fn::GetAtt`` gives for a resource's attribute."""
        kind = resource.type.rpartition("::")[2]
        row = self.row(resource.type)
        if name in ("Arn", f"{kind}Arn"):
            arn = self.arn(resource, depth)
            return f"{arn}:*" if resource.type == "AWS::Logs::LogGroup" else arn
        if name in (f"{kind}Name", row.name if row else ""):
            return self.physical(resource, depth)
        if name.endswith("Arn"):  # a stream of a table, a listener: within the resource's own service and region
            return f"{self.arn(resource, depth)}*" if resource.type.startswith("AWS::DynamoDB::") else "*"
        return "*"

    def arn(self, resource: DeclaredResource, depth: int = 0) -> str:
        """A resource's own ARN; ``*`` where nothing tells it."""
        row = self.row(resource.type)
        if row is not None and row.arn:
            return next(fill(row.arn, resource, self, depth), "*")
        known = self.known(resource.type)
        template = OWN_ARN.get(resource.type, ("", ""))[1] or (known.arn if known else "") or ""
        if not template:
            return "*"
        return "".join(self._registry_pieces(template, resource, depth))

    def _registry_pieces(self, template: str, resource: DeclaredResource, depth: int) -> Iterator[str]:
        pieces = template.split("${")
        yield pieces[0]
        for number, piece in enumerate(pieces[1:], 1):
            variable, _, rest = piece.partition("}")
            own = {"Partition": self.target.partition, "Region": self.target.region, "Account": self.target.account}
            if variable in own:
                yield own[variable]
            elif variable in resource.properties and depth < _DEPTH:
                yield self.text(resource.properties[variable], resource.logical_id, depth)
            else:
                yield self.physical(resource, depth) if number == len(pieces) - 1 else "*"
            yield rest
