"""What Lambda calls: the method of a class that it makes without arguments, or the start of a program.

With Lambda Annotations a container makes the class, which the class with ``[LambdaStartup]`` fills
(https://github.com/aws/aws-lambda-dotnet/tree/master/Libraries/src/Amazon.Lambda.Annotations).
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Activation, Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    ModuleValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.csharp import container
from scopedown.languages.csharp.container import PROGRAM, SERVICES
from scopedown.languages.csharp.lower import MAIN
from scopedown.languages.csharp.natives import Model
from scopedown.source import ir

_RECORDS = ("HandleAsync", "Handle")


def entry(run: Machine, file: str, symbol: str) -> Value | None:
    """The value that is called for a symbol: ``Namespace.Class::Method``, or the function of the statements at the top
    of a file. Without a symbol the program starts."""
    module = run.heap.modules.get(file)
    if not isinstance(module, ModuleValue):
        return None
    run.heap.bindings.notes[PROGRAM] = [Const(file)]
    if symbol in ("", MAIN):
        return _program(run, module)
    written, _, method = symbol.partition("::")
    cls = _class(module, written)
    if cls is None or not method:
        return None
    return _method(run, cls, method, file)


def _program(run: Machine, module: ModuleValue) -> Value | None:
    main = module.frame.variables.get(MAIN)
    if main is not None:
        return main
    for value in list(module.frame.variables.values()):
        if isinstance(value, ClassValue) and "Main" in value.fields:
            return _method(run, value, "Main", module.file)
    return None


def _class(module: ModuleValue, written: str) -> ClassValue | None:
    """A class by its name in a namespace, or inside of another class."""
    parts = written.split(".")
    for start in range(len(parts) - 1, -1, -1):
        value: Value | None = module.frame.variables.get(parts[start])
        for name in parts[start + 1 :]:
            value = value.fields.get(name) if isinstance(value, ClassValue) else None
        if isinstance(value, ClassValue):
            return value
    return None


def _method(run: Machine, cls: ClassValue, name: str, file: str) -> Value | None:
    """A method of a new object, or of the class where it is static."""
    place = run.sources.place(file, *cls.definition.at)
    owner: Value = cls
    found = members.member_of_class(run, cls, name, cls, place)
    if found is None:
        return None
    functions = [option for option in options(found) if isinstance(option, FunctionValue)]
    annotated = any(_has(option, "LambdaFunction") for option in functions)
    if annotated:
        _start(run, place)
    if not functions or any(option.function.receiver == "this" for option in functions):
        made = injection.single(run, cls, place) if annotated else run.construct(cls, CallSite((), {}, place))
        owner = made
    bound = members.attribute(run, owner, name, place)
    handlers = [option for option in options(bound) if isinstance(option, FunctionValue)]
    return Handler(tuple(handlers)) if handlers else bound


@dataclass(frozen=True, slots=True, eq=False)
class Handler(Model):
    """The handler's methods: parameters that ask for a service get one."""

    label = "the handler"
    functions: tuple[FunctionValue, ...]

    def call(self, site: CallSite, run: Machine) -> Value:
        """Call it as Lambda does."""
        made: list[Value] = []
        for function in self.functions:
            given = container.arguments_for(run, function, site.positional, site.place)
            again = CallSite(given, {}, site.place, complete=False, outside=True)
            made.append(run.enter(function, again))
            _run_records(run, function, site.place)
        return join(*made) if made else UnknownValue("a result", site.place)


def _has(function: FunctionValue, name: str) -> bool:
    return any(_name_of(written) == name for written in function.function.annotations)


def _name_of(written: ir.Expr) -> str:
    named = written.function if isinstance(written, ir.Call) else written
    return named.id if isinstance(named, ir.Name) else ""


def _start(run: Machine, place: Place) -> None:
    """Run what fills the container."""
    unit = run.sources.unit(run.position.file)
    for file in unit.mentioning("LambdaStartup") if unit is not None else ():
        run.load(file)
        module = run.heap.modules.get(file)
        for value in list(module.frame.variables.values()) if module is not None else ():
            if isinstance(value, ClassValue) and any(
                _name_of(written) == "LambdaStartup" for written in value.definition.annotations
            ):
                made = run.construct(value, CallSite((), {}, place))
                for name, given in (("ConfigureHostBuilder", ()), ("ConfigureServices", (SERVICES,))):
                    found = members.member_of_class(run, value, name, made, place)
                    if found is not None:
                        container.call(run, found, given, place)


def _run_records(run: Machine, function: FunctionValue, place: Place) -> None:
    """``[BatchProcessor(RecordHandler = typeof(T))]``: a class that handles the records of a batch
    (https://docs.powertools.aws.dev/lambda/dotnet/utilities/batch-processing/)."""
    for written in function.function.annotations:
        if not isinstance(written, ir.Call) or _name_of(written) != "BatchProcessor":
            continue
        for name, given in written.keywords:
            if name is None or "Handler" not in name:
                continue
            for option in options(run.evaluate(Activation(function.frame, False), given)):
                if isinstance(option, ClassValue):
                    _run_handler(run, injection.single(run, option, place), place)


def _run_handler(run: Machine, made: Value, place: Place) -> None:
    for owner in options(made):
        if not isinstance(owner, Instance):
            continue
        created = members.member_of_class(run, owner.cls, "Create", owner, place)
        handlers = container.call(run, created, (), place) if created is not None else owner
        for handler in (one for one in options(handlers) if isinstance(one, Instance)):
            for name in _RECORDS:
                found = members.member_of_class(run, handler.cls, name, handler, place)
                if found is not None:
                    container.call(run, found, (UnknownValue("a record", place, inert=True),), place)
