"""What a run did not follow becomes a part of the code that was not seen; what it followed to the end does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.sources import Sources

Report = Callable[..., CallReport]

CLIENT = 'import boto3\ns3 = boto3.client("s3")\n'


def python(folder: Path, source: str) -> CallReport:
    (folder / "app.py").write_text(CLIENT + source)
    return find_calls(Sources(str(folder)), catalog(), {}, "app.py", "handler")


def javascript(folder: Path, source: str, sdk: str = "v2") -> CallReport:
    head = {
        "v2": "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\n",
        "v3": "const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');\nconst s3 = new S3Client({});\n",
    }[sdk]
    (folder / "app.js").write_text(head + source)
    return find_calls(Sources(str(folder)), catalog(), {}, "app.js", "handler")


def may_call(report: CallReport) -> set[str]:
    assert all(one.cause is Cause.DISPATCH for one in report.unseen)
    beside = {"iam:PassRole", "kms:*"}
    return {pattern for one in report.unseen for pattern in one.may_call} - beside


@pytest.mark.parametrize(
    "source",
    [
        # A factory gives the client to a library, which gives it to the handler.
        "const once = require('some-cache');\nconst get = once(() => new AWS.S3());\n"
        "exports.handler = async () => { await get().putObject({ Bucket: 'b', Key: 'k' }).promise(); };\n",
        # It is a library that hands it to a function of ours.
        "const { Pool } = require('some-pool');\nconst pool = new Pool({ create: async () => new AWS.S3() });\n"
        "exports.handler = async () => pool.use((it) => it.putObject({ Bucket: 'b', Key: 'k' }).promise());\n",
        # It is an object of ours that holds the client.
        "const once = require('some-cache');\n"
        "class Store { save() { return s3.putObject({ Bucket: 'b', Key: 'k' }).promise(); } }\n"
        "const get = once(() => new Store());\nexports.handler = async () => get().save();\n",
    ],
)
def test_what_a_library_is_given_by_a_function_may_be_called(tmp_path: Path, source: str) -> None:
    found = javascript(tmp_path, source).unseen
    assert {pattern for one in found if one.cause is Cause.DISPATCH for pattern in one.may_call} & {"s3:*", "*"}


@pytest.mark.parametrize(
    "call",
    [
        "copy({'Bucket': 'a', 'Key': 'k'}, 'b', 'k')",
        "generate_presigned_url('put_object', Params={'Bucket': 'b'})",
        "generate_presigned_post('b', 'k')",
    ],
)
def test_what_python_clients_do_beside_operations_is_reported(tmp_path: Path, call: str) -> None:
    source = f"def handler(event, context):\n    eval('pick')().{call}\n"
    assert [one for one in python(tmp_path, source).unseen if call.partition("(")[0] in one.what]


@pytest.mark.parametrize(
    "call",
    ["upload({ Bucket: 'b', Key: 'k' })", "getSignedUrl('putObject', { Bucket: 'b' })", "createPresignedPost(other())"],
)
def test_what_javascript_clients_do_beside_operations_is_reported(tmp_path: Path, call: str) -> None:
    source = f"const other = eval('x');\nexports.handler = async () => {{ eval('pick')().{call}; }};\n"
    assert [one for one in javascript(tmp_path, source).unseen if call.partition("(")[0] in one.what]


@pytest.mark.parametrize("call", ["upload({ Body: 'x' })", "upload('file')", "getSignedUrl('page')"])
def test_methods_of_other_clients_are_not_reported(tmp_path: Path, call: str) -> None:
    source = f"exports.handler = async () => {{ eval('pick')().{call}; }};\n"
    assert not [one for one in javascript(tmp_path, source).unseen if call.partition("(")[0] in one.what]


@pytest.mark.parametrize(
    "source",
    [
        # A value that an unknown function gives back may be the client.
        "def handler(event, context):\n    eval('pick')().get_object(Bucket='b', Key='k')\n",
        # The client reaches a function of which nothing is known.
        "def handler(event, context):\n    locals()['run'](s3)\n",
        # Its method is chosen by a name that arrives with the event.
        "def handler(event, context):\n    getattr(s3, event['do'])(Bucket='b')\n",
        # A function that only such a call can reach.
        "def save():\n    s3.put_object(Bucket='b', Key='k')\ndef handler(event, context):\n    locals()['save']()\n",
    ],
)
def test_python_that_is_not_followed_is_reported(tmp_path: Path, source: str) -> None:
    assert may_call(python(tmp_path, source)) & {"s3:*", "*"}


@pytest.mark.parametrize(
    "source",
    [
        "def other(event):\n    s3.delete_object(Bucket='b', Key='k')\ndef handler(event, context):\n    return 1\n",
        "def handler(event, context):\n    if False:\n        s3.delete_object(Bucket='b', Key='k')\n",
        "def handler(event, context):\n    return 1\n    s3.delete_object(Bucket='b', Key='k')\n",
        "def handler(event, context):\n    return sorted(event['rows'], key=lambda row: row['id'])\n",
    ],
)
def test_python_that_calls_nothing_is_whole(tmp_path: Path, source: str) -> None:
    assert python(tmp_path, source).unseen == ()


@pytest.mark.parametrize(
    ("name", "called"),
    [("'do_' + event['op']", {"GetObject", "PutObject"}), ("event['op']", {"GetObject", "PutObject", "DeleteObject"})],
)
def test_a_computed_name_means_every_member_that_fits(tmp_path: Path, name: str, called: set[str]) -> None:
    source = f"""
