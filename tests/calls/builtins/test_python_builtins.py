"""What Python's built-ins and standard library do to values, seen through a call's argument."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

Calls = Callable[..., list[str]]

HEAD = """
import os, json, functools, asyncio, threading, copy, collections, dataclasses, enum, itertools, operator, typing
import concurrent.futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
import boto3
s3 = boto3.client("s3")
def use(bucket):
    s3.get_bucket_acl(Bucket=bucket)
"""


@pytest.fixture
def buckets(python_calls: Calls) -> Callable[[str], list[str]]:
    """The buckets that ``use`` is called with in the handler's body."""

    def found(body: str, before: str = "") -> list[str]:
        source = HEAD + before + "\ndef handler(event, context):\n" + indent(body.strip("\n"), "    ")
        return [call.removeprefix("s3.GetBucketAcl Bucket=") for call in python_calls(source)]

    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("os.environ['A']", "${env:A}"),
        ("os.environ.get('A')", "${env:A}"),
        ("os.getenv('A', 'b')", "${env:A}"),
        ("os.environ[event['name']]", "*"),
        ("f\"x-{os.environ['A']}\"", "x-${env:A}"),
        ("'x-' + os.environ['A'] + '-y'", "x-${env:A}-y"),
        ("'x-{}-{b}'.format(os.environ['A'], b='c')", "x-${env:A}-c"),
        ("'x-{0:02d}'.format(3)", "x-03"),
        ("'%s-%s' % ('a', os.environ['A'])", "a-${env:A}"),
        ("'x-{a}'.format_map({'a': 'b'})", "x-b"),
        ("'-'.join(['a', os.environ['A'], 'b'])", "a-${env:A}-b"),
        ("'A-B'.lower()", "a-b"),
        ("f\"A-{os.environ['A']}\".lower()", "a-*"),
        ("'a_b'.replace('_', '-')", "a-b"),
        ("f\"a_{os.environ['A']}\".replace('_', '-')", "a-*"),
        ("' a '.strip()", "a"),
        ("os.environ['A'].strip()", "${env:A}"),
        ("os.environ['A'].strip().lower()", "*"),
        ("'arn:aws:s3:::b'.split(':')[-1]", "b"),
        ("f\"s3://bucket/{event['k']}\".split('/')[2]", "bucket"),
        ("f\"s3://bucket/{event['k']}\"[5:11]", "bucket"),
        ("'s3://bucket/key'[5:].partition('/')[0]", "bucket"),
        ("'bucket/key'.rsplit('/', 1)[0]", "bucket"),
        ("os.environ['ARN'].split(':')[5]", "*"),
        ("str('a')", "a"),
        ("str(5) + 'a'", "5a"),
        ("'a' * 3", "aaa"),
        ("os.path.join('a', 'b/', os.environ['A'])", "a/b/${env:A}"),
        ("os.path.basename('a/b')", "b"),
        ("{'a': 'x'}['a']", "x"),
        ("{'a': 'x'}.get('a')", "x"),
        ("{'a': 'x'}.get('b', 'y')", "y"),
        ("{'a': 'x', 'b': 'y'}[event['k']]", "x|y"),
        ("{'a': 'x', 'b': 'y'}.get(event['k'], 'z')", "x|y|z"),
        ("dict(a='x')['a']", "x"),
        ("dict([('a', 'x')])['a']", "x"),
        ("{**{'a': 'x'}, 'a': 'y'}['a']", "y"),
        ("['x', 'y'][1]", "y"),
        ("['x', 'y', 'z'][1:][0]", "y"),
        ("list(('x',))[0]", "x"),
        ("next(iter(['x']))", "x"),
        ("sorted(['x'])[0]", "x"),
        ("max(['x'], key=len)", "x"),
        ("list(map(str.upper, ['x']))[0]", "X"),
        ("list(filter(None, ['x']))[0]", "x"),
        ("list(zip(['a'], ['x']))[0][1]", "x"),
        ("[n for _, n in enumerate(['x'])][0]", "x"),
        ("list(reversed(['x', 'y']))[0]", "y"),
        ("getattr(Names, 'first')", "x"),
        ("getattr(Names, 'none', 'y')", "*|y"),
        ("Color.RED.value", "red"),
        ("Color['RED'].value", "red"),
        ("Color(event['c']).value", "blue|red"),
        ("typing.cast(str, 'x')", "x"),
        ("copy.deepcopy({'a': ['x']})['a'][0]", "x"),
        ("collections.defaultdict(lambda: 'x')['k']", "x"),
        ("collections.OrderedDict(a='x')['a']", "x"),
        ("Pair('x', 'y').b", "y"),
        ("Data('x').a", "x"),
        ("Data(a='x').b", "dflt"),
        ("dataclasses.asdict(Data('x'))['a']", "x"),
        ("dataclasses.replace(Data('x'), a='y').a", "y"),
        ("operator.itemgetter('a')({'a': 'x'})", "x"),
        ("functools.reduce(lambda a, b: a, ['x'])", "x"),
        ("functools.partial(lambda a, b: a + b, 'x')(b='y')", "xy"),
        ("list(itertools.chain(['x'], ['y']))[1]", "y"),
        ("json.loads(event['body'])['bucket']", "*"),
        ("asyncio.run(later())", "x"),
        ("asyncio.run(asyncio.wait_for(later(), 3))", "x"),
        ("cached()", "x"),
        ("type(Names()).first", "x"),
        ("vars(Names2())['f']", "x"),
        ("'a\\tb'.expandtabs(2)", "a b"),
        ("'a b'.split(None)[1]", "b"),
    ],
)
def test_the_value_of(buckets: Callable[..., list[str]], expression: str, expected: str) -> None:
    before = """
class Names:
    first = "x"
class Names2:
    def __init__(self):
        self.f = "x"
class Color(str, enum.Enum):
    RED = "red"
    BLUE = "blue"
Pair = collections.namedtuple("Pair", "a b")
@dataclasses.dataclass
class Data:
    a: str
    b: str = dataclasses.field(default="dflt")
async def later():
    return "x"
@functools.lru_cache(maxsize=None)
def cached():
    return "x"
"""
    assert buckets(f"use({expression})", before) == [expected]


