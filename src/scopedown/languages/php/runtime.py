"""PHP where its code runs (https://www.php.net/manual/en/langref.php)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Final

from scopedown.calls.interpreter import dunder_methods, injection, members
from scopedown.calls.interpreter.project_files import running_path
from scopedown.calls.machine import Activation, Function, Language, Machine, SdkNames
from scopedown.calls.sdks.typed_names import TypedNames
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.php import (
    bref_secrets,
    classes_core,
    container,
    frameworks,
    functions_core,
    library_laravel_container,
    library_laravel_drivers,
    library_symfony_parts,
    program,
    services,
)
from scopedown.languages.php.calls import CALLED_BY_ITSELF, CLASS, HIDDEN
from scopedown.languages.php.handlers import CONSOLE
from scopedown.languages.php.native import Library
from scopedown.source import ir

_HANDLING: Final = ("handle", "__call__", "process")
"""How the methods begin that Bref calls on a handler (https://bref.sh/docs/runtimes/function)."""


Scalar = str | int | float | bool | None


class Php(Language):
    """PHP."""

    name = "php"
    separator = "\\"
    binds_by_packages = True
    classes_know_themselves = True
    class_member = CLASS
    fields_are_private = True
    text_method = "__toString"
    called_by_itself = CALLED_BY_ITSELF
    texts_change = True
    values_are_called = True
    empty_generators = True

    library = staticmethod(Library)

    def is_true(self, value: Const) -> bool:
        """``"0"`` is false (https://www.php.net/manual/en/language.types.boolean.php)."""
        return value.value != "0" and bool(value.value)

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """``===``; of ``==`` what needs no conversion
        (https://www.php.net/manual/en/language.operators.comparison.php)."""
        left, right = one.value, other.value
        if type(left) is type(right):
            is_number = loosely and isinstance(left, str) and isinstance(right, str) and left != right
            return None if is_number and _may_be_number(left) and _may_be_number(right) else left == right
        if not loosely:
            return None if _may_convert(left, right) else False
        if isinstance(left, bool | None) or isinstance(right, bool | None):
            plain = isinstance(left, str) or isinstance(right, str)
            return None if plain and (left is None or right is None) else self.is_true(one) == self.is_true(other)
        return left == right if isinstance(left, int | float) and isinstance(right, int | float) else None

    def builtin(self, name: str) -> Value | None:
        """A function, a constant or a superglobal."""
        return functions_core.builtin(name)

    def standard_module(self, name: str) -> Value | None:
        """A class of PHP's own."""
        return classes_core.standard(name)

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """Names are whole already."""
        yield name

    def unbound(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """A name of the project, of a model or of a package."""
        module = run.sources.load(frame.file)
        return program.unbound(run, frame, name, place, module.package if module is not None else "")

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """``__FILE__`` and ``__DIR__``. A file names the SDK by whole names too."""
        if b"Aws\\" in (run.sources.text(module.file) or b""):
            run.found.sdk_files.add(module.file)
        path = running_path(run.sources, module.file)
        if path is not None:
            module.frame.variables |= {"__FILE__": Const(path), "__DIR__": Const(posixpath.dirname(path))}

    def run_module(self, module: ModuleValue, body: ir.Block, run: Machine) -> None:
        """A file is a program: what it calls is called at once, and it may return a value."""
        activation = Activation(module.frame, False)
        loading, run.position.loading = run.position.loading, 0
        try:
            run.execute(activation, body)
        finally:
            run.position.loading = loading
        if activation.returns:
            module.frame.variables[program.RETURNED] = join(*activation.returns)

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member of a value that no class of the analysed code defines."""
        if isinstance(value, Instance | ClassValue) and not name.startswith("$"):
            own = _without_capitals(value, name)
            if own is not None:
                return members.attribute(run, value, own, place)
        match value:
            case Instance():
                return _of_object(value, name, run, place)
            case ClassValue():
                if name == CLASS:
                    return value
                if name in ("from", "tryFrom", "cases") and (cases := _cases(value)):
                    return Function(name, lambda site, run: Sequence(cases) if name == "cases" else join(*cases))
                missing = dunder_methods.defined(value, "__callStatic")
                return None if missing is None else _magic(missing, value, name)
            case UnknownValue():
                return container.of_unknown(value, name, place)
            case FunctionValue():
                if name in ("bindTo", "bind", "call", "__call__"):
                    return _rebound(value, name)
                return None
            case Object() if name.startswith("$"):
                held = value.fields.get(name[1:])
                return held if held is not None else value.rest
            case Const() | TextValue() | Sequence() if not (isinstance(value, Const) and value.value is None):
                return UnknownValue(f"member {name.lstrip('$')}", place, inert=True)
            case _:
                return None

    def extension(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``__call`` and ``__callStatic`` take the calls of methods that the code may not call."""
        if name.startswith("$") or not isinstance(value, Instance | ClassValue):
            return None
        cls = value.cls if isinstance(value, Instance) else value
        found = dunder_methods.defined(cls, name)
        notes = found.function.annotations if found is not None else ()
        if found is None or not any(isinstance(one, ir.Name) and one.id == HIDDEN for one in notes):
            return None
        missing = dunder_methods.defined(cls, "__call" if isinstance(value, Instance) else "__callStatic")
        owner = run.position.frame.owner if run.position.frame is not None else None
        if missing is None or (owner is not None and (owner in cls.ancestry() or found.owner in owner.ancestry())):
            return None
        return join(members.bind(run, found, value, place), _magic(missing, value, name))

    def of_unseen(self, value: External, name: str, run: Machine, place: Place) -> Value | None:
        """What a container of a package gives."""
        return container.of_unseen(value, name)

    def passed(self, value: Value, run: Machine, place: Place) -> Value:
        """The name of a class is the class."""
        return container.passed(run, value, place)

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """What the file returned, a function of it, or a class."""
        module = run.heap.modules[file]
        place = run.sources.place(file)
        services.configure(run, place)
        bref_secrets.load(run, file, place)
        library_laravel_container.boot(run, file, place)
        returned = module.frame.variables.get(program.RETURNED)
        if symbol == CONSOLE:
            return Function(symbol, lambda site, run: _with(_console, file, returned, site, run))
        if not symbol:
            is_web = posixpath.basename(file) == "index.php"
            more = _requests if is_web else _messages
            return Function(file, lambda site, run: _with(more, file, returned, site, run))
        own = run.sources.load(file)
        whole = own.package + "\\" + symbol if own is not None and own.package else symbol
        found = module.frame.variables.get(symbol) or module.frame.variables.get(whole)
        if isinstance(found, FunctionValue):
            return Function(symbol, lambda site, run: _told(run.call_value(found, site), file, site, run))
        if isinstance(found, ClassValue):
            made = injection.of_class(run, found, place)
            return Function(symbol, lambda site, run: _told(_handle(made, site, run), file, site, run))
        if "\\" in symbol:
            outside = run.qualified(symbol, place, is_import=True)
            more = _requests if "\\Http\\" in symbol or "Fpm" in symbol else _messages
            return Function(symbol, lambda site, run: _with(more, file, outside, site, run))
        return None

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """The AWS SDK for PHP."""
        return TypedNames(catalog, ("Async",))


def _may_convert(one: Scalar, other: Scalar) -> bool:
    """Whether a declared type may make one of two values of different types of the other
    (https://www.php.net/manual/en/language.types.declarations.php#language.types.declarations.strict)."""
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is not None and other is not None
    return all(not isinstance(value, str) or _may_be_number(value) for value in (one, other))


def _may_be_number(text: Scalar) -> bool:
    """Whether a text may be a number for PHP."""
    return str(text).strip()[:1].lstrip("+-.").isdigit() or str(text).strip()[:1] in ("+", "-", ".")


def _without_capitals(value: Instance | ClassValue, name: str) -> str | None:
    """The method of a class that has the name in other capitals."""
    cls = value.cls if isinstance(value, Instance) else value
    wanted = name.lower()
    return next(
        (
            own
            for one in cls.ancestry()
            if isinstance(one, ClassValue)
            for own, member in one.fields.items()
            if own != name and own.lower() == wanted and isinstance(member, FunctionValue)
        ),
        None,
    )


def _cases(enumeration: ClassValue) -> list[Value]:
    """The objects of an enumeration (https://www.php.net/manual/en/class.backedenum.php)."""
    return [one for one in enumeration.fields.values() if isinstance(one, Instance) and one.cls is enumeration]


def _of_object(value: Instance, name: str, run: Machine, place: Place) -> Value | None:
    if name.startswith("$"):
        getter = dunder_methods.defined(value.cls, "__get")
        if getter is None:
            return None
        return dunder_methods.call(run, value, "__get", (Const(name[1:]),), place)
    missing = dunder_methods.defined(value.cls, "__call")
    return None if missing is None else _magic(missing, value, name)


def _magic(missing: FunctionValue, owner: Value, name: str) -> Value:
    """``__call($name, $arguments)``."""
    bound = FunctionValue(missing.function, missing.frame, owner, missing.owner)

    def body(site: CallSite, run: Machine) -> Value:
        given = Sequence(list(site.all()), None if site.complete else UnknownValue("an argument"))
        return run.enter(bound, CallSite((Const(name), given), {}, site.place))

    return Function(name, body, owner)


def _rebound(closure: FunctionValue, name: str) -> Value:
    """``$closure->bindTo($this)``, ``$closure->call($this, …)``."""

    def body(site: CallSite, run: Machine) -> Value:
        given = site.all()
        this = given[0] if given else Const(None)
        made = FunctionValue(closure.function, closure.frame, this, getattr(this, "cls", closure.owner))
        return run.call(made, given[1:], site.place) if name == "call" else made

    return closure if name == "__call__" else Function(name, body)


def _requests(run: Machine, file: str, place: Place) -> None:
    """A web application answers requests."""
    frameworks.web(run, file, place)
    library_laravel_drivers.prepare(run, file, place)
    library_symfony_parts.prepare(run, file, place, is_web=True)


def _messages(run: Machine, file: str, place: Place) -> None:
    """A worker gets messages, a function an event."""
    frameworks.messages(run, file, place)
    library_symfony_parts.prepare(run, file, place)
    library_symfony_parts.work(run, file, place)


def _console(run: Machine, file: str, place: Place) -> None:
    """A console application gets a command."""
    frameworks.console(run, file, place)
    library_symfony_parts.prepare(run, file, place)


def _with(
    more: Callable[[Machine, str, Place], None], file: str, value: Value | None, site: CallSite, run: Machine
) -> Value:
    """What a framework calls beside what the file returned."""
    more(run, file, site.place)
    return _told(_handle(value, site, run), file, site, run)


def _told(value: Value, file: str, site: CallSite, run: Machine) -> Value:
    """What a handler gave, after all that it runs."""
    frameworks.tell_rest(run, file, site.place)
    return value


def _handle(value: Value | None, site: CallSite, run: Machine) -> Value:
    """Lambda has an event for what a file returned: a closure, an object that handles it."""
    found: list[Value] = []
    for option in options(value) if value is not None else ():
        match option:
            case FunctionValue():
                found.append(run.call_value(option, site))
            case Instance():
                names = {name for one in option.cls.ancestry() if isinstance(one, ClassValue) for name in one.fields}
                handling = [name for name in sorted(names) if name.startswith(_HANDLING)]
                if not handling:
                    run.escape(option, site.place)
                for name in handling:
                    method = members.attribute(run, option, name, site.place)
                    found.append(run.call_value(method, site))
            case External():
                run.escape(option, site.place)
            case _:
                run.escape(option, site.place)
    return join(*found) if found else Const(None)


LANGUAGE = Php()
