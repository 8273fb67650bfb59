"""What variables give while a project is read for every deployment (``Options.every_deployment``).

A value that a deployment is started with (an option, an environment variable, a parameter), or that an address with the
stage in it leads to, is the value of one deployment alone. Where it is a part of a name, a word stands for the variable
(:mod:`scopedown.project.stand_ins`); else nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Pseudo, Text
from scopedown.documents.nodes import child
from scopedown.project.serverless.resolving import Answer, Request, Resolving
from scopedown.project.serverless.variables import Source
from scopedown.project.stand_ins import has_stand_in, is_name, spelled_out, stand_in

_GIVEN: Final = ("opt", "env", "param")
_PLACES: Final = ("stage", "region")
"""Options that are read for themselves: the stage has a word of its own, and regions are compared."""
_REGION: Final = ("provider", "region")
_RESOURCES: Final = frozenset({"Resource", "NotResource"})


def is_given(resolver: Resolving, source: Source) -> bool:
    """Whether a source gives what a deployment is started with."""
    if not resolver.options.every_deployment or source.type not in _GIVEN:
        return False
    return source.address is None or source.address.value not in _PLACES


def region(resolver: Resolving, request: Request) -> Answer | None:
    """The deployment's own region, where the ARN of a statement is put together with it; None where it is read for
    itself: elsewhere regions are compared, and choose between settings."""
    if not resolver.options.every_deployment or resolver.options.region:
        return None
    if request.asker == _REGION:
        resolver.chosen_region = True
    return Answer(Text.of(Pseudo("AWS::Region"))) if is_of_statement(resolver, request) else None


def is_of_statement(resolver: Resolving, request: Request) -> bool:
    """Whether the resources of a statement ask, while a project is read for every deployment."""
    return resolver.options.every_deployment and not _RESOURCES.isdisjoint(request.asker)


def of_all(resolver: Resolving, value: Any, written: str) -> Any:
    """The value that a variable, as it is ``written``, has in one deployment, as it holds for all of them."""
    if not isinstance(value, str) or written in resolver.options.fixed:
        return value
    if is_name(value):
        return stand_in(written)
    return value if value.isdigit() else unknown(written)


def looked_up(resolver: Resolving, address: str, request: Request) -> Answer:
    """What ``${self:…}`` gives for an address that differs by deployment."""
    keys = address.split(".")
    at = next(number for number, key in enumerate(keys) if has_stand_in(key))
    holder = resolver.lookup(keys[:at], request.asker)
    if not isinstance(holder.value, Mapping):
        return holder
    rest = keys[at + 1 :]
    return of_any([resolver.lookup([*keys[:at], key, *rest], request.asker).value for key in holder.value], request)


def inside(content: Any, keys: list[str], request: Request) -> Answer:
    """What a file gives for the keys of such an address, the first of which differs by deployment."""
    found = [*content.values()] if isinstance(content, Mapping) else []
    for key in keys[1:]:
        found = [child(one, key) for one in found]
    return of_any(found, request)


def parameter(resolver: Resolving, name: str, request: Request) -> Answer | None:
    """What ``${param:…}`` gives where stages have values of their own; None where all have the same."""
    stages, groups = resolver.tree.get("stages"), resolver.tree.get("params")
    sections = dict(groups) if isinstance(groups, Mapping) else {}
    for stage, settings in stages.items() if isinstance(stages, Mapping) else ():
        sections[f"stages.{stage}"] = settings.get("params") if isinstance(settings, Mapping) else None
    found = {key: one[name] for key, one in sections.items() if isinstance(one, Mapping) and name in one}
    if not set(found) - {"default", "stages.default"}:
        return None
    return of_any([*found.values()], request)


def of_any(values: list[Any], request: Request) -> Answer:
    """What a variable gives that has these values, each in some deployment; nothing where no deployment has one."""
    found = [value for value in values if value is not None]
    if not found:
        return Answer(None, f"${{{spelled_out(str(request))}}} has no value in any deployment")
    if all(map(is_name, found)):
        return Answer(found[0], varies=True)
    return Answer(unknown(f"${{{spelled_out(str(request))}}}"))


def unknown(written: str) -> Text:
    """What a variable gives, as it is ``written``, that has another value in other deployments."""
    return Text.unknown(f"{written} has another value in other deployments")
