"""One helper, many callers: each keeps its own values, up to bounds that are told when they are hit."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls import bounds
from scopedown.calls.model import CallReport

Calls = Callable[..., list[str]]
Reports = Callable[..., CallReport]

HELPER = """
import os, boto3
dynamodb = boto3.resource("dynamodb")
class Repository:
    def __init__(self, name): self.table = dynamodb.Table(name)
    def save(self, item): return put(self.table, item)
def put(table, item): return retried(lambda: table.put_item(Item=item))
def retried(work, times=3):
    for _ in range(times):
        try: return work()
        except Exception: pass
"""


def tables(calls: list[str]) -> list[str]:
    return sorted({word.removeprefix("TableName=") for call in calls for word in call.split() if "TableName=" in word})


def test_two_handlers_that_share_a_helper_get_their_own_tables(python_calls: Calls) -> None:
    source = HELPER + (
        "def orders(event, context): Repository(os.environ['ORDERS']).save(event)\n"
        "def users(event, context): Repository('users').save(event)\n"
    )
    assert tables(python_calls(source, symbol="orders")) == ["${env:ORDERS}"]
    assert tables(python_calls(source, symbol="users")) == ["users"]


def test_javascript_handlers_that_share_a_helper_get_their_own_tables(javascript_calls: Calls) -> None:
    helper = """
        const { DynamoDB } = require('@aws-sdk/client-dynamodb');
        const client = new DynamoDB();
        const using = (TableName) => ({ get: (Key) => logged(() => client.getItem({ TableName, Key })) });
        const logged = async (work) => { console.log('x'); return work(); };
        module.exports = { using };
        """
    source = """
        const { using } = require('./helper');
        exports.orders = () => using('orders').get({});
        exports.users = () => using(process.env.USERS).get({});
        """
    files = {"helper.js": helper}
    assert tables(javascript_calls(source, files=files, symbol="orders")) == ["orders"]
    assert tables(javascript_calls(source, files=files, symbol="users")) == ["${env:USERS}"]


def test_forty_tables_through_one_helper_are_forty_tables(python_report: Reports) -> None:
    lines = "".join(f"    Repository('t{number:02}').save(event)\n" for number in range(30))
    report = python_report(f"{HELPER}def handler(event, context):\n{lines}")
    found = {str(call.arguments["TableName"]) for call in report.calls}
    assert found == {f"t{number:02}" for number in range(30)}
    assert not report.findings


def test_a_helper_called_in_very_many_ways_is_told_and_no_table_is_lost(python_report: Reports) -> None:
    count = bounds.MERGED.most + 40
    lines = "".join(f"    put('t{number:03}')\n" for number in range(count))
    source = "import boto3\nclient = boto3.client('dynamodb')\n" + (
        "def put(name): client.put_item(TableName=name, Item={})\n" + f"def handler(event, context):\n{lines}"
    )
    report = python_report(source)
    found = {str(call.arguments["TableName"]) for call in report.calls}
    assert {f"t{number:03}" for number in range(count)} <= found or any("*" in name for name in found)
    assert [finding.code for finding in report.findings] == ["analysis-bound"]
    assert "the code calls put in more than" in report.findings[0].message


def test_structures_through_a_helper_called_in_very_many_ways_are_told(python_report: Reports) -> None:
    lines = "".join(f"    put({{'TableName': 't{number:03}', 'Item': {{}}}})\n" for number in range(60))
    source = "import boto3\nclient = boto3.client('dynamodb')\n" + (
        "def put(options): client.put_item(**options)\n" + f"def handler(event, context):\n{lines}"
    )
    report = python_report(source)
    assert len(report.calls) >= bounds.CONTEXTS.most
    assert [finding.code for finding in report.findings] == ["analysis-bound"]


def test_many_equal_calls_are_no_bound(python_report: Reports) -> None:
    lines = "    put('t')\n" * 300
    source = "import boto3\nclient = boto3.client('dynamodb')\n" + (
        "def put(name): client.put_item(TableName=name, Item={})\n" + f"def handler(event, context):\n{lines}"
    )
    report = python_report(source)
    assert len(report.calls) == 1
    assert not report.findings


def test_recursion_ends_and_keeps_what_it_found(python_calls: Calls) -> None:
    source = """
        import boto3
        s3 = boto3.client("s3")
        def clean(bucket, prefix, token=None):
            page = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
            for one in page["CommonPrefixes"]:
                clean(bucket, one["Prefix"])
            if page["IsTruncated"]:
                clean(bucket, prefix, page["NextContinuationToken"])
            s3.delete_object(Bucket=bucket, Key=prefix)
        def handler(event, context):
            clean("a", "x/")
            clean("b", "y/")
        """
    found = {" ".join(call.split()[:2]) for call in python_calls(source)}
    assert found == {f"s3.{name} Bucket={bucket}" for name in ("ListObjectsV2", "DeleteObject") for bucket in "ab"}


def visited(count: int, last: str) -> str:
    """A function through which an object of each of many classes goes, of which the last one does something."""
    classes = "".join(f"class C{number}:\n    def accept(self): return self\n" for number in range(count))
    lines = "".join(f"    visit(C{number}())\n" for number in range(count))
    return (
        f"{classes}class Last:\n    def accept(self): {last}\n"
        f"def visit(node): node.accept()\ndef handler(event, context):\n{lines}    visit(Last())\n"
    )


def test_one_of_very_many_classes_that_a_function_is_given_keeps_its_call(python_report: Reports) -> None:
    source = "import boto3\ns3 = boto3.client('s3')\n" + visited(200, "s3.list_buckets()")
    assert [call.operation for call in python_report(source).calls] == ["ListBuckets"]


def test_where_no_sdk_was_met_what_waits_is_given_later_or_told(python_report: Reports) -> None:
    for count in (20, 60, 200):
        report = python_report(visited(count, "import boto3; boto3.client('s3').list_buckets()"))
        told = any("scopedown treats some of them alike" in finding.message for finding in report.findings)
        assert told or [call.operation for call in report.calls] == ["ListBuckets"], count


WRAPPED = """
import functools
import boto3
db = boto3.client("dynamodb")
def first(f):
    @functools.wraps(f)
    def inner(*a, **k):
        try: return f(*a, **k)
        except ValueError: return None
    return inner
