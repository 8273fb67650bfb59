"""The parts of a web application that a framework calls: controllers, console commands, jobs, message handlers.

A framework finds them by their folders, their interfaces and their attributes
(https://laravel.com/docs/structure, https://symfony.com/doc/current/best_practices.html,
https://symfony.com/doc/current/messenger.html#creating-a-message-handler). All of them may run, with anything.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Final

from scopedown.calls.interpreter import injection, members, modules
from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    Value,
    options,
)
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.languages.php import files, library_symfony, program
from scopedown.languages.php.computed import COMPUTED
from scopedown.languages.php.native import class_named
from scopedown.source import ir

LARAVEL: Final = "bootstrap/app.php"
SYMFONY: Final = "src/Kernel.php"
_HANDLERS: Final = ("AsMessageHandler", "MessageHandlerInterface", "MessageSubscriberInterface")
_SDK: Final = ("Aws", "AsyncAws")
"""Words of files that use an SDK."""
_HAS_CLASS: Final = re.compile(rb"^[ \t]*(?:(?:abstract|final|readonly)[ \t]+)*(?:class|trait)[ \t]+\w", re.MULTILINE)
_LEADS: Final = re.compile(
    r"(?:Container|ContainerInterface|ContainerBuilder|Kernel|Application|Injector|Dispatcher|EventDispatcher|Bootstrap|"
    r"Pipeline|Router|RouteCollector|App|AppFactory|ServiceManager|Framework|Psr15Handler|RequestHandlerRunner|CommandBus|"
    r"QueryBus|EventBus|MessageBus|Resolver|ContainerConfigurator)$"
)
"""How classes are named that make others by their names: containers, kernels, routers, buses."""
_LEADING: Final = (
    "Slim\\", "Mezzio\\", "Laminas\\", "DI\\", "League\\Container\\", "Pimple\\", "Cake\\", "CodeIgniter\\",
    "Yiisoft\\",
    "Nette\\", "Spiral\\", "Hyperf\\", "Antidot\\", "Laravel\\", "Symfony\\Component\\DependencyInjection\\",
    "Symfony\\Component\\HttpKernel\\", "Symfony\\Component\\Console\\", "Symfony\\Component\\Runtime\\", "FastRoute\\",
)  # fmt: skip
"""Namespaces of frameworks and containers."""
_LISTENS: Final = (
    "AsEventListener", "EventSubscriberInterface", "AsDoctrineListener", "AsEntityListener", "AsController",
    "AbstractExtension", "RuntimeExtensionInterface", "ProcessorInterface", "ProviderInterface", "AsLiveComponent",
    "AsTwigComponent", "AbstractAuthenticator", "UserProviderInterface",
)  # fmt: skip
"""Words of classes that the framework, Twig and API Platform call for a request."""
_MODELLED: Final = frozenset({"bref/symfony-messenger", "bref/symfony-messenger-sqs", "aws/aws-sdk-php-symfony"})
"""Bundles that call nothing beside what models know: transports of messages, clients under their classes."""
_OF_REQUESTS: Final[dict[str, tuple[str, ...]]] = {
    "Http/Middleware/": ("handle",), "Livewire/": (), "GraphQL/": (), "Observers/": ()
}  # fmt: skip
"""Folders of classes that Laravel and its usual packages call for a request, with the methods (none named: all):
https://laravel.com/docs/middleware, https://laravel.com/docs/eloquent#observers, https://livewire.laravel.com/docs/components,
https://lighthouse-php.com/master/the-basics/fields.html."""
_OF_VIEWS: Final = ("Storage", "Cache", "Aws")
_CONSOLE: Final = ("Console/", "Command/", "Commands/")


def files_of(run: Machine, file: str) -> tuple[str, ...]:
    """The files of the application that a file belongs to."""
    unit = run.sources.unit(file)
    return unit.files if unit is not None else ()


def uses(run: Machine, file: str, start: str) -> bool:
    """Whether the application is of a framework, by the file that all of its applications have."""
    return any(one == start or one.endswith("/" + start) for one in files_of(run, file))


