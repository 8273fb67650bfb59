"""``scopedown write`` brings the policies of Terraform files to what their functions need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from terraform_folder import APP, ATTACHED, BASE, DOCUMENTS, LOGGING, POLICY, WIDE, Folder, function


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


NEEDED = {
    "dynamodb:PutItem": ["${aws_dynamodb_table.orders.Arn}"],
    "logs:CreateLogStream": [
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${aws_cloudwatch_log_group.fn}:*"
    ],
    "logs:PutLogEvents": [
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${aws_cloudwatch_log_group.fn}:*:*"
    ],
}


def test_a_wide_statement_gives_way_to_what_is_needed(folder: Path) -> None:
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + function()
    config = Folder(folder, text)
    config.write()
    statement = """{
      Effect   = "Allow"
      Action   = ["dynamodb:PutItem"]
      Resource = [aws_dynamodb_table.orders.arn]
    }"""
    assert config.text() == text.replace(WIDE, f"{statement}, {LOGGING}")
    assert config.allowed() == NEEDED and not config.text("scopedown.tf")


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_policies_are_changed_in_any_notation(folder: Path, kind: str, newline: str) -> None:
    text = "\ufeff" + (BASE + DOCUMENTS[kind] + function() + "# größe 日本\n").replace("\n", newline)
    config = Folder(folder, text)
    config.write()
    after = config.text()
    assert config.allowed() == NEEDED and not config.text("scopedown.tf")
    before, policy, behind = text.partition(DOCUMENTS[kind].replace("\n", newline))
    assert policy and after.startswith(before) and after.endswith(behind)
    assert after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)


def test_an_inline_policy_of_a_role_is_changed(folder: Path) -> None:
    inline = """
  inline_policy {
    name   = "tables"
    policy = <<EOF
{"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
EOF
  }
"""
    text = (BASE + function()).replace("trust.json\n", f"trust.json{inline}", 1)
    config = Folder(folder, text)
    config.write()
    assert config.allowed() == NEEDED and not config.text("scopedown.tf")


def test_a_role_with_inline_policies_that_cannot_be_changed_gets_no_policy_beside_them(folder: Path) -> None:
    inline = '\n  inline_policy {\n    name   = "tables"\n    policy = file("policy.txt")\n  }\n'
    statement = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    config = Folder(folder, (BASE + function()).replace("trust.json\n", f"trust.json{inline}", 1))
    config.put({"policy.txt": json.dumps({"Statement": [statement]})})
    before = config.text()
    assert "has inline_policy blocks" in config.write(code=1)
    assert config.text() == before and not config.text("scopedown.tf")


def test_a_role_without_a_policy_gets_one_in_a_file_of_its_own(folder: Path) -> None:
    config = Folder(folder, BASE + function())
    config.write()
    assert config.text() == BASE + function()
    assert config.text("scopedown.tf").startswith("""\
resource "aws_iam_role_policy" "fn_scopedown" {
  name   = "scopedown"
  role   = aws_iam_role.fn.name
  policy = data.aws_iam_policy_document.fn_scopedown.json
}

data "aws_iam_policy_document" "fn_scopedown" {
  statement {
    effect    = "Allow"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }
""")
    assert config.allowed() == NEEDED


def test_policies_of_roles_with_similar_names_have_names_of_their_own(folder: Path) -> None:
    role = BASE[BASE.index('resource "aws_iam_role"') : BASE.index('data "archive_file"')]
    roles = role.replace('"fn" {', '"a-b" {') + role.replace('"fn" {', '"a_b" {')
    functions = function("x", "aws_iam_role.a-b.arn") + function("y", "aws_iam_role.a_b.arn")
    config = Folder(folder, BASE + roles + functions)
    config.write()
    text = config.text("scopedown.tf")
    assert text.count('"aws_iam_role_policy" "a_b_scopedown"') == text.count('"a_b_scopedown_" {') / 2 == 1


def test_a_policy_is_written_before_what_it_replaces_goes(folder: Path) -> None:
    Folder(folder, BASE + ATTACHED + function(logs=""))
    shown = run("--diff", command="write", cwd=folder).stdout
    assert shown.index("+++ b/scopedown.tf") < shown.index("+++ b/main.tf")


def test_data_sources_are_declared_where_no_other_is_there(folder: Path) -> None:
    config = Folder(folder, BASE + 'data "aws_region" "here" {}\n' + function(logs=""))
    config.write()
    assert config.text("scopedown.tf").startswith(
        'data "aws_caller_identity" "current" {}\n\ndata "aws_partition" "current" {}\n\nresource'
    )
    assert "${data.aws_region.here.id}" in config.text("scopedown.tf")


def test_an_attached_policy_of_aws_gives_way(folder: Path) -> None:
    config = Folder(folder, BASE + ATTACHED + function())
    config.write()
    assert config.text() == BASE + function()
    assert config.allowed() == NEEDED and not config.project.roles["aws_iam_role.fn"].managed_policies


def test_an_attachment_that_something_names_stays(folder: Path) -> None:
    more = "depends_on = [aws_iam_role_policy_attachment.logs]"
    text = BASE + ATTACHED + function(more=more)
    config = Folder(folder, text)
    assert "aws_lambda_function.fn names its attachment" in config.write()
    assert config.text() == text


def test_what_a_function_may_need_stays(folder: Path) -> None:
    text = BASE + POLICY.replace("STATEMENTS", f"{WIDE}, {WIDE.replace('dynamodb', 'sqs')}") + ATTACHED
    config = Folder(folder, text + function(), **{"app.py": APP + "    event['what'].purge_queue(QueueUrl='b')\n"})
    told = config.write()
    assert '"sqs:*"' in config.text() and "dynamodb:*" not in config.text(), told
    assert "kept: main.tf" in told and "unsure" in told


def test_deny_statements_and_conditions_stay(folder: Path) -> None:
    deny = '{ Effect = "Deny", Action = "s3:*", Resource = "*" }'
    config = Folder(folder, BASE + POLICY.replace("STATEMENTS", f"{WIDE}, {deny}") + function())
    config.write()
    assert deny in config.text() and WIDE not in config.text()


def test_a_policy_that_two_roles_have_stays_as_it_is(folder: Path) -> None:
    other = BASE.partition('resource "aws_iam_role"')[2].partition("\n\n")[0]
    second = f'resource "aws_iam_role"{other}\n'.replace('"fn"', '"other"')
    shared = DOCUMENTS["a data source"] + (
        'resource "aws_iam_role_policy" "other" {\n  role   = aws_iam_role.other.name\n'
        "  policy = data.aws_iam_policy_document.fn.json\n}\n"
    )
    text = BASE + second + shared + function()
    config = Folder(folder, text)
    assert "several resources have the policy" in config.write()
    assert config.text() == text


@pytest.mark.parametrize(
    "use",
    [
        'resource "aws_kms_key" "k" { policy = data.aws_iam_policy_document.fn.json }\n',
        'output "policy" { value = data.aws_iam_policy_document.fn.json }\n',
        'module "other" {\n  source = "example/other/aws"\n  policy = data.aws_iam_policy_document.fn.json\n}\n',
    ],
)
def test_a_document_that_something_else_uses_stays_as_it_is(folder: Path, use: str) -> None:
    text = BASE + DOCUMENTS["a data source"] + use + function()
    config = Folder(folder, text)
    assert "data.aws_iam_policy_document.fn is used in several places" in config.write()
    assert config.text() == text


def test_a_comment_is_no_use_of_a_document(folder: Path) -> None:
    text = BASE + DOCUMENTS["a data source"] + "# see data.aws_iam_policy_document.fn.json\n" + function()
    config = Folder(folder, text)
    config.write()
    assert config.allowed() == NEEDED


def test_a_policy_that_is_attached_to_another_role_too_stays_as_it_is(folder: Path) -> None:
    more = (
        'resource "aws_iam_role_policy_attachment" "other" {\n  role       = "another-team"\n'
        "  policy_arn = aws_iam_policy.fn.arn\n}\n"
    )
    text = BASE + DOCUMENTS["an attached policy"] + more + function()
    config = Folder(folder, text)
    assert "also uses aws_iam_policy.fn" in config.write()
    assert config.text() == text


@pytest.mark.parametrize(
    ("more", "is_alone"),
    [("", True), ('  users = ["ann"]\n', False)],
    ids=["for one role", "for a user too"],
)
def test_an_attachment_of_lists_is_the_role_s_own_where_it_names_it_alone(
    folder: Path, more: str, is_alone: bool
) -> None:
    attached = DOCUMENTS["an attached policy"]
    old = next(line for line in attached.splitlines() if "aws_iam_role_policy_attachment" in line)
    role = next(line for line in attached.splitlines() if line.strip().startswith("role "))
    lists = attached.replace(old, old.replace("aws_iam_role_policy_attachment", "aws_iam_policy_attachment"))
    lists = lists.replace(role, f'  name = "lists"\n  roles = [{role.partition("=")[2].strip()}]\n{more}'.rstrip("\n"))
    text = BASE + lists + function()
    config = Folder(folder, text)
    said = config.write()
    assert ("also uses aws_iam_policy.fn" in said) != is_alone and (config.text() == text) != is_alone


def test_an_attachment_of_a_list_that_is_worked_out_may_be_of_several_roles(folder: Path) -> None:
    attached = DOCUMENTS["an attached policy"]
    old = next(line for line in attached.splitlines() if "aws_iam_role_policy_attachment" in line)
    role = next(line for line in attached.splitlines() if line.strip().startswith("role "))
    lists = attached.replace(old, old.replace("aws_iam_role_policy_attachment", "aws_iam_policy_attachment"))
    lists = lists.replace(role, '  name = "lists"\n  roles = [for one in aws_iam_role.fn[*] : one.name]')
    config = Folder(folder, text := BASE + lists + function())
    config.write()
    assert config.text() == text


def test_a_policy_of_which_nothing_is_needed_goes_with_what_attaches_it(folder: Path) -> None:
    unused = DOCUMENTS["an attached policy"].replace("dynamodb", "s3").replace('"fn"', '"s3"')
    unused = unused.replace("aws_iam_policy.fn", "aws_iam_policy.s3")
    text = BASE + POLICY.replace("STATEMENTS", WIDE)
    config = Folder(folder, text + unused + function())
    config.write()
    assert config.allowed() == NEEDED and "aws_iam_policy" not in config.text().replace("aws_iam_policy_document", "")
    assert config.text().endswith(f"}})\n}}\n{function()}")


def test_functions_that_share_a_role_share_its_policy(folder: Path) -> None:
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + function("a") + function("b")
    config = Folder(folder, text)
    assert "is the role of aws_lambda_function.a, aws_lambda_function.b" in config.write()
    assert config.allowed()["dynamodb:PutItem"] == ["${aws_dynamodb_table.orders.Arn}"]
    one = config.write("--function", "aws_lambda_function.a")
    assert "aws_lambda_function.b also assume it" in one


def test_a_role_of_a_module_that_was_not_read_stays(folder: Path) -> None:
    use = 'module "job" {\n  source   = "example/job/aws"\n  role_arn = aws_iam_role.fn.arn\n}\n'
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + use + function()
    config = Folder(folder, text)
    assert "module.job, which scopedown did not read, is given it" in config.write()
    assert config.text() == text


def test_names_with_a_variable_are_written_with_it(folder: Path) -> None:
    text = (
        'variable "env" { default = "dev" }\n'
        + BASE.replace('name = "orders"', 'name = "${var.env}-orders"')
        + function("${var.env}-fn", logs="").replace(
            '"aws_lambda_function" "${var.env}-fn"', '"aws_lambda_function" "fn"'
        )
    )
    config = Folder(folder, text)
    config.write()
    assert ":log-group:/aws/lambda/${var.env}-fn:*" in config.text("scopedown.tf")
    assert "dev" not in config.text("scopedown.tf")


def test_a_table_that_a_variable_chooses_is_not_named(folder: Path) -> None:
    text = (
        'variable "env" { default = "dev" }\nresource "aws_dynamodb_table" "live" { name = "live" }\n'
        + BASE
        + POLICY.replace("STATEMENTS", WIDE)
        + function().replace(
            "aws_dynamodb_table.orders.name",
            'var.env == "prod" ? aws_dynamodb_table.live.name : aws_dynamodb_table.orders.name',
        )
    )
    config = Folder(folder, text)
    config.write()
    (arn,) = config.allowed()["dynamodb:PutItem"]
    assert arn.endswith(":table/*")


def test_a_policy_in_a_module_names_what_the_module_has(folder: Path) -> None:
    module = (BASE + POLICY.replace("STATEMENTS", WIDE) + function()).replace("${path.module}/app.py", "app.py")
    config = Folder(folder, 'provider "aws" {}\nmodule "shop" { source = "./shop" }\n', **{"shop/main.tf": module})
    config.write()
    role = config.allowed("module.shop.aws_iam_role.fn")
    assert role["dynamodb:PutItem"] == ["${module.shop.aws_dynamodb_table.orders.Arn}"]
    assert "Resource = [aws_dynamodb_table.orders.arn]" in config.text("shop/main.tf")


def test_a_module_that_is_called_twice_stays_as_it_is(folder: Path) -> None:
    module = (BASE + POLICY.replace("STATEMENTS", WIDE) + function()).replace("${path.module}/app.py", "app.py")
    calls = 'provider "aws" {}\nmodule "a" { source = "./shop" }\nmodule "b" { source = "./shop" }\n'
    config = Folder(folder, calls, **{"shop/main.tf": module})
    assert "is called several times and has no output" in config.write(code=1)
    assert config.text("shop/main.tf") == module


def test_a_module_outside_of_the_folder_stays_as_it_is(folder: Path) -> None:
    module = (BASE + POLICY.replace("STATEMENTS", WIDE) + function()).replace("${path.module}/app.py", "app.py")
    Folder(
        folder,
        "",
        **{"live/main.tf": 'provider "aws" {}\nmodule "shop" { source = "../shop" }\n', "shop/main.tf": module},
    )
    (folder / "main.tf").unlink()
    (folder / "live" / "app.py").write_text(APP)
    ran = run("--yes", command="write", cwd=folder / "live")
    assert "is outside the configuration's folder and has no output" in ran.stderr
    assert (folder / "shop/main.tf").read_text() == module


def test_a_function_of_the_lambda_module_gets_its_policy_by_the_modules_output(folder: Path) -> None:
    text = """\
resource "aws_dynamodb_table" "orders" { name = "orders" }
module "fn" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "fn"
  handler       = "app.handler"
  runtime       = "python3.12"
  source_path   = "app.py"
  environment_variables = { TABLE = aws_dynamodb_table.orders.name }
}
"""
    config = Folder(folder, text)
    config.write()
    assert "role   = module.fn.lambda_role_name" in config.text("scopedown.tf") and config.text() == text
    statements = """\
  attach_policy_statements = true
  policy_statements = {
    dynamodb = { effect = "Allow", actions = ["dynamodb:*"], resources = ["*"] }
  }
}
"""
    (folder / "scopedown.tf").unlink()
    config.put({"main.tf": text.removesuffix("}\n") + statements})
    config.write()
    assert 'actions   = ["dynamodb:PutItem"]' in config.text() and "dynamodb:*" not in config.text()
    assert not config.text("scopedown.tf")


def test_diff_and_check_write_nothing(folder: Path) -> None:
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + function(logs="")
    config = Folder(folder, text)
    shown = run("--diff", command="write", cwd=folder)
    assert shown.returncode == 0 and "+++ b/main.tf" in shown.stdout and "+++ b/scopedown.tf" in shown.stdout
    assert run("--check", command="write", cwd=folder).returncode == 1
    assert config.text() == text and not config.text("scopedown.tf")
    config.write()
    assert run("--check", command="write", cwd=folder).returncode == 0


def test_a_plan_is_not_written(folder: Path) -> None:
    plan = {"format_version": "1.2", "planned_values": {"root_module": {}}, "configuration": {"root_module": {}}}
    (folder / "plan.json").write_text(json.dumps(plan))
    ran = run("plan.json", command="write", cwd=folder)
    assert ran.returncode == 2


@pytest.mark.parametrize("option", [("--as", "managed"), ("--boundary", "arn:aws:iam::123456789012:policy/b")])
def test_forms_of_other_tools_are_refused(folder: Path, option: tuple[str, str]) -> None:
    Folder(folder, BASE + function())
    ran = run(*option, command="write", cwd=folder)
    assert ran.returncode == 2 and "do not apply" in ran.stderr


@pytest.mark.parametrize(
    "broken",
    [
        "}",
        'resource "x" {',
        'data "aws_iam_policy_document" "x" { statement { actions = ["s3:*" } }',
        "\x00",
        "a = <<EOT\n",
    ],
)
def test_a_broken_file_is_left_as_it_is(folder: Path, broken: str) -> None:
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + function() + broken
    Folder(folder, text)
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode in (0, 1, 2) and "Traceback" not in ran.stderr
    assert (folder / "main.tf").read_bytes() == text.encode()


@pytest.mark.parametrize("argument", ["provider = aws.edge", 'region = "eu-west-1"'])
def test_a_function_in_another_region_is_left_alone(folder: Path, argument: str) -> None:
    text = BASE + POLICY.replace("STATEMENTS", WIDE) + function(more=argument)
    config = Folder(folder, text)
    assert "sets another region or account" in config.write(code=1)
    assert config.text() == text


def test_a_function_at_the_edge_is_left_alone(folder: Path) -> None:
    text = (BASE + POLICY.replace("STATEMENTS", WIDE) + function()).replace(
        '["lambda.amazonaws.com"]', '["lambda.amazonaws.com", "edgelambda.amazonaws.com"]'
    )
    config = Folder(folder, text)
    assert "Lambda@Edge runs its functions in every region" in config.write(code=1)
    assert config.text() == text


def test_a_statement_on_a_name_that_an_apply_knows_stays_where_it_may_be_needed(folder: Path) -> None:
    invoke = '{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.other.arn }'
    other = function("other", '"arn:aws:iam::123456789012:role/other"').replace('name = "other"', "name = var.name")
    text = 'variable "name" {}\n' + BASE + POLICY.replace("STATEMENTS", f"{invoke}, {WIDE}") + other
    first = function().replace("aws_dynamodb_table.orders.name", "aws_lambda_function.other.arn")
    app = "import os\nimport boto3\ndef handler(event, context):\n"
    app += "    boto3.client('lambda').invoke(FunctionName=os.environ['TABLE'])\n"
    config = Folder(folder, text + first, **{"app.py": app})
    config.write()
    assert invoke in config.text() and WIDE not in config.text() and "logs:PutLogEvents" in config.text()


@pytest.mark.parametrize(
    ("name", "text"),
    [("more.tf.json", '{"resource": {}}'), ("broken.tf", 'resource "aws_sqs_queue" "jobs" { name = \n')],
)
def test_a_file_that_is_not_hcl_hinders_no_new_policy(folder: Path, name: str, text: str) -> None:
    config = Folder(folder, BASE + function())
    config.put({name: text})
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    assert 'resource "aws_iam_role_policy" "fn_scopedown"' in config.text("scopedown.tf")


def test_a_label_that_a_file_of_json_has_is_not_taken_again(folder: Path) -> None:
    config = Folder(folder, BASE + function())
    config.put(
        {"more.tf.json": '{"resource": {"aws_iam_role_policy": {"fn_scopedown": {"role": "x", "policy": "{}"}}}}'}
    )
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    assert 'resource "aws_iam_role_policy" "fn_scopedown_"' in config.text("scopedown.tf")


def test_what_for_makes_several_times_is_told_once(folder: Path) -> None:
    made = f'jsonencode({{ Statement = [for name in ["a", "b"] : {WIDE}] }})'
    config = Folder(folder, BASE + POLICY.partition("  policy")[0] + f"  policy = {made}\n}}\n" + function())
    assert config.write().count("is not written as a plain statement of one policy") == 1


CHOSEN = """variable "prod" { default = true }
resource "aws_iam_role_policy" "more" {
  count  = var.prod ? 1 : 0
  role   = aws_iam_role.fn.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:PutItem", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "all" {
  count      = var.prod ? 1 : 0
  role       = aws_iam_role.fn.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
}
"""


def test_a_policy_that_a_variable_counts_is_not_counted_on(folder: Path) -> None:
    config = Folder(folder, CHOSEN + BASE + POLICY.replace("STATEMENTS", WIDE) + function())
    told = config.write()
    assert "aws_dynamodb_table.orders.arn" in config.text() and CHOSEN in config.text()
    assert "AmazonDynamoDBFullAccess: count or for_each decides whether it is attached" in told


@pytest.mark.parametrize("effect", ['var.prod ? "Deny" : "Allow"', 'terraform.workspace == "prod" ? "Deny" : "Allow"'])
def test_a_statement_that_may_deny_in_another_deployment_stays(folder: Path, effect: str) -> None:
    drop = f'{{ Effect = {effect}, Action = "dynamodb:DeleteTable", Resource = "*" }}'
    policy = POLICY.replace("STATEMENTS", f"{WIDE}, {drop}")
    config = Folder(folder, 'variable "prod" { default = false }\n' + BASE + policy + function())
    config.write()
    assert drop in config.text() and "aws_dynamodb_table.orders.arn" in config.text()


def test_a_workspace_is_not_written_as_the_one_that_is_read(folder: Path) -> None:
    named = function().replace("aws_dynamodb_table.orders.name", '"${terraform.workspace}-orders"')
    config = Folder(folder, BASE + POLICY.replace("STATEMENTS", WIDE) + named)
    config.write()
    assert ":table/${terraform.workspace}-orders" in config.text()


def test_a_dynamic_statement_that_a_variable_decides_is_not_counted_on(folder: Path) -> None:
    dynamic = """  dynamic "statement" {
    for_each = var.prod ? [1] : []
    content {
      actions   = ["dynamodb:PutItem"]
      resources = ["*"]
    }
  }
"""
    document = f"""variable "prod" {{ default = true }}
data "aws_iam_policy_document" "fn" {{
  statement {{
    actions   = ["dynamodb:*"]
    resources = ["*"]
  }}
{dynamic}}}
resource "aws_iam_role_policy" "fn" {{
  role   = aws_iam_role.fn.id
  policy = data.aws_iam_policy_document.fn.json
}}
"""
    config = Folder(folder, BASE + document + function())
    config.write()
    assert dynamic in config.text() and "aws_dynamodb_table.orders.arn" in config.text()
