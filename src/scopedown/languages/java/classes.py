"""Java's classes, interfaces, enumerations and records.

* A class's body holds its methods, then the types in it, then its static fields and static blocks in their order. What
  of these stands before the first one that speaks of such a type comes before the types.
* Several methods of one name, or several constructors, are :class:`~scopedown.source.ir.Overloads`. Methods without a
  body are ``types`` under ``name()``, with what they give.
* A constructor calls ``super()`` first where it does not itself.
* The constants of an enumeration are static fields; each keeps its name. The components of a record are fields with
  methods of their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.languages.java import functions, lombok, types
from scopedown.languages.java.lowering import Lowering, Type
from scopedown.source import ir
from scopedown.source.languages.class_parts import ClassParts

if TYPE_CHECKING:
    from tree_sitter import Node

DECLARATIONS = frozenset(
    {
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
    }
)
_FIELDS = ("field_declaration", "constant_declaration")
_CONSTRUCTORS = ("constructor_declaration", "compact_constructor_declaration")
_INTERFACES = ("interface_declaration", "annotation_type_declaration")
KEPT_NAME = "<name>"
"""The field in which the constant of an enumeration keeps its name."""


class _Parts(ClassParts):
    """The parts of a class that is being made."""

    __slots__ = ("declared", "speaking")

    def __init__(self) -> None:
        super().__init__()
        self.declared: list[lombok.Field] = []
        self.speaking: int | None = None
        """The first of the statics that may speak of a type in the class."""

    def static(self, made: ir.Stmt, speaks: bool = False) -> None:
        """A further static; whether it may speak of a type in the class."""
        if speaks and self.speaking is None:
            self.speaking = len(self.statics)
        self.statics.append(made)

    def early(self) -> int:
        """Those before the first that speaks."""
        return len(self.statics) if self.speaking is None else self.speaking


def declaration(work: Lowering, node: Node) -> ir.ClassExpr:
    """A class, interface, enumeration or record that has a name."""
    named = node.child_by_field_name("name")
    name = work.text(named) if named is not None else "<class>"
    at = work.at(named) if named is not None else work.at(node)
    above = types.modifiers(node)
    body = node.child_by_field_name("body")
    generics = functions.with_generics(work, node)
    bases = tuple(_bases(work, node))
    with work.own_type(_type(work, node, body, name)):
        parts = _Parts()
        _members(work, node, body, parts)
        if node.type == "enum_declaration":
            _enumeration(work, body, name, at, parts)
        elif node.type == "record_declaration":
            _record(work, node, at, parts)
        if work.lombok:
            _generated(work, node, name, at, types.marks(work, above), parts)
    work.generics = generics
    abstract = node.type in _INTERFACES or "abstract" in types.words(above)
    return parts.made(name, bases, at, types.marks(work, above), abstract)


def anonymous(work: Lowering, node: Node, body: Node, base: ir.Expr) -> ir.ClassExpr:
    """The class in ``new T(…) {…}``."""
    at = work.at(node)
    of = base.id if isinstance(base, ir.Name) else base.name if isinstance(base, ir.Attr) else "class"
    with work.own_type(_type(work, node, body, f"<{of}>")):
        parts = _Parts()
        _members(work, node, body, parts)
    return parts.made(f"<{of}>", (base,), at, (), False)


def _bases(work: Lowering, node: Node) -> Iterator[ir.Expr]:
    """What a class extends, then what it implements."""
    for child in node.named_children:
        if child.type not in ("superclass", "super_interfaces", "extends_interfaces"):
            continue
        for one in work.named(child):
            for of in work.named(one) if one.type == "type_list" else [one]:
                if (made := types.type_(work, of)) is not None:
                    yield made


def _inside(body: Node | None) -> Iterator[Node]:
    """The members of a body; an enumeration has them after its constants."""
    for child in body.named_children if body is not None else ():
        if child.type == "enum_body_declarations":
            yield from child.named_children
        else:
            yield child


def _type(work: Lowering, node: Node, body: Node | None, name: str) -> Type:
    """What a class's members are called; what is a field and a method of the file is noted."""
    methods: dict[str, bool] = {}
    fields: set[str] = set()
    nested: set[str] = set()
    members = list(_inside(body))
    for child in members:
        named = child.child_by_field_name("name")
        if child.type in _FIELDS:
            for one in child.children_by_field_name("declarator"):
                if (of := one.child_by_field_name("name")) is not None:
                    fields.add(work.text(of))
        elif named is None:
            continue
        elif child.type == "method_declaration":
            methods[work.text(named)] = "static" in types.words(types.modifiers(child))
        elif child.type in DECLARATIONS:
            nested.add(work.text(named))
        elif child.type == "enum_constant":
            fields.add(work.text(named))
    if node.type == "record_declaration":
        for named in _components(node):
            methods.setdefault(work.text(named), False)
            fields.add(work.text(named))
    work.fields |= fields
    work.both |= fields & methods.keys()
    return Type(name, methods, frozenset(fields), frozenset(nested), work.function)


