"""The roles that a call passes without naming them: those of what it names, where the project declares that.

RunTask and StartTask pass the task definition's roles, unless the call overrides them
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html); their caller needs iam:PassRole on
both (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html). An EC2
instance is passed the role of its instance profile
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scopedown.calls.model import Argument, SdkCall
from scopedown.core.text import Att, Literal, Pseudo, Ref, Text
from scopedown.core.text_slicing import last_literal, split, starts
from scopedown.permissions.paths import is_given, texts_at
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Project

_RUNNING = (("ecs", "RunTask"), ("ecs", "StartTask"))
_ROLES = {"taskRoleArn": "TaskRoleArn", "executionRoleArn": "ExecutionRoleArn"}
_TASK_DEFINITION = "AWS::ECS::TaskDefinition"


def with_task_roles(call: SdkCall, project: Project) -> SdkCall:
    """``call`` as if it named the roles of the declared task definitions that it runs, or of the instance profile that
    it gives to an instance; any other call unchanged."""
    if call.service == "ec2" and "IamInstanceProfile" in call.arguments:
        return _with_profile_roles(call, project)
    roles = _roles(call, project)
    if not roles:
        return call
    overrides = call.arguments.get("overrides")
    given: dict[str, Argument] = dict(overrides) if isinstance(overrides, Mapping) else {}
    return replace(call, arguments={**call.arguments, "overrides": {**given, **roles}})


def _with_profile_roles(call: SdkCall, project: Project) -> SdkCall:
    scope = Scope.of(project)
    arguments = call.arguments
    names = (*texts_at(arguments, "IamInstanceProfile.Name"), *texts_at(arguments, "IamInstanceProfile.Arn"))
    found: list[Argument] = []
    for name in names:
        profile = _profile(name, project, scope)
        if profile is None:
            return call
        roles = profile.properties.get("Roles")
        found += [
            _role_arn(to_text(role, scope), project) for role in (roles if isinstance(roles, list | tuple) else ())
        ]
    return replace(call, arguments={**arguments, "IamInstanceProfile": tuple(found)}) if found else call


def _profile(name: Text, project: Project, scope: Scope) -> DeclaredResource | None:
    """The declared instance profile of a name, an ARN or a reference."""
    kind = "AWS::IAM::InstanceProfile"
    match name.parts:
        case (Ref(id),) | (Att(id, "Arn"),):
            found = project.deployed.get(id)
            return found if found is not None and found.type == kind else None
        case _:
            bare = split(name, "/")[-1] if starts(name, "arn:") else name
            profiles = project.of_type(kind)
            named = (one for one in profiles if to_text(one.properties.get("InstanceProfileName"), scope) == bare)
            return next(named, None)


def _role_arn(role: Text, project: Project) -> Text:
    """A role that is given by its name, as its ARN."""
    arn = _arn(role, project)
    if arn != role or starts(role, "arn:"):
        return arn
    return Text.of("arn:", Pseudo("AWS::Partition"), ":iam::", Pseudo("AWS::AccountId"), ":role/", role)


def passes_no_role(call: SdkCall, project: Project) -> bool:
    """Whether the task definitions that a call runs are declared, and neither they nor the call name a role."""
    overridden = any(is_given(call.arguments, f"overrides.{name}") for name in _ROLES)
    return not overridden and _roles(call, project) == {}


def _roles(call: SdkCall, project: Project) -> dict[str, Argument] | None:
    """The roles that the call does not override, by its parameters' names; None where a definition is not declared."""
    if (call.service, call.operation) not in _RUNNING:
        return None
    scope = Scope.of(project)
    definitions = [_declared(text, project, scope) for text in texts_at(call.arguments, "taskDefinition")]
    if not definitions:
        return None
    found: dict[str, tuple[Argument, ...]] = {}
    for definition in definitions:
        if definition is None:
            return None
        for parameter, name in _ROLES.items():
            written = definition.properties.get(name)
            if written is not None and not is_given(call.arguments, f"overrides.{parameter}"):
                found[parameter] = (*found.get(parameter, ()), _arn(to_text(written, scope), project))
    return {**found}


def _declared(text: Text, project: Project, scope: Scope) -> DeclaredResource | None:
    """The declared task definition that a family, a family with a revision, or an ARN names."""
    match text.parts:
        case (Ref(id),) | (Att(id, "TaskDefinitionArn"),):
            found = project.deployed.get(id)
            return found if found is not None and found.type == _TASK_DEFINITION else None
        case _:
            family = _family(text)
            same = [
                definition
                for definition in project.of_type(_TASK_DEFINITION)
                if (written := definition.properties.get("Family")) and to_text(written, scope) == family
            ]
            return same[0] if len(same) == 1 and not family.unknowns else None


def _family(text: Text) -> Text:
    if starts(text, "arn:"):
        text = split(text, "task-definition/", 1)[-1]
    *_, revision = (last_literal(text) or "").rpartition(":")
    if revision.isdigit() and isinstance(last := text.parts[-1], Literal):
        return Text.of(*text.parts[:-1], last.value.removesuffix(f":{revision}"))
    return text


def _arn(role: Text, project: Project) -> Text:
    """A declared role that is named by reference as its ARN; a task definition accepts either."""
    match role.parts:
        case (Ref(id),) if (found := project.deployed.get(id)) is not None and found.type == "AWS::IAM::Role":
            return Text.of(Att(id, "Arn"))
        case _:
            return role
