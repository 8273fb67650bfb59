"""The intermediate form: one small syntax for every analysed language.

A language front end (``languages/``) lowers its syntax tree to this form and knows nothing of AWS;
the interpreter (``interpret.py``) runs it and knows no language. Lowering never fails: what it
cannot express becomes :class:`Opaque`, which still evaluates its children.

Conventions that the front ends keep:

* ``at`` is ``(line, column)``, both from 1. Nodes compare by identity.
* ``await`` is transparent and is dropped. Parentheses are dropped; a cast is a :class:`Cast` where its type may tell
  something.
* Definitions are assignments: ``def f``/``function f`` is ``Assign(Name("f"), Lambda(...))``, a class is
  ``Assign(Name("C"), ClassExpr(...))``; decorators are calls with ``decorator=True`` around the value.
  JavaScript hoists function declarations to the start of their block.
* Imports are assignments from :class:`Import`. ``from a import b`` is
  ``Assign(Name("b"), Attr(Import("a"), "b"))``; a Python relative import keeps its dots (``".pkg.mod"``).
  ``import a.b`` binds ``a`` and evaluates ``Import("a.b")``.
* JavaScript exports are writes to ``exports``: ``export const f = …`` assigns ``f`` and then
  ``Attr(Name("exports"), "f")``; ``export default e`` writes ``exports.default``. In a module the names ``exports``,
  ``module`` (whose ``exports`` field it is) and ``require`` are predefined. ``import d from "m"`` is
  ``Attr(Import("m"), "default")``; ``import * as n`` and ``require("m")`` are ``Import("m")`` itself.
  ``export * from "m"`` is :class:`ExportAll`. Python's module globals are its exports.
* A dict, object literal or map is :class:`ObjectExpr`; a list, tuple, set or array is :class:`ListExpr`.
* f-strings, template literals are :class:`Template`; ``a + b`` is ``Op("+", …)``. ``%`` formatting is ``Op("%", …)``.
* ``a or b``, ``a || b``, ``a ?? b`` are ``Op("or"/"??", …)``; ``a and b``, ``a && b`` are ``Op("and", …)``; negation
  ``Op("not", …)``; equality ``Op("==", …)``/``Op("!=", …)`` (also ``===``), identity ``Op("is", …)`` and
  ``Op("is not", …)``, JavaScript's ``==`` and ``!=`` ``Op("loosely ==", …)``/``Op("loosely !=", …)``; any other
  operator ``Op(its text, operands)``.
* Languages that bind names by packages (Java, Kotlin, Go, C#, Ruby, Rust, PHP) have no import statements: a name that
  no scope has is looked up through ``Module.imports``, ``package`` and ``opened``. The constructor of their classes is
  the member ``constructor``, their methods have the receiver ``"this"`` where the object is ``this`` or unnamed, and
  ``"first"`` where it is the first parameter (Go, Rust). Several results of a function are a :class:`ListExpr`.
  Pointers, references, ``?``, ``await`` and generic arguments of calls are transparent.
* ``a?.b`` is ``a.b``. Comprehensions are :class:`Comprehension`.
* A type annotation is an expression: names, ``Op("|", …)`` for a choice, ``Index(generic, arguments)``, a
  :class:`Shape` for a record type; a Const string is a type's name that is written as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ABSTRACT = "<abstract> "
"""How a class names a method without a body, whose defaults those have that override it."""
At = tuple[int, int]


@dataclass(slots=True, eq=False)
class Const:
    """A literal; JavaScript's ``undefined`` is None."""

    value: str | int | float | bool | None
    at: At


class Bytes(str):
    """The text of a literal that is bytes, which no text is equal to."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Null(Const):
    """JavaScript's ``null``."""


@dataclass(slots=True, eq=False)
class Regex:
    """A regular expression of JavaScript, as it is written between slashes and after them."""

    pattern: str
    flags: str
    at: At


@dataclass(slots=True, eq=False)
class Name:
    """A variable."""

    id: str
    at: At


@dataclass(slots=True, eq=False)
class This:
    """JavaScript's ``this`` (Python's ``self`` is an ordinary parameter)."""

    at: At


@dataclass(slots=True, eq=False)
class Super:
    """``super`` or ``super()``: the parent class's members, bound to the present object."""

    at: At


@dataclass(slots=True, eq=False)
class Attr:
    """``object.name``."""

    object: Expr
    name: str
    at: At
    optional: bool = False
    """``a?.b``: nothing where the object is nothing."""
    name_at: At | None = None
    """Where the name stands, in languages that say so."""


@dataclass(slots=True, eq=False)
class Index:
    """``object[index]``; a Python slice is an Opaque index."""

    object: Expr
    index: Expr
    at: At
    optional: bool = False
    """``a?.[b]``."""


@dataclass(slots=True, eq=False)
class Spread:
    """``*x`` or ``...x`` inside arguments or a list."""

    value: Expr
    at: At


