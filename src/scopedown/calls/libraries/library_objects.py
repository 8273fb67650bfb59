"""The interpreter of the libraries' tables: what a row says of a member happens when code reads or calls it.

A :class:`Part` is the library's package, an object that a row made, or a member on the way to one. Functions and
objects that are handed to a library run by the escape rule: at once while a handler runs, else when the object is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from weakref import WeakKeyDictionary

from scopedown.calls.bounds import CAPTURED
from scopedown.calls.interpreter import modules
from scopedown.calls.interpreter.injection import escape_bound
from scopedown.calls.libraries.library_bindings import CONTAINER, happens
from scopedown.calls.libraries.library_expressions import Scope, expressions
from scopedown.calls.libraries.library_expressions import expression as parsed
from scopedown.calls.libraries.library_owners import Owner, owner_of
from scopedown.calls.libraries.library_rows import ANY, SELF, SIGNED, LibraryTable, Row, described, packages
from scopedown.calls.machine import Function, Language, Machine, Native
from scopedown.calls.sdks.signing import sign
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place

_MADE = "<library>"
"""The field of an object of the analysed code that holds what its base class, a library's, keeps; no source can write
such a name."""
_OF_DATA = {
    "javascript": frozenset({
        "charAt", "charCodeAt", "concat", "endsWith", "every", "filter", "find", "findIndex", "flat", "flatMap",
        "forEach", "getTime", "includes", "indexOf", "join", "lastIndexOf", "localeCompare", "map", "match",
        "matchAll", "normalize", "padEnd", "padStart", "pop", "push", "reduce", "repeat", "replace",
        "replaceAll", "reverse", "search", "shift", "slice", "some", "sort", "splice", "split", "startsWith",
        "substr", "substring", "toFixed", "toISOString", "toLowerCase", "toString", "toUpperCase", "trim",
        "trimEnd", "trimStart", "unshift", "valueOf",
    }),
    "python": frozenset({
        "append", "casefold", "encode", "endswith", "extend", "format", "insert", "isdigit", "isoformat",
        "items", "keys", "lower", "lstrip", "rstrip", "split", "startswith", "strftime", "strip", "timestamp",
        "title", "upper", "values",
    }),
}  # fmt: skip
"""Methods of the languages' texts, lists, mappings, numbers and dates that no client and no resource of an SDK has."""
_CALL = re.compile(r"(?P<first>.*?)(?P<more>,\*)?(?:,\*(?P<after>[^*,]\S*?))?(?:,\*\*(?P<named>\S+))?")
"""What ``call`` names: the function with arguments before those of the call, and what is behind them."""
_CONSTRUCTORS = ("__init__", "constructor")
_SHARED: WeakKeyDictionary[Machine, dict[str, dict[str, Value]]] = WeakKeyDictionary()
"""What whole libraries keep (global settings), in each run of the interpreter."""


