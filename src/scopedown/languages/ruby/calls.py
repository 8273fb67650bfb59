"""Ruby's calls: receivers, blocks, ``yield`` and ``super``.

A call without a receiver is the call of a Name, which is a member of ``self`` or a method of the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby import definitions, functions
from scopedown.languages.ruby.arguments import Arguments, Keywords, arguments, uses_block
from scopedown.languages.ruby.scope import BLOCK, NODES, Lowering, Scope, is_of_class
from scopedown.languages.ruby.targets import COPY
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CHAIN: Final = 400
"""Links of ``a.b.c[d]…`` that are followed."""
_SAME: Final = frozenset({"freeze", "itself"})
"""Methods whose result stands for the object itself."""
_SEND: Final = frozenset({"send", "public_send", "__send__", "try"})
_CLASSES: Final = frozenset({"Class", "Module", "Struct", "Data"})
"""Classes whose objects are classes."""
_EQUAL: Final = frozenset({"eql?", "equal?"})
SAME: Final = "same"
"""Whether two values are one object, or are equal and of one class: no constants say that."""
_EVALUATING: Final = frozenset({"instance_eval", "instance_exec", "class_eval", "class_exec", "module_eval"})
"""Methods that run code as that of the present object."""
ON_CLASSES: Final = frozenset({"include", "extend", "prepend"})
"""Methods of a class that change what it is."""


@NODES.expression("call", "element_reference")
def call(work: Lowering, node: Node) -> ir.Expr:
    """Calls and elements; a chain of them is walked, not descended."""
    chain: list[Node] = []
    first: Node | None = node
    while first is not None and (kind := work.kind(first)) in ("call", "element_reference"):
        owner = first.child_by_field_name("receiver" if kind == "call" else "object")
        if owner is None:
            break
        chain.append(first)
        first = owner
    if first is None or len(chain) > MAX_CHAIN:
        return ir.Opaque((), work.at(node))
    made = _with_break(work, _alone(work, first)) if work.kind(first) == "call" else work.expression(first)
    for link in reversed(chain):
        made = _element(work, made, link) if work.kind(link) == "element_reference" else _member(work, made, link)
        made = _with_break(work, made)
    return made


def _element(work: Lowering, owner: ir.Expr, node: Node) -> ir.Expr:
    at = work.at(node)
    first = node.child_by_field_name("object")
    keys, _ = arguments(work, [child for child in work.named(node) if child != first])
    if len(keys) == 1 and not isinstance(keys[0], ir.Spread):
        return ir.Index(owner, keys[0], at)
    return ir.Call(ir.Attr(owner, "[]", at), keys, (), at)


def _member(work: Lowering, owner: ir.Expr, node: Node) -> ir.Expr:
    """``owner.name(…) { … }``."""
    name_node = node.child_by_field_name("method")
    name = work.text(name_node) if name_node is not None else "call"
    at, name_at = work.at(node), work.at(name_node if name_node is not None else node)
    given, block = node.child_by_field_name("arguments"), node.child_by_field_name("block")
    if block is None and given is None:
        if name in _SAME:
            return owner
        if name in ("dup", "clone"):
            return ir.Call(ir.Name(COPY, name_at), (owner,), (), at)
        if name == "class" or (name_node is not None and work.kind(name_node) == "constant"):
            return ir.Attr(owner, name, name_at)
    if block is not None and name in ("then", "yield_self", "tap"):
        return _handed(work, owner, name, block, at)
    if block is not None and isinstance(owner, ir.Name) and owner.id in _CLASSES and name in ("new", "define"):
        return _class(work, owner, name, given, block, at)
    positional, keywords = _given(work, given, block)
    place = name_at if name_at[0] > at[0] else at
    if len(positional) == 1 and name in _EQUAL:
        return ir.Op(SAME, (owner, positional[0]), at)
    if len(positional) == 1 and name == "[]":
        return ir.Index(owner, positional[0], at)
    if name == "nil?":
        return ir.Op("==", (owner, ir.Const(None, at)), at)
    if name in _SEND and positional:
        return _sent(owner, positional, keywords, name_at, place)
    if name == "new" and isinstance(owner, ir.Name) and owner.id in ("Class", "Module"):
        cls = work.held(definitions.class_expression(work, "", positional, None, at), "class")
        if keywords:
            work.emit(ir.ExprStmt(ir.Call(ir.Attr(cls, "class_exec", at), (cls,), keywords, at), at))
        return cls
    if name == "new":
        return _made(owner, positional, keywords, place)
    return ir.Call(ir.Attr(owner, name, name_at), positional, keywords, place)


def _class(work: Lowering, owner: ir.Name, name: str, given: Node | None, block: Node, at: ir.At) -> ir.Expr:
    """``Struct.new(:a) do … end``, ``Class.new(Base) do … end``: a class whose body is the block."""
    positional, keywords = _given(work, given, None)
    bases = positional
    if owner.id in ("Struct", "Data"):
        bases = (_made(owner, positional, keywords, at) if name == "new" else
                 ir.Call(ir.Attr(owner, name, at), positional, keywords, at),)  # fmt: skip
    return definitions.class_expression(work, "", bases, block.child_by_field_name("body"), at, block)


def _handed(work: Lowering, owner: ir.Expr, name: str, block: Node, at: ir.At) -> ir.Expr:
    """``owner.then { |it| … }``, and ``owner.tap { … }``, which gives its owner back."""
    value = work.held(owner, "subject")
    result = ir.Call(block_function(work, block), (value,), (), at)
    if name != "tap":
        return result
    work.emit(ir.ExprStmt(result, at))
    return value


def _made(owner: ir.Expr, positional: tuple[ir.Expr, ...], keywords: Keywords, at: ir.At) -> ir.Expr:
    """``Class.new(…)``. ``Proc.new { … }`` is its block."""
    if isinstance(owner, ir.Name) and owner.id == "Proc":
        for name, value in keywords:
            if name == BLOCK:
                return value
    return ir.Call(owner, positional, keywords, at, new=True)


def _sent(owner: ir.Expr, positional: tuple[ir.Expr, ...], keywords: Keywords, name_at: ir.At, at: ir.At) -> ir.Expr:
    """``owner.send(:name, …)``."""
    first, *rest = positional
    if isinstance(first, ir.Const) and isinstance(first.value, str):
        return ir.Call(ir.Attr(owner, first.value, name_at), tuple(rest), keywords, at)
    return ir.Call(ir.Index(owner, first, name_at), tuple(rest), keywords, at)


def named_alone(work: Lowering, node: Node, name: str) -> ir.Expr:
    """A name that is no variable: a call without arguments."""
    at = work.at(node)
    if name == "block_given?":
        uses_block(work)
        return ir.Op("!=", (ir.Name(BLOCK, at), ir.Const(None, at)), at)
    if name == "new" and is_of_class(work):
        return ir.Call(ir.This(at), (), (), at, new=True)
    return ir.Call(ir.Name(name, at), (), (), at)


def _alone(work: Lowering, node: Node) -> ir.Expr:
    """``name(…) { … }``."""
    at = work.at(node)
    name_node = node.child_by_field_name("method")
    given, block = node.child_by_field_name("arguments"), node.child_by_field_name("block")
    if name_node is None:
        return work.opaque(node)
    name = work.text(name_node)
    if block is not None and given is None and name in ("lambda", "proc"):
        return block_function(work, block, name)
    positional, keywords = _given(work, given, block)
    if work.kind(name_node) == "super":
        return _super(work, positional, keywords, at)
    if name == "new" and is_of_class(work):
        return ir.Call(ir.This(at), positional, keywords, at, new=True)
    if name in _SEND and positional:
        return _sent(ir.This(at), positional, keywords, at, at)
    if name in _EVALUATING or (name in ON_CLASSES and is_of_class(work)):
        return ir.Call(ir.Attr(ir.This(at), name, at), positional, keywords, at)
    if name == "method" and len(positional) == 1 and isinstance(named := positional[0], ir.Const):
        return ir.Name(str(named.value), at)  # the method of that name, not called
    return ir.Call(ir.Name(name, at), positional, keywords, at)


def _given(work: Lowering, node: Node | None, block: Node | None) -> Arguments:
    positional, keywords = arguments(work, work.named(node)) if node is not None else ((), ())
    if block is not None:
        keywords = (*keywords, (BLOCK, block_function(work, block)))
    return positional, keywords


# blocks


def block_function(work: Lowering, node: Node, kind: str = "block") -> ir.Expr:
    """``{ |a, b| … }``, ``do |a, b| … end``."""
    scope = Scope("lambda" if kind == "lambda" else "block")
    parameters, inside = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    made = functions.function(work, f"<{kind}>", scope, parameters, inside, work.at(node), "lexical")
    work.broken = scope.broken
    return made


def _with_break(work: Lowering, call: ir.Expr) -> ir.Expr:
    """What a call gives: what its block breaks off with, where it does."""
    kept, work.broken = work.broken, ""
    if not kept:
        return call
    at, result = call.at, ir.Name(work.hidden("result"), call.at)
    work.emit(ir.Assign(ir.Name(kept, at), ir.Const(None, at), at))
    work.emit(ir.Assign(result, call, at))
    return ir.Cond(ir.Opaque((), at), result, ir.Name(kept, at), at)


@NODES.expression("lambda")
def arrow(work: Lowering, node: Node) -> ir.Expr:
    """``->(a) { … }``."""
    block = node.child_by_field_name("body")
    inside = block.child_by_field_name("body") if block is not None else None
    parameters = node.child_by_field_name("parameters")
    return functions.function(work, "<lambda>", Scope("lambda"), parameters, inside, work.at(node), "lexical")


@NODES.expression("yield")
def yielded(work: Lowering, node: Node) -> ir.Expr:
    """``yield a``: a call of the method's block."""
    uses_block(work)
    at = work.at(node)
    positional, keywords = arguments(work, _inside(work, node))
    return ir.Call(ir.Name(BLOCK, at), positional, keywords, at)


