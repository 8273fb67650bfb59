"""CPython's Lib/test as programs: a test method's body is the handler, and an SDK call is in it or after it."""

from __future__ import annotations

import ast
import copy
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import types
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from conformance.programs import HERE, TRIES, Made, drawn_by_file, serverless_project

CALL = "suite_client.put_item(TableName='t', Item={})"
_SDK = "import boto3\n\nsuite_client = boto3.client('dynamodb')\n"
_PUT = f"\n\ndef put(*args, **kwargs):\n    return {CALL}\n"

Body = list[ast.stmt]
Place = Callable[[], Body]
"""Makes the body with a call in one place."""
Change = Callable[[ast.Module], object]
"""Puts a call into one place of a copy of the body."""


class Method(NamedTuple):
    """A test: its file, its class and its name."""

    path: Path
    kind: str
    name: str


class Parts(NamedTuple):
    """What a program is made of."""

    needed: Body
    """Statements of the module that the test uses, its class among them."""
    body: Body
    is_async: bool
    kind: str
    """The class of which an object is the test's ``self``."""
    self: str
    """What the test calls that object."""


class Python:
    """Lib/test of CPython."""

    name = "python"
    forms = ("end", "inside", "expression", "gate", "flow")
    suffix = ".py"
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        for test in drawn_by_file(_tests(suite), limit, seed, lambda one: one.path):
            name = f"{test.path.relative_to(suite)}:{test.kind}.{test.name}"
            yield _made(name, suite, test, form, seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, text in texts.items() if _calls(text) > 0}

    def small(self, text: str) -> str:
        body = textwrap.indent(text.strip("\n").replace("CALL", CALL), "    ")
        return f"{_SDK}{_PUT}\n\ndef handler(event, context):\n{body}\n"

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        serverless_project(folder, texts, self.runtime, self.suffix)


def _tests(suite: Path) -> list[Method]:
    return [
        Method(path, kind.name, method.name)
        for path in sorted(suite.rglob("test_*.py"))
        if path.parent == suite or path.relative_to(suite).parts[0].startswith("test_")
        for kind in _module(path).body
        if isinstance(kind, ast.ClassDef)
        for method in kind.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name.startswith("test")
    ]


@cache
def _module(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text("utf-8", errors="replace"))
    except SyntaxError:
        return ast.Module([], [])


def _made(name: str, suite: Path, test: Method, form: str, seed: int) -> Made:
    parts = _parts(_module(test.path), test)
    if isinstance(parts, str):
        return Made(name, dropped=parts)
    places = _PLACES[form](parts.body)
    random.Random(f"{seed} {name}").shuffle(places)
    for place in places[:TRIES]:
        try:
            text = _text(parts._replace(body=place()), form)
        except (ValueError, SyntaxError, RecursionError):
            continue
        if _calls(text) > 0:
            return Made(name, text)
    if not places:
        return Made(name, dropped="no place for the form")
    if form != "end" and _calls(_text(parts._replace(body=_end(parts.body)[0]()), form)) > 0:
        return Made(name, dropped="no place for the form that is reached")
    return Made(
        name, dropped="fails without its suite" if _passes(suite, test) else "fails or is skipped here by itself"
    )


