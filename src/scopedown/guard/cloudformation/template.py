"""A template's intrinsic functions and the order of its resources, as far as deployed services use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass
class Made:
    """A resource that exists: what ``Ref`` and ``Fn::GetAtt`` give, and the properties that it was made with."""

    physical: str
    attributes: dict[str, Any] = field(default_factory=dict)
    type: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    retained: bool = False


class TemplateError(Exception):
    """Something in a template that is not understood: the stack fails there."""


def resolve(tree: Any, made: Mapping[str, Made], pseudo: Mapping[str, str]) -> Any:
    """The tree with its intrinsic functions evaluated."""
    if isinstance(tree, list):
        return [one for item in tree if (one := resolve(item, made, pseudo)) is not None]
    if not isinstance(tree, Mapping):
        return tree
    if len(tree) != 1 or not (next(iter(tree)) == "Ref" or next(iter(tree)).startswith("Fn::")):
        found = {key: resolve(value, made, pseudo) for key, value in tree.items()}
        return {key: value for key, value in found.items() if value is not None}
    ((name, value),) = tree.items()
    if name == "Ref":
        return _ref(value, made, pseudo)
    if name == "Fn::GetAtt":
        id, _, attribute = value.partition(".") if isinstance(value, str) else (value[0], "", value[1])
        return _attribute(id, attribute, made)
    if name == "Fn::Sub":
        text, own = (value, {}) if isinstance(value, str) else (value[0], resolve(value[1], made, pseudo))
        return _VARIABLE.sub(lambda match: _substituted(match, own, made, pseudo), text)
    value = resolve(value, made, pseudo)
    if name == "Fn::Join":
        return str(value[0]).join(map(str, value[1]))
    if name == "Fn::Select":
        return value[1][int(value[0])]
    if name == "Fn::Split":
        return value[1].split(value[0])
    raise TemplateError(f"{name} is not evaluated")


def _ref(name: str, made: Mapping[str, Made], pseudo: Mapping[str, str]) -> str | None:
    if name == "AWS::NoValue":
        return None
    if name in pseudo:
        return pseudo[name]
    if name not in made:
        raise TemplateError(f"Unresolved resource dependencies [{name}]")
    return made[name].physical


def _attribute(id: str, attribute: str, made: Mapping[str, Made]) -> str:
    if id not in made or attribute not in made[id].attributes:
        raise TemplateError(f"{id} has no attribute {attribute} that is known")
    return str(made[id].attributes[attribute])


def _substituted(
    match: re.Match[str], own: Mapping[str, Any], made: Mapping[str, Made], pseudo: Mapping[str, str]
) -> str:
    literal, name = match[1], match[2].strip()
    if literal:
        return f"${{{match[2]}}}"
    if name in own:
        return str(own[name])
    if "." in name and name not in pseudo:
        id, _, attribute = name.partition(".")
        return _attribute(id, attribute, made)
    return str(_ref(name, made, pseudo))


def ordered(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Logical ids, each after those that it needs."""
    graph = {}
    for id, one in resources.items():
        written = one.get("DependsOn", [])
        needs = {*([written] if isinstance(written, str) else written), *_named(one.get("Properties", {}))}
        graph[id] = {name for name in needs if name in resources and name != id}
    return list(TopologicalSorter(graph).static_order())


def _named(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for item in tree:
            yield from _named(item)
    elif isinstance(tree, Mapping):
        for name, value in tree.items():
            if name == "Ref" and isinstance(value, str):
                yield value
            elif name == "Fn::GetAtt":
                yield value.split(".")[0] if isinstance(value, str) else value[0]
            elif name == "Fn::Sub":
                text = value if isinstance(value, str) else value[0]
                yield from (match[2].strip().split(".")[0] for match in _VARIABLE.finditer(text))
                yield from _named(value)
            else:
                yield from _named(value)
