"""``Promise`` and callbacks: a promise is its value, since ``await`` is transparent."""

from __future__ import annotations

from scopedown.calls.builtins.builtin_call import listed
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, Object, Sequence, UnknownValue, Value, join
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    Callback,
    Function,
    JavaScriptNative,
    error,
    function,
    given,
    identity,
)
from scopedown.source.languages.javascript_syntax import STATIC


class Settled:
    """The values with which a callback was called."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: list[Value] = []

    def value(self, what: str, place: Place) -> Value:
        """What came, or unknown where the callback was not called while we looked."""
        known = [value for value in self.values if not (isinstance(value, Const) and value.value is None)]
        return join(*known) if known else UnknownValue(what, place)

    def callback(self, position: int) -> Callback:
        """A function that keeps the argument at a position."""

        def body(site: CallSite, run: Machine) -> Value:
            value = site.argument(position)
            if value is not None:
                self.values.append(value)
            return NOTHING

        return Callback("callback", body)


def _promise(site: CallSite, run: Machine) -> Value:
    settled = Settled()
    executor = site.argument(0)
    if executor is not None and given(executor):
        reject = Callback("reject", _rejected)
        run.call(executor, (settled.callback(0), reject), site.place)
    return settled.value("result of a promise", site.place)


def _all(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    return NOTHING if value is None else listed(run, value, site.place)


def _all_settled(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if value is None:
        return NOTHING
    several = listed(run, value, site.place)

    def settled(one: Value) -> Value:
        status = UnknownValue("a status", site.place)
        return Object({"status": status, "value": one, "reason": error(site.place)})

    return Sequence(
        [settled(item) for item in several.items], settled(several.rest) if several.rest is not None else None
    )


def _race(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    return NOTHING if value is None else listed(run, value, site.place).element()


def _with_resolvers(site: CallSite, run: Machine) -> Value:
    settled = Settled()
    return Object(
        {
            "promise": UnknownValue("result of a promise", site.place),
            "resolve": settled.callback(0),
            "reject": settled.callback(0),
        }
    )


def _rejected(site: CallSite, run: Machine) -> Value:
    special.throw(run, site.argument(0) or NOTHING)
    return error(site.place)


class PromiseClass(Function):
    """``Promise``, whose functions call ``resolve`` and ``then`` of a class that derives from it."""

    __slots__ = ()

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """They may run."""
        JavaScriptNative.subclassed(self, cls, run)
        for name in ("resolve", "then"):
            place = run.place(cls.definition.at)
            for member in (STATIC + name, name):
                if (own := members.own_member(run, cls, member, place)) is not None:
                    run.escape(own, place)


def promise() -> Function:
    """The global ``Promise``."""
    members_: dict[str, Value] = dict(
        resolve=identity("Promise.resolve"),
        reject=function("Promise.reject", _rejected),
        all=function("Promise.all", _all),
        allSettled=function("Promise.allSettled", _all_settled),
        race=function("Promise.race", _race),
        any=function("Promise.any", _race),
        withResolvers=function("Promise.withResolvers", _with_resolvers),
        map=function("Promise.map", _map),  # Bluebird
        promisify=function("Promise.promisify", promisify),
        coroutine=identity("Promise.coroutine"),
        delay=function("Promise.delay", lambda site, run: NOTHING),
        **{"try": function("Promise.try", _try)},
    )
    return PromiseClass("Promise", _promise, None, members_)


def _map(site: CallSite, run: Machine) -> Value:
    value, change = site.argument(0), site.argument(1)
    if value is None or change is None:
        return NOTHING
    several = listed(run, value, site.place)
    mapped = [run.call(change, (item,), site.place) for item in several.items]
    rest = run.call(change, (several.rest,), site.place) if several.rest is not None else None
    return Sequence(mapped, rest)


def _try(site: CallSite, run: Machine) -> Value:
    body = site.argument(0)
    return NOTHING if body is None else run.call(body, site.positional[1:], site.place)


def promisify(site: CallSite, run: Machine) -> Value:
    """``util.promisify(f)``: a function that calls ``f`` with a callback and gives what the callback gets."""
    wrapped = site.argument(0) or NOTHING

    def body(later: CallSite, run: Machine) -> Value:
        settled = Settled()
        whole = CallSite(
            (*later.positional, settled.callback(1)), later.keywords, later.place, later.complete, later.decorator
        )
        direct = run.call_value(wrapped, whole)
        reason = direct.reason if isinstance(direct, UnknownValue) else "result of a promisified function"
        return settled.value(reason, later.place)

    return Callback("promisified function", body, wrapped)


def callbackify(site: CallSite, run: Machine) -> Value:
    """``util.callbackify(f)``: the other way round."""
    wrapped = site.argument(0) or NOTHING

    def body(later: CallSite, run: Machine) -> Value:
        *first, callback = later.positional or (NOTHING,)
        value = run.call(wrapped, tuple(first), later.place)
        run.call(callback, (error(later.place), value), later.place)
        return NOTHING

    return Callback("callbackified function", body, wrapped)
