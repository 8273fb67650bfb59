"""Python source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-python.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``.
The source is never run or compiled. Expressions are in ``expressions.py``, ``match`` in ``match.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* ``@property`` and its like become ``Function.accessor``, ``@staticmethod`` and ``@classmethod`` its ``receiver``;
  these decorators then vanish. A property's setter is the member ``name.setter``, so that it does not hide the getter.
* A class member that is declared but not given (``name: str``) is an assignment of an empty ``Opaque`` with its
  annotation, so that dataclass-like libraries see the fields in order.
* ``importlib.import_module(x)`` and ``__import__(x)`` are :class:`~scopedown.source.ir.Import`.
* A slice ``x[a:b]`` that is read is ``x.__getitem__(slice(a, b))``.
* A loop's condition is the first statement of its body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from scopedown.languages.python import definitions, expressions, imports, match
from scopedown.languages.python.blocks import block, body
from scopedown.languages.python.scope import Lowering
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import Grammar, Problem, not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> lower(b"x = 1", "app.py").locals
    frozenset({'x'})
    """
    root = parsed(source).root_node
    work = Lowering(source, GRAMMAR.kinds, expressions.table(), _table())
    scope = work.scopes[0]
    kept, beyond = within_bound(root.children)
    statements = block(work, list(kept))
    problems = (*_unknown_encoding(source), *not_read(work, root, beyond, work.deepest))
    return ir.Module(file, "python", statements, frozenset(scope.names), problems)


_DECLARED: Final = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
"""https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations"""
_LIKE_ASCII: Final = re.compile(
    rb"u(?:tf)?[-_]?8.*|(?:us[-_]?)?ascii|latin.*|iso[-_]?8859.*|(?:windows[-_]?|cp)125\d|cp437|cp8[56]\d|koi8.*|euc.*|gb2312|l1",
    re.IGNORECASE,
)
"""Encodings in which each byte of ASCII is that character and no part of another one."""


def _unknown_encoding(source: bytes) -> Iterator[Problem]:
    """A file in an encoding that may hide code from a reader of ASCII (``utf-7``, ``unicode_escape``)."""
    declared = _DECLARED.match(source)
    if declared is not None and not _LIKE_ASCII.fullmatch(declared[1]):
        line = source.count(b"\n", 0, declared.start(1)) + 1
        yield (
            (line, 1),
            f"the file is encoded in {declared[1].decode('ascii', 'replace')}, which scopedown does not decode",
        )


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source)


GRAMMAR: Final = Grammar("tree_sitter_python")


def _expression_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    children = work.named(node)
    if len(children) > 1:
        out.append(ir.ExprStmt(expressions.sequence(work, node), work.at(node)))
        return
    for child in children:
        kind = work.kind(child)
        if kind == "assignment":
            _assignment(work, child, out)
        elif kind == "augmented_assignment":
            _augmented(work, child, out)
        elif not _is_comment(value := expressions.expression(work, child)):
            out.append(ir.ExprStmt(value, work.at(child)))


def _is_comment(value: ir.Expr) -> bool:
    """A text or ``...`` that is a statement."""
    return (isinstance(value, ir.Const) and isinstance(value.value, str)) or (
        isinstance(value, ir.Opaque) and not value.children
    )


