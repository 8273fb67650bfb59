"""The Bedrock model that a template parameter names: its default tells whether it is a model or a profile of one.

A cross-region inference profile needs the profile and, in every region that it can send to, the model behind it
(https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html). The id of a profile looks like
that of a model, so what a parameter may be is seen of its default only.

The default also tells the slash of an SSM parameter's ARN: ``/db/url`` is ``arn:…:parameter/db/url``, and ``db`` is
``arn:…:parameter/db``. A slash that the name brings is the ARN's own
(https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html). A path always brings one
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html); of a name that is a
parameter of the template, its default shows whether it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import is_arn
from scopedown.permissions.parameter_formats import PSEUDO, model_behind, regions_behind
from scopedown.project.intrinsics import Scope, default_of
from scopedown.project.model import Project

_SERVICES = ("bedrock-runtime", "bedrock-agent-runtime")
_MODELS = ("modelArn", "modelId")


def with_models(call: SdkCall, project: Project) -> SdkCall:
    """``call`` with the models behind profiles whose ids are the template's parameters; any other call unchanged."""
    if call.service not in _SERVICES:
        return call
    scope = Scope.of(project)
    return replace(call, arguments={name: _with(name, value, scope) for name, value in call.arguments.items()})


def _with(name: str, value: Argument, scope: Scope) -> Argument:
    if isinstance(value, Mapping):
        return {key: _with(key, item, scope) if isinstance(key, str) else item for key, item in value.items()}
    if name not in _MODELS:
        return value
    if isinstance(value, Alternatives):
        return Alternatives(tuple(option for one in value.options for option in _models(one, scope)))
    found = _models(value, scope)
    return found[0] if len(found) == 1 else Alternatives(found)


def _models(value: Argument, scope: Scope) -> tuple[Argument, ...]:
    """The value; of a profile that a parameter names, the profile and its model as ARNs."""
    if not isinstance(value, Text) or not value.has(Param):
        return (value,)

    def default(part: Part) -> str | Part:
        return default_of(scope.parameters.get(part.name), part) if isinstance(part, Param) else part

    known = value.replace(default)
    model = model_behind(known)
    if model is None:
        return (value,)
    head = ("arn:", PSEUDO["Partition"], ":bedrock:")
    profile = Text.of(*head, PSEUDO["Region"], ":", PSEUDO["Account"], ":inference-profile/", value)
    behind = (Text.of(*head, region, "::foundation-model/", model) for region in regions_behind(known))
    return (value if is_arn(value) else profile, *behind)


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
