"""What an app of CDK uses of its account: which bootstrappings make it, and what prove makes itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.deploy.settings import CDK_DEFAULT
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.model import ACCOUNT
from scopedown.project.model import Bootstrapped
from scopedown.prove.cdk_bootstrap import Bootstrapping, make_own, needs_of
from scopedown.prove.local_aws import LocalAws

EAST, WEST = "us-east-1", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
OURS = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ours/"
EXECUTION = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-%s-cfn-exec-role-${AWS::AccountId}-${AWS::Region}"


def test_the_default_bootstrapping_is_run_in_each_region() -> None:
    needs = needs_of(CDK_DEFAULT, (EAST, WEST))
    assert [(one.qualifier, one.region, one.stack) for one in needs.bootstrappings] == [
        ("hnb659fds", EAST, "CDKToolkit"), ("hnb659fds", WEST, "CDKToolkit"),
    ]  # fmt: skip
    assert needs.execution == tuple(f"{ROLE}cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{one}" for one in (EAST, WEST))
    assert needs.own == ()


def test_each_qualifier_has_a_bootstrapping_of_its_own() -> None:
    used = Bootstrapped(execution_roles=(EXECUTION % "acme", EXECUTION % "hnb659fds"))
    assert needs_of(used, (EAST,)).bootstrappings == (
        Bootstrapping("hnb659fds", EAST, "CDKToolkit"), Bootstrapping("acme", EAST, "CDKToolkit-acme"),
    )  # fmt: skip
    assert needs_of(Bootstrapped(execution_roles=(EXECUTION % "acme",)), (EAST,)).bootstrappings == (
        Bootstrapping("acme", EAST, "CDKToolkit"),
    )


def test_without_a_role_cloudformation_acts_as_the_caller() -> None:
    needs = needs_of(Bootstrapped(own_stacks=("shop",)), (EAST,))
    assert (needs.execution, needs.roles) == ((), ()) and needs.bootstrappings[0].qualifier == "hnb659fds"


def test_roles_of_another_account_are_refused() -> None:
    other = Bootstrapped(deploy_roles=("arn:aws:iam::999999999999:role/deploys",))
    with pytest.raises(ScopedownError, match="a role of the account 999999999999") as told:
        needs_of(other, (EAST,))
    assert "CDK_DEFAULT_ACCOUNT" in told.value.remedy


@pytest.mark.parametrize("given", ["deploys", "arn:aws:iam", f"arn:aws:iam::{ACCOUNT}:user/deploys"])
def test_what_is_not_the_arn_of_a_role_is_refused(given: str) -> None:
    with pytest.raises(ScopedownError, match=f"{given}, which is not the ARN of a role"):
        needs_of(Bootstrapped(deploy_roles=(given,)), (EAST,))


def test_names_of_the_apps_own_are_made_with_the_generated_policy_for_cloudformation_alone() -> None:
    used = Bootstrapped(
        deploy_roles=(f"{OURS}deploys",), execution_roles=(f"{OURS}makes",), buckets=("our-assets-${AWS::Region}",),
        repositories=("our-images",),
    )  # fmt: skip
    needs = needs_of(used, (EAST, WEST))
    assert needs.own == (
        f"{ROLE}ours/deploys", f"{ROLE}ours/makes", f"our-assets-{EAST}", f"our-assets-{WEST}", "our-images",
    )  # fmt: skip
    with LocalAws(driver_of) as aws:
        iam = aws.admin("iam", EAST)
        nothing: dict[str, Any] = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sns:CreateTopic", "Resource": "*"},
        ]}  # fmt: skip
        policy = iam.create_policy(PolicyName="generated", PolicyDocument=json.dumps(nothing))["Policy"]["Arn"]
        make_own(needs, aws.admin, [policy])
        trust = iam.get_role(RoleName="makes")["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust[0]["Principal"] == {"Service": "cloudformation.amazonaws.com"}
        attached = iam.list_attached_role_policies(RoleName="makes")["AttachedPolicies"]
        assert [one["PolicyArn"] for one in attached] == [policy]
        assert iam.list_role_policies(RoleName="deploys")["PolicyNames"] == ["all"]
        assert {one["Name"] for one in aws.admin("s3", EAST).list_buckets()["Buckets"]} == {
            f"our-assets-{EAST}", f"our-assets-{WEST}",
        }  # fmt: skip