class Routes:
    def do_get(self): s3.get_object(Bucket="b", Key="k")
    def do_put(self): s3.put_object(Bucket="b", Key="k")
    def remove(self): s3.delete_object(Bucket="b", Key="k")
def handler(event, context):
    getattr(Routes(), {name})()
"""
    report = python(tmp_path, source)
    assert {call.operation for call in report.calls} == called
    assert report.unseen == ()


def test_globals_are_a_table_of_functions(tmp_path: Path) -> None:
    source = 'def get(): s3.get_object(Bucket="b", Key="k")\ndef handler(event, context): globals()[event["op"]]()\n'
    report = python(tmp_path, source)
    assert [call.operation for call in report.calls] == ["GetObject"]
    assert report.unseen == ()


def test_a_command_that_nothing_sends_is_reported(tmp_path: Path) -> None:
    source = "exports.handler = async () => { const c = new GetObjectCommand({ Bucket: 'b' }); return c; };\n"
    assert may_call(javascript(tmp_path, source, "v3")) >= {"s3:*"}


def test_a_member_of_an_object_by_a_computed_name_is_called(tmp_path: Path) -> None:
    source = """
class Routes { do_get() { return s3.getObject({ Bucket: 'b', Key: 'k' }).promise(); } }
exports.handler = (event) => new Routes()['do_' + event.op]();
"""
    report = javascript(tmp_path, source)
    assert [call.operation for call in report.calls] == ["GetObject"]
    assert report.unseen == ()


SEEN = """
const list = (rows) => { BINDING; rows.forEach((row) => seen.get(row.key)); };
exports.handler = () => list([]);
"""


@pytest.mark.parametrize("binding", ["const seen = new Map()", "let seen = new Set([1]); seen = new Map(seen)"])
def test_a_collection_is_no_client(tmp_path: Path, binding: str) -> None:
    assert javascript(tmp_path, SEEN.replace("BINDING", binding)).unseen == ()


@pytest.mark.parametrize(
    "binding",
    [
        "let seen = new Map(); seen = eval('x')",
        "let seen = new Map(); for (seen of rows) {}",
        "let seen = new Map(); ({ seen } = eval('x'))",
        "let seen = new Map(); [, seen] = eval('x')",
        "const use = (seen) => [].map((row) => seen.get(row.key)); const seen = new Map(); use(seen)",
        "const Map = eval('x'); const seen = new Map()",
    ],
)
def test_what_may_be_something_else_may_be_a_client(tmp_path: Path, binding: str) -> None:
    report = javascript(tmp_path, SEEN.replace("BINDING", binding))
    assert [one for one in report.unseen if "get()" in one.what and "dynamodb:*" in one.may_call]


@pytest.mark.parametrize(
    "source",
    [
        "exports.handler = async (event, context, callback) => callback(null, event.rows.map((row) => row.id));\n",
        "exports.other = () => s3.deleteObject({ Bucket: 'b', Key: 'k' }).promise();\nexports.handler = () => 1;\n",
        "exports.handler = async (event) => new Promise((resolve, reject) => resolve(event.body));\n",
        "const make = (db) => ({ get: () => 1, put: () => s3.putObject({ Bucket: 'b' }) });\n"
        "exports.handler = () => make(1).get();\n",
    ],
)
def test_javascript_that_calls_nothing_is_whole(tmp_path: Path, source: str) -> None:
    assert javascript(tmp_path, source).unseen == ()


def test_more_values_than_one_may_be_leave_a_notice(tmp_path: Path) -> None:
    steps = "\n".join(f"def f{number}(): return s3.get_object(Bucket='b{number}', Key='k')" for number in range(520))
    table = ", ".join(f"'{number}': f{number}" for number in range(520))
    report = python(tmp_path, f"{steps}\nTABLE = {{{table}}}\ndef handler(event, context): TABLE[event['n']]()\n")
    assert report.unseen and len(report.calls) >= 512


@pytest.mark.parametrize("client", ["s3", "(s3 if os.environ.get('BUCKET') else None)"])
def test_a_computed_name_of_a_client_that_may_be_missing_may_be_any_operation(tmp_path: Path, client: str) -> None:
    source = f"import os\nmine = {client}\ndef handler(event, context):\n    getattr(mine, event['work'])(Bucket='b')\n"
    assert "s3:*" in may_call(python(tmp_path, source))
