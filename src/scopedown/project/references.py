"""What a value of a template refers to: the one walk over ``Ref``, ``Fn::GetAtt`` and the variables of ``Fn::Sub``.

In: a tree, before or after its intrinsic functions became :class:`~scopedown.core.text.Text`. Out: each reference in
reading order. Text that is no argument of ``Fn::Sub`` names nothing, ``${X}`` in it or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Literal, Param, Ref, Text
from scopedown.documents.nodes import place_of
from scopedown.project.intrinsics import PLACEHOLDER, is_intrinsic

COMPUTED: Final = "?"
"""The attribute of an ``Fn::GetAtt`` whose attribute is no written text."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A logical id, a parameter or a pseudo parameter, and an attribute of it (empty: what ``Ref`` gives)."""

    name: str
    attribute: str = ""
    place: Place | None = field(default=None, compare=False)


def references(tree: Any, place: Place | None = None) -> Iterator[Reference]:
    """Every reference in a tree; ``place`` is that of those of which nobody knows better.

    >>> tree = {"Fn::Sub": ["${Table.Arn}/${own}", {"own": {"Ref": "Stage"}}]}
    >>> [(reference.name, reference.attribute) for reference in references(tree)]
    [('Table', 'Arn'), ('Stage', '')]
    """
    for node, at in _nodes(tree, place):
        if isinstance(node, Text):
            yield from _of_text(node, at)
        elif is_intrinsic(node):
            yield from _of_function(node, at)


def names(tree: Any) -> frozenset[str]:
    """What a tree refers to, by name alone."""
    return frozenset(reference.name for reference in references(tree))


def functions(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every intrinsic function in a tree, and its argument."""
    return (next(iter(node.items())) for node, _ in _nodes(tree, None) if is_intrinsic(node))


def _nodes(tree: Any, place: Place | None) -> Iterator[tuple[Any, Place | None]]:
    """The mappings and texts of a tree in reading order, each before what it holds."""
    waiting = [(tree, place)]
    while waiting:
        node, at = waiting.pop()
        if isinstance(node, Text):
            yield node, at
        elif isinstance(node, Mapping):
            at = place_of(node) or at
            yield node, at
            items = [item for item in node.items() if not isinstance(item[1], str)]
            waiting += [(item, place_of(node, key) or at) for key, item in reversed(items)]
        elif isinstance(node, list | tuple):
            numbers = [index for index, item in enumerate(node) if not isinstance(item, str)]
            waiting += [(node[index], place_of(node, index) or at) for index in reversed(numbers)]


def _of_text(text: Text, at: Place | None) -> Iterator[Reference]:
    for part in text.parts:
        match part:
            case Ref(name) | Param(name):
                yield Reference(name, "", at)
            case Att(name, attribute):
                yield Reference(name, attribute, at)


def _of_function(node: Mapping[str, Any], at: Place | None) -> Iterator[Reference]:
    ((function, argument),) = node.items()
    if function == "Ref" and isinstance(argument, str):
        yield Reference(argument, "", at)
    elif function == "Fn::GetAtt":
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if isinstance(parts, list) and len(parts) == 2 and isinstance(parts[0], str) and all(parts):
            yield Reference(parts[0], parts[1] if isinstance(parts[1], str) else COMPUTED, at)
    elif function == "Fn::Sub":
        template, own = (*argument, {})[:2] if isinstance(argument, list) and argument else (argument, {})
        variables = own if isinstance(own, Mapping) else {}
        for text in _literals(template):
            for match in PLACEHOLDER.finditer(text):
                if not match[1] and (name := match[2].strip()) not in variables:
                    id, _, attribute = name.partition(".")
                    yield Reference(id, attribute, at)


def _literals(template: Any) -> list[str]:
    """The written pieces of the template of ``Fn::Sub``."""
    if isinstance(template, Text):
        return [part.value for part in template.parts if isinstance(part, Literal)]
    return [template] if isinstance(template, str) else []
