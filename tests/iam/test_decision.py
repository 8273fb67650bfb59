"""Rules 1 to 20 and 53: who is bound by what, and in which order."""

from __future__ import annotations

import pytest

from iam.ask import (
    ALICE,
    AWAY,
    EVERYTHING,
    FEDERATED,
    HOME,
    OBJECT,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    allow,
    decide,
    deny,
    policy,
)
from scopedown.iam import Caller, Layer, PolicyError, PolicySet, Request, evaluate, parse_policy
from scopedown.iam.principal import stored

ONLY_EC2 = policy(allow("ec2:*"))


def resource(principal: object, action: object = "s3:*", effect: str = "Allow", **more: object):
    return policy({"Effect": effect, "Principal": principal, "Action": action, "Resource": "*", **more})


def test_rule_01_nothing_allows_so_it_is_an_implicit_deny():
    assert decide().value == "implicitDeny"


def test_rule_01_the_root_user_is_allowed_by_default():
    assert decide(principal=ROOT).value == "allowed"


def test_rule_02_one_deny_ends_it():
    assert decide(identity=[EVERYTHING, policy(deny("s3:GetObject"))]).value == "explicitDeny"


def test_rule_03_an_implicit_deny_of_an_scp_stays_implicit():
    decision = decide(identity=[EVERYTHING], scp=[{"level": 0, "policies": [ONLY_EC2]}])
    assert (decision.value, decision.layer) == ("implicitDeny", Layer.SCP)


def test_rule_03_the_first_layer_in_aws_order_is_told():
    every = {"scp": [{"level": 0, "policies": [EVERYTHING, policy(deny())]}], "boundary": [policy(deny())]}
    assert decide(identity=[policy(deny())], **every).layer is Layer.SCP


def test_rule_04_in_one_account_either_side_suffices():
    assert decide(identity=[EVERYTHING]).allowed
    assert decide(resource=resource({"AWS": ALICE})).allowed


@pytest.mark.parametrize(
    ("action", "target"),
    [
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("cloudformation:CreateChangeSet", "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31"),
    ],
)
def test_rule_04_what_aws_owns_is_no_other_account(action: str, target: str):
    assert decide(action, target, account=None, identity=[EVERYTHING]).allowed


def test_rule_04_roles_and_keys_need_their_own_policy():
    assert decide("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/r", identity=[EVERYTHING]).layer is Layer.RESOURCE
    assert decide("kms:Decrypt", f"arn:aws:kms:us-east-1:{HOME}:key/k", identity=[EVERYTHING]).layer is Layer.RESOURCE


def test_rule_05_across_accounts_both_sides_must_allow():
    grant = resource({"AWS": STRANGER})
    assert decide(principal=STRANGER, identity=[EVERYTHING]).layer is Layer.RESOURCE
    assert decide(principal=STRANGER, resource=grant).layer is Layer.IDENTITY
    assert decide(principal=STRANGER, identity=[EVERYTHING], resource=grant).allowed


def test_rule_05_across_accounts_the_boundary_limits_whatever_is_named():
    decision = decide(
        principal=STRANGER, identity=[EVERYTHING], resource=resource({"AWS": STRANGER}), boundary=[ONLY_EC2]
    )
    assert decision.layer is Layer.BOUNDARY


def test_rule_06_a_boundary_limits_and_grants_nothing():
    assert decide(identity=[EVERYTHING], boundary=[ONLY_EC2]).layer is Layer.BOUNDARY
    assert decide(boundary=[EVERYTHING]).layer is Layer.IDENTITY


def test_rule_07_a_session_policy_limits_and_grants_nothing():
    assert decide(principal=SESSION, identity=[EVERYTHING], session=ONLY_EC2).layer is Layer.SESSION
    assert decide(principal=SESSION, session=EVERYTHING).layer is Layer.IDENTITY


def test_rule_08_every_level_of_scps_must_allow_and_inside_a_level_one_does():
    ok, other = {"level": 0, "policies": [EVERYTHING]}, {"level": 1, "policies": [ONLY_EC2, policy(allow("s3:*"))]}
    assert decide(identity=[EVERYTHING], scp=[ok, other]).allowed
    empty = {"level": 2, "policies": []}
    assert decide(identity=[EVERYTHING], scp=[ok, other, empty]).level == 2


@pytest.mark.parametrize("principal", [ALICE, ROOT, SESSION, FEDERATED])
def test_rule_08_scps_bind_every_principal_of_a_member_account(principal: str):
    scp = [{"level": 0, "policies": [EVERYTHING, policy(deny("s3:*"))]}]
    assert decide(principal=principal, identity=[EVERYTHING], scp=scp).value == "explicitDeny"


