"""What Python calls by itself on objects of the analysed code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

HEAD = """
import boto3, functools
s3 = boto3.client("s3")
def use(bucket):
    s3.get_bucket_acl(Bucket=bucket)
"""


def used(calls: list[str]) -> list[str]:
    return [call.removeprefix("s3.GetBucketAcl Bucket=") for call in calls]


@pytest.mark.parametrize(
    ("definition", "body", "expected"),
    [
        (
            "class A:\n    def __exit__(self, *error): use('exit')\n    def __enter__(self): use('enter')",
            "with A(): pass",
            ["enter", "exit"],
        ),
        ("class A:\n    def __call__(self, x): use(x)", "A()('x')", ["x"]),
        ("class A:\n    def __getitem__(self, key): return 'key-' + key", "use(A()['x'])", ["key-x"]),
        ("class A:\n    def __setitem__(self, key, value): use(key + value)", "A()['x'] = 'y'", ["xy"]),
        ("class A:\n    def __getattr__(self, name): return 'any-' + name", "use(A().x)", ["any-x"]),
        ("class A:\n    def __iter__(self):\n        yield 'x'", "for one in A(): use(one)", ["x"]),
        ("class A:\n    def __init_subclass__(cls, of): use(of)", "type('B', (A,), {}, of='x')", ["x"]),
        (
            "class A:\n    @property\n    def p(self): return self.q\n"
            "    @p.setter\n    def p(self, value):\n        self.q = value\n        use('set')",
            "a = A()\n    a.p = 'x'\n    use(a.p)",
            ["set", "x"],
        ),
        (
            "class A:\n    one = None\n    def __new__(cls):\n        if cls.one is None:\n"
            "            cls.one = super().__new__(cls)\n            cls.one.name = 'x'\n        return cls.one",
            "use(A().name)",
            ["x"],
        ),
        (
            "def plain(f):\n    def inner(self, x):\n        return f(self, x)\n    return inner\n"
            "class A:\n    name = 'a-'\n    @plain\n    def m(self, x): use(self.name + x)",
            "A().m('x')",
            ["a-x"],
        ),
        (
            "def plain(f):\n    def inner(self):\n        return f(self)\n    return inner\n"
            "class A:\n    @property\n    @plain\n    def p(self): return 'x'",
            "use(A().p)",
            ["x"],
        ),
        ("class A:\n    def __init__(self, f): self.f = f", "A(use).f('x')", ["x"]),
        ("class A:\n    def __init__(self, n): self.n = n", "for n in ('x', 'y'): use(A(n).n)", ["x", "y"]),
        ("class A:\n    def __init__(self): self.n = 'x'", "A()\n    use(A().n)", ["x"]),
    ],
)
def test_the_special_method_is_called(python_calls: Calls, definition: str, body: str, expected: list[str]) -> None:
    source = f"{HEAD}\n{definition}\ndef handler(event, context):\n    {body}\n"
    assert used(python_calls(source)) == expected


def test_a_callable_handler_is_called_and_its_other_methods_are_not(python_calls: Calls) -> None:
    source = HEAD + (
        "class H:\n    def __call__(self, event, context): use('call')\n    def other(self): use('no')\nhandler = H()\n"
    )
    assert used(python_calls(source)) == ["call"]
