"""A Terraform configuration as a project: functions, code, roles, policies, environments, modules and instances."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.project.discovery import find_projects
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

Write = Callable[..., Project]
APP = {"app.py": "def handler(event, context): ..."}
ROLE = """
resource "aws_iam_role" "fn" {
  name               = "fn"
  assume_role_policy = "{}"
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  filename      = data.archive_file.fn.output_path
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.fn.arn
}
data "archive_file" "fn" {
  type        = "zip"
  source_file = "${path.module}/app.py"
  output_path = "app.zip"
}
"""
"""A function and its role, to which a test adds."""


def statements(project: Project, role: str = "aws_iam_role.fn") -> list[dict[str, object]]:
    return [dict(one.statement) for one in project.roles[role].statements]


def codes(project: Project) -> set[str]:
    return {finding.code for finding in project.findings}


def test_a_function_has_its_code_role_and_environment(terraform: Write) -> None:
    main = """
locals { prefix = "shop-${var.stage}" }
variable "stage" { default = "dev" }
resource "aws_dynamodb_table" "orders" { name = "${local.prefix}-orders" }
resource "aws_iam_role" "fn" { assume_role_policy = "{}" }
data "archive_file" "fn" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  output_path = "fn.zip"
}
resource "aws_lambda_function" "fn" {
  function_name = "${local.prefix}-fn"
  filename      = "${path.module}/fn.zip"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.fn.arn
  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name, STAGE = var.stage, COUNT = 3 }
  }
}
"""
    project = terraform(main, {"src/app.py": "def handler(event, context): ..."}, folder="infra")
    (function,) = project.functions
    assert (project.framework, project.config, project.service) == ("terraform", "infra/main.tf", "infra")
    assert (function.key, function.name.literal, function.role) == (
        "aws_lambda_function.fn", "shop-dev-fn", "aws_iam_role.fn",
    )  # fmt: skip
    assert function.handler is not None and function.handler.file == "src/app.py"
    assert function.environment == {
        "TABLE": Text.of(Ref("aws_dynamodb_table.orders")), "STAGE": Text.of("dev"), "COUNT": Text.of("3"),
    }  # fmt: skip
    assert function.place == Place("infra/main.tf", 11, 1)


@pytest.mark.parametrize(
    "policy",
    [
        'jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage",\n'
        "Resource = aws_sqs_queue.q.arn }] })",
        '<<-EOT\n{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage",\n'
        ' "Resource": "${aws_sqs_queue.q.arn}"}]}\nEOT\n',
        'templatefile("policy.json", { queue = aws_sqs_queue.q.arn })',
        "data.aws_iam_policy_document.p.json",
    ],
)
@pytest.mark.parametrize("form", ["inline", "role_policy", "attached"])
def test_a_statement_is_read_however_it_is_written_and_attached(terraform: Write, policy: str, form: str) -> None:
    document = """
resource "aws_sqs_queue" "q" {}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
  }
}
"""
    forms = {
        "inline": f'inline_policy {{\n  name = "p"\n  policy = {policy}\n}}',
        "role_policy": '}\nresource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.fn.name\n'
        f"  policy = {policy}\n",
        "attached": f'}}\nresource "aws_iam_policy" "p" {{\n  policy = {policy}\n}}\n'
        'resource "aws_iam_role_policy_attachment" "p" {\n  role = aws_iam_role.fn.name\n'
        "  policy_arn = aws_iam_policy.p.arn\n",
    }
    main = document + ROLE.replace(
        '  assume_role_policy = "{}"\n', f'  assume_role_policy = "{{}}"\n{forms[form]}\n', 1
    )
    files = {
        **APP,
        "policy.json": '{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "${queue}"}]}',
    }
    (found,) = statements(terraform(main, files))
    resources = found["Resource"]
    assert (resources[0] if isinstance(resources, list) else resources) == Text.of(Att("aws_sqs_queue.q", "Arn"))
    assert found["Effect"] == "Allow" and found["Action"] in ("sqs:SendMessage", ["sqs:SendMessage"])


def test_statements_know_their_lines(terraform: Write) -> None:
    policy = """