def web(run: Machine, file: str, place: Place) -> None:
    """A request may ask for any route or controller."""
    if uses(run, file, LARAVEL):
        for one in files_of(run, file):
            if "routes/" in one:
                run.load(one)
        for folder, methods in _OF_REQUESTS.items():
            for cls in classes_of(run, (one for one in files_of(run, file) if folder in one)):
                if methods:
                    run_methods(run, cls, methods, place)
                else:
                    run_all(run, cls, place)
        _views(run, file)
    elif uses(run, file, SYMFONY):
        prepare(run, file, place)
        unit = run.sources.unit(file)
        chosen = [one for one in files_of(run, file) if "Controller/" in one]
        chosen += [one for word in _LISTENS for one in (unit.mentioning(word) if unit is not None else ())]
        for cls in classes_of(run, dict.fromkeys(chosen)):
            run_all(run, cls, place)


def _views(run: Machine, file: str) -> None:
    """A page may be asked for: templates that name something of AWS or of a driver."""
    unit = run.sources.unit(file)
    named = dict.fromkeys(one for word in _OF_VIEWS for one in (unit.mentioning(word) if unit is not None else ()))
    for one in named:
        if one.endswith(".blade.php"):
            run.load(one)


def prepare(run: Machine, file: str, place: Place) -> None:
    """Symfony's kernel makes the container, with the services of its bundles."""
    for one in files_of(run, file):
        if one == "config/bundles.php" or one.endswith("/config/bundles.php"):
            _bundles(run, one, place)
    for cls in classes_of(run, (one for one in files_of(run, file) if one == SYMFONY or one.endswith("/" + SYMFONY))):
        library_symfony.build(run, cls, place)


def _bundles(run: Machine, file: str, place: Place) -> None:
    """The packages whose bundles are in use: those that are not read may call AWS for what the container gives
    (https://symfony.com/doc/current/bundles.html)."""
    run.load(file)
    module = run.heap.modules.get(file)
    listed = module.frame.variables.get(program.RETURNED) if module is not None else None
    for name in listed.fields if isinstance(listed, Object) else ():
        if run.sources.named(name, file, "\\") is None:
            ground = run.sources.ground
            package = files.package_in_lock(ground, file, name) or files.package_of(name) or name
            if package not in _MODELLED:
                modules.leave_out(run, package, place)


def messages(run: Machine, file: str, place: Place) -> None:
    """A message may be for any handler."""
    unit = run.sources.unit(file)
    if unit is None:
        return
    if uses(run, file, LARAVEL):
        for cls in classes_of(run, (one for one in unit.files if "Jobs/" in one or "Listeners/" in one)):
            run_methods(run, cls, ("handle",), place)
    elif uses(run, file, SYMFONY):
        prepare(run, file, place)
        found = dict.fromkeys(one for word in _HANDLERS for one in unit.mentioning(word))
        for cls in classes_of(run, found):
            run_methods(run, cls, ("__call__",), place)


def console(run: Machine, file: str, place: Place) -> None:
    """Any command may be asked for."""
    if uses(run, file, SYMFONY):
        prepare(run, file, place)
    for one in files_of(run, file):
        if one.endswith("routes/console.php"):
            run.load(one)
    chosen = [one for one in files_of(run, file) if any(part in one for part in _CONSOLE)]
    for cls in classes_of(run, chosen):
        run_methods(run, cls, ("handle", "execute", "__call__", "schedule"), place)


def tell_rest(run: Machine, file: str, place: Place) -> None:
    """Classes of the application that name the SDK and of which nothing ran, where something that is not read is in
    charge of what runs: it may make them by what it reads in its configuration, in attributes or at run time."""
    unit = run.sources.unit(file)
    if unit is None or not _is_led(run, file):
        return
    entered = run.found.functions_entered
    for one in dict.fromkeys(each for word in _SDK for each in unit.mentioning(word)):
        module = run.heap.modules.get(one)
        if module is None:
            waits = _HAS_CLASS.search(unit.text(one)) is not None
        else:
            waits = any(
                isinstance(cls, ClassValue) and cls.frame.file == one and not _ran(cls, entered)
                for cls in list(module.frame.variables.values())
            )
        if waits:
            what = f"the framework may run {one}"
            unseen = Unseen(Cause.DISPATCH, what, run.sources.place(one), ("*",), HINT)
            run.found.unseen.setdefault((Cause.DISPATCH, what), unseen)


