"""An identity of the account with every policy that speaks for it: its own, attached, of its groups, its boundary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.account.session import told
from scopedown.core.arn import parse_arn
from scopedown.core.finding import ScopedownError
from scopedown.iam import Kind, PolicySet, parse_policy

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """``policies`` are names with documents; ``boundary`` is one, or None. ``kind``: user, role, policy or root."""

    arn: str
    kind: str
    account: str
    policies: tuple[tuple[str, Document], ...]
    boundary: tuple[str, Document] | None = None
    administrator: str = ""
    """The name of the policy AdministratorAccess where it is attached (or of a group's), else empty."""

    def policy_set(self) -> PolicySet:
        """For the evaluator."""
        own = tuple(parse_policy(dict(document), name=name) for name, document in self.policies)
        boundary = ()
        if self.boundary is not None:
            boundary = (parse_policy(dict(self.boundary[1]), Kind.BOUNDARY, name=self.boundary[0]),)  # type: ignore[assignment]
        return PolicySet(identity=own, boundary=boundary)


def own_identity(session: Any) -> Identity:
    """The identity of the session's credentials."""
    with told("find the owner of the credentials"):
        arn = str(session.client("sts", region_name=session.region_name or "us-east-1").get_caller_identity()["Arn"])
    return identity_of(session, arn)


def identity_of(session: Any, arn: str) -> Identity:
    """The identity of a user, a role, a role's session or a managed policy by itself.

    Raises ScopedownError where the ARN is of none of these, or AWS does not tell.
    """
    fields = parse_arn(arn)
    if fields is None:
        raise ScopedownError(f"{arn} is not an ARN", remedy="give a file, or the ARN of a user, a role or a policy")
    kind, _, rest = fields.resource.partition("/")
    name = rest.rpartition("/")[2]
    iam = session.client("iam")
    if fields.service == "iam" and kind == "policy":
        with told(f"read the policy {arn}"):
            return Identity(arn, "policy", _account(fields.account), (_managed(iam, arn),), None, _administrator([arn]))
    if fields.service == "iam" and kind == "user":
        with told(f"read the policies of the user {name}"):
            return _user(iam, name)
    if fields.service == "iam" and kind == "role":
        with told(f"read the policies of the role {name}"):
            return _role(iam, name, fields.account)
    if fields.service == "sts" and kind == "assumed-role":
        name = rest.partition("/")[0]
        with told(f"read the policies of the role {name}"):
            return _role(iam, name, fields.account)
    if fields.resource == "root":
        return Identity(arn, "root", fields.account, (("the root user", _everything()),), None, "the root user")
    raise ScopedownError(
        f"{arn} is not a user, a role or a managed policy",
        remedy="give a file, or the ARN of a user, a role or a managed policy",
    )


def _user(iam: Any, name: str) -> Identity:
    user = iam.get_user(UserName=name)["User"]
    policies = list(_inline(iam, "user", name))
    attached = list(_attached(iam, "user", name))
    for group in _pages(iam, "list_groups_for_user", "Groups", UserName=name):
        policies += _inline(iam, "group", group["GroupName"])
        attached += _attached(iam, "group", group["GroupName"])
    arns = list(dict.fromkeys(attached))
    policies += [_managed(iam, arn) for arn in arns]
    fields = parse_arn(user["Arn"])
    account = fields.account if fields is not None else ""
    return Identity(user["Arn"], "user", account, tuple(policies), _boundary(iam, user), _administrator(arns))


def _role(iam: Any, name: str, account: str) -> Identity:
    role = iam.get_role(RoleName=name)["Role"]
    arns = list(_attached(iam, "role", name))
    policies = [*_inline(iam, "role", name), *(_managed(iam, arn) for arn in arns)]
    return Identity(role["Arn"], "role", account, tuple(policies), _boundary(iam, role), _administrator(arns))


def _inline(iam: Any, kind: str, name: str) -> Iterator[tuple[str, Document]]:
    argument = {f"{kind.capitalize()}Name": name}
    for policy in _pages(iam, f"list_{kind}_policies", "PolicyNames", **argument):
        found = getattr(iam, f"get_{kind}_policy")(PolicyName=policy, **argument)
        yield f"{kind} {name}, inline {policy}", found["PolicyDocument"]


def _attached(iam: Any, kind: str, name: str) -> Iterator[str]:
    argument = {f"{kind.capitalize()}Name": name}
    for policy in _pages(iam, f"list_attached_{kind}_policies", "AttachedPolicies", **argument):
        yield str(policy["PolicyArn"])


def _managed(iam: Any, arn: str) -> tuple[str, Document]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return arn, iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _boundary(iam: Any, holder: Mapping[str, Any]) -> tuple[str, Document] | None:
    found = holder.get("PermissionsBoundary")
    return _managed(iam, found["PermissionsBoundaryArn"]) if found else None


def _pages(iam: Any, operation: str, key: str, **arguments: str) -> Iterator[Any]:
    for page in iam.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def _administrator(arns: list[str]) -> str:
    return next((arn for arn in arns if arn.endswith(":iam::aws:policy/AdministratorAccess")), "")


def _account(text: str) -> str:
    return text if text.isdigit() else ""


def _everything() -> Document:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
