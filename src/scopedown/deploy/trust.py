"""A CI role's trust policy: which pipeline of which repository may take the role, by OpenID Connect.

In: ``github:ORG/REPO[:ref:REF|:environment:NAME]`` and its like for other systems. Out: a :class:`Trust`. A new system
is one function and one row of :data:`SYSTEMS`. Only the claims ``aud`` and ``sub`` are asked for: every provider's
tokens have them, and IAM reads them of every provider
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.generate.document import VERSION

_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_NAME = r"[A-Za-z0-9_.-]+"
_REF = r"[^\s*?:${}\"'\\]+"
"""A ref or an environment: no character that a pattern of IAM's, a claim or a template would read."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may take the role: ``provider`` is the OIDC provider without ``https://``, ``subject`` a pattern of ``sub``.

    ``limits`` says what of the pipeline is asked for, empty where any of its runs may take the role; ``source`` is the
    page that documents the claims.
    """

    system: str
    provider: str
    audience: str
    subject: str
    limits: str
    source: str

    def provider_arn(self, partition: str, account: str) -> str:
        """The ARN of the provider in an account."""
        return f"arn:{partition}:iam::{account}:oidc-provider/{self.provider}"

    def document(self, partition: str, account: str) -> dict[str, Any]:
        """The role's trust policy."""
        exact = {f"{self.provider}:aud": [self.audience]}
        conditions: dict[str, dict[str, list[str]]] = {"StringEquals": exact}
        operator = "StringLike" if "*" in self.subject else "StringEquals"
        conditions.setdefault(operator, {})[f"{self.provider}:sub"] = [self.subject]
        return {
            "Version": VERSION,
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": self.provider_arn(partition, account)},
                    "Action": ["sts:AssumeRoleWithWebIdentity"],
                    "Condition": conditions,
                }
            ],
        }


def trust_of(text: str) -> Trust:
    """The trust that ``--trust`` asks for.

    >>> trust_of("github:acme/shop:ref:main").subject
    'repo:acme/shop:ref:refs/heads/main'

    Raises ScopedownError for what names no pipeline, telling how it is written.
    """
    system, _, rest = text.partition(":")
    if system not in SYSTEMS:
        raise ScopedownError(f"{system!r} is not a known CI system", remedy=f"start --trust with {', '.join(SYSTEMS)}")
    read, form = SYSTEMS[system]
    pattern, make = read
    match = re.fullmatch(pattern, rest)
    if match is None:
        raise ScopedownError(f"--trust {text} cannot be read", remedy=f"write {form}")
    return make(match.groupdict())


def service_trust(service: str) -> dict[str, Any]:
    """The trust policy of a role that an AWS service takes (``cloudformation.amazonaws.com``)."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole"]}
    return {"Version": VERSION, "Statement": [statement]}


def _github(part: Mapping[str, str | None]) -> Trust:
    repository, ref, environment = part["repository"], part["ref"], part["environment"]
    if environment:
        tail, limits = f"environment:{environment}", f"jobs of the environment {environment}"
    elif ref:
        ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
        tail, limits = f"ref:{ref}", f"runs on {ref}"
    else:
        tail, limits = "*", ""
    return Trust(
        "github", "token.actions.githubusercontent.com", "sts.amazonaws.com", f"repo:{repository}:{tail}", limits,
        "https://docs.github.com/en/actions/reference/security/oidc",
    )  # fmt: skip


def _gitlab(part: Mapping[str, str | None]) -> Trust:
    project, ref = part["repository"], part["ref"]
    if ref:
        kind = "tag" if ref.startswith("refs/tags/") else "branch"
        name = ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
        tail, limits = f"ref_type:{kind}:ref:{name}", f"pipelines of the {kind} {name}"
    else:
        tail, limits = "*", ""
    return Trust(
        "gitlab", "gitlab.com", "https://gitlab.com", f"project_path:{project}:{tail}", limits,
        "https://docs.gitlab.com/ci/cloud_services/aws/",
    )  # fmt: skip


def _bitbucket(part: Mapping[str, str | None]) -> Trust:
    workspace, owner, repository = part["workspace"], part["owner"], part["repository"]
    environment = part["environment"]
    subject = f"{{{repository}}}:{{{environment}}}:*" if environment else f"{{{repository}}}:*"
    return Trust(
        "bitbucket", f"api.bitbucket.org/2.0/workspaces/{workspace}/pipelines-config/identity/oidc",
        f"ari:cloud:bitbucket::workspace/{owner}", subject,
        f"steps of the environment {environment}" if environment else "",
        "https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
    )  # fmt: skip


def _circleci(part: Mapping[str, str | None]) -> Trust:
    organization, project = part["organization"], part["project"]
    return Trust(
        "circleci", f"oidc.circleci.com/org/{organization}", str(organization),
        f"org/{organization}/project/{project}/user/*", "",
        "https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/",
    )  # fmt: skip


Read = tuple[str, Callable[[Mapping[str, str | None]], Trust]]

SYSTEMS: Mapping[str, tuple[Read, str]] = {
    "github": (
        (rf"(?P<repository>{_NAME}/{_NAME})(?::ref:(?P<ref>{_REF})|:environment:(?P<environment>{_REF}))?", _github),
        "github:ORG/REPO, github:ORG/REPO:ref:main (or refs/tags/v1) or github:ORG/REPO:environment:NAME",
    ),
    "gitlab": (
        (rf"(?P<repository>{_NAME}(?:/{_NAME})+)(?::ref:(?P<ref>{_REF}))?", _gitlab),
        "gitlab:GROUP/PROJECT or gitlab:GROUP/PROJECT:ref:main (or refs/tags/v1)",
    ),
    "bitbucket": (
        (
            rf"(?P<workspace>{_NAME})/\{{?(?P<owner>{_UUID})\}}?/\{{?(?P<repository>{_UUID})\}}?"
            rf"(?::environment:\{{?(?P<environment>{_UUID})\}}?)?",
            _bitbucket,
        ),
        "bitbucket:WORKSPACE/WORKSPACE-UUID/REPOSITORY-UUID[:environment:UUID], as the repository's settings of "
        "OpenID Connect show them",
    ),
    "circleci": (
        (rf"(?P<organization>{_UUID})/(?P<project>{_UUID})", _circleci),
        "circleci:ORGANIZATION-ID/PROJECT-ID, as shown in the settings of both",
    ),
}
"""For each system: how its text is read, and how it is written, for people."""
