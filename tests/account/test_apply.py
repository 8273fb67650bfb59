"""What is changed in an account: only what scopedown made, and only what was shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.account.apply import TAG, VERSIONS, Changes, Holder, Wanted, apply, changes, difference
from scopedown.core.finding import ScopedownError

ACCOUNT = "arn:aws:iam::123456789012"
PROJECT = "shop-dev-eu-west-1"
USER = Holder("user", "ci")
ACTIONS = ("sqs:AddPermission", "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:GetQueueUrl", "sqs:ListQueues",
           "sqs:PurgeQueue", "sqs:SendMessage")  # fmt: skip
"""What a policy allows, one version after another."""


def document(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": ["*"]}]}


def wanted(*actions: str, name: str = "shop-deploy", attached: bool = True) -> Wanted:
    return Wanted(name, "What deploying needs", document(*actions), attached)


def planned(session: Any, *policies: Wanted, holder: Holder = USER) -> Changes:
    return changes(session, holder, policies, PROJECT, "aws")


def applied(session: Any, *policies: Wanted, holder: Holder = USER) -> list[str]:
    return list(apply(session, planned(session, *policies, holder=holder)))


def attached(session: Any) -> set[str]:
    found = session.client("iam").list_attached_user_policies(UserName="ci")["AttachedPolicies"]
    return {one["PolicyName"] for one in found}


def current(session: Any, name: str) -> Any:
    iam = session.client("iam")
    version = iam.get_policy(PolicyArn=f"{ACCOUNT}:policy/{name}")["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=f"{ACCOUNT}:policy/{name}", VersionId=version)["PolicyVersion"]["Document"]


@pytest.fixture(autouse=True)
def user(session: Any) -> None:
    session.client("iam").create_user(UserName="ci")


def test_a_policy_is_made_tagged_and_attached(session: Any) -> None:
    assert applied(session, wanted("sqs:ListQueues")) == [
        f"created {ACCOUNT}:policy/shop-deploy", f"attached {ACCOUNT}:policy/shop-deploy"
    ]  # fmt: skip
    assert attached(session) == {"shop-deploy"}
    assert current(session, "shop-deploy") == document("sqs:ListQueues")
    tags = session.client("iam").list_policy_tags(PolicyArn=f"{ACCOUNT}:policy/shop-deploy")["Tags"]
    assert tags == [{"Key": TAG, "Value": PROJECT}]


def test_looking_changes_nothing(session: Any) -> None:
    lines = list(difference(planned(session, wanted("sqs:ListQueues"))))
    assert lines[0] == f"create the managed policy {ACCOUNT}:policy/shop-deploy"
    assert any('+        "sqs:ListQueues"' in line for line in lines)
    assert session.client("iam").list_policies(Scope="Local")["Policies"] == []


def test_what_is_as_it_should_be_is_left_alone(session: Any) -> None:
    applied(session, wanted("sqs:ListQueues"))
    again = planned(session, wanted("sqs:ListQueues"))
    assert not again.any
    assert list(apply(session, again)) == []


def test_a_change_is_a_new_version_and_shows_what_goes_and_what_comes(session: Any) -> None:
    applied(session, wanted("sqs:ListQueues"))
    found = planned(session, wanted("sns:ListTopics"))
    shown = "\n".join(difference(found))
    assert '-        "sqs:ListQueues"' in shown and '+        "sns:ListTopics"' in shown
    list(apply(session, found))
    assert current(session, "shop-deploy") == document("sns:ListTopics")


def test_the_oldest_version_goes_where_there_are_five(session: Any) -> None:
    for action in ACTIONS[: VERSIONS + 2]:
        applied(session, wanted(action))
    found = session.client("iam").list_policy_versions(PolicyArn=f"{ACCOUNT}:policy/shop-deploy")["Versions"]
    assert len(found) == VERSIONS
    assert sorted(one["VersionId"] for one in found) == ["v3", "v4", "v5", "v6", "v7"]
    assert current(session, "shop-deploy") == document(ACTIONS[-1])


def test_the_default_version_is_never_the_one_that_goes(session: Any) -> None:
    """Somebody went back to the first version by hand."""
    for action in ACTIONS[:VERSIONS]:
        applied(session, wanted(action))
    iam, arn = session.client("iam"), f"{ACCOUNT}:policy/shop-deploy"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    [step] = [one for one in planned(session, wanted(ACTIONS[-1])).steps if one.what == "update"]
    assert step.oldest == "v2"


def test_a_policy_of_somebody_else_is_not_overwritten(session: Any) -> None:
    session.client("iam").create_policy(PolicyName="shop-deploy", PolicyDocument=json.dumps(document("s3:*")))
    with pytest.raises(ScopedownError, match="scopedown did not make it for"):
        planned(session, wanted("sqs:ListQueues"))
    assert current(session, "shop-deploy") == document("s3:*")


def test_a_policy_of_another_project_is_not_overwritten(session: Any) -> None:
    list(apply(session, changes(session, USER, [wanted("s3:*")], "other-dev-eu-west-1", "aws")))
    with pytest.raises(ScopedownError, match="scopedown did not make it for shop-dev"):
        planned(session, wanted("sqs:ListQueues"))


def test_only_what_it_made_for_this_project_is_detached(session: Any) -> None:
    iam = session.client("iam")
    applied(session, wanted("s3:*", name="shop-deploy-1"), wanted("sqs:*", name="shop-deploy-2"))
    foreign = iam.create_policy(PolicyName="foreign", PolicyDocument=json.dumps(document("s3:*")))["Policy"]["Arn"]
    other = iam.create_policy(PolicyName="other", PolicyDocument=json.dumps(document("s3:*")),
                              Tags=[{"Key": TAG, "Value": "other-dev-eu-west-1"}])["Policy"]["Arn"]  # fmt: skip
    for arn in (foreign, other):
        iam.attach_user_policy(UserName="ci", PolicyArn=arn)
    found = planned(session, wanted("s3:*"))
    assert sorted(one.arn for one in found.steps if one.what == "detach") == [
        f"{ACCOUNT}:policy/shop-deploy-1", f"{ACCOUNT}:policy/shop-deploy-2"
    ]  # fmt: skip
    list(apply(session, found))
    assert attached(session) == {"shop-deploy", "foreign", "other"}


def test_a_boundary_is_made_and_attached_to_nobody(session: Any) -> None:
    applied(session, wanted("sqs:ListQueues"), wanted("s3:*", name="shop-roles", attached=False))
    assert attached(session) == {"shop-deploy"}
    assert current(session, "shop-roles") == document("s3:*")


def test_a_role_holds_it_as_well(session: Any) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    session.client("iam").create_role(RoleName="ci", AssumeRolePolicyDocument=json.dumps(trust))
    applied(session, wanted("sqs:ListQueues"), holder=Holder("role", "ci"))
    found = session.client("iam").list_attached_role_policies(RoleName="ci")["AttachedPolicies"]
    assert [one["PolicyName"] for one in found] == ["shop-deploy"]
    assert attached(session) == set()


def test_more_policies_than_a_user_may_have_are_refused_before_anything_is_made(session: Any) -> None:
    policies = [wanted("s3:*", name=f"shop-deploy-{number}") for number in range(11)]
    with pytest.raises(ScopedownError, match="11 managed policies"):
        planned(session, *policies)
    assert session.client("iam").list_policies(Scope="Local")["Policies"] == []


def test_a_holder_that_is_not_there_is_one_sentence(session: Any) -> None:
    with pytest.raises(ScopedownError, match="the user nobody"):
        planned(session, wanted("s3:*"), holder=Holder("user", "nobody"))
