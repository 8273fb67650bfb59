"""``scopedown write`` in a CDK app prints grants on the app's own constructs, and the wider ones that they replace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run

CODE = """\
import os
import boto3
def handler(event, context):
    boto3.client("dynamodb").get_item(TableName=os.environ["ORDERS"], Key=event)
    boto3.client("dynamodb").query(TableName=os.environ["INDEXED"], IndexName="byDate")
    boto3.client("s3").get_object(Bucket=os.environ["UPLOADS"], Key=event["key"])
    boto3.client("sns").publish(TopicArn=os.environ["NEWS"], Message="x")
    boto3.client("sqs").send_message(QueueUrl=os.environ["AUDIT"], MessageBody="x")
"""
TYPESCRIPT = """\
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
export class ShopStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id);
    const orders = new dynamodb.Table(this, 'Orders');
    const indexed = new dynamodb.Table(this, 'Indexed');
    const uploads = new s3.Bucket(this, 'Uploads');
    new sns.Topic(this, 'News');
    const save = new lambda.Function(this, 'Save', {
      runtime: lambda.Runtime.PYTHON_3_12,
    });
    orders.grantReadWriteData(save);
  }
}
export class DataStack extends Stack {
  constructor(scope, id) { super(scope, id); this.audit = new sqs.Queue(this, 'Audit'); }
}
new DataStack(app, 'Data');
new ShopStack(app, 'Shop');
"""
PYTHON = """\
from aws_cdk import Stack, aws_dynamodb as dynamodb
class ShopStack(Stack):
    def __init__(self, scope, id, audit):
        super().__init__(scope, id)
        self.orders = dynamodb.Table(self, "Orders")
        indexed = dynamodb.Table(self, "Indexed")
        uploads = s3.Bucket(self, "Uploads")
        sns.Topic(self, "News")
        save = lambda_.Function(
            self, "Save", runtime=lambda_.Runtime.PYTHON_3_12,
        )
        self.orders.grant_read_write_data(save)
