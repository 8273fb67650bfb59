"""The interpreter: runs the intermediate form over abstract values, from a handler.

In: :mod:`~scopedown.source.sources` (files on demand) and a handler's file and symbol. Out: the SDK calls that can be
reached, each with what is known of its arguments. It knows neither languages nor AWS: the first are lowered before,
the second is in the models (``sdks/``, ``libraries/``), which give meaning to a few values.

How it runs: the handler's module is executed top level first (imports on the way, each module once), then the
exported symbol is called with an unknown event. Undecided branches are both taken and their variables joined. A call is
memoised on the function, its scope's versions and its arguments, so two callers of one helper keep their own tables.
Statements are in ``execute.py``, expressions in ``expressions.py``, members in ``members.py``; what happens when a
function reaches code that is not seen is in ``escape.py``. Everything is bounded, and a bound that is hit is a finding.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import zip_longest

from scopedown.calls import bounds
from scopedown.calls.bounds import Bound
from scopedown.calls.interpreter import (
    construction,
    contexts,
    declared_types,
    dispatch,
    escape,
    execute,
    expressions,
    members,
    metaclasses,
    modules,
    names,
    operators,
    overloads,
    references,
    trail,
)
from scopedown.calls.interpreter.arguments import argument
from scopedown.calls.machine import Activation, Found, Heap, Language, Machine, Native, Position, Trail, Written
from scopedown.calls.model import SdkCall
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Generated,
    Instance,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    TooMany,
    Union,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.catalog.model import Catalog
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.source import ir
from scopedown.source.sources import Sources

LONG = 200
ITEMS_A_STEP = 8
"""What copies a list of more than :data:`LONG` items (or as many variables, at a branch), or walks through so many
ancestors, takes a step for each so many of them: a list that is doubled again and again, or a class below thousands of
others, ends at the bound of steps."""
MAX_RECURSION = 3
"""Activations of one closure inside each other: a deeper one adds nothing that the join does not have. Wrappers made by
one factory are closures of their own."""


Overseer = Callable[[Machine, str, CallSite, bool], None]


class BoundReached(Exception):
    """The step bound: analysis of this handler ends with what was found."""


class Interpreter:
    """One handler's run: the :class:`~scopedown.calls.machine.Machine` of the steps and the models.

    It begins in a ``language``; ``languages`` gives others by name, ``model`` the value of a package. ``overseers``
    hear of every call of a function that is not analysed: of its dotted name, its arguments, and whether it may send a
    request.
    """

    def __init__(
        self,
        sources: Sources,
        catalog: Catalog,
        dependencies: Mapping[str, str],
        environment: Mapping[str, str],
        language: Language,
        languages: Callable[[str], Language],
        model: Callable[[str, Language], Value | None],
        overseers: tuple[Overseer, ...],
    ) -> None:
        self.sources = sources
        self.catalog = catalog
        self.dependencies = dependencies
        self.environment = environment
        """Variables of the function that are set to known text."""
        self._overseers = overseers
        self._languages = languages
        self._model = model
        self.position = Position(language)
        self.found = Found()
        self.heap = Heap()
        self.trail = Trail()
        self.steps = 0
        self.written: Written | None = None
        self._depth = 0
        self._latest: Place | None = None
        """Where the latest call of analysed code is."""
        self._places: dict[tuple[str, ir.At], Place] = {}
        """Of nodes, which are run again and again."""
        self._emitted = 0
        """How often an SDK call was recorded, remembered results included."""
        self._memo: dict[Hashable, tuple[Value, tuple[FunctionValue, CallSite], bool]] = {}
        """What a call gave, the call, and whether an SDK call was recorded in it."""
        self._active: dict[Hashable, Value] = {}
        self._recursed: set[Hashable] = set()
        self._nested: dict[tuple[int, int], list[CallSite]] = {}
        self._histories: dict[int, contexts.History] = {}
        """Of functions, by their declaration."""

    def language(self, name: str) -> Language:
        """A language by its name."""
        return self._languages(name)

    # what models use

    def emit(
        self,
        service: str,
        operation: str,
        arguments: Mapping[str, Value],
        place: Place,
        sdk: str,
        credentials: Value | None = None,
    ) -> None:
        """Record an SDK call, for each role whose credentials it may be made with: where nothing (``Const(None)``) is
        one of the choices, the function's own is."""
        self._emitted += 1
        known = {name: argument(value) for name, value in arguments.items()}
        self.trail.sent.add((service, operation))
        for owner in options(credentials) if credentials is not None else (Const(None),):
            own = isinstance(owner, Const) and owner.value is None
            role = None if own else as_text(owner) or Text.unknown("one of several roles", place)
            key = (service, operation, place, repr(known), role)
            switches, found = self.position.switches, self.found.calls.get(key)
            if found is None or (found.switches and not switches):
                path = tuple(self.position.path)
                self.found.calls[key] = SdkCall(service, operation, known, place, path, sdk, role, switches)
        if place.file in self.found.installed and self.found.silent:
            modules.heard(self, place.file)

    def call(self, function: Value, positional: tuple[Value, ...], place: Place) -> Value:
        """Call any value with positional arguments."""
        return self.call_value(function, CallSite(positional, {}, place))

    def dependency_version(self, package: str) -> str | None:
        """The exact version that the project pins, or None."""
        return self.dependencies.get(package)

    def overseen(self, name: str, site: CallSite, sends: bool = True) -> None:
        """A function that is not analysed is called."""
        for oversee in self._overseers:
            oversee(self, name, site, sends)

    def model(self, specifier: str) -> Value | None:
        """The value of a package that a model answers for."""
        return self._model(specifier, self.position.language)

    # the steps: each is a function whose first argument is the machine

    attribute = members.attribute
    qualified = names.qualified
    opened = names.opened
    assign = execute.assign
    evaluate = expressions.evaluate
    execute = execute.block
    escape = escape.escape
    construct = construction.construct
    exact = False
    import_module = modules.import_module
    load = modules.load

    # bookkeeping

    def place(self, at: ir.At) -> Place:
        """A node's place in the file being run."""
        key = self.position.file, at
        if (known := self._places.get(key)) is None:
            known = self._places[key] = self.sources.place(self.position.file, at[0], at[1])
        return known

    def step(self) -> None:
        """Count one expression towards the bound."""
        self.steps += 1
        if self.steps > bounds.STEPS.most:
            self.bound(bounds.STEPS)
            raise BoundReached

    def carried(self, items: int) -> None:
        """Count what is done with every item of a long list, ancestor of a class or variable of a scope towards the
        bound."""
        if items > LONG:
            self.steps += items // ITEMS_A_STEP

    def bound(self, bound: Bound, place: Place | None = None, what: str = "") -> None:
        """A bound was hit at a place (by default where the latest call is): say so once."""
        if place is None:
            place = self._latest or (self.sources.place(self.position.file) if self.position.file else None)
        self.found.findings.setdefault(
            bound.name,
            Finding(
                "analysis-bound",
                bound.said(what),
                place,
                "add a comment for calls that are missing: # scopedown: needs ACTION on TARGET",
            ),
        )

    # calls

    def call_value(self, function: Value, site: CallSite, new: bool = False) -> Value:
        """Call (or construct with) any value."""
        match function:
            case FunctionValue():
                if new:
                    return construction.construct_function(self, function, site)
                result = self.enter(function, site)
                if function.frame.file in self.found.installed and self.position.file not in self.found.installed:
                    return escape.from_installed(self, function, site, result)
                return result
            case ClassValue():
                converted = self.position.language.convert(function, site, self, new)
                return metaclasses.construct(self, function, site) if converted is None else converted
            case Native():
                if self.position.language.values_are_called:
                    self.heap.handed.update((id(value), value) for value in site.all() if isinstance(value, Instance))
                if self.position.language.arguments_are_written and not references.is_own(function):
                    for value in site.all():
                        references.unseen_write(self, value, site.place)
                if not new:
                    result = function.call(site, self)
                    if isinstance(result, Sequence):
                        self.carried(len(result.items))
                    return result
                made = function.construct(site, self)
                trail.constructed(self.trail, made, site.place)
                return made
            case Union():
                callable_options = [option for option in function.options if not isinstance(option, Const)]
                if self.position.language.overloads:
                    callable_options = overloads.fitting(self, callable_options, site)
                return join(*(self.call_value(option, site, new) for option in callable_options))
            case SuperValue():
                made = construction.call_constructor(self, members.above(function), function.this, site, False)
                if made is not function.this:
                    trail.unsettle(self, "calls a constructor of a base class that returns another object", site.place)
                return made
            case Instance():
                called = members.member_of_class(self, function.cls, "__call__", function, site.place)
                if called is not None:
                    return self.call_value(called, site)
            case Object() if (default := function.fields.get("default")) is not None:
                return self.call_value(default, site, new)
            case UnknownValue():
                if isinstance(function, TooMany):
                    self.bound(bounds.CALLABLES, site.place)
                for value in site.all():
                    dispatch.on_client(self, value, "is passed to an unknown function", site.place)
            case _:
                pass
        return escape.call_unseen(self, function, site)

    def enter(self, function: FunctionValue, site: CallSite) -> Value:
        """Run a function of the analysed code, or give the remembered result of the same call."""
        declared = function.function
        self._latest = site.place
        if self._depth >= bounds.DEPTH.most:
            self.bound(bounds.DEPTH)
            return UnknownValue("calls nested too deeply", site.place)
        if self.exact:
            return self._activate(function, site)
        history = self._histories.setdefault(id(declared), contexts.History())
        sdk = bool(self.found.sdk_files)
        counted = history.runs * history.weight(self.steps, sdk)
        given = site
        if counted > bounds.CONTEXTS.most:  # another call's run, which wrote to other variables, may stand for this one
            for value in site.all():
                references.unseen_write(self, value, site.place)
        if counted > bounds.MERGED.most:
            site = contexts.without_scalars(site)
        is_exact = counted < bounds.CONTEXTS.most
        key = self._key(function, site, is_exact)
        known = self._memo.get(key)
        if known is not None and not is_exact and self._differs(function, given, known[1]):
            if counted <= bounds.MERGED.most and not known[2] and contexts.carries(known[0]):
                is_exact = True  # what it gave may hold something of the other call's arguments
                key = self._key(function, site, is_exact)
                known = self._memo.get(key)
            elif known[2] or contexts.carries(known[0]):
                self.bound(bounds.CONTEXTS, site.place, declared.name or "a function")
        if known is not None:
            self._emitted += known[2]
            return known[0]
        news = history.news(function, given)
        if counted > bounds.MERGED.most and history.latest is not None and not (history.tells and sdk):
            if not news or (not sdk and history.postpones(news, given)):
                self.bound(bounds.MERGED, site.place, declared.name or "a function")
                return history.latest
            site = history.with_postponed(site)
            key = self._key(function, site, is_exact)
        history.runs += 1
        if (running := self._running(key)) is not None:
            return running
        closure = (id(declared), id(function.frame))
        nested = self._nested.setdefault(closure, [])
        if len(nested) > MAX_RECURSION:
            return UnknownValue(f"result of the recursive {declared.name}()", site.place)
        if len(nested) == MAX_RECURSION:
            # What counts down to the call is not counted to its end: the last round is run for any count.
            site = _without_what_changes(site, nested[-1])
            key = self._key(function, site, is_exact)
            if (known := self._memo.get(key)) is not None:
                self._emitted += known[2]
                return known[0]
            if (running := self._running(key)) is not None:
                return running
        nested.append(site)
        self._active[key] = Const(None)
        held, emitted = contexts.contents(function, site), self._emitted
        exactly = key if is_exact else self._key(function, site, True)
        try:
            result = self._activate(function, site)
            if key in self._recursed:  # bottom first, then one more round with what came out
                self._recursed.discard(key)
                self._active[key] = result
                result = join(result, self._activate(function, site))
        finally:
            del self._active[key]
            nested.pop()
        unchanged = contexts.same(held, contexts.contents(function, site))
        history.ran(result, self._emitted > emitted, not unchanged)
        if unchanged and self._key(function, site, True) == exactly:
            # The arguments stay alive, so identities stay unique. A call that changed its object or arguments (a
            # constructor) runs again for the next one, which it has to change too.
            self._memo[key] = (result, (function, site), self._emitted > emitted)
        return result

    def _running(self, key: Hashable) -> Value | None:
        """What is known so far of the result of a call that has not ended; None where it is not running."""
        if key not in self._active:
            return None
        self._recursed.add(key)
        return self._active[key]

    def _differs(self, function: FunctionValue, site: CallSite, other: tuple[FunctionValue, CallSite]) -> bool:
        """Whether a call is another one than the one whose result is known."""
        return self._key(function, site, True) != self._key(*other, True)

    def _key(self, function: FunctionValue, site: CallSite, is_exact: bool) -> Hashable:
        """What tells calls apart: all that they are given and that the function closes over, or the kinds of it."""
        if is_exact:
            versions = []
            frame: Frame | None = function.frame
            while frame is not None:
                versions.append(frame.version)
                frame = frame.parent
            closure: Hashable = id(function.frame), tuple(versions)
        else:
            closure = contexts.closed(function)
        compared = _exactly if is_exact else contexts.kind
        return (
            id(function.function),
            closure,
            None if function.this is None else compared(function.this),
            tuple([value.fingerprint() if value.is_plain else compared(value) for value in site.positional]),
            tuple(
                [
                    (name, value.fingerprint() if value.is_plain else compared(value))
                    for name, value in site.keywords.items()
                ]
            ),
            site.complete,
            site.outside,
            self.position.loading > 0,
            bool(self.position.switches),
            self.heap.stored.version,
            len(self.heap.changed_texts),
        )

    def _activate(self, function: FunctionValue, site: CallSite) -> Value:
        declared, outer = function.function, function.frame
        frame = Frame(
            outer.file, declared.locals, outer, owner=function.owner, language=outer.language, function=declared
        )
        lexical = declared.receiver == "lexical"
        language = self.language(outer.language)
        if language.unset_is_nothing:
            frame.variables = dict.fromkeys(sorted(declared.locals), Const(None))
        keeps_this = lexical or language.singletons  # a method that is called by its name alone
        frame.this = outer.this if keeps_this and function.this is None else function.this
        if not lexical and language.arguments_name:
            frame.arguments = Sequence(
                list(site.positional), None if site.complete else UnknownValue("an argument", inert=site.outside)
            )
        if lexical and frame.owner is None:
            frame.owner = outer.owner
        activation = Activation(frame, True)
        self.found.functions_entered[id(declared)] = (outer.file, declared.at)
        position = self.position
        before = position.file, position.language, position.perhaps, position.frame
        position.file, position.language, position.perhaps, position.frame = outer.file, language, 0, frame
        self.position.path.append(declared.name or "<anonymous>")
        self._depth += 1
        try:
            self._bind(activation, function, site)
            if execute.block(self, activation, declared.body) and activation.returns and language.ends_give_nothing:
                _end_reached(activation)
        finally:
            self._depth -= 1
            self.position.path.pop()
            position.file, position.language, position.perhaps, position.frame = before
        if any(parameter.by_reference for parameter in declared.parameters):
            references.written(self, frame, declared)
        returned = join(*activation.returns) if activation.returns else Const(None)
        if activation.yields or (declared.generator and language.empty_generators):
            return Generated([], join(*activation.yields) if activation.yields else None, returned)
        return returned

    def _bind(self, activation: Activation, function: FunctionValue, site: CallSite) -> None:
        """Arguments to parameters, as Python and JavaScript both do it."""
        site = self.position.language.arguments(function.function, site)
        positional = list(site.positional)
        if function.function.receiver in ("first", "class") and function.this is not None:
            positional.insert(0, function.this)
        keywords = dict(site.keywords)
        if site.complete and id(function.function) in self.heap.wrapped:
            self._supplied(function.function, positional, keywords)
        constructor = function.function.name in declared_types.CONSTRUCTORS or (
            id(function.function) in self.heap.bindings.automatic and not site.complete
        )
        for parameter in function.function.parameters:
            value: Value | None
            name = parameter.name
            if parameter.kind == "rest":
                value = Sequence(positional, None if site.complete else UnknownValue("parameter", inert=site.outside))
                positional = []
            elif parameter.kind == "keywords":
                value = Object(keywords, None if site.complete else UnknownValue("parameter", inert=site.outside))
                keywords = {}
            elif parameter.kind == "positional" and positional:
                value = positional.pop(0)
            elif name is not None and name in keywords:
                value = keywords.pop(name)
            else:
                value = None
            others = None if value is None else self._without_undefined(value)
            if parameter.default is not None and (value is None or others is not value):
                early = self.position.language.defaults_where_made
                outside = Activation(function.frame, True) if early else activation
                default = expressions.evaluate(self, outside, parameter.default)
                default = declared_types.supplied(self, activation, parameter, default)
                inert = site.outside or isinstance(default, Native | Instance)  # nobody else has a client to put there
                unknown = UnknownValue(f"parameter {name}", inert=inert)
                value = default if site.complete or value is not None else join(default, unknown)
                value = value if others is None else join(others, value)
            if constructor and value is None and parameter.decorators and not site.complete:
                value = declared_types.decorated(self, activation, parameter.decorators, parameter.annotation)
            if value is None and site.complete and self.position.language.defaults_are_inherited:
                value = self._inherited_default(function, parameter)
            if value is None:
                given = site.complete and self.position.language.overloads  # where compilers see more than is seen here
                unnamed = UnknownValue(f"parameter {name}" if name else "parameter", inert=site.outside or given)
                value = Const(None) if site.complete and not given else unnamed
            if parameter.annotation is not None:
                value = declared_types.refine(self, activation, parameter.annotation, value, constructor)
            execute.assign(self, activation, parameter.target, value, function.function.at)

    def _inherited_default(self, function: FunctionValue, parameter: ir.Parameter) -> Value | None:
        """The default that a parameter has in a method which the function overrides; None where it has none."""
        declared = function.function
        position = declared.parameters.index(parameter)
        for cls in function.owner.ancestry() if function.owner is not None else ():
            fields = cls.fields if isinstance(cls, ClassValue) else {}
            found = (fields.get(name, Const(None)) for name in (declared.name, ir.ABSTRACT + declared.name))
            for one in (option for value in found for option in options(value)):
                given = one.function.parameters[position:] if isinstance(one, FunctionValue) else ()
                if isinstance(one, FunctionValue) and given and (default := given[0].default) is not None:
                    frame = Frame(one.frame.file, frozenset(), one.frame, function.this, language=one.frame.language)
                    return expressions.evaluate(self, Activation(frame, True), default)
        return None

    def _without_undefined(self, value: Value) -> Value | None:
        """What is given for a parameter, without what its default replaces; None where nothing is left."""
        if not self.position.language.undefined_takes_default:
            return value
        kept = [one for one in options(value) if not (isinstance(one, Const) and operators.is_undefined(one))]
        if len(kept) == len(options(value)):
            return value
        return join(*kept) if kept else None

    @staticmethod
    def _supplied(declared: ir.Function, positional: list[Value], keywords: Mapping[str, Value]) -> None:
        """What an unseen decorator passes itself: where a call lacks required arguments, the wrapper gives them, and a
        wrapper that calls ``function(own, *args, **kwargs)`` gives them first (after the object of a method)."""
        required = [
            parameter
            for parameter in declared.parameters
            if parameter.kind == "positional" and parameter.default is None
        ]
        missing = sum(parameter.name not in keywords for parameter in required) - len(positional)
        if missing > 0 and positional:
            start = 1 if declared.receiver in ("first", "class") else 0
            positional[start:start] = [UnknownValue("an argument from a decorator")] * missing