@pytest.mark.parametrize(
    "expression",
    [
        r"re.sub('a', r'\9', 'a')",
        r"re.sub('a', r'\q', 'a')",
        "re.sub('a', 'x' * 60_000, 'a' * 3_000)",
        "('\\t' * 90_000).expandtabs(9_000)",
        "f'{2000000:c}'",
        "'{:c}'.format(-1)",
    ],
)
def test_what_python_refuses_or_nobody_deploys_is_not_known(buckets: Callable[..., list[str]], expression: str) -> None:
    assert buckets(f"use({expression})", "import re\n") == ["*"]


def test_half_a_character_can_be_put_into_an_address(buckets: Callable[..., list[str]]) -> None:
    assert buckets(r"use(urllib.parse.quote('\ud800'))", "import urllib.parse\n") == ["%3F"]


@pytest.mark.parametrize(
    "body",
    [
        "list(map(use, ['x']))",
        "for _ in map(use, ['x']): pass",
        "functools.partial(use, 'x')()",
        "functools.partial(use, bucket='x')()",
        "with ThreadPoolExecutor(4) as pool:\n    pool.submit(use, 'x')",
        "with ThreadPoolExecutor() as pool:\n    pool.submit(use, bucket='x').result()",
        "with concurrent.futures.ThreadPoolExecutor() as pool:\n    list(pool.map(use, ['x']))",
        "threading.Thread(target=use, args=('x',)).start()",
        "threading.Thread(target=use, kwargs={'bucket': 'x'}).start()",
        "threading.Timer(3, use, ['x']).start()",
        "asyncio.run(asyncio.gather(coroutine('x')))",
        "asyncio.get_event_loop().run_until_complete(coroutine('x'))",
        "asyncio.get_event_loop().run_in_executor(None, use, 'x')",
        "sorted(['x'], key=use)",
        "for key, group in itertools.groupby(['x'], use): pass",
        "Worker('x').start()",
        "with opened('x') as name:\n    use(name)",
        "work = {'a': use}\nwork[event['k']]('x')",
        "work = {'a': use}\nwork.get(event['k'])('x')",
        "[use(name) for name in ['x']]",
        "any(use(name) for name in ['x'])",
        "names = []\nnames.append('x')\nfor name in names: use(name)",
        "names = set()\nnames.add('x')\nfor name in names: use(name)",
        "d = {}\nd.update(a='x')\nuse(d['a'])",
        "d = {}\nd.setdefault('a', 'x')\nuse(d['a'])",
        "d = {'a': 'x'}\nfor key, value in d.items(): use(value)",
        "d = {'a': 'x'}\nuse(d.pop('a'))",
        "o = Holder()\nsetattr(o, 'n', 'x')\nuse(o.n)",
    ],
)
def test_the_function_is_called_with_x_by(buckets: Callable[..., list[str]], body: str) -> None:
    before = """
class Worker(threading.Thread):
    def __init__(self, name):
        super().__init__()
        self.bucket = name
    def run(self):
        use(self.bucket)
class Holder: pass
async def coroutine(name):
    use(name)
@contextmanager
def opened(name):
    try:
        yield name
    finally:
        pass
"""
    assert buckets(body, before) == ["x"]


