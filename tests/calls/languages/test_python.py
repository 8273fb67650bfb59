"""Lowering Python, seen through a compact notation of the intermediate form."""

from __future__ import annotations

import random
from dataclasses import fields
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.languages.python.lower import lower
from scopedown.source import ir


def dump(node: object) -> str:
    """A node in one line."""
    match node:
        case tuple():
            return "; ".join(dump(one) for one in node)
        case ir.Const(value=value):
            return repr(value)
        case ir.Name(id=name):
            return name
        case ir.Super():
            return "super"
        case ir.Attr(object=owner, name=name):
            return f"{dump(owner)}.{name}"
        case ir.Index(object=owner, index=index):
            return f"{dump(owner)}[{dump(index)}]"
        case ir.Spread(value=value):
            return f"*{dump(value)}"
        case ir.Call(function=function, positional=positional, keywords=keywords, decorator=decorator):
            given = [dump(one) for one in positional]
            given += [f"{name}={dump(value)}" if name else f"**{dump(value)}" for name, value in keywords]
            return f"{'@' if decorator else ''}{dump(function)}({', '.join(given)})"
        case ir.Import(specifier=specifier):
            return f"import({dump(specifier)})"
        case ir.Template(parts=parts):
            return "f(" + ", ".join(dump(part) for part in parts) + ")"
        case ir.Op(operator=operator, operands=operands):
            return f"({operator} {' '.join(dump(one) for one in operands)})"
        case ir.Cond(test=test, then=then, otherwise=otherwise):
            return f"({dump(test)} ? {dump(then)} : {dump(otherwise)})"
        case ir.ObjectExpr(entries=entries):
            pairs = [f"{dump(key)}: {dump(value)}" if key else f"**{dump(value)}" for key, value in entries]
            return "{" + ", ".join(pairs) + "}"
        case ir.ListExpr(items=items):
            return "[" + ", ".join(dump(item) for item in items) + "]"
        case ir.ListPattern(items=items, rest=rest):
            inner = [dump(item[0]) for item in items if item] + ([f"*{dump(rest)}"] if rest else [])
            return "<" + ", ".join(inner) + ">"
        case ir.Comprehension(element=element, clauses=clauses, conditions=conditions, key=key):
            made = f"{dump(key)}: {dump(element)}" if key else dump(element)
            loops = "".join(f" for {dump(target)} in {dump(iterable)}" for target, iterable in clauses)
            tests = "".join(f" if {dump(condition)}" for condition in conditions)
            return f"[{made}{loops}{tests}]"
        case ir.AssignExpr(target=target, value=value):
            return f"({dump(target)} := {dump(value)})"
        case ir.Yield(value=value, delegate=delegate):
            return f"yield {'from ' if delegate else ''}{dump(value)}"
        case ir.Opaque(children=children):
            return f"?({', '.join(dump(child) for child in children)})"
        case ir.Lambda(function=function):
            return dump_function(function)
        case ir.ClassExpr(definition=made):
            bases = ", ".join([dump(base) for base in made.bases] + [f"{n}={dump(v)}" for n, v in made.keywords])
            return f"class {made.name}({bases}) {{{dump(made.body)}}}"
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
            return f"raise {dump(value)}" if value else "raise"
        case ir.Jump():
            return "jump"
        case ir.If(test=test, then=then, otherwise=otherwise):
            return f"if {dump(test)} {{{dump(then)}}} else {{{dump(otherwise)}}}"
        case ir.Loop(target=target, iterable=iterable, body=body):
            head = f"{dump(target)} in {dump(iterable)} " if target else ""
            return f"loop {head}{{{dump(body)}}}"
        case ir.With(value=value, target=target, body=body):
            return f"with {dump(value)}{f' as {dump(target)}' if target else ''} {{{dump(body)}}}"
        case ir.Try(body=body, handlers=handlers, final=final):
            caught = "".join(f" except {dump(t) if t else ''}{{{dump(b)}}}" for t, b in handlers)
            return f"try {{{dump(body)}}}{caught} finally {{{dump(final)}}}"
        case ir.ExportAll(module=module):
            return f"export all {dump(module)}"
        case _:
            raise AssertionError(f"no notation for {node!r}")


