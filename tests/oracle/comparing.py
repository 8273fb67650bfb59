"""Hold a project as it is read here against the template that the framework compiles of the same folder.

:func:`differences` names every property that is not equal, by the item that the property belongs to. Left out is what
only an archive's content or the clock tells (:data:`FROM_CONTENT`, :data:`HASHED`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oracle.harness import Framework
from oracle.resolving import Stubs
from scopedown.core.finding import Severity
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

FROM_CONTENT: Final = {
    "AWS::Lambda::Function": ("Code.S3Key",),
    "AWS::Lambda::LayerVersion": ("Content.S3Key",),
    "AWS::Lambda::Version": ("CodeSha256",),
    "Custom::CognitoUserPool": ("ForceDeploy",),
    "Custom::S3": ("ForceDeploy",),
}
"""Properties that come from an archive's content, or tell when the service was compiled."""

OUTPUTS_FROM_CONTENT: Final = re.compile(r"LambdaLayer(Hash|S3Key)$")
"""Outputs that tell the same."""

LEFT_OUT: Final = {
    "AWS::ApiGateway::Method": ("Integration.RequestTemplates",),
}
"""Properties that no permission can depend on, so they are not repeated here: the mapping templates that the framework
writes for a request only shape the event that a function is given."""

HASHED: Final = re.compile(
    r"\b(\w+?LambdaVersion)[A-Za-z0-9]{30,}\b|\b(ApiGatewayDeployment|WebsocketsDeployment(?!Stage\b))\w+|"
    r"\b(\w+?LambdaLayer)[0-9a-f]{40}\b|\b(\w+?LambdaLayerPermission)[0-9a-f]{40}\b"
)
"""Logical ids that end in a hash of content, or in the time: here they have no such end."""

NOT_ITS_ORDER: Final = "serverless 3"
"""What resources depend on is compiled as osls does: serverless 3 leaves some of it out (the alias of a function that
creates a topic or existing bucket's notifications, or that a rule of a new bus calls) and adds some (stream consumers,
functions of WebSocket authorizers). No permission depends on it, only the order of a deployment."""

ITEMS: Final = {
    "AWS::Lambda::Function": "functions",
    "AWS::IAM::Role": "roles",
    "AWS::Lambda::EventSourceMapping": "event source mappings",
    "AWS::Logs::LogGroup": "log groups",
}
"""What a type of resource counts as; every other one counts as ``resources``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property (``path``, empty for a whole resource) that is not equal."""

    item: str
    id: str
    path: str
    theirs: Any
    ours: Any

    def __str__(self) -> str:
        return f"{self.item}: {self.id} {self.path}: framework {_short(self.theirs)}, here {_short(self.ours)}"


def differences(template: Mapping[str, Any], project: Project) -> list[Difference]:
    """All differences; none where the two are equal."""
    theirs = _unhashed(template["Resources"])
    ours = {
        id: {"Type": resource.type, **resource.attributes, "Properties": resource.properties}
        for id, resource in project.deployed.items()
    }
    found = list(_of_functions(theirs, project))
    for id in dict.fromkeys([*theirs, *ours]):
        mine, its = ours.get(id), theirs.get(id)
        item = ITEMS.get(str((its or mine or {})["Type"]), "resources")
        if mine is None or its is None:
            found.append(Difference(item, id, "", its and its["Type"], mine and mine["Type"]))
            continue
        if mine["Type"] != its["Type"]:
            found.append(Difference(item, id, "Type", its["Type"], mine["Type"]))
            continue
        found += [
            Difference(item, id, name, its.get(name), mine.get(name))
            for name in ("DeletionPolicy", "UpdateReplacePolicy", "Condition")
            if mine.get(name) != its.get(name)
        ]
        if project.compiler != NOT_ITS_ORDER and _dependencies(mine) != _dependencies(its):
            found.append(Difference(item, id, "DependsOn", its.get("DependsOn"), mine.get("DependsOn")))
        left_out = FROM_CONTENT.get(its["Type"], ()) + LEFT_OUT.get(its["Type"], ())
        for path, their, our in _unequal(its.get("Properties", {}), mine["Properties"], ""):
            if not path.startswith(left_out):
                found.append(Difference(item, id, path, their, our))
    return [*found, *_of_outputs(template.get("Outputs", {}), project)]


