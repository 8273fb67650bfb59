"""Everything that is to be made in the account, whatever form it is written in: policies, roles, an OIDC provider.

In: documents by title, and what stands around them. Out: a :class:`Bundle`, which ``emit`` writes as CloudFormation,
Terraform or CDK, and which an apply creates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.deploy.trust import Trust, service_trust

NAME_CHARACTERS = 128
"""Most characters of a managed policy's name; a role's has 64 (https://docs.aws.amazon.com/IAM/latest/UserGuide/
reference_iam-quotas.html)."""
ROLE_CHARACTERS = 64
POLICY, ROLE_POLICY, BOUNDARY, TRUST = "policy", "cloudformation-role-policy", "boundary", "trust-policy"
"""The titles of documents: of whoever deploys, of CloudFormation's role, of function roles, of the CI role."""
_WORDS = {
    POLICY: "What deploying needs",
    ROLE_POLICY: "What CloudFormation needs to deploy",
    BOUNDARY: "The most that roles may be allowed",
}


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A managed policy to be made. ``title`` says whose it is, one of the titles above."""

    name: str
    title: str
    description: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role to be made, with the names of its policies of the bundle."""

    name: str
    title: str
    trust: Mapping[str, Any]
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Policies, roles that hold them, and the OIDC provider that a role trusts (None where none does)."""

    name: str
    policies: tuple[NamedPolicy, ...]
    roles: tuple[NamedRole, ...] = ()
    provider: Trust | None = None


def base_name(service: str, stage: str, region: str) -> str:
    """``{service}-{stage}-{region}`` with the characters that IAM takes, cut to leave room for what follows.

    >>> base_name("my shop", "dev", "eu-west-1")
    'my-shop-dev-eu-west-1'
    """
    tail = f"-{stage}-{region}"
    whole = re.sub(r"[^A-Za-z0-9_+=,.@-]+", "-", f"{service[: NAME_CHARACTERS - len(tail) - 32]}{tail}")
    return whole.strip("-") or "project"


def policy_names(base: str, count: int, title: str = POLICY) -> list[str]:
    """Names for so many managed policies."""
    name = f"{base}-{'deploy' if title == POLICY else title.removesuffix('-policy')}"
    return [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]


def role_name(base: str, tail: str) -> str:
    """A role's name: its quota is shorter."""
    return f"{base[: ROLE_CHARACTERS - len(tail) - 1].rstrip('-')}-{tail}"


def bundle(
    base: str,
    documents: Mapping[str, Iterable[Mapping[str, Any]]],
    trust: Trust | None = None,
    partition: str = "aws",
    account: str = "",
    service_role: str = "",
    boundary: str = "",
) -> Bundle:
    """What to make of documents by title. ``service_role`` is the name of CloudFormation's role, ``boundary`` that of
    the boundary's policy."""
    policies: list[NamedPolicy] = []
    by_title: dict[str, tuple[str, ...]] = {}
    for title, several in documents.items():
        parts = list(several)
        names = [boundary] if title == BOUNDARY and boundary else policy_names(base, len(parts), title)
        by_title[title] = tuple(names)
        policies += [
            NamedPolicy(name, title, f"{_WORDS.get(title, title)}: {base}", part)
            for name, part in zip(names, parts, strict=True)
        ]
    roles: list[NamedRole] = []
    if trust is not None:
        document = trust.document(partition, account)
        roles.append(NamedRole(role_name(base, "deploy"), POLICY, document, by_title[POLICY]))
    if ROLE_POLICY in by_title:
        document = service_trust("cloudformation.amazonaws.com")
        roles.append(NamedRole(service_role, ROLE_POLICY, document, by_title[ROLE_POLICY]))
    return Bundle(base, tuple(policies), tuple(roles), trust)
