"""Actions that are asked in another way than the service authorization reference says.

Some are asked of a resource although it names none for them: a statement that names one of the service's resources may
be enough, so that such an action is not denied for certain, and not unused there. In the place of others an older
release of what asks for them asks for another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import glob, matcher

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


def may_be_asked_of(action: str, grants: Iterable[Grant]) -> bool:
    """Whether an Allow may be enough for an action although it names a resource, or another action."""
    wanted = _BEFORE.get(action.lower(), action.lower())
    if wanted not in _ASKED:
        return False
    allowed = (one for one in grants if one.effect == "Allow")
    return any(matcher(glob(pattern.lower()))(wanted) for one in allowed for pattern in one.actions)
