"""HCL's expressions: values that are known, text that is known in part, and what is unknown with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Att, Text
from scopedown.documents.document import Files
from scopedown.project.options import Options
from scopedown.project.terraform.blocks import Lazy
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.data_sources import known_attribute
from scopedown.project.terraform.evaluate import Budget
from scopedown.project.terraform.modules import Module
from scopedown.project.terraform.remote import remote_module
from scopedown.project.terraform.values import plain

QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "jobs"\n}\nvariable "unset" {}\n'


def value(folder: Path, expression: str, more: str = "") -> Any:
    """The value of an expression, in a configuration with a queue."""
    (folder / "main.tf").write_text(f"{QUEUE}{more}\nlocals {{\n  it = {expression}\n}}\n", encoding="utf-8")
    context = Context(Files(folder), folder, Options(), Budget("main.tf"))
    module = Module(
        context, folder, "", Lazy(lambda name: None), frozenset(), known_attribute, remote_module, Place("main.tf")
    )
    found = plain(module._names["local"].attribute("it"))
    assert not [one for one in context.findings if one.code == "terraform-syntax"]
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a-${1 + 2}-${true}"', "a-3-true"),
        ('"\\u00e9 \\"x\\" $${y} %%{z}"', 'é "x" ${y} %{z}'),
        ("1 < 2 && !(3 == 4) || false", True),
        ('"x" == "x" ? [1, 2.5] : []', [1, 2.5]),
        ('{ a = 1, "b" : null, (upper("c")) = [] }', {"a": 1, "b": None, "C": []}),
        ('[for k, v in { x = 1, y = 2 } : "${k}${v}" if v > 1]', ["y2"]),
        ('{ for name in ["a", "b"] : name => length(name) }', {"a": 1, "b": 1}),
        ('{ for n in ["a", "b"] : "all" => n... }', {"all": ["a", "b"]}),
        ("[{ n = 1 }, { n = 2 }][*].n", [1, 2]),
        ("[{ n = 1 }, { n = 2 }].*.n", [1, 2]),
        ('[10, 20][1] + { a = 5 }["a"]', 25),
        ('join("-", concat(["a"], ["b"]), )', "a-b"),
        ('format("%s_%d", "x", 3)', "x_3"),
        ("merge({ a = 1 }, { b = 2 }, { a = 3 })", {"a": 3, "b": 2}),
        ('lookup({ a = 1 }, "b", 7)', 7),
        ('try({ a = 1 }.b, "else")', "else"),
        ('element(split(",", "a,b"), 3)', "b"),
        ('replace(lower("A-B"), "-", "_")', "a_b"),
        ('flatten([["a"], [["b"]], "c"])', ["a", "b", "c"]),
        ('jsondecode("{\\"a\\": [1]}")', {"a": [1]}),
        ("jsonencode({ a = [1, true] })", '{"a":[1,true]}'),
        ("<<-EOT\n    one\n      two ${1}\n  EOT\n", "one\n  two 1\n"),
        ("<<EOT\n%{ if true }yes%{ else }no%{ endif }\nEOT\n", "yes\n"),
        ('"%{ for x in ["a", "b"] }<${x}>%{ endfor }"', "<a><b>"),
        ('path.module == "." ? terraform.workspace : ""', "default"),
        ("max(1, 5, 3) % 3", 2),
        ('toset(["a", "a", "b"])', ["a", "b"]),
        ('contains(keys({ a = 1 }), "a")', True),
    ],
)
def test_a_known_value_is_worked_out(tmp_path: Path, expression: str, expected: Any) -> None:
    assert value(tmp_path, expression) == expected


def test_an_attribute_of_a_resource_stays_a_reference_in_text(tmp_path: Path) -> None:
    assert value(tmp_path, '"${aws_sqs_queue.q.arn}/x"') == Text.of(Att("aws_sqs_queue.q", "Arn"), "/x")
    assert value(tmp_path, "jsonencode({ a = aws_sqs_queue.q.arn })") == Text.of(
        '{"a":"', Att("aws_sqs_queue.q", "Arn"), '"}'
    )


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("var.unset", "the variable unset has no value"),
        ('var.unset == "a" ? 1 : 2', 'the condition var.unset == "a" is known only after apply'),
        ("timestamp()", "scopedown does not work out the function timestamp"),
        ("aws_sqs_queue.q.policy_hash", "aws_sqs_queue.q.policy_hash is known only after apply"),
        ("[for x in var.unset : x]", "the items of var.unset are known only after apply"),
        ("local.it", "it is defined by itself"),
        ("nothing.here", "scopedown does not know what nothing is"),
        ('file("gone.json")', "file reads gone.json, which is not there"),
        ('replace(aws_sqs_queue.q.arn, "a", "b")', "the text of replace is known only after apply"),
    ],
)
def test_what_is_not_known_says_why(tmp_path: Path, expression: str, reason: str) -> None:
    found = value(tmp_path, expression)
    assert isinstance(found, Text) and reason in [unknown.reason for unknown in found.unknowns]


def test_a_template_file_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / "policy.tpl").write_text('{"Resource": "${arn}"}')
    assert value(tmp_path, 'jsondecode(templatefile("policy.tpl", { arn = aws_sqs_queue.q.arn }))') == {
        "Resource": Text.of(Att("aws_sqs_queue.q", "Arn"))
    }


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link/passwd", "a\\u0000b"])
def test_no_file_outside_of_the_repository_is_read(tmp_path: Path, path: str) -> None:
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)
    (inner / "link").symlink_to("/etc")
    (tmp_path / "secret").write_text("secret")
    found = value(inner, f'file("{path}")')
    assert isinstance(found, Text) and found.unknowns


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 400 + "1" + ")" * 400,
        "[" * 3000 + "]" * 3000,
        "1" + " + 1" * 3000,
        "!" * 500 + "true",
        "setproduct(range(5000), range(5000))",
        "range(1000000000)",
        "{ for a in range(3000) : a => [for b in range(3) : b] }",
        "local.a10",
        "999999999999999999999999999999 * 999999999999999999999999999999 * 99999999999999999999999",
    ],
)
def test_hostile_expressions_end(tmp_path: Path, expression: str) -> None:
    doubling = "\n".join(
        f'  a{n + 1} = "${{local.a{n}}}${{local.a{n}}}${{local.a{n}}}${{local.a{n}}}"' for n in range(10)
    )
    more = f'locals {{\n  a0 = "{"x" * 100}"\n{doubling}\n}}\n'
    try:
        json.dumps(str(value(tmp_path, expression, more)))
    except ScopedownError as error:
        assert "steps" in str(error)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("anytrue([var.unset, true])", True),
        ("anytrue([false, null])", False),
        ("alltrue([var.unset, false])", False),
        ('alltrue([true, "true"])', True),
        ("setsubtract([var.unset], [])", [Text.unknown("the variable unset has no value")]),
        ("length([var.unset])", 1),
        ('length(compact(["a", aws_sqs_queue.q.arn, ""]))', 2),
        ("length(distinct([aws_sqs_queue.q.arn, aws_sqs_queue.q.arn]))", 1),
        ("[] == [var.unset]", False),
    ],
)
def test_a_known_item_decides_whatever_the_others_are(tmp_path: Path, expression: str, expected: Any) -> None:
    found = value(tmp_path, expression)
    assert str(found) == str(expected)


@pytest.mark.parametrize(
    "expression",
    [
        "anytrue([var.unset])",
        "anytrue([var.unset, false])",
        "alltrue([var.unset, true])",
        'setintersection(["a"], [var.unset])',
        'setsubtract(["a"], [var.unset])',
        'contains([["a", var.unset]], ["a", "b"])',
        'index([var.unset, "a"], "a")',
        "length(distinct([var.unset, 1]))",
        "length(toset([var.unset, 1]))",
        "length(setunion([1], [var.unset]))",
        "length(compact([var.unset]))",
        "length(concat([1], var.unset))",
        "length(flatten([[1], var.unset]))",
        "length([for one in [1, 2] : one if var.unset])",
        "one(compact([var.unset]))",
        'join(",", compact(["a", var.unset]))',
        '["a"] == [var.unset]',
    ],
)
def test_an_unknown_item_is_never_taken_for_absent(tmp_path: Path, expression: str) -> None:
    found = value(tmp_path, expression)
    assert isinstance(found, Text) and found.unknowns


def test_different_unknown_items_stay_apart(tmp_path: Path) -> None:
    assert len(value(tmp_path, "distinct([var.unset, aws_sqs_queue.q.policy_hash, [var.unset]])")) == 3


@pytest.mark.parametrize("index", ["²", "٣", "x"])
def test_only_digits_of_ascii_are_an_index(tmp_path: Path, index: str) -> None:
    assert isinstance(value(tmp_path, f'[1, 2]["{index}"]'), Text)
    assert isinstance(value(tmp_path, f'tonumber("{index}")'), Text)


@pytest.mark.parametrize(
    "expression",
    [
        "jsonencode(local.b40)",
        "local.b40",
        "distinct([local.b40, local.b40])",
        "contains([local.b40], local.c40)",
        "local.b40 == local.c40",
        "flatten(local.b40)",
        'join(local.long, split("", local.long))',
        'replace(local.long, "x", local.long)',
        'replace(local.long, "", local.long)',
        'format("${"%s"}${"%s"}%s%s%s%s%s%s%s%s%s%s%s", [for n in range(20) : local.long]...)',
        "concat([for n in range(200) : range(9000)]...)",
        '"%{ for n in range(9000) }${local.long}%{ endfor }"',
        f'"{"${local.long}" * 500}"',
    ],
)
def test_a_value_that_grows_exponentially_is_unknown(tmp_path: Path, expression: str) -> None:
    lists = "\n".join(f"  {x}{n + 1} = [local.{x}{n}, local.{x}{n}]" for x in "bc" for n in range(40))
    more = f'locals {{\n  b0 = []\n  c0 = []\n{lists}\n  long = "{"x" * 100_000}"\n}}\n'
    try:
        found = value(tmp_path, expression, more)
    except ScopedownError as error:
        assert "steps" in str(error)
    else:
        assert isinstance(found, Text) and found.unknowns


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('try(trimsuffix(null, "x"), "else")', "else"),
        ('can(tonumber("x"))', False),
        ('formatlist("%s-%s", "a", ["b", "c"])', ["a-b", "a-c"]),
        ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
        ("sum([1, 2.5])", 3.5),
        ("pow(2, 3)", 8),
        ('md5("x")', "9dd4e461268c8034f5c8564e155c67a6"),
        ('replace("a_b c", "/[^a-z]/", "-")', "a-b-c"),
        ('yamldecode("a: [1, {b: x}]")', {"a": [1, {"b": "x"}]}),
    ],
)
def test_further_functions(tmp_path: Path, expression: str, expected: Any) -> None:
    assert value(tmp_path, expression) == expected


@pytest.mark.parametrize(
    "expression", ["element([], 0)", "pow(10, 1000)", 'replace("a", "/(a+)+$/", "")', "chunklist([1], 0)"]
)
def test_what_a_function_cannot_work_out_is_unknown(tmp_path: Path, expression: str) -> None:
    assert isinstance(value(tmp_path, expression), Text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.py", ["top.py"]),
        ("*/main.py", ["one/main.py", "two/main.py"]),
        ("**/*.{py,js}", ["one/deep/x.js", "one/main.py", "top.py", "two/main.py"]),
        ("one/**", ["one/deep/x.js", "one/main.py"]),
        ("none/*", []),
    ],
)
def test_fileset_lists_the_files_that_a_pattern_names(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in ("top.py", "one/main.py", "two/main.py", "one/deep/x.js"):
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).touch()
    assert sorted(value(tmp_path, f'fileset("${{path.module}}/src", "{pattern}")')) == expected


def test_fileset_lists_nothing_outside_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "inner/.git").mkdir(parents=True)
    (tmp_path / "secret.py").touch()
    (tmp_path / "inner/link").symlink_to(tmp_path)
    assert isinstance(value(tmp_path / "inner", 'fileset("..", "*")'), Text)
    assert value(tmp_path / "inner", 'fileset(".", "link/*")') == []