def _is_led(run: Machine, file: str) -> bool:
    """Whether a framework or a container of a package is in use, or one that the application itself has."""
    if COMPUTED in run.heap.names or uses(run, file, LARAVEL) or uses(run, file, SYMFONY):
        return True
    return any(
        _LEADS.search(name.rpartition("\\")[2] or name) or name.startswith(_LEADING) for _, name in list(run.heap.names)
    )


def _ran(cls: ClassValue, entered: Container[int]) -> bool:
    """Whether a method of a class ran; its constructor alone makes no call that somebody asks for."""
    functions = {name: one for name, one in cls.fields.items() if isinstance(one, FunctionValue)}
    asked = [one for name, one in functions.items() if name != "constructor"] or list(functions.values())
    return not asked or any(id(one.function) in entered for one in asked)


def classes_of(run: Machine, files: Iterable[str]) -> Iterator[ClassValue]:
    """The classes that files declare and of which objects can be made."""
    for file in files:
        run.load(file)
        module = run.heap.modules.get(file)
        for value in list(module.frame.variables.values()) if module is not None else ():
            if isinstance(value, ClassValue) and not value.definition.abstract and value.frame.file == file:
                yield value


def takers(run: Machine, cls: ClassValue, names: Iterable[str]) -> Iterator[ClassValue]:
    """The classes of the application that have a method whose first parameter is of a class: handlers of a message."""
    unit = run.sources.unit(cls.frame.file)
    wanted = tuple(names)
    for found in classes_of(run, unit.mentioning(cls.definition.name) if unit is not None else ()):
        for name in wanted:
            method = found.fields.get(name)
            first = method.function.parameters[:1] if isinstance(method, FunctionValue) else ()
            if any(_names(one.annotation, cls.definition.name) for one in first):
                yield found
                break


def _names(written: object, name: str) -> bool:
    if isinstance(written, ir.Op):
        return any(_names(one, name) for one in written.operands)
    return str(getattr(written, "id", "")).rpartition("\\")[2] == name.rpartition("\\")[2]


def made(run: Machine, cls: ClassValue, place: Place) -> Value:
    """An object of a class, as a container makes it."""
    return injection.of_class(run, cls, place)


def run_methods(run: Machine, cls: ClassValue, names: Iterable[str], place: Place) -> None:
    """Call methods of an object of a class, with anything."""
    this = made(run, cls, place)
    for option in options(this):
        for name in names:
            if isinstance(option, Instance):
                method = members.member_of_class(run, option.cls, name, option, place)
                if isinstance(method, FunctionValue):
                    enter(run, method, place)


def enter(run: Machine, function: FunctionValue, place: Place) -> None:
    """Call a function, of which the container makes the services that its parameters declare
    (https://laravel.com/docs/container#method-invocation-and-injection,
    https://symfony.com/doc/current/controller.html#fetching-services)."""
    run.heap.bindings.automatic.add(id(function.function))
    run.enter(function, CallSite((), {}, place, complete=False, outside=True))


def run_all(run: Machine, cls: ClassValue, place: Place) -> None:
    """Call every method that a class itself has."""
    names = [name for name, value in cls.fields.items() if isinstance(value, FunctionValue) and name != "constructor"]
    run_methods(run, cls, [name for name in names if name == "__call__" or not name.startswith("_")], place)


def run_action(run: Machine, value: Value, place: Place, every: bool = False) -> None:
    """What a route names: a closure, ``[Controller::class, "method"]``, a controller, ``"Controller@method"``."""
    for option in options(value):
        match option:
            case FunctionValue():
                enter(run, option, place)
            case Sequence(items=[Const(value=str() as name), Const(value=str() as method)]):
                _run_named(run, name, method, place)
            case Const(value=str() as text) if "@" in text:
                name, _, method = text.partition("@")
                _run_named(run, name, method, place)
            case Const(value=str() as text) if "\\" in text or text.endswith("Controller"):
                _run_named(run, text, "*" if every else "__call__", place)
            case Sequence():
                for item in option.held():
                    run_action(run, item, place, every)
            case _:
                pass


def _run_named(run: Machine, name: str, method: str, place: Place) -> None:
    for whole in (name, f"App\\Http\\Controllers\\{name}"):
        found = class_named(run, whole, place)
        if isinstance(found, ClassValue):
            if method == "*":
                run_all(run, found, place)
            else:
                run_methods(run, found, (method,), place)
            return
