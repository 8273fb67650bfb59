"""What a row allows is always something that IAM takes: an ARN, or everything where no resource limits the action."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.deploy.names import Namer
from scopedown.deploy.row_permissions import allowed
from scopedown.deploy.target import target_of
from scopedown.project.load import Options, load_project
from scopedown.project.model import DeclaredResource

ROLE = "arn:aws:iam::123456789012:role"


@pytest.fixture
def namer(tmp_path: Path) -> Namer:
    (tmp_path / "shop.yaml").write_text("Resources: {Role: {Type: AWS::IAM::Role}}\n")
    project = load_project(tmp_path / "shop.yaml", Options(account="123456789012", region="eu-west-1"))
    return Namer.of(project, target_of(project), catalog())


@pytest.mark.parametrize(
    ("action", "value", "arns"),
    [
        ("iam:PassRole", f"{ROLE}/r", [f"{ROLE}/r"]),
        ("iam:PassRole", "r", [f"{ROLE}/r", f"{ROLE}/*/r"]),
        ("iam:PassRole", {"Ref": "Role"}, [f"{ROLE}/shop-Role-*", f"{ROLE}/*/shop-Role-*"]),
        ("iam:PassRole", Text.unknown("?"), [f"{ROLE}/*"]),
        ("lambda:GetLayerVersion", Text.unknown("?"), ["arn:aws:lambda:eu-west-1:*:layer:*:*"]),
        ("sqs:SendMessage", "not an ARN at all", ["arn:aws:sqs:eu-west-1:123456789012:*"]),
        ("ec2:DescribeVpcs", "vpc-1", ["*"]),
    ],
)
def test_a_value_becomes_an_arn(namer: Namer, action: str, value: object, arns: list[str]) -> None:
    subject = DeclaredResource("One", "AWS::A::B", {"Value": value}, Place("shop.yaml"))  # type: ignore[dict-item]
    assert list(allowed(action, "{Value}", "", subject, namer).arns) == arns


def test_a_value_that_is_no_arn_is_told(namer: Namer) -> None:
    subject = DeclaredResource("One", "AWS::A::B", {"Value": "not an ARN at all"}, Place("shop.yaml"))
    assert allowed("sqs:SendMessage", "{Value}", "", subject, namer).reasons == ("not an ARN at all is not an ARN",)
