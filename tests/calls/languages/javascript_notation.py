"""The intermediate form of a JavaScript source in a compact notation, for tests to compare."""

from __future__ import annotations

from textwrap import dedent

from scopedown.languages.javascript.lower import lower
from scopedown.source import ir


def lowered(source: str, file: str = "app.js") -> list[str]:
    """The statements of a module, a line each."""
    return [statement(one) for one in lower(dedent(source).encode(), file).body]


def block(statements: ir.Block) -> str:
    """``{a; b}``."""
    return "{" + "; ".join(statement(one) for one in statements) + "}"


def statement(node: ir.Stmt) -> str:
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
            return f"throw {expression(value) if value else ''}"
        case ir.Jump():
            return "jump"
        case ir.If(test=test, then=then, otherwise=otherwise):
            rest = f" else {block(otherwise)}" if otherwise else ""
            return f"if {expression(test)} {block(then)}{rest}"
        case ir.Loop(target=target, iterable=iterable, body=body, keys=keys):
            head = f" {expression(target)} {'in' if keys else 'of'} {expression(iterable)}" if target else ""
            return f"loop{head} {block(body)}"
        case ir.Try(body=body, handlers=handlers, final=final):
            caught = "".join(f" catch {expression(to) if to else ''}{block(inner)}" for to, inner in handlers)
            return f"try {block(body)}{caught}" + (f" finally {block(final)}" if final else "")
        case ir.ExportAll(module=module):
            return f"export * from {expression(module)}"
        case _:
            return repr(node)


def expression(node: ir.Expr | ir.Target | None) -> str:
    """An expression or target in one line."""
    match node:
        case None:
            return "nothing"
        case ir.Const(value=value):
            return repr(value)
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Super():
            return "super"
        case ir.Attr(object=owner, name=name):
            return f"{expression(owner)}.{name}"
        case ir.Index(object=owner, index=index):
            return f"{expression(owner)}[{expression(index)}]"
        case ir.Spread(value=value):
            return f"...{expression(value)}"
        case ir.Call(function=function, positional=positional, new=new, decorator=decorator):
            mark = "new " if new else "@" if decorator else ""
            return f"{mark}{expression(function)}({', '.join(expression(one) for one in positional)})"
        case ir.Import(specifier=specifier):
            return f"import({expression(specifier)})"
        case ir.Template(parts=parts):
            return "`" + " ".join(expression(part) for part in parts) + "`"
        case ir.Op(operator=operator, operands=operands):
            return f"({operator} {' '.join(expression(one) for one in operands)})"
        case ir.Cond(test=test, then=then, otherwise=otherwise):
            return f"({expression(test)} ? {expression(then)} : {expression(otherwise)})"
        case ir.ObjectExpr(entries=entries):
            pairs = [f"{expression(key)}: {expression(v)}" if key else f"...{expression(v)}" for key, v in entries]
            return "{" + ", ".join(pairs) + "}"
        case ir.ListExpr(items=items):
            return "[" + ", ".join(expression(item) for item in items) + "]"
        case ir.ObjectPattern(entries=entries, rest=rest):
            inner = [f"{expression(key)}: {_with_default(to, default)}" for key, to, default in entries]
            return "{" + ", ".join(inner + ([f"...{expression(rest)}"] if rest else [])) + "}"
        case ir.ListPattern(items=items, rest=rest):
            inner = [_with_default(*item) if item else "" for item in items]
            return "[" + ", ".join(inner + ([f"...{expression(rest)}"] if rest else [])) + "]"
        case ir.AssignExpr(target=target, value=value):
            return f"({expression(target)} = {expression(value)})"
        case ir.Yield(value=value, delegate=delegate):
            return f"yield{'*' if delegate else ''} {expression(value)}"
        case ir.Opaque(children=children):
            return f"opaque({', '.join(expression(one) for one in children)})"
        case ir.Lambda(function=function):
            return _function(function)
        case ir.ClassExpr(definition=definition):
            bases = f"({', '.join(expression(base) for base in definition.bases)})" if definition.bases else ""
            fields = "".join(f" #{expression(key)} = {expression(value)}" for key, value in definition.fields)
            return f"class {definition.name}{bases} {block(definition.body)}{fields}"
        case _:
            return repr(node)


def _with_default(target: ir.Target, default: ir.Expr | None) -> str:
    return expression(target) + (f" = {expression(default)}" if default else "")


def _function(function: ir.Function) -> str:
    marks = {"this": "function", "lexical": "arrow"}[function.receiver]
    marks += " get" if function.accessor else ""
    marks += " *" if function.generator else ""
    parameters = []
    for one in function.parameters:
        kind = f": {expression(one.annotation)}" if one.annotation else ""
        spread = "..." if one.kind == "rest" else ""
        parameters.append(f"{spread}{_with_default(one.target, one.default)}{kind}")
    return f"{marks}({', '.join(parameters)}) {block(function.body)}"