@cache
def _passes(suite: Path, test: Method) -> bool:
    """Whether the test passes as CPython runs it."""
    module = ".".join(test.path.relative_to(suite.parent).with_suffix("").parts)
    command = [sys.executable, "-W", "ignore", "-m", "unittest", f"{module}.{test.kind}.{test.name}"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=8,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0 and re.search(r"^OK$", done.stderr, re.MULTILINE) is not None


def _parts(module: ast.Module, test: Method) -> Parts | str:
    """What the test needs of its module, or why no program is made of it."""
    owner = next(one for one in module.body if isinstance(one, ast.ClassDef) and one.name == test.kind)
    method = next(
        one for one in owner.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == test.name
    )
    if len(method.args.args) != 1 or not all(map(_is_requirement, method.decorator_list)):
        return "is given arguments by a decorator"
    derived = _derived(module, owner)
    used = _attributes(module)
    cases = {
        id(one): _without_tests(one, used, one is derived)
        for one in module.body
        if isinstance(one, ast.ClassDef) and (one is derived or _is_case(one))
    }
    given: dict[str, Body] = {}
    for statement in module.body:
        for name in _binds(statement):
            given.setdefault(name, []).append(cases.get(id(statement), statement))
    body = [one for one in method.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    self = method.args.args[0].arg
    body = [_Super(owner.name, self).visit(copy.deepcopy(one)) for one in body]
    # What a module imports without naming it may be anything that the test uses.
    wanted: Body = [cases[id(derived)], *given.get("*", ())]
    todo: Body = [*body, *wanted]
    while todo:
        for node in ast.walk(todo.pop()):
            for statement in given.get(node.id, ()) if isinstance(node, ast.Name) else ():
                if not any(statement is one for one in wanted):
                    wanted.append(statement)
                    todo.append(statement)
    if any(isinstance(one, ast.ImportFrom) and one.level for one in wanted):
        return "imports from its own package"
    order = {id(cases.get(id(one), one)): number for number, one in enumerate(module.body)}
    wanted.sort(key=lambda one: order[id(one)])
    return Parts(wanted, body, isinstance(method, ast.AsyncFunctionDef), derived.name, self)


def _derived(module: ast.Module, owner: ast.ClassDef) -> ast.ClassDef:
    """The first class that adds to the test's own what it lacks (a mixin is no test by itself), or the class itself."""
    for one in module.body:
        if isinstance(one, ast.ClassDef) and one is not owner and owner.name in map(ast.unparse, one.bases):
            return _derived(module, one)
    return owner


def _attributes(module: ast.Module) -> frozenset[str]:
    """The names that a module reads, by themselves or of an object."""
    return frozenset(
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(module)
        if isinstance(one, ast.Name | ast.Attribute)
    )


def _is_case(owner: ast.ClassDef) -> bool:
    return any(map(_is_suite, owner.bases)) or any(getattr(one, "name", "").startswith("test") for one in owner.body)


def _is_suite(base: ast.expr) -> bool:
    """Whether it is a class of unittest."""
    return isinstance(base, ast.Name | ast.Attribute) and bool(
        re.fullmatch(r"unittest\.\w+|TestCase", ast.unparse(base))
    )


def _without_tests(owner: ast.ClassDef, used: Container[str], is_derived: bool) -> ast.ClassDef:
    """The class with what its tests share, on the stand-in for unittest.TestCase of ``python_case.txt``."""
    rest = copy.copy(owner)
    rest.body = [
        one
        for one in owner.body
        if (not (name := getattr(one, "name", "")).startswith("test") or name in used) and not isinstance(one, ast.Expr)
    ] or [ast.Pass()]
    others = [base for base in owner.bases if not _is_suite(base)]
    stands_in = len(others) < len(owner.bases) or (is_derived and not others)
    rest.bases = [*others, *([ast.Name("SuiteCase", ast.Load())] if stands_in else [])]
    rest.decorator_list = []
    return rest


class _Super(ast.NodeTransformer):
    """``super()`` of a method, for a function outside of its class."""

    def __init__(self, owner: str, self_name: str) -> None:
        self.given = [ast.Name(owner, ast.Load()), ast.Name(self_name, ast.Load())]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            node.args = list(self.given)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node


def _is_requirement(decorator: ast.expr) -> bool:
    """Whether a decorator only says where the test runs, which running it shows."""
    return (
        re.search(r"skip|require|only|detail|mem|refcount|tracing|warnings|threads", ast.unparse(decorator)) is not None
    )


def _binds(statement: ast.AST) -> list[str]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [(one.asname or one.name).split(".")[0] for one in names]  # "*" of all
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.If(test=test) if "__name__" in ast.unparse(test):
            return []
        case ast.Assign() | ast.AnnAssign() | ast.With() | ast.For() | ast.Try() | ast.If():
            inner = (name for one in ast.walk(statement) if one is not statement for name in _binds(one))
            stored = (
                one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            )
            return list(dict.fromkeys([*inner, *stored]))
        case _:
            return []


def _text(parts: Parts, form: str) -> str:
    inner = ast.parse(f"{parts.self} = {parts.kind}()\n{parts.self}.setUpClass()\n{parts.self}.setUp()").body
    head = "async def main(): pass" if parts.is_async else "def handler(event, context): pass"
    handler = cast(ast.FunctionDef, ast.parse(head).body[0])
    handler.body = [*inner, *parts.body]
    code = ast.unparse(ast.fix_missing_locations(ast.Module([*parts.needed, handler], [])))
    if parts.is_async:
        code = f"import asyncio\n{code}\n\ndef handler(event, context):\n    asyncio.run(main())"
    case = (HERE / "python_case.txt").read_text("utf-8")
    return f"{_SDK}{_PUT if form == 'flow' else ''}\n\n{case}\n\n{code}\n"


def _calls(text: str) -> int:
    """Runs a program in a process and a folder of its own: the number of calls, or -1 where it fails."""
    read, write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        child = os.fork()
        if child == 0:
            os.close(read)
            os.chdir(folder)
            os.write(write, str(_run(text)).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
    return int(said) if said else -1


def _run(text: str) -> int:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(4)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    calls: list[None] = []
    stand_in = types.ModuleType("boto3")
    client = types.SimpleNamespace(put_item=lambda **_: calls.append(None))
    vars(stand_in)["client"] = lambda *_: client
    module = types.ModuleType("program")
    vars(module)["__file__"] = "/var/task/program.py"
    sys.modules |= {"boto3": stand_in, "program": module}
    try:
        exec(compile(text, "program.py", "exec", dont_inherit=True), vars(module))
        vars(module)["handler"]({}, None)
    except BaseException:
        return -1
    return len(calls)


def _call() -> ast.Expr:
    return cast(ast.Expr, ast.parse(CALL).body[0])


def _places(body: Body, changes: Callable[[ast.AST], Sequence[Change]]) -> list[Place]:
    """A place for every node of the body and every change that ``changes`` knows for it."""

    def place(index: int, number: int) -> Body:
        whole = copy.deepcopy(ast.Module(body, []))
        node = next(one for position, one in enumerate(ast.walk(whole)) if position == index)
        changes(node)[number](whole)
        return whole.body

    return [
        lambda index=index, number=number: place(index, number)  # type: ignore[misc]
        for index, node in enumerate(ast.walk(ast.Module(body, [])))
        for number in range(len(changes(node)))
    ]


def _end(body: Body) -> list[Place]:
    return [lambda: [*body, _call()]]


def _blocks(node: ast.AST) -> list[Body]:
    found = (getattr(node, key, None) for key in ("body", "orelse", "finalbody"))
    return [one for one in found if isinstance(one, list)]


def _inside(body: Body) -> list[Place]:
    def changes(node: ast.AST) -> list[Change]:
        ends = ast.Return | ast.Raise | ast.Break | ast.Continue
        return [] if isinstance(node, ast.Module) else [
            lambda _, block=block, at=at: block.insert(at, _call())  # type: ignore[misc]
            for block in _blocks(node)
            for at in range(len(block) + 1)
            if at == 0 or not isinstance(block[at - 1], ends)
        ]  # fmt: skip

    return _places(body, changes)


_VALUES = (ast.Constant, ast.Name, ast.Call, ast.BinOp, ast.List, ast.Tuple, ast.Dict, ast.Compare)


def _is_value(node: object) -> bool:
    return isinstance(node, _VALUES) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _with_call(value: ast.expr) -> ast.expr:
    """``(call, value)[1]``."""
    return ast.Subscript(ast.Tuple([_call().value, value], ast.Load()), ast.Constant(1), ast.Load())


def _expression(body: Body) -> list[Place]:
    def changes(node: ast.AST) -> list[Change]:
        if isinstance(node, ast.pattern | ast.JoinedStr):
            return []
        made: list[Change] = []
        for key, value in ast.iter_fields(node):
            if key not in ("annotation", "returns", "func") and _is_value(value):
                made.append(lambda _, key=key: setattr(node, key, _with_call(getattr(node, key))))  # type: ignore[misc]
            elif isinstance(value, list) and key not in ("targets", "generators", "keys"):
                made += [
                    lambda _, value=value, at=at: value.__setitem__(at, _with_call(value[at]))  # type: ignore[misc]
                    for at, one in enumerate(value)
                    if _is_value(one)
                ]
        return made

    return _places(body, changes)


_TESTS = {
    "assertEqual": "{0} == {1}", "assertNotEqual": "{0} != {1}", "assertTrue": "{0}", "assertFalse": "not {0}",
    "assertIs": "{0} is {1}", "assertIsNot": "{0} is not {1}", "assertIsNone": "{0} is None",
    "assertIsNotNone": "{0} is not None", "assertIn": "{0} in {1}", "assertNotIn": "{0} not in {1}",
    "assertIsInstance": "isinstance({0}, {1})",
}  # fmt: skip
"""The condition that an assertion tests."""


def _assertion(node: ast.AST) -> tuple[str, ast.Call] | None:
    """The name and the call of ``self.assert…(…)``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return name, node
        case _:
            return None


def _instead(node: ast.stmt) -> str | None:
    """The statement that calls where an assertion would pass."""
    match node:
        case ast.Assert(test=test):
            return f"if {ast.unparse(test)}: {CALL}"
        case ast.With(items=[ast.withitem(context_expr=expression, optional_vars=None)], body=body):
            found = _assertion(expression)
            if found is None or found[0] != "assertRaises":
                return None
            lines = textwrap.indent(ast.unparse(ast.Module(body, [])), "    ")
            return f"try:\n{lines}\nexcept {ast.unparse(found[1].args[0])}:\n    {CALL}"
        case ast.Expr(value=value) if (found := _assertion(value)) is not None:
            name, call = found
            given = [f"({ast.unparse(one)})" for one in call.args]
            if name in _TESTS and len(given) >= 1 + ("{1}" in _TESTS[name]):
                return f"if {_TESTS[name].format(*given)}: {CALL}"
            if name == "assertRaises" and len(given) > 1 and not any(isinstance(one, ast.Starred) for one in call.args):
                rest = ", ".join([*given[2:], *map(ast.unparse, call.keywords)])
                return f"try:\n    {given[1]}({rest})\nexcept {given[0]}:\n    {CALL}"
    return None


def _gate(body: Body) -> list[Place]:
    def changes(node: ast.AST) -> list[Change]:
        return [
            lambda _, block=block, at=at, words=words: block.__setitem__(at, ast.parse(words).body[0])  # type: ignore[misc]
            for block in _blocks(node)
            for at, one in enumerate(block)
            if isinstance(one, ast.stmt) and (words := _instead(one)) is not None
        ]

    return _places(body, changes)


def _literal(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=int() | str() | float() as value) if not isinstance(value, bool):
            return repr(value)
        case _:
            return None


class _Replace(ast.NodeTransformer):
    """Puts the function that calls in the place of a literal, but for one node."""

    def __init__(self, words: str, but: ast.AST) -> None:
        self.words = words
        self.but = but
        self.replaced = 0

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if node is self.but or _literal(node) != self.words:
            return node
        self.replaced += 1
        return ast.Name("put", ast.Load())

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node


def _flow(body: Body) -> list[Place]:
    def changes(node: ast.AST) -> list[Change]:
        found = _assertion(node.value) if isinstance(node, ast.Expr) else None
        if found is None or found[0] != "assertEqual" or len(found[1].args) < 2:
            return []
        words = _literal(found[1].args[1])
        if words is None:
            return []

        def change(whole: ast.Module) -> None:
            replace = _Replace(words, found[1].args[1])
            replace.visit(whole)
            if not replace.replaced:
                raise ValueError("the literal is nowhere else")
            cast(ast.Expr, node).value = ast.Call(found[1].args[0], [], [])

        return [change]

    return _places(body, changes)


_PLACES: dict[str, Callable[[Body], list[Place]]] = {
    "end": _end, "inside": _inside, "expression": _expression, "gate": _gate, "flow": _flow,
}  # fmt: skip

SUITE = Python()
