"""Dated facts about services that the evaluator needs, each with its source; a caller may replace them."""

from __future__ import annotations

from scopedown.core.arn import parse_arn

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
