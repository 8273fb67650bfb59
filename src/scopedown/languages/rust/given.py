"""What a program gives to a framework, the framework gives back by its type: state, data, extensions.

``web::Data::new(state)``, ``rocket.manage(state)``, ``Schema::build(…).data(store)`` and ``with_state(state)`` of axum
take an object; a handler declares its type (https://docs.rs/actix-web, https://docs.rs/rocket,
https://docs.rs/async-graphql, https://docs.rs/axum). Such an object is one that the program has made.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Instance, Sequence, Value, options

MAX_MADE: Final = 4
"""Objects of one type that may be meant; of a type of which the code makes more, none is."""
_MADE: Final = "<made {}>"


def make(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    """A new object, which is remembered."""
    made = run.construct(cls, site)
    held = run.heap.globals.variables
    name = _MADE.format(id(cls))
    known = held.get(name)
    items = known.items if isinstance(known, Sequence) else []
    if len(items) <= MAX_MADE:
        held[name] = Sequence([*items, *(one for one in options(made) if isinstance(one, Instance))])
    return made


def given(cls: ClassValue, run: Machine) -> list[Value]:
    """The objects of a type that hold a client and that a framework may give to a handler."""
    if cls.definition.abstract:
        return [made for one in injection.implementations(run, cls) for made in given(one, run)]
    known = run.heap.globals.variables.get(_MADE.format(id(cls)))
    items = known.items if isinstance(known, Sequence) else []
    return [one for one in items if isinstance(one, Instance) and _holds_client(one)] if len(items) <= MAX_MADE else []


def _holds_client(value: Instance, depth: int = 3) -> bool:
    for field in value.fields.values():
        for option in options(field):
            if isinstance(option, Native) and option.service_of_client() is not None:
                return True
            if depth > 0 and isinstance(option, Instance) and _holds_client(option, depth - 1):
                return True
    return False
