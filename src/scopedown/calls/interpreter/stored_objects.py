"""Values that code keeps on objects which are not seen: ``flask.g.client``, ``app.state.db``, ``req.store``.

In: writes to members of unknown and external values, and reads of them. Out: what was written, by the member's name: of
which object it is a member is not known, so any object may be meant. Only values that code runs through are kept. What
is read again is called by those who read it; what nobody reads is in unseen hands when the run ends (the escape rule).
"""

from __future__ import annotations

from scopedown.calls.bounds import STORED
from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    Instance,
    Object,
    Sequence,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

PUTS = frozenset({"set", "decorate", "decorateRequest", "provide"})
"""Methods of frameworks that keep a value under a name: express and Hono ``set``
(https://hono.dev/docs/api/context#set-get), Fastify ``decorate`` (https://fastify.dev/docs/latest/Reference/Decorators/).
"""
_ASKS = frozenset({"get", "resolve", "getInstance", "get_instance", "make"})
"""How containers are asked for an object of a class."""
_BEANS = frozenset({"getBean"})
"""Methods that only containers have, so that an object of which nothing is known is one (Spring, Micronaut)."""
MAX_DEPTH = 4
"""Levels of objects within each other that are looked at, and rounds in which their methods call more on data."""
GETS = frozenset({"get", "inject", "use"})


class Kept(Native):
    """A value on an object that is not seen: where that object is used, its code has the value."""

    __slots__ = ("name", "value")
    label = "the value stored as {self.name}"

    def __init__(self, name: str, value: Value) -> None:
        self.name = name
        self.value = value

    def escaped(self, run: Machine, place: Place) -> None:
        """It waits for the end of the run: our own code may read it."""
        reach(run, self.name, self.value, place)


def reach(run: Machine, name: str, value: Value, place: Place) -> None:
    """Unseen code has a value that is kept under a name."""
    run.heap.stored.reached.append((name, value, place))


def put(run: Machine, name: str, value: Value) -> bool:
    """Keep a value that code wrote; whether it is one that is kept."""
    code = [option for option in options(value) if not isinstance(option, Const)]
    if not code or not all(map(_holds_code, code)):
        return False
    kept = run.heap.stored.values.setdefault(name, [])
    if any(one is value for one in kept):
        return True
    if len(kept) >= STORED.most:
        run.bound(STORED, what=name)
        return False
    written = value.fingerprint()
    is_new = all(one.fingerprint() != written for one in kept)
    kept.append(value)
    if is_new and name in run.heap.stored.asked:
        run.heap.stored.version += 1
    return True


def get(run: Machine, name: str) -> Value | None:
    """What code wrote under a name; None where it wrote nothing."""
    run.heap.stored.asked.add(name)
    kept = run.heap.stored.values.get(name)
    if not kept:
        return None
    run.heap.stored.read.add(name)
    return join(*kept)


def by_method(run: Machine, owner: Value, name: str, positional: tuple[Value, ...]) -> Value | None:
    """``app.set("db", value)``, which gives the object again, and ``app.get("db")`` on an object that is not seen."""
    if not positional or not isinstance(key := positional[0], Const) or not isinstance(key.value, str):
        return None
    if name in PUTS and len(positional) == 2:
        return owner if put(run, key.value, positional[1]) else None
    return get(run, key.value) if name in GETS and len(positional) == 1 else None


def of_container(run: Machine, owner: Value, name: str, site: CallSite) -> Value | None:
    """``container.get(Store)`` of a container that no model knows: an object of the class."""
    if name not in _BEANS and (name not in _ASKS or not isinstance(owner, External)):
        return None
    if len(site.positional) != 1 or site.keywords:
        return None
    asked = site.positional[0]
    return injection.of_class(run, asked, site.place) if isinstance(asked, ClassValue) else None


def put_in_data(run: Machine, value: Value) -> None:
    """Code writes to a member of a value of which nothing is known: whatever code calls on data may be called on it."""
    held = [option for option in options(value) if isinstance(option, Instance | Object | Sequence | Native)]
    run.heap.stored.in_data += held


def settle(run: Machine) -> None:
    """The end of a run: what unseen code has, and our own never read again, may run there."""
    for _ in range(MAX_DEPTH):
        calls = tuple(run.trail.on_data.items())
        for one in _objects(run, run.heap.stored.in_data):
            for name, place in calls:
                run.escape(one if name is None else run.attribute(one, name, place), place)
        if len(calls) == len(run.trail.on_data):
            break
    for name, value, place in tuple(run.heap.stored.reached):
        if name not in run.heap.stored.read:
            run.escape(value, place)


def _objects(run: Machine, values: list[Value]) -> list[Value]:
    """The objects among values and in them whose methods may be called."""
    found: list[Value] = []
    known: set[int] = set()
    waiting = values
    for _ in range(MAX_DEPTH):
        waiting = [one for value in waiting for one in options(value) if id(one) not in known]
        known.update(map(id, waiting))
        found += [one for one in waiting if isinstance(one, Instance | Object)]
        run.trail.data_has_code |= any(isinstance(one, Native) for one in waiting)
        inner = [one.held() for one in waiting if isinstance(one, Object | Sequence)]
        inner += [list(one.fields.values()) for one in waiting if isinstance(one, Instance)]
        waiting = [one for held in inner for one in held]
    return found


def _holds_code(value: Value) -> bool:
    match value:
        case Instance() | ClassValue():
            return True
        case Native():
            return value.service_of_client() is not None or type(value).__module__.startswith("scopedown.calls.sdks.")
        case Object():
            return any(isinstance(field, Instance | Native) and _holds_code(field) for field in value.fields.values())
        case _:
            return False
