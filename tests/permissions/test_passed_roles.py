"""iam:PassRole: which roles a call passes, and to which service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from permission_words import short

from scopedown.core.text import Text, Unknown
from scopedown.permissions.model import RequiredPermission

Permissions = Callable[..., tuple[RequiredPermission, ...]]
ROLE = "arn:aws:iam::111122223333:role/worker"
OTHER = "arn:aws:iam::111122223333:role/other"

CALLS: list[tuple[str, dict[str, Any], list[str], tuple[str, ...]]] = [
    ("lambda.CreateFunction", {"Role": ROLE}, [ROLE], ("lambda.amazonaws.com",)),
    ("lambda.UpdateFunctionConfiguration", {"Role": ROLE}, [ROLE], ("lambda.amazonaws.com",)),
    (
        "ecs.RegisterTaskDefinition",
        {"family": "f", "taskRoleArn": ROLE, "executionRoleArn": OTHER},
        [OTHER, ROLE],
        ("ecs-tasks.amazonaws.com",),
    ),
    ("ecs.RunTask", {"overrides": {"taskRoleArn": ROLE}}, [ROLE], ("ecs-tasks.amazonaws.com",)),
    ("stepfunctions.CreateStateMachine", {"roleArn": ROLE}, [ROLE], ("states.amazonaws.com",)),
    ("events.PutTargets", {"Targets": [{"Arn": "x"}, {"RoleArn": ROLE}]}, [ROLE], ("events.amazonaws.com",)),
    ("scheduler.CreateSchedule", {"Target": {"RoleArn": ROLE}}, [ROLE], ("scheduler.amazonaws.com",)),
    ("pipes.CreatePipe", {"RoleArn": ROLE}, [ROLE], ("pipes.amazonaws.com",)),
    ("glue.CreateJob", {"Role": ROLE}, [ROLE], ("glue.amazonaws.com",)),
    ("sagemaker.CreateTrainingJob", {"RoleArn": ROLE}, [ROLE], ("sagemaker.amazonaws.com",)),
    ("comprehend.StartEntitiesDetectionJob", {"DataAccessRoleArn": ROLE}, [ROLE], ("comprehend.amazonaws.com",)),
    (
        "transcribe.StartTranscriptionJob",
        {"JobExecutionSettings": {"DataAccessRoleArn": ROLE}, "Media": {"MediaFileUri": "s3://in/a"}},
        [ROLE],
        ("transcribe.amazonaws.com",),
    ),
    ("bedrock.CreateModelInvocationJob", {"roleArn": ROLE}, [ROLE], ("bedrock.amazonaws.com",)),
    ("bedrock-agent.CreateKnowledgeBase", {"roleArn": ROLE}, [ROLE], ("bedrock.amazonaws.com",)),
    ("mediaconvert.CreateJob", {"Role": ROLE}, [ROLE], ("mediaconvert.amazonaws.com",)),
    (
        "synthetics.CreateCanary",
        {"ExecutionRoleArn": ROLE},
        [ROLE],
        ("lambda.amazonaws.com", "synthetics.amazonaws.com"),
    ),
]


@pytest.mark.parametrize(("call", "arguments", "roles", "services"), CALLS, ids=[one[0] for one in CALLS])
def test_a_role_in_the_arguments_is_passed_to_the_service(
    permissions: Permissions, call: str, arguments: dict[str, Any], roles: list[str], services: tuple[str, ...]
) -> None:
    [passed] = [one for one in permissions(call, arguments) if one.action == "iam:PassRole"]
    assert [short(resource.arn) for resource in passed.resources] == roles
    assert passed.conditions == {"StringEquals": {"iam:PassedToService": services}}


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("lambda.UpdateFunctionConfiguration", {"FunctionName": "f", "MemorySize": 512}),
        ("events.PutTargets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": "x"}]}),
        ("ecs.RegisterTaskDefinition", {"family": "f"}),
        ("stepfunctions.UpdateStateMachine", {"stateMachineArn": "x", "definition": "{}"}),
        ("stepfunctions.StartExecution", {"stateMachineArn": "x"}),
        ("transcribe.StartTranscriptionJob", {"Media": {"MediaFileUri": "s3://in/a"}}),
    ],
)
def test_no_role_given_is_no_role_passed(permissions: Permissions, call: str, arguments: dict[str, Any]) -> None:
    assert [one for one in permissions(call, arguments) if one.action == "iam:PassRole"] == []


def test_a_role_that_is_not_known_is_any_role_for_that_service_alone(permissions: Permissions) -> None:
    found = permissions("lambda.CreateFunction", {"Role": Text((Unknown("event"),))})
    [passed] = [one for one in found if one.action == "iam:PassRole"]
    assert [short(resource.arn) for resource in passed.resources] == ["arn:P:iam::A:role/*"]
    assert passed.conditions == {"StringEquals": {"iam:PassedToService": ("lambda.amazonaws.com",)}}


def test_where_nobody_wrote_down_the_service_there_is_no_condition(permissions: Permissions) -> None:
    [passed] = [one for one in permissions("amplify.CreateApp", {"iamServiceRoleArn": ROLE}) if "Pass" in one.action]
    assert passed.conditions == {}


def test_an_instance_profile_takes_its_role_by_name(permissions: Permissions) -> None:
    found = permissions("iam.AddRoleToInstanceProfile", {"InstanceProfileName": "p", "RoleName": "worker"})
    assert {one.action: [short(resource.arn) for resource in one.resources] for one in found} == {
        "iam:AddRoleToInstanceProfile": ["arn:P:iam::A:instance-profile/p"],
        "iam:PassRole": ["arn:P:iam::A:role/worker"],
    }
