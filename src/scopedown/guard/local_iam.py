"""The local IAM: the users, roles and policies that the users' own IAM calls wrote into moto.

In: an access key, or a role's ARN. Out: the :class:`Principal` that it stands for, with the policies that hold now: its
own and attached ones, those of its groups, its permissions boundary. Nothing is copied: each request asks moto's
objects again, so a changed policy counts at once; only what a document's text says is kept (:func:`read`).
moto keeps no permissions boundary of a user: it is an attribute of moto's object here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, iam_backends

from scopedown.core.arn import parse_arn
from scopedown.guard.model import ACCOUNT, REGION, Principal
from scopedown.iam import Caller, Kind, Policy, PolicyError, PolicySet, parse_policy

PARTITION = "aws"
_BOUNDARY = "permissions_boundary"
_KEPT = 4096
"""Documents, and sets of them, that are kept in their read form."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy's text, what it is attached to, and what messages call it."""

    text: str
    kind: Kind
    name: str


@lru_cache(_KEPT)
def read(document: Document) -> Policy:
    """The policy that a document says. One that cannot be read denies everything: nothing is let through by it."""
    try:
        return parse_policy(document.text, document.kind, name=document.name)
    except PolicyError as error:
        everyone = {"Principal": "*"} if document.kind.has_principal else {}
        every = {} if document.kind is Kind.TRUST else {"Resource": "*"}
        action = "sts:*" if document.kind is Kind.TRUST else "*"
        statement = {"Effect": "Deny", **everyone, "Action": action, **every}
        return parse_policy({"Statement": statement}, document.kind, name=f"{document.name} (unreadable: {error})")


@lru_cache(_KEPT)
def policy_set(
    identity: tuple[Document, ...], boundary: tuple[Document, ...], session: tuple[Document, ...] | None
) -> PolicySet:
    """The set of these documents; one object for the same ones, which keeps its compiled form."""
    return PolicySet(
        identity=tuple(map(read, identity)), boundary=tuple(map(read, boundary)),
        session=None if session is None else tuple(map(read, session)),
    )  # fmt: skip


class Joined:
    """The policies of who asks, with a resource's; one object for the same two, which keeps its compiled form."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[PolicySet, PolicySet]] = {}

    def with_resource(self, policies: PolicySet, resource: Document | None) -> PolicySet:
        """The set of both; the first alone where the resource has no policy."""
        if resource is None:
            return policies
        key = (id(policies), resource.text)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            # The first is kept beside, so that its id stays its own.
            kept = self._kept[key] = policies, replace(policies, resource=read(resource))
        return kept[1]


def backend(account: str = ACCOUNT) -> IAMBackend:
    """moto's IAM of an account, with AWS's managed policies."""
    found = iam_backends[account][PARTITION]
    if not found.aws_managed_policies:
        for name, data in _aws_managed().items():
            one = AWSManagedPolicy.from_data(name, account, found.region_name, data)
            found.aws_managed_policies.append(one)
            found.managed_policies.setdefault(one.arn, one)
    return found


@lru_cache(1)
def _aws_managed() -> Mapping[str, Any]:
    return dict(json.loads(aws_managed_policies_data))


def account_of_key(key_id: str) -> str:
    """The account in whose IAM an access key is; empty where it is in none."""
    for account, partitions in list(iam_backends.items()):
        if key_id in partitions[PARTITION].access_keys:
            return str(account)
    return ""


def user(account: str, name: str, session: tuple[Document, ...] | None = None) -> tuple[Caller, PolicySet] | None:
    """A user as who asks, and the policies that hold for it; None where there is none."""
    iam = iam_backends[account][PARTITION]
    found = iam.users.get(name)
    if found is None:
        return None
    groups = [group for group in iam.groups.values() if found in group.users]
    tags = iam.tagger.list_tags_for_resource(found.arn)["Tags"] if iam.tagger.has_tags(found.arn) else ()
    caller = Caller.user(
        account, f"{found.path}{name}"[1:], groups=[group.name for group in groups],
        tags={tag["Key"]: tag["Value"] for tag in tags},
    )  # fmt: skip
    object.__setattr__(caller, "unique_id", found.id)
    identity = tuple(document for holder in (found, *groups) for document in _attached(holder))
    return caller, policy_set(identity, _boundary(iam, boundary_of(found)), session)


def role(arn: str, session: tuple[Document, ...] | None = None) -> tuple[Any, PolicySet] | None:
    """moto's role of this ARN, and the policies that hold for its sessions; None where there is none."""
    fields = parse_arn(arn)
    if fields is None or fields.service != "iam" or not fields.account.isdigit():
        return None
    iam = iam_backends[fields.account][PARTITION]
    found = next((one for one in iam.roles.values() if one.name == arn.rsplit("/", 1)[-1] and one.arn == arn), None)
    if found is None:
        return None
    return found, policy_set(tuple(_attached(found)), _boundary(iam, found.permissions_boundary_arn), session)


