"""The machine that runs code abstractly, as its steps and the models use it, and what it asks a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from scopedown.calls.bounds import Bound
from scopedown.calls.machine.state import Activation, Found, Heap, OpenCall, Trail, Written
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    UnknownValue,
    Value,
)
from scopedown.core.place import Place
from scopedown.source import ir

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog
    from scopedown.source.sources import Sources


class SdkNames(Protocol):
    """Which actions a call may need, by how the SDKs of a language are written."""

    def of_open(self, call: OpenCall) -> tuple[str, ...]:
        """Those of a call on a value that is not known; empty where it is no operation of an SDK."""

    def of_written(self, call: ir.Call, data: frozenset[str]) -> tuple[str, ...]:
        """Those of a call that was never evaluated; ``data`` are names of its file that are collections."""


class Language:
    """What is a language's own where its code runs, under the name that it has in ``source/language.py``.

    The defaults are those of a language without the habit in question. Each has one in its ``runtime.py``.
    """

    name: ClassVar[str]
    separator: ClassVar[str]
    """What separates the parts of a module's name."""
    written_separator: ClassVar[str] = "."
    """How code writes it."""
    own_roots: ClassVar[frozenset[str]] = frozenset()
    """What qualified names of the program's own begin with (Rust's ``crate``): they are of no package."""

    # objects and classes
    members_are_keys: ClassVar[bool] = False
    """Whether ``object.name`` is ``object["name"]``."""
    characters_are_numbers: ClassVar[bool] = False
    """Whether ``text[0]`` is a number."""
    missing_item_is_nothing: ClassVar[bool] = False
    """Whether reading an item that a list does not have gives nothing, which code asks for."""
    loops_over_keys: ClassVar[bool] = False
    """Whether a loop over a dictionary takes its keys."""
    iterators: ClassVar[tuple[str, ...]] = ()
    """Members of objects that give an iterator, whose ``next()`` gives an element as ``value``."""
    class_member: ClassVar[str | None] = None
    """The member of an object that is its class."""
    prototype_key: ClassVar[str | None] = None
    """The key in an object as it is written that names the object from which it inherits."""
    descriptor: ClassVar[str | None] = None
    """The method by which an object that is a class's member says what reading it gives."""
    text_method: ClassVar[str]
    """The method by which an object becomes a text."""
    called_by_itself: ClassVar[frozenset[str]] = frozenset()
    """Methods that the language or its library calls on objects of any class (conversions, comparisons)."""
    implicit_names: ClassVar[frozenset[str]] = frozenset()
    """Names under which an object that code writes keeps functions for the language to call. A function of such a name,
    or an accessor, that was made and never entered may run all the same."""
    text_operators: ClassVar[bool] = False
    """Whether ``text % values`` formats a text, and ``text * 3`` repeats it."""
    operators: ClassVar[Mapping[str, str]] = {}
    """The methods by which objects answer operators."""
    classes_know_themselves: ClassVar[bool] = False
    """Whether a class's name is known inside of it, and its methods before its static members are computed."""
    constructors_return: ClassVar[bool] = False
    """Whether a constructor may return another object than the new one."""

    functions_take_types: ClassVar[bool] = False
    """Whether an element of a function is the function with types that are given to it."""
    functions_are_interfaces: ClassVar[bool] = False
    """Whether a function is an interface with one method, which code calls by whatever name it has."""
    brackets_call: ClassVar[bool] = False
    """Whether an element of a function is what it gives for the key (``step[client]``)."""
    fields_are_private: ClassVar[bool] = False
    """Whether code that is not seen can only call the methods of an object that it has."""
    arguments_are_written: ClassVar[bool] = False
    """Whether a function of a library may write to a variable that it is given (``out x``)."""
    adds_functions: ClassVar[bool] = False
    """Whether the sum of functions is one that calls both, as events are."""
    results_run: ClassVar[bool] = False
    """Whether code that is not seen calls the functions that those give which it was handed (middleware)."""
    decorates_descriptors: ClassVar[bool] = False
    """Whether a decorator of a method may get the class, the name and a property descriptor instead of the method."""
    members_begin_empty: ClassVar[bool] = False
    """Whether a member that is first written under a condition was not set before, so that what is written counts."""
    methods_apart: ClassVar[bool] = False
    """Whether a call of a member means the method, whatever field has its name."""
    implicit_members: ClassVar[bool] = False
    """Whether a name that a method does not declare may be a member of its object or class, or of one around it."""
    classes_reopen: ClassVar[bool] = False
    """Whether a class that is written again adds to the one of its name. Those at a file's top are the program's."""
    own_members: ClassVar[str] = ""
    """What stands before the names of a class's own methods, where its objects may have others of the same names."""
    overloads: ClassVar[bool] = False
    """Whether functions of one class may have one name, and a call means those that take its arguments."""

    # what constants mean

    undefined_takes_default: ClassVar[bool] = False
    """Whether the default of a parameter replaces what is given for it where that is undefined."""

    # functions and loops
    arguments_name: ClassVar[bool] = False
    """Whether a function sees all that it was given as ``arguments``."""
    singletons: ClassVar[bool] = False
    """Whether any value may have methods of its own (Ruby's ``def object.name``)."""
    texts_change: ClassVar[bool] = False
    """Whether code may change a text in place."""
    unset_is_nothing: ClassVar[bool] = False
    """Whether a function's variable is nil until it is assigned."""
    empty_generators: ClassVar[bool] = False
    """Whether a generator is one although nothing that it yields was met."""
    defaults_are_inherited: ClassVar[bool] = False
    """Whether a method that overrides another one has the defaults of that one's parameters."""
    defaults_where_made: ClassVar[bool] = False
    """Whether a parameter's default is computed where the function is made, not where it is called."""
    classes_are_thrown: ClassVar[bool] = False
    """Whether ``raise`` of a class makes an object of it."""
    empty_is_false: ClassVar[bool] = False
    """Whether a collection without elements is false, and an object may say that it is."""
    ends_give_nothing: ClassVar[bool] = False
    """Whether a function that returns values gives none where control reaches its end."""
    values_are_called: ClassVar[bool] = False
    """Whether a call of a value that is not known may be one of any function that code keeps as a value."""
    outer_names_count: ClassVar[bool] = False
    """Whether a name means that of an outer scope until the inner one is declared (``let x = x.clone()``)."""
    namespaces_are_open: ClassVar[bool] = False
    """Whether any name may be of any namespace that a file opens: a library has no other names than its table says."""
    variables_begin_empty: ClassVar[bool] = False
    """Whether a variable of a library's type holds no object before code sets it."""
    turns_have_scopes: ClassVar[bool] = False
    """Whether each turn of a loop has a variable of its own."""

    blocks_repeat: ClassVar[bool] = False
    """Whether a function that code which is not seen was given may run any number of times before it returns."""
    finding_members: ClassVar[frozenset[str]] = frozenset()
    """Members by which code looks for functions to call when it runs (``type.GetMethods()``): any may be meant."""
    calling_members: ClassVar[frozenset[str]] = frozenset()
    """Members by which a function is called (Ruby's ``call``)."""
    reports_no_functions: ClassVar[bool] = False
    """Whether a call of what is known as no function is one that was not followed."""

    # modules
    packages_run_first: ClassVar[bool] = False
    """Whether importing a module runs the packages above it, which have it as a member then."""
    module_member: ClassVar[str | None] = None
    """The function of a module that gives members which it does not have."""
    borrows: ClassVar[tuple[str, ...]] = ()
    """The languages whose libraries code of this one uses, so that their models answer too."""
    imports_data: ClassVar[bool] = False
    """Whether bundlers let code import files that are no code."""
    binds_by_packages: ClassVar[bool] = False
    """Whether a name that no scope has is looked for in the packages that its file knows (``interpreter/names.py``)."""
    undeclared_names: ClassVar[frozenset[str] | None] = None
    """The names that nobody declares, where a compiler refuses every other name that nothing declares: the file that
    declares such a name is not here. None where a name may come to be while the code runs."""

    conversion: ClassVar[str | None] = None
    """The static method of a class that makes an object of it from data where the class is declared."""
    data_has_classes: ClassVar[bool] = False
    """Whether data that is declared as a class of the project is known to be of it: libraries ask for the class."""

    def is_true(self, value: Const) -> bool:
        """Whether a constant counts as true in a test."""
        return bool(value.value)

    def negated(self, value: Const) -> Const | None:
        """What ``not`` makes of a constant; None where that is not known."""
        return Const(not self.is_true(value))

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """Whether constants are equal; None where that is not known. ``loosely``: JavaScript's ``==``."""
        return one.value == other.value

    def calculated(self, operator: str, operands: tuple[Value, ...], run: Machine, place: Place) -> Value:
        """What an operator gives where code runs once; ``text`` joins the parts of a text."""
        raise NotImplementedError

    def key_of(self, value: Value, run: Machine, place: Place) -> str | None:
        """A value as the name of a member; None where that is not known."""
        raise NotImplementedError

    def builtin(self, name: str) -> Value | None:
        """A global name of the language itself."""
        raise NotImplementedError

    def standard_module(self, name: str) -> Value | None:
        """A module of the standard library."""
        raise NotImplementedError

    def written_whole(self, name: str) -> Value | None:
        """What a qualified name means that code writes so, where nothing else is known under it."""
        return None

    def library(self, name: str) -> Value:
        """A library that calls nothing of AWS, or a part of it: it may run the functions that it is handed."""
        raise NotImplementedError

    def settings_target(self, settings: Value) -> object | None:
        """Whom a client speaks to that is made with an object of settings, where the language's SDK has such (a
        ``Target`` of ``calls/sdks``)."""
        return None

    def silent(self, name: str) -> Value:
        """A package that makes no calls of its own, and may run what it is handed."""
        return self.library(name)

    def of_object(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that every object of a library has: of promises and tasks, of any value."""
        return None

    def results(self, value: Value, place: Place) -> Value:
        """What a call gives that ends later or may fail: a future, a value with an error."""
        return value

    def sent(self, value: Value, run: Machine, place: Place) -> Value:
        """A value as a request takes it."""
        return value

    def universal(self, value: Value, name: str) -> Value | None:
        """A special member that every object has (``__call__``)."""
        return None

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that the language gives to a plain value."""
        raise NotImplementedError

    def extension(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that is given to a value of any kind before it is asked itself; None where nothing gives it one."""
        return None

    def accepts(self, this: Value, name: str) -> bool:
        """Whether a name that code writes alone is a member of the present object, where that is a model's."""
        return False

    def unseen_type(self, run: Machine, frame: Frame, name: str, place: Place) -> None:
        """A name is taken for a type that nothing is known of: report it where its file must be missing."""

    def unresolved(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """What a name means that nothing has."""
        return None

    def of_unseen(self, value: External, name: str, run: Machine, place: Place) -> Value | None:
        """A member that the code itself or the language gives to a value of a package that is not read; None where it
        is the package's."""
        return None

    def given(self, cls: ClassValue, run: Machine) -> list[Value]:
        """Objects that the code made and that a framework gives to whoever declares their class."""
        return []

    def passed(self, value: Value, run: Machine, place: Place) -> Value:
        """What an argument means to code that is not read: a text may name a class that it makes."""
        return value

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """A module's top level is about to run: what it knows of itself."""

    def run_module(self, module: ModuleValue, body: ir.Block, run: Machine) -> None:
        """A module's top level runs; where packages are several files, the first of them runs all."""
        run.execute(Activation(module.frame, False), body)

    def convert(self, cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
        """What the call of a class gives (or ``new`` of it) where that is no new object: a value as one of its type."""
        return None

    def passed_on(self, items: list[Value]) -> list[Value]:
        """The arguments of a call of which the only one that is written may stand for several."""
        return items

    def has_declared_methods_only(self, cls: ClassValue) -> bool:
        """Whether a type of the analysed code has no methods but those that code declares for it."""
        return False

    def implementations(self, cls: ClassValue, run: Machine) -> list[ClassValue] | None:
        """The classes of the analysed code that an abstract one stands for; None: those that derive from it."""
        return None

    def client_behind(self, cls: ClassValue, run: Machine, place: Place) -> Value | None:
        """The client of an SDK that an abstract class of the code is written for; None where it is none."""
        return None

    def holder(self, value: Instance, name: str, run: Machine, place: Place) -> Instance | None:
        """The object inside of another one to which a write of a member goes; None where that is the object itself."""
        return None

    def calls_by_itself(self, made: Instance) -> frozenset[str]:
        """The members of an object that the language or its library may call without code that names them."""
        return self.called_by_itself

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """A class of the analysed code has been made."""

    def supplied(self, made: Value, run: Machine, place: Place) -> None:
        """A container has made an object: what it calls on it before anybody gets it."""

    def exports(self, module: ModuleValue) -> Value:
        """What importing a module gives."""
        return module

    def constant(self, node: ir.Expr, frame: Frame) -> Const | None:
        """What a name or a member in a test is everywhere (``__name__``, ``require.main``)."""
        return None

    def decide(self, run: Machine, activation: Activation, test: ir.Expr) -> bool | None:
        """Which way a test goes by what the language knows of it, where no constants say so."""
        return None

    def is_for_types(self, test: ir.Expr) -> bool:
        """Whether a test holds for a type checker alone."""
        return False

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """What Lambda calls for a handler's symbol in a file that was loaded; None where the file has no such thing."""
        raise NotImplementedError

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """What a name may mean that its file does not import: of its own package first, then of those it opens."""
        for package in (module.package, *module.opened):
            yield f"{package}{self.separator}{name}" if package else name

    def unbound(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """What a name means that no scope has, where asking for it loads a file of the project that nothing imports."""
        return None

    def reopened(self, run: Machine, frame: Frame, name: str) -> Value | None:
        """The class or module of a library that a class of the analysed code adds to."""
        return None

    def arguments(self, function: ir.Function, site: CallSite) -> CallSite:
        """The arguments of a call, as a function of the analysed code takes them."""
        return site

    def is_modelled(self, package: str) -> bool:
        """Whether an opened package is an SDK's or a library's whose calls a model knows."""
        return False

    def is_vendors(self, name: str) -> bool:
        """Whether a qualified name is of a library of AWS's that has a model. Where its source is in the same
        repository (the library's own examples), the model knows more: what aspects and generated code do."""
        return False

    def handler_arguments(self) -> tuple[Value, ...]:
        """What Lambda gives a handler beside the event and the context."""
        return ()

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """How the calls of its SDKs are written."""
        raise NotImplementedError


@dataclass(slots=True, eq=False)
class Position:
    """Where the run is."""

    language: Language
    file: str = ""
    path: list[str] = field(default_factory=list)
    """The functions that are being run, outermost first."""
    loading: int = 0
    """How many module top levels are being run: what they hand to unseen code waits (``escape.py``)."""
    conditional: int = 0
    """How many undecided branches enclose the present statement."""
    frame: Frame | None = None
    """The scope of the running function."""
    doubt: UnknownValue | None = None
    """Why it is not known whether the present statement runs, where code runs once."""
    perhaps: int = 0
    """How many expressions of the running function enclose the present one that may not be evaluated."""
    switches: tuple[str, ...] = ()
    """The environment variables without which the present statement does not run, and that the project leaves unset or
    sets otherwise (``switches.py``)."""
    outcomes: dict[int, tuple[bool, tuple[str, ...]]] = field(default_factory=dict)
    """How tests of several parts came out when they were last evaluated, by their nodes."""
    tests: list[ir.Expr] = field(default_factory=list)
    """The tests of the undecided branches that enclose it."""
    program: str | None = None
    """The file that is run as a program; None where a handler is entered."""


class Machine(Protocol):
    """One handler's run."""

    sources: Sources
    catalog: Catalog
    environment: Mapping[str, str]
    """Variables of the function that are set to known text; under ``calls.model.DECLARED`` the names of
    those set to others."""
    position: Position
    found: Found
    heap: Heap
    trail: Trail
    steps: int
    exact: bool
    """Whether the code runs once and in order, as a configuration does (``interpreter/exact.py``)."""
    written: Written | None
    """Where what the code gives is written; None where nobody asks."""

    def language(self, name: str) -> Language:
        """A language by its name."""

    # what models do

    def emit(
        self,
        service: str,
        operation: str,
        arguments: Mapping[str, Value],
        place: Place,
        sdk: str,
        credentials: Value | None = None,
    ) -> None:
        """Record an SDK call; ``arguments`` by API parameter name."""

    def call(self, function: Value, positional: tuple[Value, ...], place: Place) -> Value:
        """Call any value with positional arguments."""

    def attribute(self, value: Value, name: str, place: Place) -> Value:
        """Read a member of any value."""

    def escape(self, value: Value, place: Place) -> None:
        """The value reaches code that is not seen: its functions may be called with anything."""

    def overseen(self, name: str, site: CallSite, sends: bool = True) -> None:
        """A function that is not analysed is called, by its dotted name: it may start a program and, where it
        ``sends``, a request."""

    def dependency_version(self, package: str) -> str | None:
        """The version that the project pins a package to (``4.3.1``), or None where it pins none."""

    # what steps do

    def evaluate(self, activation: Activation, node: ir.Expr) -> Value:
        """The value of one expression, with its effects."""

    def execute(self, activation: Activation, statements: ir.Block) -> bool:
        """Run statements in order; False where the end cannot be reached."""

    def assign(self, activation: Activation, target: ir.Target, value: Value, at: ir.At) -> None:
        """Bind a value to a name, a member, an element or a pattern."""

    def call_value(self, function: Value, site: CallSite, new: bool = False) -> Value:
        """Call (or construct with) any value."""

    def enter(self, function: FunctionValue, site: CallSite) -> Value:
        """Run a function of the analysed code."""

    def construct(self, cls: ClassValue, site: CallSite) -> Value:
        """A new instance of a class of the analysed code."""

    def import_module(self, specifier: str, place: Place, types: bool = False, member: str | None = None) -> Value:
        """The value of an import in the file being run; ``types``: only types of it are used; ``member``: the one name
        that is asked of it."""

    def qualified(self, name: str, place: Place, is_import: bool = True) -> Value | None:
        """What a qualified name means in a language that binds names by packages; None where nothing has it and it is
        only a guess (``is_import`` is not set)."""

    def opened(self, module: ir.Module) -> None:
        """A module opens packages: those that are not read are reported."""

    def model(self, specifier: str) -> Value | None:
        """The value of a package that an SDK's or a library's model answers for, in the language of the running code;
        None where no model knows it."""

    def load(self, file: str) -> Value:
        """A project module by file: run once, then its exports."""

    # bookkeeping

    def place(self, at: ir.At) -> Place:
        """A node's place in the file being run."""

    def step(self) -> None:
        """Count one expression towards the bound."""

    def carried(self, items: int) -> None:
        """Count what is done with every item of a long list towards the bound."""

    def bound(self, bound: Bound, place: Place | None = None, what: str = "") -> None:
        """A bound was hit at a place (by default where the latest call is): say so once."""


@contextmanager
def within(run: Machine, frame: Frame) -> Iterator[None]:
    """What is done in it is code of the scope's file."""
    position = run.position
    before = position.file, position.language
    position.file, position.language = frame.file, run.language(frame.language)
    try:
        yield
    finally:
        position.file, position.language = before
