"""What of a bootstrapped account an app of CDK uses, made in the local AWS: by ``cdk bootstrap``, else by hand.

In: the roles, buckets and repositories that a cloud assembly names. Out: which bootstrappings make them, one for each
qualifier and region, and what none of them makes: names of the app's own (``deployRoleArn``, ``fileAssetsBucketName``).
Reference: https://docs.aws.amazon.com/cdk/v2/guide/customize-synth.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.guard.model import ACCOUNT
from scopedown.project.model import Bootstrapped

QUALIFIER: Final = "hnb659fds"
"""The default one (aws-cdk 2.1148.1)."""
TOOLKIT: Final = "CDKToolkit"
_MADE: Final = re.compile(
    r"cdk-(?P<qualifier>[A-Za-z0-9_-]{1,10})-(?:deploy-role|cfn-exec-role|file-publishing-role|image-publishing-role|"
    r"lookup-role|assets|container-assets)-\d{12}-(?P<region>[a-z0-9-]+)"
)
"""Names of what ``cdk bootstrap`` makes."""
_ROLE: Final = re.compile(r"arn:[^:]+:iam::(?P<account>[^:]*):role/.")


@dataclass(frozen=True, slots=True)
class Bootstrapping:
    """One run of ``cdk bootstrap``."""

    qualifier: str
    region: str
    stack: str
    """The name of its stack."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an app uses of its account. ``execution``: the ARNs of the roles that CloudFormation acts with."""

    bootstrappings: tuple[Bootstrapping, ...]
    execution: tuple[str, ...]
    roles: tuple[str, ...] = ()
    """ARNs of roles that no bootstrapping makes, those of ``execution`` among them."""
    buckets: tuple[tuple[str, str], ...] = ()
    """The same of buckets, with their regions."""
    repositories: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """What no bootstrapping makes."""
        return (*self.roles, *(name for name, _ in (*self.buckets, *self.repositories)))


@dataclass
class _Found:
    bootstrappings: dict[tuple[str, str], None] = field(default_factory=dict)
    own: dict[str, None] = field(default_factory=dict)

    def sort(self, values: Iterable[str]) -> Iterator[str]:
        """Those that no bootstrapping makes; the others' bootstrapping is noted."""
        for value in values:
            if match := _MADE.fullmatch(re.split(r"[:/]", value)[-1]):
                self.bootstrappings[match["qualifier"], match["region"]] = None
            else:
                yield value


def needs_of(used: Bootstrapped, regions: Sequence[str]) -> Needs:
    """What an app with stacks in these regions uses. Where nothing that it names is a bootstrapping's, the default one
    is made all the same: it has the version that stacks ask for. Raises ScopedownError for another account's role, and
    for what is not the ARN of a role."""
    found = _Found()
    execution = _filled(used.execution_roles, regions)
    all_roles = [
        arn
        for values in (
            used.deploy_roles, used.execution_roles, used.file_roles, used.image_roles, used.lookup_roles,
        )
        for arn, _ in _filled(values, regions)
    ]  # fmt: skip
    for arn in all_roles:
        if (match := _ROLE.match(arn)) is None:
            raise ScopedownError(
                f"the app deploys with {arn}, which is not the ARN of a role",
                remedy="correct the ARNs of roles that the app gives its synthesizer",
            )
        if (account := match["account"]) != ACCOUNT:
            raise ScopedownError(
                f"the app deploys with {arn}, a role of the account {account}, and the local AWS is {ACCOUNT}",
                remedy="let the app take the account from CDK_DEFAULT_ACCOUNT",
            )
    roles = tuple(dict.fromkeys(found.sort(all_roles)))
    buckets, repositories = (
        tuple((name, region) for name, region in _filled(values, regions) if list(found.sort([name])))
        for values in (used.buckets, used.repositories)
    )
    return Needs(
        tuple(_named(found.bootstrappings or dict.fromkeys((QUALIFIER, region) for region in regions))),
        tuple(dict.fromkeys(arn for arn, _ in execution)), roles, buckets, repositories,
    )  # fmt: skip


def _filled(values: Sequence[str], regions: Sequence[str]) -> list[tuple[str, str]]:
    """Each value with the pseudo parameters filled in, for each region, and the region."""
    found: dict[tuple[str, str], None] = {}
    for value in values:
        for region in regions if "${AWS::Region}" in value else regions[:1]:
            known = {"${AWS::Partition}": "aws", "${AWS::AccountId}": ACCOUNT, "${AWS::Region}": region}
            text = value
            for name, instead in known.items():
                text = text.replace(name, instead)
            found[text, region] = None
    return list(found)


def _named(wanted: Iterable[tuple[str, str]]) -> Iterator[Bootstrapping]:
    """The stacks of a region must differ: the default qualifier's, or the first, has the default name."""
    taken: set[str] = set()
    for qualifier, region in sorted(wanted, key=lambda one: one[0] != QUALIFIER):
        yield Bootstrapping(qualifier, region, f"{TOOLKIT}-{qualifier}" if region in taken else TOOLKIT)
        taken.add(region)


def make_own(needs: Needs, clients: Any, policies: Sequence[str]) -> None:
    """Make what no bootstrapping makes, as the user's administrator did: the roles that CloudFormation acts with get
    ``policies`` (ARNs), the others may do everything. ``clients`` gives a client for a service and a region."""
    iam = clients("iam", "us-east-1")
    for arn in needs.roles:
        path, _, name = arn.split(":role/", 1)[1].rpartition("/")
        is_execution = arn in needs.execution
        who = {"Service": "cloudformation.amazonaws.com"} if is_execution else {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        trust = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
        iam.create_role(
            Path=f"/{path}/" if path else "/", RoleName=name, AssumeRolePolicyDocument=_document(trust)
        )  # fmt: skip
        if not is_execution:
            everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_document(everything))
        for policy in policies if is_execution else ():
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    for name, region in needs.buckets:
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        clients("s3", region).create_bucket(Bucket=name, **where)
    for name, region in needs.repositories:
        clients("ecr", region).create_repository(repositoryName=name)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