def _assignment(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    targets: list[tuple[Node, Node | None]] = []
    while True:
        left, annotation = node.child_by_field_name("left"), node.child_by_field_name("type")
        right = node.child_by_field_name("right")
        if left is not None:
            targets.append((left, annotation))
        if right is None or work.kind(right) != "assignment":
            break
        node = right
    given = right
    at = work.at(node)
    if given is None:
        # A declaration without a value: names its scope's variable, and a field of a dataclass.
        for left, annotation in targets:
            if annotation is not None and any(work.kind(one) == "constrained_type" for one in work.named(annotation)):
                # The grammar takes ``match [a, b]:`` with a short case for a declaration.
                parts = tuple(expressions.expression(work, part) for part in (left, annotation))
                out.append(ir.ExprStmt(ir.Opaque(parts, at), at))
                continue
            declared = expressions.target(work, left)
            if work.scope.kind == "class" and annotation is not None:
                type_ = expressions.annotation(work, annotation)
                out.append(ir.Assign(declared, ir.Opaque((), at), at, annotation=type_))
        return
    value: ir.Expr = _right(work, given)
    if len(targets) > 1 and not isinstance(value, ir.Const | ir.Name):
        # ``a = b = f()`` evaluates f once.
        held = ir.Name(work.hidden("chain"), at)
        out.append(ir.Assign(held, value, at))
        value = held
    for left, annotation in targets:
        note = expressions.annotation(work, annotation) if annotation is not None else None
        out.append(ir.Assign(expressions.target(work, left), value, work.at(left), annotation=note))


def _right(work: Lowering, node: Node) -> ir.Expr:
    if work.kind(node) == "augmented_assignment":  # not valid Python; the grammar lets it pass
        return ir.Opaque((), work.at(node))
    return expressions.expression(work, node)


def _augmented(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    value = _right(work, right)
    out.append(ir.Assign(expressions.target(work, left), value, work.at(node), work.text(operator)[:-1]))


def _return(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    children = work.named(node)
    out.append(ir.Return(expressions.expression(work, children[0]) if children else None, work.at(node)))


def _raise(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    children = work.named(node)
    out += [ir.Raise(expressions.expression(work, cause), work.at(node)) for cause in children[1:]]
    out.append(ir.Raise(expressions.expression(work, children[0]) if children else None, work.at(node)))


def _jump(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    out.append(ir.Jump(work.at(node)))


def _effects(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``assert``, ``del``, ``print`` and ``exec`` statements: what stands in them is evaluated."""
    for child in work.named(node):
        if work.kind(child) == "chevron":
            continue
        value = expressions.expression(work, child)
        if not isinstance(value, ir.Name | ir.Const):
            out.append(ir.ExprStmt(value, work.at(child)))


def _delete(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``del``: an element is deleted by the call ``owner.__delitem__(key)``, a member is evaluated."""
    waiting = work.named(node)
    while waiting:
        child = waiting.pop(0)
        if work.kind(child) in ("expression_list", "tuple", "list", "parenthesized_expression"):
            waiting[:0] = work.named(child)
            continue
        at = work.at(child)
        match expressions.expression(work, child):
            case ir.Name() | ir.Const():
                continue
            case ir.Index(object=owner, index=key) | ir.Call(function=ir.Attr(object=owner), positional=(key,)):
                value: ir.Expr = ir.Call(ir.Attr(owner, "__delitem__", at), (key,), (), at)
            case other:
                value = other
        out.append(ir.ExprStmt(value, at))


def _global(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    module = work.scopes[0]
    for child in work.named(node):
        name = work.text(child)
        work.scope.free.add(name)
        if work.kind(node) == "global_statement":
            module.names.add(name)


def _ignore(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    return


def _if(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    branches: list[Branch] = []
    condition = node.child_by_field_name("condition")
    test = expressions.expression(work, condition) if condition is not None else ir.Opaque((), work.at(node))
    branches.append(((), test, body(work, node, "consequence"), work.at(node)))
    otherwise: ir.Block = ()
    for child in node.children_by_field_name("alternative"):
        if work.kind(child) == "elif_clause":
            condition = child.child_by_field_name("condition")
            test = expressions.expression(work, condition) if condition is not None else ir.Opaque((), work.at(child))
            branches.append(((), test, body(work, child, "consequence"), work.at(child)))
        else:
            otherwise = body(work, child)
    out.extend(if_chain(branches, otherwise))


def _for(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    iterable = expressions.expression(work, right) if right is not None else None
    target = expressions.target(work, left) if left is not None else None
    out.append(ir.Loop(target, iterable, body(work, node), work.at(node)))
    _loop_else(work, node, out)


def _while(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    condition = node.child_by_field_name("condition")
    first: ir.Block = ()
    if condition is not None and work.kind(condition) not in ("true", "identifier", "integer"):
        first = (ir.ExprStmt(expressions.expression(work, condition), work.at(condition)),)
    out.append(ir.Loop(None, None, first + body(work, node), work.at(node)))
    _loop_else(work, node, out)


def _loop_else(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``else`` of a loop: it runs where no ``break`` ended the loop."""
    alternative = node.child_by_field_name("alternative")
    if alternative is None:
        return
    statements = body(work, alternative)
    looped = node.child_by_field_name("body")
    if looped is None or not _breaks(work, looped):
        out.extend(statements)
    else:
        at = work.at(alternative)
        out.append(ir.If(ir.Opaque((), at), statements, (), at))


_APART = frozenset({"function_definition", "class_definition", "lambda"})


def _breaks(work: Lowering, node: Node) -> bool:
    """Whether a ``break`` in a loop's body ends that loop."""
    waiting = list(node.children)
    while waiting:
        one = waiting.pop()
        kind = work.kind(one)
        if kind == "break_statement":
            return True
        if kind in ("for_statement", "while_statement"):
            inner = one.child_by_field_name("alternative")
            waiting += [] if inner is None else inner.children
        elif kind not in _APART:
            waiting += one.children
    return False


def _try(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    tried = body(work, node)
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    for child in node.children:
        kind = work.kind(child)
        if kind == "except_clause":
            blocks = [part for part in child.children if work.kind(part) == "block"]
            target: ir.Target | None = None
            asked: ir.Block = ()
            value = child.child_by_field_name("value")
            if value is not None and work.kind(value) == "as_pattern":
                alias, parts = value.child_by_field_name("alias"), work.named(value)
                target = expressions.target(work, alias) if alias is not None else None
                asked = _asked(work, parts[0]) if parts else ()
            elif value is not None:
                asked = _asked(work, value)
            handlers.append((target, asked + (block(work, blocks[0].children) if blocks else ())))
        elif kind == "else_clause":
            tried += body(work, child)
        elif kind == "finally_clause":
            final = tuple(
                statement
                for part in child.children
                if work.kind(part) == "block"
                for statement in block(work, part.children)
            )
    out.append(ir.Try(tried, tuple(handlers), final, work.at(node)))


def _asked(work: Lowering, node: Node) -> ir.Block:
    """Which errors an ``except`` takes, where more than names says so."""
    value = expressions.expression(work, node)
    parts = value.items if isinstance(value, ir.ListExpr) else (value,)
    if all(isinstance(part, ir.Name | ir.Attr) for part in parts):
        return ()
    return (ir.ExprStmt(value, work.at(node)),)


def _with(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    items: list[tuple[ir.Expr, ir.Target | None, ir.At]] = []
    for clause in work.named(node):
        if work.kind(clause) != "with_clause":
            continue
        for item in work.named(clause):
            value = item.child_by_field_name("value")
            if value is None:
                continue
            at = work.at(value)
            target = None
            if work.kind(value) == "as_pattern":
                alias, parts = value.child_by_field_name("alias"), work.named(value)
                held = expressions.expression(work, parts[0]) if parts else ir.Opaque((), at)
                target = expressions.target(work, alias) if alias is not None else None
            else:
                held = expressions.expression(work, value)
            items.append((held, target, at))
    inner = body(work, node)
    for held, target, at in reversed(items):
        inner = (ir.With(held, target, inner, at),)
    out.extend(inner)


@cache
def _table() -> dict[str, Callable[[Lowering, Node, list[ir.Stmt]], None]]:
    return {
        "expression_statement": _expression_statement,
        "return_statement": _return,
        "raise_statement": _raise,
        "break_statement": _jump,
        "continue_statement": _jump,
        "assert_statement": _effects,
        "delete_statement": _delete,
        "print_statement": _effects,
        "exec_statement": _effects,
        "global_statement": _global,
        "nonlocal_statement": _global,
        "pass_statement": _ignore,
        "comment": _ignore,
        "future_import_statement": _ignore,
        "type_alias_statement": _ignore,
        "if_statement": _if,
        "for_statement": _for,
        "while_statement": _while,
        "try_statement": _try,
        "with_statement": _with,
        "match_statement": match.lower,
        "function_definition": definitions.plain,
        "class_definition": definitions.plain,
        "decorated_definition": definitions.decorated,
        "import_statement": imports.plain,
        "import_from_statement": imports.members,
    }