resource "aws_iam_role_policy" "p" {
  role   = "fn"
  policy = <<EOT
{
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
  ]
}
EOT
}
"""
    (found,) = terraform(policy + ROLE, APP).roles["aws_iam_role.fn"].statements
    assert found.place == Place("main.tf", 7, 5)


def test_a_policy_document_is_what_the_provider_makes_of_its_blocks(terraform: Write) -> None:
    main = (
        ROLE
        + """
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.fn.id
  policy = data.aws_iam_policy_document.all.json
}
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/&{aws:username}/*"]
  }
  dynamic "statement" {
    for_each = ["sqs", "sns"]
    content {
      effect      = "Deny"
      not_actions = ["${statement.value}:Get*"]
      resources   = ["*"]
      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/n"
        values   = [statement.key]
      }
    }
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({
    Statement = { Sid = "Read", Effect = "Deny", Action = "*", Resource = "*" }
  })]
}
"""
    )
    first, second, third = statements(terraform(main, APP))
    assert first == {
        "Effect": "Deny", "NotAction": ["sqs:Get*"], "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:RequestTag/n": [0]}},
    }  # fmt: skip
    assert second["NotAction"] == ["sns:Get*"]
    assert third == {"Sid": "Read", "Effect": "Deny", "Action": "*", "Resource": "*"}


def test_managed_policies_of_aws_are_attached_by_arn_and_by_name(terraform: Write) -> None:
    main = (
        ROLE
        + """
data "aws_iam_policy" "x" { name = "AWSXRayDaemonWriteAccess" }
resource "aws_iam_role_policy_attachment" "all" {
  for_each   = toset(["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", data.aws_iam_policy.x.arn])
  role       = aws_iam_role.fn.name
  policy_arn = each.value
}
"""
    )
    policies = [str(one) for one in terraform(main, APP).roles["aws_iam_role.fn"].managed_policies]
    assert policies == [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess",
    ]  # fmt: skip


def test_for_each_and_count_make_one_function_for_each_item(terraform: Write) -> None:
    main = ROLE.replace(
        '"aws_lambda_function" "fn" {',
        '"aws_lambda_function" "fn" {\n  for_each = { a = { size = 1 }, b = { size = 2 } }\n'
        "  memory_size = each.value.size",
    ).replace('function_name = "fn"', "function_name = each.key")
    main += 'resource "aws_sqs_queue" "q" {\n  count = 2\n  name = "q${count.index}"\n}\n'
    project = terraform(main, APP)
    assert [function.key for function in project.functions] == [
        'aws_lambda_function.fn["a"]', 'aws_lambda_function.fn["b"]',
    ]  # fmt: skip
    assert [str(function.name) for function in project.functions] == ["a", "b"]
    assert [project.resources[f"aws_sqs_queue.q[{n}]"].properties["QueueName"] for n in (0, 1)] == ["q0", "q1"]


def test_an_unknown_count_is_one_and_is_reported(terraform: Write) -> None:
    project = terraform(
        ROLE.replace('"fn" {\n  function', '"fn" {\n  count = var.on\n  function') + 'variable "on" {}', APP
    )
    assert len(project.functions) == 1 and "terraform-count-unknown" in codes(project)


@pytest.mark.parametrize(
    ("files", "options", "expected"),
    [
        ({}, {}, "default"),
        ({"terraform.tfvars": 'name = "file"'}, {}, "file"),
        ({"terraform.tfvars": 'name = "file"', "z.auto.tfvars": 'name = "auto"'}, {}, "auto"),
        ({"terraform.tfvars": 'name = "file"'}, {"params": {"name": "given"}}, "given"),
    ],
)
def test_a_variable_has_the_value_that_terraform_gives_it(
    terraform: Write, files: dict[str, str], options: dict[str, dict[str, str]], expected: str
) -> None:
    main = 'variable "name" { default = "default" }\n' + ROLE.replace(
        'function_name = "fn"', "function_name = var.name"
    )
    (function,) = terraform(main, {**APP, **files}, **options).functions
    assert function.name.literal == expected


def test_optional_attributes_of_a_variable_have_their_defaults(terraform: Write) -> None:
    main = """
variable "functions" {
  type = map(object({ name = string, runtime = optional(string, "python3.12") }))
  default = { one = { name = "first" } }
}
""" + ROLE.replace('"fn" {\n  function', '"fn" {\n  for_each = var.functions\n  function').replace(
        '"python3.12"', "each.value.runtime"
    )
    (function,) = terraform(main, APP).functions
    assert function.runtime == "python3.12"


def test_a_local_module_is_read_with_its_inputs_and_outputs(terraform: Write) -> None:
    module = ROLE.replace('source_file = "${path.module}/app.py"', "source_file = var.file").replace(
        'function_name = "fn"', "function_name = var.name"
    )
    module += 'variable "file" {}\nvariable "name" {}\noutput "role" { value = aws_iam_role.fn.name }\n'
    main = """
module "api" {
  for_each = toset(["a", "b"])
  source   = "./modules/fn"
  name     = each.key
  file     = "${path.module}/app.py"
}
resource "aws_iam_role_policy" "p" {
  role   = module.api["a"].role
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = "*" }] })
}
"""
    project = terraform(main, {**APP, "modules/fn/main.tf": module})
    a, b = 'module.api["a"].', 'module.api["b"].'
    assert [function.key for function in project.functions] == [
        f"{a}aws_lambda_function.fn",
        f"{b}aws_lambda_function.fn",
    ]
    assert [function.handler and function.handler.file for function in project.functions] == ["app.py", "app.py"]
    assert len(statements(project, f"{a}aws_iam_role.fn")) == 1 and not statements(project, f"{b}aws_iam_role.fn")


def test_a_module_that_is_not_in_the_repository_is_reported(terraform: Write) -> None:
    project = terraform('module "x" {\n  source = "registry.example/x/aws"\n}\n' + ROLE, APP)
    assert "terraform-module" in codes(project) and len(project.functions) == 1


def test_a_module_that_calls_itself_ends(terraform: Write) -> None:
    project = terraform('module "x" {\n  source = "./"\n}\n' + ROLE, APP)
    assert "terraform-module" in codes(project) and len(project.functions) > 1


@pytest.mark.parametrize("source", ["../outside", "../../../../etc"])
def test_a_module_outside_of_the_repository_is_not_read(terraform: Write, source: str) -> None:
    project = terraform(f'module "x" {{\n  source = "{source}"\n}}\n' + ROLE, APP)
    assert "terraform-outside" in codes(project)


@pytest.mark.parametrize(
    ("archive", "handler"),
    [
        ('source_dir = "src"', "app.handler"),
        ('source_file = "src/app.py"', "app.handler"),
        ('source {\n    content = file("src/app.py")\n    filename = "index.py"\n  }', "index.handler"),
    ],
)
def test_code_is_found_through_an_archive(terraform: Write, archive: str, handler: str) -> None:
    main = ROLE.replace('source_file = "${path.module}/app.py"', archive).replace("app.handler", handler)
    (function,) = terraform(main, {"src/app.py": "def handler(event, context): ..."}).functions
    assert function.handler is not None and function.handler.file == "src/app.py"


def test_code_is_found_through_a_local_file_of_another_name(terraform: Write) -> None:
    archive = 'source {\n    content = data.local_file.fn.content\n    filename = "index.py"\n  }'
    main = ROLE.replace('source_file = "${path.module}/app.py"', archive).replace("app.handler", "index.handler")
    main += 'data "local_file" "fn" { filename = "${path.module}/src/ship.py" }\n'
    (function,) = terraform(main, {"src/ship.py": APP["app.py"], "src/fetch.py": APP["app.py"]}).functions
    assert function.handler is not None and function.handler.file == "src/ship.py"


def test_packages_with_handlers_of_one_name_do_not_share_the_only_file(terraform: Write) -> None:
    other = ROLE.replace('"fn"', '"other"').replace(".fn.", ".other.").replace("app.zip", "other.zip")
    unknown = (ROLE + other).replace('source_file = "${path.module}/app.py"', 'source_dir = "gone"')
    first, second = terraform(unknown.replace('"gone"', '"gone/a"', 1).replace('"gone"', '"gone/b"'), APP).functions
    assert [one.handler and one.handler.file for one in (first, second)] == [None, None]


def test_code_is_found_through_an_upload_to_s3(terraform: Write) -> None:
    main = ROLE.replace(
        "filename      = data.archive_file.fn.output_path", 's3_bucket = "b"\n  s3_key = aws_s3_object.fn.key'
    )
    main += """
resource "aws_s3_object" "fn" {
  bucket = "b"
  key    = "fn.zip"
  source = data.archive_file.fn.output_path
}
"""
    (function,) = terraform(main, APP).functions
    assert function.handler is not None and function.handler.file == "app.py"


def test_what_calls_a_function_is_an_event(terraform: Write) -> None:
    main = (
        ROLE
        + """
resource "aws_sqs_queue" "q" {}
resource "aws_lambda_event_source_mapping" "q" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.fn.arn
}
resource "aws_cloudwatch_event_rule" "daily" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "daily" {
  rule = aws_cloudwatch_event_rule.daily.name
  arn  = aws_lambda_function.fn.arn
}
"""
    )
    (function,) = terraform(main, APP).functions
    assert sorted(event.kind for event in function.events) == ["schedule", "sqs"]


def test_a_bucket_has_its_notifications_and_its_key_from_resources_of_their_own(terraform: Write) -> None:
    main = (
        ROLE
        + """
resource "aws_kms_key" "k" {}
resource "aws_s3_bucket" "b" { bucket = "files" }
resource "aws_s3_bucket_notification" "b" {
  bucket = aws_s3_bucket.b.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.fn.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
"""
    )
    project = terraform(main, APP)
    assert [event.kind for event in project.functions[0].events] == ["s3"]
    encryption = project.resources["aws_s3_bucket.b"].properties["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]  # type: ignore[index, call-overload]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == Text.of(Att("aws_kms_key.k", "Arn"))


def test_a_task_definition_has_the_roles_that_running_it_passes(terraform: Write) -> None:
    main = (
        ROLE
        + """
resource "aws_iam_role" "task" { assume_role_policy = "{}" }
resource "aws_ecs_task_definition" "job" {
  family                = "job"
  container_definitions = "[]"
  task_role_arn         = aws_iam_role.task.arn
  execution_role_arn    = aws_iam_role.fn.arn
}
"""
    )
    properties = terraform(main, APP).deployed["aws_ecs_task_definition.job"].properties
    assert {"TaskRoleArn", "ExecutionRoleArn"} <= set(properties)


def test_an_arn_may_be_made_of_an_argument(terraform: Write) -> None:
    main = ROLE.replace(
        '"python3.12"', '"python3.12"\n  environment { variables = { A = aws_apigatewayv2_stage.s.execution_arn } }'
    )
    main += 'resource "aws_apigatewayv2_api" "a" {}\nresource "aws_apigatewayv2_stage" "s" {\n'
    main += '  api_id = aws_apigatewayv2_api.a.id\n  name = "v1"\n}\n'
    value = terraform(main, APP).functions[0].environment["A"]
    assert [part for part in value.parts if isinstance(part, Ref)] == [
        Ref("aws_apigatewayv2_api.a"), Ref("aws_apigatewayv2_stage.s"),
    ]  # fmt: skip


def test_types_that_nothing_refers_to_are_not_named(terraform: Write) -> None:
    assert not terraform(ROLE + 'resource "aws_new_thing" "x" {}\n', APP).findings


def test_types_that_are_not_read_are_named_and_references_to_them_are_unknown(terraform: Write) -> None:
    main = ROLE.replace('"python3.12"', '"python3.12"\n  environment { variables = { A = aws_new_thing.x.arn } }')
    project = terraform(main + 'resource "aws_new_thing" "x" {}\n', APP)
    (note,) = (finding for finding in project.findings if finding.code == "terraform-types")
    assert "aws_new_thing" in note.message
    assert project.functions[0].environment["A"].unknowns[0].reason == "aws_new_thing.x.arn is known only after apply"


def test_a_broken_file_is_reported_and_the_rest_is_read(terraform: Write) -> None:
    project = terraform(ROLE, {**APP, "broken.tf": 'resource "aws_sqs_queue" "q" {\n  name = = 3\n'})
    assert "terraform-syntax" in codes(project) and len(project.functions) == 1


def test_a_module_is_no_project_of_its_own(terraform: Write, tmp_path: Path) -> None:
    terraform('module "x" {\n  source = "./modules/x"\n}\n', {"modules/x/main.tf": ROLE, "other/main.tf": ROLE})
    found = [path.relative_to(tmp_path).as_posix() for path in find_projects(tmp_path)]
    assert found == ["main.tf", "other/main.tf"]


@pytest.mark.parametrize("count", ["1000000000", "60000"])
def test_a_huge_count_ends_with_a_message(terraform: Write, count: str) -> None:
    with pytest.raises(Exception, match="more than 50000 resources"):
        terraform(f'resource "aws_sqs_queue" "q" {{\n  count = {count}\n}}\n' + ROLE, APP)


def test_a_function_whose_number_is_not_known_is_kept_and_told(terraform: Write) -> None:
    count = "count = anytrue([var.on]) ? 1 : 0\n  function_name"
    project = terraform('variable "on" {}\n' + ROLE.replace("function_name", count, 1), APP)
    assert len(project.functions) == 1 and "terraform-count-unknown" in codes(project)


def test_an_unknown_key_of_for_each_is_told(terraform: Write) -> None:
    main = 'variable "a" {}\nvariable "b" {}\nresource "aws_sqs_queue" "q" { for_each = toset([var.a, var.b]) }\n'
    project = terraform(main)
    assert "terraform-count-unknown" in codes(project)


@pytest.mark.parametrize("name", ["more.tf", "terraform.tfvars", "x.auto.tfvars"])
def test_a_link_out_of_the_repository_is_told_and_not_followed(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)
    (inner / "main.tf").write_text(ROLE)
    (tmp_path / "secret").write_text('resource "aws_sqs_queue" "secret" {}\n')
    (inner / name).symlink_to(tmp_path / "secret")
    project = load_project(inner, Options())
    (finding,) = (one for one in project.findings if one.code == "terraform-outside")
    assert finding.place == Place(name) and name in finding.message
    assert "aws_sqs_queue.secret" not in project.resources and len(project.functions) == 1


def test_a_link_inside_of_the_repository_is_followed(terraform: Write, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/shared.tf").symlink_to(tmp_path / "shared.tf")
    project = terraform(ROLE, {"shared.tf": 'resource "aws_sqs_queue" "q" {}\n'}, "app")
    assert "aws_sqs_queue.q" in project.resources and "terraform-outside" not in codes(project)


def test_a_pipe_and_a_broken_link_are_told_and_not_read(terraform: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "gone.tf").symlink_to(tmp_path / "nothing")
    told = [one.message for one in terraform(ROLE, APP).findings if one.code == "terraform-file"]
    assert told == ["gone.tf is a broken link", "pipe.tf is not a regular file"]
