"""A policy in a Terraform file is changed at one place, and the file stays byte for byte what it was elsewhere."""

from __future__ import annotations

from typing import Any

import hcl2
import pytest

from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.hcl_names import HclNames
from scopedown.emit.splice.hcl_text import HclText
from scopedown.emit.terraform import Code, Template

NEW = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [Template((Code("aws_s3_bucket.b.arn"), "/*"))]}
DOCUMENT = """\
# before
data "aws_iam_policy_document" "x" {
  # about the first
  statement {
    actions = ["s3:*"] # wide
    resources = ["*"]
  }

  statement {
    effect = "Deny"
    actions = ["sqs:*"]
    resources = ["*"]
  } # the last
}
# behind
"""
ENCODED = """\
resource "aws_iam_role_policy" "x" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # one
      {
        Action   = ["s3:*"], Effect = "Allow"
        Resource = "*"
      },
      { Effect = "Deny", Action = "sqs:*", Resource = "*" }, // two
    ]
  })
}
"""
OF_DOCUMENT = ("data.aws_iam_policy_document.x", "Statement")
OF_ENCODED = ("resource.aws_iam_role_policy.x", "policy", "Statement")


def appended(text: str, path: tuple[str, ...], *items: Any) -> str:
    before = HclText(text, "main.tf")
    after = before.edited([before.edit_appending(path, list(items or [NEW]))])
    hcl2.loads(after.text)
    return after.text


def without(text: str, path: tuple[str | int, ...]) -> str:
    before = HclText(text, "main.tf")
    after = before.edited([before.edit_without(path)])
    hcl2.loads(after.text)
    return after.text


def inline(statement: str, before: str = "", after: str = "") -> str:
    return f'resource "aws_iam_role_policy" "x" {{\n  policy = jsonencode({{ {before}{statement}{after} }})\n}}\n'


def test_a_statement_comes_behind_the_last_one_of_a_data_source() -> None:
    new = (
        '\n\n  statement {\n    effect    = "Allow"\n    actions   = ["s3:GetObject"]\n'
        '    resources = ["${aws_s3_bucket.b.arn}/*"]\n  }'
    )
    assert appended(DOCUMENT, OF_DOCUMENT) == DOCUMENT.replace("} # the last", f"}} # the last{new}")


def test_a_statement_goes_with_its_lines_and_leaves_the_comments_around() -> None:
    first = DOCUMENT[DOCUMENT.index("  statement {") : DOCUMENT.index("  statement {\n    effect")]
    assert without(DOCUMENT, (*OF_DOCUMENT, 0)) == DOCUMENT.replace(first, "\n")
    last = DOCUMENT[DOCUMENT.index("\n  statement {\n    effect") : DOCUMENT.index("}\n# behind")]
    assert without(DOCUMENT, (*OF_DOCUMENT, 1)).endswith(DOCUMENT.partition(last)[2])


@pytest.mark.parametrize("text", ["{}", "{ }", "{\n}", "{\n  # none yet\n}"])
def test_a_data_source_without_statements_gets_its_first(text: str) -> None:
    changed = appended(f'data "aws_iam_policy_document" "x" {text}\n', OF_DOCUMENT)
    assert changed.count("statement {") == 1 and changed.endswith("\n  }\n}\n")
    assert ("# none yet" in changed) == ("# none yet" in text)


def test_a_statement_comes_behind_the_last_one_of_a_list_and_its_comment() -> None:
    new = (
        '\n      {\n        Effect   = "Allow"\n        Action   = ["s3:GetObject"]\n'
        '        Resource = ["${aws_s3_bucket.b.arn}/*"]\n      },'
    )
    assert appended(ENCODED, OF_ENCODED) == ENCODED.replace("// two", f"// two{new}")


def test_a_comma_is_added_before_the_comment_of_the_last_statement() -> None:
    text = ENCODED.replace("}, // two", "} // two")
    assert '"*" }, // two\n      {\n' in appended(text, OF_ENCODED)


