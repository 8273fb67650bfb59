"""The members of a C# type: fields, properties, methods, constructors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scopedown.languages.csharp import functions
from scopedown.languages.csharp.calls import arguments_of_call
from scopedown.languages.csharp.lowering import Lowering, without_value
from scopedown.languages.csharp.statements import initial
from scopedown.languages.csharp.written_types import result_of, written
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

STATIC = "<static>"
"""The method that sets the static members of its class."""
FINALIZER = "<finalizer>"
CONVERSION = "operator"
"""The name of the conversions that a class defines."""
_SUPPLYING = frozenset({"Inject", "FromServices", "FromKeyedServices", "Dependency"})
"""Attributes of fields and properties that a container fills in."""
_LITERALS = frozenset(
    {
        "string_literal",
        "verbatim_string_literal",
        "raw_string_literal",
        "integer_literal",
        "real_literal",
        "boolean_literal",
        "null_literal",
        "character_literal",
    }
)  # fmt: skip
_NOTHING = re.compile(r"(?:null|default)\s*!?")
"""Values that only calm the compiler: ``= null!``, ``= default!``."""
_TYPES = frozenset(
    {
        "class_declaration", "struct_declaration", "record_declaration", "interface_declaration", "enum_declaration",
        "delegate_declaration",
    }
)  # fmt: skip
_WORD = re.compile(rb"[A-Za-z_]\w*")


class Members:
    """What is found in one type."""

    def __init__(self, work: Lowering, name: str) -> None:
        self.work = work
        self.name = name
        self.generics: list[str] = []
        self.has_bases = False
        self.declared: dict[str, ir.Expr] = {}
        """What fields and properties are declared as."""
        self.fields: list[tuple[ir.Expr, ir.Expr | None]] = []
        self.supplied: list[tuple[str, tuple[ir.Expr, ...], ir.Expr | None]] = []
        self.names: set[str] = set()
        self.body: list[ir.Assign] = []
        self.statics: list[ir.Stmt] = []
        self.types: list[Node] = []
        self.base_arguments: Node | None = None
        self._functions: dict[str, list[ir.Lambda]] = {}
        self._primary: Node | None = None
        self._constructors: list[Node] = []
        self._fields: list[tuple[str, Node, ir.Expr | None]] = []
        self._mentioned: set[str] = set()

    def types_of_members(self) -> list[tuple[str, ir.Expr]]:
        """What the members of objects are declared as."""
        static = {statement.target.id for statement in self.body if isinstance(statement.target, ir.Name)}
        return [(name, of) for name, of in self.declared.items() if name not in static]

    def static_mentions(self) -> set[str]:
        """The names in what sets the static members."""
        return self._mentioned

    def method(self, name: str, made: ir.Lambda) -> None:
        """A method, beside others of its name."""
        self._functions.setdefault(name, []).append(made)

    def getter(self, name: str, value: ir.Expr) -> None:
        """A member that is computed where it is read."""
        at = value.at
        made = ir.Function(name, (), (ir.Return(value, at),), frozenset(), at, "this", accessor=True)
        self.method(name, ir.Lambda(made, at))

    def primary(self, node: Node) -> None:
        """The type has a primary constructor."""
        self._primary = node

    def constructor(self, node: Node) -> None:
        """A constructor; a static one sets static members."""
        work = self.work
        if "static" in work.words(node):
            self.mention(node)
            with work.function() as scope:
                statements = functions.body(work, node, gives=False)
                at = work.at(node)
                made = ir.Function("<static constructor>", (), statements, frozenset(scope.names), at, "this")
            name = "<static constructor>"
            self.method(name, ir.Lambda(made, at))
            self.statics.append(ir.ExprStmt(ir.Call(ir.Attr(ir.This(at), name, at), (), (), at), at))
        else:
            self._constructors.append(node)

    def field(self, name: str, value: Node | None, of: ir.Expr | None, node: Node, is_static: bool) -> None:
        """A field or an auto-property."""
        work, at = self.work, self.work.at(node)
        if value is not None and _NOTHING.fullmatch(work.raw(value)):
            value = None
        if is_static:
            self.names.add(name)
            literal = value is not None and value.type in _LITERALS
            made = work.expression(value) if literal else ir.Const(None, at)
            self.body.append(ir.Assign(ir.Name(name, at), made, at, annotation=of))
            if value is not None and not literal:
                self.mention(value)
                to = ir.Attr(ir.This(at), name, at)
                self.statics.append(ir.Assign(to, work.expression(value, of), at, annotation=of))
            elif value is None and (given := without_value(work, of, at)) is not None:
                self.mention(node)
                self.statics.append(ir.Assign(ir.Attr(ir.This(at), name, at), given, at))
        elif value is None and (given := without_value(work, of, at)) is not None:
            self.fields.append((ir.Const(name, at), given))
        elif value is not None:
            self._fields.append((name, value, of))
        else:
            above = tuple(one for one in functions.attributes(work, node) if _is_supplying(one))
            if above:
                self.supplied.append((name, above, of))

    def mention(self, node: Node) -> None:
        """The names in a node count as those that static members need."""
        text = self.work.source[node.start_byte : node.end_byte]
        self._mentioned.update(word.decode() for word in _WORD.findall(text))

    def finished(self, at: ir.At) -> list[ir.Stmt]:
        """The statements of the class's body."""
        work = self.work
        for position, generic in enumerate(self.generics):
            self.getter(generic, ir.Attr(ir.This(at), f"<{self.name} {position}>", at))
        constructors = self._made_constructors(at)
        if self._primary is None:
            for name, value, of in self._fields:
                self.fields.append((ir.Const(name, work.at(value)), work.expression(value, of)))
        out: list[ir.Stmt] = list(self.body)
        for name, several in self._functions.items():
            self.names.add(name)
            out.append(ir.Assign(ir.Name(name, several[0].at), _one(several), several[0].at))
        if constructors:
            self.names.add("constructor")
            out.append(ir.Assign(ir.Name("constructor", at), _one(constructors), at))
        return out

    def static_function(self, after: ir.Block, at: ir.At) -> ir.Stmt:
        """The method that sets the static members, those of the classes in this one too."""
        self.names.add(STATIC)
        made = ir.Function(STATIC, (), (*after, *self.statics), frozenset(), at, "this")
        return ir.Assign(ir.Name(STATIC, at), ir.Lambda(made, at), at)

    # constructors

    def _made_constructors(self, at: ir.At) -> list[ir.Lambda]:
        found: list[ir.Lambda] = []
        if self._primary is not None:
            found.append(self._primary_constructor(self._primary))
        found += [self._constructor(node) for node in self._constructors]
        return found

    def _generic(self, names: set[str], at: ir.At) -> tuple[list[ir.Parameter], list[ir.Stmt]]:
        """What a generic class is made with, kept where it was given."""
        taken: list[ir.Parameter] = []
        kept: list[ir.Stmt] = []
        for position in range(len(self.generics)):
            name = f"<{self.name} {position}>"
            names.add(name)
            taken.append(ir.Parameter(ir.Name(name, at), kind="keyword"))
            write = ir.Assign(ir.Attr(ir.This(at), name, at), ir.Name(name, at), at)
            kept.append(ir.If(ir.Name(name, at), (write,), (), at))
        return taken, kept

    def _primary_constructor(self, node: Node) -> ir.Lambda:
        """The parameters are fields; they are there before the values of other fields and the base's constructor."""
        work, at = self.work, self.work.at(node)
        with work.function() as scope:
            taken = functions.parameters(work, node)
            statements: list[ir.Stmt] = []
            for parameter in taken:
                if (name := parameter.name) is not None:
                    write = ir.Attr(ir.This(at), name, at)
                    statements.append(ir.Assign(write, ir.Name(name, at), at))
            generic, kept = self._generic(scope.names, at)
            for name, value, of in self._fields:
                to = ir.Attr(ir.This(at), name, at)
                statements.append(ir.Assign(to, work.expression(value, of), work.at(value), annotation=of))
            if self.has_bases:
                positional, keywords = arguments_of_call(work, self.base_arguments)
                statements.append(ir.ExprStmt(ir.Call(ir.Super(at), positional, keywords, at), at))
            made = ir.Function(
                "constructor", (*taken, *generic), (*kept, *statements), frozenset(scope.names), at, "this"
            )
        return ir.Lambda(made, at)

    def _constructor(self, node: Node) -> ir.Lambda:
        work, at = self.work, self.work.at(node)
        with work.function() as scope:
            taken = functions.parameters(work, node.child_by_field_name("parameters"))
            generic, first = self._generic(scope.names, at)
            chained = next((one for one in node.named_children if one.type == "constructor_initializer"), None)
            if chained is not None:
                listed = next((one for one in chained.named_children if one.type == "argument_list"), None)
                positional, keywords = arguments_of_call(work, listed)
                there = work.at(chained)
                own = any(one.type == "this" for one in chained.children)
                called: ir.Expr = ir.Attr(ir.This(there), "constructor", there) if own else ir.Super(there)
                first.append(ir.ExprStmt(ir.Call(called, positional, keywords, there), there))
            elif self.has_bases:
                first.append(ir.ExprStmt(ir.Call(ir.Super(at), (), (), at), at))
            statements = functions.body(work, node, gives=False)
            made = ir.Function(
                "constructor", (*taken, *generic), (*first, *statements), frozenset(scope.names), at, "this",
                annotations=functions.attributes(work, node),
            )  # fmt: skip
        return ir.Lambda(made, at)


