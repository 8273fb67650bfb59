"""Everything of a project that allows something: its roles, their trust, the policies of its resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.compare.access.given import Giving, targets_of
from scopedown.compare.access.grants import EVERYTHING, OF_ANY_IDENTITY, OF_ANY_RESOURCE, as_identity, denies
from scopedown.compare.access.held import allows_or_denies, policies_in
from scopedown.compare.access.model import Subject
from scopedown.compare.access.rendered import Rendered
from scopedown.compare.arn_normalization import Comparable, texts
from scopedown.core.place import Place
from scopedown.iam.document import Condition, Kind, Policy, Statement
from scopedown.iam.newaccess.verify import Layers, limits_alone
from scopedown.iam.parse import parse_policy
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Project, Role
from scopedown.project.roles import ATTACHED, referenced, statements_of

_ROLE = "AWS::IAM::Role"
_PERMISSION = "AWS::Lambda::Permission"
_URL = "AWS::Lambda::Url"
_OF_PRINCIPALS = ("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
"""Types whose documents are identity policies, whatever they say."""
_MANAGED = ("ManagedPolicyArns", "ManagedPolicies")
"""Properties of users, groups and permission sets that list AWS's managed policies."""
_ORGANIZATION = "AWS::Organizations::Policy"
_ENDPOINT = "AWS::EC2::VPCEndpoint"
_COMPILED = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")
"""Types whose own policies become those of a role, which is compared."""
_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")


def subjects_of(project: Project, catalog: Catalog) -> list[Subject]:
    """The project's subjects, roles first."""
    return _State(project, catalog).subjects()


def compared_subjects(project: Project, catalog: Catalog) -> list[Subject]:
    """The same with what resources give by other means than policies, which can only be compared with another state."""
    state = _State(project, catalog)
    found = state.subjects()
    giving = Giving(project, state.comparable, found)
    for resource in state.resources:
        listed = list(policies_in(resource, state.scope))
        attached = resource.logical_id in state.attached
        read = [path for path, one in listed if attached or state.is_compared(resource, one)]
        targets = targets_of(resource, project, [path for path, _ in listed])
        found += [replace(one, folder=project.root, targets=targets) for one in giving.subjects(resource, read)]
    declared = frozenset((*project.deployed, *project.unmodelled))
    return [replace(one, declared=declared) for one in found]


