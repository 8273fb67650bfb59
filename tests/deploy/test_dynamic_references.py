"""What a template takes from beside itself is allowed to whoever deploys it: parameters, secrets, zones."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.test_plan import needed, project, resources_of

ACCOUNT = "123456789012"
TOPIC = "Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: VALUE}}"


@pytest.mark.parametrize(
    ("value", "action", "arn"),
    [
        ("'{{resolve:ssm:/app/key:1}}'", "ssm:GetParameters", "ssm:eu-west-1:ACCOUNT:parameter/app/key"),
        ("'{{resolve:ssm-secure:key}}'", "ssm:GetParameters", "ssm:eu-west-1:ACCOUNT:parameter/key"),
        ("!Sub 'a-{{resolve:ssm:/${Stage}/key}}'", "ssm:GetParameters", "ssm:eu-west-1:ACCOUNT:parameter/dev/key"),
        ("!Join ['', ['{{resolve:ssm:/', !Ref Stage, '}}']]", "ssm:GetParameters",
         "ssm:eu-west-1:ACCOUNT:parameter/dev"),
        ("'{{resolve:ssm:/aws/service/ami}}'", "ssm:GetParameters", "ssm:eu-west-1:*:parameter/aws/service/ami"),
        ("'{{resolve:secretsmanager:db:SecretString:password}}'", "secretsmanager:GetSecretValue",
         "secretsmanager:eu-west-1:ACCOUNT:secret:db-??????"),
        ("!Sub '{{resolve:secretsmanager:arn:aws:secretsmanager:${AWS::Region}:1:secret:db-AbCdEf}}'",
         "secretsmanager:GetSecretValue", "secretsmanager:eu-west-1:1:secret:db-AbCdEf"),
    ],
)  # fmt: skip
def test_a_dynamic_reference_needs_its_read(tmp_path: Path, value: str, action: str, arn: str) -> None:
    text = f"Parameters: {{Stage: {{Type: String, Default: dev}}}}\nResources:\n  {TOPIC.replace('VALUE', value)}\n"
    found = needed(resources_of(project(tmp_path, text, "shop.yaml", region="eu-west-1")))
    assert found[action] == {f"arn:aws:{arn.replace('ACCOUNT', ACCOUNT)}"}


def test_a_parameter_of_parameter_store_needs_its_read(tmp_path: Path) -> None:
    kind = "'AWS::SSM::Parameter::Value<String>'"
    text = f"Parameters: {{Image: {{Type: {kind}, Default: /image}}}}\nResources:\n  {TOPIC.replace('VALUE', 'a')}\n"
    found = needed(resources_of(project(tmp_path, text, "shop.yaml", region="eu-west-1")))
    assert found["ssm:GetParameters"] == {f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/image"}


def test_zones_need_what_the_page_of_the_function_says(tmp_path: Path) -> None:
    subnet = "Subnet: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs '']}}"
    found = needed(resources_of(project(tmp_path, f"Resources:\n  {subnet}\n", "shop.yaml", region="eu-west-1")))
    assert found["ec2:DescribeAvailabilityZones"] == {"*"}


def test_nothing_is_read_where_a_stack_is_only_removed(tmp_path: Path) -> None:
    text = f"Resources:\n  {TOPIC.replace('VALUE', '{{resolve:ssm:/app/key}}')}\n".replace("{{", "'{{").replace(
        "}}}", "}}'}"
    )
    source = project(tmp_path, text, "shop.yaml", region="eu-west-1")
    assert "ssm:GetParameters" in needed(resources_of(source))
    assert "ssm:GetParameters" not in needed(resources_of(source, ("remove",)))