def _one(several: list[ir.Lambda]) -> ir.Expr:
    return several[0] if len(several) == 1 else ir.Overloads(tuple(several), several[0].at)


def _is_supplying(attribute: ir.Expr) -> bool:
    named = attribute.function if isinstance(attribute, ir.Call) else attribute
    return isinstance(named, ir.Name) and named.id in _SUPPLYING


def declare(found: Members, node: Node) -> None:
    """Note what the members of a type are declared as, so that ``new()`` knows it wherever it stands."""
    work = found.work
    for parameter in _primary_parameters(node):
        name, of = parameter.child_by_field_name("name"), written(work, parameter.child_by_field_name("type"))
        if name is not None and of is not None:
            found.declared[work.text(name)] = of
    for child in children(work, node):
        if child.type in ("field_declaration", "event_field_declaration"):
            for inner in child.named_children:
                if inner.type == "variable_declaration":
                    of = written(work, inner.child_by_field_name("type"))
                    for one in inner.named_children:
                        name = one.child_by_field_name("name") if one.type == "variable_declarator" else None
                        if name is not None and of is not None:
                            found.declared[work.text(name)] = of
        elif child.type == "property_declaration":
            name, of = child.child_by_field_name("name"), written(work, child.child_by_field_name("type"))
            if name is not None and of is not None:
                found.declared[work.text(name)] = of