@dataclass(slots=True, eq=False)
class Call:
    """A call, or a construction where ``new`` is set.

    ``keywords`` are Python's; a ``**x`` has the name None. ``decorator`` marks a decorator applied to
    its single positional argument.
    """

    function: Expr
    positional: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    at: At
    new: bool = False
    decorator: bool = False
    optional: bool = False
    """``f?.()``: nothing is called where the function is nothing."""


@dataclass(slots=True, eq=False)
class Lambda:
    """A function as a value."""

    function: Function
    at: At


@dataclass(slots=True, eq=False)
class ClassExpr:
    """A class as a value."""

    definition: Class
    at: At


@dataclass(slots=True, eq=False)
class Template:
    """Text joined from parts (f-string, template literal)."""

    parts: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Op:
    """An operator with its operands; see the module's conventions for the names."""

    operator: str
    operands: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Cond:
    """``then if test else otherwise``."""

    test: Expr
    then: Expr
    otherwise: Expr
    at: At


@dataclass(slots=True, eq=False)
class ObjectExpr:
    """Entries of (key, value) in order; a spread has the key None."""

    entries: tuple[tuple[Expr | None, Expr], ...]
    at: At


@dataclass(slots=True, eq=False)
class ListExpr:
    """Items in order; a spread is a :class:`Spread`."""

    items: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Comprehension:
    """``[element for target in iterable if …]``; with ``key`` set, a dict comprehension. Of a ``lazy`` one, what uses
    it may stop before its end."""

    element: Expr
    clauses: tuple[tuple[Target, Expr], ...]
    conditions: tuple[Expr, ...]
    at: At
    key: Expr | None = None
    lazy: bool = False


@dataclass(slots=True, eq=False)
class Import:
    """A module as a value; the specifier is usually a Const string. ``types``: only types of it are used, so that it is
    not there when the code runs. ``dynamic``: by JavaScript's ``import()``; ``static``: by its import statement."""

    specifier: Expr
    at: At
    types: bool = False
    dynamic: bool = False
    static: bool = False


@dataclass(slots=True, eq=False)
class AssignExpr:
    """An assignment used as a value (``a = b``, ``:=``)."""

    target: Target
    value: Expr
    at: At
    before: bool = False
    """``a++``: its value is what the target held before."""


@dataclass(slots=True, eq=False)
class Yield:
    """``yield value``; ``delegate`` for ``yield from`` and ``yield*``."""

    value: Expr
    at: At
    delegate: bool = False


@dataclass(slots=True, eq=False)
class Cast:
    """A value that is said to be of a type; evaluated it is the value."""

    value: Expr
    type: Expr
    at: At


@dataclass(slots=True, eq=False)
class Shape:
    """A record type (a TypeScript interface): what its members are declared as, and the types that it extends."""

    members: tuple[tuple[str, Expr], ...]
    bases: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Initialised:
    """An object with what is written to its members before anyone else has it: C#'s ``new T { A = x }``, Go's
    ``T{A: x}``, Rust's ``T { a: x, ..rest }``.

    A key is a member's name (a Const), the key of an element, or None for an element that is added to a collection
    or, as a :class:`Spread`, for an object whose members are taken over.
    """

    value: Expr
    entries: tuple[tuple[Expr | None, Expr], ...]
    at: At


@dataclass(slots=True, eq=False)
class Overloads:
    """Functions of one name in one class: a call means those that take its arguments."""

    functions: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Opaque:
    """Something that cannot be expressed; its children are still evaluated."""

    children: tuple[Expr, ...]
    at: At


Expr = (
    Const
    | Regex
    | Name
    | This
    | Super
    | Attr
    | Index
    | Spread
    | Call
    | Lambda
    | ClassExpr
    | Template
    | Op
    | Cond
    | ObjectExpr
    | ListExpr
    | Comprehension
    | Import
    | AssignExpr
    | Yield
    | Cast
    | Shape
    | Initialised
    | Overloads
    | Opaque
)


@dataclass(slots=True, eq=False)
class ObjectPattern:
    """``{a, b: c = 1, ...rest}``: (key, target, default) in order, and the rest."""

    entries: tuple[tuple[Expr, Target, Expr | None], ...]
    rest: Target | None
    at: At


@dataclass(slots=True, eq=False)
class ListPattern:
    """``[a, b, ...rest]`` or ``a, *rest, z``: (target, default); an elision is None. ``after`` follow the rest."""

    items: tuple[tuple[Target, Expr | None] | None, ...]
    rest: Target | None
    at: At
    after: tuple[Target, ...] = ()


Target = Name | Attr | Index | ObjectPattern | ListPattern


@dataclass(slots=True, eq=False)
class Assign:
    """``target = value``; ``operator`` is set for ``+=`` and its like (the text without ``=``)."""

    target: Target
    value: Expr
    at: At
    operator: str | None = None
    annotation: Expr | None = None


@dataclass(slots=True, eq=False)
class ExprStmt:
    """An expression for its effect."""

    value: Expr
    at: At


@dataclass(slots=True, eq=False)
class Return:
    """``return value``."""

    value: Expr | None
    at: At


@dataclass(slots=True, eq=False)
class Raise:
    """``raise``/``throw``."""

    value: Expr | None
    at: At


