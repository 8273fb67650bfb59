"""The conditions of rows, in the notation of :mod:`scopedown.core.conditions`, over a tree of properties or settings.

``Prop.Sub`` reaches in, ``Items[].Sub`` into each item of a list, ``Map.*`` into each value of a mapping. Of a mapping,
any name or value in it is compared. What is not known before the deployment counts as there: a permission too many is
seen, one too few fails.

A property that a later version of the template takes away needs its own action then (``DeleteFunctionConcurrency``).
Rows name such actions with the phase ``update`` under the property itself: whoever may set it may take it away again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from scopedown.core.conditions import Term, held_terms
from scopedown.core.text import Text
from scopedown.project.intrinsics import is_intrinsic

UNKNOWN = "*"
"""What a value is as text where nothing of it is known."""
NO_VALUE = {"Ref": "AWS::NoValue"}
AsText = Callable[[Any], str]
"""Gives a value as a pattern."""


def holds(condition: str, tree: Mapping[str, Any], text: AsText) -> str | None:
    """The terms that make a condition hold, as a reader sees them; None where it does not.

    >>> holds("VpcConfig.SubnetIds & Runtime~=java", {"VpcConfig": {"SubnetIds": ["a"]}, "Runtime": "Java21"}, str)
    'VpcConfig.SubnetIds, Runtime'
    """
    terms = held_terms(
        condition, lambda term: term.holds(list(values_at(term.path, tree)), partial(_compares, text=text))
    )
    return None if terms is None else ", ".join(term.path for term in terms if not term.negative)


def values_at(path: str, tree: Any) -> Iterator[Any]:
    """What stands at a path; nothing where it leads nowhere. A value that hides the rest is given itself."""
    if tree is None or tree == NO_VALUE:
        return
    if (branches := _branches(tree)) is not None:
        for branch in branches:
            yield from values_at(path, branch)
        return
    if not path:
        yield tree
        return
    if isinstance(tree, Text) or is_intrinsic(tree):
        yield tree
        return
    step, _, rest = path.partition(".")
    name = step.removesuffix("[]")
    if isinstance(tree, Mapping):
        found = list(tree.values()) if name == "*" else [tree.get(name)]
        for value in found:
            for option in _options(value) if step.endswith("[]") else (value,):
                for item in option if isinstance(option, list | tuple) and step.endswith("[]") else (option,):
                    yield from values_at(rest, item)


def _options(tree: Any) -> Iterator[Any]:
    """A value, or all that it may be."""
    branches = _branches(tree)
    if branches is None:
        yield tree
    else:
        for branch in branches:
            yield from _options(branch)


def _branches(tree: Any) -> list[Any] | None:
    """Both values of an ``Fn::If`` that is decided when the stack is deployed."""
    if isinstance(tree, Mapping) and len(tree) == 1 and isinstance(choice := tree.get("Fn::If"), list | tuple):
        return list(choice[1:])
    return None


def _compares(value: Any, term: Term, text: AsText) -> bool:
    """Whether a value surely compares, or may."""
    if not term.operator:
        return _is_set(value) and not (term.sure and UNKNOWN in _texts(value, text))
    for shown in _texts(value, text):
        if shown == UNKNOWN:
            if not term.sure:
                return True
        elif term.compares(shown):
            return True
    return False


def _texts(value: Any, text: AsText) -> Iterator[str]:
    """A value as text, whatever the case; of a mapping or a list, every name and value in it."""
    if isinstance(value, Mapping) and not is_intrinsic(value):
        for name, item in value.items():
            yield name.lower()
            yield from _texts(item, text)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, text)
    else:
        yield text(value).lower()


def _is_set(value: Any) -> bool:
    if value is None or value is False or value == "" or value == "false" or value == NO_VALUE:
        return False
    return not (isinstance(value, Mapping | list | tuple) and not value)
