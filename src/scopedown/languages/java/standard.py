"""Java's standard library: the classes that are known, by their full names, and the rest as a whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, UnknownValue, Value, join
from scopedown.core.tables import read_rows
from scopedown.languages.java import (
    collections_of,
    configuration,
    containers,
    dagger,
    held,
    helpers,
    processes,
)
from scopedown.languages.java.files import library_of
from scopedown.languages.java.natives import (
    NOTHING,
    JavaClass,
    Library,
    Silent,
    computed,
    function,
    given,
    identity,
    is_null,
)
from scopedown.source.packages import table

ROOTS: Final = ("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.w3c.dom", "org.xml.sax")
"""What the names of the standard library begin with (https://docs.oracle.com/en/java/javase/21/docs/api/). What is
called ``javax`` and is none of it has annotations and interfaces alone."""


@cache
def opened() -> dict[str, frozenset[str]]:
    """The classes of packages that code may open."""
    rows = read_rows(Path(__file__).with_name("standard.tsv"), ("package", "classes"))
    return {row["package"]: frozenset(row["classes"].split()) for row in rows}


def is_standard(name: str) -> bool:
    """Whether a class or a package belongs to the standard library."""
    return name.startswith(ROOTS)


FRAMEWORKS: Final = (
    "org.springframework", "io.micronaut", "io.quarkus", "com.google.inject", "dagger", "org.glassfish", "reactor",
    "io.reactivex", "io.smallrye", "io.vertx", "spark", "io.javalin", "picocli", "org.apache.struts2", "org.http4k",
    "com.amazonaws.serverless", "graphql",
)  # fmt: skip
"""Harmless libraries that run what they are handed, or what they find: objects change hands."""


@cache
def is_quiet(name: str, language: str = "java") -> bool:
    """Whether a class or a package is of a library that calls nothing of AWS and runs no more of the project than the
    functions that it is handed, as the standard library does."""
    key = library_of(name, language)
    row = None if key is None or key in FRAMEWORKS else table.known(key, language)
    return row is not None and row.is_harmless and not row.word


def module(name: str) -> Value | None:
    """A class of the standard library or of a quiet one, or a member of one that a file imports; None for other
    names."""
    if (asking := containers.mark(name) or held.holder(name) or configuration.module(name)) is not None:
        return asking
    if name.startswith(("org.crac.", "jdk.crac.")):
        return Silent(name)  # hooks around a snapshot, which entries.py runs
    if not is_standard(name):
        if (generated := dagger.component(name)) is not None:
            return generated
        return helpers.module(name) or (Library(name) if is_quiet(name) else None)
    known = classes()
    if name in known:
        return known[name]
    owner, _, member = name.rpartition(".")
    outer = known.get(owner)
    if isinstance(outer, JavaClass) and member in outer.statics:
        return outer.statics[member]
    return Library(name)


def builtin(name: str) -> Value | None:
    """A class of ``java.lang``."""
    return module(f"java.lang.{name}") if name in opened()["java.lang"] else None


def _get_property(site: CallSite, run: Machine) -> Value:
    """A property of the virtual machine: nothing sets it in Lambda but code and options of the machine."""
    unknown = UnknownValue("a system property", site.place, inert=True)
    default = given(site, 1)
    return unknown if is_null(default) else join(unknown, default) if len(site.positional) < 2 else default


def _thread(site: CallSite, run: Machine) -> Value:
    runs = [one for one in site.positional if not isinstance(one, Const)]
    return LibraryObject("Thread", collections_of.BUILTINS.habits, runs[0] if runs else NOTHING)


def _start(owner: Value, site: CallSite, run: Machine) -> Value:
    run.call(run.attribute(owner, "run", site.place), (), site.place)
    return NOTHING


_OF_THREADS: Final = dict.fromkeys(("join", "setName"), lambda owner, site, run: NOTHING)


@cache
def classes() -> dict[str, Value]:
    """The classes of which more is known than that they are there."""
    known: dict[str, Value] = {**collections_of.classes()}
    known |= processes.classes()
    threads = collections_of.classes()["java.lang.Thread"].statics
    known["java.lang.Thread"] = JavaClass("java.lang.Thread", threads, _thread, {"start": _start, **_OF_THREADS})
    known["java.lang.System"] = JavaClass(
        "java.lang.System",
        {
            **collections_of.classes()["java.lang.System"].statics,
            "getProperty": function("System.getProperty", _get_property),
            "lineSeparator": function("System.lineSeparator", lambda site, run: Const("\n")),
            "identityHashCode": computed("System.identityHashCode"),
            **processes.LOADING,
        },
    )
    truth = known["java.lang.Boolean"]
    if isinstance(truth, JavaClass):
        constants = {"TRUE": Const(True), "FALSE": Const(False)}
        known["java.lang.Boolean"] = JavaClass("java.lang.Boolean", {**truth.statics, **constants}, truth.made)
    for name in ("java.util.function.Function", "java.util.function.UnaryOperator"):
        known[name] = JavaClass(
            name, {"identity": function("Function.identity", lambda site, run: identity("identity"))}
        )
    known |= {name: held.holding(name, known.get(name)) for name in held.HOLDING}
    return known
