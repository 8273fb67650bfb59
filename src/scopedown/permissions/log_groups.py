"""What writing to a log group takes of a function's role.

In: a function, its project, the names of the log group. Out: actions. Lambda makes a log group that does not exist,
by the function's role (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html, "Using Lambda
environment credentials": AWSLambdaBasicExecutionRole). Where the stack makes the group, that permission does harm: a
function that still runs while the stack is removed makes the group again, and nothing removes it then
(https://github.com/aws/serverless-application-model/issues/1216).

The frameworks grant more by habit. ``logs:TagResource`` is what tagging asks of who makes a tagged group
(https://github.com/serverless/serverless/pull/11765); that Lambda never asks it of a function's role is unverified
beyond AWS's managed policies for functions, none of which has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Ref, Text
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Project

HABITUAL: Final = ("logs:CreateLogGroup", "logs:TagResource")
"""What frameworks, and people after them, grant every function whether or not Lambda asks for it."""
FOR_A_GROUP: Final = ("logs:CreateLogGroup", "logs:CreateLogStream")
"""What Lambda asks for a log group that nothing else makes, beside logs:PutLogEvents on its streams."""
FOR_A_STREAM: Final = ("logs:CreateLogStream",)
TAG: Final = ("logs:TagResource",)
"""What the Serverless Framework grants too (osls 4.3.1, ``lib/plugins/aws/package/lib/merge-iam-templates.js``)."""
_TYPE: Final = "AWS::Logs::LogGroup"


def actions_on(names: Iterable[Text], function: Function, project: Project) -> tuple[str, ...]:
    """What a function that writes to a log group needs on the group itself; ``names`` are the ways to say its name."""
    is_made = not project.habitual_logs and any(_is_made(name, function, project) for name in names)
    return FOR_A_STREAM if is_made else FOR_A_GROUP


def tagging(project: Project) -> tuple[str, ...]:
    """What the framework grants beside what Lambda asks, where the user keeps the framework's habit."""
    return TAG if project.habitual_logs and project.framework == "serverless" else ()


def names_for(function: Function) -> tuple[Text, ...]:
    """The ways to say the log group that Lambda writes to where no setting names another."""
    return Text.of("/aws/lambda/", function.name), Text.of("/aws/lambda/", Ref(function.logical_id))


def _is_made(name: Text, function: Function, project: Project) -> bool:
    """Whether the stack makes a log group of this name wherever it makes the function."""
    if name.unknowns:
        return False
    found = _made(SameObjects(project)).get(name, ())
    if None in found:
        return True
    own = project.deployed.get(function.logical_id) if found else None
    return own is not None and own.attributes.get("Condition") in found


@lru_cache(maxsize=4)
def _made(key: SameObjects) -> dict[Text, set[object]]:
    """The log groups of a project's stacks by their names, each with the conditions (None: always) that make it."""
    (project,) = key.objects
    assert isinstance(project, Project)
    scope = Scope.of(project)
    found: dict[Text, set[object]] = {}
    for resource in project.of_type(_TYPE):
        condition = resource.attributes.get("Condition")
        said = [Text.of(Ref(resource.logical_id))]
        if (given := resource.properties.get("LogGroupName")) is not None:
            said.append(to_text(given, scope))
        for name in said:
            found.setdefault(name, set()).add(condition if isinstance(condition, str) else None)
    return found
