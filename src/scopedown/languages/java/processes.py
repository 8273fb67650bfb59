"""Other programs that Java's code starts, and code that it loads by a name.

Sources: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/ProcessBuilder.html,
https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Runtime.html,
https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Class.html,
https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/ServiceLoader.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import dispatch, injection
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import Literal
from scopedown.languages.java.natives import (
    NOTHING,
    JavaClass,
    Library,
    bound,
    computed,
    element_of,
    elements,
    first_of,
    function,
    joined,
)

MAX_CLASSES = 24
"""Classes that a computed name may be; more are not tried."""


def _start(words: Value, site: CallSite, run: Machine, name: str) -> None:
    run.overseen(name, CallSite((words,), {}, site.place))


def _words(site: CallSite, run: Machine) -> Value:
    """A program and its arguments, given as a list or one by one."""
    if len(site.positional) == 1 and not isinstance(first_of(site), Const | TextValue | UnknownValue):
        return elements(run, first_of(site), site.place)
    return Sequence(list(site.positional), None if site.complete else UnknownValue("an argument", site.place))


class ProcessBuilder(Native):
    """A program that will be started."""

    __slots__ = ("words",)
    label = "a program to be started"

    def __init__(self, words: Value) -> None:
        self.words = words

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``command(…)``, ``start()``."""
        if name == "command":
            return bound(self, name, self._command)
        if name == "start":
            return bound(self, name, self._start)
        if name in (
            "directory",
            "redirectErrorStream",
            "inheritIO",
            "redirectOutput",
            "redirectError",
            "redirectInput",
        ):
            return bound(self, name, lambda site, run: self)
        return computed(name)

    def _command(self, site: CallSite, run: Machine) -> Value:
        if not site.positional:
            return self.words
        words = _words(site, run)
        self.words = join(self.words, words) if run.position.conditional else words
        return self

    def _start(self, site: CallSite, run: Machine) -> Value:
        _start(self.words, site, run, "java.lang.ProcessBuilder.start")
        return Library("java.lang.Process")


def _exec(site: CallSite, run: Machine) -> Value:
    """``Runtime.getRuntime().exec(…)``: a command line, or an array of words."""
    first = first_of(site)
    if not isinstance(first, Const | TextValue | UnknownValue):
        first = elements(run, first, site.place)
    _start(first, site, run, "java.lang.Runtime.exec")
    return Library("java.lang.Process")