def _inside(work: Lowering, node: Node) -> list[Node]:
    """What stands behind a word such as ``yield``."""
    found: list[Node] = []
    for child in work.named(node):
        found += work.named(child) if work.kind(child) == "argument_list" else [child]
    return found


@NODES.expression("super")
def bare_super(work: Lowering, node: Node) -> ir.Expr:
    """``super`` alone hands on all that the method was given."""
    scope = work.enclosing("method")
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for one in scope.parameters if scope is not None else ():
        if isinstance(one, ir.ObjectExpr):
            keywords += [(str(key.value) if isinstance(key, ir.Const) else None, value) for key, value in one.entries]
        else:
            positional.append(one)
    return _super(work, tuple(positional), tuple(keywords), work.at(node))


def _super(work: Lowering, positional: tuple[ir.Expr, ...], keywords: Keywords, at: ir.At) -> ir.Expr:
    """The method of the parent class."""
    scope = work.enclosing("method")
    name = scope.method if scope is not None else ""
    function: ir.Expr = ir.Super(at) if name == "constructor" else ir.Attr(ir.Super(at), name, at)
    if scope is not None and all(key != BLOCK for key, _ in keywords):
        uses_block(work)
        keywords = (*keywords, (BLOCK, ir.Name(BLOCK, at)))
    return ir.Call(function, positional, keywords, at)
