"""The intermediate form of a Java source in a compact notation, for tests to compare."""

from __future__ import annotations

from textwrap import dedent

from scopedown.languages.java.lower import lower
from scopedown.source import ir


def module(source: str, file: str = "App.java") -> ir.Module:
    """A whole file."""
    return lower(dedent(source).encode(), file)


def body(source: str, members: str = "") -> str:
    """The statements of a method."""
    made = module(f"class App {{ {members} void run(Object in) {{ {source} }} }}").body[-1]
    assert isinstance(made, ir.Assign)
    assert isinstance(made.value, ir.ClassExpr)
    for one in made.value.definition.body:
        if isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda) and one.value.function.name == "run":
            return dump(one.value.function.body)
    raise AssertionError("the method is not there")


def value(source: str, members: str = "") -> str:
    """An expression."""
    return body(f"return {source};", members).removeprefix("return ")


def definition(source: str) -> ir.Class:
    """The last class of a file."""
    made = module(source).body[-1]
    assert isinstance(made, ir.Assign)
    assert isinstance(made.value, ir.ClassExpr)
    return made.value.definition


def dump(node: object) -> str:
    """A node in one line."""
    match node:
        case tuple():
            return "; ".join(dump(one) for one in node)
        case ir.Const(value=value):
            return repr(value)
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Super():
            return "super"
        case ir.Attr(object=owner, name=name):
            return f"{dump(owner)}.{name}"
        case ir.Index(object=owner, index=index):
            return f"{dump(owner)}[{dump(index)}]"
        case ir.Spread(value=value):
            return f"*{dump(value)}"
        case ir.Call(function=function, positional=positional, keywords=keywords, new=new):
            given = [dump(one) for one in positional] + [f"{name}={dump(one)}" for name, one in keywords]
            return f"{'new ' if new else ''}{dump(function)}({', '.join(given)})"
        case ir.Template(parts=parts):
            return "f(" + ", ".join(dump(part) for part in parts) + ")"
        case ir.Op(operator=operator, operands=operands):
            return f"({operator} {' '.join(dump(one) for one in operands)})"
        case ir.Cond(test=test, then=then, otherwise=otherwise):
            return f"({dump(test)} ? {dump(then)} : {dump(otherwise)})"
        case ir.ObjectExpr(entries=entries):
            return "{" + ", ".join(f"{dump(key)}: {dump(value)}" for key, value in entries) + "}"
        case ir.ListExpr(items=items):
            return "[" + ", ".join(dump(item) for item in items) + "]"
        case ir.AssignExpr(target=target, value=value):
            return f"({dump(target)} := {dump(value)})"
        case ir.Cast(value=value, type=of):
            return f"{dump(value)} as {dump(of)}"
        case ir.Overloads(functions=functions):
            return " | ".join(dump(one) for one in functions)
        case ir.Opaque(children=children):
            return f"?({', '.join(dump(child) for child in children)})"
        case ir.Lambda(function=function):
            return dump_function(function)
        case ir.ClassExpr(definition=made):
            return f"class {made.name}({', '.join(dump(base) for base in made.bases)}) {{{dump(made.body)}}}"
        case _:
            return dump_statement(node)


def dump_statement(node: object) -> str:
    """A statement in one line."""
    match node:
        case ir.Assign(target=target, value=value, operator=operator, annotation=annotation):
            note = f": {dump(annotation)}" if annotation else ""
            return f"{dump(target)}{note} {operator or ''}= {dump(value)}"
        case ir.ExprStmt(value=value):
            return dump(value)
        case ir.Return(value=value):
            return f"return {dump(value)}" if value else "return"
        case ir.Raise(value=value):
            return f"throw {dump(value)}" if value else "throw"
        case ir.Jump():
            return "jump"
        case ir.If(test=test, then=then, otherwise=otherwise):
            return f"if {dump(test)} {{{dump(then)}}}" + (f" else {{{dump(otherwise)}}}" if otherwise else "")
        case ir.Loop(target=target, iterable=iterable, body=inner):
            head = f"{dump(target)} of {dump(iterable)} " if target else ""
            return f"loop {head}{{{dump(inner)}}}"
        case ir.Try(body=inner, handlers=handlers, final=final):
            caught = "".join(f" catch {dump(to) if to else ''} {{{dump(block)}}}" for to, block in handlers)
            return f"try {{{dump(inner)}}}{caught}" + (f" finally {{{dump(final)}}}" if final else "")
        case _:
            raise AssertionError(f"no notation for {node!r}")


def dump_function(function: ir.Function) -> str:
    """A function in one line."""
    given = [("*" if one.kind == "rest" else "") + dump(one.target) for one in function.parameters]
    kind = {"none": "static ", "lexical": "", "this": ""}[function.receiver]
    return f"{kind}{function.name}({', '.join(given)}) {{{dump(function.body)}}}"
