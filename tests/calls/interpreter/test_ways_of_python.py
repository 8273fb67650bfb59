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
    "where a loop's future has a result": """
import asyncio
async def main():
    found = asyncio.get_running_loop().create_future()
    found.set_result("a")
    if await found:
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
    "past the parameters of a dataclass that have no position": """
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar
@dataclass
class Task:
    limit: ClassVar[int] = 3
    user: str = field(init=False, default="")
    task: object = None
    first: InitVar[object] = None
    _: KW_ONLY
    strict: bool = True
    def __post_init__(self, first):
        first(self.task)
Task("x", lambda task: task == "x" and put())
""",
    "by a metaclass that makes objects": """
class Single(type):
    def __call__(cls, *given):
        made = super().__call__(*given)
        made.save = put
        return made
class Store(metaclass=Single):
    pass
Store().save()
""",
    "by a metaclass that gives members": """
class Members(type):
    def __getattr__(cls, name):
        return put
class Store(metaclass=Members):
    pass
Store.save()
""",
    "by a metaclass that answers an operator": """
class Adding(type):
    def __add__(cls, other):
        put()
class Store(metaclass=Adding):
    pass
Store + 1
""",
    "by a member that an object gives itself": """
class Proxy:
    def __getattribute__(self, name):
        return put
Proxy().save()
""",
    "by a mixin of a mapping": """
from collections.abc import Mapping
class Table(Mapping):
    def __getitem__(self, key):
        return put()
    def __iter__(self):
        return iter(())
    def __len__(self):
        return 0
Table().get("a")
""",
    "by a mixin of a list": """
from collections.abc import MutableSequence
class Table(MutableSequence):
    def insert(self, at, value):
        put()
Table().append(1)
""",
    "by a dictionary that is filled": """
from collections import UserDict
class Table(UserDict):
    def __setitem__(self, key, value):
        put()
Table({"a": 1})
""",
    "by what writes to a file of the code": """
import json
class Output:
    def write(self, text):
        put()
json.dump(1, Output())
""",
    "by a value that a generator returns": """
def inner():
    yield 1
    return put
def outer():
    found = yield from inner()
    found()
list(outer())
""",
    "by the constructor of an enumeration": """
from enum import Enum
class Kind(Enum):
    SAVE = (1, put)
    def __init__(self, number, run):
        self.run = run
Kind.SAVE.run()
""",
    "by what an enumeration does for a missing value": """
from enum import Enum
class Kind(Enum):
    SAVE = 1
    @classmethod
    def _missing_(cls, value):
        put()
Kind(7)
""",
    "by a property of a member": """
from enum import Enum
class Kind(Enum):
    SAVE = 1
    @property
    def text(self):
        return put()
Kind.SAVE.text
""",
    "by the rest of a list that a pattern takes": """
match [1, put, 3]:
    case [1, *rest, 3]:
        rest[0]()
""",
    "by the end of a list that a pattern takes": """
steps = [1, 2, put]
match steps:
    case [*_, last]:
        last()
""",
    "by the rest of a mapping that a pattern takes": """
match {"a": 1, "b": put}:
    case {"a": 1, **rest}:
        rest["b"]()
""",
    "by a part of an object that a pattern takes": """
class Task:
    __match_args__ = ("run",)
    def __init__(self, run):
        self.run = run
match Task(put):
    case Task(found):
        found()
""",
    "by a pattern of a class of Python": """
steps = [1, lambda: put()]
match steps:
    case [int(), object() as found]:
        found()
""",
    "past a pattern of a constant": """
match 0:
    case False:
        pass
    case _:
        put()
""",
    "where a condition with and is false": """
found = event.get("x") and True
if not found:
    put()
""",
    "in place of an empty collection": """
steps = [] or [put]
steps[0]()
""",
    "in place of an object that is false": """
class Empty:
    def __bool__(self):
        return False
step = Empty() or put
step()
""",
    "after the first element of a list is taken": """
steps = [1, put]
steps.pop(0)
steps[0]()
""",
    "after elements of a list are deleted": """
steps = [1, 2, put]
del steps[0:2]
steps[0]()
""",
    "by what is put before a list": """
from collections import deque
steps = deque([1])
steps.appendleft(put)
steps[0]()
""",
    "after an item is perhaps deleted": """
modes = {"m": "a"}
if event:
    del modes["m"]
mode = modes.get("m", "b")
if mode == "b":
    put()
""",
    "by the end of a generator": """
def steps():
    yield 1
    return put
try:
    next(steps())