def tags_of_role(found: Any) -> dict[str, str]:
    """The tags of moto's role."""
    return {tag["Key"]: tag["Value"] for tag in found.tags or ()}


def trust_policy(arn: str) -> Document | None:
    """Who may assume the role of this ARN; None where there is no such role."""
    found = role(arn)
    if found is None:
        return None
    return Document(_text(found[0].assume_role_policy_document), Kind.TRUST, f"the trust policy of {found[0].name}")


def managed(account: str, arns: Iterable[str]) -> tuple[Document, ...]:
    """The documents of managed policies, for a session; raises KeyError for one that there is not."""
    known = backend(account).managed_policies
    return tuple(_managed(known[arn], Kind.SESSION) for arn in arns)


def boundary_of(user: Any) -> str | None:
    """The ARN of the permissions boundary of moto's user."""
    return getattr(user, _BOUNDARY, {}).get("PermissionsBoundaryArn")


def set_boundary(account: str, name: str, arn: str | None) -> bool:
    """Give a user a permissions boundary, or take it away; whether there is such a user and such a policy. moto answers
    GetUser with the attribute."""
    iam = backend(account)
    found = iam.users.get(name)
    if found is None or (arn is not None and arn not in iam.managed_policies):
        return False
    if arn is None:
        vars(found).pop(_BOUNDARY, None)
    else:
        setattr(found, _BOUNDARY, {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn})
    return True


def make_user(name: str, policies: Iterable[Policy | Mapping[str, Any] | str], account: str = ACCOUNT) -> Principal:
    """A user with these policies as its inline ones, and an access key; one that is there gets them beside its own."""
    iam = backend(account)
    if name not in iam.users:
        iam.create_user(REGION, name)
    for number, one in enumerate(policies, 1):
        document = one.emit() if isinstance(one, Policy) else one
        iam.users[name].policies[f"policy-{number}"] = _text(document)  # as it is: moto knows fewer forms than AWS
    key = iam.create_access_key(name)
    found = user(account, name)
    assert found is not None
    return Principal(*found, key.access_key_id, key.secret_access_key)


def _attached(holder: Any) -> Iterator[Document]:
    for name, document in list(holder.policies.items()):
        yield Document(_text(document), Kind.IDENTITY, f"{holder.name}/{name}")
    for policy in list(holder.managed_policies.values()):
        yield _managed(policy, Kind.IDENTITY)


def _managed(policy: Any, kind: Kind) -> Document:
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return Document(_text(version.document), kind, policy.name)
    return Document("", kind, policy.name)


def _boundary(iam: IAMBackend, arn: str | None) -> tuple[Document, ...]:
    if not arn:
        return ()
    found = backend(iam.account_id).managed_policies.get(arn)
    return (_managed(found, Kind.BOUNDARY) if found else Document("", Kind.BOUNDARY, arn),)


def _text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document)
