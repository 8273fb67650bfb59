"""Policies are found wherever they are: in templates, in serverless.yml, in Terraform's JSON, in AWS's answers."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from scopedown.catalog.load import FOLDER, SqliteCatalog
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import Facts
from scopedown.validate.read import of_text
from scopedown.validate.registry import findings

BAD = {"Effect": "Allow", "Action": "s3:ListBuckets", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [BAD]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts(SqliteCatalog(FOLDER / "catalog.sqlite", FOLDER))


def read(text: str, name: str, facts: Facts) -> list[PolicyDocument]:
    return list(of_text(text, name, facts, alone=False))


def codes(document: PolicyDocument) -> list[tuple[str, int, int]]:
    return [(one.check.code, one.found.place.line, one.found.place.column) for one in findings(document)]


def test_a_template_in_yaml_has_policies_of_three_kinds(facts: Facts) -> None:
    text = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole', Resource: '*'}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: s3:ListBuckets
                Resource: !Sub 'arn:${AWS::Partition}:s3:::${Bucket}/*'
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: '*', Action: 'kms:Decrypt', Resource: !GetAtt Bucket.Arn}
"""
    trust, identity, bucket = read(text, "template.yaml", facts)
    assert (str(trust.kind), str(identity.kind), str(bucket.kind)) == ("trust", "identity", "resource")
    assert bucket.resource_type == "AWS::S3::Bucket"
    assert codes(trust) == [("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", 8, 99)]
    assert codes(identity) == [("INVALID_ACTION", 15, 25)]
    assert [code for code, _, _ in codes(bucket)] == ["UNSUPPORTED_ACTION_IN_POLICY"]
    assert identity.name == "Resources.Role.Properties.Policies[0].PolicyDocument"


def test_both_branches_of_a_condition_are_read(facts: Facts) -> None:
    statement = {"Fn::If": ["C", BAD, {"Ref": "AWS::NoValue"}]}
    template = {
        "Resources": {
            "P": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
            }
        }
    }
    (document,) = read(json.dumps(template), "t.json", facts)
    assert [code for code, _, _ in codes(document)] == ["INVALID_ACTION"]


def test_two_references_are_not_the_same_resource(facts: Facts) -> None:
    text = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: [!GetAtt A.Arn, !GetAtt B.Arn, !GetAtt A.Arn]}]
"""
    (document,) = read(text, "t.yaml", facts)
    assert [code for code, _, _ in codes(document)] == ["REDUNDANT_RESOURCE"]


def test_statements_of_serverless_yml_are_read_and_its_variables_are_not_iams(facts: Facts) -> None:
    text = """\
service: s
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:GetObject
          Resource: arn:aws:s3:::${self:custom.bucket.${opt:stage}}/${aws:username}/*
        - Effect: Allow
          Action: s3:ListBuckets
          Resource: '*'
functions:
  f: {handler: a.b, iamRoleStatements: [{Effect: allow, Action: 's3:GetObject', Resource: '*'}]}
"""
    role, own = read(text, "serverless.yml", facts)
    assert codes(role) == [("INVALID_ACTION", 11, 19)]
    assert [code for code, _, _ in codes(own)] == ["INVALID_EFFECT"]


def test_policies_in_texts_of_terraform_are_read(facts: Facts) -> None:
    tree = {
        "resource": {
            "aws_iam_role": {"r": {"assume_role_policy": json.dumps(TRUST)}},
            "aws_iam_policy": {"p": {"policy": json.dumps(POLICY)}},
        },
        "data": {
            "aws_iam_policy_document": {
                "d": {"statement": [{"actions": ["s3:ListBuckets"], "resources": ["${aws_s3_bucket.b.arn}"]}]}
            }
        },
    }
    documents = read(json.dumps(tree, indent=1), "main.tf.json", facts)
    assert [str(one.kind) for one in documents] == ["trust", "identity", "identity"]
    assert [[code for code, _, _ in codes(one)] for one in documents] == [[], ["INVALID_ACTION"], ["INVALID_ACTION"]]
    assert codes(documents[1])[0][1] > 1


def test_an_accounts_details_are_read_as_objects_and_as_encoded_texts(facts: Facts) -> None:
    details = {
        "RoleDetailList": [
            {
                "AssumeRolePolicyDocument": quote(json.dumps(TRUST)),
                "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": POLICY}],
            }
        ],
        "Policies": [{"PolicyVersionList": [{"Document": POLICY}]}],
    }
    documents = read(json.dumps(details), "details.json", facts)
    assert [str(one.kind) for one in documents] == ["trust", "identity", "identity"]
    assert [len(codes(one)) for one in documents] == [0, 1, 1]


def test_a_policy_of_an_organization_has_the_kind_that_it_names(facts: Facts) -> None:
    answer = {"Policy": {"PolicySummary": {}, "Content": json.dumps(POLICY), "Type": "SERVICE_CONTROL_POLICY"}}
    (document,) = read(json.dumps(answer), "policy.json", facts)
    assert str(document.kind) == "scp"


def test_a_policy_in_yaml_is_read(facts: Facts) -> None:
    (document,) = of_text("Version: '2012-10-17'\nStatement:\n  - {Effect: Allow, Action: x}\n", "p.yml", facts)
    assert {code for code, _, _ in codes(document)} == {"INVALID_ACTION", "MISSING_RESOURCE"}


def test_a_file_without_policies_has_none_unless_it_is_named(facts: Facts) -> None:
    assert read('{"name": "x"}', "package.json", facts) == []
    (document,) = of_text('{"name": "x"}', "package.json", facts)
    assert "MISSING_STATEMENT" in {code for code, _, _ in codes(document)}


def test_a_property_for_a_document_is_read_whatever_is_in_it(facts: Facts) -> None:
    text = "Resources:\n  P: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Version: x}}}\n"
    (document,) = read(text, "t.yaml", facts)
    assert {code for code, _, _ in codes(document)} == {"INVALID_VERSION", "MISSING_STATEMENT"}


def test_a_policy_variable_may_be_an_account_and_a_pseudo_parameter_without_sub_may_not(facts: Facts) -> None:
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:*:ACCOUNT:key/*"}
    for account, expected in (("${aws:PrincipalAccount}", []), ("${AWS::AccountId}", ["INVALID_ARN_ACCOUNT"])):
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).replace("ACCOUNT", account)
        (document,) = of_text(text, "p.json", facts)
        assert [code for code, _, _ in codes(document)] == expected


def test_text_that_is_no_document_is_broken(facts: Facts) -> None:
    (document,) = of_text("not json", "p.json", facts)
    assert [code for code, _, _ in codes(document)] == ["JSON_SYNTAX_ERROR"]