class Runtime(Native):
    """``Runtime.getRuntime()``."""

    __slots__ = ()
    label = "the runtime"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``exec(…)``; hooks run when the process ends."""
        if name == "exec":
            return bound(self, name, _exec)
        return _REST.attribute(name, run, place)


_REST = Library("java.lang.Runtime")


# code by its name


def _for_name(site: CallSite, run: Machine) -> Value:
    """``Class.forName(name)``, ``loader.loadClass(name)``."""
    found: list[Value] = []
    for option in options(first_of(site)):
        if isinstance(option, Const) and isinstance(option.value, str):
            whole = option.value.replace("$", ".")
            found.append(run.qualified(whole, site.place) or UnknownValue("a class", site.place))
        else:
            found += _fitting(option, site, run)
    return join(*found) if found else UnknownValue("a class", site.place)


def _fitting(name: Value, site: CallSite, run: Machine) -> list[Value]:
    """The classes of the project that a name may be of which a part is known; it may be any, where none is."""
    text = as_text(name)
    first = text.parts[0] if text is not None and text.parts else None
    names = _names(run, first.value, name) if isinstance(first, Literal) and "." in first.value else []
    if 0 < len(names) <= MAX_CLASSES:
        found = [run.qualified(one, site.place, is_import=False) for one in names]
        return [one for one in found if one is not None]
    what = "Class.forName() loads a class whose name is computed"
    unseen = Unseen(Cause.DISPATCH, what, site.place, remedy=dispatch.HINT)
    run.found.unseen.setdefault(("class by name", site.place), unseen)
    return []


def _names(run: Machine, beginning: str, name: Value) -> list[str]:
    """The full names that classes of the project have, or may have, which fit a name that begins so."""
    unit = run.sources.unit(run.position.file)
    if unit is None:
        return []
    packages = [
        f"{one}." for one in unit.packages if f"{one}.".startswith(beginning) or beginning.startswith(f"{one}.")
    ]
    return dispatch.fitting((package + one for package in packages for one in unit.declared), name)


@dataclass(frozen=True, slots=True, eq=False)
class Method(Native):
    """A method of a class as an object; ``name`` is None where it may be any."""

    label = "a method by its name"
    cls: ClassValue
    name: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``invoke(object, arguments…)``."""
        if name == "invoke":
            return bound(self, name, self._invoke)
        if name == "getName":
            return bound(self, name, lambda site, run: self.name)
        return computed(name)

    def _invoke(self, site: CallSite, run: Machine) -> Value:
        owner = first_of(site)
        on = self.cls if isinstance(owner, Const) else owner
        arguments = CallSite(site.positional[1:], {}, site.place, complete=False)
        if isinstance(self.name, Const) and isinstance(self.name.value, str):
            return run.call_value(run.attribute(on, self.name.value, site.place), arguments)
        called = dispatch.members_named(run, on, self.name, lambda name: run.attribute(on, name, site.place))
        if called is not None:
            return run.call_value(called, arguments)
        run.escape(on, site.place)
        return UnknownValue("result of a method by its name", site.place)


def methods_by_name(cls: ClassValue, name: str) -> Value | None:
    """``getMethod(name)`` and its like."""
    if name in ("getMethod", "getDeclaredMethod"):
        return bound(cls, name, lambda site, run: Method(cls, first_of(site)))
    if name in ("getMethods", "getDeclaredMethods"):
        unknown = UnknownValue("a method's name", inert=True)
        return bound(cls, name, lambda site, run: Sequence([], Method(cls, unknown)))
    return None


def _services(site: CallSite, run: Machine) -> Value:
    """``ServiceLoader.load(Service.class)``: an object of each class that implements it."""
    made: list[Value] = []
    for option in options(first_of(site)):
        if isinstance(option, ClassValue):
            made += [injection.single(run, one, site.place) for one in injection.implementations(run, option)]
    return Loader(joined(*made) or UnknownValue("a service", site.place, inert=True))


@dataclass(frozen=True, slots=True, eq=False)
class Loader(Native):
    """A ``ServiceLoader``: any of the objects."""

    label = "a ServiceLoader"
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``findFirst()``, ``iterator()``, ``stream()``, ``forEach(…)``."""
        return run.attribute(Sequence([], self.value), name, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of them."""
        return element_of(Sequence([], self.value), place)


def _loaded(site: CallSite, run: Machine) -> Value:
    run.overseen("java.lang.System.load", site)
    return NOTHING


LOADING = {one: function(f"System.{one}", _loaded) for one in ("load", "loadLibrary")}
"""Members of ``System`` that load machine code."""
BY_NAME = function("Class.forName", _for_name)


def classes() -> dict[str, Value]:
    """The classes, by their full names."""
    return {
        "java.lang.ProcessBuilder": JavaClass(
            "java.lang.ProcessBuilder", {}, lambda site, run: ProcessBuilder(_words(site, run))
        ),
        "java.lang.Runtime": JavaClass(
            "java.lang.Runtime", {"getRuntime": function("Runtime.getRuntime", lambda site, run: Runtime())}
        ),
        "java.lang.Class": JavaClass("java.lang.Class", {"forName": BY_NAME}),
        "java.util.ServiceLoader": JavaClass(
            "java.util.ServiceLoader",
            dict.fromkeys(("load", "loadInstalled"), function("ServiceLoader.load", _services)),
        ),
    }
