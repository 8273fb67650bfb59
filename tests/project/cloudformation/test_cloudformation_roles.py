"""Roles of templates: every policy that is attached, as statements with their places."""

from __future__ import annotations

from typing import Any

TEMPLATE = """
    Parameters: {Extra: {Type: String}}
    Conditions: {HasExtra: !Not [!Equals [!Ref Extra, ""]]}
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          RoleName: worker
          AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: "sts:AssumeRole"}]}
          ManagedPolicyArns:
            - arn:aws:iam::aws:policy/ReadOnlyAccess
            - !Ref Managed
          PermissionsBoundary: arn:aws:iam::123456789012:policy/boundary
          Policies:
            - PolicyName: own
              PolicyDocument:
                Statement:
                  - {Effect: Allow, Action: "s3:GetObject", Resource: "*"}
                  - !If [HasExtra, {Effect: Allow, Action: "sns:Publish", Resource: "*"}, !Ref AWS::NoValue]
      Managed:
        Type: AWS::IAM::ManagedPolicy
        Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}}}
      Attached:
        Type: AWS::IAM::Policy
        Properties:
          Roles: [!Ref Role]
          PolicyDocument: {Statement: [{Effect: Allow, Action: "sns:*", Resource: "*"}]}
      Named:
        Type: AWS::IAM::RolePolicy
        Properties:
          RoleName: worker
          PolicyDocument: {Statement: [{Effect: Deny, Action: "iam:*", Resource: "*"}]}
"""


def test_every_policy_of_a_role_is_read_with_its_place(read: Any) -> None:
    role = read(TEMPLATE, params={"Extra": ""}).roles["Role"]
    assert [(one.statement["Action"], one.place.line) for one in role.statements if one.place] == [
        ("s3:GetObject", 17), ("sns:*", 26), ("iam:*", 31), ("sqs:*", 21),
    ]  # fmt: skip
    assert role.managed_policies == ("arn:aws:iam::aws:policy/ReadOnlyAccess", {"Ref": "Managed"})
    assert role.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    assert role.trust["Statement"][0]["Action"] == "sts:AssumeRole"


def test_a_statement_that_the_deployment_decides_on_is_kept(read: Any) -> None:
    role = read(TEMPLATE).roles["Role"]
    assert [one.statement.get("Action") for one in role.statements][:2] == ["s3:GetObject", "sns:Publish"]


def test_a_policy_that_is_attached_to_a_role_outside_is_read_of_it(read: Any) -> None:
    project = read(
        """
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              Code: {ZipFile: "x = 1"}
              Handler: index.f
              Runtime: python3.12
              Role: arn:aws:iam::123456789012:role/team/shared
          Policy:
            Type: AWS::IAM::Policy
            Properties:
              Roles: [shared]
              PolicyDocument: {Statement: [{Effect: Allow, Action: "sns:*", Resource: "*"}]}
        """
    )
    role = project.roles[project.functions[0].role]
    assert role.declared is False
    assert [one.statement["Action"] for one in role.statements] == ["sns:*"]
