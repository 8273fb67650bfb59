"""Hints in comments: whose they are, what they leave out, what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.source.sources import Sources


def report(folder: Path, source: str, file: str = "app.py", symbol: str = "handler") -> CallReport:
    (folder / file).write_text(dedent(source), encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, file, symbol)


def needs(found: CallReport) -> list[str]:
    return [f"{hint.place.line} {hint.said}" for hint in found.hints]


def calls(found: CallReport) -> list[str]:
    return [f"{call.place.line} {call.name}" for call in found.calls]


PYTHON = """\
import boto3
# scopedown: needs sts:GetCallerIdentity on *
s3 = boto3.client("s3")

# scopedown: needs dynamodb:GetItem on ref:Table
def handler(event, context):
    # scopedown: needs dynamodb:Query on ref:Table/index/*
    helper(event)
    s3.put_object(Bucket="a", Key="b")  # scopedown: ignore only in tests
    s3.get_object(
        Bucket="a",
        Key="b",  # scopedown: ignore read by nobody
    )
    # scopedown: ignore the next line too
    s3.delete_object(Bucket="a", Key="b")
    s3.head_object(Bucket="a", Key="b")

def helper(event):
    text = "# scopedown: needs s3:PutObject on *"
    return text  # noqa  # scopedown: needs sqs:SendMessage, sqs:DeleteMessage on env:QUEUE

def other(event):
    # scopedown: needs sns:Publish on ref:Topic
    pass

class Store:
    # scopedown: needs kms:Decrypt on ref:Key
    def read(self):
        pass