def _dependencies(resource: Mapping[str, Any]) -> set[str]:
    """What a resource depends on: to CloudFormation a name is a list of one, and neither order nor repeats matter."""
    written = resource.get("DependsOn") or []
    return {written} if isinstance(written, str) else set(written)


def _of_outputs(outputs: Mapping[str, Any], project: Project) -> Iterator[Difference]:
    theirs, ours = (
        {name: output for name, output in each.items() if not OUTPUTS_FROM_CONTENT.search(name)}
        for each in (_unhashed(outputs), project.outputs)
    )
    for path, their, our in _unequal(theirs, ours, ""):
        yield Difference("outputs", "Outputs", path, their, our)


def _of_functions(resources: Mapping[str, Any], project: Project) -> Iterator[Difference]:
    """What the model itself says of a function: its name, handler, runtime, environment and role."""
    scope = Scope.of(project)
    for function in project.functions:
        deployed = resources.get(function.logical_id, {}).get("Properties")
        if deployed is None:
            continue  # told among the resources
        name = to_text(deployed.get("FunctionName"), scope)
        if name != function.name:
            yield Difference("functions", function.logical_id, "name", str(name), str(function.name))
        handler = function.handler.declared if function.handler and function.runtime else None
        if deployed.get("Handler") != handler:
            yield Difference("functions", function.logical_id, "handler", deployed.get("Handler"), handler)
        if deployed.get("Runtime") != function.runtime:
            yield Difference("functions", function.logical_id, "runtime", deployed.get("Runtime"), function.runtime)
        variables = deployed.get("Environment", {}).get("Variables", {})
        environment = {key: to_text(value, scope) for key, value in variables.items()}
        if environment != function.environment:
            yield Difference("environment", function.logical_id, "", _texts(environment), _texts(function.environment))
        role = deployed["Role"]
        if project.roles[function.role].declared:
            equal = role in ({"Fn::GetAtt": [function.role, "Arn"]}, {"Fn::Sub": f"${{{function.role}.Arn}}"})
        else:
            equal = function.role == role or function.role in str(to_text(role, scope))
        if not equal:
            yield Difference("functions", function.logical_id, "role", role, function.role)


def _unhashed(resources: Mapping[str, Any]) -> dict[str, Any]:
    plain = HASHED.sub(lambda match: next(filter(None, match.groups())), json.dumps(resources))
    return dict(json.loads(plain))


def _unequal(theirs: Any, ours: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        for key in dict.fromkeys([*theirs, *ours]):
            yield from _unequal(theirs.get(key), ours.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(theirs, list) and isinstance(ours, list | tuple) and len(theirs) == len(ours):
        for index, (its, mine) in enumerate(zip(theirs, ours, strict=True)):
            yield from _unequal(its, mine, f"{path}.{index}")
    elif theirs != ours or isinstance(theirs, bool) is not isinstance(ours, bool):
        yield path, theirs, ours


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in values.items()}


def _short(value: Any) -> str:
    return str(value)[:300]


def held_against(framework: Framework, which: str, folder: Path, drawn: Iterable[Any]) -> int:
    """How many services the framework compiled: all of them are equal here, and the others are errors here as well."""
    wrong: dict[int, object] = {}
    compiled = 0
    for number, configuration in enumerate(drawn):
        (folder / "serverless.json").write_text(json.dumps(configuration))
        project = load_project(folder, Options(values=Stubs(), account="123456789012", framework=which))
        errors = [str(one) for one in project.findings if one.severity is Severity.ERROR]
        answer = framework.read(folder, configuration=configuration, resolved=True)
        if answer.template is None:
            if not errors:
                wrong[number] = answer.failed
            continue
        compiled += 1
        found = [*errors, *(str(one) for one in differences(answer.template, project))]
        if found:
            wrong[number] = found[:3]
    assert wrong == {}
    return compiled
