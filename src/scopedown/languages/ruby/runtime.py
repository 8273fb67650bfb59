"""Ruby where its code runs (https://docs.ruby-lang.org/en/3.3/syntax_rdoc.html)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from scopedown.calls.builtins.list_effects import loosen
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.project_files import running_path
from scopedown.calls.machine import Function, Language, Machine, Native, SdkNames
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
    Unset,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.ruby import hooks, kernel, library_rack, objects, program, text
from scopedown.languages.ruby.collections import BUILTINS, text_method
from scopedown.languages.ruby.literals import Symbol
from scopedown.languages.ruby.native import Library, block_of, code_in, element, method
from scopedown.languages.ruby.scope import BLOCK
from scopedown.source import ir

_SPLATTED: Final = frozenset({"<block>", "<proc>"})


class Ruby(Language):
    """Ruby."""

    name = "ruby"
    separator = "::"
    binds_by_packages = True
    implicit_members = True
    classes_reopen = True
    classes_know_themselves = True
    brackets_call = True
    unset_is_nothing = True
    texts_change = True
    blocks_repeat = True
    calling_members = frozenset({"call", "()", "yield"})
    singletons = True
    called_by_itself = objects.CALLED_BY_ITSELF
    implicit_names = hooks.IMPLICIT
    values_are_called = True
    classes_are_thrown = True
    own_members = objects.OWN
    class_member = "class"
    missing_item_is_nothing = True
    text_method = "to_s"
    operators: ClassVar[Mapping[str, str]] = {
        name: name for name in ("+", "-", "*", "/", "%", "**", "==", "<", "<=", ">", ">=", "<=>", "|", "&", "^", "=~")
    }

    library = staticmethod(Library)

    def is_true(self, value: Const) -> bool:
        """Only nil and false are false."""
        return value.value is not None and value.value is not False

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """``==``: true is no number."""
        if isinstance(one.value, bool) or isinstance(other.value, bool):
            return one.value is other.value
        if one.value == other.value and isinstance(one.value, Symbol) != isinstance(other.value, Symbol):
            return None  # what was a symbol may be a text by now
        return one.value == other.value

    def builtin(self, name: str) -> Value | None:
        """A name of Kernel, of the core or of the standard library."""
        return kernel.builtin(name)

    def standard_module(self, name: str) -> Value | None:
        """A class or module of the core or of the standard library."""
        return kernel.standard(name)

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """A file's constants and methods are the program's; its variables are its own."""
        frame = module.frame
        frame.parent = run.heap.globals
        frame.this = run.heap.globals.variables.setdefault("<main>", Object())
        path = running_path(run.sources, module.file)
        if path is not None:
            frame.variables |= {"__FILE__": Const(path), "__dir__": Const(posixpath.dirname(path))}
        if module.file.endswith(".ru"):
            frame.variables |= {word: made for word in library_rack.WORDS if (made := library_rack.rackup_word(word))}

    def exports(self, module: ModuleValue) -> Value:
        """The names of the program."""
        return program.Program()

    def unbound(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """A constant or a method in a file that nothing has loaded."""
        return program.unbound(run, frame, name, place)

    def reopened(self, run: Machine, frame: Frame, name: str) -> Value | None:
        """A module of the SDK or of a gem that a model knows, or a class in one."""
        if not frame.is_class:
            return run.model(name)
        for base in frame.owner.ancestry() if frame.owner is not None else ():
            if isinstance(base, Native):
                return base.attribute(name, run, Place(""))
        return None

    def constant(self, node: ir.Expr, frame: Frame) -> Const | None:
        """``__FILE__ == $0``: whether the file is run as the program, which Lambda does with none."""
        match node:
            case ir.Name(id="__FILE__"):
                return Const("<file>")
            case ir.Name(id="$0" | "$PROGRAM_NAME") if not _is_set(frame, node.id):
                return Const("<program>")
            case _:
                return None

    def arguments(self, function: ir.Function, site: CallSite) -> CallSite:
        """Keywords that a method does not name are a hash; a block takes a list apart."""
        parameters = function.parameters
        positional = [one for one in parameters if one.kind == "positional"]
        has_rest = any(one.kind == "rest" for one in parameters)
        named = {name: value for name, value in site.keywords.items() if name != BLOCK}
        takes_block = any(one.name == BLOCK for one in parameters)
        block = {BLOCK: site.keywords[BLOCK]} if takes_block and BLOCK in site.keywords else {}
        given = list(site.positional)
        complete = site.complete
        if any(one.kind == "keywords" or (one.kind == "keyword" and one.name != BLOCK) for one in parameters):
            required = sum(one.default is None for one in positional)
            if not named and len(given) > required and isinstance(last := given[-1], Object) and not last.symbolic:
                given.pop()
                named, complete = dict(last.fields), complete and last.rest is None
        elif named and (positional or has_rest):
            given.append(Object(named, None if complete else UnknownValue("further arguments")))
            named = {}
        if (
            function.name in _SPLATTED
            and len(given) == 1
            and isinstance(given[0], Sequence)
            and (len(positional) > 1 or (positional and has_rest))
        ):
            rest = given[0].rest
            given = [*given[0].items, *([rest] * (len(positional) - len(given[0].items)) if rest is not None else [])]
        elif function.name in _SPLATTED and len(given) == 1 and len(positional) > 1:
            given = [_part(given[0], number) for number in range(len(positional))]
        return replace(site, positional=tuple(given), keywords={**named, **block}, complete=complete)

    def extension(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method of a single value; code that is a text, and that any value may run as its own."""
        if name in objects.EVALUATING and not isinstance(value, Instance | ClassValue | External):
            return method(value, name, objects.within)
        own = run.heap.singletons.get(name)
        if own is None or isinstance(value, Instance | ClassValue | Object):
            return None
        bound = [objects.as_method(one, value) for one in own]
        regular = value.attribute(name, run, place) if isinstance(value, Native) else None
        regular = self.method(value, name, run, place) if regular is None else regular
        return join(*bound, *(() if regular is None else (regular,)))

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """``inherited`` of the class above is told, and ``method_added`` of the class itself."""
        objects.told(cls, run)

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member of a value that no class of the analysed code defines."""
        if name.startswith("@"):
            held = value.fields.get(name) if isinstance(value, Object | ClassValue) else None
            return held if held is not None else Unset(f"{name} is not set", place)
        match value:
            case Instance():
                return objects.object_method(value, name)
            case ClassValue():
                return objects.class_method(value, name, run, place)
            case FunctionValue():
                return objects.function_method(value, name)
            case Const(str()) | TextValue():
                return text_method(value, name, run, place) or _of_data(value, name)
            case Const():
                return text.number_method(value, name) or _of_data(value, name)
            case Object():
                return _of_hash(value, name, run, place)
            case Sequence():
                return BUILTINS.member(value, name, run, place) or _of_data(value, name)
            case _:
                return None

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """``method`` or ``Module::Class.method``: it takes the event and the context as keywords
        (https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html)."""
        owner, _, name = symbol.rpartition(".")
        place = run.sources.place(file)
        found = run.heap.globals.variables.get(owner.partition("::")[0] if owner else name)
        for part in owner.split("::")[1:] if owner else ():
            found = None if found is None else members.attribute(run, found, part, place)
        if owner and found is not None:
            found = members.attribute(run, found, name, place)
        if found is None or (isinstance(found, UnknownValue) and not owner):
            return None
        return Function(symbol, lambda site, run: _handle(found, site, run))

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """The AWS SDK for Ruby."""
        return TypedNames(catalog)


def _is_set(frame: Frame, name: str) -> bool:
    """Whether the program has written a global variable."""
    while frame.parent is not None:
        frame = frame.parent
    return name in frame.variables


def _part(value: Value, position: int) -> Value:
    """What a block's parameter gets of the only value that the block is given: a list is taken apart."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Sequence):
            some = option.items[position : position + 1]
            found += some or [option.rest or Const(None)]
        elif position == 0 or isinstance(option, UnknownValue | Library):
            found.append(option)
        else:
            found.append(Const(None))
    return join(*found)