def note_names(work: Lowering, root: Node) -> None:
    """Note what the classes of a file call their fields and methods, before any of them is lowered."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in _inside(node):
            if child.type in DECLARATIONS:
                body = child.child_by_field_name("body")
                _type(work, child, body, "")
                if body is not None:
                    waiting.append(body)


def _components(node: Node) -> list[Node]:
    """The names of a record's components."""
    given = node.child_by_field_name("parameters")
    found = [child.child_by_field_name("name") for child in given.named_children] if given is not None else []
    return [one for one in found if one is not None]


def _members(work: Lowering, node: Node, body: Node | None, parts: _Parts) -> None:
    interface = node.type in _INTERFACES
    derived = any(child.type == "superclass" for child in node.named_children)
    for child in _inside(body):
        if work.too_deep(child):
            return
        work.depth += 1
        kind = child.type
        static = "static" in types.words(types.modifiers(child))
        if kind in _FIELDS:
            _field(work, child, static or interface, parts)
        elif kind == "method_declaration":
            _method(work, child, static, parts)
        elif kind in _CONSTRUCTORS:
            _constructor(work, node, child, derived, parts)
        elif kind in DECLARATIONS:
            made = declaration(work, child)
            parts.nested.append(ir.Assign(ir.Name(made.definition.name, made.at), made, made.at))
        elif kind == "static_initializer":
            for inner in child.named_children:
                if inner.type == "block":
                    with work.static(True):
                        value = functions.called_at_once(work, inner, "<static>")
                    parts.static(ir.ExprStmt(value, value.at), bool(parts.nested or work.types[-1].types))
        elif kind == "block":
            key = ir.Const(f"<initialiser {len(parts.fields)}>", work.at(child))
            parts.fields.append((key, functions.called_at_once(work, child, "<initialiser>")))
        elif kind == "enum_constant":
            _constant(work, child, parts)
        work.depth -= 1


def _method(work: Lowering, node: Node, static: bool, parts: _Parts) -> None:
    named = node.child_by_field_name("name")
    if named is None:
        return
    name = work.text(named)
    if node.child_by_field_name("body") is None:
        generics = functions.with_generics(work, node)
        of = types.type_(work, node.child_by_field_name("type"))
        work.generics = generics
        if of is not None:
            parts.types.setdefault(f"{name}()", of)
        return
    parts.method(functions.method(work, node, static))


def _constructor(work: Lowering, owner: Node, node: Node, derived: bool, parts: _Parts) -> None:
    at = work.at(node)
    if node.type == "compact_constructor_declaration":
        parts.constructors.append(_canonical(work, owner, node, at))
        return
    body = node.child_by_field_name("body")
    calls = any(child.type == "explicit_constructor_invocation" for child in work.named(body)[:1]) if body else False
    first: ir.Block = ()
    if derived and not calls:
        first = (ir.ExprStmt(ir.Call(ir.Super(at), (), (), at), at),)
    parts.constructors.append(functions.method(work, node, False, first))


def _field(work: Lowering, node: Node, static: bool, parts: _Parts) -> None:
    above = types.modifiers(node)
    marks = types.marks(work, above)
    for declarator in node.children_by_field_name("declarator"):
        named, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if named is None:
            continue
        name, at = work.member(work.text(named)), work.at(named)
        of = functions.declared(work, node.child_by_field_name("type"), declarator.child_by_field_name("dimensions"))
        if of is not None:
            parts.types.setdefault(name, of)
        with work.static(static):
            lowered = work.expr(value) if value is not None else None
        if isinstance(lowered, ir.Lambda):
            lowered.function.name = name
        if static:
            given = lowered if lowered is not None else _unset(node.child_by_field_name("type"), at)
            speaks = value is not None and _speaks(work, value)
            parts.static(ir.Assign(ir.Name(name, at), given, at, annotation=of), speaks)
            continue
        final = "final" in types.words(above)
        parts.declared.append(lombok.Field(work.text(named), name, of, final, value is not None, marks))
        if lowered is not None:
            parts.fields.append((ir.Const(name, at), lowered))
        elif marks:
            parts.supplied.append((name, tuple(sorted(marks, key=_asks_last)), of))


def _generated(work: Lowering, node: Node, name: str, at: ir.At, marks: tuple[ir.Expr, ...], parts: _Parts) -> None:
    """What Lombok adds."""
    more = lombok.added(name, marks, parts.declared, len(parts.constructors), at)
    for method, made in more.methods:
        parts.methods.setdefault(method, [made])
    parts.constructors += more.constructors
    if more.log:
        logger = ir.Assign(ir.Name("log", at), work.type_name(node, name=lombok.LOGGER), at)
        parts.statics.insert(0, logger)
        parts.speaking = None if parts.speaking is None else parts.speaking + 1


