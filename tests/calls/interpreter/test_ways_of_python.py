"""Every way that Python takes to a call is found: after loops, ``with`` and ``try``, and by what it calls itself."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from scopedown.calls.model import CallReport

Calls = Callable[..., list[str]]

HEAD = """
import boto3

client = boto3.client("dynamodb")


def put(*given):
    return client.put_item(TableName="t", Item={})


def handler(event, context):
"""
SUPPRESSING = """
class Quiet:
    def __enter__(self):
        return self
    def __exit__(self, kind, value, trace):
        return kind is KeyError
"""
WAYS = {
    "after a loop whose else raises": """
for name in ["a", "b"]:
    if name in event["p"]:
        break
else:
    raise ValueError
put()
""",
    "after a loop over unknown items whose else returns": """
for name in event["items"]:
    if name == event["p"]:
        break
else:
    return None
put()
""",
    "after a while whose else raises": """
n = 0
while n < 3:
    if event["p"] == n:
        break
    n += 1
else:
    raise ValueError
put()
""",
    "by the value of a turn that a break ended": """
for mode in ["a", "b"]:
    if event[mode]:
        break
if mode == "a":
    put()
""",
    "by a value that only a break keeps": """
mode = "b"
while True:
    mode = "a"
    if event["x"]:
        break
    mode = "b"
    if event["y"]:
        break
if mode == "a":
    put()
""",
    "by a value that only a continue keeps": """
for one in ["x"]:
    mode = "a"
    if event[one]:
        continue
    mode = "b"
if mode == "a":
    put()
""",
    "by a value that a block had when it failed": """
mode = "c"
try:
    mode = "b"
    int(event["x"])
    mode = "c"
except ValueError:
    if mode == "b":
        put()
""",
    "in a finally, by a value that an except set": """
mode = "b"
try:
    int(event["x"])
except ValueError:
    mode = "a"
    raise
finally:
    if mode == "a":
        put()
""",
    "by a value that a suppressed error kept": """
import contextlib
mode = "a"
with contextlib.suppress(KeyError):
    event["x"]
    mode = "b"
if mode == "a":
    put()
""",
    "after a suppressed return": """
import contextlib
with contextlib.suppress(KeyError):
    return {}["a"]
put()
""",
    "after a context manager of the code that suppresses": SUPPRESSING
    + """
with Quiet():
    raise KeyError
put()
""",
    "after a generator that suppresses": """
import contextlib
@contextlib.contextmanager
def quiet():
    try:
        yield
    except KeyError:
        pass
with quiet():
    raise KeyError
put()
""",
    "after a stack that suppresses": """
import contextlib
with contextlib.ExitStack() as stack:
    stack.enter_context(contextlib.suppress(KeyError))
    raise KeyError
put()
""",
    "after an async context manager that suppresses": """
import asyncio
class Quiet:
    async def __aenter__(self):
        return self
    async def __aexit__(self, *error):
        return True
async def main():
    async with Quiet():
        raise KeyError
    put()
asyncio.run(main())
""",
    "where a function ends without a result": """
def find(x):
    if x:
        return "a"
found = find(event)
if found is None:
    put()
""",
    "in what an except takes": """
def kinds():
    put()
    return KeyError
try:
    event["x"]
except kinds():
    pass
""",
    "by a text that is a statement": """
class Shown:
    def __format__(self, spec):
        put()
        return ""
f"{Shown()}"
""",
}
SAID = {
    "a method that gives a function": """
class Given:
    def __neg__(self):
        return put
(-Given())()
""",
    "a function in a collection whose elements are not known": """
match [1, put]:
    case [_, *rest]:
        rest[0]()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_call_is_found(python_calls: Calls, way: str) -> None:
    assert python_calls(HEAD + indent(WAYS[way], "    ")) == ["dynamodb.PutItem TableName=t Item={}"]


def test_code_after_a_manager_that_never_suppresses_is_not_reached(python_calls: Calls) -> None:
    source = HEAD + indent(SUPPRESSING.replace("kind is KeyError", "False"), "    ")
    assert python_calls(source + "    with Quiet():\n        raise KeyError\n    put()") == []
    assert python_calls(HEAD + "    with open('x') as file:\n        return file.read()\n    put()") == []


@pytest.mark.parametrize("way", SAID)
def test_a_way_that_is_not_followed_is_said(python_report: Callable[..., CallReport], way: str) -> None:
    report = python_report(HEAD + indent(SAID[way], "    "))
    assert [one.what for one in report.unseen] == ["put() may run and call put_item()"]


def test_a_function_without_a_result_adds_nothing_to_names(python_calls: Calls) -> None:
    body = "    def name(x):\n        if x: return 't'\n    client.get_item(TableName=f'a-{name(event)}', Key={})"
    assert python_calls(HEAD + body) == ["dynamodb.GetItem TableName=a-t Key={}"]