except StopIteration as stop:
    stop.value()
""",
    "by an error of which the class is raised": """
class Failed(Exception):
    def __str__(self):
        put()
        return ""
try:
    raise Failed
except Failed as error:
    str(error)
""",
    "by a queue that a loop fills": """
import queue
names = queue.Queue()
names.put("a")
while not names.empty():
    name = names.get()
    if name == "a":
        names.put("b")
    else:
        put()
""",
    "by the text of None": """
text = f"{None}"
if text == "None":
    put()
""",
    "by the name of a wrapped function": """
import functools
def wrapped():
    pass
@functools.wraps(wrapped)
def wrapper():
    pass
name = wrapper.__name__
if name == "wrapped":
    put()
""",
    "by an output that takes the place of another": """
import sys
class Output:
    def write(self, text):
        put()
sys.stdout = Output()
""",
    "by a descriptor that a class is asked for": """
class Given:
    def __get__(self, held, cls):
        return put
class Store:
    save = Given()
Store.save()
""",
    "by a part that is written into a list": """
steps = [1, 2, 3]
steps[1:2] = [put]
steps[1]()
""",
    "a method that gives a function": """
class Given:
    def __neg__(self):
        return put
(-Given())()
""",
    "a class asked for an item in an annotation": """
class A:
    def __class_getitem__(cls, k): put()
def f(x: A[int]): pass
""",
    "a subclass that type() makes": """
class A:
    def __init_subclass__(cls, **k): put()
type('B', (A,), {})
""",
    "a class asked for its subclasses": """
from abc import ABC
class A(ABC):
    @classmethod
    def __subclasshook__(cls, o):
        put()
        return True
isinstance(1, A)
""",
    "containment by iteration": """
class A:
    def __iter__(self):
        put()
        return iter([])
1 in A()
""",
    "an unpacked object": """
class A:
    def __iter__(self):
        put()
        return iter([1])
x, = A()
""",
    "an object added to a list": """
class A:
    def __iter__(self):
        put()
        return iter([1])
a = []
a += A()
""",
    "the keys of an object with two stars": """
class A:
    def keys(self):
        put()
        return []
    def __getitem__(self, k): pass
dict(**A())
""",
    "a dictionary updated by |=": """
class A:
    def keys(self): return ['a']
    def __getitem__(self, k): put()
a = {}
a |= A()
""",
    "a function as a metaclass": """
def m(n, b, d): put()
class A(metaclass=m): pass
""",
    "a class as the cause of an error": """
class E(Exception):
    def __init__(self): put()
try: raise ValueError from E
except ValueError: pass
""",
    "the end of a weak reference": """
import weakref
class A: pass
a = A()
r = weakref.ref(a, lambda _: put())
del a
""",
    "what += gives": """
class A:
    def __iadd__(self, o): return put
a = A()
a += 1
a()
""",
    "what __getattr__ gives where a property raises AttributeError": """
class A:
    @property
    def run(self): raise AttributeError
    def __getattr__(self, name): return put
A().run()
""",
    "a test whether equal texts are not the same": """
one, other = "ab", "a"
if one is not other + "b":
    put()
""",
    "a test whether texts are the same": """
one, other = "ab", "ab"
if one is other:
    pass
else:
    put()
""",
    "what __new__ gives": """
class A:
    def __new__(cls): return put
A()()
""",
}
SAID = {
    "a match of a list with a short case": """
match [1, put]:
    case [1, found]:
        found()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_call_is_found(python_calls: Calls, way: str) -> None:
    assert python_calls(HEAD + indent(WAYS[way], "    ")) == ["dynamodb.PutItem TableName=t Item={}"]


HANDED = {
    "a method of a client": "client.delete_item",
    "a method of a table": "boto3.resource('dynamodb').Table('t').delete_item",
    "a method in a list": "[client.delete_item]",
}


@pytest.mark.parametrize("handed", HANDED)
def test_an_operation_that_unread_code_gets_is_called(python_calls: Calls, handed: str) -> None:
    calls = python_calls(HEAD + f"    import pandas\n    pandas.Series(event).apply({HANDED[handed]})")
    assert [call.partition(" ")[0] for call in calls] == ["dynamodb.DeleteItem"]


@pytest.mark.parametrize("test", ["None is not None", "1 is True", "2 is not 2", "'a' is 'b'"])
def test_a_test_of_identity_that_constants_decide(python_calls: Calls, test: str) -> None:
    assert python_calls(HEAD + f"    if {test}:\n        put()") == []


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