def _asks_last(mark: ir.Expr) -> bool:
    """What asks for any value of a type comes after what says which one (``@Inject @Named("x")``)."""
    of = mark.function if isinstance(mark, ir.Call) else mark
    return isinstance(of, ir.Name) and of.id in ("Inject", "Autowired", "Resource")


def _unset(of: Node | None, at: ir.At) -> ir.Expr:
    """What a static field holds before anything is written to it."""
    kind = of.type if of is not None else ""
    if kind == "boolean_type":
        return ir.Const(False, at)
    return ir.Const(0 if kind in ("integral_type", "floating_point_type") else None, at)


def _speaks(work: Lowering, node: Node) -> bool:
    """Whether an expression may use a type that stands in its class: it names one, or calls a method of the class."""
    own = work.types[-1]
    if not own.types:
        return False
    stack = [node]
    while stack:
        one = stack.pop()
        if one.type in ("identifier", "type_identifier"):
            written = work.text(one)
            if written in own.types or written in own.methods:
                return True
        stack.extend(one.named_children)
    return False


# enumerations


def _constant(work: Lowering, node: Node, parts: _Parts) -> None:
    named = node.child_by_field_name("name")
    if named is None:
        return
    at, name = work.at(named), work.member(work.text(named))
    own = work.types[-1].name
    body = node.child_by_field_name("body")
    given = node.child_by_field_name("arguments")
    with work.static(True):
        arguments = tuple([work.expr(child) for child in work.named(given)]) if given is not None else ()
        of: ir.Expr = ir.Name(own, at)
        if body is not None:
            of = anonymous(work, node, body, of)
    made = ir.Call(of, arguments, (), at, new=True)
    parts.static(ir.Assign(ir.Name(name, at), made, at))
    kept = ir.Attr(ir.Name(name, at), KEPT_NAME, at)
    parts.static(ir.Assign(kept, ir.Const(work.text(named), at), at))


def _enumeration(work: Lowering, body: Node | None, name: str, at: ir.At, parts: _Parts) -> None:
    """The methods that every enumeration has."""
    found = [child.child_by_field_name("name") for child in _inside(body) if child.type == "enum_constant"]
    names = [work.text(one) for one in found if one is not None]

    def constant(one: str) -> ir.Expr:
        return ir.Attr(ir.Name(name, at), work.member(one), at)

    every = ir.ListExpr(tuple(constant(one) for one in names), at)
    table = ir.ObjectExpr(tuple((ir.Const(one, at), constant(one)) for one in names), at)
    asked = ir.Index(table, ir.Name("name", at), at)
    own_name = ir.Attr(ir.This(at), KEPT_NAME, at)
    for made in (
        functions.synthetic("values", every, at, static=True),
        functions.synthetic("valueOf", asked, at, "name", static=True),
        functions.synthetic("name", own_name, at),
        functions.synthetic("toString", own_name, at),
    ):
        parts.methods.setdefault(made.function.name, [made])


# records


def _record(work: Lowering, node: Node, at: ir.At, parts: _Parts) -> None:
    """The fields of a record, the methods that give them, and the constructor that takes them."""
    generic = node.child_by_field_name("parameters")
    for child in work.named(generic) if generic is not None else []:
        named = child.child_by_field_name("name")
        if named is None:
            continue
        name = work.text(named)
        of = types.type_(work, child.child_by_field_name("type"))
        if of is not None:
            parts.types.setdefault(work.member(name), of)
        value = ir.Attr(ir.This(at), work.member(name), at)
        parts.methods.setdefault(name, [functions.synthetic(name, value, at)])
    written = [one.function for one in parts.constructors if isinstance(one, ir.Lambda)]
    components = len(_components(node))
    if not any(len(one.parameters) == components for one in written):
        parts.constructors.append(_canonical(work, node, None, at))


def _canonical(work: Lowering, record: Node, compact: Node | None, at: ir.At) -> ir.Lambda:
    """The constructor that takes a record's components; a compact one has code that runs before they are kept."""
    with work.static(False), work.own_function() as function:
        given = functions.parameters(work, record.child_by_field_name("parameters"))
        body = list(work.body(compact.child_by_field_name("body"))) if compact is not None else []
        for named, parameter in zip(_components(record), given, strict=False):
            field = ir.Attr(ir.This(at), work.member(work.text(named)), at)
            if isinstance(parameter.target, ir.Name):
                body.append(ir.Assign(field, parameter.target, at))
        names = frozenset(function.declared)
        made = ir.Function("constructor", given, tuple(body), names, at, "this")
    return ir.Lambda(made, at)
