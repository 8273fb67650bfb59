"""The table of properties that give access."""

from __future__ import annotations

import pytest

from scopedown.project.grants import grant_rows
from scopedown.project.terraform.rows import resource_rows
from scopedown.project.terraform.shapes import read_arguments


def test_every_row_has_a_type_and_says_what_it_holds():
    for type, rows in grant_rows().items():
        assert type.startswith(("AWS::", "Alexa::", "aws_"))
        assert len({row.keys for row in rows}) == len(rows)
        assert {row.holds for row in rows} <= {"policy", "role", "access", "limit"}
        assert not any(row.nothing for row in rows if row.holds in ("policy", "role"))


def test_every_policy_that_terraforms_reader_knows_is_in_the_table():
    for type in resource_rows():
        for argument, property in read_arguments(type).items():
            if "Polic" in property and not type.startswith("aws_iam_"):
                assert any(row.keys == (argument,) for row in grant_rows()[type]), (type, argument)


@pytest.mark.parametrize(
    ("type", "property", "holds"),
    [
        ("AWS::ECR::Repository", ("RepositoryPolicyText",), "policy"),
        ("AWS::Logs::ResourcePolicy", ("PolicyDocument",), "policy"),
        ("AWS::DynamoDB::Table", ("ResourcePolicy", "PolicyDocument"), "policy"),
        ("AWS::IAM::UserToGroupAddition", (), "access"),
        ("AWS::S3::Bucket", ("PublicAccessBlockConfiguration", "BlockPublicPolicy"), "limit"),
        ("AWS::Pipes::Pipe", ("RoleArn",), "role"),
        ("aws_dynamodb_resource_policy", ("policy",), "policy"),
        ("aws_iam_policy_attachment", (), "access"),
        ("aws_s3_bucket_public_access_block", ("block_public_policy",), "limit"),
        ("aws_pipes_pipe", ("role_arn",), "role"),
    ],
)
def test_properties_that_give_access_are_in_the_table(type: str, property: tuple[str, ...], holds: str):
    assert holds in {row.holds for row in grant_rows()[type] if row.keys == property}


def test_values_are_found_through_lists_branches_and_blocks():
    (row,) = (one for one in grant_rows()["AWS::IAM::User"] if one.keys == ("Policies", "PolicyDocument"))
    tree = {"Policies": [{"Fn::If": ["Prod", {"PolicyDocument": 1}, {"PolicyDocument": 2}]}, {"PolicyDocument": 3}]}
    assert [value for _, value in row.values(tree)] == [1, 2, 3]
    assert [path for path, _ in row.values({"Policies": {"Fn::Split": [",", "x"]}})] == ["Policies"]
