"""What a template's functions, parameters and conditions give while a stack is deployed."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import Local, parameters, topics
from guard.cloudformation.topics import TOPIC

ONE = topics(one="1")


def valued(value: Any, **sections: Any) -> dict[str, Any]:
    """A template whose output has a value."""
    return {**ONE, **sections, "Outputs": {"Value": {"Value": value}}}


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "one"}, "arn:aws:sns:us-east-1:123456789012:one"),
        ({"Fn::GetAtt": "one.TopicName"}, "one"),
        ({"Fn::Sub": "${AWS::StackName}-${one.TopicName}-${!kept}"}, "s-one-${kept}"),
        ({"Fn::Sub": ["${a}/${AWS::Partition}", {"a": {"Ref": "AWS::AccountId"}}]}, "123456789012/aws"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, {"Fn::GetAtt": ["one", "TopicName"]}]]}, "a-one"),
        ({"Fn::Join": ["+", {"Fn::Split": [",", "a,b"]}]}, "a+b"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::GetAZs": ""}]}, "us-east-1a"),
        ({"Fn::Select": [2, {"Fn::Cidr": ["10.0.0.0/16", 4, 8]}]}, "10.0.2.0/24"),
        ({"Fn::Base64": "text"}, base64.b64encode(b"text").decode()),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "size"]}, "large"),
        ({"Fn::If": ["IsBig", "big", "small"]}, "small"),
        ({"Fn::ToJsonString": {"a": [1, {"Ref": "AWS::Region"}]}}, '{"a":[1,"us-east-1"]}'),
        ({"Fn::Join": ["", {"Ref": "AWS::NotificationARNs"}]}, ""),
    ],
)  # fmt: skip
def test_a_function_gives_its_value(local: Local, tree: Any, value: str) -> None:
    template = valued(
        tree,
        Mappings={"Sizes": {"us-east-1": {"size": "large"}}},
        Conditions={"IsBig": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
        Transform="AWS::LanguageExtensions",
    )
    local.create("s", template, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    assert local.outputs("s") == {"Value": value}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, False),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]}, True),
        ({"Fn::And": [{"Condition": "IsDev"}, {"Fn::Equals": ["a", "a"]}]}, True),
        ({"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Condition": "IsDev"}]}, True),
        ({"Fn::Equals": [{"Ref": "Number"}, 3]}, True),
    ],
)
def test_a_condition_decides_over_a_resource_its_output_and_a_property(
    local: Local, condition: Any, holds: bool
) -> None:
    template: dict[str, Any] = {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}, "Number": {"Type": "Number", "Default": 3}},
        "Conditions": {"Wanted": condition, "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
        **topics(one={"DisplayName": {"Fn::If": ["Wanted", "yes", {"Ref": "AWS::NoValue"}]}}, two="2"),
        "Outputs": {"Two": {"Condition": "Wanted", "Value": {"Ref": "two"}}},
    }
    template["Resources"]["two"]["Condition"] = "Wanted"
    local.create("s", template)
    assert local.topics() == (["one", "two"] if holds else ["one"])
    assert bool(local.outputs("s")) is holds
    display = local.gate.client("sns").get_topic_attributes(TopicArn="arn:aws:sns:us-east-1:123456789012:one")
    assert display["Attributes"].get("DisplayName", "") == ("yes" if holds else "")


def test_yaml_with_short_tags_is_read(local: Local) -> None:
    body = """
AWSTemplateFormatVersion: 2010-09-09
Description: one topic
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  One:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "${Stage}-topic"
      DisplayName: !If [IsProd, live, !Join ["-", [!Ref "AWS::Region", x]]]
Outputs:
  Name: {Value: !GetAtt One.TopicName, Description: its name}
