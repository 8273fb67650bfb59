"""Stacks are created, updated, rolled back and deleted as AWS does, with its statuses, reasons and order."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import Local, topics
from guard.cloudformation.topics import REFUSED, TOPIC

STACKS = {"Action": "cloudformation:*", "Resource": "*"}


def test_a_creation_tells_its_events_in_the_order_of_aws(local: Local) -> None:
    assert local.create("s", topics(one="1")) == "CREATE_COMPLETE"
    assert local.events("s") == [
        ("s", "CREATE_IN_PROGRESS", "User Initiated"),
        ("one", "CREATE_IN_PROGRESS", ""),
        ("one", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("one", "CREATE_COMPLETE", ""),
        ("s", "CREATE_COMPLETE", ""),
    ]
    assert local.topics() == ["one"]


def test_what_depends_on_another_is_made_after_it_and_deleted_before_it(local: Local) -> None:
    template = topics(first={"DisplayName": {"Fn::GetAtt": ["second", "TopicName"]}}, second="2", third="3")
    template["Resources"]["second"]["DependsOn"] = "third"
    local.create("s", template)
    local.aws.delete_stack(StackName="s")
    events = local.events(local.service.stacks[-1].id)
    assert [id for id, status, _ in events if status == "CREATE_COMPLETE"] == ["third", "second", "first", "s"]
    assert [id for id, status, _ in events if status == "DELETE_COMPLETE"] == ["first", "second", "third", "s"]


def test_a_denial_fails_the_resource_with_the_sentence_of_aws_and_rolls_back(local: Local) -> None:
    allowed = {"Action": ["sns:CreateTopic", "sns:DeleteTopic"], "Resource": "arn:aws:sns:*:*:good"}
    poor = local.gate.client("cloudformation", local.user(STACKS, allowed))
    template = topics(good="1", bad={"DisplayName": {"Ref": "good"}})
    assert local.create("s", template, poor) == "ROLLBACK_COMPLETE"
    events = local.events("s")
    (reason,) = [why for id, status, why in events if status == "CREATE_FAILED"]
    assert reason.startswith('Resource handler returned message: "User: arn:aws:iam::123456789012:user/')
    assert "is not authorized to perform: sns:CreateTopic on resource: arn:aws:sns:us-east-1:123456789012:bad" in reason
    assert reason.endswith("HandlerErrorCode: AccessDenied)")
    failed = "The following resource(s) failed to create: [bad]. Rollback requested by user."
    assert ("s", "ROLLBACK_IN_PROGRESS", failed) in events
    assert events[-3:] == [("good", "DELETE_IN_PROGRESS", ""), ("good", "DELETE_COMPLETE", ""),
                           ("s", "ROLLBACK_COMPLETE", "")]  # fmt: skip
    assert local.topics() == []


def test_every_check_of_a_resource_is_recorded_as_modelled_with_its_logical_id(local: Local) -> None:
    local.create("s", topics(one="1"))
    told = [(one.check.action, one.modelled, one.logical_id) for one in local.gate.decided]
    assert ("sns:CreateTopic", True, "one") in told
    assert ("cloudformation:CreateStack", False, "") in told


def test_all_that_fail_at_the_same_time_are_told(local: Local) -> None:
    assert local.create("s", topics(one=REFUSED, two=REFUSED)) == "ROLLBACK_COMPLETE"
    assert "The following resource(s) failed to create: [one, two]. " in str(local.events("s"))


def test_without_a_rollback_what_was_made_stays_and_the_next_update_goes_on(local: Local) -> None:
    template = topics(good="1", bad=REFUSED, late={"DisplayName": {"Ref": "good"}})
    assert local.create("s", template, OnFailure="DO_NOTHING") == "CREATE_FAILED"
    assert local.topics() == ["good", "late"]
    assert local.update("s", topics(good="1", bad="2")) == "UPDATE_COMPLETE"
    assert local.topics() == ["bad", "good"]


def test_a_failed_creation_is_deleted_where_that_is_asked_for(local: Local) -> None:
    local.aws.create_stack(StackName="s", TemplateBody='{"Resources":{"a":{"Type":"AWS::SNS::Topic","Properties":'
                           '{"DisplayName":"refused"}}}}', OnFailure="DELETE")  # fmt: skip
    with pytest.raises(ClientError, match="Stack with id s does not exist"):
        local.aws.describe_stacks(StackName="s")
    assert local.status(local.service.stacks[-1].id) == "DELETE_COMPLETE"


def test_an_update_changes_in_place_or_replaces_and_cleans_up(local: Local) -> None:
    local.create("s", topics(place="1", moved="1", gone="1"))
    template = topics(place="2", moved={"TopicName": "elsewhere"})
    assert local.update("s", template) == "UPDATE_COMPLETE"
    assert local.topics() == ["elsewhere", "place"]
    events = local.events("s")
    after = events[events.index(("s", "UPDATE_IN_PROGRESS", "User Initiated")) + 1 :]
    assert after == [
        ("place", "UPDATE_IN_PROGRESS", ""),
        ("moved", "UPDATE_IN_PROGRESS",
         "Requested update requires the creation of a new physical resource; hence creating one."),
        ("place", "UPDATE_COMPLETE", ""),
        ("moved", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("moved", "UPDATE_COMPLETE", ""),
        ("s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""),
        ("gone", "DELETE_IN_PROGRESS", ""), ("moved", "DELETE_IN_PROGRESS", ""),
        ("gone", "DELETE_COMPLETE", ""), ("moved", "DELETE_COMPLETE", ""),
        ("s", "UPDATE_COMPLETE", ""),
    ]  # fmt: skip
    told = local.aws.list_stack_resources(StackName="s")["StackResourceSummaries"]
    assert {one["LogicalResourceId"]: one["PhysicalResourceId"].rsplit(":", 1)[1] for one in told} == {
        "place": "place", "moved": "elsewhere",
    }  # fmt: skip


def test_a_failed_update_is_rolled_back_to_what_was_there(local: Local) -> None:
    local.create("s", topics(place="1", moved="1", gone="1"))
    template = topics(place="2", moved={"TopicName": "elsewhere"}, new="1", bad=REFUSED)
    template["Resources"]["bad"]["DependsOn"] = ["place", "moved", "new"]
    assert local.update("s", template) == "UPDATE_ROLLBACK_COMPLETE"
    assert local.topics() == ["gone", "moved", "place"]
    sns = local.gate.client("sns")
    arn = local.aws.describe_stack_resource(StackName="s", LogicalResourceId="place")["StackResourceDetail"][
        "PhysicalResourceId"
    ]
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "1"
    statuses = [status for id, status, _ in local.events("s") if id == "s"]
    assert statuses[2:] == [
        "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]  # fmt: skip
    assert local.update("s", topics(place="3")) == "UPDATE_COMPLETE"
    assert local.topics() == ["place"]


def test_a_rollback_that_is_denied_can_be_continued_without_the_resource(local: Local) -> None:
    local.create("s", topics(place="1", other="1"))
    template = topics(place="2", other=REFUSED)
    template["Resources"]["other"]["DependsOn"] = "place"
    allowed = {"Action": "*", "Resource": "*"}
    denied = {"Effect": "Deny", "Action": "sns:SetTopicAttributes", "Resource": "*"}
    assert local.update("s", template, DisableRollback=True) == "UPDATE_FAILED"
    poor = local.gate.client("cloudformation", local.user(allowed, denied))
    poor.rollback_stack(StackName="s")
    assert local.status("s") == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="is in UPDATE_ROLLBACK_FAILED state and can not be updated"):
        local.update("s", topics(place="1"))
    poor.continue_update_rollback(StackName="s", ResourcesToSkip=["place", "other"])
    assert local.status("s") == "UPDATE_ROLLBACK_COMPLETE"


def test_what_is_to_be_retained_stays(local: Local) -> None:
    template = topics(kept="1", gone="1", swapped="1")
    template["Resources"]["kept"]["DeletionPolicy"] = "Retain"
    template["Resources"]["swapped"]["UpdateReplacePolicy"] = "Retain"
    local.create("s", template)
    template["Resources"]["swapped"]["Properties"]["TopicName"] = "next"
    assert local.update("s", template) == "UPDATE_COMPLETE"
    assert local.topics() == ["gone", "kept", "next", "swapped"]
    local.aws.delete_stack(StackName="s")
    assert local.topics() == ["kept", "swapped"]


@pytest.mark.parametrize(("policy", "left"), [("Retain", ["kept"]), ("RetainExceptOnCreate", [])])
def test_a_creation_that_is_rolled_back_retains_unless_told_otherwise(
    local: Local, policy: str, left: list[str]
) -> None:
    template = topics(kept="1", bad=REFUSED)
    template["Resources"]["kept"]["DeletionPolicy"] = policy
    assert local.create("s", template) == "ROLLBACK_COMPLETE"
    assert local.topics() == left


def test_a_denied_deletion_fails_and_can_leave_the_resource_behind(local: Local) -> None:
    local.create("s", topics(one="1"))
    denied = {"Effect": "Deny", "Action": "sns:DeleteTopic", "Resource": "*"}
    poor = local.gate.client("cloudformation", local.user({"Action": "*", "Resource": "*"}, denied))
    poor.delete_stack(StackName="s")
    assert local.status("s") == "DELETE_FAILED"
    assert local.stack("s")["StackStatusReason"] == "The following resource(s) failed to delete: [one]. "
    poor.delete_stack(StackName="s", RetainResources=["one"])
    assert local.topics() == ["one"]
    with pytest.raises(ClientError, match="Stack with id s does not exist"):
        local.stack("s")


def test_a_deleted_stack_is_found_by_its_id_and_its_name_is_free(local: Local) -> None:
    local.create("s", topics(one="1"))
    id = local.stack("s")["StackId"]
    local.aws.delete_stack(StackName="s")
    assert local.status(id) == "DELETE_COMPLETE"
    assert local.create("s", topics(one="1")) == "CREATE_COMPLETE"
    assert {one["StackStatus"] for one in local.aws.list_stacks()["StackSummaries"]} == {
        "CREATE_COMPLETE", "DELETE_COMPLETE",
    }  # fmt: skip
    told = local.aws.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [one["StackId"] for one in told] == [id]


def test_a_protected_stack_is_not_deleted(local: Local) -> None:
    local.create("s", topics(one="1"), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        local.aws.delete_stack(StackName="s")
    local.aws.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    local.aws.delete_stack(StackName="s")
    assert local.topics() == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("update_stack", "No updates are to be performed."),
        ("create_stack", r"Stack \[s\] already exists"),
    ],
)
def test_what_changes_nothing_or_is_there_already_is_refused(local: Local, call: str, message: str) -> None:
    body = '{"Resources": {"one": {"Type": "AWS::SNS::Topic"}}}'
    local.create("s", body)
    with pytest.raises(ClientError, match=message):
        getattr(local.aws, call)(StackName="s", TemplateBody=body)


def test_tags_of_the_stack_alone_are_an_update_of_its_resources(local: Local) -> None:
    local.create("s", topics(one="1"))
    assert local.update("s", topics(one="1"), Tags=[{"Key": "a", "Value": "b"}]) == "UPDATE_COMPLETE"
    assert ("one", "UPDATE_COMPLETE", "") in local.events("s")
    assert local.stack("s")["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_resource_keeps_its_type(local: Local) -> None:
    local.create("s", topics(one="1"))
    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        local.update("s", {"Resources": {"one": {"Type": "AWS::SQS::Queue"}}})


def test_a_long_history_comes_in_pages(local: Local) -> None:
    local.create("s", topics(**{f"t{number}": "1" for number in range(60)}))
    first = local.aws.describe_stack_events(StackName="s")
    assert len(first["StackEvents"]) == 100
    assert len(local.events("s")) == 3 * 60 + 2
    assert {TOPIC} == {one["ResourceType"] for one in local.aws.list_stack_resources(StackName="s")[
        "StackResourceSummaries"]}  # fmt: skip
