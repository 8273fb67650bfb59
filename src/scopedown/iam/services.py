"""Dated facts about services that the evaluator needs, each with its source; a caller may replace them.

What AWS refuses whatever the policies say is in ``refused.tsv``, each row with its source: the caller may be allowed,
and the service answers with an error. A service that acts for itself is not refused.

>>> refused("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess").reason
'only AWS changes AWS managed policies'
>>> refused("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/own") is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.core.arn import parse_arn
from scopedown.core.tables import typed_rows
from scopedown.iam.wildcard import matching

# fmt: off
RCP_SERVICES: frozenset[str] = frozenset({
    "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory", "cloudfront",
    "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline", "cognito-identity",
    "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql",
    "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health", "inspector-scan",
    "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch",
    "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3",
    "secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract",
    "timestream-influxdb", "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray",
})
# fmt: on
"""Action prefixes that resource control policies reach: 62 on 2026-09-26.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

# fmt: off
RESOURCE_POLICY_SERVICES: frozenset[str] = frozenset({
    "acm-pca", "agent-registry", "aiops", "apigateway", "appmesh", "appsync", "aps", "arc-region-switch",
    "aws-marketplace", "backup", "bedrock", "bedrock-agentcore", "billing", "cleanrooms-ml", "cloudfront", "cloudhsm",
    "cloudtrail", "cloudtrail-data", "codeartifact", "codebuild", "comprehend", "datazone", "dsql", "dynamodb", "ecr",
    "ecr-public", "elasticfilesystem", "entityresolution", "es", "events", "execute-api", "fsx", "glacier", "glue",
    "imagebuilder", "kafka", "kafka-cluster", "kinesis", "kms", "lambda", "lex", "logs", "lookoutequipment",
    "mediaconvert", "mediapackagev2", "mediastore", "mediatailor", "mpa", "network-firewall", "networkmanager", "oam",
    "odb", "omics", "organizations", "osis", "payment-cryptography", "qbusiness", "redshift", "redshift-serverless",
    "refactor-spaces", "rekognition", "resource-explorer-2", "resource-groups", "route53-recovery-control-config",
    "route53profiles", "route53resolver", "rum", "s3", "s3-object-lambda", "s3-outposts", "s3express", "s3files",
    "s3tables", "s3vectors", "sagemaker", "schemas", "secretsmanager", "serverlessrepo", "servicecatalog",
    "servicediscovery", "ses", "signer", "sms-voice", "sns", "sqs", "ssm", "ssm-contacts", "ssm-incidents", "sts",
    "vpc-lattice", "vpc-lattice-svcs", "waf", "waf-regional", "wafv2", "xray",
})
# fmt: on
"""Action prefixes that a policy of a resource can grant: of the services that have an action to set one, on 2026-12-02.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

_TRUST_ACTIONS = (
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
)


def special_action(lower_action: str) -> bool:
    """Whether an action may need more than identity policies inside an account, or nothing at all."""
    return lower_action.startswith(("sts:", "kms:"))


def resource_policy_decides(lower_action: str, resource: str) -> bool:
    """Rule 4: a role is only assumed, and a KMS key only used, where its own policy says so, even inside the account.

    Sources:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html and
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    if not special_action(lower_action):
        return False
    arn = parse_arn(resource)
    if arn is None:
        return False
    if arn.service == "kms":
        return lower_action.startswith("kms:") and arn.resource.startswith("key/")
    return lower_action in _TRUST_ACTIONS and arn.service == "iam" and arn.resource.startswith("role/")


@dataclass(frozen=True, slots=True)
class Refused:
    """Actions on resources that AWS refuses, the error's ``code`` and the ``reason`` in words."""

    actions: frozenset[str]
    resource: str
    code: str
    reason: str
    source: str


def refused(action: str, resource: str) -> Refused | None:
    """Why no policy can allow an action on a resource; None where a policy can."""
    return next((row for row in _of_action().get(action.lower(), ()) if matching(row.resource)(resource)), None)


@cache
def rows() -> tuple[Refused, ...]:
    """The table."""
    return tuple(typed_rows(Path(__file__).with_name("refused.tsv"), _row))


@cache
def _of_action() -> Mapping[str, tuple[Refused, ...]]:
    actions = {action for row in rows() for action in row.actions}
    return {action: tuple(row for row in rows() if action in row.actions) for action in actions}


def _row(cells: Mapping[str, str]) -> Refused:
    actions = frozenset(cells["actions"].lower().split(","))
    return Refused(actions, cells["resource"], cells["code"], cells["reason"], cells["source"])
