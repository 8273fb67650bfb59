"""What serverless-pseudo-parameters and serverless-cf-vars do: ``#{AWS::Region}`` in a string becomes ``Fn::Sub``.

In: a service that loads one of them. Out: its statements, variables and resources with ``Fn::Sub`` where the plugin
puts it: ``lib/index.js`` (``replaceChildNodes``) of the first, where without ``allowReferences`` only pseudo parameters
are replaced; ``lib/replaceChildNodes.js`` of serverless-cf-vars 0.3.5.
"""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_map, place_of
from scopedown.project.serverless.service import Service

PLUGIN: Final = "serverless-pseudo-parameters"
_OTHER: Final = "serverless-cf-vars"
_REFERENCE: Final = re.compile(r"#\{([^}]+)\}")
_PSEUDO: Final = re.compile(r"#\{(AWS::[a-zA-Z]+)\}")
_SUB: Final = "Fn::Sub"
_OF_THE_TEMPLATE: Final = ("environment", "iam", "iamRoleStatements", "events", "kmsKeyArn", "onError", "role")
"""Keys of the provider and of functions whose values the framework puts into the template."""


def substitute(service: Service) -> None:
    """Replace the plugin's references in what becomes the template of the service."""
    if not (service.has_plugin(PLUGIN) or service.has_plugin(_OTHER)):
        return
    said = as_map(service.custom.get("pseudoParameters")).get("allowReferences")
    pattern = _PSEUDO if said is False and not service.has_plugin(_OTHER) else _REFERENCE
    sections: list[tuple[Any, bool]] = [(as_map(service.resources), False)]
    for owner in (service.provider, *service.functions.values()):
        if isinstance(owner, dict):
            _replace(owner, pattern, _OF_THE_TEMPLATE)
            sections += ((owner[key], False) for key in _OF_THE_TEMPLATE if key in owner)
    while sections:
        node, below_sub = sections.pop()
        if isinstance(node, dict | list):
            _replace(node, pattern, of_sub=below_sub)
            items: Any = node.items() if isinstance(node, dict) else enumerate(node)
            sections += ((child, key == _SUB) for key, child in items if child is not node)


def _replace(
    node: dict[str, Any] | list[Any], pattern: re.Pattern[str], only: tuple[str, ...] = (), of_sub: bool = False
) -> None:
    """Replace the strings that a mapping (of some keys only) or a list holds itself.

    The first item of a list ``of_sub`` is the text of ``Fn::Sub``: the plugin makes no list of it valid, so a text that
    holds one is taken as it reads.
    """
    keys: Any = [*node] if isinstance(node, dict) else range(len(node))
    for key in keys:
        value = node[key]
        if not isinstance(value, str) or (only and key not in only) or not pattern.search(value):
            continue
        said = pattern.sub(r"${\1}", value)
        if key == _SUB or (of_sub and isinstance(node, list) and key == 0):
            node[key] = said
            continue
        place = place_of(node, key) or Place("")
        made = MapNode({_SUB: said}, place)
        made.keys_at[_SUB] = made.values_at[_SUB] = place
        node[key] = made
