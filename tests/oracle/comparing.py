"""Hold a project as it is read here against the template that the framework compiles of the same folder.

:func:`differences` names every property that is not equal, by the item that the property belongs to. Compared is what
scopedown reads of a resource: what rows of deploy and of grants.tsv ask for, and what ``read.tsv`` names. Left out are
further properties, the stack's outputs, the order of most resources (:data:`ORDERED`), and what only an archive's
content or the clock tells (:data:`HASHED`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from oracle.harness import Framework
from oracle.resolving import Stubs
from scopedown.catalog.load import catalog
from scopedown.core.conditions import parse_condition
from scopedown.core.finding import Severity
from scopedown.core.tables import read_rows
from scopedown.deploy import arns
from scopedown.deploy.names import OWN_ARN
from scopedown.deploy.resources import OWN_TAGS, TAGS, rows_of
from scopedown.deploy.rows import name_rows
from scopedown.deploy.when import holds
from scopedown.permissions.encryption import encrypted
from scopedown.project.grants import grant_rows
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.references import names

READ: Final = Path(__file__).with_name("read.tsv")
"""What is read of each type besides what rows ask for."""
FROM_CONTENT: Final = ("Code.S3Key", "Content.S3Key")
"""Properties that come from an archive's content."""
ORDERED: Final = ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine")
"""The types whose ``DependsOn`` is compiled: all others refer to what they wait for."""

_BESIDE: Final = ("DeletionPolicy", "UpdateReplacePolicy", "Condition")

HASHED: Final = re.compile(
    r"\b(\w+?LambdaVersion)[A-Za-z0-9]{30,}\b|\b(ApiGatewayDeployment|WebsocketsDeployment(?!Stage\b))\w+|"
    r"\b(\w+?LambdaLayer)[0-9a-f]{40}\b|\b(\w+?LambdaLayerPermission)[0-9a-f]{40}\b"
)
"""Logical ids that end in a hash of content, or in the time: here they have no such end."""

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
        for path, their, our in _unequal(compared(its), compared(mine), ""):
            found.append(Difference(item, id, path.removeprefix("Properties."), their, our))
    return found


@dataclass(slots=True)
class _Ways:
    """The ways to the properties of a type that are read: for their values, for what they refer to, or only for whether
    they are set."""

    values: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)


@cache
def _read() -> Mapping[str, _Ways]:
    """The rows of ``read.tsv``."""
    found: dict[str, _Ways] = {}
    for row in read_rows(READ, ("type", "property", "compared", "by")):
        ways = found.setdefault(row["type"], _Ways())
        (ways.values if row["compared"] == "value" else ways.references).add(row["property"])
    return found


@cache
def _ways(kind: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The ways to the properties of a type that are read, each with how it is compared."""
    own = _read().get(kind, _Ways())
    found = _Ways(set(own.values), set(own.references))
    found.values.update(".".join(row.keys) for row in grant_rows().get(kind, ()) if row.keys)
    for row in rows_of(kind) or ():
        for template in (row.resource, row.condition):
            found.values.update(arns.paths_in(template))
        for term in (term for terms in parse_condition(row.when) for term in terms):
            (found.values if term.operator else found.tests).add(term.path)
    if named := name_rows().get(kind):
        found.values.update([*([named.name] if named.name else []), *arns.paths_in(named.arn)])
    elif known := catalog().cloudformation_type(kind):
        arn = OWN_ARN.get(kind, ("", ""))[1] or known.arn or ""
        found.values.update([*([known.name_property] if known.name_property else []), *re.findall(r"\$\{(\w+)\}", arn)])
    if (with_key := encrypted().get(kind)) is not None:
        found.values.add(with_key.key)
    if {TAGS, OWN_TAGS} & found.tests:
        found.values.add("Tags")
    found.values -= {*FROM_CONTENT, TAGS, OWN_TAGS}
    known = [f"{path}." for path in (*found.values, *found.references)]
    found.tests = {
        path
        for path in found.tests - {TAGS, OWN_TAGS}
        if not any(one.startswith(f"{_plain(path)}.") for one in map(_plain, known))
    }
    return tuple(
        (tuple(_plain(path).split(".")), how)
        for paths, how in ((found.values, "value"), (found.references, "references"), (found.tests, "is set"))
        for path in sorted(paths)
    )


def _plain(path: str) -> str:
    """A way of a row without its marks for lists and mappings."""
    return re.sub(r"\[\]|\.\*(?=\.|$)", "", path)


def compared(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of a resource: its type, what stands beside its properties, and those that are compiled here."""
    kind = resource["Type"]
    order = set(_names(resource)) if kind in ORDERED else ()
    return {
        "Type": kind,
        **{name: resource[name] for name in _BESIDE if resource.get(name) is not None},
        **({"DependsOn": sorted(order)} if order else {}),
        "Properties": _on_the_way(resource.get("Properties", {}), _ways(kind)) or {},
    }


def _on_the_way(tree: Any, ways: Iterable[tuple[tuple[str, ...], str]]) -> Any:
    """What of a tree is compared, through lists; None where nothing is."""
    ways = tuple(ways)
    ends = {how for way, how in ways if not way or way == ("",)}
    if "value" in ends or (is_intrinsic(tree) and any(how == "value" for _, how in ways)):
        return tree
    if "references" in ends or (is_intrinsic(tree) and any(how == "references" for _, how in ways)):
        is_cut = isinstance(tree, list) and all(isinstance(one, str) for one in tree)
        return tree if is_cut else sorted(one for one in names(tree) if not one.startswith("AWS::")) or None
    if "is set" in ends or (is_intrinsic(tree) and ways):
        return True if holds("X", {"X": tree}, str) is not None else None
    if isinstance(tree, list | tuple):
        return [found for one in tree if (found := _on_the_way(one, ways)) is not None] or None
    if not isinstance(tree, Mapping):
        return None
    found = {key: _on_the_way(tree[key], [(way[1:], how) for way, how in ways if way[:1] == (key,)]) for key in tree}
    return {key: value for key, value in found.items() if value is not None} or None


def _names(resource: Mapping[str, Any]) -> list[str]:
    """What a resource depends on: to CloudFormation a name is a list of one, and neither order nor repeats matter."""
    written = resource.get("DependsOn") or []
    return [written] if isinstance(written, str) else list(written)


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
