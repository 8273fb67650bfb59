"""The parts of Python's standard library that call functions: functools, contextlib, futures, threads, asyncio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, FunctionValue, Instance, Object, Sequence, Value
from scopedown.core.place import Place
from scopedown.languages.python import held, itertools, regex
from scopedown.languages.python.collections import library
from scopedown.languages.python.globals import variant
from scopedown.languages.python.natives import (
    NOTHING,
    Function,
    Library,
    call,
    first_of,
    listed,
    silent,
)

# functools


@dataclass(frozen=True, slots=True, eq=False)
class Partial(Native):
    """``functools.partial(function, …)``."""

    target: Value
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    complete: bool = True

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The function with its first arguments filled in."""
        keywords = {**self.keywords, **site.keywords}
        given = CallSite((*self.positional, *site.positional), keywords, site.place, site.complete and self.complete)
        return call(run, self.target, given)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``func`` and what else the function has."""
        if name == "args":
            return Sequence(list(self.positional))
        if name in ("keywords", "kwargs"):
            return Object(dict(self.keywords))
        return self.target if name == "func" else run.attribute(self.target, name, place)


def _partial(site: CallSite, run: Machine) -> Value:
    return Partial(first_of(site), site.positional[1:], site.keywords, site.complete)


def like(wrapper: Value, wrapped: Value) -> Value:
    """A wrapper of a method is a method too: it takes the object first."""
    if isinstance(wrapper, FunctionValue) and isinstance(wrapped, FunctionValue):
        receiver = wrapped.function.receiver
        if receiver in ("first", "class") and wrapper.function.receiver == "none":
            return variant(wrapper, receiver)
    return wrapper


def _wraps(site: CallSite, run: Machine) -> Value:
    wrapped = first_of(site)

    def body(inner: CallSite, run: Machine) -> Value:
        wrapper = like(first_of(inner), wrapped)
        if isinstance(wrapper, FunctionValue):
            members.assign(run, wrapper, "__wrapped__", wrapped, inner.place)
            if isinstance(wrapped, FunctionValue):
                for name in ("__name__", "__qualname__"):
                    members.assign(run, wrapper, name, run.attribute(wrapped, name, inner.place), inner.place)
        return wrapper

    return Function("wraps", body)


def _update_wrapper(site: CallSite, run: Machine) -> Value:
    wrapper, wrapped = site.argument(0, "wrapper") or NOTHING, site.argument(1, "wrapped") or NOTHING
    return like(wrapper, wrapped)


# contextlib


def _closing(site: CallSite, run: Machine) -> Value:
    """``closing(value)``: the value, whose ``close`` is called at the end."""
    value = first_of(site)
    if isinstance(value, Instance):
        method = run.attribute(value, "aclose" if "aclose" in value.cls.fields else "close", site.place)
        if isinstance(method, FunctionValue):
            run.call(method, (), site.place)
    return value


# threading


class Thread(Native):
    """``threading.Thread`` and its like: the target is called; a subclass's ``start`` calls its ``run``."""

    __slots__ = ("position",)
    label = "threading.Thread"

    def __init__(self, position: int = 1) -> None:
        self.position = position

    def call(self, site: CallSite, run: Machine) -> Value:
        """``Thread(group, target, name, args, kwargs)``; ``Timer(interval, function, args, kwargs)`` for position 1."""
        target = site.argument(self.position, "target", "function")
        if target is None or isinstance(target, Const):
            return Library("threading.Thread()")
        timer = "function" in site.keywords or (len(site.positional) > 1 and "target" not in site.keywords)
        given = site.argument(2 if timer else 3, "args")
        named = site.argument(3 if timer else 4, "kwargs")
        arguments = listed(run, given, site.place) if given is not None else Sequence()
        keywords = named.fields if isinstance(named, Object) else {}
        complete = arguments.rest is None and (named is None or isinstance(named, Object | Const))
        call(run, target, CallSite(tuple(arguments.items), keywords, site.place, complete))
        return Library("threading.Thread()")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class derived from Thread inherits."""
        if name == "start" and isinstance(owner, Instance):
            return Function("start", lambda site, run: run.call(run.attribute(owner, "run", place), (), place))
        return silent(name) if name in ("join", "setDaemon", "is_alive", "cancel", "__init__") else None


# asyncio


def _wait(site: CallSite, run: Machine) -> Value:
    items = listed(run, first_of(site), site.place)
    return Sequence([items, items])


@cache
def table() -> dict[str, Value]:
    """The modules, with what is special in each; the rest of a module is the library's default."""
    thread = Thread()
    futures = library("concurrent.futures", wait=_wait)
    around = held.ContextDecorator()
    modules = (
        library(
            "functools",
            cached_property=lambda site, run: variant(first_of(site), accessor=True),
            partial=_partial,
            partialmethod=_partial,
            wraps=_wraps,
            update_wrapper=_update_wrapper,
        ),
        library(
            "contextlib", closing=_closing, aclosing=_closing, ContextDecorator=around, AsyncContextDecorator=around
        ),
        library("concurrent", futures=futures),
        futures,
        library("multiprocessing", Process=thread, pool=library("multiprocessing.pool")),
        library("multiprocessing.dummy", Process=thread),
        library("threading", Thread=thread, Timer=thread),
        library("asyncio", wait=_wait),
        itertools.module(),
        regex.module(),
        held.modules(),
    )
    return {"concurrent.futures.thread": futures, **{module.name: module for module in modules}}