def test_what_was_added_can_be_taken_out_again() -> None:
    for text, path, number in ((DOCUMENT, OF_DOCUMENT, 2), (ENCODED, OF_ENCODED, 2)):
        assert without(appended(text, path), (*path, number)) == text


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('Statement = [{ Effect = "Deny" }]', '[{ Effect = "Deny" }, { Effect = "Allow", Action = ["s3:Get'),
        ('Statement = [{ Effect = "Deny" }, ]', '[{ Effect = "Deny" }, { Effect = "Allow", Action = ["s3:Get'),
        ("Statement = []", '[\n    {\n      Effect   = "Allow"'),
        ('Statement = { Effect = "Deny" }', '[{ Effect = "Deny" }, {\n    Effect   = "Allow"'),
        ('"Statement" : [{ "Effect" : "Deny" }]', '[{ "Effect" : "Deny" }, { "Effect" : "Allow", "Action" : ['),
        ('Statement = [{\n    Effect = "Deny"\n  }]', '}, {\n    Effect   = "Allow"\n    Action   = ["s3:GetObject"]'),
        ('Statement = [\n    { Effect = "Deny" }]', '[\n    { Effect = "Deny" },\n    {\n      Effect   = "Allow"'),
    ],
)
def test_a_new_statement_is_laid_out_as_the_list_is(statement: str, expected: str) -> None:
    changed = appended(inline(statement), OF_ENCODED)
    assert expected in changed
    assert changed.startswith(inline(statement).partition("Statement")[0])


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(
    "listed", ["[{ A = 1 }, { B = 2 }, { C = 3 }]", "[{\n A = 1\n}, {\n B = 2\n}, {\n C = 3\n}]",
               "[\n { A = 1 },\n { B = 2 }, # b\n { C = 3 }\n]", "[\n{ A = 1 }, { B = 2 },\n{ C = 3 },\n]"],
)  # fmt: skip
def test_any_statement_of_a_list_can_go(listed: str, number: int) -> None:
    changed = without(inline(f"Statement = {listed}"), (*OF_ENCODED, number))
    assert [f"{name} = " in changed for name in "ABC"] == [at != number for at in range(3)]


def test_json_in_a_heredoc_keeps_its_indentation_and_its_templates() -> None:
    text = (
        'resource "aws_iam_role_policy" "x" {\n  policy = <<-EOT\n    {\n      "Statement": [\n'
        '        {"Effect": "Allow", "Action": "s3:*", "Resource": "${aws_s3_bucket.b.arn}"}\n'
        "      ]\n    }\n  EOT\n}\n"
    )
    changed = appended(text, OF_ENCODED)
    assert ',\n        {\n          "Effect": "Allow",\n' in changed and '"${aws_s3_bucket.b.arn}/*"' in changed
    assert without(changed, (*OF_ENCODED, 1)) == text


def test_a_statement_in_a_heredoc_is_found_where_the_reader_says_that_it_is() -> None:
    text = HclText('r "a" {\n  p = <<-EOT\n    {"Statement": [\n      {"Effect": "Allow"}\n    ]}\n  EOT\n}\n', "m.tf")
    assert text.paths_at(4, 7) == text.paths_at(4, 5) == [("r.a", "p", "Statement", 0)]


@pytest.mark.parametrize(
    "content", ["not json", '{"Statement": [%{ if x }{}%{ endif }]}', '{"Statement": [${jsonencode(local.x)}]}']
)
def test_a_heredoc_that_is_no_plain_json_is_not_changed(content: str) -> None:
    text = HclText(f'resource "aws_iam_role_policy" "x" {{\n  policy = <<EOT\n{content}\nEOT\n}}\n', "main.tf")
    assert not text.has(OF_ENCODED)


def test_an_expression_with_quotes_is_not_put_into_json() -> None:
    text = 'resource "aws_iam_role_policy" "x" {\n  policy = <<EOT\n{"Statement": [{}]}\nEOT\n}\n'
    with pytest.raises(SpliceError, match="cannot be written in JSON"):
        appended(text, OF_ENCODED, {"Resource": [Template((Code('aws_s3_bucket.b["a"].arn'),))]})


