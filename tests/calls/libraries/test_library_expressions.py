"""Expressions and conditions of the libraries' tables, on their own."""

from __future__ import annotations

from typing import cast

import pytest

from scopedown.calls.libraries.library_expressions import Scope, condition, expression
from scopedown.calls.libraries.s3_uris import bucket_of, key_of, keys_under
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, EnvVar, Object, Sequence, Text, TextValue, Value, as_text, join
from scopedown.core.place import Place

PLACE = Place("a.py", 3, 1)
ENV = TextValue(Text.of(EnvVar("BUCKET")))
OPTIONS = Object({"name": Const("t"), "inner": Object({"deep": Const("d")}), "none": Const(None)})
TABLES = Object({"a": Object({"index": Const("i")}), "b": Object({"index": Const("j")})})


def scope() -> Scope:
    site = CallSite(
        (OPTIONS, Sequence([Const("x"), Const("y")])), {"path": Const("s3://b/k"), "flag": Const(False)}, PLACE
    )
    kept = {"table": ENV, "indexes": TABLES}
    return Scope(site, kept, ("tables", "b"), cast("Machine", None), {"prefix": Const("p-")})


def shown(value: Value | None) -> str | None:
    return None if value is None else str(as_text(value) or value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$0.name", "t"),
        ("$0.inner.deep", "d"),
        ("$0.absent", None),
        ("$0.absent??'default'", "default"),
        ("$0.none??$0.name", "t"),
        ("$5:path", "s3://b/k"),
        ("$:absent", None),
        ("@table", "${env:BUCKET}"),
        ("~prefix", "p-"),
        ("{*}", "b"),
        ("@indexes.{*}.index", "j"),
        ("@indexes.{'a'}.index", "i"),
        ("env(SST_{^}_{*})", "${env:SST_tables_b}"),
        ("joined(~prefix,@absent,$0.name)", "p-t"),
        ("bucket($:path)", "b"),
        ("missing($:absent)", "true"),
        ("missing($0)", "false"),
        ("s3($:path)", "true"),
        ("s3($0.name)", "false"),
        ("list($1)", "true"),
    ],
)
def test_an_expression_gives_the_value_that_it_names(written: str, expected: str | None) -> None:
    assert shown(expression(written)(scope())) == expected


def test_any_element_is_each_of_them() -> None:
    assert expression("$1[]")(scope()) == join(Const("x"), Const("y"))
    assert expression("@indexes[].index")(scope()) == join(Const("i"), Const("j"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$0", True),
        ("$:absent", False),
        ("!$:absent", True),
        ("$:flag", False),
        ("!$:flag", True),
        ("$:flag??true", False),
        ("$:absent??true", True),
        ("$0.name=t", True),
        ("$0.name=u", False),
        ("!$0.name=t", False),
        ("$:flag=false", True),
        ("@table=anything", True),
        ("+$:path~=b/k", True),
        ("+@table~=b/k", False),
    ],
)
def test_a_condition_says_whether_it_can_hold(written: str, expected: bool) -> None:
    assert condition(written)(scope()) is expected


@pytest.mark.parametrize(
    ("uri", "bucket", "key", "under"),
    [
        (Text.of("s3://b/a/c.csv"), "b", "a/c.csv", "a/c.csv*"),
        (Text.of("s3://", EnvVar("BUCKET"), "/in/"), "${env:BUCKET}", "in/", "in/*"),
        (Text.of("s3a://b/2024-*/x"), "b", "2024-*/x", "2024-*"),
        (Text.of(EnvVar("BUCKET"), "/key"), "${env:BUCKET}", "key", "key*"),
        (Text.of("s3://b"), "b", "", "*"),
        (Text.unknown("event"), "*", "*", "*"),
    ],
)
def test_an_s3_uri_is_a_bucket_and_a_key(uri: Text, bucket: str, key: str, under: str) -> None:
    value: Value = TextValue(uri) if uri.literal is None else Const(uri.literal)
    assert [shown(part(value)) for part in (bucket_of, key_of, keys_under)] == [bucket, key, under]


def test_of_several_uris_each_is_one() -> None:
    listed = Sequence([Const("s3://a/x"), Const("s3://b/y")])
    assert bucket_of(listed) == join(Const("a"), Const("b"))
