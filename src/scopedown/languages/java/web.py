"""Web frameworks behind a Lambda handler: the methods that routes lead to.

A class that is marked as a controller or a resource is made by the container, and each of its marked methods may be
called by a request. What runs when an application starts does so first.

Sources: https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller.html,
https://jakarta.ee/specifications/restful-ws/, https://docs.micronaut.io/latest/guide/#routing,
https://quarkus.io/guides/reactive-routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.java import containers, marks

CONTROLLERS: Final = (
    "RestController", "Controller", "Path", "RouteBase", "ControllerAdvice", "RestControllerAdvice", "Route",
    "BasePathAwareController", "RepositoryRestController", "GraphQLApi", "ServerEndpoint",
)  # fmt: skip
_ROUTES: Final = (
    "RequestMapping", "GetMapping", "PostMapping", "PutMapping", "DeleteMapping", "PatchMapping", "QueryMapping",
    "MutationMapping", "SchemaMapping", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "Get", "Post",
    "Put", "Delete", "Patch", "Head", "Options", "Route", "Path", "Query", "Mutation", "ExceptionHandler", "Error",
    "Funq",
)  # fmt: skip
_STARTING: Final = ("PostConstruct", "EventListener", "Startup")
_RUNNERS: Final = ("CommandLineRunner", "ApplicationRunner", "InitializingBean", "SmartLifecycle")
_RUNS: Final = ("run", "afterPropertiesSet", "start")


def start(run: Machine, file: str, place: Place) -> None:
    """What runs when the application starts: methods that are marked so, and runners."""
    for cls in containers.marked_classes(run, file, (*_STARTING, *_RUNNERS)):
        if cls.definition.abstract:
            continue
        names = [name for name, one in containers.methods_of(cls) if marks.find(one.function.annotations, *_STARTING)]
        bases = {getattr(base, "id", getattr(base, "name", "")) for base in cls.definition.bases}
        if not bases.isdisjoint(_RUNNERS):
            names += [name for name in _RUNS if name in cls.fields]
        for name in names:
            call(run, injection.single(run, cls, place), name, place)


def call(run: Machine, owner: Value, name: str, place: Place) -> Value:
    """Call a method of an object as code does that is not seen."""
    method = members.attribute(run, owner, name, place)
    return run.call_value(method, CallSite((), {}, place, complete=False, outside=True))


def routes(run: Machine, file: str) -> Iterator[tuple[ClassValue, str]]:
    """The marked methods of the controllers of a file's unit."""
    for cls in containers.marked_classes(run, file, CONTROLLERS):
        if cls.definition.abstract or marks.find(cls.definition.annotations, *CONTROLLERS) is None:
            continue
        seen: set[str] = set()
        for one in cls.ancestry():  # an interface may hold the marks
            for name, method in containers.methods_of(one) if isinstance(one, ClassValue) else ():
                if name not in seen and marks.find(method.function.annotations, *_ROUTES) is not None:
                    seen.add(name)
                    yield cls, name
            for name in _declared_routes(one):
                if name not in seen and name in cls.fields:
                    seen.add(name)
                    yield cls, name


def _declared_routes(cls: Value) -> Iterator[str]:
    """Methods that an interface only declares: any of them may be a route."""
    if isinstance(cls, ClassValue) and cls.definition.abstract:
        yield from (name.removesuffix("()") for name, _ in cls.definition.types if name.endswith("()"))


def serve(run: Machine, file: str, place: Place) -> Value:
    """A request arrives: any route may be taken."""
    containers.register(run, file)
    start(run, file, place)
    for cls, name in routes(run, file):
        call(run, injection.single(run, cls, place), name, place)
    return UnknownValue("a response", place, inert=True)