def children(work: Lowering, node: Node) -> list[Node]:
    """The members of a type, or of a part of it, in order."""
    body = node.child_by_field_name("body")
    found = list(work.flattened(body.children)) if body is not None else []
    return [*found, *(part for child in found if child.type == "ERROR" for part in child.children)]


def _primary_parameters(node: Node) -> list[Node]:
    for child in node.named_children:
        if child.type == "parameter_list":
            return [one for one in child.named_children if one.type == "parameter"]
    return []


def read(found: Members, node: Node) -> None:
    """Lower the members of a type, or of a part of it."""
    work = found.work
    for child in node.named_children:
        if child.type == "parameter_list":
            found.primary(child)
    is_interface = node.type == "interface_declaration"
    for child in children(work, node):
        kind = child.type
        if kind in ("field_declaration", "event_field_declaration"):
            _fields(found, child)
        elif kind == "property_declaration":
            _property(found, child, is_interface)
        elif kind == "indexer_declaration":
            _accessors(found, child, "__getitem__", "__setitem__", functions.parameters)
        elif kind == "event_declaration":
            _accessors(found, child, "", "", None)
        elif kind == "constructor_declaration":
            found.constructor(child)
        elif kind == "method_declaration":
            name = child.child_by_field_name("name")
            if name is not None and _has_body(child):
                receiver = "none" if "static" in work.words(child) else "this"
                text = work.text(name)
                found.method(text, functions.function(work, child, text, receiver))
        elif kind == "destructor_declaration":
            found.method(FINALIZER, functions.function(work, child, FINALIZER, "this"))
        elif kind in ("operator_declaration", "conversion_operator_declaration"):
            sign = child.child_by_field_name("operator")
            text = f"operator {work.text(sign)}" if sign is not None else CONVERSION
            found.method(text, functions.function(work, child, text, "none"))
        elif kind in _TYPES:
            found.types.append(child)


