"""Actions that functions may need beside those that are known, each with what may need it.

Calls of which only the method's name is known; services that read what a text or a template says and act for the caller
with the caller's own permissions; roles that may be passed on in the body of a request; and what AWS's documentation
asks of a role beside what an operation and the frameworks need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.text import Att, Literal, Ref, Text
from scopedown.iam.language import intersects
from scopedown.iam.wildcard import expand, glob
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.model import Origin, RequiredPermission
from scopedown.project.model import Project
from scopedown.project.serverless.event_kinds import event_kind
from scopedown.scan import FunctionScan

_QUERIES = (
    "athena:GetDataCatalog", "glue:*", "lakeformation:GetDataAccess", "s3:GetBucketLocation", "s3:GetObject",
    "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload",
    "s3:CreateBucket", "s3:PutObject", "lambda:InvokeFunction", "kms:Decrypt", "kms:GenerateDataKey",
)  # fmt: skip
"""What a query needs of the caller: tables, their data, the place of the results, federated sources and keys
(https://docs.aws.amazon.com/step-functions/latest/dg/athena-iam.html,
https://docs.aws.amazon.com/athena/latest/ug/federated-query-iam-access.html,
https://docs.aws.amazon.com/athena/latest/ug/encryption.html)."""

_FOR_THE_CALLER: dict[str, dict[str, tuple[str, ...]]] = {
    "athena": {"StartQueryExecution": _QUERIES},
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html: without a service role,
    # CloudFormation acts with the caller's credentials.
    "cloudformation": dict.fromkeys(("CreateStack", "UpdateStack", "DeleteStack", "ExecuteChangeSet"), ("*",)),
    # https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/security.html
    "cloudcontrol": dict.fromkeys(("CreateResource", "UpdateResource", "DeleteResource"), ("*",)),
    # https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html: without a launch constraint,
    # products are made with the end user's own credentials.
    "servicecatalog": dict.fromkeys(
        ("ProvisionProduct", "UpdateProvisionedProduct", "TerminateProvisionedProduct"), ("*",)
    ),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup.html: without a role to assume, a
    # runbook runs with the permissions of who starts it.
    "ssm": {"StartAutomationExecution": ("*",)},
    # https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html: and the permission to
    # tag each resource in its own service.
    "resourcegroupstaggingapi": {
        "TagResources": ("*:*Tag*", "*:Create*", "*:Add*"),
        "UntagResources": ("*:*Tag*", "*:Delete*"),
    },
}
_PASSED_ON = {"es": ("ESHttpPatch", "ESHttpPost", "ESHttpPut"), "opensearchserverless": ("APIAccessAll",)}
"""Signed requests whose body may name a role that the service is to assume (a model's connector, a search pipeline, a
repository of snapshots): who sends it needs iam:PassRole, and no operation of an SDK's says so
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ml-amazon-connector.html,
https://docs.aws.amazon.com/personalize/latest/dg/domain-user-managed.html)."""
_SCRAM_SECRETS = "kafka:ListScramSecrets"
"""Which secrets a cluster knows, for sources that log in with one
(https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html)."""
_READ_DIRECTLY = ("s3:GetObject", "s3:GetObjectVersion")
"""What reads of large files from a mounted file system of S3 Files go through
(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.S3FilesOptions.html)."""

_SUBSCRIPTIONS = ("aws-marketplace:Subscribe", "aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions")
"""What the first call of another provider's model in an account asks of its caller
(https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html)."""
_MISSING = re.compile(r"NoSuchKey|NotFound|\b404\b|object_?(?:not_?)?exists", re.IGNORECASE)
"""How code tells that an object is not there. Without ``s3:ListBucket`` S3 answers 403 instead
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)."""
_READS = {("s3", "GetObject"), ("s3", "HeadObject")}
_FOR_THE_WHOLE_ANSWER = {("lambda", "GetFunction"): "lambda:ListTags"}
"""Operations that answer without an error and leave a part of the answer out, and the action which that part needs: the
tags of a function (https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html)."""
_SENDS = (
    "ses:SendBulkEmail", "ses:SendBulkTemplatedEmail", "ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail",
)  # fmt: skip
"""What sends mail. Of an account in the sandbox, SES asks for it on the identity of the sender and on those of the
recipients, which the account must have verified (https://github.com/aws/aws-sdk-js/issues/3641,
https://github.com/GSA/data.gov/issues/3810)."""
_MOST_TEXT = 1_000_000
"""Of longer files, the rest is not searched."""


def possible_actions(function: FunctionScan, catalog: Catalog, project: Project) -> Iterator[tuple[str, str]]:
    """Patterns of actions of the services of possible calls, and of what services do for the caller, each with a
    clause about what may need it."""
    for one in function.report.possible:
        operation = catalog.operation(one.service, one.operation)
        services = {mapping.action.partition(":")[0] for mapping in operation.actions} if operation else {one.service}
        for service in sorted(services):
            yield f"{service}:*", f"{one.service}.{one.operation} at {one.place} may need it, because {one.reason}"
    for call in function.report.calls:
        for action in _FOR_THE_CALLER.get(call.service, {}).get(call.operation, ()):
            yield action, f"{call.name} at {call.place} acts with the rights of the function"
        if call.service == "appconfigdata":
            yield (
                "appconfig:GetConfiguration",
                f"{call.name} at {call.place} is that in older releases of the extension",
            )
        if call.operation in _PASSED_ON.get(call.service, ()):
            yield _PASS_ROLE, f"{call.name} at {call.place} may pass a role on"
    for name, text in function.function.environment.items():
        if _names_role(text, project):  # a role that the code is told of is one that it may pass
            yield _PASS_ROLE, f"{function.function.key} has a role in {name}, which it may pass on"


_PASS_ROLE = "iam:PassRole"


def also_on_others(permissions: Iterable[RequiredPermission]) -> Iterator[tuple[str, str]]:
    """Needed actions that AWS may also ask for on resources which only the data names, each with a clause about why."""
    for permission in permissions:
        if permission.action in _SENDS:
            yield (
                permission.action,
                f"in its sandbox SES asks for {permission.action} on the recipients' identities too",
            )


def _by_any(service: str) -> tuple[str, ...]:
    """What any operation of a service asks for the caller."""
    return tuple(dict.fromkeys(action for actions in _FOR_THE_CALLER[service].values() for action in actions))


_WITH_ANY_OPERATION = {
    "athena:*": _by_any("athena"),
    "bedrock:*": _SUBSCRIPTIONS,
    "ssm:*": _by_any("ssm"),
    "tag:*": _by_any("resourcegroupstaggingapi"),
}
"""The same where which operation of a service is called is not known: for the most that any of its operations asks."""


def with_any_operation(unseen: Unseen) -> Iterator[str]:
    """Patterns of what services may ask of the caller where code calls an unknown operation of a client of theirs."""
    if unseen.cause is Cause.DISPATCH:
        for pattern in unseen.may_call:
            yield from _WITH_ANY_OPERATION.get(pattern, ())


def _names_role(text: Text, project: Project) -> bool:
    """Whether a text is, or holds, the ARN or the name of a role."""
    ids = (part.id for part in text.parts if isinstance(part, Ref | Att))
    if any((found := project.resource(id)) is not None and found.type == "AWS::IAM::Role" for id in ids):
        return True
    return any(isinstance(part, Literal) and ":role/" in part.value for part in text.parts)


def documented_actions(functions: Iterable[FunctionScan], project: Project) -> Iterator[str]:
    """What AWS's documentation asks of a role for settings, for sources that Lambda polls, for the first or the failed
    calls of an operation, and for the whole of an answer."""
    functions = tuple(functions)
    set_up = {
        permission.action.partition(":")[0]
        for function in functions
        for permission in function.permissions
        if permission.origin is Origin.CONFIG
    }
    kinds = {event.kind for function in functions for event in function.function.events}
    for policy in (policy for kind in sorted(kinds) for policy in event_kind(kind).managed_policies):
        granted = allowed_by(f"arn:aws:iam::aws:policy/service-role/{policy}") or ()
        yield from (action for grant in granted for action in grant.actions)
    if {"kafka", "secretsmanager"} <= set_up:
        yield _SCRAM_SECRETS
    if "s3files" in set_up:
        yield from _READ_DIRECTLY
    calls = [call for function in functions for call in function.report.calls]
    if any(call.service == "bedrock-runtime" for call in calls):
        yield from _SUBSCRIPTIONS
    for call in calls:
        if action := _FOR_THE_WHOLE_ANSWER.get((call.service, call.operation)):
            yield action
    files = {call.place.file for call in calls if (call.service, call.operation) in _READS}
    if any(_MISSING.search(_text(Path(project.root) / file)) for file in sorted(files)):
        yield "s3:ListBucket"


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_TEXT)
    except OSError:
        return ""


@lru_cache(maxsize=16384)
def meet(pattern: str, other: str) -> bool:
    """Whether two patterns of actions have an action in common.

    >>> meet("glue:GetTable", "glue:Get*"), meet("glue:*", "s3:*")
    (True, False)
    """
    return intersects(expand(glob(pattern.lower())), expand(glob(other.lower())))
