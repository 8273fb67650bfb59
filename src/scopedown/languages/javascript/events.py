"""Node's ``EventEmitter``: who emits an event calls the functions that are registered for it.

Source: https://nodejs.org/api/events.html. Whether a function was registered before or after the event is not asked:
both orders are possible from one invocation to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.bounds import EVENTS
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, Instance, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, Function, JavaScriptNative, Platform

REGISTER = frozenset({"on", "once", "addListener", "prependListener", "prependOnceListener"})
_OTHERS = frozenset(
    [
        "off",
        "removeListener",
        "removeAllListeners",
        "setMaxListeners",
        "getMaxListeners",
        "eventNames",
        "listeners",
        "listenerCount",
    ]
)

FIELD = "\0emitter"
"""Where an object of a class that derives from the emitter keeps it."""


class Emitter(JavaScriptNative):
    """``new EventEmitter()``."""

    __slots__ = ("emitted", "listeners")
    label = "an event emitter"

    def __init__(self) -> None:
        self.listeners: list[tuple[Value, Value]] = []
        """Events and the functions that are registered for them."""
        self.emitted: list[tuple[Value, CallSite]] = []

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Registering and emitting."""
        return self.method(name, self)

    def method(self, name: str, this: Value) -> Value | None:
        """A method; ``this`` is what registering gives back."""
        if name in REGISTER:
            return Function(name, lambda site, run: self._register(site, run, this), this)
        if name == "emit":
            return Function(name, self._emit, this)
        if name in _OTHERS:
            return Function(name, lambda site, run: this, this)
        return None

    def _register(self, site: CallSite, run: Machine, this: Value) -> Value:
        event, listener = site.argument(0), site.argument(1)
        if event is not None and listener is not None:
            if len(self.listeners) >= EVENTS.most:
                run.bound(EVENTS, site.place)
                return this
            self.listeners.append((event, listener))
            for emitted, arguments in list(self.emitted):
                if _may_be(event, emitted):
                    run.call_value(listener, arguments)
        return this

    def _emit(self, site: CallSite, run: Machine) -> Value:
        event = site.argument(0) or NOTHING
        arguments = CallSite(site.positional[1:], {}, site.place, site.complete)
        if len(self.emitted) < EVENTS.most:
            self.emitted.append((event, arguments))
        else:
            run.bound(EVENTS, site.place)
        for registered, listener in list(self.listeners):
            if _may_be(registered, event):
                run.call_value(listener, arguments)
        return UnknownValue("whether somebody listens", site.place)

    def escaped(self, run: Machine, place: Place) -> None:
        """Somebody else may emit any event."""
        for _, listener in list(self.listeners):
            run.escape(listener, place)


def _may_be(one: Value, other: Value) -> bool:
    """Whether two names of events may be the same."""
    known = [{option.value for option in options(value) if isinstance(option, Const)} for value in (one, other)]
    whole = [all(isinstance(option, Const) for option in options(value)) for value in (one, other)]
    return not all(whole) or bool(known[0] & known[1])


@dataclass(frozen=True, slots=True, eq=False)
class EmitterClass(JavaScriptNative):
    """``EventEmitter``, which the module ``events`` is as well."""

    label = "EventEmitter"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Itself, and functions over emitters."""
        if name in ("EventEmitter", "EventEmitterAsyncResource", "prototype"):
            return self
        if name == "once":
            return Function("events.once", lambda site, run: Sequence([], UnknownValue("an event", site.place)))
        return Platform(f"events.{name}") if name in ("on", "getEventListeners", "errorMonitor") else None

    def call(self, site: CallSite, run: Machine) -> Value:
        """A new emitter."""
        return Emitter()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class inherits that derives from it: each object has an emitter of its own."""
        if not isinstance(owner, Instance):
            return Function(name, lambda site, run: NOTHING) if isinstance(owner, ClassValue) else None
        emitter = owner.fields.get(FIELD)
        if not isinstance(emitter, Emitter):
            emitter = Emitter()
            owner.fields[FIELD] = emitter
        return emitter.method(name, owner)