def dump_function(function: ir.Function) -> str:
    marks = {"positional": "", "keyword": "^", "rest": "*", "keywords": "**"}
    parameters = []
    for one in function.parameters:
        default = f"={dump(one.default)}" if one.default else ""
        parameters.append(f"{marks[one.kind]}{dump(one.target)}{default}")
    kind = "" if function.receiver == "none" else f"<{function.receiver}>"
    accessor = "<property>" if function.accessor else ""
    generator = "<generator>" if function.generator else ""
    return f"fn {function.name}{kind}{accessor}{generator}({', '.join(parameters)}) {{{dump(function.body)}}}"


def lowered(source: str) -> str:
    return dump(lower(dedent(source).encode(), "app.py").body)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os", "os = import('os')"),
        ("import a.b.c", "import('a.b.c'); a = import('a')"),
        ("import a.b as c", "c = import('a.b')"),
        ("from a.b import c as d, e", "d = import('a.b').c; e = import('a.b').e"),
        ("from . import x", "x = import('.').x"),
        ("from ..pkg.mod import y", "y = import('..pkg.mod').y"),
        ("from m import *", "export all import('m')"),
        ("from __future__ import annotations", ""),
        ("importlib.import_module('a.b')", "importlib.import_module('a.b')"),
        ("a = b = f()", "<chain 1> = f(); a = <chain 1>; b = <chain 1>"),
        ("a, (b, *c) = d", "<a, <b, *c>> = d"),
        ("a.b[0] = 1", "a.b[0] = 1"),
        ("x: int = 1", "x: int = 1"),
        ("x: int", ""),
        ("x += 'a'", "x += 'a'"),
        ("f(1, *a, b=2, **c)", "f(1, *a, b=2, **c)"),
        ("f(x for x in y)", "f([x for x in y])"),
        ("x = f'a{b}c{d!r:>{w}}{{}}'", "x = f('a', b, 'c', (format d f('>', w) 'r'), '{}')"),
        ("x = 'a' f'{b}' 'c'", "x = f('a', b, 'c')"),
        (r"x = 'a\n\x41\u0042\N{BULLET}\101'", f"x = {'a' + chr(10) + 'AB' + chr(0x2022) + 'A'!r}"),
        (r"x = r'\d'", f"x = {chr(92) + 'd'!r}"),
        ("x = 'a' 'b'", "x = 'ab'"),
        ("x = '%s-%d' % (a, 1)", "x = (% '%s-%d' [a, 1])"),
        ("x = a + b + c", "x = (+ (+ a b) c)"),
        ("x = a or b and not c", "x = (or a (and b (not c)))"),
        ("x = a is None", "x = (is a None)"),
        ("x = a is not b", "x = (is not a b)"),
        ("x = a not in b", "x = (not in a b)"),
        ("x = 1 < a <= 3", "x = (and (< 1 a) (<= a 3))"),
        ("x = -1", "x = -1"),
        ("x = a if b else c", "x = (b ? a : c)"),
        ("x = [1, *a]", "x = [1, *a]"),
        ("x = {'a': 1, **b}", "x = {'a': 1, **b}"),
        ("x = {1, 2}", "x = [1, 2]"),
        ("x = [a for a in b if a for c in a]", "x = [a for a in b for c in a if a]"),
        ("x = {k: v for k, v in d.items()}", "x = [k: v for <k, v> in d.items()]"),
        ("x = a[1:-1]", "x = a.__getitem__(slice(1, -1))"),
        ("x = a[:2]", "x = a.__getitem__(slice(None, 2))"),
        ("x = a[::2]", "x = a.__getitem__(slice(None, None, 2))"),
        ("x = a[i, j]", "x = a[[i, j]]"),
        ("a[1:2] = b", "a[slice(1, 2)] = b"),
        ("x = await f()", "x = f()"),
        ("if (n := f()): pass", "if (n := f()) {} else {}"),
        ("x = lambda a, *b, c=1, **d: a", "x = fn <lambda>(a, *b, ^c=1, **d) {return a}"),
        ("del a.b, c", "a.b"),
        ("assert f(), 'no'", "f()"),
        ("'docstring'", ""),
        ("print 'two'", ""),
        ("x = ...", "x = ?()"),
        ("type X = int", ""),
        ("x = 0xFF + 1_000", "x = (+ 255 1000)"),
    ],
)
def test_a_statement_becomes(source: str, expected: str) -> None:
    assert lowered(source) == expected


def test_functions_know_their_parameters_and_names() -> None:
    module = lower(b"def f(a, b: int = 1, /, *, c, **d):\n  global g\n  g = e = a\n  for h in b: pass\n", "app.py")
    assert dump(module.body) == "f = fn f(a, b=1, ^c, **d) {g = a; e = a; loop h in b {}}"
    assert isinstance(assign := module.body[0], ir.Assign)
    assert isinstance(value := assign.value, ir.Lambda)
    assert value.function.locals == {"a", "b", "c", "d", "e", "h"}
    assert module.locals == {"f", "g"}