@dataclass(frozen=True, slots=True, eq=False)
class Part(Native):
    """A member of a library. ``on`` is its package or ``<Kind>``, ``path`` the names that lead from there to it,
    ``kept`` what the object remembers, ``captured`` what was handed to it, ``made`` where an object was made.
    """

    table: LibraryTable
    on: str
    path: tuple[str, ...] = ()
    kept: Mapping[str, Value] = field(default_factory=dict)
    captured: list[Value] = field(default_factory=list)
    made: Place | None = None

    callable_when_escaped = True

    @property
    def is_object(self) -> bool:
        """Whether it is, or belongs to, an object that was made; else to the package."""
        return self.on.startswith("<")

    @property
    def names_a_client(self) -> bool:  # type: ignore[override]
        """A class of the package, as the type of something, means an object of it."""
        if self.is_object or not self.table.typed:
            return False
        return bool(self.path) and self.path[-1][:1].isupper() and bool(self._called())

    def _called(self) -> tuple[Row, ...]:
        return self.table.found(self.on, self.path, True)

    # members

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member that the table knows or that every object has; of a package, others are code that is not seen."""
        language = run.language(self.table.language)
        found = language.of_object(self, name, run, place) if not self._names(name) else None
        if found is None:
            found = self._own(name, run, place)
        if found is not None:
            return found
        if self._is_closed:
            may_be_module = language.packages_run_first and not self.is_object and name.islower()
            return replace(self, path=(*self.path, name)) if may_be_module else self._quiet(name, language)
        if self.is_object:
            return replace(self, path=(*self.path, name))
        if (deeper := self._deeper(name, language, run)) is not None:
            return deeper
        if not self.table.escapes:
            modules.tell_member(run, self.on, ".".join((*self.path, name)), place)
        return run.attribute(External(".".join((self.on, *self.path)), module=True), name, place)

    def _quiet(self, name: str, language: Language) -> Value:
        quiet = language.silent if self.table.containers and not self.is_object else language.library
        return quiet(f"{self.describe()}.{name}")

    def _deeper(self, name: str, language: Language, run: Machine) -> Value | None:
        """A package with a table of its own inside of this one, or what leads to it."""
        specifier = language.separator.join((self.on, *self.path, name))
        found = run.model(specifier)
        if isinstance(found, Part) and found.on != self.on:
            return found
        inside = specifier + language.separator
        leads = any(one.startswith(inside) for one in packages(self.table.language))
        return replace(self, path=(*self.path, name)) if leads else None

    @property
    def _is_closed(self) -> bool:
        return self.table.is_closed(self.on)

    def _names(self, name: str) -> bool:
        """Whether rows have a member by this very name, or lead on to one by it."""
        path = (*self.path, name)
        rows = (*self.table.found(self.on, path, True), *self.table.found(self.on, path, False))
        return any(row.member.path[-1:] == (name,) for row in rows) or self.table.leads_on(self.on, path)

    @property
    def is_named(self) -> bool:
        """Whether rows name it, or lead on from it."""
        found = self.table.found(self.on, self.path, True) or self.table.found(self.on, self.path, False)
        return bool(found) or self.table.leads_on(self.on, self.path)

    def declared_type(self, name: str, run: Machine, place: Place) -> Value:
        """A member that only types use: nothing of it runs, so one that the table does not have is no unseen code."""
        return self._own(name, run, place) or External(".".join((self.on, *self.path, name)))

    def _own(self, name: str, run: Machine, place: Place) -> Value | None:
        path = (*self.path, name)
        member = replace(self, path=path)
        if read := self.table.found(self.on, path, False):
            return member._apply(read, CallSite((), {}, place), run)
        if self.table.found(self.on, path, True) or self.table.leads_on(self.on, path):
            return member
        return None

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element, or a member by a known name."""
        if read := self.table.found(self.on, (*self.path, "[]"), False):
            return self._apply(read, CallSite((key,), {}, place), run)
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.attribute(key.value, run, place)
        return UnknownValue(f"{self.describe()}[…]", place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element."""
        if read := self.table.found(self.on, (*self.path, "[]"), False):
            return self._apply(read, CallSite((UnknownValue("an index", place),), {}, place), run)
        return UnknownValue(f"element of {self.describe()}", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A handler that is set may run."""
        if not self._is_closed:
            self._hand_over((value,), run, place)

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``model | parser``: what is joined to it stays with it."""
        if operator not in ("|", ">>"):
            return None
        self.captured.append(other)
        return self

    # calls

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object; a variable of the type holds none yet in some languages."""
        is_empty = run.language(self.table.language).variables_begin_empty and not site.all()
        return Const(None) if is_empty and self.names_a_client else self.call(site, run)

    def call(self, site: CallSite, run: Machine) -> Value:
        """What the table says of the call; without a row it is a call of code that is not seen."""
        rows = self._called()
        if not rows and self._is_closed:
            return run.call_value(run.language(self.table.language).library(self.describe()), site)
        if self.made is not None and not site.complete and (site.place.line, site.place.column) == (1, 1):
            site = replace(site, place=self.made)  # called by nobody that is seen: a whole file's place tells nothing
        if not rows:
            self._hand_over((*site.all(), *(() if self._is_of_a_field() else self._clients())), run, site.place)
            if not self.is_object:
                return External(f"result of {self.describe()}()", list(self.captured), called=True)
            return UnknownValue(f"result of {self.describe()}()", site.place)
        return self._apply(rows, site, run)

    def _apply(self, rows: tuple[Row, ...], site: CallSite, run: Machine) -> Value:
        changes = any(owner is SELF for row in rows for owner, _, _ in row.keeps)
        kept = self.kept if changes and isinstance(self.kept, dict) else dict(self.kept)
        shared = _SHARED.setdefault(run, {}).setdefault(self.table.name, {})
        part = replace(self, kept=kept, captured=self.captured if self.is_object else [])
        scope = Scope(site, kept, self.path, run, shared, partial(part._object, place=site.place), self)
        for row in rows:
            if row.keeps and row.when(scope):
                _keep(row, scope, kept, shared)
        kept_options = [option for one in kept.values() for option in options(one)]
        held = {id(option) for option in kept_options if isinstance(option, _TOLD) or _is_client(option)}
        if not self._is_closed:
            handed = [one for value in site.all() for one in _not_told(value, held)]
            part._hand_over(tuple(inner for one in handed for inner in self._known_of(one)), run, site.place)
        given: Value | None = None
        for row in rows:
            if not row.when(scope):
                continue
            for service, operation in row.calls:
                if operation == "*":
                    key, remedy = (Cause.PACKAGE, row.source), "say what it needs in a hint (# scopedown: needs …)"
                    unseen = Unseen(Cause.PACKAGE, row.source, site.place, (f"{service}:*",), remedy)
                    run.found.unseen.setdefault(key, unseen)
                    continue
                part._emit(row, service, operation, scope)
            if row.gives and given is None:
                given = part._given(row.gives, scope)
        result = f"result of {self.describe()}()" if rows[0].member.called else self.describe()
        return UnknownValue(result, site.place, inert=self._is_closed) if given is None else given

    def _emit(self, row: Row, service: str, operation: str, scope: Scope) -> None:
        arguments: dict[str, Value] = {}
        place = self._place_of_calls(scope)
        for argument in row.arguments:
            value = argument.value(scope)
            missing = value is None or (isinstance(value, Const) and value.value is None)
            if missing and argument.optional:
                continue
            if value is None or missing:
                value = UnknownValue(f"{'.'.join(argument.path)} of {self.table.name}", place)
            _put(arguments, argument.path, scope.run.language(self.table.language).sent(value, scope.run, place))
        if service == CONTAINER:
            happens(scope.run, operation, arguments, replace(self, path=()))
            return
        owner = owner_of(self.kept.get("client"), scope.run, place) or Owner()
        if (service, operation) == SIGNED:
            keys = owner_of(arguments.get("keys"), scope.run, place) or owner
            service_, method, url = (arguments.get(name) for name in ("service", "method", "url"))
            sign(scope.run, service_, method, url, place, keys.credentials, self.table.name)
            return
        if owner.region is not None:
            arguments["$region"] = owner.region
        if not owner.elsewhere:
            scope.run.emit(service, operation, arguments, place, self.table.name, owner.credentials)

    def _place_of_calls(self, scope: Scope) -> Place:
        """Where a call is recorded: where code makes it, or the object of which it is taken as a part."""
        if self.kept.get("at") == Const(False):
            return scope.site.place
        made = [self.made] if self._is_closed and not self.path else []
        made += [one.made for one in options(self.kept.get("at") or Const(None)) if isinstance(one, Part)]
        return next((one for one in reversed(made) if one is not None), scope.site.place)

    def _given(self, gives: str, scope: Scope) -> Value | None:
        kind, _, rest = gives.partition(" ")
        place = scope.site.place
        if kind == "list":
            element = self._given(rest, scope)
            return Sequence([], element)
        if kind == "call":
            return self._called_with(rest, scope)
        if kind == "decorates":
            if not scope.site.decorator:
                return self._object(rest, place)
            return scope.run.call_value(Part(self.table, rest, (), {}, self.captured, place), scope.site)
        if kind == "make":
            maker = parsed(rest)(scope)
            site = CallSite((replace(self, path=()),), {}, place)
            return None if maker is None else scope.run.call_value(maker, site)
        if kind == "results":
            value = self._given(rest, scope)
            value = UnknownValue(f"result of {self.describe()}()", place, inert=True) if value is None else value
            return scope.run.language(self.table.language).results(value, place)
        if kind == "self":
            return replace(self, path=())
        if kind == "decorator":
            return self._decorator(scope.site)
        return parsed(kind)(scope)

    def _called_with(self, written: str, scope: Scope) -> Value | None:
        """What ``call`` says of a call's result."""
        match = _CALL.fullmatch(written)
        function, *first = (one(scope) for one in expressions(match["first"] if match else written))
        if match is None or function is None:
            return None
        before = tuple(Const(None) if one is None else one for one in first)
        after = parsed(match["after"])(scope) if match["after"] else None
        last = after.items if isinstance(after, Sequence) else ()
        members = parsed(match["named"])(scope) if match["named"] else None
        named = members.fields if isinstance(members, Object) else {}
        site = replace(
            scope.site,
            positional=(*before, *scope.site.positional, *last),
            keywords={**named, **scope.site.keywords},
            complete=scope.site.complete and not match["more"],
        )
        return scope.run.call_value(function, site)

    def _object(self, kind: str, place: Place) -> Value:
        """A new object of a kind."""
        return Part(self.table, kind, (), self.kept, self.captured, place)

    def _decorator(self, site: CallSite) -> Value:
        """A decorator, which was called with a function or with arguments of its own."""
        first = site.argument(0)
        if first is not None and not isinstance(first, Const | Object):
            return first

        def apply(site: CallSite, run: Machine) -> Value:
            if not self._is_closed:
                self._hand_over(site.all(), run, site.place)
            return site.argument(0) or Const(None)

        return Function("decorator", apply)

    def service_of_client(self) -> str | None:
        """The service that the object calls, where all of the library is known."""
        return self.table.service(self.on) if self.is_object and not self.path else None

    # what is handed over

    def _hand_over(self, values: tuple[Value, ...], run: Machine, place: Place) -> None:
        if run.position.loading:
            self._capture(values, run)
            return
        for value in (*values, *self.captured):
            run.escape(value, place)

    def _known_of(self, value: Value) -> tuple[Value, ...]:
        """What is handed over with a value: of the library's own objects, whose use its rows tell, what they hold."""
        if isinstance(value, Part) and value.table is self.table:
            return tuple(value.captured)
        inner = [*value.fields.values()] if isinstance(value, Object) else []
        inner += value.items if isinstance(value, Sequence) else []
        if any(isinstance(one, Part) and one.table is self.table for one in inner):
            return tuple(held for one in inner for held in self._known_of(one))
        return (value,)

    def _capture(self, values: tuple[Value, ...], run: Machine) -> None:
        for value in values:
            if isinstance(value, Const | UnknownValue):
                continue
            if len(self.captured) < CAPTURED.most:
                self.captured.append(value)
            elif not isinstance(value, TextValue):
                run.bound(CAPTURED)

    def escaped(self, run: Machine, place: Place) -> None:
        """What was handed to it may run; code that has a container asks it for anything."""
        if self.on in self.table.containers and not self.path:
            escape_bound(run, place)
        for value in (*self.captured, *self._clients()):
            run.escape(value, place)

    def _clients(self) -> list[Value]:
        """The SDK's clients that the object keeps: its rows tell how they are used, and nothing does of other code."""
        kept = (option for one in self.kept.values() for option in options(one)) if self.is_object else ()
        return [option for option in kept if _is_client(option)]

    def _is_of_a_field(self) -> bool:
        """Whether it is a method that texts, lists and dates have, of a member of the object: data that it holds."""
        return self.is_object and len(self.path) > 1 and self.path[-1] in _OF_DATA.get(self.table.language, ())

    # a class of the analysed code that derives from it

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class of the code inherits: the constructor, and the members of the object that it makes."""
        if not isinstance(owner, Instance):
            return self._own(name, run, place) if not name.startswith("__") else None
        if name in _CONSTRUCTORS:
            if not self._called():
                return None
            return Function(name, lambda site, run: self._construct(owner, site, run))
        made = [option for option in options(owner.fields.get(_MADE) or Const(None)) if isinstance(option, Part)]
        if name == "__call__":
            return join(*made) if made and made[0]._called() else None
        found = [part._own(name, run, place) for part in made]
        known = [value for value in found if value is not None]
        return join(*known) if known else None

    def _construct(self, owner: Instance, site: CallSite, run: Machine) -> Value:
        owner.fields[_MADE] = self.call(site, run)
        return Const(None)

    def describe(self) -> str:
        """``sqs-consumer``, ``sqs-consumer Consumer.start``."""
        kind = self.on.strip("<>") if self.is_object else ""
        return " ".join(one for one in (self.table.name, ".".join([*([kind] if kind else []), *self.path])) if one)


def _not_told(value: Value, held: set[int]) -> tuple[Value, ...]:
    """What a row leaves to the escape rule: all but what the object keeps, whose use its rows tell."""
    if id(value) in held:
        return ()
    inner: list[Value] = []
    if isinstance(value, Object):
        inner = [*value.fields.values()]
    elif isinstance(value, Sequence):
        inner = [*value.items]
    if any(id(one) in held for one in inner):
        return tuple(one for one in inner if id(one) not in held)
    return (value,)


_TOLD = (FunctionValue, Part)


def _is_client(value: Value) -> bool:
    return isinstance(value, Native) and value.service_of_client() is not None


def _keep(row: Row, scope: Scope, kept: dict[str, Value], shared: dict[str, Value]) -> None:
    for owner, name, value in row.keeps:
        found = value(scope)
        if found is None:
            continue
        if name.endswith("[]"):
            name = name.removesuffix("[]")
            found = join(kept[name], found) if name in kept else found
        if owner is not None and owner is not SELF:
            for option in options(owner(scope) or Const(None)):
                if isinstance(option, Part) and isinstance(option.kept, dict):
                    option.kept[name] = found
                elif isinstance(option, ClassValue):
                    option.fields[name] = found
        elif name.startswith("~"):
            shared[name.removeprefix("~")] = found
        else:
            kept[name] = found


def _put(arguments: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    """A value at a path of the operation's parameters."""
    name, rest = path[0], path[1:]
    if not rest:
        arguments[name.removesuffix("[]")] = Sequence([value]) if name.endswith("[]") else value
        return
    known = arguments.get(name.removesuffix("[]"))
    inner = known.items[0] if isinstance(known, Sequence) and known.items else known
    holder = inner if isinstance(inner, Object) else Object()
    if rest == ("*",):
        for option in options(value):
            content = UnknownValue("a request")
            if isinstance(option, Const):
                holder.fields[str(option.value)] = content
            else:
                holder.put(option, content)
    else:
        _put(holder.fields, rest, value)
    arguments[name.removesuffix("[]")] = Sequence([holder]) if name.endswith("[]") else holder


def imported(specifier: str, language: str, spoken: Language) -> Value | None:
    """The value of importing a package that a table describes, or a module of it; ``spoken`` is the language of the
    code that imports it, which may use libraries of another."""
    found = described(specifier, language, spoken.separator)
    if found is None:
        return None
    if found.silent:
        return spoken.silent(specifier)
    root = max((one for one in found.packages if _holds(one, specifier, spoken.separator)), key=len)
    path = tuple(part for part in specifier[len(root) :].split(spoken.separator) if part)
    part = Part(found, root if root in found.rows or ANY in found.rows else found.packages[0], path)
    return None if spoken.namespaces_are_open and path and not part.is_named else part


def _holds(package: str, specifier: str, separator: str) -> bool:
    return specifier == package or specifier.startswith(package + separator)
