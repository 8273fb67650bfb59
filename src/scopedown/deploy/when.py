"""The conditions of table rows: small expressions over a tree of properties or settings.

``Prop`` holds where the property is there (and not false, empty or null), ``Prop.Sub`` reaches in, ``Items[].Sub``
into each item of a list, ``Map.*`` into each value of a mapping; ``!Prop`` negates; ``Prop=value`` and ``Prop~=text``
compare text, whole or a part of it, whatever the case (of a mapping, any name or value in it); ``&`` joins before
``|``. An empty expression always holds. What is not known before the deployment counts as there: a permission too many
is seen, one too few fails.

A property that a later version of the template takes away needs its own action then (``DeleteFunctionConcurrency``).
Rows name such actions with the phase ``update`` under the property itself: whoever may set it may take it away again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.project.intrinsics import is_intrinsic

UNKNOWN = "*"
"""What a value is as text where nothing of it is known."""
NO_VALUE = {"Ref": "AWS::NoValue"}
AsText = Callable[[Any], str]
"""Gives a value as a pattern."""


def holds(expression: str, tree: Mapping[str, Any], text: AsText) -> str | None:
    """The terms that make an expression hold, as a reader sees them; None where it does not.

    >>> holds("VpcConfig.SubnetIds & Runtime~=java", {"VpcConfig": {"SubnetIds": ["a"]}, "Runtime": "Java21"}, str)
    'VpcConfig.SubnetIds, Runtime'
    """
    if not expression.strip():
        return ""
    for alternative in expression.split("|"):
        terms = [term.strip() for term in alternative.split("&")]
        if all(_term(term, tree, text) for term in terms):
            return ", ".join(_name(term) for term in terms if not term.startswith("!"))
    return None


def properties_in(expression: str) -> list[str]:
    """The paths that an expression asks for."""
    terms = [term.strip() for term in expression.replace("|", "&").split("&")]
    return [_name(term.removeprefix("!")) for term in terms if term]


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
            for one in _options(value) if step.endswith("[]") else (value,):
                for item in one if isinstance(one, list | tuple) and step.endswith("[]") else (one,):
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


def _name(term: str) -> str:
    return term.removeprefix("!").partition("=")[0].removesuffix("~")


def _term(term: str, tree: Mapping[str, Any], text: AsText) -> bool:
    if term.startswith("!"):
        return not _term(term[1:], tree, text)
    left, equals, wanted = term.partition("=")
    if not equals:
        return any(_is_set(value) for value in values_at(left, tree))
    path = left.removesuffix("~")
    for value in values_at(path, tree):
        for shown in _texts(value, text):
            if shown == UNKNOWN or (wanted.lower() in shown if left.endswith("~") else shown == wanted.lower()):
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
