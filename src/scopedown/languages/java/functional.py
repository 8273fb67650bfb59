"""Java's functions as values: lambdas and method references behind functional interfaces, and classes as objects."""

from __future__ import annotations

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Activation, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import processes
from scopedown.languages.java.natives import (
    OPENING,
    Function,
    JavaClass,
    Library,
    bound,
    computed,
    first_of,
    function,
    given,
    opened_file,
)
from scopedown.source import ir

_AFTER = ("andThen", "compose", "negate", "and", "or", "reversed", "thenComparing")
"""Default methods of Java's functional interfaces, which give a function made of two
(https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/function/package-summary.html)."""


def member(value: FunctionValue, name: str) -> Value | None:
    """A method of an object that is a lambda: whatever its interface calls it, it is the lambda."""
    if value.function.accessor or name in ("hashCode", "equals", "toString", "getClass"):
        return computed(name)
    if name in _AFTER:
        return bound(value, name, lambda site, run: _combined(value, name, site))
    return value


def _combined(value: Value, name: str, site: CallSite) -> Value:
    other = first_of(site)

    def body(later: CallSite, run: Machine) -> Value:
        first, second = (other, value) if name == "compose" else (value, other)
        made = run.call_value(first, later)
        if isinstance(second, Const):
            return made
        if name in ("and", "or", "thenComparing"):
            return run.call_value(second, later)
        return run.call(second, (made,) if name != "andThen" or later.positional else (), later.place)

    return Function(f"{name}()", body)


class _Reference(Function):
    """A method reference: whoever has it calls it."""

    __slots__ = ()
    callable_when_escaped = True


def reference(site: CallSite, run: Machine) -> Value:
    """``Type::method``: a static method, or a method of what it is called with first."""
    of, name = first_of(site), given(site, 1)
    written = name.value if isinstance(name, Const) and isinstance(name.value, str) else ""
    return join(*(_reference(option, written) for option in options(of)))


def _reference(of: Value, name: str) -> Value:
    def body(site: CallSite, run: Machine) -> Value:
        static = _static(of, name, run, site)
        if static is not None:
            return run.call_value(static, site)
        if isinstance(of, Instance):  # the method of one object
            return run.call_value(run.attribute(of, name, site.place), site)
        if not site.positional:
            receiver: Value = UnknownValue("an object", site.place, inert=site.outside)
        else:
            receiver = site.positional[0]
        if isinstance(of, ClassValue) and isinstance(receiver, UnknownValue):
            receiver = injection.of_class(run, of, site.place)  # objects of the class are what it is called with
        rest = CallSite(site.positional[1:], site.keywords, site.place, site.complete, outside=site.outside)
        return run.call_value(run.attribute(receiver, name, site.place), rest)

    made = _Reference(f"::{name}", body)
    return made if not isinstance(of, Function | FunctionValue) else of


def _static(of: Value, name: str, run: Machine, site: CallSite) -> Value | None:
    """The static method of a type; None where the type has none of that name."""
    if isinstance(of, ClassValue):
        for cls in of.ancestry():
            found = cls.fields.get(name) if isinstance(cls, ClassValue) else None
            if found is not None:
                functions = [one for one in options(found) if isinstance(one, FunctionValue)]
                is_static = all(one.function.receiver == "none" for one in functions)
                return found if functions and is_static else None
        return None
    if isinstance(of, JavaClass):
        return of.statics.get(name)
    if isinstance(of, Library):
        return run.attribute(of, name, site.place)
    if isinstance(of, Native) and (found := run.attribute(of, name, site.place)) is not None:
        return None if isinstance(found, UnknownValue) else found
    return None


def same_class(run: Machine, activation: Activation, left: ir.Name, right: ir.Name) -> bool | None:
    """Whether two names are one class; None where one of them is no class for certain. Only a function's own variables
    count beside the names of classes, since others may change."""
    values: list[Value] = []
    for name in (left, right):
        own = name.id in activation.frame.names
        if not own and not name.id[:1].isupper():
            return None
        value = activation.frame.variables.get(name.id) if own else run.evaluate(activation, name)
        if not isinstance(value, ClassValue):
            return None
        values.append(value)
    return values[0] is values[1]


def of_class(value: ClassValue, name: str) -> Value | None:
    """A method of a class as an object (``Table.class.getSimpleName()``)."""
    if name in ("getSimpleName", "getTypeName"):
        return bound(value, name, lambda site, run: Const(value.definition.name))
    if name in ("getName", "getCanonicalName"):
        return bound(value, name, lambda site, run: _full_name(value, run))
    if name in ("newInstance", "getDeclaredConstructor", "getConstructor"):
        return bound(value, name, lambda site, run: _instance(value, name, site, run))
    if name in ("getConstructors", "getDeclaredConstructors"):
        made = Function(name, lambda site, run: run.construct(value, site))
        return bound(value, name, lambda site, run: Sequence([], made))
    if (found := processes.methods_by_name(value, name)) is not None:
        return found
    if name in OPENING:
        return bound(value, name, lambda site, run: opened_file(first_of(site)) or Library(f"Class.{name}()"))
    if name in ("getClassLoader", "getPackage", "getEnclosingClass"):
        return function(name, lambda site, run: Library(f"Class.{name}()"))
    if name in ("hashCode", "equals", "toString", "isInstance", "isAssignableFrom", "getModifiers", "isInterface"):
        return computed(name)
    return None


def _full_name(value: ClassValue, run: Machine) -> Value:
    module = run.sources.load(value.frame.file)
    package = module.package + "." if module is not None and module.package else ""
    return Const(package + value.definition.name)


def _instance(value: ClassValue, name: str, site: CallSite, run: Machine) -> Value:
    if name == "newInstance":
        return run.construct(value, site)
    return Function(name, lambda later, run: run.construct(value, later))


def builder(site: CallSite, run: Machine) -> Value:
    """What Lombok's ``Order.builder()`` gives."""
    made = [ObjectBuilder(option, run.position.conditional) for option in options(first_of(site))]
    return join(*made)


class ObjectBuilder(Native):
    """A builder of an object of the project: its methods are named as the fields."""

    __slots__ = ("born", "cls", "fields")
    label = "a builder"

    def __init__(self, cls: Value, born: int) -> None:
        self.cls = cls
        self.born = born
        self.fields: dict[str, Value] = {}

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``build()``, or a field."""
        if name == "build":
            return bound(self, name, self._build)
        return bound(self, name, lambda site, run: self._set(name, site, run))

    def _set(self, name: str, site: CallSite, run: Machine) -> Value:
        value = first_of(site)
        if run.position.conditional > self.born:
            value = join(self.fields.get(name) or Const(None), value)
        self.fields[name] = value
        return self

    def _build(self, site: CallSite, run: Machine) -> Value:
        if not isinstance(self.cls, ClassValue):
            return UnknownValue("an object of a builder", site.place)
        made = run.construct(self.cls, CallSite((), {}, site.place, complete=False))
        for option in options(made):
            if isinstance(option, Instance):
                option.fields.update(self.fields)
        return made