def second(f):
    return lambda *a, **k: f(*a, **k)
class Third:
    def __init__(self, f): self.f = f
    def __call__(self, *a): return self.f(*a)
"""


def test_every_route_behind_three_wrappers_is_found(python_report: Reports) -> None:
    count = 100
    routes = "".join(
        f"@Third\n@second\n@first\ndef r{number}(event): db.get_item(TableName='t{number}', Key={{}})\n"
        for number in range(count)
    )
    table = ", ".join(f"'/{number}': r{number}" for number in range(count))
    report = python_report(
        f"{WRAPPED}{routes}ROUTES = {{{table}}}\ndef handler(event, context): ROUTES[event['path']](event)\n"
    )
    assert len({str(call.arguments["TableName"]) for call in report.calls}) == count
    assert not report.findings and not report.unseen


def test_every_javascript_route_behind_three_wrappers_is_found(javascript_report: Reports) -> None:
    count = 100
    routes = "".join(
        f"routes['/{number}'] = third(second(first(async () => db.getItem({{ TableName: 't{number}' }}))));\n"
        for number in range(count)
    )
    source = """
        const { DynamoDB } = require('@aws-sdk/client-dynamodb');
        const db = new DynamoDB();
        const first = (f) => async (e) => { try { return await f(e); } catch (x) { return null; } };
        const second = (f) => async (e, ...rest) => f(e, ...rest);
        const third = (f) => ({ run: (e) => f(e) });
        const routes = {};
    """
    report = javascript_report(f"{source}{routes}exports.handler = async (e) => routes[e.path].run(e);\n")
    assert len({str(call.arguments["TableName"]) for call in report.calls}) == count
    assert not report.findings and not report.unseen


def test_one_result_for_many_calls_is_told_where_it_holds_something_of_them(python_report: Reports) -> None:
    count = 60
    choices = "".join(f"def r{number}(): db.get_item(TableName='t{number}', Key={{}})\n" for number in range(count))
    table = ", ".join(f"'t{number}': r{number}" for number in range(count))
    picks = "".join(f"    pick({{'name': 't{number}'}})()\n" for number in range(count))
    report = python_report(
        f"import boto3\ndb = boto3.client('dynamodb')\n{choices}TABLE = {{{table}}}\n"
        f"def pick(options): return TABLE[options['name']]\ndef handler(event, context):\n{picks}"
    )
    assert len(report.calls) == count or "the code calls pick in more than" in report.findings[0].message


def test_every_object_that_one_function_fills_is_filled(python_calls: Calls) -> None:
    count = 60
    lines = "".join(
        f"    o = {{'from': 't{number}'}}\n    fill(o)\n    db.get_item(TableName=o['to'], Key={{}})\n"
        for number in range(count)
    )
    source = "import boto3\ndb = boto3.client('dynamodb')\ndef fill(o): o['to'] = o['from']\n"
    found = tables(python_calls(f"{source}def handler(event, context):\n{lines}"))
    assert found == sorted(f"t{number}" for number in range(count))


def test_a_large_object_to_which_something_was_added_is_another_one(python_calls: Calls) -> None:
    entries = ", ".join(f"'k{number}': {number}" for number in range(30))
    source = f"""
        import boto3
        db = boto3.client("dynamodb")
        def put(): db.get_item(TableName="t", Key={{}})
        def use(o):
            if "x" in o: o["x"]()
        def handler(event, context):
            o = {{{entries}}}
            use(o)
            o["x"] = put
            use(o)
        """
    assert tables(python_calls(source)) == ["t"]


def test_every_map_that_one_function_fills_is_filled(javascript_calls: Calls) -> None:
    source = """
        const { DynamoDB } = require('@aws-sdk/client-dynamodb');
        const db = new DynamoDB();
        const put = () => db.getItem({ TableName: 't' });
        const fill = (map) => { map.set('a', put); };
        exports.handler = async () => {
            const one = new Map(), other = new Map();
            fill(one);
            fill(other);
            await other.get('a')();
        };
        """
    assert tables(javascript_calls(source)) == ["t"]
