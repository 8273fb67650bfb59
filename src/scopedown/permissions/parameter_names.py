"""The slash before an SSM parameter's name in its ARN, where only the deployment knows the name.

``/db/url`` is ``arn:…:parameter/db/url``, and ``db`` is ``arn:…:parameter/db``: a slash that the name brings is the
ARN's own (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html). A path always
brings one (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html); of a name
that is a parameter of the template, its default shows whether it does.
"""

from __future__ import annotations

from typing import assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.project.intrinsics import Scope, default_of
from scopedown.project.model import Project

_BEFORE = ":parameter/"


def with_one_slash(arn: Text, action: str, project: Project) -> Text:
    """A needed ARN of an SSM parameter without the slash that its name brings; any other unchanged."""
    if not action.startswith("ssm:"):
        return arn
    for number, (part, name) in enumerate(zip(arn.parts, arn.parts[1:], strict=False)):
        if isinstance(part, Literal) and part.value.endswith(_BEFORE) and _brings_a_slash(name, action, project):
            return Text.of(*arn.parts[:number], part.value.removesuffix("/"), *arn.parts[number + 1 :])
    return arn


def _brings_a_slash(name: Part, action: str, project: Project) -> bool:
    match name:
        case Param(parameter):
            default = default_of(Scope.of(project).parameters.get(parameter), name)
            return default.startswith("/") if isinstance(default, str) else action == "ssm:GetParametersByPath"
        case Ref() | Att() | ImportValue():
            return action == "ssm:GetParametersByPath"
        case Literal() | Pseudo() | EnvVar() | AnyText() | Unknown():
            return False
        case _:
            assert_never(name)
