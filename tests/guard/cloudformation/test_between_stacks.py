"""What stacks have to do with each other and with roles: exports, nested stacks, service roles, custom resources."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import EVERYTHING, Local, topics
from scopedown.guard.model import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploys"


def exporting(value: str = "1", name: str = "shared") -> dict[str, Any]:
    return {
        **topics(source=value), "Outputs": {"Name": {"Value": value, "Export": {"Name": {"Fn::Sub": name}}}}
    }  # fmt: skip


IMPORTING = topics(target={"DisplayName": {"Fn::ImportValue": {"Fn::Sub": "shared"}}})


def test_a_value_that_another_stack_imports_can_neither_change_nor_go(local: Local) -> None:
    local.create("source", exporting())
    local.create("target", IMPORTING)
    assert [(one["Name"], one["Value"]) for one in local.aws.list_exports()["Exports"]] == [("shared", "1")]
    assert local.aws.list_imports(ExportName="shared")["Imports"] == ["target"]
    assert local.update("source", exporting("2")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Cannot update export shared as it is in use by target" in str(local.events("source"))
    assert local.update("source", topics(source="2")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Cannot delete export shared as it is in use by target" in str(local.events("source"))
    local.aws.delete_stack(StackName="source")
    assert local.status("source") == "DELETE_FAILED"
    local.aws.delete_stack(StackName="target")
    with pytest.raises(ClientError, match="Export 'shared' is not imported by any stack"):
        local.aws.list_imports(ExportName="shared")
    local.aws.delete_stack(StackName="source")
    assert (local.topics(), local.aws.list_exports()["Exports"]) == ([], [])


def test_an_export_that_is_missing_or_taken_fails_the_stack(local: Local) -> None:
    assert local.create("target", IMPORTING) == "ROLLBACK_COMPLETE"
    assert ("target", "ROLLBACK_IN_PROGRESS", "No export named shared found. Rollback requested by user.") in (
        local.events("target")
    )
    local.create("source", exporting())
    assert local.create("second", exporting().copy() | topics(other="1")) == "ROLLBACK_COMPLETE"
    assert "Export with name shared is already exported by stack source" in str(local.events("second"))


def put(local: Local, key: str, template: dict[str, Any]) -> str:
    """A template in S3; its URL."""
    s3 = local.gate.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key=key, Body=json.dumps(template).encode())
    return f"https://s3.amazonaws.com/templates/{key}"


def child(display: Any = None) -> dict[str, Any]:
    return {
        **topics(inner={"DisplayName": display or {"Ref": "Text"}}), "Parameters": {"Text": {"Type": "String"}},
        "Outputs": {"Name": {"Value": {"Fn::GetAtt": "inner.TopicName"}}},
    }  # fmt: skip


def parent(url: str, text: str = "t") -> dict[str, Any]:
    return {
        "Resources": {
            "Child": {"Type": "AWS::CloudFormation::Stack",
                      "Properties": {"TemplateURL": url, "Parameters": {"Text": text}}},
            **topics(outer={"DisplayName": {"Fn::GetAtt": "Child.Outputs.Name"}})["Resources"],
        }
    }  # fmt: skip


def test_a_nested_stack_is_made_changed_and_deleted_with_its_parent(local: Local) -> None:
    url = put(local, "child", child())
    assert local.create("p", parent(url)) == "CREATE_COMPLETE"
    assert local.topics() == ["inner", "outer"]
    nested = local.aws.describe_stack_resource(StackName="p", LogicalResourceId="Child")["StackResourceDetail"]
    told = local.stack(nested["PhysicalResourceId"])
    assert told["StackName"].startswith("p-Child-")
    assert told["ParentId"] == told["RootId"] == local.stack("p")["StackId"]
    assert local.update("p", parent(url, "other")) == "UPDATE_COMPLETE"
    topic = "arn:aws:sns:us-east-1:123456789012:inner"
    assert local.gate.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "other"
    asked = {one.check.action for one in local.gate.decided if one.logical_id == "Child"}
    assert {"cloudformation:CreateStack", "cloudformation:UpdateStack"} <= asked
    local.aws.delete_stack(StackName="p")
    assert local.topics() == []
    assert local.status(nested["PhysicalResourceId"]) == "DELETE_COMPLETE"


def nesting(location: Any) -> dict[str, Any]:
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Child": {"Type": "AWS::Serverless::Application",
                      "Properties": {"Location": location, "Parameters": {"Text": "t"}}},
        },
    }  # fmt: skip


def test_a_nested_application_of_sam_is_the_stack_that_its_location_names(local: Local) -> None:
    written = put(local, "child", child()).replace("https://s3.amazonaws.com", local.gate.address)
    template = nesting(written)
    local.aws.create_stack(
        StackName="p", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_AUTO_EXPAND"],
    )  # fmt: skip
    assert local.topics() == ["inner"]
    body = local.aws.get_template(StackName="p", TemplateStage="Original")["TemplateBody"]
    location = body["Resources"]["Child"]["Properties"]["Location"]
    assert location == "https://s3.us-east-1.amazonaws.com/templates/child"  # sam delete reads no other address
    local.aws.delete_stack(StackName="p")
    assert local.topics() == []


def test_nothing_is_deployed_of_an_application_of_the_repository(local: Local) -> None:
    application = "arn:aws:serverlessrepo:us-east-1:1:applications/rotation"
    location = {"ApplicationId": application, "SemanticVersion": "1.0.0"}
    local.aws.create_stack(
        StackName="p", TemplateBody=json.dumps(nesting(location)), Capabilities=["CAPABILITY_AUTO_EXPAND"],
    )  # fmt: skip
    assert local.status("p") == "CREATE_COMPLETE"
    ((id, reason),) = local.gate.stand_ins
    assert (id, application in reason, "is not in the local AWS" in reason) == ("Child", True, True)
    local.aws.delete_stack(StackName="p")


def test_a_nested_stack_that_fails_fails_its_parent(local: Local) -> None:
    url = put(local, "child", child("refused"))
    assert local.create("p", parent(url)) == "ROLLBACK_COMPLETE"
    assert "was not successfully created: The following resource(s) failed to create: [inner]." in str(
        local.events("p")
    )
    assert local.topics() == []
    good = put(local, "child", child())
    local.aws.delete_stack(StackName="p")
    local.create("p", parent(good))
    bad = put(local, "bad", child("refused"))
    assert local.update("p", parent(bad)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "was not successfully updated. Currently in UPDATE_ROLLBACK_COMPLETE" in str(local.events("p"))
    assert local.topics() == ["inner", "outer"]


def test_a_nested_stack_is_cancelled_where_another_resource_fails(local: Local) -> None:
    template = parent(put(local, "child", child()))
    template["Resources"]["bad"] = topics(bad="refused")["Resources"]["bad"]
    assert local.create("p", template) == "ROLLBACK_COMPLETE"
    assert ("Child", "CREATE_FAILED", "Resource creation cancelled") in local.events("p")


def test_making_a_nested_stack_is_the_callers_to_be_allowed(local: Local) -> None:
    url = put(local, "child", child())
    denied = {
        "Effect": "Deny",
        "Action": "cloudformation:CreateStack",
        "Resource": "arn:aws:cloudformation:*:*:stack/p-Child-*",
    }
    poor = local.gate.client("cloudformation", local.user(EVERYTHING, denied))
    assert local.create("p", parent(url), poor) == "ROLLBACK_COMPLETE"
    assert "is not authorized to perform: cloudformation:CreateStack" in str(local.events("p"))


def make_role(local: Local, service: str, *actions: str) -> None:
    """The role, which a service may take, with permissions."""
    iam = local.gate.client("iam")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="deploys", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))
    allow(local, *actions)


def allow(local: Local, *actions: str) -> None:
    """The role's permissions, anew."""
    allowed = {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}], "Version": "2012-10-17"}
    local.gate.client("iam").put_role_policy(RoleName="deploys", PolicyName="p", PolicyDocument=json.dumps(allowed))


