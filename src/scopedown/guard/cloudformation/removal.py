"""How resources are deleted: those that need others first, each kept where its policy says so.

In: resources that exist, in whose name. Out: the events, and what could not be deleted.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scopedown.guard.cloudformation.driver import AsCaller, reason_of
from scopedown.guard.cloudformation.engine import Engine
from scopedown.guard.cloudformation.model import Stack
from scopedown.guard.cloudformation.template import Made, TemplateError, waves


@dataclass(frozen=True)
class Doomed:
    """A resource to be deleted. ``policy`` is the one that holds for the occasion; ``live``: the stack has it now."""

    id: str
    made: Made
    policy: str
    live: bool = True


def of_stack(stack: Stack, ids: Sequence[str] | None = None, creating: bool = False) -> list[Doomed]:
    """Resources that a stack has. ``creating``: they were made by the deployment that is undone."""
    return [
        Doomed(id, made, "Delete" if creating and made.deletion_policy == "RetainExceptOnCreate" else
               made.deletion_policy)
        for id, made in stack.made.items() if ids is None or id in ids
    ]  # fmt: skip


def remove(
    engine: Engine, stack: Stack, hands: AsCaller, doomed: Sequence[Doomed], retain: Sequence[str] = ()
) -> list[str]:
    """Delete, and tell which could not be; what needs one of these stays as well."""
    named = {f"{index}": one for index, one in enumerate(doomed)}
    graph = {
        index: frozenset(other for other, two in named.items() if two.id in one.made.needs and other != index)
        for index, one in named.items()
    }
    try:
        order = waves(graph)
    except TemplateError:  # what was replaced may need what it is needed by: then any order
        order = [list(named)]
    failed: list[str] = []
    kept: set[str] = set()
    for wave in reversed(order):
        ready = [index for index in wave if not any(index in graph[other] for other in kept)]
        for index in reversed(ready):
            one = named[index]
            if not _is_retained(one, retain):
                stack.event(one.id, one.made.type, one.made.physical, "DELETE_IN_PROGRESS", live=one.live)
        for index in reversed(ready):
            if not _removed(engine, stack, hands, named[index], retain):
                kept.add(index)
                failed.append(named[index].id)
        kept |= set(wave) - set(ready)
    return failed


def _is_retained(one: Doomed, retain: Sequence[str]) -> bool:
    return one.policy in ("Retain", "RetainExceptOnCreate") or one.id in retain


def _removed(engine: Engine, stack: Stack, hands: AsCaller, one: Doomed, retain: Sequence[str]) -> bool:
    made = one.made
    if _is_retained(one, retain):
        stack.event(one.id, made.type, made.physical, "DELETE_SKIPPED", live=one.live)
    else:
        try:
            driver = engine.driver(made.type)
            if driver is None:
                raise TemplateError(f"{made.type} has no driver")
            driver.delete(hands.of(one.id), made)
        except Exception as error:  # whatever a driver stumbles over ends its resource, and not the service
            engine.strange(error, made.type)
            stack.event(one.id, made.type, made.physical, "DELETE_FAILED", reason_of(error, made.type), live=one.live)
            return False
        stack.event(one.id, made.type, made.physical, "DELETE_COMPLETE", live=one.live)
    if one.live:
        stack.made.pop(one.id, None)
    else:
        stack.leftovers = [pair for pair in stack.leftovers if pair[1] is not made]
    return True