class _State:
    def __init__(self, project: Project, catalog: Catalog, comparable: Comparable | None = None) -> None:
        self.project = project
        self.catalog = catalog
        self.comparable = comparable or Comparable(project, catalog)
        self.scope = Scope.of(project)
        self.resources = (*project.deployed.values(), *project.unmodelled.values())

    def subjects(self) -> list[Subject]:
        """Roles with their trust policies, then the policies of resources."""
        found = [one for role in self.project.roles.values() for one in self.role(role)]
        for resource in self.resources:
            if resource.type not in (_ROLE, _PERMISSION) and resource.logical_id not in self.attached:
                found += self.resource(resource)
        return [replace(one, folder=self.project.root) for one in (*found, *self.permissions())]

    def _rendered(self) -> Rendered:
        return Rendered(self.comparable)

    def role(self, role: Role) -> Iterator[Subject]:
        """A role's own policies with its boundary, and its trust policy."""
        if not role.declared:
            return
        rendered = self._rendered()
        identity = [*self._policies(role.statements, Kind.IDENTITY, rendered, role.id)]
        identity += self._managed(role.managed_policies, rendered)
        layers: list[tuple[Policy, ...]] = [tuple(identity)]
        if role.permissions_boundary is not None:
            layers.append(self._boundary(role.permissions_boundary, rendered))
        functions = [one.key for one in self.project.functions if one.role == role.id]
        written = role.properties.get("RoleName")
        name = to_text(written, self.scope).literal if written is not None else None
        shown = name or role.id
        keys = (f"id:{role.id}", *(f"function:{one}" for one in functions), *((f"name:{name}",) if name else ()))
        note = f"{shown} ({', '.join(functions[:3])}{', …' if len(functions) > 3 else ''})" if functions else shown
        yield Subject(
            note, Kind.IDENTITY, tuple(layers), role.place, keys, rendered.shown,
                tuple(rendered.unknown), tuple(rendered.may_deny),
            grants=(OF_ANY_RESOURCE,), limits=(denies(identity), *layers[1:]),
        )  # fmt: skip
        trust = self._rendered()
        trusted = [*self._policies(statements_of(role.trust, role.place), Kind.TRUST, trust, role.id)]
        if trusted or trust.unknown:
            yield Subject(
                f"trust policy of {shown}", Kind.TRUST, (tuple(trusted),), role.place,
                tuple(f"trust:{key}" for key in keys), trust.shown, tuple(trust.unknown), tuple(trust.may_deny),
            )  # fmt: skip

    def _policies(
        self, statements: Sequence[DeclaredStatement], kind: Kind, rendered: Rendered, otherwise: str
    ) -> Iterator[Policy]:
        for one in statements:
            found = rendered.policy(one.statement, kind, _name(one.place, otherwise))
            if found is not None:
                yield found

    def _managed(self, policies: Sequence[Any], rendered: Rendered) -> Iterator[Policy]:
        """AWS's own managed policies, as the catalog has them; the project's are among the role's statements."""
        for one in policies:
            if referenced(one, self.scope, self.project.resources) is not None:
                continue
            arn = rendered.text(self.comparable.canonical(one))
            known = self.catalog.managed_policy(arn) if ":iam::aws:policy/" in arn else None
            if known is None:
                rendered.unknown.append(f"what the managed policy {arn} allows is not known")
            else:
                document = {"Version": "2012-10-17", "Statement": [*known.statements]}
                yield parse_policy(document, name=f"{known.name} {known.version}")

    def _boundary(self, written: Any, rendered: Rendered) -> tuple[Policy, ...]:
        """A permissions boundary; one that is not known allows what only a key of its name tells."""
        target = referenced(written, self.scope, self.project.resources)
        if target is not None and (resource := self.project.resource(target)) is not None:
            listed = statements_of(resource.properties.get("PolicyDocument"), resource.place)
            return tuple(self._policies(listed, Kind.BOUNDARY, rendered, target))
        arn = rendered.text(self.comparable.canonical(written))
        known = self.catalog.managed_policy(arn) if ":iam::aws:policy/" in arn else None
        if known is not None:
            return (parse_policy({"Statement": [*known.statements]}, Kind.BOUNDARY, name=known.name),)
        allows = Condition("StringEquals", f"boundary {arn}", ("allows",))
        return (
            Policy(Kind.BOUNDARY, (Statement("Allow", action=("*",), resource=("*",), condition=(allows,)),), name=arn),
        )

    @cached_property
    def attached(self) -> frozenset[str]:
        """The policies whose statements are among those of the project's roles."""
        roles = {role.id for role in self.project.roles.values() if role.declared}
        managed = {
            referenced(one, self.scope, self.project.resources)
            for role in self.project.roles.values()
            for one in (*role.managed_policies, *([role.permissions_boundary] if role.permissions_boundary else []))
        }
        return frozenset(
            resource.logical_id
            for resource in self.project.deployed.values()
            if resource.type in ATTACHED
            and (
                resource.logical_id in managed
                or roles
                & {
                    referenced(one, self.scope, self.project.deployed)
                    for one in (*texts(resource.properties.get("Roles")), resource.properties.get("RoleName"))
                    if one is not None
                }
            )
        )

    def is_compared(self, resource: DeclaredResource, document: Any) -> bool:
        """Whether the statements of a document are understood as those of a policy."""
        statements = statements_of(document, resource.place)
        return not statements or _kind(resource, statements) is not None

    def resource(self, resource: DeclaredResource) -> Iterator[Subject]:
        """The policies that stand in a resource's properties."""
        documents = list(policies_in(resource, self.scope))
        targets = targets_of(resource, self.project, [path for path, _ in documents])
        for path, document in documents:
            statements = statements_of(document, resource.place)
            kind = _kind(resource, statements) if statements else None
            if kind is None:
                continue
            rendered = self._rendered()
            policies = tuple(self._policies(statements, kind, rendered, resource.logical_id))
            last = path.rpartition(".")[2]
            name = resource.logical_id if last == "PolicyDocument" else f"{resource.logical_id}, {path}"
            key = f"{resource.type}:{resource.logical_id}:{path}"
            yield Subject(
                name, kind, (limits_alone(kind, policies),), resource.place, (key,),
                rendered.shown,
                tuple(rendered.unknown), tuple(rendered.may_deny),
                grants=_grants(resource, kind), limits=_limits(resource, policies), outlived=True,
                targets=targets,
            )  # fmt: skip
        managed = [one for name in _MANAGED for one in texts(resource.properties.get(name))]
        if managed:
            rendered = self._rendered()
            policies = tuple(self._managed(managed, rendered))
            yield Subject(
                f"{resource.logical_id}, managed policies", Kind.IDENTITY, (policies,), resource.place,
                (f"{resource.type}:{resource.logical_id}:managed",), rendered.shown,
                tuple(rendered.unknown), tuple(rendered.may_deny),
            )  # fmt: skip

    def permissions(self) -> Iterator[Subject]:
        """What AWS::Lambda::Permission adds to the policy of each function."""
        of_function: dict[str, list[tuple[DeclaredResource, Mapping[str, Any]]]] = {}
        for resource in self.project.of_type(_PERMISSION):
            function = str(self.comparable.canonical(resource.properties.get("FunctionName")))
            of_function.setdefault(function, []).append((resource, _statement_of(resource.properties)))
        for function, listed in of_function.items():
            rendered = self._rendered()
            policies = [
                rendered.policy(statement, Kind.RESOURCE, _name(resource.place, resource.logical_id))
                for resource, statement in listed
            ]
            name = function.rpartition(":")[2].removeprefix("${").removesuffix("}")
            yield Subject(
                f"policy of the function {name}", Kind.RESOURCE, (tuple(one for one in policies if one is not None),),
                listed[0][0].place, (f"permissions:{function}",), rendered.shown,
                tuple(rendered.unknown), tuple(rendered.may_deny),
            )  # fmt: skip