def test_async_functions_and_generators_are_functions() -> None:
    assert lowered(
        "async def f():\n  async with a() as b:\n    async for c in b:\n      yield c\n      yield from d\n"
    ) == ("f = fn f<generator>() {with a() as b {loop c in b {yield c; yield from d}}}")


def test_classes_mark_how_their_methods_are_bound() -> None:
    source = """
        class A(B, metaclass=M):
            name: str
            size: int = 1
            def m(self): return super().m()
            @staticmethod
            def s(x): pass
            @classmethod
            def c(cls): pass
            @property
            def p(self): return 1
            @p.setter
            def p(self, value): pass
            @functools.cached_property
            def q(self): return 2
    """
    assert lowered(source) == (
        "A = class A(B, metaclass=M) {name: str = ?(); size: int = 1; m = fn m<first>(self) {return super.m()}; "
        "s = fn s(x) {}; c = fn c<class>(cls) {}; p = fn p<first><property>(self) {return 1}; "
        "p.setter = fn p<first>(self, value) {}; q = fn q<first><property>(self) {return 2}}"
    )


def test_decorators_are_applied_from_the_inside_out() -> None:
    assert lowered("@a\n@b.c(1)\ndef f(): pass") == "f = @a(@b.c(1)(fn f() {}))"


def test_branches_keep_their_order() -> None:
    assert lowered("if a: b()\nelif c: d()\nelse: e()") == "if a {b()} else {if c {d()} else {e()}}"


def test_loops_take_their_else() -> None:
    assert lowered("for a, b in c:\n  break\nelse:\n  d()") == "loop <a, b> in c {jump}; if ?() {d()} else {}"
    assert lowered("for a, b in c:\n  continue\nelse:\n  d()") == "loop <a, b> in c {jump}; d()"
    inner = "for a in b:\n  for c in a:\n    break\n  else:\n    {}\nelse:\n  d()"
    assert lowered(inner.format("e()")).endswith("}; d()")
    assert lowered(inner.format("break")).endswith("if ?() {d()} else {}")
    assert lowered("while f(x):\n  g()") == "loop {f(x); g()}"


def test_try_has_handlers_and_a_final_block() -> None:
    source = "try:\n  a()\nexcept (X, Y) as e:\n  b(e)\nexcept Z:\n  c()\nelse:\n  d()\nfinally:\n  f()"
    assert lowered(source) == "try {a(); d()} except e{b(e)} except {c()} finally {f()}"


def test_several_contexts_nest() -> None:
    assert lowered("with a as b, c() as (d, e): f()") == "with a as b {with c() as <d, e> {f()}}"


def test_match_becomes_a_chain_over_the_held_subject() -> None:
    source = """
        match f():
            case "a" | "b": x()
            case {"k": v, **r}: y(v)
            case [p, 1, *q] if p: z(p)
            case A.B: w()
            case C(n=m) as whole: u(m, whole)
            case _: t()
    """
    assert lowered(source) == (
        "<match 1> = f(); if (or (== <match 1> 'a') (== <match 1> 'b')) {x()} else {"
        "if (and ?() True) {v = <match 1>['k']; r = <match 1>; y(v)} else {"
        "p = <match 1>[0]; q = <match 1>.__getitem__(slice(2, None)); "
        "if (and (and (and (and ?() True) (== <match 1>[1] 1)) ?()) p) {z(p)} else {"
        "if (== <match 1> A.B) {w()} else {"
        "if (and ?() True) {m = <match 1>.n; whole = <match 1>; u(m, whole)} else {"
        "if True {t()} else {}}}}}}"
    )


def test_places_count_characters_from_one() -> None:
    module = lower('x = "ü"; f()\n'.encode(), "app.py")
    assert [statement.at for statement in module.body] == [(1, 1), (1, 10)]


def test_a_call_in_a_chain_over_lines_stands_at_its_method() -> None:
    module = lower(b"x = (a\n  .b()\n  .c())\n", "app.py")
    assert isinstance(assign := module.body[0], ir.Assign)
    assert isinstance(assign.value, ir.Call)
    assert assign.value.at == (3, 4)


def test_a_syntax_error_is_told_and_the_rest_is_lowered() -> None:
    module = lower(b"def f(:\n  pass\n\nx = g()\n", "app.py")
    assert module.problems
    assert module.problems[0][0][0] == 1
    assert "x = g()" in dump(module.body)


