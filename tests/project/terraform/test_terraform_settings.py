"""What a Lambda function's blocks in Terraform mean for its role."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.project.model import Project

FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  MORE
}
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
"""


def test_a_log_group_and_a_durable_configuration_are_read(terraform: Callable[..., Project]) -> None:
    more = 'logging_config { log_group = "own" }\n  durable_config { execution_timeout = 90 }'
    (function,) = terraform(FUNCTION.replace("MORE", more)).functions
    assert function.settings["logs"] == {"logGroup": "own"}
    assert function.settings["durableConfig"] == {"ExecutionTimeout": 90}


def test_destinations_of_calls_and_of_a_mapping_are_read(terraform: Callable[..., Project]) -> None:
    more = """
resource "aws_sqs_queue" "q" {}
resource "aws_lambda_function_event_invoke_config" "f" {
  function_name = aws_lambda_function.f.function_name
  destination_config {
    on_failure { destination = aws_sqs_queue.q.arn }
  }
}
resource "aws_lambda_event_source_mapping" "m" {
  function_name    = aws_lambda_function.f.arn
  event_source_arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
  destination_config {
    on_failure { destination_arn = aws_sqs_queue.q.arn }
  }
}
"""
    (function,) = terraform(FUNCTION.replace("MORE", "") + more).functions
    assert str(function.settings["destinations"]["onFailure"]) == "${aws_sqs_queue.q.Arn}"
    (event,) = (one for one in function.events if one.kind == "stream")
    assert str(event.settings["destinations"]["onFailure"]) == "${aws_sqs_queue.q.Arn}"


def test_a_statement_in_the_heredoc_of_an_inline_policy_knows_its_place(terraform: Callable[..., Project]) -> None:
    role = """
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
  inline_policy {
    policy = <<EOF
{"Statement": [{"Effect": "Allow"},
  {"Effect": "Deny"}]}
EOF
  }
}
"""
    places = [one.place for one in terraform(role).roles["aws_iam_role.r"].statements]
    assert [(one.line, one.column) for one in places if one] == [(6, 16), (7, 3)]
