"""The intermediate form in a compact notation, for tests to compare."""

from __future__ import annotations

from typing import Any

from scopedown.source import ir


def module(made: ir.Module) -> list[str]:
    """The statements of a module, a line each."""
    return [statement(one) for one in made.body]


def block(statements: ir.Block) -> str:
    """``{a; b}``."""
    return "{" + "; ".join(statement(one) for one in statements) + "}"


def statement(node: Any) -> str:
    """A statement in one line."""
    match node:
        case ir.Assign(target=target, value=value, operator=operator, annotation=annotation):
            kind = f": {expression(annotation)}" if annotation else ""
            return f"{expression(target)}{kind} {operator or ''}= {expression(value)}"
        case ir.ExprStmt(value=value):
            return expression(value)
        case ir.Return(value=value):
            return "return" if value is None else f"return {expression(value)}"
        case ir.Raise(value=value):
            return f"throw {expression(value)}"
        case ir.If(test=test, then=then, otherwise=otherwise):
            rest = f" else {block(otherwise)}" if otherwise else ""
            return f"if {expression(test)} {block(then)}{rest}"
        case ir.Loop(target=target, iterable=iterable, body=body):
            head = f" {expression(target)} of {expression(iterable)}" if target or iterable else ""
            return f"loop{head} {block(body)}"
        case ir.Try(body=body, handlers=handlers, final=final):
            caught = "".join(f" catch {expression(to) if to else ''}{block(inner)}" for to, inner in handlers)
            return f"try {block(body)}{caught}" + (f" finally {block(final)}" if final else "")
        case _:
            return type(node).__name__.lower()


def expression(node: Any) -> str:
    """An expression or a target in one line."""
    match node:
        case None:
            return "nothing"
        case ir.Const(value=value):
            return repr(value)
        case ir.Name(id=name):
            return name
        case ir.Attr(object=owner, name=name):
            return f"{expression(owner)}.{name}"
        case ir.Index(object=owner, index=key):
            return f"{expression(owner)}[{expression(key)}]"
        case ir.Spread(value=value):
            return f"*{expression(value)}"
        case ir.Call():
            given = [expression(one) for one in node.positional]
            given += [f"{name or '**'}: {expression(value)}" for name, value in node.keywords]
            return f"{'new ' if node.new else ''}{expression(node.function)}({', '.join(given)})"
        case ir.Lambda(function=function):
            return _function(function)
        case ir.ClassExpr(definition=definition):
            return _class(definition)
        case ir.Template(parts=parts):
            return "`" + "".join(_piece(part) for part in parts) + "`"
        case ir.Op(operator=operator, operands=operands):
            written = [expression(one) for one in operands]
            return f"({operator} {written[0]})" if len(written) == 1 else f"({f' {operator} '.join(written)})"
        case ir.Cond(test=test, then=then, otherwise=otherwise):
            return f"({expression(test)} ? {expression(then)} : {expression(otherwise)})"
        case ir.ObjectExpr(entries=entries):
            return "{" + ", ".join(_entry(key, value) for key, value in entries) + "}"
        case ir.ListExpr(items=items):
            return "[" + ", ".join(expression(item) for item in items) + "]"
        case ir.AssignExpr(target=target, value=value):
            return f"({expression(target)} := {expression(value)})"
        case ir.Cast(value=value, type=kind):
            return f"<{expression(kind)}>{expression(value)}"
        case ir.Yield(value=value):
            return f"yield {expression(value)}"
        case ir.Opaque(children=children):
            return f"?({', '.join(expression(child) for child in children)})"
        case ir.ListPattern(items=items, rest=rest, after=after):
            written = [expression(item[0]) if item else "" for item in items]
            written += [f"*{expression(rest)}"] if rest else []
            return "[" + ", ".join([*written, *(expression(one) for one in after)]) + "]"
        case ir.ObjectPattern(entries=entries):
            return "{" + ", ".join(f"{expression(key)} → {expression(to)}" for key, to, _ in entries) + "}"
        case _:
            return type(node).__name__.lower()


def _piece(part: Any) -> str:
    return part.value if isinstance(part, ir.Const) else f"{{{expression(part)}}}"


def _entry(key: Any, value: Any) -> str:
    return f"**{expression(value)}" if key is None else f"{expression(key)}: {expression(value)}"


_MARKS = {"positional": "", "keyword": ":", "rest": "*", "keywords": "**"}


def _function(node: ir.Function) -> str:
    parameters = [
        _MARKS[one.kind] + expression(one.target)
        + (f": {expression(one.annotation)}" if one.annotation else "")
        + (f" = {expression(one.default)}" if one.default else "")
        for one in node.parameters
    ]  # fmt: skip
    return f"{node.receiver}({', '.join(parameters)}) {block(node.body)}"


def _class(node: ir.Class) -> str:
    bases = ", ".join(expression(base) for base in node.bases)
    fields = "".join(f"{expression(key)} = {expression(value)}; " for key, value in node.fields)
    return f"class {node.name}({bases}) {fields}{block(node.body)}"