def test_policy_statements_of_the_lambda_module_get_a_key_of_their_own() -> None:
    text = 'module "f" {\n  policy_statements = {\n    scopedown = { effect = "Allow", actions = ["s3:*"] }\n  }\n}\n'
    changed = appended(text, ("module.f", "policy_statements", "Statement"))
    assert '    scopedown_2 = {\n      effect    = "Allow"\n      actions   = ["s3:GetObject"]\n' in changed
    assert 'resources = ["${aws_s3_bucket.b.arn}/*"]' in changed
    assert without(changed, ("module.f", "policy_statements", "Statement", 1)) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [DOCUMENT, ENCODED])
def test_line_ends_stay_those_of_the_file(text: str, newline: str) -> None:
    path = OF_DOCUMENT if text == DOCUMENT else OF_ENCODED
    changed = appended(text.replace("\n", newline), path)
    assert changed.replace("\r\n", "\n") == appended(text, path)
    assert changed.count("\r\n") == (changed.count("\n") if newline == "\r\n" else 0)


def test_places_count_characters_whatever_their_bytes() -> None:
    text = f'locals {{ name = "größe 😀 日本" }}\n{DOCUMENT}'.replace("# about", "# über 😀")
    assert HclText(text, "m.tf").paths_at(5, 3) == [(*OF_DOCUMENT, 0)]
    changed = appended(text, OF_DOCUMENT)
    assert changed.startswith(text.partition(" # the last")[0]) and without(changed, (*OF_DOCUMENT, 2)) == text


@pytest.mark.parametrize(
    ("value", "document", "encoded"),
    [
        ("a/${aws:username}", '"a/&{aws:username}"', '"a/$${aws:username}"'),
        ("50%{x}", '"50%%{x}"', '"50%%{x}"'),
        ('say "hi"\\', '"say \\"hi\\"\\\\"', '"say \\"hi\\"\\\\"'),
        ("tab\tand\bbell", '"tab\\tand\\u0008bell"', '"tab\\tand\\u0008bell"'),
        (Template(("cost$", Code("var.x"))), '"cost${"$"}${var.x}"', '"cost${"$"}${var.x}"'),
        (Template((Code("aws_sqs_queue.q.arn"),)), "aws_sqs_queue.q.arn", "aws_sqs_queue.q.arn"),
    ],
)
def test_texts_are_written_so_that_terraform_reads_them(value: Any, document: str, encoded: str) -> None:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [value]}
    assert f"resources = [{document}]" in appended(DOCUMENT, OF_DOCUMENT, statement)
    assert f"Resource = [{encoded}]" in appended(ENCODED, OF_ENCODED, statement)


def test_a_condition_is_written_in_each_notation() -> None:
    statement = {**NEW, "Condition": {"StringEquals": {"aws:SourceAccount": ["1"]}}}
    assert 'test     = "StringEquals"\n      variable = "aws:SourceAccount"' in appended(
        DOCUMENT, OF_DOCUMENT, statement
    )
    assert 'Condition = { StringEquals = { "aws:SourceAccount" = ["1"] } }' in appended(ENCODED, OF_ENCODED, statement)


def test_a_block_goes_whole_with_the_line_that_separates_it() -> None:
    text = 'a "b" "c" {}\n\nresource "x" "y" {\n  z = 1\n}\n\nd "e" "f" {}\n'
    assert without(text, ("resource.x.y",)) == 'a "b" "c" {}\n\nd "e" "f" {}\n'


def test_a_file_that_is_no_hcl_is_not_changed() -> None:
    with pytest.raises(SpliceError, match="not valid HCL"):
        HclText('resource "x" {', "main.tf")


def test_comments_are_no_use_of_what_they_name() -> None:
    text = HclText('a "b" {\n  # data.x.y\n  c = "data.x.y" // d\n}\n', "main.tf")
    assert text.code.count("data.x.y") == 1 and len(text.code) == len(text.text)
    assert text.users("data.x.y") == ["a.b"]


def test_what_a_long_address_begins_with_is_named_too() -> None:
    names = HclNames("x = " + "a." * 100_000 + "b", [("first", 0, 10**6)])
    assert names.users("a.a") == names.users("a.a.a.a.a.a") == ["first"]
    assert names.users("a.b") == names.users("b") == []
