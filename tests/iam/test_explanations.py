"""What can be asked of a decision, of unknown context, and of several principals."""

from __future__ import annotations

import pytest

from iam.ask import ALICE, EVERYTHING, HOME, OBJECT, SESSION, STRANGER, allow, ask, decide, deny, identity, policy
from scopedown.iam import Caller, Kind, Layer, PolicySet, Request, compile, evaluate, parse_policy
from scopedown.iam.decision import evaluation_result
from scopedown.iam.partial import evaluate_partially
from scopedown.iam.questions import missing, what_can, who_can
from scopedown.iam.request import derived_context

TEAM = "aws:PrincipalTag/team"
RED = {"StringEquals": {TEAM: "red"}}


def request(action: str = "s3:GetObject", resource: str = OBJECT, **context: object) -> Request:
    return Request(Caller.of(ALICE), action, resource, HOME, context)


def test_an_explanation_says_what_of_each_statement_matched():
    decision = ask(identity(allow("s3:Put*"), allow("s3:*", "arn:aws:s3:::c/*"), allow("s3:*", Condition=RED)))
    first, second, third = decision.explanation.statements
    assert (first.action, first.resource, first.counts) == (False, True, False)
    assert (second.action, second.resource, second.counts) == (True, False, False)
    assert third.reasons == (f"StringEquals {TEAM} [red] does not match: {TEAM} is not in the request",)
    assert decision.explanation.near(1) == (third,)


def test_an_explanation_names_a_variable_without_value():
    decision = ask(identity(allow(resource="arn:aws:s3:::${aws:username}/*")))
    assert "the variable ${aws:username} has no value in this request" in decision.explanation.statements[0].reasons


def test_the_deciding_statements_are_all_denies_or_all_allows():
    assert [place.number for place in ask(identity(allow(), deny("s3:*"), deny("s3:Get*"))).statements] == [1, 2]
    assert [place.number for place in ask(identity(allow(), deny("sqs:*"), allow("s3:*"))).statements] == [0, 2]


def test_missing_context_keys_are_told_as_written():
    policies = identity(
        allow(resource="arn:aws:s3:::b/${aws:UserName}", Condition=RED),
        allow("sqs:*", Condition={"Bool": {"f": "true"}}),
    )
    assert ask(policies).missing_context == (TEAM, "aws:UserName")
    assert ask(policies, **{TEAM: "blue", "aws:username": "x"}).missing_context == ()


def test_the_answer_has_the_shape_of_aws_simulator():
    text = '{"Version": "2012-10-17",\n "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    policies = PolicySet(identity=(parse_policy(text, name="mine"),), boundary=(parse_policy(policy(allow())),))
    result = evaluation_result(evaluate(request(), policies))
    matched = result["MatchedStatements"][0]
    assert result["EvalDecision"] == "allowed" and result["PermissionsBoundaryDecisionDetail"]
    assert (matched["SourcePolicyId"], matched["StartPosition"]) == ("mine", {"Line": 2, "Column": 15})


def test_across_accounts_the_answer_has_both_sides():
    decision = decide(principal=STRANGER, identity=[EVERYTHING])
    assert decision.sides == {"IAM Policy": "allowed", "Resource Policy": "implicitDeny"}


# Unknown context


def partly(*statements: dict[str, object], unknown: list[str] | None = None, **context: object):
    return evaluate_partially(request(**context), identity(*statements), unknown)


def test_what_does_not_depend_on_the_unknown_is_decided():
    assert partly(allow()).value == "allowed"
    assert partly(allow("sqs:*", Condition=RED)).value == "denied"
    assert partly(allow(), deny(Condition=RED), unknown=["aws:SourceIp"]).value == "allowed"


def test_what_depends_on_the_unknown_says_on_which_condition():
    result = partly(allow(Condition=RED))
    assert result.value == "depends"
    assert [str(one) for one in result.depends_on] == [f"p, statement 1: StringEquals {TEAM} [red]"]
    assert result.outcomes["allowed"] == {TEAM.lower(): "red"}


def test_conditions_that_exclude_each_other_are_seen_together():
    both = allow(Condition=RED), allow(Condition={"StringNotEquals": {TEAM: "red"}})
    assert partly(*both).value == "allowed"
    assert partly(allow(Condition={"StringEquals": {TEAM: "red"}, "StringLike": {TEAM: "b*"}})).value == "denied"


def test_an_unknown_variable_in_a_resource_is_a_dependence():
    assert partly(allow(resource="arn:aws:s3:::b/${aws:username}")).value == "depends"