"""


def test_a_python_hint_counts_where_its_function_is_reached(tmp_path: Path) -> None:
    found = report(tmp_path, PYTHON)
    assert needs(found) == [
        "2 needs sts:GetCallerIdentity on *",
        "5 needs dynamodb:GetItem on ref:Table",
        "7 needs dynamodb:Query on ref:Table/index/*",
        "20 needs sqs:SendMessage, sqs:DeleteMessage on env:QUEUE",
    ]
    assert [hint.place.line for hint in found.idle] == [23, 27]
    assert calls(found) == ["16 s3.HeadObject"]
    assert [(one.name, one.place.line, one.reason, one.hint.line) for one in found.ignored] == [
        ("s3.PutObject", 9, "only in tests", 9),
        ("s3.GetObject", 10, "read by nobody", 12),
        ("s3.DeleteObject", 15, "the next line too", 14),
    ]


JAVASCRIPT = """\
const AWS = require("aws-sdk");
const s3 = new AWS.S3();
// scopedown: needs ssm:GetParameter on arn:aws:ssm:*:*:parameter/app/*
exports.handler = async (event) => {
  /* scopedown: needs dynamodb:GetItem on ref:Table */
  await s3.putObject({ Bucket: "a", Key: "b" }).promise(); // scopedown: ignore only in tests
  await s3.getObject({ Bucket: "a", Key: "b" }).promise();
  const text = "// scopedown: needs s3:PutObject on *";
  return inner(text);
};
// scopedown: needs sqs:SendMessage on env:QUEUE
const inner = (text) => text;
// scopedown: needs sns:Publish on ref:Topic
function other() {}
"""


@pytest.mark.parametrize("file", ["app.js", "app.ts", "app.mjs", "app.tsx"])
def test_a_javascript_hint_counts_where_its_function_is_reached(tmp_path: Path, file: str) -> None:
    found = report(tmp_path, JAVASCRIPT, file)
    assert needs(found) == [
        "3 needs ssm:GetParameter on arn:aws:ssm:*:*:parameter/app/*",
        "5 needs dynamodb:GetItem on ref:Table",
        "11 needs sqs:SendMessage on env:QUEUE",
    ]
    assert [hint.place.line for hint in found.idle] == [13]
    assert calls(found) == ["7 s3.GetObject"]
    assert [(one.name, one.reason) for one in found.ignored] == [("s3.PutObject", "only in tests")]


def test_a_typescript_method_and_a_class_have_hints(tmp_path: Path) -> None:
    source = """\
    import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
    // scopedown: needs kms:Decrypt on ref:Key
    class Store {
      private client: S3Client = new S3Client({});
      // scopedown: needs s3:GetObject on ref:Bucket/*
      async read<T>(key: string): Promise<T | undefined> { return undefined; }
      // scopedown: needs s3:DeleteObject on ref:Bucket/*
      async remove(key: string) {}
    }
    export const handler = async (event: { key: string }): Promise<void> => {
      await new Store().read<string>(event.key);
    };
    """
    found = report(tmp_path, source, "app.ts")
    assert needs(found) == ["2 needs kms:Decrypt on ref:Key", "5 needs s3:GetObject on ref:Bucket/*"]
    assert [hint.place.line for hint in found.idle] == [7]


def test_a_hint_of_an_imported_file_has_its_place_there(tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("def work():\n    pass  # scopedown: needs s3:GetObject on *\n", encoding="utf-8")
    found = report(tmp_path, "from lib import work\ndef handler(event, context):\n    work()\n")
    assert [hint.place for hint in found.hints] == [Place("lib.py", 2, 11)]


WRONG = [
    ("ignore", "no reason"),
    ("", "the hint is empty"),
    ("wants s3:GetObject on *", "unknown hint 'wants'"),
    ("needs s3:GetObject", "has the wrong form"),
    ("needs s3:* on *", "'s3:*' is not an IAM action"),
    ("needs GetObject on *", "'GetObject' is not an IAM action"),
    ("needs s3:GetObject on Bucket", "'Bucket' is not a valid target"),
    ("needs s3:GetObject on ref:", "'ref:' is not a valid target"),
    ("needs s3:GetObject on arn:" + "x" * 3000, "is not a valid target"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_hint_that_cannot_be_read_is_a_finding(tmp_path: Path, text: str, message: str) -> None:
    found = report(tmp_path, f"def handler(event, context):\n    pass  # scopedown: {text}\n")
    (finding,) = found.findings
    assert finding.code == "hint-syntax"
    assert message in finding.message
    assert (finding.place, found.hints) == (Place("app.py", 2, 11), ())


def test_an_ignore_beside_no_call_is_idle(tmp_path: Path) -> None:
    found = report(tmp_path, "def handler(event, context):\n    pass  # scopedown: ignore nothing here\n")
    assert [hint.message for hint in found.idle] == ["the hint ignores no call on this line or the next line"]


@settings(max_examples=60, deadline=None)
@given(st.text("#/*\n scopedown:needsignore(){}'\"\\", max_size=120), st.sampled_from(["app.py", "app.js", "app.ts"]))
def test_any_comment_is_read_without_harm(tmp_path_factory: pytest.TempPathFactory, text: str, file: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    assert report(folder, f"# scopedown: {text}\n// scopedown: {text}\nfunction handler() {{}}\n", file) is not None


UNFOLLOWED = """\
import boto3
def handler(event, context):
    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")  # HINT
    event["queue"].delete_message(QueueUrl="https://sqs/1/jobs", ReceiptHandle="h")
"""


@pytest.mark.parametrize("hint", ["ignore a queue of our own", "needs sqs:PurgeQueue on *"])
def test_a_hint_answers_what_was_not_followed_at_its_place(tmp_path: Path, hint: str) -> None:
    before = report(tmp_path, UNFOLLOWED)
    assert [one.place.line for one in before.unseen if one.place] == [3, 4]
    found = report(tmp_path, UNFOLLOWED.replace("HINT", f"scopedown: {hint}"))
    assert [one.place.line for one in found.unseen if one.place] == [4]
    assert [one.place.line for one in found.possible] == [4] and not found.idle


def test_a_hint_answers_no_import_that_leads_nowhere(tmp_path: Path) -> None:
    code = "from . import store  # scopedown: ignore it calls nothing\ndef handler(event, context):\n    store.put()\n"
    assert report(tmp_path, code).unseen
