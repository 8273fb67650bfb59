"""The Bedrock model that a template parameter names: its default tells whether it is a model or a profile of one.

A cross-region inference profile needs the profile and, in every region that it can send to, the model behind it
(https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html). The id of a profile looks like
that of a model, so what a parameter may be is seen of its default only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.core.text import Param, Part, Text
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
