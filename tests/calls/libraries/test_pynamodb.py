"""PynamoDB, by the version that the project pins."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

Calls = Callable[..., list[str]]

MODELS = """
import os
from pynamodb.models import Model
from pynamodb.attributes import UnicodeAttribute, TTLAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, LocalSecondaryIndex
from pynamodb.transactions import TransactGet, TransactWrite
from pynamodb.connection import Connection, TableConnection

class ByView(GlobalSecondaryIndex):
    class Meta:
        index_name = "by-view"
        projection = AllProjection()
    view = UnicodeAttribute(hash_key=True)

class Unnamed(LocalSecondaryIndex):
    class Meta:
        projection = AllProjection()

class User(Model):
    class Meta:
        table_name = os.environ["USERS"]
        region = "eu-west-1"
    id = UnicodeAttribute(hash_key=True)
    view = UnicodeAttribute()
    by_view = ByView()
    unnamed = Unnamed()
"""

T = "TableName=${env:USERS}"


@pytest.fixture
def model_calls(python_calls: Calls) -> Callable[..., list[str]]:
    def found(body: str, version: str | None = None, more: str = "") -> list[str]:
        source = MODELS + more + "\ndef handler(event, context):\n" + indent(body.strip("\n"), "    ")
        return python_calls(source, dependencies={"pynamodb": version} if version else {})

    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("User.get(event['id'])", [f"dynamodb.GetItem {T}"]),
        ("User('i', view='v').save()", [f"dynamodb.PutItem {T}"]),
        ("User.get('i').save()", [f"dynamodb.GetItem {T}", f"dynamodb.PutItem {T}"]),
        ("User('i').update(actions=[User.view.set('w')])", [f"dynamodb.UpdateItem {T}"]),
        ("User('i').delete()", [f"dynamodb.DeleteItem {T}"]),
        ("User('i').refresh()", [f"dynamodb.GetItem {T}"]),
        ("[one.delete() for one in User.scan()]", [f"dynamodb.DeleteItem {T}", f"dynamodb.Scan {T}"]),
        ("list(User.query('i', User.view == 'v'))", [f"dynamodb.Query {T}"]),
        ("User.query('i', index_name='by-view')", [f"dynamodb.Query {T} IndexName=by-view"]),
        ("User.count('i')", [f"dynamodb.Query {T}"]),
        ("User.count()", [f"dynamodb.DescribeTable {T}"]),
        ("User.exists()", [f"dynamodb.DescribeTable {T}"]),
        ("User.create_table(wait=True)", [f"dynamodb.CreateTable {T}", f"dynamodb.DescribeTable {T}"]),
        ("User.delete_table()", [f"dynamodb.DeleteTable {T}"]),
        (
            "[u.save() for u in User.batch_get(['i'])]",
            ["dynamodb.BatchGetItem RequestItems={${env:USERS}:*}", f"dynamodb.PutItem {T}"],
        ),
        ("User.by_view.query('v')", [f"dynamodb.Query {T} IndexName=by-view"]),
        ("User.by_view.count('v')", [f"dynamodb.Query {T} IndexName=by-view"]),
        ("User.unnamed.scan()", [f"dynamodb.Scan {T} IndexName=unnamed"]),
        (
            "[u.delete() for u in User.by_view.query('v')]",
            [f"dynamodb.DeleteItem {T}", f"dynamodb.Query {T} IndexName=by-view"],
        ),
        ("Connection().get_item('t', 'k')", ["dynamodb.GetItem TableName=t"]),
        ("TableConnection('t').put_item('k')", ["dynamodb.PutItem TableName=t"]),
        ("User.id.exists()", []),
        ("User('i').view", []),
        ("User('i').to_json()", []),
    ],
)
def test_a_model_calls(model_calls: Callable[..., list[str]], expression: str, expected: list[str]) -> None:
    assert sorted(model_calls(expression)) == expected


def test_a_batch_writes_batches(model_calls: Callable[..., list[str]]) -> None:
    body = "with User.batch_write() as batch:\n    batch.save(User('i'))"
    assert model_calls(body) == ["dynamodb.BatchWriteItem RequestItems={${env:USERS}:*}"]


def test_transactions_name_their_tables(model_calls: Callable[..., list[str]]) -> None:
    body = """
with TransactWrite(connection=Connection()) as write:
    write.save(User('i'))
    write.condition_check(User, 'j', condition=User.id.exists())
with TransactGet(connection=Connection()) as read:
    future = read.get(User, 'i')
future.get().delete()
"""
    assert model_calls(body) == [
        "dynamodb.TransactWriteItems TransactItems=[{Put:{TableName:${env:USERS}}}]",
        "dynamodb.TransactWriteItems TransactItems=[{ConditionCheck:{TableName:${env:USERS}}}]",
        "dynamodb.TransactGetItems TransactItems=[{Get:{TableName:${env:USERS}}}]",
        f"dynamodb.DeleteItem {T}",
    ]


def test_a_method_of_ones_own_reaches_the_models(model_calls: Callable[..., list[str]]) -> None:
    more = """
class Stamped(User):
    def save(self, **arguments):
        self.stamp = 1
        super(Stamped, self).save(**arguments)
    @classmethod
    def latest(cls):
        return next(cls.query("i"))
"""
    assert sorted(model_calls("Stamped.latest().save()", more=more)) == [f"dynamodb.PutItem {T}", f"dynamodb.Query {T}"]


def test_the_time_to_live_is_set_with_the_table(model_calls: Callable[..., list[str]]) -> None:
    more = "class Session(Model):\n    class Meta:\n        table_name = 's'\n    ends = TTLAttribute()\n"
    assert [one.split()[0] for one in model_calls("Session.create_table()", more=more)] == [
        "dynamodb.CreateTable",
        "dynamodb.DescribeTable",
        "dynamodb.UpdateTimeToLive",
    ]


def test_a_model_without_a_table_name_says_so(python_report: Callable[..., object]) -> None:
    source = "from pynamodb.models import Model\nclass M(Model):\n    pass\ndef handler(e, c):\n    M.get('i')"
    report = python_report(source)
    [call] = report.calls  # type: ignore[attr-defined]
    assert call.arguments["TableName"].unknowns[0].reason == "Meta.table_name of M"


@pytest.mark.parametrize("version", ["4.3.1", "5.2.3", "3.1.0"])
def test_versions_before_5_3_describe_the_table_first(model_calls: Callable[..., list[str]], version: str) -> None:
    assert model_calls("User.get('i')", version) == [f"dynamodb.DescribeTable {T}", f"dynamodb.GetItem {T}"]


@pytest.mark.parametrize("version", ["5.3.0", "5.5.1", "6.1.0", None])
def test_later_versions_do_not(model_calls: Callable[..., list[str]], version: str | None) -> None:
    assert model_calls("User.get('i')", version) == [f"dynamodb.GetItem {T}"]