def test_python_two_is_read() -> None:
    assert lowered("print f(x), 'a'\nexec code\n") == "f(x)"


@pytest.mark.parametrize(
    "source",
    [
        b"x = " + b"(" * 50_000,
        b"x = " + b"[" * 20_000 + b"]" * 20_000,
        b"x = " + b"a + " * 20_000 + b"a",
        b"x = " + b"a and " * 20_000 + b"a",
        b"a" + b".b()" * 20_000,
        b"x = " + b"not " * 20_000 + b"a",
        b"x = " + b"lambda: " * 5_000 + b"1",
        b"x = " + b"a if b else " * 5_000 + b"c",
        b"x = " + b"f'{" * 300,
        b"if a: f()\n" + b"elif b: g()\n" * 5_000,
        b"match x:\n" + b"  case 1: f()\n" * 3_000,
        b"".join(b" " * level + b"if a:\n" for level in range(600)),
        b"".join(b" " * level + b"def f():\n" for level in range(600)),
        b"a, = " * 5_000 + b"b",
        b"((" * 3_000 + b"a" + b",)," * 3_000 + b") = b",
    ],
    ids=range(15),
)
def test_deep_nesting_is_cut_not_followed(source: bytes) -> None:
    module = lower(source, "app.py")
    assert depth_of(module.body) < 1_500


def depth_of(node: object) -> int:
    """How deep the intermediate form nests, found without recursion."""
    deepest, stack = 0, [(node, 1)]
    while stack:
        one, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(one, tuple):
            stack += [(item, depth) for item in one]
        elif hasattr(one, "__dataclass_fields__"):
            stack += [(getattr(one, each.name), depth + 1) for each in fields(one)]  # type: ignore[arg-type]
    return deepest


def test_long_runs_of_one_operator_stay_shallow() -> None:
    assert depth_of(lower(b"x = " + b"a + " * 4_000 + b"a", "app.py").body) < 60


SAMPLE = '''
import boto3, os
from . import models as m
TABLE = os.environ["TABLE"]
@decorated(1)
class Store(Base, metaclass=Meta):
    """Doc."""
    name: str = f"{TABLE}-{os.getenv('STAGE', 'dev')!r}"
    def __init__(self, *args, table=None, **kwargs):
        self.table = table or boto3.resource("dynamodb").Table(TABLE)
    async def save(self, items):
        async with self.lock as lock:
            for i, item in enumerate(items[1:10]):
                await self.table.put_item(Item={**item, "n": i}, **{"A": [x for x in y if x]})
def handler(event, context):
    match event:
        case {"a": [b, *c]} if b: return b
        case _: pass
    try:
        raise ValueError("x" % (1,))
    except (KeyError, ValueError) as error:
        print("ü", error)
    finally:
        del event["x"]
    return lambda q: (yield q)
'''.encode()


def test_a_truncated_file_never_raises() -> None:
    for end in range(len(SAMPLE)):
        lower(SAMPLE[:end], "app.py")


def test_a_damaged_file_never_raises() -> None:
    chance = random.Random(7)
    for _ in range(400):
        damaged = bytearray(SAMPLE)
        for _ in range(chance.randint(1, 12)):
            position = chance.randrange(len(damaged))
            if chance.random() < 0.5:
                damaged[position] = chance.choice(b"()[]{}:,.=*'\"\n\\ f@\xff\x00")
            else:
                del damaged[position : position + chance.randint(1, 20)]
        lower(bytes(damaged), "app.py")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_module(source: bytes) -> None:
    assert lower(source, "app.py").language == "python"


@pytest.mark.parametrize("declared", ["utf-8", "UTF8", "latin-1", "iso-8859-15", "cp1252", "euc-jp"])
def test_an_encoding_like_ascii_is_read(declared: str) -> None:
    assert lower(b"#!/usr/bin/env python\n# -*- coding: %s -*-\nx = 1\n" % declared.encode(), "app.py").problems == ()


@pytest.mark.parametrize("declared", ["utf-7", "unicode_escape", "shift_jis"])
def test_an_encoding_that_may_hide_code_is_reported(declared: str) -> None:
    module = lower(b"# vim: set fileencoding=%s :\n# +AAo-put()\n" % declared.encode(), "app.py")
    said = f"the file is encoded in {declared}, which scopedown does not decode"
    assert [message for _, message in module.problems] == [said]