STACKS = {"Action": "cloudformation:*", "Resource": "*"}
PASSES = {"Action": "iam:PassRole", "Resource": ROLE,
          "Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}}  # fmt: skip


def test_with_a_service_role_the_roles_permissions_count_and_not_the_callers(local: Local) -> None:
    make_role(local, "cloudformation.amazonaws.com", "sns:*")
    user = local.gate.client("cloudformation", local.user(STACKS, PASSES))
    assert local.create("s", topics(one="1"), user, RoleARN=ROLE) == "CREATE_COMPLETE"
    assert local.stack("s")["RoleARN"] == ROLE
    made = next(one for one in local.gate.decided if one.check.action == "sns:CreateTopic")
    assert (made.principal.split("/")[:2], made.via) == ([f"arn:aws:sts::{ACCOUNT}:assumed-role", "deploys"], "")
    assert local.update("s", topics(one="2"), user) == "UPDATE_COMPLETE"  # the stack keeps its role
    allow(local, "sqs:*")
    assert local.update("s", topics(one="1", two="2"), user) == "UPDATE_ROLLBACK_COMPLETE"
    assert "assumed-role/deploys/AWSCloudFormation is not authorized" in str(local.events("s"))


def test_a_service_role_has_to_be_passed_and_to_trust_cloudformation(local: Local) -> None:
    make_role(local, "lambda.amazonaws.com", "sns:*")
    with pytest.raises(ClientError, match="not authorized to perform: iam:PassRole"):
        local.create("s", topics(one="1"), local.gate.client("cloudformation", local.user(STACKS)), RoleARN=ROLE)
    user = local.gate.client("cloudformation", local.user(STACKS, PASSES))
    with pytest.raises(ClientError, match=f"Role {ROLE} is invalid or cannot be assumed"):
        local.create("s", topics(one="1"), user, RoleARN=ROLE)
    assert local.topics() == []


CUSTOM = {
    "Resources": {
        "Own": {"Type": "Custom::Thing", "Properties": {"ServiceToken":
                f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:serves"}},
        **topics(one={"DisplayName": {"Fn::GetAtt": "Own.Anything"}})["Resources"],
    },
}  # fmt: skip


def test_a_custom_resource_asks_for_its_function_and_answers_as_a_stand_in(local: Local) -> None:
    assert local.create("s", CUSTOM) == "CREATE_COMPLETE"
    asked = {(one.check.action, one.check.resource) for one in local.gate.decided if one.logical_id == "Own"}
    assert asked == {("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:serves")}
    assert [id for id, _ in local.gate.stand_ins] == ["Own"]
    denied = {"Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": "*"}
    poor = local.gate.client("cloudformation", local.user(EVERYTHING, denied))
    local.aws.delete_stack(StackName="s")
    assert local.create("s", CUSTOM, poor) == "ROLLBACK_COMPLETE"


def test_what_would_be_waited_for_completes_as_a_stand_in(local: Local) -> None:
    template = {"Resources": {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {"Type": "AWS::CloudFormation::WaitCondition",
                 "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": 10}},
    }, "Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}  # fmt: skip
    local.create("s", template)
    assert local.outputs("s") == {"Data": "{}"}
    assert [id for id, _ in local.gate.stand_ins] == ["Wait"]


def test_stacks_of_one_name_in_two_regions_are_two(local: Local) -> None:
    local.create("s", topics(one="1"))
    other = local.gate.client("cloudformation", local.user(EVERYTHING), "eu-west-1")
    other.create_stack(StackName="s", TemplateBody=json.dumps(topics(two={"DisplayName": {"Ref": "AWS::Region"}})))
    told = other.describe_stack_resource(StackName="s", LogicalResourceId="two")["StackResourceDetail"]
    assert told["PhysicalResourceId"] == f"arn:aws:sns:eu-west-1:{ACCOUNT}:two"
    assert local.topics() == ["one"]
    other.delete_stack(StackName="s")
    assert local.status("s") == "CREATE_COMPLETE"


def test_many_stacks_at_the_same_time_do_not_disturb_each_other(local: Local) -> None:
    def round_trip(number: int) -> list[str]:
        name, id = f"stack{number}", f"t{number}"
        statuses = [local.create(name, topics(**{id: "1"})), local.update(name, topics(**{id: "2"}))]
        statuses.append(local.update(name, topics(**{id: "refused"})))
        local.aws.delete_stack(StackName=name)
        return statuses

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(round_trip, range(8)))
    assert found == [["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]] * 8
    assert local.topics() == []


def test_two_at_once_on_one_stack_leave_it_whole(local: Local) -> None:
    """One of them may be told that the stack is being updated; whichever came last is what stands."""
    local.create("s", topics(one="0"))

    def change(number: int) -> str:
        try:
            return local.update("s", topics(one=str(number)))
        except ClientError as error:
            return str(error)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(change, range(1, 7)))
    assert any("COMPLETE" in one for one in found)
    assert all("COMPLETE" in one or "UPDATE" in one for one in found)
    assert local.status("s") == "UPDATE_COMPLETE"


@pytest.mark.parametrize("operation", ["create_stack", "create_change_set", "update_stack", "delete_stack"])
def test_each_operation_that_takes_a_role_asks_for_passing_it_once(local: Local, operation: str) -> None:
    make_role(local, "cloudformation.amazonaws.com", "sns:*")
    if operation in ("update_stack", "delete_stack"):
        local.create("s", topics(one="1"))
    given: dict[str, Any] = {"StackName": "s", "RoleARN": ROLE}
    given |= {} if operation == "delete_stack" else {"TemplateBody": json.dumps(topics(one="2"))}
    given |= {"ChangeSetName": "c", "ChangeSetType": "CREATE"} if operation == "create_change_set" else {}
    getattr(local.aws, operation)(**given)
    passed = [one.check.context for one in local.gate.decided if one.check.action == "iam:PassRole"]
    assert [one["iam:PassedToService"] for one in passed] == ["cloudformation.amazonaws.com"]