def test_rule_08_scps_do_not_bind_the_management_account_service_linked_roles_and_services():
    scp = [{"level": 0, "policies": [policy(deny("*"))]}]
    assert decide(identity=[EVERYTHING], scp=scp, management_account=HOME).allowed
    linked = {"role_arn": f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/app"}
    assert decide(principal=SESSION, identity=[EVERYTHING], scp=scp, request=linked).allowed
    assert decide(principal="sns.amazonaws.com", scp=scp, resource=resource({"Service": "sns.amazonaws.com"})).allowed


def test_rule_09_an_allow_in_an_rcp_changes_nothing():
    rcp = [{"level": 0, "policies": [resource("*", "sqs:*")]}]
    assert decide(identity=[EVERYTHING], rcp=rcp).allowed


LIMITS = {"boundary": [ONLY_EC2]}
SESSION_LIMITS = {**LIMITS, "session": ONLY_EC2}
PRINCIPAL_ARN = {"Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}}


@pytest.mark.parametrize(
    ("named", "principal", "limits", "expected"),
    [
        ({"AWS": ALICE}, ALICE, LIMITS, "allowed"),
        ({"AWS": ROLE}, SESSION, LIMITS, "implicitDeny"),
        ({"AWS": ROLE}, SESSION, {"session": ONLY_EC2}, "implicitDeny"),
        ({"AWS": ROLE}, SESSION, {}, "allowed"),
        ({"AWS": SESSION}, SESSION, SESSION_LIMITS, "allowed"),
        ({"AWS": FEDERATED}, FEDERATED, SESSION_LIMITS, "allowed"),
        ({"AWS": ALICE}, FEDERATED, {**LIMITS, "session": EVERYTHING}, "implicitDeny"),
        ({"AWS": ALICE}, FEDERATED, {"session": ONLY_EC2}, "implicitDeny"),
        ({"AWS": ALICE}, FEDERATED, {"session": EVERYTHING}, "allowed"),
        ("*", SESSION, SESSION_LIMITS, "allowed"),
    ],
)
def test_rule_10_the_form_of_the_principal_decides_which_implicit_denies_matter(named, principal, limits, expected):
    assert decide(principal=principal, resource=resource(named), **limits).value == expected


def test_rule_10_everyone_with_the_arn_of_the_role_is_not_limited():
    grant = resource("*", **PRINCIPAL_ARN)
    context = {"aws:PrincipalArn": ROLE}
    assert decide(principal=SESSION, resource=grant, context=context, **SESSION_LIMITS).allowed


def test_rule_10_explicit_denies_always_matter():
    grant = resource({"AWS": SESSION})
    assert decide(principal=SESSION, resource=grant, boundary=[policy(deny())]).value == "explicitDeny"


def test_rule_10_a_session_is_of_the_role_whose_path_is_given():
    pathed = f"arn:aws:iam::{HOME}:role/service/app"
    grant = resource({"AWS": pathed})
    assert not decide(principal=SESSION, resource=grant).allowed
    assert decide(principal=SESSION, resource=grant, request={"role_arn": pathed}).allowed
    assert decide(principal=SESSION, resource=grant, context={"aws:PrincipalArn": pathed}).allowed
    said = {"request": {"role_arn": pathed}, "context": {"aws:PrincipalArn": ROLE}}
    assert not decide(principal=SESSION, resource=resource({"AWS": ROLE}), **said).allowed


@pytest.mark.parametrize("named", [HOME, ROOT])
def test_rule_11_an_account_only_delegates(named: str):
    assert decide(resource=resource({"AWS": named})).layer is Layer.IDENTITY
    assert decide(resource=resource({"AWS": named}), identity=[EVERYTHING]).allowed


@pytest.mark.parametrize("everyone", ["*", {"AWS": "*"}])
def test_rule_12_everyone_needs_no_identity_policy_inside_the_account_and_one_across(everyone: object):
    assert decide(resource=resource(everyone)).allowed
    assert decide(principal=STRANGER, resource=resource(everyone)).layer is Layer.IDENTITY


def test_rule_13_a_federated_session_without_session_policy_has_nothing_from_identity_policies():
    assert decide(principal=FEDERATED, identity=[EVERYTHING]).layer is Layer.SESSION
    assert decide(principal=FEDERATED, identity=[EVERYTHING], session=EVERYTHING).allowed


def test_rule_14_a_vpc_endpoint_is_a_gate():
    assert decide(identity=[EVERYTHING], vpce=resource("*", "sqs:*")).layer is Layer.VPCE
    assert decide(identity=[EVERYTHING], vpce=resource("*", effect="Deny")).value == "explicitDeny"


def test_rule_15_get_caller_identity_is_always_allowed():
    assert decide("sts:GetCallerIdentity", "*", identity=[policy(deny())]).allowed


def test_rule_16_anonymous_has_only_the_resource_policy():
    assert decide(principal="*", resource=resource("*"), scp=[{"level": 0, "policies": [ONLY_EC2]}]).allowed
    assert decide(principal="*", identity=[EVERYTHING]).layer is Layer.RESOURCE
    assert decide(principal="*", resource=resource({"AWS": HOME})).layer is Layer.RESOURCE


def but(*listed: str):
    return {"Effect": "Deny", "NotPrincipal": {"AWS": list(listed)}, "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("listed", "principal", "spared"),
    [
        ((ALICE, ROOT), ALICE, True),
        ((ALICE, HOME), ALICE, True),
        ((ALICE,), ALICE, False),
        ((ROOT,), ALICE, False),
        ((ROOT, ROLE, SESSION), SESSION, True),
        ((ROOT, ROLE), SESSION, False),
        ((ROOT, SESSION), SESSION, False),
    ],
)
def test_rule_17_not_principal_spares_only_whom_it_lists_wholly(listed, principal, spared):
    decision = decide(principal=principal, identity=[EVERYTHING], resource=policy(but(*listed)))
    assert decision.value == ("allowed" if spared else "explicitDeny")


def test_rule_17_not_principal_denies_whoever_has_a_boundary():
    decision = decide(identity=[EVERYTHING], boundary=[EVERYTHING], resource=policy(but(ALICE, ROOT)))
    assert decision.value == "explicitDeny"


def test_rule_17_not_principal_with_allow_admits_anonymous():
    grant = policy({"Effect": "Allow", "NotPrincipal": {"AWS": ALICE}, "Action": "*", "Resource": "*"})
    assert decide(principal="*", resource=grant).allowed
    assert not decide(resource=grant).allowed


@pytest.mark.parametrize("kind", ["identity", "trust"])
def test_rule_17_not_principal_is_no_part_of_identity_and_trust_policies(kind: str):
    statement = {"Effect": "Deny", "NotPrincipal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    with pytest.raises(PolicyError):
        parse_policy(policy(statement if kind == "trust" else {**statement, "Resource": "*"}), kind)


def test_rule_18_a_service_is_allowed_by_the_resource_alone():
    assert decide(principal="sns.amazonaws.com", resource=resource({"Service": "sns.amazonaws.com"})).allowed
    assert not decide(principal="sns.amazonaws.com", resource=resource({"Service": "s3.amazonaws.com"})).allowed


def test_rule_18_a_service_principal_holds_no_wildcard_and_a_trust_policy_no_resource():
    with pytest.raises(PolicyError, match="wildcard"):
        parse_policy(resource({"Service": "*"}), "resource")
    with pytest.raises(PolicyError, match="cannot have a Resource"):
        parse_policy(resource({"AWS": ALICE}, "sts:AssumeRole"), "trust")


def test_rule_19_a_role_made_anew_is_another_one():
    grant = parse_policy(resource({"AWS": ROLE}), "resource")
    kept = stored(grant, {ROLE: "AROAFIRST"})
    caller = Caller.of(SESSION)
    for unique_id, expected in (("AROAFIRST", True), ("AROASECOND", False)):
        from dataclasses import replace

        request = Request(replace(caller, unique_id=unique_id), "s3:GetObject", OBJECT, HOME)
        assert evaluate(request, PolicySet(resource=kept)).allowed is expected


@pytest.mark.parametrize("named", [f"arn:aws:iam::{HOME}:user/*", f"arn:aws:iam::{HOME}:user/al*", ALICE.upper()])
def test_rule_20_principals_are_compared_exactly(named: str):
    assert not decide(resource=resource({"AWS": named})).allowed


def test_rule_20_a_list_of_principals_is_or():
    assert decide(resource=resource({"AWS": [STRANGER, ALICE]})).allowed


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ({}, "because no identity-based policy allows the s3:GetObject action"),
        ({"identity": [policy(deny())]}, "with an explicit deny in an identity-based policy"),
        ({"identity": [EVERYTHING], "boundary": [ONLY_EC2]}, "because no permissions boundary allows the s3:GetObject"),
        ({"identity": [EVERYTHING], "scp": [{"level": 0, "policies": []}]}, "because no service control policy allows"),
        ({"vpce": resource("*", effect="Deny")}, "with an explicit deny in a VPC endpoint policy"),
        ({"resource": resource("*", effect="Deny")}, "with an explicit deny in a resource-based policy"),
    ],
)  # fmt: skip
def test_rule_53_the_sentence_that_aws_prints(policies, sentence):
    message = decide(**policies).message
    assert message.startswith(f"User: {ALICE} is not authorized to perform: s3:GetObject on resource: {OBJECT} ")
    assert sentence in message


def test_rule_53_a_roles_own_policy_is_its_trust_policy():
    message = decide("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/r", identity=[EVERYTHING]).message
    assert message.endswith("because no role trust policy allows the sts:AssumeRole action")


def test_the_account_of_the_resource_comes_from_its_arn_and_else_from_the_caller():
    grant = {"identity": [EVERYTHING]}
    assert decide(account=None, **grant).allowed
    queue = f"arn:aws:sqs:us-east-1:{AWAY}:q"
    assert decide("sqs:SendMessage", queue, account=None, **grant).layer is Layer.RESOURCE


def test_a_federated_principal_of_star_is_any_provider():
    trust = policy({"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"})
    asked = {"action": "sts:AssumeRoleWithWebIdentity", "target": ROLE, "resource": trust}
    assert decide(principal="accounts.google.com", **asked).allowed
    assert not decide(principal="lambda.amazonaws.com", **asked).allowed
