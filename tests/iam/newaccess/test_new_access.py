"""What new policies allow that old ones did not, each answer as one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from iam.ask import allow, deny
from scopedown.iam import Kind, Policy, parse_policy
from scopedown.iam.newaccess import Comparison, new_access
from scopedown.iam.newaccess.budget import ALL
from scopedown.iam.newaccess.checks import access_not_granted, equivalent, no_public_access
from scopedown.iam.newaccess.compare import Question

NAMES = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "sqs:SendMessage", "sts:GetCallerIdentity")
BUCKET = "arn:aws:s3:::b/*"


def identity(*statements: dict[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def resource(*statements: dict[str, Any], kind: str = "resource") -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def compared(old: Policy, new: Policy, **options: Any) -> Comparison:
    return new_access([[old]], [[new]], NAMES, **options)


def is_new(old: Policy, new: Policy) -> bool:
    found = compared(old, new)
    assert found.answer != "not decided", found.undecided
    return found.answer == "new access"


def test_a_row_names_the_action_the_resource_and_a_request():
    found = compared(
        identity(allow("s3:GetObject", BUCKET)), identity(allow(["s3:GetObject", "s3:DeleteObject"], BUCKET))
    )
    (row,) = found.rows
    assert (row.actions, row.resources, row.why) == (("s3:DeleteObject",), (BUCKET,), "not allowed before")
    assert row.witness.data() == {"action": "s3:DeleteObject", "resource": "arn:aws:s3:::b/qzxjw", "context": {}}


def test_the_union_of_statements_counts_and_not_each_alone():
    both = identity(allow("s3:GetObject", ["arn:aws:s3:::b/a/*", "arn:aws:s3:::b/c/*"]))
    split = identity(allow("s3:GetObject", "arn:aws:s3:::b/a/*"), allow("s3:GetObject", "arn:aws:s3:::b/c/*"))
    assert {one.answer for one in equivalent([[both]], [[split]], NAMES)} == {"no new access"}


def test_a_deny_that_goes_is_new_access_and_one_that_moves_is_none():
    everything, limit = allow(), deny("s3:DeleteObject", BUCKET)
    found = compared(identity(everything, limit), identity(everything))
    assert [row.why for row in found.rows] == ["a deny is gone"]
    assert not is_new(identity(everything, limit), identity(limit, everything))
    assert not is_new(identity(everything, limit), identity(everything, deny("s3:*", "*")))


def test_a_name_that_aws_may_add_is_new_where_no_known_one_is():
    old = identity(allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"], "*"))
    (row,) = compared(old, identity(allow("s3:*", "*"))).rows
    assert row.future


def test_a_deny_that_goes_may_have_been_of_names_that_aws_may_add():
    all_but = {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}
    assert is_new(identity(all_but, deny("s3:?etObject")), identity(all_but))


def test_an_action_of_nobody_s_list_is_compared_by_its_name():
    assert is_new(identity(allow("new:Thing", "*")), identity(allow("new:Other", "*")))
    assert not is_new(identity(allow("new:*", "*")), identity(allow("new:Other", "*")))


def test_get_caller_identity_is_never_new():
    assert not is_new(
        identity(allow("s3:GetObject", "*")), identity(allow(["s3:GetObject", "sts:GetCallerIdentity"], "*"))
    )


def test_whole_patterns_are_shown_as_the_statement_writes_them():
    (row,) = compared(identity(allow("sqs:*", "*")), identity(allow(["s3:*Object", "s3:ListBucket"], "*"))).rows
    assert row.actions == ("s3:*Object", "s3:ListBucket")


def test_everything_but_patterns_are_complements():
    but_one = identity({"Effect": "Allow", "NotAction": "s3:DeleteObject", "NotResource": BUCKET})
    assert not is_new(but_one, identity(allow("s3:GetObject", "arn:aws:s3:::c/*")))
    assert is_new(but_one, identity(allow("s3:GetObject", "arn:aws:s3:::b*")))
    assert is_new(but_one, identity(allow("s3:DeleteObject", "arn:aws:s3:::c/*")))


def test_a_boundary_and_scps_limit_what_a_statement_brings():
    old, new = identity(allow("s3:GetObject", BUCKET)), identity(allow("s3:*", BUCKET))
    boundary = identity(allow("s3:GetObject", "*"))
    assert new_access([[old]], [[new]], NAMES).answer == "new access"
    assert new_access([[old], [boundary]], [[new], [boundary]], NAMES).answer == "no new access"
    wider = identity(allow("s3:Get*", "*"), allow("s3:Put*", "*"))
    found = new_access([[new], [boundary]], [[new], [wider]], NAMES)
    assert found.rows[0].actions == ("s3:PutObject",)
    assert new_access([[new], [wider]], [[new], [boundary]], NAMES).answer == "no new access"
    assert new_access([[new]], [[new], [wider]], NAMES).answer == "no new access"
    assert new_access([[new], [wider]], [[new]], NAMES).answer == "new access"


def test_policies_of_one_layer_are_a_union():
    one, two = identity(allow("s3:GetObject", BUCKET)), identity(allow("s3:PutObject", BUCKET))
    both = identity(allow(["s3:GetObject", "s3:PutObject"], BUCKET))
    assert new_access([[one, two]], [[both]], NAMES).answer == "no new access"
    assert new_access([[one]], [[one, two]], NAMES).answer == "new access"


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ({"StringEquals": {"k": ["a", "b"]}}, {"StringEquals": {"K": "a"}}, False),
        ({"StringEquals": {"k": "a"}}, {"StringLike": {"k": "a*"}}, True),
        ({"StringLike": {"k": "a*"}}, {"StringLike": {"k": ["ab*", "a?c"]}}, False),
        ({"StringNotEquals": {"k": "a"}}, {"StringNotEquals": {"k": ["a", "b"]}}, False),
        ({"StringNotEquals": {"k": "a"}}, {"Null": {"k": "true"}}, False),
        ({"Null": {"k": "true"}}, {"StringNotEquals": {"k": "a"}}, True),
        ({"Null": {"k": "true"}}, {"StringNotLike": {"k": ["b", "?b"]}}, True),
        ({"IpAddress": {"k": "10.0.0.0/8"}}, {"IpAddress": {"k": "10.1.0.0/16"}}, False),
        ({"NumericLessThan": {"k": "11"}}, {"NumericLessThanEquals": {"k": "10"}}, False),
        ({"NumericLessThanEquals": {"k": "10"}}, {"NumericLessThan": {"k": "11"}}, True),
        ({"DateLessThan": {"k": "2021-01-01"}}, {"DateLessThan": {"k": "2020-01-01T00:00:00Z"}}, False),
        ({"Bool": {"k": "true"}}, {"BoolIfExists": {"k": "true"}}, True),
        ({"BoolIfExists": {"k": "true"}}, {"Bool": {"k": "TRUE"}}, False),
        ({"ArnLike": {"k": "arn:aws:s3:::*"}}, {"ArnEquals": {"k": "arn:aws:s3:::b"}}, False),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"ForAllValues:StringEquals": {"k": "a"}}, False),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, {"ForAnyValue:StringEquals": {"k": ["a", "b"]}}, True),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, {"ForAllValues:StringEquals": {"k": "a"}}, True),
        ({"StringEqualsIgnoreCase": {"k": "A"}}, {"StringEquals": {"k": "a"}}, False),
        ({"StringEquals": {"k": ["a", "A"]}}, {"StringEqualsIgnoreCase": {"k": "a"}}, False),
        ({"StringEquals": {"k": "true"}}, {"Bool": {"k": "true"}}, True),
        ({"Bool": {"k": "true"}}, {"StringEquals": {"k": ["true", "True"]}}, False),
    ],
)
def test_conditions_are_compared_by_the_contexts_that_satisfy_them(before: Any, after: Any, new: bool):
    assert is_new(identity(allow(Condition=before)), identity(allow(Condition=after))) is new


def test_many_patterns_that_overlap_are_answered_by_one_text_of_all():
    whole = allow("s3:GetObject", "*")
    texts = [
        f"*{one}*{other}*" for one, other in ("ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr", "st", "uv", "wx")
    ]
    for old in (
        [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": f"arn:aws:s3:::{one}"} for one in texts],
        [{**whole, "Condition": {"StringNotLike": {"k": one}}} for one in texts],
    ):
        assert is_new(identity(*old), identity(whole))


def test_a_variable_stands_for_the_same_text_in_one_request():
    own = "arn:aws:s3:::b/${aws:username}/*"
    assert not is_new(identity(allow(resource=own)), identity(allow(resource="arn:aws:s3:::b/${aws:username}/docs/*")))
    assert not is_new(identity(allow(resource="arn:aws:s3:::b/*")), identity(allow(resource=own)))
    assert is_new(identity(allow(resource=own)), identity(allow(resource="arn:aws:s3:::b/${aws:userid}/*")))
    found = compared(identity(allow(resource="arn:aws:s3:::b/alice/*")), identity(allow(resource=own)))
    assert found.witness is not None and "aws:username" in found.witness.context


def test_a_variable_that_cannot_be_followed_is_not_decided():
    before = allow(Condition={"StringLike": {"k": "${x:a}*"}}), allow(Condition={"StringNotLike": {"k": "${x:a}?*"}})
    found = compared(identity(*before), identity(allow(Condition={"StringLike": {"k": "*${x:a}*"}})))
    assert found.answer in ("new access", "not decided")


def test_several_values_of_a_key_match_no_operator_without_a_set_operator():
    none = identity(allow(), deny("s3:GetObject", Condition={"Null": {"aws:TagKeys": "false"}}))
    like = identity(allow(), deny("s3:GetObject", Condition={"StringLike": {"aws:TagKeys": "*"}}))
    found = compared(none, like)
    assert found.witness is not None and isinstance(found.witness.context["aws:tagkeys"], tuple)
    if_exists = allow("s3:GetObject", Condition={"StringLikeIfExists": {"aws:TagKeys": "*"}})
    assert is_new(identity(if_exists), identity(allow("s3:GetObject")))
    one_value = {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}
    only = allow("s3:GetObject", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    assert not is_new(identity(only), identity(allow("s3:GetObject"), deny("s3:GetObject", Condition=one_value)))


def test_a_role_of_an_account_is_within_the_account_and_its_session_within_the_role():
    account = resource(allow(Principal={"AWS": "111122223333"}))
    role = resource(allow(Principal={"AWS": "arn:aws:iam::111122223333:role/app"}))
    session = resource(allow(Principal={"AWS": "arn:aws:sts::111122223333:assumed-role/app/s"}))
    assert not is_new(account, role) and not is_new(role, session)
    assert is_new(role, account) and is_new(session, role)


def test_a_federated_user_is_not_the_only_principal_of_its_user_s_name():
    user = resource(allow(Principal={"AWS": "arn:aws:iam::111122223333:user/ann"}))
    federated = resource(allow(Principal={"AWS": "arn:aws:sts::111122223333:federated-user/ann"}))
    assert not is_new(user, federated)
    found = compared(federated, user)
    assert found.witness is not None and found.witness.caller is not None
    assert found.witness.caller.arn == "arn:aws:iam::111122223333:user/ann"


def test_everyone_of_an_account_by_condition_is_less_than_the_account():
    by_name = resource(allow(Principal={"AWS": "111122223333"}))
    by_key = resource(allow(Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}}))
    assert not is_new(by_name, by_key) and not is_new(by_key, by_name)


def test_not_granted_finds_an_action_on_a_resource():
    policy = [[identity(allow("s3:*", BUCKET))]]
    assert access_not_granted(policy, ["s3:DeleteObject"], names=NAMES).answer == "new access"
    assert access_not_granted(policy, ["s3:DeleteObject"], ["arn:aws:s3:::c/*"], NAMES).answer == "no new access"
    assert access_not_granted(policy, (), ["arn:aws:s3:::b/x"], NAMES).answer == "new access"
    assert access_not_granted(policy, ["sqs:*"], names=NAMES).answer == "no new access"


@pytest.mark.parametrize(
    ("statement", "public"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "111122223333"}}, False),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, False),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, False),
        ({"Principal": "*", "Condition": {"StringLike": {"aws:SourceVpce": "vpce-*"}}}, True),
        ({"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}}, False),
        ({"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}}, True),
        ({"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/t/a-*"}}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:username": "admin"}}}, True),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "54.1.0.0/16"}}}, False),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}, True),
        ({"Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "54.1.0.0/16"}}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}}, True),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}, True),
    ],
)
def test_public_is_whoever_and_wherever_no_policy_names(statement: dict[str, Any], public: bool):
    found = no_public_access(resource(allow("s3:GetObject", **statement)), NAMES)
    assert (found.answer == "new access") is public


def test_a_provider_that_serves_everybody_is_public_without_a_subject():
    issuer = "token.actions.githubusercontent.com"
    trusted = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"}},
    }
    assert no_public_access(resource(trusted, kind=Kind.TRUST), NAMES).answer == "new access"
    trusted["Condition"] = {**trusted["Condition"], "StringLike": {f"{issuer}:sub": "repo:owner/name:*"}}
    assert no_public_access(resource(trusted, kind=Kind.TRUST), NAMES).answer == "no new access"


def _stars(count: int, step: int) -> list[str]:
    letters = "abcdefghijklmnop"
    return [f"*{letters[at % 16]}*{letters[(at * step + 3) % 16]}*{letters[at // 16 % 16]}*" for at in range(count)]


@pytest.mark.parametrize("element", ["NotResource", "StringLike", "ForAllValues:StringLike", "aws:PrincipalArn"])
def test_hostile_patterns_spend_a_bounded_amount_of_work(element: str):
    def document(texts: list[str]) -> Policy:
        if element == "NotResource":
            return identity(*({"Effect": "Allow", "Action": "s3:*", element: f"arn:aws:s3:::{one}"} for one in texts))
        if element == "aws:PrincipalArn":
            return resource(
                *({**allow(), "Principal": "*", "Condition": {"StringLike": {element: one}}} for one in texts)
            )
        return identity(*({**allow(), "Condition": {element: {"x:k": one}, "Null": {"x:k": "false"}}} for one in texts))

    question = Question([[document(_stars(80, 7))]], [[document(_stars(80, 5))]], NAMES)
    found = question.answer(first=False)
    assert found.answer in ("new access", "not decided")
    assert all(one.reason for one in found.undecided)
    assert question.finder.budget.left > -ALL


def test_each_policy_of_a_layer_keeps_its_version():
    everyone = {"Principal": "*"}
    older = parse_policy(
        {"Version": "2008-10-17", "Statement": [{**allow("s3:GetObject", BUCKET), **everyone}]}, "resource"
    )
    own = "arn:aws:s3:::b/${aws:username}"
    denies, allows = (resource({**make("s3:GetObject", own), **everyone}) for make in (deny, allow))
    assert new_access([[older, denies]], [[older]], NAMES).answer == "new access"
    other = parse_policy(
        {"Version": "2008-10-17", "Statement": [{**allow("s3:ListBucket", "*"), **everyone}]}, "resource"
    )
    assert new_access([[other]], [[other, allows]], NAMES).answer == "new access"


def test_layers_that_multiply_end_with_a_request_or_undecided():
    def layers(word: str) -> list[list[Policy]]:
        tags = [[{"StringEquals": {f"aws:PrincipalTag/t{at}": f"{word}{n}"}} for n in range(8)] for at in range(9)]
        return [[identity(*(allow("*", Condition=tag) for tag in layer))] for layer in tags]

    reads = [identity(allow("s3:Get*"))]
    found = new_access([reads, *layers("a")], [reads, *layers("b")], NAMES)
    assert found.answer == "new access" and found.undecided
    assert new_access([reads, *layers("a")], [reads, *layers("a")], NAMES).answer == "no new access"
