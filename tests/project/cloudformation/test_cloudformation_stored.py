"""Values of Parameter Store that the user says in ``--param-file``: of parameters, and of dynamic references."""

from __future__ import annotations

from typing import Any

TEMPLATE = """
    Parameters:
      Table: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/table}
      Subnets: {Type: "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>", Default: /shop/subnets}
      Name: {Type: "AWS::SSM::Parameter::Name", Default: /shop/table}
    Conditions:
      IsOrders: !Equals [!Ref Table, orders]
    Resources:
      Topic:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !If [IsOrders, yes, no], DisplayName: "{{resolve:ssm:/shop/table:3}}-topic"}
"""


def test_a_parameter_s_value_is_what_stands_under_its_name(read: Any) -> None:
    project = read(TEMPLATE, values={"ssm:/shop/table": "orders", "ssm:/shop/subnets": ["subnet-1", "subnet-2"]})
    assert project.parameters["Table"] == {"Type": "String", "Default": "orders"}
    assert project.parameters["Subnets"] == {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1,subnet-2"}
    assert project.parameters["Name"] == {"Type": "AWS::SSM::Parameter::Name", "Default": "/shop/table"}
    assert project.resources["Topic"].properties == {"TopicName": "yes", "DisplayName": "orders-topic"}


def test_the_name_may_be_given_by_the_user_too(read: Any) -> None:
    project = read(TEMPLATE, values={"ssm:/other": "orders"}, params={"Table": "/other"})
    assert project.parameters["Table"] == {"Type": "String", "Default": "orders"}


def test_a_value_that_the_user_does_not_say_stays_open(read: Any) -> None:
    project = read(TEMPLATE, values={"ssm:/elsewhere": "orders"})
    assert project.parameters["Table"] == {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/table"}
    assert project.resources["Topic"].properties["DisplayName"] == "{{resolve:ssm:/shop/table:3}}-topic"