def _has_body(node: Node) -> bool:
    return any(child.type in ("block", "arrow_expression_clause") for child in node.named_children)


def _fields(found: Members, node: Node) -> None:
    work = found.work
    is_static = not {"static", "const"}.isdisjoint(work.words(node))
    for child in node.named_children:
        if child.type != "variable_declaration":
            continue
        of = written(work, child.child_by_field_name("type"))
        for one in work.named(child):
            name = one.child_by_field_name("name") if one.type == "variable_declarator" else None
            if name is not None:
                found.field(work.text(name), initial(one), of, node, is_static)


def _property(found: Members, node: Node, is_interface: bool) -> None:
    """An auto-property is a field, any other has accessors."""
    work = found.work
    name = node.child_by_field_name("name")
    if name is None:
        return
    text, of = work.text(name), written(work, node.child_by_field_name("type"))
    value = node.child_by_field_name("value")
    if value is not None and value.type == "arrow_expression_clause":
        _accessor(found, node, text, of, accessor=True)
        return
    accessors = node.child_by_field_name("accessors")
    listed = [one for one in work.named(accessors) if one.type == "accessor_declaration"] if accessors else []
    if any(_has_body(one) for one in listed):
        _accessors(found, node, text, f"{text}.setter", None)
        if value is not None:
            found.field(f"<{text}>", value, of, node, "static" in work.words(node))
    elif not is_interface and "abstract" not in work.words(node):
        found.field(text, value, of, node, "static" in work.words(node))


def _accessors(found: Members, node: Node, getter: str, setter: str, parameters: object) -> None:
    """The ``get`` and ``set`` of a property or an indexer; other accessors (``add``) have names that nothing calls."""
    work = found.work
    of = written(work, node.child_by_field_name("type"))
    value = node.child_by_field_name("value")
    if value is not None and value.type == "arrow_expression_clause":
        _accessor(found, node, getter, of, taking=node.child_by_field_name("parameters"))
    accessors = node.child_by_field_name("accessors")
    for one in work.named(accessors) if accessors is not None else ():
        word = one.child_by_field_name("name")
        kind = work.text(word) if word is not None else ""
        if one.type != "accessor_declaration" or not _has_body(one):
            continue
        taking = node.child_by_field_name("parameters")
        if kind == "get":
            _accessor(found, one, getter, of, accessor=parameters is None, taking=taking)
        else:
            named = setter if kind in ("set", "init") and setter else f"<{kind}>"
            _accessor(found, one, named, of, taking=taking, given=True)


def _accessor(
    found: Members,
    node: Node,
    name: str,
    of: ir.Expr | None,
    *,
    accessor: bool = False,
    taking: Node | None = None,
    given: bool = False,
) -> None:
    """One accessor; ``given``: it takes ``value``."""
    work, at = found.work, found.work.at(node)
    with work.function() as scope:
        scope.returns = result_of(of)
        taken = functions.parameters(work, taking)
        if given:
            taken.append(ir.Parameter(ir.Name(work.bind("value", of), at), annotation=of))
        arrow = node.child_by_field_name("value")
        if arrow is not None and arrow.type == "arrow_expression_clause":
            inside = work.named(arrow) or [one for one in arrow.children if one.type == "this"]
            statements: ir.Block = ()
            if inside:
                value = work.expression(inside[0], of)
                statements = (ir.Return(value, value.at),)
        else:
            statements = functions.body(work, node, scope.returns, gives=not given)
        made = ir.Function(
            name, tuple(taken), statements, frozenset(scope.names), at, "this", accessor=accessor,
            generator=scope.generator, returns=of,
        )  # fmt: skip
    found.method(name, ir.Lambda(made, at))
