"""What Lambda calls for a Java handler: a method of a class of the project, or what a library's class leads on to.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html, https://docs.spring.io/spring-cloud-function/
reference/adapters/aws-intro.html, https://quarkus.io/guides/aws-lambda,
https://micronaut-projects.github.io/micronaut-aws/latest/guide/#lambda.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    ModuleValue,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import containers, library_handlers, marks, properties, web
from scopedown.languages.java.natives import Function

METHODS: Final = ("handleRequest", "apply", "accept", "get", "execute")
"""What a handler's method is called where the setting names its class alone: that of Lambda's interfaces, else those of
Java's functional interfaces and of frameworks."""
_HANDLERS: Final = ("RequestHandler", "RequestStreamHandler")
_FUNCTIONS: Final = ("Function", "Consumer", "Supplier", "BiFunction", "UnaryOperator")
_SNAPSHOT: Final = ("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
_HOOK: Final = "beforeCheckpoint"


def entry(run: Machine, file: str, symbol: str) -> Value | None:
    """What is called; None where the file has no such class."""
    qualified, _, method = symbol.partition("::")
    place = run.sources.place(file)
    containers.register(run, file)
    cls = class_in(run, file, qualified, place)
    found = method_of(run, cls, method, place) if cls is not None else _led_on(run, file, qualified, place)
    if found is not None and run.environment.get(_SNAPSHOT[0]) == _SNAPSHOT[1]:
        _snapshot(run, file, place)
    return found


def class_in(run: Machine, file: str, qualified: str, place: Place) -> ClassValue | None:
    """A class of a file by its full name; ``Outer$Inner`` is the class inside."""
    module = run.heap.modules.get(file)
    source = run.sources.load(file)
    package, _, name = qualified.rpartition(".")
    if not isinstance(module, ModuleValue) or source is None or source.package != package:
        return None
    outer, *inner = name.split("$")
    found = module.frame.variables.get(outer)
    for one in inner:
        found = None if found is None else members.attribute(run, found, one, place)
    return found if isinstance(found, ClassValue) else None


def method_of(run: Machine, cls: ClassValue, method: str, place: Place) -> Value | None:
    """A handler's method, bound to a new object of its class unless it is static."""
    own = method or next((name for name in METHODS if _has(run, cls, name, place)), METHODS[0])
    if not _has(run, cls, own, place) and (inner := next((one for one in METHODS if _has(run, cls, one, place)), None)):
        own = inner  # a base that is not read has the method, and calls this one
    managed = any(isinstance(one, External) for one in cls.ancestry())
    supplied = managed or not _is_plain(cls)
    made = injection.single(run, cls, place) if supplied else run.construct(cls, CallSite((), {}, place))
    found = members.attribute(run, made, own, place)
    if isinstance(found, Const) or (isinstance(found, UnknownValue) and not managed):
        return None
    return _callable(found, own)


def _is_plain(cls: ClassValue) -> bool:
    """Whether Lambda itself can make an object: without arguments. A container makes the others."""
    constructors = cls.fields.get("constructor")
    found = [one for one in options(constructors) if isinstance(one, FunctionValue)] if constructors is not None else []
    if containers.beginning(cls):
        return False
    return not found or any(
        all(parameter.kind != "positional" or parameter.default is not None for parameter in one.function.parameters)
        for one in found
    )


def _callable(found: Value, name: str) -> Value:
    """A method of several forms is called in the one that takes the arguments."""
    if isinstance(found, FunctionValue):
        return found
    return Function(name, lambda site, run: run.call_value(found, site))


def _has(run: Machine, cls: ClassValue, name: str, place: Place) -> bool:
    """Whether a class of the project has a method, or inherits it from one."""
    return any(isinstance(one, ClassValue) and name in one.fields for one in cls.ancestry())


# handlers that are a library's


def _led_on(run: Machine, file: str, qualified: str, place: Place) -> Value | None:
    """What a library's class calls."""
    unit = run.sources.unit(file)
    text = "\n".join(unit.text(one).decode("utf-8", "replace") for one in unit.files[:400]) if unit is not None else ""
    library = library_handlers.of_class(qualified) or library_handlers.of_sources(text)
    if library is None:
        return None
    named = _NAMED.get(library.framework)
    found = named(run, file, place) if named is not None else None
    if found is not None:
        return found
    if not any(web.routes(run, file)):
        return None
    return Function(f"{library.framework} application", lambda site, run: web.serve(run, file, site.place))


def _spring(run: Machine, file: str, place: Place) -> Value | None:
    """Spring Cloud Function: the functions that a variable or a property names, else all that there are."""
    held = properties.properties(run, file).get("spring.cloud.function.definition")
    names = ("SPRING_CLOUD_FUNCTION_DEFINITION", "FUNCTION_NAME", "DEFAULT_HANDLER", "_HANDLER_FUNCTION")
    given = next((run.environment[name] for name in names if name in run.environment), held or "")
    functions = dict(_function_beans(run, file, place))
    wanted = [one.strip() for one in re.split(r"[|,;]", given) if one.strip()]
    found = [functions[one] for one in wanted if one in functions]
    if wanted and not found:
        alike = [made for name, made in functions.items() if any(name.lower().startswith(w.lower()) for w in wanted)]
        found = alike
    chosen = found or list(functions.values())
    if not chosen:
        return None

    def body(site: CallSite, run: Machine) -> Value:
        web.start(run, file, site.place)
        result: Value = UnknownValue("a response", site.place, inert=True)
        for make in chosen:
            result = run.call_value(make(site.place), site)
        return result

    return Function("function", body)


def _function_beans(run: Machine, file: str, place: Place) -> Iterator[tuple[str, Callable[[Place], Value]]]:
    """Spring's functions by their names: methods that give one, and classes that are one."""
    for cls in containers.marked_classes(run, file, _FUNCTIONS):
        if cls.definition.abstract:
            continue
        if _derives(cls, _FUNCTIONS):
            method = next((name for name in ("apply", "accept", "get") if name in cls.fields), "apply")
            written = marks.element(
                run, cls.frame, marks.find(cls.definition.annotations, "Component", "Service", "Bean"), "value", "name"
            )
            named = written.value if isinstance(written, Const) and isinstance(written.value, str) else None
            name = named or cls.definition.name[:1].lower() + cls.definition.name[1:]
            yield name, _of_class(run, cls, method)
            continue
        for name, function in containers.methods_of(cls):
            if marks.find(function.function.annotations, "Bean") and _gives_function(function):
                yield name, _of_method(run, name)


def _of_class(run: Machine, cls: ClassValue, method: str) -> Callable[[Place], Value]:
    return lambda place: members.attribute(run, injection.single(run, cls, place), method, place)


def _of_method(run: Machine, name: str) -> Callable[[Place], Value]:
    return lambda place: injection.resolve(run, Const(name), place)


def _gives_function(function: FunctionValue) -> bool:
    declared = function.function.returns
    of = getattr(declared, "object", declared)
    return getattr(of, "id", "") in _FUNCTIONS


def _derives(cls: ClassValue, names: tuple[str, ...]) -> bool:
    """Whether a class, or one that it derives from, names such a base."""
    for one in cls.ancestry():
        for base in one.definition.bases if isinstance(one, ClassValue) else ():
            of = getattr(base, "object", base) if not hasattr(base, "id") else base
            if getattr(of, "id", getattr(of, "name", "")).rpartition(".")[2] in names:
                return True
    return False


def _quarkus(run: Machine, file: str, place: Place) -> Value | None:
    """Quarkus: the handler that a variable or a property names, else the only one, else the functions of Funqy."""
    names = ("QUARKUS_LAMBDA_HANDLER", "quarkus_lambda_handler", "quarkus.lambda.handler")
    held = properties.properties(run, file).get("quarkus.lambda.handler")
    given = next((run.environment[name] for name in names if name in run.environment), held)
    found: dict[str, ClassValue] = {}
    for cls in containers.marked_classes(run, file, _HANDLERS):
        if not cls.definition.abstract and _derives(cls, _HANDLERS):
            name = marks.element(run, cls.frame, marks.find(cls.definition.annotations, "Named"), "value")
            known = name.value if isinstance(name, Const) else None
            found[str(known or cls.definition.name)] = cls
    chosen = [found[given]] if given in found else list(found.values())
    if not chosen:
        return _funqy(run, file, place)
    return _all_of(run, chosen, place)


def _all_of(run: Machine, classes: list[ClassValue], place: Place) -> Value:
    def body(site: CallSite, run: Machine) -> Value:
        for cls in classes:
            made = injection.single(run, cls, site.place)
            own = next((name for name in METHODS if _has(run, cls, name, site.place)), METHODS[0])
            run.call_value(members.attribute(run, made, own, site.place), site)
        return UnknownValue("a response", site.place, inert=True)

    for cls in classes:
        injection.single(run, cls, place)
    return Function("handler", body)


def _funqy(run: Machine, file: str, place: Place) -> Value | None:
    functions = [
        (cls, name)
        for cls in containers.marked_classes(run, file, ("Funq",))
        for name, one in containers.methods_of(cls)
        if marks.find(one.function.annotations, "Funq") is not None
    ]
    exported = run.environment.get("QUARKUS_FUNQY_EXPORT") or properties.properties(run, file).get(
        "quarkus.funqy.export"
    )
    chosen = [one for one in functions if one[1] == exported] or functions
    if not chosen:
        return None

    def body(site: CallSite, run: Machine) -> Value:
        for cls, name in chosen:
            web.call(run, injection.single(run, cls, site.place), name, site.place)
        return UnknownValue("a response", site.place, inert=True)

    return Function("function", body)


def _micronaut(run: Machine, file: str, place: Place) -> Value | None:
    """Micronaut: a class that derives from the library's handler, or is a function."""
    bases = ("MicronautRequestHandler", "MicronautRequestStreamHandler", "FunctionInitializer")
    found = []
    for cls in containers.marked_classes(run, file, (*bases, "FunctionBean")):
        is_function = marks.find(cls.definition.annotations, "FunctionBean") is not None
        if not cls.definition.abstract and (is_function or _derives(cls, bases)):
            found.append(cls)
    return _all_of(run, found, place) if found else None


_NAMED: Final = {"spring": _spring, "quarkus": _quarkus, "micronaut": _micronaut}


# snapshots


def _snapshot(run: Machine, file: str, place: Place) -> None:
    """Hooks run before Lambda takes a snapshot of the started function
    (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html)."""
    for cls in containers.marked_classes(run, file, (_HOOK,)):
        if _HOOK in cls.fields and not cls.definition.abstract:
            objects: list[Value] = [*run.heap.objects.get(id(cls), ())]
            for one in objects or [injection.single(run, cls, place)]:
                web.call(run, one, _HOOK, place)