@contextmanager
def undisturbed() -> Iterator[None]:
    """Deep recursion is allowed, and the collector of cycles waits: values stay until the run ends, so that looking for
    garbage among them would take a quarter of the time and find none."""
    before, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, bounds.STACK.most))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        if collecting:
            gc.enable()


def _end_reached(activation: Activation) -> None:
    """The end of a function gives None: a test may not take the only constant that is returned for all there is."""
    if isinstance(join(*activation.returns), Const):
        activation.returns.append(Const(None))


def _exactly(value: Value) -> Hashable:
    return value.fingerprint(contexts.EXACT)


def _without_what_changes(site: CallSite, before: CallSite) -> CallSite:
    """A call of a function by itself, without the numbers and texts that the call before had otherwise."""

    def settled(value: Value, other: Value | None, depth: int = 3) -> Value:
        if depth and other is not None and value.fingerprint(3) == other.fingerprint(3):
            return value
        if isinstance(value, Object) and isinstance(other, Object) and depth:
            fields = {name: settled(held, other.fields.get(name), depth - 1) for name, held in value.fields.items()}
            return replace(value, fields=fields)
        return UnknownValue("a value of a loop") if isinstance(value, Const | TextValue) else value

    positional = zip_longest(site.positional, before.positional[: len(site.positional)])
    return replace(
        site,
        positional=tuple(settled(value, other) for value, other in positional),
        keywords={name: settled(value, before.keywords.get(name)) for name, value in site.keywords.items()},
    )