"""
    assert local.create("s", body) == "CREATE_COMPLETE"
    assert local.outputs("s") == {"Name": "dev-topic"}
    assert local.stack("s")["Description"] == "one topic"
    assert local.aws.get_template(StackName="s")["TemplateBody"] == body


def test_parameters_come_from_the_request_the_stack_or_their_default(local: Local) -> None:
    template = valued(
        {"Fn::Sub": ["${A}-${B}-${D}-${C}", {"C": {"Fn::Join": ["+", {"Ref": "List"}]}, "D": {"Ref": "Hidden"}}]},
        Parameters={
            "A": {"Type": "String"},
            "B": {"Type": "String", "Default": "b"},
            "Hidden": {"Type": "String", "NoEcho": True, "Default": "h"},
            "List": {"Type": "CommaDelimitedList", "Default": "x, y"},
        },
    )
    local.create("s", template, Parameters=parameters(A="1", B="2"))
    assert local.outputs("s") == {"Value": "1-2-h-x+y"}
    told = {one["ParameterKey"]: one["ParameterValue"] for one in local.stack("s")["Parameters"]}
    assert told == {"A": "1", "B": "2", "Hidden": "****", "List": "x, y"}
    stays = [{"ParameterKey": "A", "UsePreviousValue": True}, *parameters(List="z")]
    local.aws.update_stack(StackName="s", UsePreviousTemplate=True, Parameters=stays)
    assert local.outputs("s") == {"Value": "1-b-h-z"}


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ({"Type": "String"}, {}, r"Parameters: \[P\] must have values"),
        ({"Type": "String"}, {"P": "a", "Q": "b"}, r"Parameters: \[Q\] do not exist in the template"),
        ({"Type": "String", "AllowedValues": ["a"]}, {"P": "b"}, "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, {"P": "1"}, "Parameter 'P' must match pattern"),
        ({"Type": "String", "MaxLength": 2}, {"P": "abc"}, "Parameter 'P' must contain at most 2 characters"),
        ({"Type": "String", "MinLength": "2"}, {"P": "a"}, "Parameter 'P' must contain at least 2 characters"),
        ({"Type": "Number", "MaxValue": 2}, {"P": "3"}, "Parameter 'P' must be a number not greater than 2"),
        ({"Type": "Number"}, {"P": "many"}, "Parameter 'P' must be a number"),
        ({"Type": "Strange"}, {"P": "a"}, "Unrecognized parameter type: Strange"),
        ({"Type": "String", "AllowedValues": ["a"], "ConstraintDescription": "only a"}, {"P": "b"},
         "Parameter P failed to satisfy constraint: only a"),
    ],
)  # fmt: skip
def test_a_parameter_that_breaks_its_rules_is_refused(
    local: Local, declared: dict[str, Any], given: dict[str, str], message: str
) -> None:
    template = {**ONE, "Parameters": {"P": declared}}
    with pytest.raises(ClientError, match=message):
        local.create("s", template, Parameters=parameters(**given))
    assert local.service.stacks == []


STORED = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/stage"}


def test_a_parameter_of_parameter_store_is_read_as_the_caller(local: Local) -> None:
    local.gate.client("ssm").put_parameter(Name="/stage", Value="dev", Type="String")
    template = valued({"Ref": "P"}, Parameters={"P": STORED})
    local.create("s", template)
    assert local.outputs("s") == {"Value": "dev"}
    assert local.stack("s")["Parameters"][0]["ResolvedValue"] == "dev"
    stacks = {"Action": ["cloudformation:*", "sns:*"], "Resource": "*"}
    poor = local.gate.client("cloudformation", local.user(stacks))
    with pytest.raises(ClientError, match="not authorized to perform: ssm:GetParameters"):
        local.create("t", template, poor)
    with pytest.raises(ClientError, match=r"Unable to fetch parameters \[/none\] from parameter store"):
        local.create("t", template, Parameters=parameters(P="/none"))


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("{{resolve:ssm:/stage}}", "dev"),
        ("a-{{resolve:ssm:/stage:1}}-z", "a-dev-z"),
        ("{{resolve:secretsmanager:secret:SecretString:password}}", "hush"),
        ({"Fn::Join": ["", ["{{resolve:ssm:/", "stage", "}}"]]}, "dev"),
        ("{{resolve:secretsmanager:secret}}", '{"password": "hush"}'),
    ],
)
def test_a_dynamic_reference_is_resolved_in_the_callers_name(local: Local, reference: Any, value: str) -> None:
    local.gate.client("ssm").put_parameter(Name="/stage", Value="dev", Type="String")
    local.gate.client("secretsmanager").create_secret(Name="secret", SecretString='{"password": "hush"}')
    assert local.create("s", topics(one={"DisplayName": reference})) == "CREATE_COMPLETE"
    display = local.gate.client("sns").get_topic_attributes(TopicArn="arn:aws:sns:us-east-1:123456789012:one")
    assert display["Attributes"]["DisplayName"] == value
    actions = "ssm:GetParameters" if "ssm" in str(reference) else "secretsmanager:GetSecretValue"
    assert actions in {one.check.action for one in local.gate.decided if one.logical_id == "one"}
    denied = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    poor = local.gate.client("cloudformation", local.user({"Action": "*", "Resource": "*"}, denied))
    assert local.create("t", topics(two={"DisplayName": reference}), poor) == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: {actions}" in str(local.events("t"))


def test_another_value_of_a_parameter_is_no_change_of_the_stack(local: Local) -> None:
    ssm = local.gate.client("ssm")
    ssm.put_parameter(Name="/stage", Value="dev", Type="String")
    template = topics(one="{{resolve:ssm:/stage}}")
    local.create("s", template)
    ssm.put_parameter(Name="/stage", Value="other", Type="String", Overwrite=True)
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        local.update("s", template)


def test_a_secret_or_a_key_of_it_that_is_not_there_fails_the_resource(local: Local) -> None:
    template = topics(one="{{resolve:secretsmanager:none}}")
    assert local.create("s", template) == "ROLLBACK_COMPLETE"
    assert "Secrets Manager can't find the specified secret" in str(local.events("s"))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("no template", "unsupported structure"),
        ("[1, 2]", "unsupported structure"),
        ('{"Resources": ', "JSON not well-formed"),
        ("a: [", "YAML not well-formed"),
        ({"Resources": {}}, "At least one Resources member must be defined"),
        ({"Resources": {"a": {}}}, r"\[/Resources/a\] Every Resources object must contain a Type member"),
        ({"Resources": {"a": "b"}}, r"\[/Resources/a\]"),
        ({"Resources": {"a-b": {"Type": TOPIC}}}, "Resource name a-b is non alphanumeric"),
        ({"Resources": {"a": {"Type": "Topic"}}}, r"Unrecognized resource types: \[Topic\]"),
        ({**ONE, "Strange": {}}, r"Invalid template property or properties \[Strange\]"),
        (topics(one={"DisplayName": {"Ref": "none"}}), r"Unresolved resource dependencies \[none\] in the Resources"),
        (topics(one={"DisplayName": {"Fn::Sub": "${none}"}}), r"Unresolved resource dependencies \[none\]"),
        (topics(one={"DisplayName": {"Fn::GetAtt": ["none", "Arn"]}}), "Fn::GetAtt references undefined resource none"),
        (valued({"Ref": "none"}), r"Unresolved resource dependencies \[none\] in the Outputs block"),
        (topics(one={"DisplayName": {"Ref": "two"}}, two={"DisplayName": {"Ref": "one"}}),
         r"Circular dependency between resources: \[one, two\]"),
        (topics(one={"DisplayName": {"Fn::FindInMap": ["M", "a", "b"]}}), "Mapping named 'M' is not present"),
        ({**topics(one={"DisplayName": {"Fn::FindInMap": ["M", "a", "c"]}}), "Mappings": {"M": {"a": {"b": "1"}}}},
         "Unable to get mapping for M::a::c"),
        (topics(one={"DisplayName": {"Fn::If": ["None", 1, 2]}}), "unresolved condition dependency None"),
        (topics(one={"DisplayName": {"Fn::Select": [3, ["a"]]}}), "cannot select nonexistent value at index 3"),
        (topics(one={"DisplayName": {"Fn::Select": ["²", ["a"]]}}), "every Fn::Select object requires"),
        (topics(one={"DisplayName": {"Fn::Select": ["9" * 5000, ["a"]]}}), "every Fn::Select object requires"),
        (topics(one={"DisplayName": {"Fn::Strange": "a"}}), "Fn::Strange"),
        ({**ONE, "Conditions": {"A": {"Condition": "B"}, "B": {"Condition": "A"}},
          "Outputs": {"O": {"Condition": "A", "Value": "1"}, "P": {"Value": {"Fn::If": ["A", "1", "2"]}}},
          "Resources": {"one": {"Type": TOPIC, "Condition": "A"}}}, "Circular dependency in conditions"),
        ({**ONE, "Transform": {"Name": "AWS::Include"}}, "The value for parameter 'Location' is missing"),
        ({**ONE, "Transform": "AWS::CodeDeployBlueGreen"},
         "Transform AWS::CodeDeployBlueGreen is not carried out here"),
        ({**ONE, "Transform": "Mine"}, "No transform named 123456789012::Mine found"),
        ({"Resources": {"f": {"Type": "AWS::Serverless::Function"}}},
         r"Unrecognized resource types: \[AWS::Serverless::Function\]"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_refused_in_the_words_of_cloudformation(
    local: Local, template: dict[str, Any] | str, message: str
) -> None:
    with pytest.raises(ClientError, match=message) as told:
        local.create("s", template, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    assert told.value.response["Error"]["Code"] == "ValidationError"
    assert local.service.stacks == []
    assert local.gate.unmapped == []


def nested(depth: int) -> str:
    return '{"Resources": {"a": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": ' + (
        '{"Fn::Join": ["", [' * depth + '"x"' + "]]}" * depth
    ) + "}}}}"  # fmt: skip


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (nested(2000), "not well-formed|too deeply|length less than"),
        (nested(60), "not well-formed|too deeply"),
        ("a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\n" + "\n".join(
            f"c{n}: &c{n} [{', '.join([f'*{before}'] * 9)}]" for n, before in enumerate(
                ["b", *(f"c{n}" for n in range(12))])), "not well-formed|Invalid template"),
        (json.dumps(topics(**{f"t{n}": "1" for n in range(501)})), "501, is greater than maximum allowed, 500"),
        (" " * 51_201 + "{}", "less than or equal to 51200"),
        ("\x00", "not well-formed|unsupported"),
    ],
    ids=["two thousand levels", "sixty levels", "an alias bomb", "501 resources", "a long body", "a NUL"],
)  # fmt: skip
def test_a_hostile_template_is_a_validation_error(local: Local, body: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as told:
        local.create("s", body)
    assert told.value.response["Error"]["Code"] == "ValidationError"
    assert local.service.stacks == []


TAKEN = {
    "{{resolve:secretsmanager:none:SecretString:key}}": "stand-in",
    "{{resolve:ssm:/none/key}}": "key",
}


@pytest.mark.parametrize("assumes", [True, False])
def test_what_the_account_would_have_is_stood_in_for_where_that_is_asked_for(local: Local, assumes: bool) -> None:
    local.gate.existence.assumes = assumes
    values = [*TAKEN, {"Fn::ImportValue": "exported"}]
    template = topics(one={"DisplayName": {"Fn::Join": ["+", values]}})
    assert local.create("s", template) == ("CREATE_COMPLETE" if assumes else "ROLLBACK_COMPLETE")
    if assumes:
        arn = "arn:aws:sns:us-east-1:123456789012:one"
        told = local.gate.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"]
        assert told == "+".join([*TAKEN.values(), "exported"])
    assert len(local.gate.stand_ins) >= (3 if assumes else 0)


def test_a_public_parameter_of_aws_is_in_every_account(local: Local) -> None:
    template = valued({"Ref": "P"}, Parameters={"P": {**STORED, "Default": "/aws/service/none/ami-none"}})
    assert local.create("s", template) == "CREATE_COMPLETE"
    assert local.outputs("s")["Value"].startswith("ami-")
    assert next(reason for _, reason in local.gate.stand_ins).startswith(
        "the parameter /aws/service/none/ami-none is not"
    )


def grown(function: str) -> Any:
    """A value that doubles (or grows by a third) with each of many functions."""
    found: Any = "x" * 100
    for _ in range(35):
        found = {
            "Fn::Sub": {"Fn::Sub": ["${a}${a}", {"a": found}]}, "Fn::Base64": {"Fn::Base64": found},
            "Fn::ToJsonString": {"Fn::ToJsonString": [found]},
        }[function]  # fmt: skip
    return found


@pytest.mark.parametrize("function", ["Fn::Sub", "Fn::Base64", "Fn::ToJsonString"])
def test_a_value_that_functions_blow_up_is_refused_at_once(local: Local, function: str) -> None:
    template = {**topics(one={"DisplayName": grown(function)}), "Transform": "AWS::LanguageExtensions"}
    began = time.process_time()
    with pytest.raises(ClientError, match="a value is longer than 1000000 characters"):
        local.create("s", template, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    assert time.process_time() - began < 10


def test_a_long_chain_of_conditions_is_no_accident(local: Local) -> None:
    conditions: dict[str, Any] = {"C0": {"Fn::Equals": ["a", "a"]}}
    conditions |= {f"C{n}": {"Fn::Not": [{"Condition": f"C{n - 1}"}]} for n in range(1, 600)}
    template = {**ONE, "Conditions": conditions}
    template["Resources"] = {"one": {**ONE["Resources"]["one"], "Condition": "C599"}}
    with pytest.raises(ClientError, match="nested too deeply"):
        local.create("s", template)
    local.aws.create_change_set(
        StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=json.dumps(template)
    )
    told = local.aws.describe_change_set(StackName="s", ChangeSetName="c")
    assert (told["Status"], "nested too deeply" in told["StatusReason"]) == ("FAILED", True)
    assert local.gate.unmapped == []


def test_a_template_in_s3_is_read_as_the_caller(local: Local) -> None:
    s3 = local.gate.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="a b/t.json", Body=json.dumps(ONE).encode())
    for number, url in enumerate(("https://s3.amazonaws.com/pail/a%20b/t.json",
                                  "https://pail.s3.us-east-1.amazonaws.com/a%20b/t.json")):  # fmt: skip
        local.aws.create_stack(StackName=f"s{number}", TemplateURL=url)
        assert local.status(f"s{number}") == "CREATE_COMPLETE"
        local.aws.delete_stack(StackName=f"s{number}")
    with pytest.raises(ClientError, match="S3 error: The specified key does not exist"):
        local.aws.create_stack(StackName="t", TemplateURL="https://s3.amazonaws.com/pail/none")
    poor = local.gate.client("cloudformation", local.user({"Action": "cloudformation:*", "Resource": "*"}))
    with pytest.raises(ClientError, match=r"S3 error: Access Denied.*s3:GetObject"):
        poor.create_stack(StackName="t", TemplateURL="https://s3.amazonaws.com/pail/a%20b/t.json")


def test_a_large_template_in_s3_is_refused(local: Local) -> None:
    s3 = local.gate.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="big", Body=b" " * 1_000_001)
    with pytest.raises(ClientError, match="Template may not exceed 1000000 bytes"):
        local.aws.create_stack(StackName="t", TemplateURL="https://s3.amazonaws.com/pail/big")


def test_five_hundred_resources_are_taken(local: Local) -> None:
    s3 = local.gate.client("s3")
    s3.create_bucket(Bucket="pail")
    handles = {f"h{n}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for n in range(500)}
    s3.put_object(Bucket="pail", Key="t", Body=json.dumps({"Resources": handles}).encode())
    local.aws.create_stack(StackName="s", TemplateURL="https://s3.amazonaws.com/pail/t")
    pages = local.aws.get_paginator("list_stack_resources").paginate(StackName="s")
    assert sum(len(page["StackResourceSummaries"]) for page in pages) == 500


def test_a_template_is_summed_up(local: Local) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "named", "AssumeRolePolicyDocument": {}}}
    template = {
        "Description": "d", "Resources": {"Role": role},
        "Parameters": {"P": {"Type": "Number", "Default": 3, "AllowedValues": [3, 4], "NoEcho": True}},
    }  # fmt: skip
    body = json.dumps(template)
    told = local.aws.validate_template(TemplateBody=body)
    assert told["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert told["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"
    assert told["Parameters"] == [{"ParameterKey": "P", "DefaultValue": "3", "NoEcho": True}]
    told = local.aws.get_template_summary(TemplateBody=body)
    assert (told["ResourceTypes"], told["Parameters"][0]["ParameterConstraints"]) == (
        ["AWS::IAM::Role"], {"AllowedValues": ["3", "4"]},
    )  # fmt: skip
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_NAMED_IAM\]"):
        local.create("s", template)


def test_loops_of_the_language_extensions_are_unrolled(local: Local) -> None:
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {
            "Fn::ForEach::Topics": [
                "Name",
                ["a", "b"],
                {"Topic${Name}": {"Type": TOPIC, "Properties": {"TopicName": {"Fn::Sub": "${Name}"}}}},
            ]
        },
    }
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_AUTO_EXPAND\]"):
        local.create("s", template)
    local.create("s", template, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    assert local.topics() == ["a", "b"]
    told = local.aws.get_template(StackName="s", TemplateStage="Processed")["TemplateBody"]
    assert set(told["Resources"]) == {"Topica", "Topicb"}


def test_a_transform_of_aws_is_the_callers_to_be_allowed(local: Local) -> None:
    arn = "arn:aws:cloudformation:us-east-1:aws:transform/LanguageExtensions"
    template = {**ONE, "Transform": "AWS::LanguageExtensions"}
    stacks, topics_too = "arn:aws:cloudformation:*:*:stack/*", {"Action": "sns:*", "Resource": "*"}
    allowed = {"Action": "cloudformation:*", "Resource": stacks}
    poor = local.gate.client("cloudformation", local.user(topics_too, allowed))
    with pytest.raises(ClientError, match=f"cloudformation:CreateChangeSet on resource: {arn}"):
        local.create("s", template, poor, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    rich = local.gate.client("cloudformation", local.user(topics_too, {**allowed, "Resource": [stacks, arn]}))
    assert local.create("s", template, rich, Capabilities=["CAPABILITY_AUTO_EXPAND"]) == "CREATE_COMPLETE"


def test_a_sam_template_is_translated(local: Local) -> None:
    body = json.dumps({
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {
            "Handler": "h.h", "Runtime": "nodejs20.x", "CodeUri": "s3://pail/key"}}},
    })  # fmt: skip
    local.aws.create_change_set(
        StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
    )
    told = local.aws.describe_change_set(StackName="s", ChangeSetName="c")
    assert {(one["ResourceChange"]["LogicalResourceId"], one["ResourceChange"]["ResourceType"])
            for one in told["Changes"]} == {("F", "AWS::Lambda::Function"), ("FRole", "AWS::IAM::Role")}  # fmt: skip
    broken = body.replace('"s3://pail/key"', '"not there"')
    local.aws.create_change_set(
        StackName="t", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=broken, Capabilities=["CAPABILITY_IAM"]
    )
    told = local.aws.describe_change_set(StackName="t", ChangeSetName="c")
    assert told["Status"] == "FAILED"
    assert told["StatusReason"].startswith(
        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. "
        "Number of errors found: 1. Resource with id [F] is invalid."
    )


def test_included_files_are_read_from_s3_as_the_caller(local: Local) -> None:
    s3 = local.gate.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="properties", Body=b"DisplayName: included\nTopicName: other")
    s3.put_object(Bucket="pail", Key="outputs", Body=b"Outputs: {Name: {Value: !GetAtt one.TopicName}}")
    include = {"Name": "AWS::Include", "Parameters": {"Location": {"Fn::Sub": "s3://${Bucket}/properties"}}}
    template = {
        **topics(one={"Fn::Transform": include}), "Parameters": {"Bucket": {"Type": "String", "Default": "pail"}},
        "Transform": [{"Name": "AWS::Include", "Parameters": {"Location": "s3://pail/outputs"}}],
    }  # fmt: skip
    del template["Resources"]["one"]["Properties"]["TopicName"]
    local.create("s", template, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    assert (local.topics(), local.outputs("s")) == (["other"], {"Name": "other"})
    poor = local.gate.client("cloudformation", local.user({"Action": ["cloudformation:*", "sns:*"], "Resource": "*"}))
    with pytest.raises(ClientError, match="S3 error: Access Denied"):
        local.create("t", template, poor, Capabilities=["CAPABILITY_AUTO_EXPAND"])
