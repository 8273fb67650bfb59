"""A list of work is walked until nothing new is added to it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from scopedown.calls import bounds
from scopedown.calls.model import CallReport

Calls = Callable[..., list[str]]
Reports = Callable[..., CallReport]

PYTHON = {
    "from the end": "q = ['root']\nwhile q:\n  n = q.pop()\n  if n == 'root': q.append('leaf')\n  else: CALL",
    "from the beginning": "q = ['root']\nwhile q:\n  n = q.pop(0)\n  if n == 'root': q.append('leaf')\n  else: CALL",
    "by a queue": "q = deque(['root'])\nwhile q:\n  n = q.popleft()\n  if n == 'root': q.append('leaf')\n  else: CALL",
    "in a loop over it": "q = ['root']\nfor n in q:\n  if n == 'root': q.append('leaf')\n  else: CALL",
    "in several rounds": "q = ['a']\nwhile q:\n  n = q.pop(0)\n  if n == 'a': q.append('b')\n"
    "  elif n == 'b': q.append('c')\n  elif n == 'c': q.append('d')\n  else: CALL",
    "in pairs": "q = [('root', 0)]\nwhile q:\n  n, d = q.pop()\n  if n == 'root': q.append(('leaf', 1))\n  else: CALL",
    "in a helper": "q = ['root']\nwhile q:\n  step(q)",
    "in an object": "Walk().run()",
    "by keys": "q = {'root': 1}\nwhile q:\n  n, v = q.popitem()\n  if n == 'root': q['leaf'] = 2\n  else: CALL",
}
HEAD = """import boto3
from collections import deque
s3 = boto3.client('s3')
def step(q):
  n = q.pop(0)
  if n == 'root': q.append('leaf')
  else: CALL
class Walk:
  def __init__(self): self.q = ['root']
  def run(self):
    while self.q:
      n = self.q.pop(0)
      if n == 'root': self.q.append('leaf')
      else: CALL
def handler(event, context):
"""
JAVASCRIPT = {
    "from the end": "const q = ['root']; while (q.length) { const n = q.pop(); "
    "if (n === 'root') q.push('leaf'); else CALL; }",
    "of a set": "const q = new Set(['root']); for (const n of q) { if (n === 'root') q.add('leaf'); else CALL; }",
    "of a map": "const q = new Map([['a', 1]]); for (const [n] of q) { if (n === 'a') q.set('b', 2); else CALL; }",
}  # fmt: skip


@pytest.mark.parametrize("body", PYTHON.values(), ids=PYTHON.keys())
def test_what_a_python_loop_adds_to_its_work_is_seen(python_calls: Calls, body: str) -> None:
    source = (HEAD + indent(body, "  ") + "\n").replace("CALL", "s3.list_buckets()")
    assert {call.split()[0] for call in python_calls(source)} == {"s3.ListBuckets"}


@pytest.mark.parametrize("body", JAVASCRIPT.values(), ids=JAVASCRIPT.keys())
def test_what_a_javascript_loop_adds_to_its_work_is_seen(javascript_calls: Calls, body: str) -> None:
    source = "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3();\nexports.handler = async () => {\n"
    body = body.replace("CALL", "await s3.listBuckets({})")
    assert javascript_calls(f"{source}{body}\n}};\n") == ["s3.ListBuckets"]


def test_lists_that_a_loop_fills_keep_what_is_in_them(python_calls: Calls) -> None:
    source = """
        import boto3
        db = boto3.client("dynamodb")
        def handler(event, context):
            names = []
            for item in event["items"]:
                names.append("a")
                names.append("b")
            for name in names:
                db.get_item(TableName=name, Key={})
        """
    assert python_calls(source) == ["dynamodb.GetItem TableName=a|b Key={}"]


def test_parameters_that_pages_change_keep_their_others(python_calls: Calls) -> None:
    source = """
        import boto3
        db = boto3.client("dynamodb")
        def handler(event, context):
            request = {"TableName": "t"}
            while True:
                page = db.scan(**request)
                if "LastEvaluatedKey" not in page: break
                request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        """
    assert {call.split()[1] for call in python_calls(source)} == {"TableName=t"}


def test_a_loop_that_adds_new_work_for_ever_is_reported(python_report: Reports) -> None:
    source = """
        import boto3
        s3 = boto3.client("s3")
        def handler(event, context):
            q = [[]]
            while q:
                q.append([q.pop()])
        """
    report = python_report(source)
    assert str(bounds.ROUNDS.most) in report.findings[0].message and report.unseen
