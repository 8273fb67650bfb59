"""Objects of the project's classes that libraries make: containers when they are asked, readers of data from it."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Const, Value, join

_READING: Final = frozenset(
    {"readValue", "convertValue", "treeToValue", "fromJson", "parseObject", "getForObject", "bean"}
)
"""Methods of libraries that make an object of a class that they are given: of Jackson, Gson, fastjson, Spring."""
ASKING: Final = frozenset(
    {"getBean", "getBeanProvider", "findBean", "findOrInstantiateBean", "createBean", "select", "instance"}
)
"""Methods of containers that give an object of a class that they are given, or what is called by a name: Spring's,
Micronaut's, CDI's."""
_HOLDING: Final = frozenset({"getBeanProvider", "findBean", "findOrInstantiateBean", "select", "instance"})
"""Those whose result has the object inside."""


def made_by(method: str, site: CallSite, run: Machine) -> Value | None:
    """What a method of a library gives that makes such objects; None where it makes none."""
    if method in ASKING:
        return asked(method, site, run)
    classes = [one for one in site.positional if isinstance(one, ClassValue) and not one.definition.abstract]
    if method not in _READING or not classes:
        return None
    anything = CallSite((), {}, site.place, complete=False, outside=True)
    return join(*(run.construct(one, anything) for one in classes))


def asked(method: str, site: CallSite, run: Machine) -> Value | None:
    """An object that a container is asked for; None where it is asked for nothing that is known."""
    types = [one for one in site.positional if isinstance(one, ClassValue | Native)]
    tokens = [one for one in types if isinstance(one, ClassValue) or one.names_a_client]
    named = [one for one in site.positional if isinstance(one, Const) and injection.bound_to(run, one, site.place)]
    found = [injection.resolve(run, one, site.place) for one in named or tokens]
    if not found:
        return None
    value = join(*found)
    return Function("get", lambda later, run: value) if method in _HOLDING else value