@dataclass(slots=True, eq=False)
class Jump:
    """``break`` (``leaves``) or ``continue``, of the loop with the label where it names one."""

    at: At
    leaves: bool = False
    label: str = ""


@dataclass(slots=True, eq=False)
class If:
    """Both sides are tried, unless the test is a known constant. ``switch`` and ``match`` become chains."""

    test: Expr
    then: Block
    otherwise: Block
    at: At


@dataclass(slots=True, eq=False)
class Loop:
    """A loop; ``target`` takes the elements of ``iterable`` where it has them (``keys``: its keys, JS ``for in``).

    JavaScript's say how they run: ``steps`` statements at the start of the body are left out of the first turn
    (``i++``), the statement at ``test`` ends the loop where it is false, and a block with a label runs ``once``.
    """

    target: Target | None
    iterable: Expr | None
    body: Block
    at: At
    keys: bool = False
    label: str = ""
    steps: int = 0
    test: int | None = None
    once: bool = False


@dataclass(slots=True, eq=False)
class With:
    """``with value as target``."""

    value: Expr
    target: Target | None
    body: Block
    at: At


@dataclass(slots=True, eq=False)
class Try:
    """The handlers may or may not run; ``final`` runs."""

    body: Block
    handlers: tuple[tuple[Target | None, Block], ...]
    final: Block
    at: At


@dataclass(slots=True, eq=False)
class ExportAll:
    """``export * from "m"``, ``from m import *``: every export of a module, here."""

    module: Expr
    at: At


Stmt = Assign | ExprStmt | Return | Raise | Jump | If | Loop | With | Try | ExportAll
Block = tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Parameter:
    """One parameter; ``kind`` is ``"positional"``, ``"keyword"`` (keyword-only), ``"rest"`` (``*a``, ``...a``) or
    ``"keywords"`` (``**k``). Destructuring parameters have a pattern as target."""

    target: Target
    default: Expr | None = None
    kind: str = "positional"
    annotation: Expr | None = None
    decorators: tuple[Expr, ...] = ()
    by_reference: bool = False
    """Whether a write to it is one to the variable that is given."""

    @property
    def name(self) -> str | None:
        """The parameter's name where it has one."""
        return self.target.id if isinstance(self.target, Name) else None


@dataclass(slots=True, eq=False)
class Function:
    """A function, method, arrow or lambda.

    ``receiver`` says where the present object comes from: ``"none"`` (Python function or static
    method), ``"first"`` (Python method: the first parameter), ``"class"`` (classmethod: the first parameter is
    the class), ``"this"`` (JavaScript function or method), ``"lexical"`` (arrow function). ``accessor`` marks a
    property, read without a call. ``locals`` are the names that belong to the function itself,
    parameters included; other names are looked up in the enclosing scope.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    locals: frozenset[str]
    at: At
    receiver: str = "none"
    accessor: bool = False
    generator: bool = False
    returns: Expr | None = None
    """What the annotation or the declaration says that it gives."""
    annotations: tuple[Expr, ...] = ()
    """What stands above it and does not run: Java's annotations, C#'s attributes. Each is a Name or a Call."""


@dataclass(slots=True, eq=False)
class Class:
    """A class: its body is run once in a scope of its own, whose names become its members.

    JavaScript: methods and static fields are assignments in ``body``; instance fields are ``fields``,
    assigned to ``this`` before the constructor, which is the member ``constructor``. Python's constructor
    is the member ``__init__``.
    """

    name: str
    bases: tuple[Expr, ...]
    body: Block
    locals: frozenset[str]
    at: At
    fields: tuple[tuple[Expr, Expr | None], ...] = ()
    keywords: tuple[tuple[str | None, Expr], ...] = ()
    types: tuple[tuple[str, Expr], ...] = ()
    """What instance fields are declared as."""
    supplied: tuple[tuple[str, tuple[Expr, ...], Expr | None], ...] = ()
    """Instance fields without a value that have decorators, which may supply one: name, decorators, type."""
    annotations: tuple[Expr, ...] = ()
    """What stands above it and does not run: Java's annotations, C#'s attributes. Each is a Name or a Call."""
    abstract: bool = False
    """Whether objects are of classes that derive from it only: an interface, a trait, an abstract class."""
    private: frozenset[str] = frozenset()
    """Members that only code within it knows by their name alone, where the lowering says so."""


@dataclass(slots=True, eq=False)
class Module:
    """One source file."""

    file: str
    language: str
    body: Block
    locals: frozenset[str]
    problems: tuple[tuple[At, str], ...] = field(default=())
    """Where the parser met a syntax error; the rest is lowered all the same."""
    package: str = ""
    """The package or namespace that its names belong to, in languages where that is not its path."""
    imports: tuple[tuple[str, str], ...] = ()
    """Names that are bound where they are used, not where they are imported, with what they mean: ``("Table",
    "com.acme.Table")``. The file of such a name is loaded when code uses it."""
    opened: tuple[str, ...] = ()
    """Packages of which every name is known without its package (``import com.acme.*``, ``using Acme``)."""
    packages: tuple[str, ...] = ()
    """Further packages that its names belong to, where a file may have several."""