@pytest.mark.parametrize(
    "body",
    [
        "print(Store())",
        "len([Store()])",
        "json.dumps(Store(), default=str)",
        "logging.getLogger(__name__).info('%s', Store())",
        "isinstance(event, Store)",
        "str(Store())",
        "queue.Queue().put(Store())",
        "raise ValueError(Store())",
        "raise Wrong(Store())",
        "typing.Optional[Store]",
        "copy.copy(Store())",
        "os.environ.update(A='b')",
    ],
)
def test_nothing_is_called_by(buckets: Callable[..., list[str]], body: str) -> None:
    before = """
import logging, queue
class Store:
    def save(self):
        use("x")
class Wrong(Exception):
    def __init__(self, value):
        super().__init__("wrong", value)
"""
    assert buckets(body, before) == []


def test_a_wrapped_method_still_takes_its_object(buckets: Callable[..., list[str]]) -> None:
    before = """
def logged(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner
class Store:
    name = "x"
    @logged
    def save(self, suffix):
        use(self.name + suffix)
"""
    assert buckets("Store().save('-y')", before) == ["x-y"]


def test_a_dict_given_on_keeps_its_keys(buckets: Callable[..., list[str]]) -> None:
    assert buckets("go(**{'a': 'x'})", "def go(a, b='y'):\n    use(a + b)\n") == ["xy"]


def test_an_appended_item_under_a_condition_is_possible(buckets: Callable[..., list[str]]) -> None:
    body = "names = ['x']\nif event['k']:\n    names.append('y')\nfor name in names:\n    use(name)"
    assert buckets(body) == ["x|y"]


def test_long_texts_and_numbers_are_not_computed(buckets: Callable[..., list[str]]) -> None:
    assert buckets("use('{:9999999999d}'.format(3))") == ["*"]
    assert buckets("use('a'.replace('', 'b' * 10) and str(range(10 ** 9))[0:1])") == ["*"]


def test_the_standard_library_is_no_unseen_code(python_report: Callable[..., object]) -> None:
    report = python_report(
        "import re, datetime, logging, urllib.request, hashlib\ndef handler(event, context): re.sub('a', 'b', 'c')"
    )
    assert report.not_analysed == ()  # type: ignore[attr-defined]
