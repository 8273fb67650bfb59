"""What a template's conditions leave of it: the tree as it deploys by its parameters' defaults.

In: a tree and a scope that tells conditions by defaults. Out: the same tree, places kept, in which every ``Fn::If``
whose condition can be told is the branch that holds, ``Fn::FindInMap`` is its value, an ``Fn::ImportValue`` of what
the project itself exports is the exported value, a value of Parameter Store is what the user says it is, and what is
``AWS::NoValue`` is gone. What cannot be told stays as
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import MAX_NODES
from scopedown.documents.nodes import GONE, MapNode, rewritten
from scopedown.documents.scalars import js_text
from scopedown.project.intrinsics import Scope, condition, in_map, to_text

_MAX_DEPTH: Final = 200
_STORED: Final = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_DYNAMIC: Final = re.compile(r"\{\{resolve:ssm:([^{}]+)\}\}")
_NOTHING: Final = {"Ref": "AWS::NoValue"}


@dataclass(slots=True)
class Budget:
    """How many nodes a tree may grow to when values are put into it, a value once for each place that names it."""

    place: Place | None = None
    left: int = MAX_NODES

    def spend_all(self, tree: Any) -> Any:
        """Count every node of a tree that is put somewhere once more; gives the tree."""
        waiting = [tree]
        while waiting:
            self.spend()
            node = waiting.pop()
            if isinstance(node, Mapping):
                waiting += node.values()
            elif isinstance(node, list):
                waiting += node
        return tree

    def spend(self) -> None:
        """Count one node; raises ScopedownError where there are too many."""
        self.left -= 1
        if self.left < 0:
            raise ScopedownError(
                f"the template expands to more than {MAX_NODES} values",
                self.place,
                "pass fewer values to nested stacks",
            )


@dataclass(slots=True)
class Chooser:
    """Decides the conditions of trees. ``exports`` are the project's own: an export's name, and its value.

    ``values`` are what the user knows of AWS, by the variable that asks for it (``ssm:/path``).
    """

    scope: Scope
    exports: Mapping[str, Any] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    values: Mapping[str, Any] = field(default_factory=dict)
    _imported: list[str] = field(default_factory=list)

    def chosen(self, tree: Any, depth: int = 0) -> Any:
        """A tree with everything decided that can be."""
        self.budget.spend()
        if isinstance(tree, str):
            return self._resolved(tree) if self.values and "{{resolve:ssm:" in tree else tree
        if depth > _MAX_DEPTH or not isinstance(tree, Mapping | list):
            return tree
        if isinstance(tree, Mapping) and len(tree) == 1:
            name, argument = next(iter(tree.items()))
            decide: Callable[[Any, int], tuple[Any] | None] | None = {
                "Fn::If": self._if, "Fn::FindInMap": self._find, "Fn::ImportValue": self._import,
            }.get(name)  # fmt: skip
            found = decide(argument, depth + 1) if decide is not None else None
            if found is not None:
                return found[0]
        return rewritten(tree, partial(self._child, depth + 1))

    def _resolved(self, text: str) -> str:
        """A text with what Parameter Store holds put in, where the user says it."""
        return _DYNAMIC.sub(lambda match: _stored(match[1], self.values) or match[0], text)

    def _child(self, depth: int, key: str | int, value: Any) -> Any:
        if key == "Fn::If" and isinstance(value, list):  # its branches are no items
            return rewritten(value, lambda _, branch: self.chosen(branch, depth + 1))
        new = self.chosen(value, depth)
        return GONE if new == _NOTHING and not str(key).startswith("Fn::") else new

    def _if(self, argument: Any, depth: int) -> tuple[Any] | None:
        if not (isinstance(argument, list) and len(argument) == 3):
            return None
        truth = condition(argument[0], self.scope)
        return None if truth is None else (self.chosen(argument[1 if truth else 2], depth),)

    def _find(self, argument: Any, depth: int) -> tuple[Any] | None:
        found = in_map(argument, self.scope)
        return None if found is None else (self.chosen(found[0], depth),)

    def _import(self, argument: Any, depth: int) -> tuple[Any] | None:
        name: Text = to_text(argument, self.scope)
        key = str(name)
        if name.unknowns or key not in self.exports or key in self._imported:
            return None
        self._imported.append(key)
        try:
            return (self.chosen(self.exports[key], depth),)
        finally:
            self._imported.pop()


def with_stored(parameter: MapNode, values: Mapping[str, Any]) -> MapNode:
    """A parameter whose default is a name in Parameter Store, with the value of that name where the user says it
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html)."""
    kind, name = parameter.get("Type"), parameter.get("Default")
    match = _STORED.fullmatch(kind) if isinstance(kind, str) else None
    value = _stored(name, values) if match is not None and isinstance(name, str) else None
    if match is None or value is None:
        return parameter
    told = MapNode(parameter)
    told.place = parameter.place
    told["Type"], told["Default"] = match[1], value
    return told


def _stored(name: str, values: Mapping[str, Any]) -> str | None:
    """What Parameter Store holds under a name (``/path``, with or without a version): a list is joined by commas."""
    for key in (f"ssm:{name}", f"ssm:{name.partition(':')[0]}"):
        value = values.get(key)
        if value is not None and not isinstance(value, Mapping | Text):
            return js_text(value)
    return None


def exports_of(outputs: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """What a project's outputs export: the name, as text, and the value."""
    found: dict[str, Any] = {}
    for output in outputs.values():
        export = output.get("Export") if isinstance(output, Mapping) else None
        name = export.get("Name") if isinstance(export, Mapping) else None
        if name is None:
            continue
        text = to_text(name, scope)
        if not text.unknowns and isinstance(output, Mapping) and output.get("Value") is not None:
            found.setdefault(str(text), output["Value"])
    return found
