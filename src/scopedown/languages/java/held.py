"""Types that hold what a container supplies: ``Provider<Store>``, ``List<Store>``, ``Optional<Store>``.

Sources: https://jakarta.ee/specifications/dependency-injection/2.0/apidocs/jakarta.inject/jakarta/inject/provider,
https://jakarta.ee/specifications/cdi/4.0/apidocs/jakarta.cdi/jakarta/enterprise/inject/instance,
https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/beans/factory/ObjectProvider.html,
https://dagger.dev/api/latest/dagger/Lazy.html, https://docs.micronaut.io/latest/guide/#ioc.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java import holders, marks
from scopedown.languages.java.natives import NOTHING, JavaClass, bound

PROVIDING: Final = frozenset(
    {
        "javax.inject.Provider", "jakarta.inject.Provider", "com.google.inject.Provider", "dagger.Lazy",
        "javax.enterprise.inject.Instance", "jakarta.enterprise.inject.Instance",
        "org.springframework.beans.factory.ObjectProvider", "org.springframework.beans.factory.ObjectFactory",
        "io.micronaut.context.BeanProvider",
    }
)  # fmt: skip
"""Types of which a container makes the objects alone."""
LISTS: Final = ("java.util.List", "java.util.Set", "java.util.Collection", "java.lang.Iterable")
HOLDING: Final = (*LISTS, "java.util.Map", "java.util.Optional", "java.util.function.Supplier")
"""Types that hold data more often than what a container makes."""
_SERVICES: Final = (
    "Component", "Service", "Repository", "Controller", "RestController", "Configuration", "Singleton", "Named",
    "ApplicationScoped", "RequestScoped", "Dependent", "Prototype", "Primary", "Requires", "Order",
)  # fmt: skip
"""Marks of classes whose objects containers make."""
_ASKING: Final = ("Inject", "Autowired")


class HolderClass(JavaClass):
    """A generic type that may hold services."""

    __slots__ = ()

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type with its arguments, of which the last one counts."""
        if not arguments:
            return None
        token = arguments[-1]
        meant = self.name in PROVIDING or any(_is_service(run, option) for option in options(token))
        return (HeldServices if meant else Held)(self, token)


def _is_service(run: Machine, value: Value) -> bool:
    """Whether objects of a type are made by a container, and no data."""
    if isinstance(value, Native):
        return value.names_a_client
    if not isinstance(value, ClassValue):
        return False
    if value.definition.abstract:
        return any(_is_service(run, one) for one in injection.implementations(run, value))
    if (
        marks.find(value.definition.annotations, *_SERVICES) is not None
        or injection.key(value) in run.heap.bindings.providers
    ):
        return True
    constructor = value.fields.get("constructor")
    return any(
        isinstance(one, FunctionValue) and marks.find(one.function.annotations, *_ASKING) is not None
        for one in (options(constructor) if constructor is not None else ())
    )


@dataclass(frozen=True, slots=True, eq=False)
class Held(Native):
    """A type that holds objects of another one; where somebody asks for it, a container supplies them."""

    label = "{self.of.name}"
    of: HolderClass
    token: Value

    def call(self, site: CallSite, run: Machine) -> Value:
        """A value of the type."""
        if self.of.name in PROVIDING or self.of.name.endswith("Supplier"):
            return Supply(self.token)
        if self.of.name in LISTS:
            return injection.resolve_all(run, self.token, site.place)
        found = injection.resolve(run, self.token, site.place)
        return holders.Optional(found) if self.of.name.endswith("Optional") else Object({}, found)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Static members are the type's own."""
        return self.of.attribute(name, run, place)


class HeldServices(Held):
    """One of which only a container makes objects."""

    __slots__ = ()

    names_a_client = True


@dataclass(frozen=True, slots=True, eq=False)
class Supply(Native):
    """``Provider``, ``Instance``: an object of a type when it is asked for."""

    label = "what supplies an object"
    token: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get()``, ``getObject()``, ``ifAvailable(…)``, ``stream()``."""
        if name in ("ifAvailable", "ifUnique", "ifPresent", "forEach"):
            return bound(self, name, self._each)
        if name in ("stream", "orderedStream", "iterator"):
            return bound(self, name, lambda site, run: injection.resolve_all(run, self.token, site.place))
        if name in ("select", "handles", "iterable"):
            return bound(self, name, self._select)
        if name in ("isUnsatisfied", "isAmbiguous", "isResolvable", "isPresent", "destroy"):
            return bound(self, name, lambda site, run: UnknownValue("a truth value", site.place, inert=True))
        return bound(self, name, lambda site, run: injection.resolve(run, self.token, site.place))

    def call(self, site: CallSite, run: Machine) -> Value:
        """As a function."""
        return injection.resolve(run, self.token, site.place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of them."""
        return injection.resolve(run, self.token, place)

    def _each(self, site: CallSite, run: Machine) -> Value:
        made = injection.resolve(run, self.token, site.place)
        for one in site.positional[:1]:
            run.call(one, (made,), site.place)
        return NOTHING

    def _select(self, site: CallSite, run: Machine) -> Value:
        narrowed = [one for one in site.positional if isinstance(one, ClassValue)]
        return Supply(narrowed[0]) if narrowed else self


def holder(name: str) -> Value | None:
    """A type that holds services alone, by its full name; None for other types."""
    return HolderClass(name) if name in PROVIDING else None


def holding(name: str, known: Value | None) -> HolderClass:
    """A type that may hold services, with what is known of it beside that."""
    if isinstance(known, JavaClass):
        return HolderClass(name, known.statics, known.made, known.inherited)
    return HolderClass(name)