class DataStack(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.audit = sqs.Queue(self, "Audit")
"""
BASIC = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"},
                           ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}  # fmt: skip
TRUST = {
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]
}
WIDE = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Scan"],
        "Resource": [{"Fn::GetAtt": ["Orders", "Arn"]}]}  # fmt: skip


def resource(type: str, path: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type, "Properties": properties, "Metadata": {"aws:cdk:path": f"{path}/Resource"}}


def app(folder: Path, language: str, statements: list[Any], code: str = CODE, **kept: Any) -> Path:
    """A synthesized app of two stacks, whose function's role has these statements."""
    program, name, command = (
        (PYTHON, "shop.py", "python3 app.py") if language == "python" else (TYPESCRIPT, "shop.ts", "npx ts-node app.ts")
    )
    out = folder / "cdk.out"
    out.mkdir()
    (folder / name).write_text(program)
    (folder / "cdk.json").write_text(json.dumps({"app": command}))
    index = {"GlobalSecondaryIndexes": [{"IndexName": "byDate"}]}
    export = {"Fn::ImportValue": "Data:Audit"}
    variables = {"ORDERS": {"Ref": "Orders"}, "INDEXED": {"Ref": "Indexed"}, "UPLOADS": {"Ref": "Uploads"},
                 "NEWS": {"Ref": "News"}, "AUDIT": export}  # fmt: skip
    shop = {
        "Orders": resource("AWS::DynamoDB::Table", "Shop/Orders"),
        "Indexed": resource("AWS::DynamoDB::Table", "Shop/Indexed", **index),
        "Uploads": resource("AWS::S3::Bucket", "Shop/Uploads"),
        "News": resource("AWS::SNS::Topic", "Shop/News"),
        "Role": resource("AWS::IAM::Role", "Shop/Save/ServiceRole", AssumeRolePolicyDocument=TRUST,
                         ManagedPolicyArns=[BASIC]),
        "Save": resource("AWS::Lambda::Function", "Shop/Save", Runtime="python3.12", Handler="index.handler",
                         Code={"ZipFile": code}, Role={"Fn::GetAtt": ["Role", "Arn"]},
                         Environment={"Variables": variables}),
    }  # fmt: skip
    if statements:
        shop["Policy"] = resource(
            "AWS::IAM::Policy", "Shop/Save/ServiceRole/DefaultPolicy", PolicyName="p", Roles=[{"Ref": "Role"}],
            PolicyDocument={"Statement": statements},
        )  # fmt: skip
    data = {"Audit": resource("AWS::SQS::Queue", "Data/Audit")}
    outputs = {"Audit": {"Value": {"Ref": "Audit"}, "Export": {"Name": "Data:Audit"}}}
    (out / "Shop.template.json").write_text(json.dumps({"Resources": shop}, indent=1))
    (out / "Data.template.json").write_text(json.dumps({"Resources": data, "Outputs": outputs}, indent=1))
    stacks = {
        name: {"type": "aws:cloudformation:stack", "properties": {"templateFile": f"{name}.template.json"}}
        for name in ("Data", "Shop")
    }
    (out / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": stacks}))
    return folder


def printed(folder: Path, *options: str) -> list[str]:
    ran = run(*options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_grants_are_printed_in_typescript(tmp_path: Path) -> None:
    assert printed(app(tmp_path, "typescript", [WIDE])) == [
        "",
        "// Shop/Save: after line 12 of shop.ts (found by the construct's name)",
        "// audit is the construct Data/Audit, this.audit of shop.ts:17; pass it to this place",
        "// news is the construct Shop/News of shop.ts:9; assign it to this variable",
        "// remove orders.grantReadWriteData(save) (shop.ts:13); it gives what Shop/Save does not need: "
        "dynamodb:Scan on Shop/Orders",
        "audit.grant(save, 'sqs:SendMessage');",
        "news.grantPublish(save);",
        "orders.grant(save, 'dynamodb:GetItem');",
        "save.addToRolePolicy(new iam.PolicyStatement({",
        "  actions: ['dynamodb:Query'],",
        "  resources: [`${indexed.tableArn}/index/byDate`],",
        "}));",
        "save.addToRolePolicy(new iam.PolicyStatement({",
        "  actions: ['s3:GetObject'],",
        "  resources: [uploads.arnForObjects('*')],",
        "}));",
    ]


def test_grants_are_printed_in_python(tmp_path: Path) -> None:
    assert printed(app(tmp_path, "python", [WIDE])) == [
        "",
        "# Shop/Save: after line 11 of shop.py (found by the construct's name)",
        "# audit is the construct Data/Audit, self.audit of shop.py:16; pass it to this place",
        "# news is the construct Shop/News of shop.py:8; assign it to this variable",
        "# remove self.orders.grant_read_write_data(save) (shop.py:12); it gives what Shop/Save does not need: "
        "dynamodb:Scan on Shop/Orders",
        "from aws_cdk import aws_iam as iam",
        "",
        'audit.grant(save, "sqs:SendMessage")',
        "news.grant_publish(save)",
        'self.orders.grant(save, "dynamodb:GetItem")',
        "save.add_to_role_policy(iam.PolicyStatement(",
        '    actions=["dynamodb:Query"],',
        '    resources=[f"{indexed.table_arn}/index/byDate"],',
        "))",
        "save.add_to_role_policy(iam.PolicyStatement(",
        '    actions=["s3:GetObject"],',
        '    resources=[uploads.arn_for_objects("*")],',
        "))",
    ]


@pytest.mark.parametrize("passed", ["props.audit", "auditQueue"])
def test_a_construct_that_is_passed_to_the_place_is_named_as_the_grant_there_names_it(
    tmp_path: Path, passed: str
) -> None:
    queue = {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage", "sqs:PurgeQueue"],
        "Resource": {"Fn::ImportValue": "Data:AuditArn"},
    }
    folder = edited(
        app(tmp_path, "typescript", [queue]),
        "    orders.grantReadWriteData(save);\n",
        f"    {passed}.grantSendMessages(save);\n",
    )
    edited(folder, "new sqs.Queue(this, 'Audit')", "new sqs.Queue(this, 'AuditQueue')")
    for name in ("Data", "Shop"):
        template = folder / "cdk.out" / f"{name}.template.json"
        template.write_text(template.read_text().replace("Data/Audit/", "Data/AuditQueue/"))
    template = folder / "cdk.out" / "Data.template.json"
    data = json.loads(template.read_text())
    data["Outputs"]["Arn"] = {"Value": {"Fn::GetAtt": ["Audit", "Arn"]}, "Export": {"Name": "Data:AuditArn"}}
    template.write_text(json.dumps(data))
    lines = printed(folder)
    assert f"{passed}.grant(save, 'sqs:SendMessage');" in lines
    assert any(line.startswith(f"// remove {passed}.grantSendMessages(save)") for line in lines)
    assert not any("pass it to this place" in line for line in lines)


def test_what_a_removed_grant_cannot_give_is_not_granted_again(tmp_path: Path) -> None:
    topic = {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "News"}}
    traced = {"Effect": "Allow", "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Resource": "*"}
    folder = app(tmp_path, "typescript", [WIDE, topic, traced])
    template = json.loads((folder / "cdk.out" / "Shop.template.json").read_text())
    template["Resources"]["Save"]["Properties"]["TracingConfig"] = {"Mode": "Active"}
    (folder / "cdk.out" / "Shop.template.json").write_text(json.dumps(template, indent=1))
    lines = printed(folder)
    assert any("remove orders.grantReadWriteData(save)" in line for line in lines)
    assert not any("sns" in line.lower() or "news" in line or "xray" in line for line in lines)


def test_what_needs_a_key_is_granted_again_with_the_grant_that_gave_it(tmp_path: Path) -> None:
    key = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Fn::GetAtt": ["Key", "Arn"]}}
    folder = app(
        tmp_path, "typescript", [WIDE, key], code=CODE + "    boto3.client('kms').decrypt(KeyId=os.environ['KEY'])\n"
    )
    template = json.loads((folder / "cdk.out" / "Shop.template.json").read_text())
    template["Resources"]["Key"] = resource("AWS::KMS::Key", "Shop/Key")
    template["Resources"]["Save"]["Properties"]["Environment"]["Variables"]["KEY"] = {"Fn::GetAtt": ["Key", "Arn"]}
    (folder / "cdk.out" / "Shop.template.json").write_text(json.dumps(template, indent=1))
    assert any("kms:Decrypt" in line or "grantDecrypt" in line for line in printed(folder) if not line.startswith("//"))


def needed() -> list[dict[str, Any]]:
    def allow(action: str, resource: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": action, "Resource": resource}

    bucket = {"Fn::GetAtt": ["Uploads", "Arn"]}
    return [
        allow("dynamodb:GetItem", {"Fn::GetAtt": ["Orders", "Arn"]}),
        allow("dynamodb:Query", {"Fn::Join": ["", [{"Fn::GetAtt": ["Indexed", "Arn"]}, "/index/byDate"]]}),
        allow("s3:GetObject", {"Fn::Join": ["", [bucket, "/*"]]}),
        allow("sns:Publish", {"Ref": "News"}),
        allow("sqs:SendMessage", {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"}),
    ]


@pytest.mark.parametrize("language", ["typescript", "python"])
def test_nothing_is_printed_for_a_role_that_is_right(tmp_path: Path, language: str) -> None:
    statements = needed()
    folder = app(tmp_path, language, statements[:4], code=CODE.rpartition("    boto3")[0])
    (line,) = [line for line in printed(folder) if line]
    assert line[2:].strip() == "nothing to change for Shop/Save"


def test_only_what_is_lacking_is_printed(tmp_path: Path) -> None:
    lines = printed(app(tmp_path, "typescript", needed()[1:4]))
    assert [line for line in lines if line and not line.startswith("//")] == [
        "audit.grant(save, 'sqs:SendMessage');", "orders.grant(save, 'dynamodb:GetItem');"
    ]  # fmt: skip
    assert not any("remove" in line for line in lines)


def test_nothing_is_removed_where_code_was_not_seen(tmp_path: Path) -> None:
    code = "import unread\n" + CODE.replace(
        "def handler(event, context):", "def handler(event, context):\n    unread.go()"
    )
    lines = printed(app(tmp_path, "typescript", [WIDE], code=code))
    assert any("may need more permissions" in line or "did not read" in line for line in lines)
    assert not any("remove" in line for line in lines)
    assert "orders.grant(save, 'dynamodb:GetItem');" not in lines  # the wide statement stays, and allows it


def test_a_statement_whose_line_is_not_found_is_said_with_its_construct(tmp_path: Path) -> None:
    folder = app(tmp_path, "typescript", [WIDE])
    program = (folder / "shop.ts").read_text().replace("    orders.grantReadWriteData(save);\n", "")
    (folder / "shop.ts").write_text(program)
    assert (
        "// Shop/Save/ServiceRole/DefaultPolicy allows more than Shop/Save needs: dynamodb:Scan on Shop/Orders; "
        "scopedown did not find the line that grants it"
    ) in printed(folder)


def test_of_a_statement_in_a_variable_the_call_that_adds_it_is_removed(tmp_path: Path) -> None:
    folder = app(tmp_path, "typescript", [WIDE])
    made = "const wide = new iam.PolicyStatement({ actions: ['dynamodb:Scan'], resources: ['*'] });\n"
    edited(folder, "    orders.grantReadWriteData(save);\n", f"    {made}    other.addToRolePolicy(wide);\n")
    assert any("did not find the line that grants it" in line for line in printed(folder))
    edited(folder, "    other.addToRolePolicy(wide);\n", "    save.addToRolePolicy(wide);\n")
    assert any(line.startswith("// remove save.addToRolePolicy(wide) (shop.ts:14)") for line in printed(folder))


def test_a_managed_policy_is_found_on_the_role_that_has_it(tmp_path: Path) -> None:
    folder = app(tmp_path, "typescript", [])
    template = json.loads((folder / "cdk.out" / "Shop.template.json").read_text())
    arns = template["Resources"]["Role"]["Properties"]["ManagedPolicyArns"]
    arns.append("arn:aws:iam::aws:policy/AmazonS3FullAccess")
    (folder / "cdk.out" / "Shop.template.json").write_text(json.dumps(template, indent=1))
    attach = "addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess'));"
    program = (folder / "shop.ts").read_text()
    lines = f"    other.{attach}\n    save.role?.{attach}\n"
    (folder / "shop.ts").write_text(program.replace("    orders.grantReadWriteData(save);\n", lines))
    (found,) = [line for line in printed(folder) if "AmazonS3FullAccess" in line]
    assert found.startswith("// remove save.role?.addManagedPolicy(") and "(shop.ts:14)" in found
    (folder / "shop.ts").write_text(
        program.replace("    orders.grantReadWriteData(save);\n", f"    other.{attach}\n" * 2)
    )
    (found,) = [line for line in printed(folder) if "AmazonS3FullAccess" in line]
    assert "did not find the line" in found


def edited(folder: Path, old: str, new: str) -> Path:
    program = (folder / "shop.ts").read_text()
    assert old in program
    (folder / "shop.ts").write_text(program.replace(old, new))
    return folder


ORDERS = "const orders = new dynamodb.Table(this, 'Orders');"


def test_a_variable_of_a_block_is_not_used_outside_of_it(tmp_path: Path) -> None:
    lines = printed(edited(app(tmp_path, "typescript", []), ORDERS, f"if (props) {{ {ORDERS} }}"))
    assert "// orders_ is the construct Shop/Orders, orders of shop.ts:6; pass it to this place" in lines


def test_a_variable_of_an_object_is_used_in_all_of_its_methods(tmp_path: Path) -> None:
    folder = edited(app(tmp_path, "typescript", []), f"    {ORDERS}\n", "")
    method = "  make() { this.orders = new dynamodb.Table(this, 'Orders'); }\n"
    edited(folder, "}\nexport class DataStack", f"{method}}}\nexport class DataStack")
    lines = printed(folder)
    assert "this.orders.grant(save, 'dynamodb:GetItem');" in lines
    assert "// Shop/Save: after line 11 of shop.ts (found by the construct's name)" in lines


def test_a_construct_behind_the_function_moves_the_place_behind_it(tmp_path: Path) -> None:
    folder = edited(app(tmp_path, "typescript", []), f"    {ORDERS}\n", "")
    edited(folder, "    orders.grantReadWriteData(save);\n", f"    {ORDERS}\n")
    assert "// Shop/Save: after line 12 of shop.ts (found by the construct's name)" in printed(folder)


def test_a_construct_without_grants_is_said_to_have_none(tmp_path: Path) -> None:
    folder = edited(app(tmp_path, "typescript", []), "new lambda.Function(", "new lambda.CfnFunction(")
    (line,) = [line for line in printed(folder) if "CfnFunction" in line]
    assert line.startswith("// Shop/Save: CfnFunction (shop.ts:10) takes no grants")


def test_an_app_in_another_language_gets_statements(tmp_path: Path) -> None:
    folder = app(tmp_path, "typescript", [WIDE])
    (folder / "cdk.json").write_text('{"app": "mvn -q exec:java"}')
    assert printed(folder) == printed(folder, "--format", "cdk")
    assert "new iam.PolicyStatement" in "".join(printed(folder))


def test_the_language_can_be_chosen(tmp_path: Path) -> None:
    folder = app(tmp_path, "typescript", [WIDE])
    lines = printed(folder, "--format", "cdk-python")
    assert 'orders.grant(save, "dynamodb:GetItem")' in lines


def test_a_project_without_constructs_gets_names_made_of_its_logical_ids(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "serverless.yml").write_text(
        "service: notes\nprovider: {name: aws, runtime: python3.12, environment: {ORDERS: !Ref OrdersTable}}\n"
        "functions: {put: {handler: app.handler}}\n"
        "resources: {Resources: {OrdersTable: {Type: AWS::DynamoDB::Table, Properties: {}}}}\n"
    )
    lines = printed(tmp_path, "--format", "cdk-typescript")
    assert any("dynamodb:GetItem" in line for line in lines)
