"""The generated boundary: what the template's roles are given, no more and no less."""

from __future__ import annotations

import json
from typing import Any

from deploy.around import ACCOUNT, project, table
from scopedown.catalog.load import catalog
from scopedown.deploy.boundary import boundary_document
from scopedown.generate.document import MANAGED_CHARACTERS, size
from scopedown.iam import Caller, Kind, PolicySet, Request, evaluate, parse_policy
from scopedown.project.model import Project

EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def allows(found: Project, action: str, resource: str, **context: Any) -> bool:
    """Whether a function whose role is given everything may, under the boundary."""
    document, _ = boundary_document(found, catalog())
    policies = PolicySet((parse_policy(EVERYTHING),), (parse_policy(document, Kind.BOUNDARY),))
    return evaluate(Request(Caller.user(ACCOUNT, "fn"), action, resource, ACCOUNT, context), policies).allowed


def statements(*found: dict[str, Any]) -> dict[str, Any]:
    return {"iam": {"role": {"statements": list(found)}}}


TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"


def test_it_allows_what_the_roles_are_given_and_nothing_else() -> None:
    own = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}
    found = project(provider=statements(own), resources=table("orders"))
    assert allows(found, "dynamodb:GetItem", TABLE)
    assert allows(
        found, "logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/shop-dev-sell:log-stream:x"
    )
    assert not allows(found, "dynamodb:PutItem", TABLE)
    assert not allows(found, "dynamodb:GetItem", f"{TABLE}2")
    assert not allows(found, "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x")


def test_denies_and_conditions_stay() -> None:
    allow = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceVpc": "v"}},
    }
    deny = {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
    found = project(provider=statements(allow, deny))
    bucket = "arn:aws:s3:::b"
    assert allows(found, "s3:ListBucket", bucket, **{"aws:SourceVpc": "v"})
    assert not allows(found, "s3:ListBucket", bucket)
    assert not allows(found, "s3:DeleteBucket", bucket, **{"aws:SourceVpc": "v"})


def test_managed_policies_of_aws_that_are_known_count() -> None:
    vpc = {"vpc": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]}}
    assert allows(project(provider=vpc), "ec2:CreateNetworkInterface", "*")
    assert not allows(project(), "ec2:CreateNetworkInterface", "*")


def of_aws(name: str) -> Project:
    return project(provider={"iam": {"role": {"managedPolicies": [f"arn:aws:iam::aws:policy/{name}"]}}})


def test_all_statements_of_a_managed_policy_count_under_their_conditions() -> None:
    found = of_aws("SecretsManagerReadWrite")
    assert allows(found, "secretsmanager:GetSecretValue", "*")
    assert allows(found, "lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:SecretsManagerA")
    assert not allows(found, "lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders")
    assert not allows(found, "cloudformation:TagResource", "*")
    assert allows(found, "cloudformation:TagResource", "*", **{"cloudformation:CreateAction": "CreateChangeSet"})


def test_a_policy_that_is_not_known_is_told_and_counts_for_nothing() -> None:
    document, told = boundary_document(of_aws("AmazonOrdersFullAccess"), catalog())
    [reason] = [one.reason for one in told]
    assert reason == "what arn:aws:iam::aws:policy/AmazonOrdersFullAccess allows is unknown"
    assert boundary_document(of_aws("service-role/AmazonSNSFullAccess"), catalog())[1]
    assert "sns:" not in json.dumps(document)


def test_a_policy_longer_than_a_boundary_may_be_is_told_and_counts_for_nothing() -> None:
    document, told = boundary_document(of_aws("ReadOnlyAccess"), catalog())
    assert [one.reason for one in told] == [
        "arn:aws:iam::aws:policy/ReadOnlyAccess exceeds the 6,144 characters of one managed policy"
    ]
    assert "s3:" not in json.dumps(document)


def test_what_is_too_long_for_one_policy_is_widened_to_services_but_for_iam() -> None:
    many = [
        {"Effect": "Allow", "Action": [f"dynamodb:{name}"], "Resource": f"{TABLE}-{number}-{'x' * 60}"}
        for number in range(60) for name in ("GetItem", "PutItem")
    ]  # fmt: skip
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/worker"}
    found = project(provider=statements(*many, passing))
    document, told = boundary_document(found, catalog())
    assert size(document) <= MANAGED_CHARACTERS
    assert any("exceed the 6,144 characters" in one.reason for one in told)
    assert allows(found, "dynamodb:Query", TABLE)
    assert allows(found, "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/worker")
    assert not allows(found, "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin")
    assert not allows(found, "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x")
