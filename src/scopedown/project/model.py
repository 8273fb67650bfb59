"""What a project is, whichever tool reads it: the contract between ``project`` and all later stages.

A configuration value (``Tree``) is plain data: mappings, sequences and scalars, CloudFormation intrinsics in
their long form (``{"Ref": "X"}``, ``{"Fn::GetAtt": ["X", "Arn"]}``), and a :class:`~scopedown.core.text.Text`
wherever a variable could not be resolved (it then holds an ``Unknown`` part with the reason).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from scopedown.core.coverage import Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Literal, Part, Pseudo, Text

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | int | float | bool | None | Text


@dataclass(frozen=True, slots=True)
class InlineCode:
    """Code that stands in the template itself (``ZipFile``, ``InlineCode``)."""

    text: str
    place: Place
    """Where its first line stands."""


@dataclass(frozen=True, slots=True)
class Handler:
    """Where a function starts: a source file (relative to the project's folder, forward slashes) and
    the exported name in it. ``declared`` is the setting as written (``src/todos/create.main``)."""

    declared: str
    file: str | None
    symbol: str
    root: str = ""
    """The folder that the function's code is packaged from, relative to the project's: absolute imports start there."""
    inline: InlineCode | None = None
    """The code itself, where no file holds it; ``file`` is then a name such as ``index.py`` that tells its language."""


@dataclass(frozen=True, slots=True)
class Event:
    """A trigger: its kind as the framework names it (``sqs``, ``stream``, ``http``, …) and its settings."""

    kind: str
    settings: Tree
    place: Place


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """A CloudFormation resource of the template that deploys.

    The logical id of a resource of another stack of the same project begins with that stack's (``Storage/Table``).
    """

    logical_id: str
    type: str
    properties: Mapping[str, Tree]
    place: Place
    attributes: Mapping[str, Tree] = field(default_factory=dict)
    """What stands beside the properties: ``DeletionPolicy``, ``UpdateReplacePolicy``, ``Condition``, ``DependsOn``."""


@dataclass(frozen=True, slots=True)
class DeclaredStatement:
    """A policy statement as the project writes it (or as the framework adds it), with its place."""

    statement: Mapping[str, Tree]
    place: Place | None
    added_by: str = "project"
    """``project``, or what added it: ``framework``."""
    chosen: bool = False
    """Whether only the deployment decides that it is there (a condition on it, or on the policy that holds it)."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role that functions assume.

    ``declared`` is False for a role that exists outside the project (an ARN, an import): its statements are
    then unknown and empty.
    """

    id: str
    """The logical id, or the ARN or import as text."""
    statements: tuple[DeclaredStatement, ...] = ()
    managed_policies: tuple[Tree, ...] = ()
    trust: Mapping[str, Tree] = field(default_factory=dict)
    permissions_boundary: Tree = None
    declared: bool = True
    place: Place | None = None
    properties: Mapping[str, Tree] = field(default_factory=dict)
    """The whole compiled properties of the AWS::IAM::Role, where the project or the framework declares it."""
    otherwise: Role | None = None
    """The role with both branches of every condition that parameters decide which nobody gave a value for: what it may
    hold in another deployment. None where that is what it is."""


@dataclass(frozen=True, slots=True)
class ForeignLayer:
    """A layer that a function uses and the project does not make, by its ARN as far as it is known."""

    arn: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function.

    ``settings`` are the function's resolved own settings merged over the provider's, by the framework's key names
    (``vpc``, ``tracing``, ``kmsKeyArn``, ``onError``, ``destinations``, ``fileSystemConfig``, ``disableLogs``, …).
    """

    key: str
    name: Text
    logical_id: str
    runtime: str | None
    language: str | None
    """``python``, ``javascript``, ``typescript``, another language's name, or None where it is not known."""
    handler: Handler | None
    environment: Mapping[str, Text]
    role: str
    """The :attr:`Role.id` of the role that it assumes."""
    place: Place
    events: tuple[Event, ...] = ()
    settings: Mapping[str, Tree] = field(default_factory=dict)
    setting_places: Mapping[str, Place] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    """Folders (relative to the project's) of the layers that the project itself makes and this function uses."""
    search: tuple[str, ...] = ()
    """Folders (relative to the project's) that a build lays beside the function's code: imports are looked for there
    too."""
    foreign_layers: tuple[ForeignLayer, ...] = ()
    unread: tuple[Unseen, ...] = ()
    """Parts of its code that are known not to be here."""


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What of a bootstrapped account a CDK app uses, by its cloud assembly; ARNs and names hold ``${AWS::Region}`` …

    >>> Bootstrapped(deploy_roles=("arn:aws:iam::${AWS::AccountId}:role/cdk-acme-deploy-role",)).own_stacks
    ()
    """

    deploy_roles: tuple[str, ...] = ()
    execution_roles: tuple[str, ...] = ()
    file_roles: tuple[str, ...] = ()
    image_roles: tuple[str, ...] = ()
    lookup_roles: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    """Those that assets are published to."""
    repositories: tuple[str, ...] = ()
    own_stacks: tuple[str, ...] = ()
    """Stacks that are deployed with the caller's own credentials (CliCredentialsStackSynthesizer)."""
    own_reads: tuple[str, ...] = ()
    """Stacks with a role that deploys and none for looking up: ``cdk diff`` reads them as the caller."""


@dataclass(frozen=True, slots=True)
class Project:
    """One deployable project."""

    root: str
    """The project's folder, absolute."""
    config: str
    """The configuration file, relative to ``root``."""
    framework: str
    """``serverless``, ``sam``, ``cloudformation``, ``cdk``, ``terraform`` or ``none``."""
    service: str
    stage: str
    region: str
    functions: tuple[Function, ...]
    resources: Mapping[str, DeclaredResource] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    parameters: Mapping[str, Tree] = field(default_factory=dict)
    """CloudFormation parameters with their defaults."""
    given_parameters: frozenset[str] = frozenset()
    """Those of them whose default is what the user, or the project's own settings, gave."""
    settable: frozenset[str] | None = None
    """The names that ``--param`` can give a value for: parameters of a template, ``${param:NAME}``, variables of
    Terraform. None where they cannot be known."""
    findings: tuple[Finding, ...] = ()
    plugins: tuple[str, ...] = ()
    account: str | None = None
    partition: str | None = None
    given_region: str | None = None
    """The region, where the user asked for that one; ``region`` is always what the project would deploy to."""
    dependencies: Mapping[str, str] = field(default_factory=dict)
    """Pinned versions of packages: name → exact version."""
    mappings: Mapping[str, Tree] = field(default_factory=dict)
    """The template's ``Mappings``."""
    conditions: Mapping[str, Tree] = field(default_factory=dict)
    """The template's ``Conditions``, by name."""
    generated: Mapping[str, DeclaredResource] = field(default_factory=dict)
    """Resources that the framework adds by itself, in its order, as they deploy (with what ``resources`` of the
    project file changes about them)."""
    outputs: Mapping[str, Tree] = field(default_factory=dict)
    """The template's ``Outputs`` by name, whole (``Value``, ``Export``)."""
    compiler: str = ""
    """The release of the Serverless Framework that the project is compiled as: ``osls 4``, ``serverless 3`` or
    ``serverless 4``; empty where the template was there already."""
    compiler_reason: str = ""
    """What told it."""
    provider: Mapping[str, Tree] = field(default_factory=dict)
    """The resolved ``provider`` section of a Serverless project: how it is deployed; empty for others."""
    sections: Mapping[str, Tree] = field(default_factory=dict)
    """What plugins of the Serverless Framework are configured by: the resolved sections ``custom``, ``constructs`` and
    ``appSync``, by name."""
    habitual_logs: bool = False
    """Whether functions need all that their framework grants on their log groups, not only what Lambda asks."""
    stack_regions: Mapping[str, str] = field(default_factory=dict)
    """The regions of a CDK app's stacks by the stacks' names, where they differ: ``{"Web": "eu-west-1"}``; a stack
    without an entry goes to ``region``."""
    bootstrapped: Bootstrapped | None = None
    """What a CDK app uses of its bootstrapped account; None for others."""
    asked: tuple[str, ...] = ()
    """The variables for which a command of the framework asks AWS: ``ssm(region):/path``, ``cf:stack.Output``,
    ``s3:bucket/key``."""

    unmodelled: Mapping[str, DeclaredResource] = field(default_factory=dict)
    """By logical id, of Terraform's types: arguments that give access and that no property of the template holds."""
    transforms: tuple[str, ...] = ()
    """The transforms that a template asks for, those inside of it too: ``AWS::Serverless-2016-10-31``."""

    @property
    def deployed(self) -> Mapping[str, DeclaredResource]:
        """Every resource of the template that deploys, by logical id: a view, which costs nothing to ask for."""
        return ChainMap(*cast(list[dict[str, DeclaredResource]], [self.generated, self.resources]))

    def resource(self, id: str) -> DeclaredResource | None:
        """One of :attr:`deployed`."""
        return self.generated.get(id) or self.resources.get(id)

    def of_type(self, type: str) -> Sequence[DeclaredResource]:
        """Those of :attr:`deployed` that are of a type, in their order."""
        return _by_type(SameObjects(self)).get(type, ())

    def given_for(self, part: Part) -> Part:
        """A part of a text; for a pseudo parameter that the user gave, its value."""
        given = self.given
        return Literal(given[part.name]) if isinstance(part, Pseudo) and part.name in given else part

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that it deploys to, ``region`` first."""
        return tuple(dict.fromkeys((self.region, *self.stack_regions.values())))

    def region_of(self, logical_id: str) -> str:
        """The region that a resource deploys to."""
        return self.stack_regions.get(logical_id.partition("/")[0], self.region) if self.stack_regions else self.region

    @property
    def given(self) -> dict[str, str]:
        """Pseudo parameters that the user gave a value for."""
        values = {
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::Region": self.given_region,
        }
        return {name: value for name, value in values.items() if value}


@lru_cache(maxsize=4)
def _by_type(key: SameObjects) -> Mapping[str, Sequence[DeclaredResource]]:
    """What a project deploys, by type."""
    (project,) = cast(tuple[Project], key.objects)
    found: dict[str, list[DeclaredResource]] = {}
    for resource in project.deployed.values():
        found.setdefault(resource.type, []).append(resource)
    return found
