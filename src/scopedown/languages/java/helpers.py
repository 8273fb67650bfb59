"""Helpers of much-used libraries through which names and clients go: Guava, Apache Commons, Spring's, dotenv, Vavr.

Sources: https://guava.dev/releases/snapshot-jre/api/docs/, https://commons.apache.org/proper/commons-lang/apidocs/,
https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/util/package-summary.html,
https://github.com/cdimascio/dotenv-java.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, Sequence, Value
from scopedown.core.place import Place
from scopedown.languages.java import collections_of, texts
from scopedown.languages.java.environment import environment_variable
from scopedown.languages.java.natives import (
    Body,
    Function,
    JavaClass,
    add,
    bound,
    computed,
    elements,
    first_of,
    function,
    given,
    identity,
    is_null,
    otherwise,
)


def _or_second(site: CallSite, run: Machine) -> Value:
    return otherwise(first_of(site), given(site, 1))


def _or_empty(site: CallSite, run: Machine) -> Value:
    return otherwise(first_of(site), given(site, 1) if len(site.positional) > 1 else Const(""))


def _first_that_is(site: CallSite, run: Machine) -> Value:
    """``ObjectUtils.firstNonNull(a, b)``."""
    found: Value = Const(None)
    for one in reversed(site.positional):
        found = one if is_null(found) else otherwise(one, found)
    return found


def _joined(site: CallSite, run: Machine) -> Value:
    """``StringUtils.join(list, separator)``."""
    return texts.joined_text(given(site, 1), elements(run, first_of(site), site.place), site.place)


def _variable(site: CallSite, run: Machine) -> Value:
    found = environment_variable(first_of(site), site.place)
    return otherwise(found, given(site, 1)) if len(site.positional) > 1 else found


class Gathering(Native):
    """A builder of a collection (``ImmutableMap.builder()``)."""

    __slots__ = ("made",)
    label = "a builder of a collection"

    def __init__(self, made: Object | Sequence) -> None:
        self.made = made

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``put``, ``add``, ``build``."""
        if name.startswith("build"):
            return bound(self, name, lambda site, run: self.made)
        if name in ("put", "add", "putAll", "addAll"):
            return bound(self, name, lambda site, run: self._add(name, site, run))
        return computed(name)

    def _add(self, name: str, site: CallSite, run: Machine) -> Value:
        if isinstance(self.made, Sequence):
            more = elements(run, first_of(site), site.place) if name == "addAll" else Sequence(list(site.positional))
            add(run, self.made, *more.items, *([more.rest] if more.rest is not None else []))
        elif name == "put" and len(site.positional) > 1:
            members.assign_index(run, self.made, first_of(site), given(site, 1), site.place)
        else:
            run.call(run.attribute(self.made, "putAll", site.place), site.positional, site.place)
        return self


class Dotenv(Native):
    """Variables of the environment, and of a file that a function does not have."""

    __slots__ = ()
    label = "the variables of the environment"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get("NAME")``; what sets it up gives it again."""
        if name == "get":
            return bound(self, name, _variable)
        return bound(self, name, lambda site, run: self)


_LIST_OF: Final = ("of", "newArrayList", "newHashSet", "newLinkedList", "newLinkedHashSet", "asList")


def _listing(name: str) -> JavaClass:
    """``ImmutableList``, ``Lists``."""
    return JavaClass(
        name,
        {
            **dict.fromkeys(_LIST_OF, function("List.of", collections_of.list_of)),
            "copyOf": function("List.copyOf", collections_of.copied),
            "builder": function("builder", lambda site, run: Gathering(Sequence())),
        },
    )


def _mapping(name: str) -> JavaClass:
    """``ImmutableMap``, ``Maps``."""
    return JavaClass(
        name,
        {
            **dict.fromkeys(("of", "ofEntries"), function("Map.of", collections_of.map_of)),
            **dict.fromkeys(
                ("copyOf", "newHashMap", "newLinkedHashMap", "newConcurrentMap", "newTreeMap"),
                function("Map.copyOf", collections_of.copied_map),
            ),
            "builder": function("builder", lambda site, run: Gathering(Object(born=run.position.conditional))),
        },
    )


def _class(name: str, **bodies: Body) -> JavaClass:
    return JavaClass(name, {one: function(f"{name}.{one}", body) for one, body in bodies.items()})


def _same(site: CallSite, run: Machine) -> Value:
    return first_of(site)


@cache
def classes() -> dict[str, JavaClass]:
    """The classes, by their full names."""
    lang = "org.apache.commons.lang"
    words = ("defaultIfEmpty", "defaultIfBlank")
    known = [
        _class(
            "com.google.common.base.Suppliers", memoize=_same, memoizeWithExpiration=_same, synchronizedSupplier=_same
        ),
        _class("com.google.common.base.Strings", nullToEmpty=_or_empty, emptyToNull=_same),
        _class("com.google.common.base.MoreObjects", firstNonNull=_or_second),
        _class("com.google.common.base.Preconditions", checkNotNull=_same),
        _class("com.google.common.base.Verify", verifyNotNull=_same),
        *(_listing(f"com.google.common.collect.{one}") for one in ("ImmutableList", "ImmutableSet", "Lists", "Sets")),
        *(_mapping(f"com.google.common.collect.{one}") for one in ("ImmutableMap", "ImmutableSortedMap", "Maps")),
        _class("org.springframework.util.StringUtils", trimWhitespace=_same),
        _class("io.vavr.Lazy", of=_same),
        _class("org.springframework.util.function.SingletonSupplier", of=_same),
        JavaClass("io.github.cdimascio.dotenv.Dotenv", dict.fromkeys(("load", "configure"), _DOTENV)),
    ]
    for version in ("", "3"):
        known += [
            JavaClass(
                f"{lang}{version}.StringUtils",
                {
                    **dict.fromkeys(words, function("StringUtils.defaultIfEmpty", _or_second)),
                    "defaultString": function("StringUtils.defaultString", _or_empty),
                    "join": function("StringUtils.join", _joined),
                    **dict.fromkeys(("trim", "strip", "trimToEmpty", "trimToNull", "stripToNull"), identity("trim")),
                    "firstNonBlank": function("StringUtils.firstNonBlank", _first_that_is),
                },
            ),
            JavaClass(
                f"{lang}{version}.ObjectUtils",
                {
                    "defaultIfNull": function("ObjectUtils.defaultIfNull", _or_second),
                    "firstNonNull": function("ObjectUtils.firstNonNull", _first_that_is),
                },
            ),
            _class(f"{lang}{version}.Validate", notNull=_same, notEmpty=_same, notBlank=_same),
            _class(f"{lang}{version}.SystemUtils", getEnvironmentVariable=_variable),
        ]
    return {one.name: one for one in known}


_DOTENV: Final = Function("Dotenv", lambda site, run: Dotenv())


def module(name: str) -> Value | None:
    """A class, or a static member of one that a file imports; None for other names."""
    known = classes()
    if name in known:
        return known[name]
    owner, _, member = name.rpartition(".")
    return known[owner].statics.get(member) if owner in known else None
