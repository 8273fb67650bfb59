"""serverless-plugin-additional-stacks 1.6.0 (MIT), ``index.js``: further stacks, each a template of its own.

Below ``custom.additionalStacks`` each name stands for a stack, ``STACK-NAME`` unless it has a ``StackName``. Its
resources, parameters, mappings and conditions are read with the stack's name before theirs; its outputs are not the
service's. The plugin deploys the stacks itself, so nothing of them is in the service's own template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map, clone, place_of
from scopedown.project.cloudformation.choose import Budget
from scopedown.project.cloudformation.namespace import Namespace
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service, merge

_PLUGIN: Final = "serverless-plugin-additional-stacks"
_SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources")


def _configure(service: Service, given: Given) -> None:
    written = service.custom.get("additionalStacks")
    budget = Budget(service.place_in(service.custom, "additionalStacks"))
    for key, stack in as_map(written).items():
        place = service.place_in(written, key)
        whole = _whole(stack, place)
        name = _name(service, key, whole)
        if not isinstance(name, str) or whole.get("Transform"):
            why = "it has a transform" if isinstance(name, str) else "its name is not known"
            what = f"scopedown did not read the stack {key} of the plugin {_PLUGIN}: {why}"
            service.tell("plugin-stack", what, place, "add the permissions that its resources need")
            continue
        _put(service, name, whole, budget)


def _whole(stack: Any, place: Place) -> MapNode:
    """A stack as one mapping; the plugin merges a list of them."""
    found = MapNode(None, place)
    for part in stack if isinstance(stack, list) else [stack]:
        merge(found, clone(as_map(part)))
    return found


def _name(service: Service, key: str, stack: Mapping[str, Any]) -> Name:
    own = stack.get("StackName")
    if isinstance(own, str | Text) and own:
        return own
    main = service.provider.get("stackName")
    main = main if isinstance(main, str | Text) and main else concat(service.name, f"-{service.stage}")
    return concat(main, f"-{key}")


def _put(service: Service, stack: str, written: Mapping[str, Any], budget: Budget) -> None:
    """Put what a stack declares beside what the service does, under names that begin with the stack's."""
    given = {
        str(as_map(one).get("ParameterKey")): as_map(one).get("ParameterValue")
        for one in as_list(written.get("DeployParameters"))
    }
    ids = frozenset(as_map(written.get("Resources"))) | (frozenset(as_map(written.get("Parameters"))) - set(given))
    names = Namespace(
        f"{stack}/",
        ids,
        frozenset(as_map(written.get("Conditions"))),
        frozenset(as_map(written.get("Mappings"))),
        budget,
        {"AWS::StackName": stack, **given},
    )
    for kind in _SECTIONS:
        section = written.get(kind)
        into = nodes(service.resources, kind) if section else MapNode()
        for name, value in as_map(section).items():
            new = names.renamed(value)
            if kind == "Resources" and isinstance(new, MapNode):
                _beside(new, names)
            into[f"{stack}/{name}"] = new
            into.keys_at[f"{stack}/{name}"] = into.values_at[f"{stack}/{name}"] = place_of(section, name) or into.place


def _beside(resource: MapNode, names: Namespace) -> None:
    """Rename what stands beside the properties of a resource."""
    if isinstance(resource.get("Condition"), str):
        resource["Condition"] = names.name(resource["Condition"], names.conditions)
    depends = resource.get("DependsOn")
    if isinstance(depends, str):
        resource["DependsOn"] = names.name(depends, names.ids)
    elif isinstance(depends, list):
        resource["DependsOn"] = [names.name(one, names.ids) for one in depends]


EFFECT: Final = Effect(configure=_configure, settings="additionalStacks")
