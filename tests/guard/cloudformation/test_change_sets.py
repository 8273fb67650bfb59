"""Change sets tell what would change, and do it; each command-line tool's way of asking for them works."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import Local, parameters, topics

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def change_set(local: Local, template: dict[str, Any], kind: str = "UPDATE", **more: Any) -> dict[str, Any]:
    """A change set of the stack s, described."""
    given = {"StackName": "s", "ChangeSetName": "c", **more}
    local.aws.create_change_set(**given, ChangeSetType=kind, TemplateBody=json.dumps(template))
    found: dict[str, Any] = local.aws.describe_change_set(StackName="s", ChangeSetName=given["ChangeSetName"])
    return found


def changes(told: dict[str, Any]) -> set[tuple[str, str, str]]:
    """(action, logical id, replacement)."""
    return {
        (one["Action"], one["LogicalResourceId"], one.get("Replacement", ""))
        for one in (row["ResourceChange"] for row in told["Changes"])
    }


def test_a_new_stack_is_in_review_until_its_change_set_is_executed(local: Local) -> None:
    told = change_set(local, topics(one="1"), "CREATE")
    assert (told["Status"], told["ExecutionStatus"], local.status("s")) == (
        "CREATE_COMPLETE", "AVAILABLE", "REVIEW_IN_PROGRESS",
    )  # fmt: skip
    assert changes(told) == {("Add", "one", "")}
    assert local.topics() == []
    local.aws.execute_change_set(ChangeSetName=told["ChangeSetId"])
    assert (local.status("s"), local.topics()) == ("CREATE_COMPLETE", ["one"])
    assert local.aws.list_change_sets(StackName="s")["Summaries"] == []
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        local.aws.execute_change_set(ChangeSetName=told["ChangeSetId"])


def test_what_is_added_changed_replaced_and_removed_is_told(local: Local) -> None:
    follows = {"DisplayName": {"Fn::GetAtt": ["moved", "TopicName"]}}
    local.create("s", topics(same="1", place="1", moved="1", gone="1", follows=follows))
    told = change_set(local, topics(same="1", place="2", moved={"TopicName": "new"}, added="1", follows=follows))
    assert changes(told) == {
        ("Modify", "place", "False"), ("Modify", "moved", "True"), ("Add", "added", ""), ("Remove", "gone", ""),
        ("Modify", "follows", "False"),
    }  # fmt: skip
    (place,) = [one["ResourceChange"] for one in told["Changes"]
                if one["ResourceChange"]["LogicalResourceId"] == "place"]  # fmt: skip
    assert place["Scope"] == ["Properties"]
    assert place["Details"][0]["Target"]["Name"] == "DisplayName"
    assert local.topics() == ["follows", "gone", "moved", "place", "same"]
    local.aws.execute_change_set(StackName="s", ChangeSetName="c")
    assert local.topics() == ["added", "follows", "new", "place", "same"]


def test_a_change_set_without_changes_fails_and_cannot_be_executed(local: Local) -> None:
    local.create("s", topics(one="1"))
    told = change_set(local, topics(one="1"))
    assert (told["Status"], told["StatusReason"], told["ExecutionStatus"]) == ("FAILED", NO_CHANGES, "UNAVAILABLE")
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        local.aws.execute_change_set(StackName="s", ChangeSetName="c")
    local.aws.delete_change_set(StackName="s", ChangeSetName="c")
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        local.aws.describe_change_set(StackName="s", ChangeSetName="c")


@pytest.mark.parametrize("section", [
    {"Outputs": {"Name": {"Value": {"Ref": "one"}}}},
    {"Resources": {"one": {**topics(one="1")["Resources"]["one"], "Metadata": {"a": "b"}}}},
    {"Resources": {"one": {**topics(one="1")["Resources"]["one"], "DeletionPolicy": "Retain"}}},
])  # fmt: skip
def test_an_output_metadata_or_a_policy_is_a_change(local: Local, section: dict[str, Any]) -> None:
    local.create("s", topics(one="1"))
    assert change_set(local, topics(one="1") | section)["Status"] == "CREATE_COMPLETE"
    local.aws.execute_change_set(StackName="s", ChangeSetName="c")
    assert local.status("s") == "UPDATE_COMPLETE"
    assert change_set(local, topics(one="1") | section)["Status"] == "FAILED"


def test_a_parameter_alone_is_a_change_where_something_uses_it(local: Local) -> None:
    template = topics(one={"DisplayName": {"Ref": "P"}})
    template["Parameters"] = {"P": {"Type": "String"}}
    local.create("s", template, Parameters=parameters(P="a"))
    assert changes(change_set(local, template, Parameters=parameters(P="b"))) == {("Modify", "one", "False")}
    told = change_set(local, template, ChangeSetName="d", Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}])
    assert told["Status"] == "FAILED"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("CREATE", r"Stack \[s\] already exists and cannot be created again with the changeSet \[c\]"),
        ("IMPORT", "CreateChangeSet of type IMPORT is allowed, but the local AWS does not support it"),
    ],
)
def test_the_kind_has_to_fit(local: Local, kind: str, message: str) -> None:
    local.create("s", topics(one="1"))
    with pytest.raises(ClientError, match=message):
        change_set(local, topics(one="2"), kind)


def test_an_update_of_no_stack_and_a_second_change_set_of_one_name_are_refused(local: Local) -> None:
    with pytest.raises(ClientError, match=r"Stack \[s\] does not exist"):
        change_set(local, topics(one="2"))
    local.create("s", topics(one="1"))
    change_set(local, topics(one="2"))
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        change_set(local, topics(one="3"))


def test_a_stack_in_review_is_deleted_without_a_resource(local: Local) -> None:
    change_set(local, topics(one="1"), "CREATE")
    local.aws.delete_stack(StackName="s")
    with pytest.raises(ClientError, match="does not exist"):
        local.stack("s")


def test_a_stack_that_was_rolled_back_has_to_be_deleted_first(local: Local) -> None:
    local.create("s", topics(one="refused"))
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        change_set(local, topics(one="1"))


def test_of_a_denied_change_set_nothing_stays(local: Local) -> None:
    poor = local.gate.client("cloudformation", local.user({"Action": "sns:*", "Resource": "*"}))
    with pytest.raises(ClientError, match="not authorized to perform: cloudformation:CreateChangeSet"):
        poor.create_change_set(StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
                               TemplateBody=json.dumps(topics(one="1")))  # fmt: skip
    assert local.service.stacks == []


def test_a_new_stack_is_made_where_existing_resources_may_be_imported(local: Local) -> None:
    local.aws.create_change_set(
        StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=json.dumps(topics(one="1")),
        ImportExistingResources=True,
    )  # fmt: skip
    local.aws.execute_change_set(StackName="s", ChangeSetName="c")
    assert local.status("s") == "CREATE_COMPLETE"  # cdk bootstrap asks so


def test_a_part_of_an_arn_that_is_not_made_yet_is_known_later(local: Local) -> None:
    name = {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "first"}]}]}
    template = {
        "Resources": {
            "first": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders"}},
            "second": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": ["x-${n}", {"n": name}]}}},
        }
    }
    assert change_set(local, template, "CREATE")["Status"] == "CREATE_COMPLETE"
    local.aws.execute_change_set(StackName="s", ChangeSetName="c")
    assert local.topics() == ["orders", "x-orders"]