def _handle(handler: Value, site: CallSite, run: Machine) -> Value:
    names = ("event", "context")
    if isinstance(handler, FunctionValue):
        takes = {one.name for one in handler.function.parameters if one.kind == "keyword"}
        if not takes & set(names) and not any(one.kind == "keywords" for one in handler.function.parameters):
            return run.call_value(handler, site)
    keywords = dict(zip(names, site.positional, strict=False))
    return run.call_value(handler, CallSite((), keywords, site.place, complete=site.complete, outside=True))


def _of_hash(value: Object, name: str, run: Machine, place: Place) -> Value:
    found = BUILTINS.member(value, name, run, place)
    if found is not None:
        return found
    if (held := value.fields.get(name)) is not None or (held := value.rest) is not None:
        kept = held  # an OpenStruct, or what a library gave
        return method(value, name, lambda one, site, run: kept)
    return _of_data(value, name)


def _of_data(value: Value, name: str) -> Value:
    """A method of data of which nothing more is known: its block may run with parts of it."""

    def body(one: Value, site: CallSite, run: Machine) -> Value:
        held = element(value) if isinstance(value, Sequence | Object) else None
        code = [
            *(code_in(held) if held is not None else ()),
            *(part for given in site.positional for part in code_in(given)),
        ]
        block = block_of(site)
        if block is not None:
            part = UnknownValue("a part", inert=True) if held is None else held
            run.position.conditional += 1
            code += code_in(run.call(block, (part, part, part), site.place))
            run.position.conditional -= 1
            run.escape(block, site.place)
        if isinstance(value, Sequence) and (name.endswith(("!", "=")) or code):
            loosen(value, *site.positional, *code)
        result = UnknownValue(f"result of {name}", site.place, inert=True)
        return join(result, Sequence([], join(*code)), *code) if code else result

    return method(value, name, body)


LANGUAGE = Ruby()