@pytest.mark.parametrize("team", ["red", "blue", "", None])
@pytest.mark.parametrize("tls", ["true", "false", None])
def test_every_complete_context_comes_out_as_foretold(team: str | None, tls: str | None):
    statements = (
        allow(Condition={"StringLike": {TEAM: "r*"}}),
        allow(Condition={"StringEqualsIfExists": {TEAM: "blue"}, "Bool": {"aws:SecureTransport": "true"}}),
        deny(Condition={"BoolIfExists": {"aws:SecureTransport": "false"}}),
    )
    foretold = partly(*statements)
    context = {key: value for key, value in ((TEAM, team), ("aws:SecureTransport", tls)) if value is not None}
    assert ask(identity(*statements), **context).value in foretold.outcomes
    for value, example in foretold.outcomes.items():
        assert ask(identity(*statements), **example).value == value


# Questions


def test_what_is_missing_is_the_smallest_grant():
    (change,) = missing(request(), identity(allow("sqs:*")))
    assert change.add.emit() == {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT}
    assert missing(request(), identity(allow())) == ()


def test_everything_that_is_missing_is_told_in_order():
    only = (parse_policy(policy(allow("sqs:*")), Kind.BOUNDARY),)
    policies = PolicySet(identity=identity(allow(), deny("s3:*")).identity, boundary=only)
    deny_first, boundary = missing(request(), policies)
    assert (deny_first.change, deny_first.deny.number) == ("remove", 1)
    assert (boundary.change, boundary.layer) == ("add", Layer.BOUNDARY)


def test_a_condition_that_is_not_met_is_told_as_the_other_way():
    (change,) = missing(request(), identity(allow(Condition=RED)))
    assert [(place.number, conditions[0].key) for place, conditions in change.conditions] == [(0, TEAM)]


def test_what_is_missing_across_accounts_names_the_role_of_a_session():
    asked = Request(Caller.of(SESSION), "sqs:SendMessage", "arn:aws:sqs:r:444455556666:q")
    changes = missing(asked, PolicySet())
    assert [change.layer for change in changes] == [Layer.RESOURCE, Layer.IDENTITY]
    assert changes[0].add.emit()["Principal"] == {"AWS": f"arn:aws:iam::{HOME}:role/app"}


def test_what_never_allows_a_request_is_named_once():
    asked = Request(Caller.of(SESSION), "s3:PutObject", "shop/a")
    assert [str(change) for change in missing(asked, identity(allow("sqs:*")))] == [
        "an identity-based policy must allow s3:PutObject on shop/a"
    ]


def test_who_can_and_what_can():
    alice, bob = Caller.user(HOME, "alice"), Caller.user(HOME, "bob")
    found = who_can("s3:GetObject", OBJECT, [(alice, identity(allow("s3:*"))), (bob, identity(allow("sqs:*")))])
    assert [caller for caller, _ in found] == [alice]
    actions = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]
    assert what_can(alice, OBJECT, identity(allow("s3:Get*")), actions) == ("s3:GetObject",)


def test_derived_keys_are_added_only_when_asked_for():
    policies = identity(allow(resource="arn:aws:s3:::b/${aws:username}"))
    context = derived_context(Caller.of(ALICE), OBJECT, {})
    assert not ask(policies, resource="arn:aws:s3:::b/alice").allowed
    assert ask(policies, resource="arn:aws:s3:::b/alice", **context).allowed


# The compiled form


def test_a_compiled_set_answers_as_a_single_question_does():
    policies = identity(
        *(allow("s3:Get*", f"arn:aws:s3:::b{n}/*") for n in range(40)), deny("s3:*", "arn:aws:s3:::b7/*")
    )
    asked = [request(resource=f"arn:aws:s3:::b{n}/k") for n in range(42)]
    decisions = compile(policies).batch(asked)
    assert [one.value for one in decisions] == [evaluate(one, policies).value for one in asked]
    assert [n for n, one in enumerate(decisions) if not one.allowed] == [7, 40, 41]


def test_only_the_statements_that_can_match_are_looked_at():
    compiled = compile(identity(*(allow("s3:Get*", f"arn:aws:s3:::bucket-{n}/*") for n in range(1000))))
    compiled.evaluate(request(resource="arn:aws:s3:::bucket-500/k"))
    asked = [rule for rule in compiled.index.rules if getattr(rule.applies, "__name__", "") != "_first"]
    assert len(asked) <= 3
