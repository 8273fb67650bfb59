"""What serverless-pseudo-parameters does: ``#{AWS::Region}`` in a string of the template becomes ``Fn::Sub``.

In: a service that loads the plugin. Out: its statements, variables and resources with ``Fn::Sub`` where the plugin puts
it (its ``lib/index.js``, ``replaceChildNodes``; without ``allowReferences`` only pseudo parameters are replaced).
"""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import ListNode, MapNode, as_map, place_of
from scopedown.project.serverless.service import Service

PLUGIN: Final = "serverless-pseudo-parameters"
_REFERENCE: Final = re.compile(r"#\{([^}]+)\}")
_PSEUDO: Final = re.compile(r"#\{(AWS::[a-zA-Z]+)\}")
_SUB: Final = "Fn::Sub"
_OF_THE_TEMPLATE: Final = ("environment", "iam", "iamRoleStatements", "events", "kmsKeyArn", "onError", "role")
"""Keys of the provider and of functions whose values the framework puts into the template."""


def substitute(service: Service) -> None:
    """Replace the plugin's references in what becomes the template of the service."""
    if not service.has_plugin(PLUGIN):
        return
    said = as_map(service.custom.get("pseudoParameters")).get("allowReferences")
    pattern = _PSEUDO if said is False else _REFERENCE
    sections: list[Any] = [as_map(service.resources), *as_map(service.resources).values()]
    for owner in (service.provider, *service.functions.values()):
        if isinstance(owner, dict):
            _replace(owner, pattern, _OF_THE_TEMPLATE)
            sections += (owner[key] for key in _OF_THE_TEMPLATE if key in owner)
    while sections:
        node = sections.pop()
        if isinstance(node, dict | list):
            _replace(node, pattern)
            sections += (child for child in (node.values() if isinstance(node, dict) else node) if child is not node)


def _replace(node: dict[str, Any] | list[Any], pattern: re.Pattern[str], only: tuple[str, ...] = ()) -> None:
    """Replace the strings that a mapping (of some keys only) or a list holds itself."""
    keys: Any = [*node] if isinstance(node, dict) else range(len(node))
    for key in keys:
        value = node[key]
        if not isinstance(value, str) or (only and key not in only) or not pattern.search(value):
            continue
        said = pattern.sub(r"${\1}", value)
        if key == _SUB or (isinstance(node, ListNode) and _is_text_of_sub(node, key)):
            node[key] = said
            continue
        place = place_of(node, key) or Place("")
        made = MapNode({_SUB: said}, place)
        made.keys_at[_SUB] = made.values_at[_SUB] = place
        node[key] = made


def _is_text_of_sub(node: ListNode, index: Any) -> bool:
    """Whether an item is the text of ``Fn::Sub`` with values of its own: the plugin makes no list of it valid, and a
    text that holds one already is taken as it reads."""
    return index == 0 and len(node) == 2 and isinstance(node[1], dict)
