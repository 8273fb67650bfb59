"""Conditions that CloudFormation refuses: undeclared ones, those that lead back to themselves, those that are none.

In: the tree, its nested stacks in it. Out: findings, one a condition. Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, mappings, place_of
from scopedown.project.cloudformation.plain import section
from scopedown.project.findings import reported

_FUNCTIONS: Final = ("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")


def unknown_conditions(tree: MapNode) -> list[Finding]:
    """What is wrong about a template's conditions, and about the names of conditions that it uses."""
    conditions = section(tree, "Conditions")
    found: dict[str, Finding] = {}
    needs = {}
    for name, written in conditions.items():
        at = place_of(conditions, name)
        if not (isinstance(written, Mapping) and len(written) == 1 and next(iter(written)) in _FUNCTIONS):
            found[name] = reported("wrong-type condition", at, name=name)
        needs[name] = dict(_named(written, at))
    for needed in needs.values():
        for other, place in needed.items():
            if other not in conditions:
                found.setdefault(other, _undeclared(other, place))
    for name in _circular({name: set(needed) & set(needs) for name, needed in needs.items()}):
        found[name] = reported("condition-cycle", place_of(conditions, name), name=name)
    for part in ("Resources", "Outputs"):
        for other, place in _named(tree.get(part), place_of(tree, part)):
            if other not in conditions:
                found.setdefault(other, _undeclared(other, place))
    return list(found.values())


def _undeclared(name: str, place: Place | None) -> Finding:
    return reported("condition-unknown", place, name=name)


def _named(tree: Any, place: Place | None) -> Iterator[tuple[str, Place | None]]:
    """Conditions that a tree names, in ``Condition`` of a condition and the first item of ``Fn::If``."""
    for node, at in mappings(tree, place):
        if len(node) != 1:
            continue
        key, argument = next(iter(node.items()))
        if key == "Condition" and isinstance(argument, str):
            yield argument, place_of(node, key) or at
        elif key == "Fn::If" and isinstance(argument, list) and argument and isinstance(argument[0], str):
            yield argument[0], place_of(argument, 0) or at


def _circular(needs: Mapping[str, set[str]]) -> list[str]:
    """The names that need themselves, through others or at once."""
    left = set(needs)
    for graph in (needs, _turned(needs)):  # what needs no circle goes, then what no circle needs
        users = _turned(graph)
        open_needs = {name: len(graph[name] & left) for name in left}
        free = [name for name, number in open_needs.items() if not number]
        while free:
            name = free.pop()
            left.discard(name)
            for user in users[name] & left:
                open_needs[user] -= 1
                if not open_needs[user]:
                    free.append(user)
    return [name for name in needs if name in left]


def _turned(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {name: set() for name in needs}
    for name, needed in needs.items():
        for other in needed:
            users[other].add(name)
    return users
