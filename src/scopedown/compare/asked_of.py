"""Actions that are asked in another way than the service authorization reference says.

Some are asked of a resource although it names none for them: a statement that names one of the service's resources may
be enough, so that such an action is not denied for certain, and not unused there. In the place of others an older
release of what asks for them asks for another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scopedown.catalog.model import Action
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import among

_BEFORE: Final = dict.fromkeys(
    ("appconfig:getlatestconfiguration", "appconfig:startconfigurationsession"), "appconfig:getconfiguration"
)
"""What the first releases of AppConfig's extension ask for instead
(https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions-versions.html)."""
_ASKED: Final = frozenset(
    {
        "appconfig:getconfiguration",
        # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
        "codedeploy:putlifecycleeventhookexecutionstatus",
        "events:listrules",  # unverified: asked of rule/*
        # The token's state machine or activity: StateMachine.grantTaskResponse in
        # https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html
        "states:sendtaskfailure",
        "states:sendtaskheartbeat",
        "states:sendtasksuccess",
    }
)


_ON_NOTHING: Final = (
    "cloudwatch:putmetricdata",  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-access-control-overview-cw.html
    # https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_service-with-iam.html
    "comprehend:batchdetect",
    "comprehend:detectdominantlanguage",
    "ec2:describe",  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html
    "s3:listallmybuckets",  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
    "xray:put",  # https://docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html
)
"""Beginnings of actions of which AWS's own guides say, beside the reference, that they are asked on ``*`` alone."""


def may_name_a_resource(action: Action | None, grants: Iterable[Grant]) -> bool:
    """Whether an Allow that names resources may be enough for an action that the reference names none for.

    The reference is behind the services at times (``states:SendTaskSuccess`` is asked of the state machine), so that it
    is not certain of such an action that it is denied, but where another of AWS's pages says so.
    """
    if action is None or action.resource_types or action.name.lower().startswith(_ON_NOTHING):
        return False
    return any(_allows(action.name.lower(), grant) for grant in grants)


def may_be_asked_of(action: str, grants: Iterable[Grant]) -> bool:
    """Whether an Allow may be enough for an action although it names a resource, or another action."""
    wanted = _BEFORE.get(action.lower(), action.lower())
    return wanted in _ASKED and any(_allows(wanted, grant) for grant in grants)


def is_asked_elsewhere(action: str) -> bool:
    """Whether an action is one of those that :func:`may_be_asked_of` speaks of."""
    return _BEFORE.get(action.lower(), action.lower()) in _ASKED


def _allows(wanted: str, grant: Grant) -> bool:
    """Whether a grant allows an action, in lower case, on something."""
    return grant.effect == "Allow" and among(grant.actions, wanted) is not grant.but_actions
