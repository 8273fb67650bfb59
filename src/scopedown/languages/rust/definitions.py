"""Single items of Rust: what each is in the intermediate form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import own_macros, paths, patterns, settings, types
from scopedown.languages.rust.kinds import DERIVED_BUILDER, EVERY, IMPLEMENTS, LAZY, kept
from scopedown.languages.rust.numbers import NUMBERS
from scopedown.languages.rust.work import Work
from scopedown.source import ir
from scopedown.source.languages.front_end import ignored, returned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

_SILENT: Final = frozenset(
    {
        "Debug", "Display", "Clone", "Copy", "PartialEq", "Eq", "Hash", "Ord", "PartialOrd", "Error", "From", "TryFrom",
        "Into", "TryInto", "FromStr", "Default", "Serialize", "Deserialize", "AsRef", "AsMut", "Borrow", "Send", "Sync",
        "Iterator", "IntoIterator", "FromIterator", "Deref", "DerefMut", "Drop", "Index", "IndexMut", "Add", "Sub",
        "Mul", "Div", "Neg", "Not", "AddAssign", "ToString", "Future", "Stream", "Read", "Write", "SubAssign",
        "MulAssign", "DivAssign", "Rem", "RemAssign", "BitAnd", "BitAndAssign", "BitOr", "BitOrAssign", "BitXor",
        "BitXorAssign", "Shl", "ShlAssign", "Shr", "ShrAssign", "RangeBounds", "Sum", "Product", "Extend", "Fn",
        "FnMut", "FnOnce", "DoubleEndedIterator", "ExactSizeIterator", "FusedIterator", "Hasher", "BuildHasher", "Wake",
        "Termination", "BorrowMut", "ToOwned", "LowerHex", "UpperHex", "LowerExp", "UpperExp", "Octal", "Binary",
        "Pointer", "Seek", "BufRead", "ToSocketAddrs", "GlobalAlloc", "IntoFuture", "AsyncFn", "AsyncFnMut",
        "AsyncFnOnce", "Pattern", "SliceIndex", "Allocator", "Any", "UnwindSafe", "Step", "Try", "FromResidual",
        "Residual", "Coroutine", "CoerceUnsized", "DispatchFromDyn",
    }
)  # fmt: skip
"""Traits of the standard library, which say nothing of a type but what is implemented of them
(https://doc.rust-lang.org/std/)."""
_OF_LANGUAGE: Final = frozenset(
    {*NUMBERS, "bool", "str", "String", "Vec", "Option", "Result", "Box", "Rc", "Arc", "HashMap", "BTreeMap", "HashSet"}
)
"""Types that are no classes of the program."""
CALLED_BY_ITSELF: Final = "<called by itself>"
"""What stands above a function of such a trait: operators, conversions, macros and the standard library call it."""


def tells(work: Work, trait: paths.Path) -> bool:
    """Whether a trait may be one of the project or of a library that calls its methods."""
    return trait[-1] not in _SILENT or trait[-1] in work.module.items


# functions


def function(work: Work, node: Node, name: str) -> None:
    """``fn name(…) { … }``."""
    at = work.at(node)
    _assign(work, ("", name), ir.Name(name, at), lambda_(work, node), at)
    if (written := settings.above(work, node)) and len(work.scopes) == 1:
        own_macros.note_attributes(work, ir.Name(name, at), written, at)


def _assign(work: Work, key: tuple[str, str], target: ir.Name | ir.Attr, made: ir.Expr, at: ir.At) -> None:
    """A definition. A further one of the same name is for other features or another type: either may be meant."""
    if key in work.defined:
        made = ir.Cond(ir.Opaque((), at), target, made, at)
    if len(work.scopes) == 1:
        work.defined.add(key)
    work.emit(ir.Assign(target, made, at))


def lambda_(work: Work, node: Node) -> ir.Lambda:
    """A function or method as a value; one without a body gives nothing that is known."""
    at = work.at(node)
    name_node = node.child_by_field_name("name")
    generics = types.generics(work, node)
    listed, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    receiver = "none"
    with work.function(generics) as (scope, out):
        parameters: list[ir.Parameter] = []
        for child in work.named(listed) if listed is not None else ():
            kind = work.kind(child)
            if kind == "self_parameter":
                receiver = "first"
                parameters.append(ir.Parameter(ir.Name(work.bind("self"), work.at(child))))
            elif kind == "parameter" and (written := child.child_by_field_name("pattern")) is not None:
                if work.kind(written) == "self":
                    receiver = "first"
                    parameters.append(ir.Parameter(ir.Name(work.bind("self"), work.at(child))))
                else:
                    declared = child.child_by_field_name("type")
                    parameters.append(patterns.parameter(work, written, declared, out))
        returns = types.annotation(work, node.child_by_field_name("return_type"))
        if body is not None and (shown := _formatter(work, name_node, parameters, body)) is not None:
            work.emit(ir.Assign(shown, ir.Const("", at), at))
            work.statements(body, ignored)
            work.emit(ir.Return(shown, at))
        elif body is not None:
            work.statements(body, lambda value: returned(settings.converted(value, returns)))
    made = ir.Function(
        work.text(name_node) if name_node is not None else "", tuple(parameters), tuple(out), frozenset(scope.names),
        at, receiver, returns=returns,
    )  # fmt: skip
    return ir.Lambda(made, at)


def _formatter(work: Work, name: Node | None, parameters: list[ir.Parameter], body: Node) -> ir.Name | None:
    """The formatter of ``fn fmt(&self, f: &mut Formatter)`` that does nothing with it but to write texts: the function
    gives the text that is written then (https://doc.rust-lang.org/std/fmt/trait.Display.html)."""
    if name is None or work.text(name) != "fmt" or len(parameters) != 2:
        return None
    target = parameters[1].target
    if not isinstance(target, ir.Name):
        return None
    written, own = work.text(body), re.escape(target.id)
    writes = re.findall(rf"\bwrite(?:ln)?!\s*\(\s*{own}\s*,|\b{own}\s*\.\s*write_str\s*\(", written)
    return target if writes and len(writes) == len(re.findall(rf"\b{own}\b", written)) else None


# types


def trait(work: Work, node: Node, name: str) -> None:
    """A trait: an abstract class, whose methods with a body are inherited."""
    at = work.at(node)
    before, work.self_type = work.self_type, ir.Name(name, at)
    bounds = node.child_by_field_name("bounds")
    bases: list[ir.Expr] = []
    for one in work.named(bounds) if bounds is not None else ():
        written = paths.segments(work, one)
        if written is not None and tells(work, written) and work.kind(one) != "lifetime":
            bases.append(paths.expression(work, written, work.at(one)))
    body = node.child_by_field_name("body")
    statements: list[ir.Stmt] = []
    names: set[str] = set()
    with work.generics(types.generics(work, node)):
        for member in kept(work, body.named_children) if body is not None else ():
            member_name = member.child_by_field_name("name")
            if member_name is None:
                continue
            written_name, place = work.text(member_name), work.at(member)
            made: ir.Expr
            if work.kind(member) == "function_item":
                made = lambda_(work, member)
            elif work.kind(member) == "const_item" and (value := member.child_by_field_name("value")) is not None:
                made = work.expression(value)
            else:
                continue
            names.add(written_name)
            statements.append(ir.Assign(ir.Name(written_name, place), made, place))
    definition = ir.Class(name, tuple(bases), tuple(statements), frozenset(names), at, abstract=True)
    work.emit(ir.Assign(ir.Name(name, at), ir.ClassExpr(definition, at), at))
    work.self_type = before


def type_(work: Work, node: Node, name: str, bases: Iterable[ir.Expr]) -> None:
    """A struct, or an enumeration with its variants."""
    at = work.at(node)
    generics = types.generics(work, node)
    body = node.child_by_field_name("body")
    with work.generics(generics):
        is_enum = work.kind(node) == "enum_item"
        definition = _class(work, name, tuple(bases), None if is_enum else body, at)
        work.emit(ir.Assign(ir.Name(name, at), ir.ClassExpr(definition, at), at))
        if not is_enum:
            settings.from_environment(work, node, name, body)
            _derived_builder(work, node, name)
            return
        for variant in work.named(body) if body is not None else ():
            variant_name = variant.child_by_field_name("name")
            if work.kind(variant) != "enum_variant" or variant_name is None:
                continue
            place, written = work.at(variant), work.text(variant_name)
            inside = variant.child_by_field_name("body")
            made: ir.Expr = ir.ClassExpr(_class(work, written, (ir.Name(name, at),), inside, place), place)
            if inside is None:
                made = ir.Call(made, (), (), place, new=True)
            work.emit(ir.Assign(ir.Attr(ir.Name(name, place), written, place), made, place))


def _derived_builder(work: Work, node: Node, name: str) -> None:
    """``QueryBuilder``, which derive_builder makes for ``Query`` (https://docs.rs/derive_builder)."""
    at, builder = work.at(node), f"{name}Builder"
    if builder.rpartition("::")[2] in work.module.derived:
        made = ir.Call(ir.Name(DERIVED_BUILDER, at), (ir.Name(name, at),), (), at)
        work.emit(ir.Assign(ir.Name(work.bind(builder), at), made, at))


def _class(work: Work, name: str, bases: tuple[ir.Expr, ...], body: Node | None, at: ir.At) -> ir.Class:
    declared: list[tuple[str, ir.Expr]] = []
    statements: list[ir.Stmt] = []
    names: set[str] = set()
    if body is not None and work.kind(body) == "ordered_field_declaration_list":
        fields = body.children_by_field_name("type")
        declared = [
            (str(position), found)
            for position, one in enumerate(fields)
            if (found := types.annotation(work, one)) is not None
        ]
        statements.append(_tuple_constructor(len(fields), at))
        names.add("constructor")
    elif body is not None:
        for one in work.named(body):
            field, typed = one.child_by_field_name("name"), one.child_by_field_name("type")
            if field is not None and (found := types.annotation(work, typed)) is not None:
                declared.append((work.text(field), found))
    return ir.Class(name, bases, tuple(statements), frozenset(names), at, types=tuple(declared))


def _tuple_constructor(count: int, at: ir.At) -> ir.Stmt:
    """``struct W(A, B)``: its fields are ``0`` and ``1``."""
    names = [f"<{position}>" for position in range(count)]
    body = tuple(
        ir.Assign(ir.Attr(ir.This(at), str(position), at), ir.Name(name, at), at) for position, name in enumerate(names)
    )
    parameters = tuple(ir.Parameter(ir.Name(name, at)) for name in names)
    made = ir.Function("constructor", parameters, body, frozenset(names), at, "this")
    return ir.Assign(ir.Name("constructor", at), ir.Lambda(made, at), at)


def implementation(work: Work, node: Node, bases: Mapping[str, list[ir.Expr]]) -> None:
    """``impl T { … }`` and ``impl Trait for T { … }``: members of the type."""
    at = work.at(node)
    trait_node, typed, body = (node.child_by_field_name(field) for field in ("trait", "type", "body"))
    if typed is None:
        return
    generics = types.generics(work, node)
    with work.generics(generics):
        owner = types.annotation(work, typed)
        if isinstance(owner, ir.Index):
            owner = owner.object
        path = paths.segments(work, typed)
        is_own = path is not None and len(path) == 1 and (work.local(path[0]) or work.module.prefix + path[0]) in bases
        is_of_file = path is not None and len(path) == 1 and path[0] in work.module.items
        if path is not None and path[0] in generics:
            owner = None
        before, work.self_type = work.self_type, owner or work.self_type
        called: dict[str, ir.Lambda] = {}  # of traits of the standard library, for a type that is no class here
        written = paths.segments(work, trait_node) if trait_node is not None else None
        if trait_node is not None and written is not None and not is_own and tells(work, written):
            trait_expression = paths.expression(work, written, work.at(trait_node))
            target = owner or ir.Const(None, at)
            call = ir.Call(ir.Name(IMPLEMENTS, at), (target, trait_expression), (), at)
            work.emit(ir.ExprStmt(call, at))
        for member in kept(work, body.named_children) if body is not None else ():
            name_node = member.child_by_field_name("name")
            value = member.child_by_field_name("value")
            if name_node is None:
                continue
            name, place = work.text(name_node), work.at(member)
            made: ir.Expr
            if work.kind(member) == "function_item":
                made = method = lambda_(work, member)
                if written is not None and not tells(work, written):
                    above = (ir.Name(CALLED_BY_ITSELF, place),)
                    made = ir.Lambda(replace(method.function, annotations=above), method.at)
                    if path is None or (len(path) == 1 and path[0] in _OF_LANGUAGE and not is_of_file):
                        called[name] = made
            elif work.kind(member) == "const_item" and value is not None:
                made = work.expression(value)
            else:
                continue
            if owner is not None and is_of_file:
                _assign(
                    work, (work.module.prefix + "::".join(path or ()), name), ir.Attr(owner, name, place), made, place
                )
            elif owner is not None:
                work.emit(ir.Assign(ir.Attr(owner, name, place), made, place))
            elif written is not None:  # for every type: the trait has it itself
                of_trait = paths.expression(work, written, place)
                work.emit(ir.Assign(ir.Attr(of_trait, name, place), made, place))
                if isinstance(made, ir.Lambda):
                    work.emit(ir.Assign(ir.Attr(ir.Name(EVERY, place), name, place), made, place))
        if called:
            statements = tuple(ir.Assign(ir.Name(name, one.at), one, one.at) for name, one in called.items())
            of = ir.Class("<impl>", (), statements, frozenset(called), at)
            work.emit(ir.ExprStmt(ir.ClassExpr(of, at), at))
        work.self_type = before


def constant(work: Work, node: Node, name: str, lazy: bool) -> None:
    """``const X: T = value;`` and ``static X: T = value;``."""
    at, value = work.at(node), node.child_by_field_name("value")
    if value is None:
        return
    declared = types.annotation(work, node.child_by_field_name("type"))
    if lazy:
        with work.function() as (scope, out):
            work.deliver(value, returned)
        made = ir.Function(name, (), tuple(out), frozenset(scope.names), at)
        given: ir.Expr = ir.Call(ir.Name(LAZY, at), (ir.Lambda(made, at),), (), at)
    else:
        given = work.expression(value)
    if isinstance(given, ir.Const) and any(work.kind(one) == "mutable_specifier" for one in node.named_children):
        given = ir.Cond(ir.Opaque((), at), given, ir.Opaque((), at), at)  # what runs by itself may write to it
    work.emit(ir.Assign(ir.Name(name, at), given, at, annotation=declared))
