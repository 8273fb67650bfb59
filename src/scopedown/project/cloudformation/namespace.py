"""One template's names inside another tree: logical ids with a prefix, parameters replaced by what they are given.

In: a value of a template. Out: the same value as it reads in the project's one tree, places kept. ``Ref``,
``Fn::GetAtt``, ``Fn::Sub``, ``Fn::If``, ``Condition`` and ``Fn::FindInMap`` name things of their own template only, so
only their arguments are renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, place_of, rewritten
from scopedown.project.cloudformation.choose import Budget
from scopedown.project.intrinsics import PLACEHOLDER

_MAX_DEPTH: Final = 250
"""A document has at most 128 levels; each takes three of Python's frames here."""


@dataclass(slots=True)
class Namespace:
    """What the names of one template become.

    ``ids`` are its resources and the parameters that nothing is given for, ``conditions`` and ``mappings`` its
    sections' names: they get ``prefix``. ``values`` are its given parameters and pseudo parameters, ``attribute`` tells
    what a nested stack's output is (None: an attribute as any other).
    """

    prefix: str
    ids: frozenset[str]
    conditions: frozenset[str]
    mappings: frozenset[str]
    budget: Budget
    values: Mapping[str, Any] = field(default_factory=dict)
    attribute: Callable[[str, str], tuple[Any] | None] = lambda id, name: None
    depth: int = 0

    def renamed(self, tree: Any) -> Any:
        """A value with its names in the project's tree."""
        self.budget.spend()
        if not isinstance(tree, Mapping | list):
            return tree
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ScopedownError(
                "the nested stacks pass values through too many levels", None, "pass fewer values to nested stacks"
            )
        try:
            if isinstance(tree, Mapping) and len(tree) == 1:
                name, argument = next(iter(tree.items()))
                rename = _RENAMED.get(name)
                found = rename(self, argument) if rename is not None else None
                if found is not None:
                    return rewritten(tree, lambda _, __: found[1]) if found[0] else found[1]
            return rewritten(tree, lambda _, value: self.renamed(value))
        finally:
            self.depth -= 1

    def name(self, name: Any, names: frozenset[str]) -> Any:
        """A name of the template, with the prefix."""
        return self.prefix + name if isinstance(name, str) and name in names else name

    # Each gives (whether it is still a call of that function, its argument or the value), or None: nothing special

    def _ref(self, argument: Any) -> tuple[bool, Any] | None:
        if not isinstance(argument, str):
            return None
        if argument in self.values:
            return False, self.budget.spend_all(self.values[argument])
        return True, self.name(argument, self.ids)

    def _get_att(self, argument: Any) -> tuple[bool, Any] | None:
        if isinstance(argument, str):
            id, _, name = argument.partition(".")
        elif isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
            id, name = argument
        else:
            return None
        found = self.attribute(id, name) if isinstance(name, str) else None
        if found is not None:
            return False, self.budget.spend_all(found[0])
        pair = argument if isinstance(argument, list) else [id, name]
        return True, rewritten(pair, lambda index, _: name if index else self.name(id, self.ids))

    def _sub(self, argument: Any) -> tuple[bool, Any] | None:
        template = argument[0] if isinstance(argument, list) and argument else argument
        if not isinstance(template, str):
            return None
        given = argument[1] if isinstance(argument, list) and len(argument) > 1 else {}
        variables = MapNode(
            {key: self.renamed(value) for key, value in given.items()} if isinstance(given, Mapping) else {}
        )
        pieces, last = [], 0
        for match in PLACEHOLDER.finditer(template):
            pieces.append(template[last : match.start()])
            last = match.end()
            name = match[2].strip()
            id, dot, attribute = name.partition(".")
            new = match[0]
            if match[1] or name in variables:
                pass
            elif name in self.values:
                variables[name] = self.budget.spend_all(self.values[name])
            elif dot and (found := self.attribute(id, attribute)) is not None:
                variables[name] = self.budget.spend_all(found[0])
            elif id in self.ids:
                new = f"${{{self.prefix}{name}}}"
            pieces.append(new)
        text = "".join(pieces) + template[last:]
        if not variables:
            return True, text
        pair = ListNode([text, variables], place_of(argument) or Place(""))
        pair.items_at = [place_of(argument, index) or pair.place for index in range(2)]
        return True, pair

    def _if(self, argument: Any) -> tuple[bool, Any] | None:
        if not isinstance(argument, list) or not argument:
            return None
        return True, rewritten(
            argument, lambda index, item: self.renamed(item) if index else self.name(item, self.conditions)
        )

    def _condition(self, argument: Any) -> tuple[bool, Any] | None:
        return (True, self.name(argument, self.conditions)) if isinstance(argument, str) else None

    def _find_in_map(self, argument: Any) -> tuple[bool, Any] | None:
        if not isinstance(argument, list) or not argument:
            return None
        first = argument[0]
        name = self.name(first, self.mappings) if isinstance(first, str) else self.renamed(first)
        return True, rewritten(argument, lambda index, item: self.renamed(item) if index else name)


_RENAMED: Final[Mapping[str, Callable[[Namespace, Any], tuple[bool, Any] | None]]] = {
    "Ref": Namespace._ref,
    "Fn::GetAtt": Namespace._get_att,
    "Fn::Sub": Namespace._sub,
    "Fn::If": Namespace._if,
    "Condition": Namespace._condition,
    "Fn::FindInMap": Namespace._find_in_map,
}


def unlisted(value: Any, parameter: Any) -> Any:
    """What is given for a parameter of a list type, as a list: a text joined by commas is one again."""
    kind = parameter.get("Type") if isinstance(parameter, Mapping) else None
    if not isinstance(kind, str) or not (kind == "CommaDelimitedList" or "List<" in kind):
        return value
    if isinstance(value, str):
        return [item.strip() for item in value.split(",")]
    joined = value.get("Fn::Join") if isinstance(value, Mapping) and len(value) == 1 else None
    if isinstance(joined, list) and len(joined) == 2 and joined[0] == "," and not isinstance(joined[1], Text):
        return joined[1]
    return value
