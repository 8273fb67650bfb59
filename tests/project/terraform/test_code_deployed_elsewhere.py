"""Functions whose code Terraform only makes: a pipeline deploys the code that runs."""

from __future__ import annotations

import json

import pytest

from project.terraform.conftest import Write

_CODE = {"app.py": "import boto3\ndef handler(event, context):\n    boto3.client('sns').list_topics()\n"}
_FUNCTION = """
data "archive_file" "fn" {{
  type        = "zip"
  source_file = "${{path.module}}/app.py"
  output_path = "app.zip"
}}
resource "aws_lambda_function" "fn" {{
  function_name = "fn"
  role          = "arn:aws:iam::123456789012:role/fn"
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = data.archive_file.fn.output_path
  lifecycle {{
    ignore_changes = {ignored}
  }}
}}
"""


@pytest.mark.parametrize(
    ("ignored", "why"),
    [
        ("[tags, filename]", "Terraform ignores changes of filename"),
        ("[source_code_hash]", "Terraform ignores changes of source_code_hash"),
        ("all", "Terraform ignores changes of all"),
        ("[tags, environment]", None),
        ("[]", None),
    ],
)
def test_code_of_which_changes_are_ignored_may_be_another(terraform: Write, ignored: str, why: str | None) -> None:
    project = terraform(_FUNCTION.format(ignored=ignored), _CODE)
    (function,) = project.functions
    assert [part.what.partition(",")[0] for part in function.unread] == ([] if why is None else [why])
    assert all(part.place == function.unread[0].place and part.place is not None for part in function.unread)


def test_the_same_in_json(terraform: Write) -> None:
    function = {
        "function_name": "fn", "role": "arn:aws:iam::123456789012:role/fn", "package_type": "Image",
        "image_uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1",
        "lifecycle": {"ignore_changes": ["image_uri"]},
    }  # fmt: skip
    written = json.dumps({"resource": {"aws_lambda_function": {"fn": function}}})
    project = terraform("", {"functions.tf.json": written})
    whats = [part.what for one in project.functions for part in one.unread]
    assert any("Terraform ignores changes of image_uri" in what for what in whats)


def test_a_module_that_leaves_the_code_to_others(terraform: Write) -> None:
    module = """
    module "fn" {
      source                  = "terraform-aws-modules/lambda/aws"
      function_name           = "fn"
      handler                 = "app.handler"
      runtime                 = "python3.12"
      source_path             = path.module
      ignore_source_code_hash = true
    }
    """
    (function,) = terraform(module, _CODE).functions
    assert ["ignore_source_code_hash is set" in part.what for part in function.unread] == [True]


@pytest.mark.parametrize(
    ("text", "stands_in"),
    [
        ("import json\ndef handler(event, context):\n    return {'body': json.dumps('Hello from Lambda!')}\n", True),
        ("import boto3\ndef handler(event, context):\n    print('hello world')\n", False),
        ("def handler(event, context):\n    return event['name'].upper()\n", False),
    ],
)
def test_code_that_only_says_hello_stands_in(terraform: Write, text: str, stands_in: bool) -> None:
    project = terraform(_FUNCTION.format(ignored="[]"), {"app.py": text})
    (function,) = project.functions
    assert [part.cause.value for part in function.unread] == ["placeholder"] * stands_in
