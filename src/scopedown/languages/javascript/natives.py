"""The building blocks of the JavaScript built-ins: functions, promises' methods, and the platform at large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.calls import machine
from scopedown.calls.builtins.builtin_call import listed
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import members, trail
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
)
from scopedown.core.place import Place
from scopedown.core.text import Text

_HOOKS = ("_construct", "_read", "_write", "_writev", "_transform", "_flush", "_final", "_destroy")
_NOT_INHERITED = frozenset({"constructor", "__init__", "__call__", "then", "toJSON", *_HOOKS})


def _is_data(value: Value) -> bool:
    """Whether nothing that could run is in a value, so that what the platform makes of it holds nothing either."""
    return isinstance(value, Const | TextValue) or (isinstance(value, UnknownValue) and value.inert)


class JavaScriptNative(Native):
    """A native of JavaScript: a promise of it is the value itself, and it is its own default export."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A known member; else what every value or function has."""
        found = self.own(name, run, place)
        if found is None:
            found = universal(self, name)
        if found is None:
            found = stored.get(run, name)
        return found if found is not None else self.missing(name, place)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """The members of this kind of value, or None."""
        return None

    def missing(self, name: str, place: Place) -> Value:
        """What an unknown member is."""
        return UnknownValue(f"{self.describe()}.{name}", place)

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """What the language does with objects of a class that derives from one of its own is not followed."""
        if _is_of_language(self.describe(), run):
            trail.unsettle(run, f"derives a class from {self.describe()}", run.place(cls.definition.at))

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """What the language does after one of its own objects was changed is not followed."""
        changed(self.describe(), run, place)
        super().put(key, value, run, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """The same."""
        if not self.ignores_assignments:
            changed(self.describe(), run, place)
            super().assign(name, value, run, place)


def changed(name: str, run: Machine, place: Place) -> None:
    """An object of the platform is changed: where it is one of the language's own, what follows from it is not
    followed."""
    if _is_of_language(name, run):
        trail.unsettle(run, f"changes {name}", place)


def _is_of_language(name: str, run: Machine) -> bool:
    """Whether it is a class of JavaScript, or a part of one; Node's own modules have small letters."""
    root = name.partition(".")[0]
    return root[:1].isupper() and root != "Error" and isinstance(run.position.language.builtin(root), Native)


@dataclass(frozen=True, slots=True, eq=False)
class Function(JavaScriptNative, machine.Function):
    """A function of the platform that may have members (``Promise.all``); ``made`` is what ``new`` does."""

    made: Body | None = None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A static member."""
        return self.members.get(name)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new`` of it."""
        return (self.made or self.body)(site, run)

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """None."""
        return None


class Callback(Function):
    """A function that code which is not seen may call once it has it."""

    __slots__ = ()
    callable_when_escaped = True


@dataclass(frozen=True, slots=True, eq=False)
class Platform(JavaScriptNative):
    """A part of the platform of which no model knows more: functions that are handed to it may run, and what it gives
    back is unknown. It serves as a base class."""

    label = "{self.name}"
    name: str
    members: Mapping[str, Value] = field(default_factory=dict)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A known member."""
        return self.members.get(name)

    def missing(self, name: str, place: Place) -> Value:
        """More of the same."""
        return Platform(f"{self.name}.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A member; of a name that is not known, any."""
        if (name := members.key_name(key)) is not None:
            return self.attribute(name, run, place)
        return join(*self.members.values(), self.missing("[…]", place))

    def call(self, site: CallSite, run: Machine) -> Value:
        """Unknown; functions among the arguments are taken as called, and it may send a request."""
        run.overseen(self.name, site)
        for value in site.all():
            run.escape(value, site.place)
        return UnknownValue(f"result of {self.name}()", site.place, inert=all(map(_is_data, site.all())))

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What an object of a stream's class inherits: whatever uses the stream runs the methods of the class that the
        platform calls (https://nodejs.org/api/stream.html#api-for-stream-implementers)."""
        if not self.name.startswith("stream") or not isinstance(owner, Instance) or name in _NOT_INHERITED:
            return None

        def body(site: CallSite, run: Machine) -> Value:
            self._stream(owner, run, site.place)
            self.call(site, run)
            return site.positional[0] if name == "pipe" and site.positional else owner

        return Function(name, body, owner)

    def _stream(self, owner: Instance, run: Machine, place: Place) -> None:
        for hook in _HOOKS:
            for cls in owner.cls.ancestry():
                method = cls.fields.get(hook) if isinstance(cls, ClassValue) else None
                if isinstance(method, FunctionValue):
                    run.escape(members.bind(run, method, owner, place), place)
                    break

    def inherited_element(self, owner: Instance, run: Machine, place: Place) -> Value | None:
        """A loop over an object of a stream's class reads the stream."""
        if not self.name.startswith("stream"):
            return None
        self._stream(owner, run, place)
        return UnknownValue("a piece of a stream", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A handler that is set (``emitter.onmessage = f``) may run; a client or an object is found again."""
        changed(self.name, run, place)
        if stored.put(run, name, value):
            stored.reach(run, name, value, place)
        else:
            run.escape(value, place)


@dataclass(frozen=True, slots=True, eq=False)
class Quiet(Platform):
    """A part of the platform that only looks at its arguments: nothing that is handed to it runs."""

    def missing(self, name: str, place: Place) -> Value:
        """More of the same."""
        return Quiet(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Unknown."""
        run.overseen(self.name, site, sends=False)
        return UnknownValue(f"result of {self.name}()", site.place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A client or an object is found again, and a function may be called by its name."""
        changed(self.name, run, place)
        if not stored.put(run, name, value):
            run.escape(value, place)


def function(name: str, body: Body, made: Body | None = None, /, **static: Value) -> Function:
    """A function of the platform by name; ``made`` is what ``new`` of it does, ``static`` its members."""
    return Function(name, body, None, static, made)


def method(receiver: Value, name: str, body: Body) -> Function:
    """A method of ``receiver``."""
    return Function(name, body, receiver)


def identity(name: str, index: int = 0) -> Function:
    """A function that gives back one of its arguments."""
    return Function(name, lambda site, run: site.argument(index) or NOTHING)


def silent(name: str) -> Function:
    """A function that gives nothing and does nothing that matters."""
    return Function(name, lambda site, run: NOTHING)


def given(value: Value | None) -> bool:
    """Whether an argument is there at all."""
    return value is not None and not (isinstance(value, Const) and value.value is None)


def text_of(value: Value | None) -> Text:
    """A value as it stands in a string."""
    if value is None:
        return Text.of("undefined")
    return as_text(value) or Text.unknown("one of several values")


def like_array(run: Machine, value: Value, place: Place) -> Sequence:
    """What an array's methods take a value for that is like one: an object with numbered members, a text."""
    if isinstance(value, Object):
        numbered = {int(name): item for name, item in members.own_items(run, value, place).items() if name.isdecimal()}
        length = value.fields.get("length")
        exact = (
            isinstance(length, Const) and length.value == len(numbered) and sorted(numbered) == [*range(len(numbered))]
        )
        items = [item for _, item in sorted(numbered.items())]
        if exact and value.rest is None:
            return Sequence(items)
        others = [value.rest or UnknownValue("an element", place)] if value.rest is not None or not items else []
        return Sequence([], join(*items, *others))
    return listed(run, value, place)


# what every value has: as a promise (await is transparent, so a promise is its value), and as a function


def universal(value: Value, name: str) -> Value | None:
    """``then`` and its like on any value, ``bind`` and its like on any that can be called."""
    if name == "then":
        return method(value, name, lambda site, run: _then(value, site, run))
    if name == "catch":
        return method(value, name, lambda site, run: _catch(value, site, run))
    if name == "finally":
        return method(value, name, lambda site, run: _finally(value, site, run))
    if isinstance(value, Native | FunctionValue):
        if name == "bind":
            return method(value, name, lambda site, run: _bind(value, site))
        if name == "call":
            return method(value, name, lambda site, run: _call(value, site, run))
        if name == "apply":
            return method(value, name, lambda site, run: _apply(value, site, run))
    if name == "default" and isinstance(value, Native):
        return value
    return None


def error(place: Place) -> Value:
    """What a rejected promise or a failed call brings."""
    return UnknownValue("an error", place)


def _then(value: Value, site: CallSite, run: Machine) -> Value:
    done, failed = site.argument(0), site.argument(1)
    result = run.call(done, (value,), site.place) if done is not None and given(done) else value
    if failed is not None and given(failed):
        result = join(result, run.call(failed, (special.caught(run, site.place),), site.place))
    return result


def _catch(value: Value, site: CallSite, run: Machine) -> Value:
    failed = site.argument(0)
    if failed is None or not given(failed):
        return value
    return join(value, run.call(failed, (special.caught(run, site.place),), site.place))


def _finally(value: Value, site: CallSite, run: Machine) -> Value:
    last = site.argument(0)
    if last is not None and given(last):
        run.call(last, (), site.place)
    return value


def with_this(function: Value, this: Value | None) -> Value:
    """A function with its ``this``; an arrow function keeps its own."""
    if isinstance(function, FunctionValue) and function.function.receiver == "this":
        if this is None or isinstance(this, Const | UnknownValue):
            return function
        return FunctionValue(function.function, function.frame, this, function.owner)
    return function


def _bind(value: Value, site: CallSite) -> Value:
    bound = with_this(value, site.argument(0))
    first = site.positional[1:]
    if not first:
        return bound

    def whole(later: CallSite) -> CallSite:
        return CallSite((*first, *later.positional), later.keywords, later.place, later.complete)

    return Callback(
        "bound function",
        lambda later, run: run.call_value(bound, whole(later)),
        bound,
        {},
        lambda later, run: run.call_value(value, whole(later), new=True),
    )


def _call(value: Value, site: CallSite, run: Machine) -> Value:
    site_ = CallSite(site.positional[1:], site.keywords, site.place, site.complete)
    return run.call_value(_of_array(value, site.argument(0), run, site) or with_this(value, site.argument(0)), site_)


def _of_array(value: Value, this: Value | None, run: Machine, site: CallSite) -> Value | None:
    """``[].slice.call(like)``: an array's method on something else; None where it is no method of an array."""
    if not isinstance(value, Function) or this is None:
        return None
    is_own = isinstance(this, ClassValue | FunctionValue) and _is_of_language(value.name, run)
    is_plain = isinstance(value.receiver, Sequence | Const | TextValue)
    if is_own or (is_plain and type(value.receiver) is not type(this)):
        trail.unsettle(run, f"calls {value.name} on a value of another class", site.place)
    if not isinstance(value.receiver, Sequence):
        return None
    array = this if isinstance(this, Sequence) else like_array(run, this, site.place)
    return run.attribute(array, value.name, site.place)


def spread(arguments: Value | None) -> tuple[tuple[Value, ...], bool]:
    """A list as the arguments of a call, and whether they are all."""
    if isinstance(arguments, Sequence):
        return tuple(arguments.items), arguments.rest is None
    return (), not given(arguments)


def _apply(value: Value, site: CallSite, run: Machine) -> Value:
    positional, complete = spread(site.argument(1))
    site_ = CallSite(positional, {}, site.place, complete)
    return run.call_value(_of_array(value, site.argument(0), run, site) or with_this(value, site.argument(0)), site_)