def _kind(resource: DeclaredResource, statements: Sequence[DeclaredStatement]) -> Kind | None:
    """Which kind of policy a resource holds; None where it is none, or is compared as a role's."""
    if resource.type in _OF_PRINCIPALS:
        return Kind.IDENTITY
    if resource.type == _ORGANIZATION:
        return Kind.RCP if resource.properties.get("Type") == "RESOURCE_CONTROL_POLICY" else Kind.SCP
    if any({"Principal", "NotPrincipal"} & one.statement.keys() for one in statements):
        return Kind.RESOURCE
    return Kind.IDENTITY if resource.type not in _COMPILED and allows_or_denies(statements) else None


def _grants(resource: DeclaredResource, kind: Kind) -> tuple[Policy, ...]:
    """What the other side may grant. A key's policy must allow a use itself, so only its own grants count."""
    if kind is Kind.SCP or resource.type == _ENDPOINT:
        return (EVERYTHING,)
    if kind is Kind.IDENTITY:
        return (OF_ANY_RESOURCE,)
    return () if resource.type in _KEYS else (OF_ANY_IDENTITY,)


def _limits(resource: DeclaredResource, policies: tuple[Policy, ...]) -> Layers:
    """What limits the grants of others: denies, and all of an endpoint's policy, without which it allows everything
    (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)."""
    return ((), tuple(map(as_identity, policies))) if resource.type == _ENDPOINT else (denies(policies),)


def _statement_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The statement that a permission adds
    (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)."""
    principal = properties.get("Principal")
    is_service = isinstance(principal, str) and "." in principal and ":" not in principal
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {"Service" if is_service else "AWS": principal},
        "Action": properties.get("Action"),
        "Resource": properties.get("FunctionName"),
    }
    conditions: dict[str, dict[str, Any]] = {}
    for name, operator, key in (
        ("SourceArn", "ArnLike", "AWS:SourceArn"),
        ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
        ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ):
        if properties.get(name) is not None:
            conditions.setdefault(operator, {})[key] = properties[name]
    if conditions:
        statement["Condition"] = conditions
    return statement


def _name(place: Place | None, otherwise: str) -> str:
    return str(place) if place is not None else otherwise
