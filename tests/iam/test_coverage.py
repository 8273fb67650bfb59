"""Coverage answers, and the same answers as brute force over all short requests."""

from __future__ import annotations

import itertools
import random

import pytest

from scopedown.core.text import ANY, Att, Pseudo, Ref, Text
from scopedown.iam import Caller, PolicySet, Request, compile, parse_policy
from scopedown.iam.coverage import Coverage, Grant, covers
from scopedown.iam.errors import LimitError

ALICE = Caller.of("arn:aws:iam::111122223333:user/alice")


def policy(*statements: dict[str, object], version: str = "2012-10-17"):
    return parse_policy({"Version": version, "Statement": list(statements)})


def allow(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def answer(action: str, resource: str | Text, *statements: dict[str, object], conditions=None) -> str:
    return covers(action, resource, [policy(*statements)], conditions).answer


def test_a_wider_pattern_covers_a_narrower_one():
    assert answer("s3:GetObject", "arn:aws:s3:::b/in/*", allow("s3:Get*", "arn:aws:s3:::b/*")) == "yes"


def test_a_narrower_pattern_covers_a_part():
    result = covers("s3:GetObject", "arn:aws:s3:::b/*", [policy(allow("s3:*", "arn:aws:s3:::b/in/*"))])
    assert result.answer == "partly"
    assert result.witness is not None and not result.witness.resource.startswith("arn:aws:s3:::b/in/")


def test_another_bucket_covers_nothing_and_the_witness_says_so():
    result = covers("s3:GetObject", "arn:aws:s3:::b/k", [policy(allow("s3:*", "arn:aws:s3:::c/*"))])
    assert (result.answer, result.witness.resource, result.witness.why) == (
        "no",
        "arn:aws:s3:::b/k",
        "no statement allows it",
    )


def test_several_statements_cover_together_what_none_covers_alone():
    halves = [allow("s3:*", "arn:aws:s3:::b/a*")], [allow("s3:*", "arn:aws:s3:::b/a*")]
    rest = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/a*"}
    assert answer("s3:GetObject", "arn:aws:s3:::b/*", *halves[0]) == "partly"
    assert answer("s3:GetObject", "arn:aws:s3:::b/*", *halves[0], rest) == "yes"


def test_a_deny_takes_its_part_away():
    result = covers(
        "s3:GetObject", "arn:aws:s3:::b/*", [policy(allow("s3:*"), deny("s3:Get*", "arn:aws:s3:::b/secret"))]
    )
    assert result.answer == "partly"
    assert [rest.resource for rest in result.rest] == ["arn:aws:s3:::b/secret"]


def test_conditions_that_together_leave_nothing_out_cover_everything():
    is_red = allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    is_not = allow(Condition={"StringNotEquals": {"aws:PrincipalTag/team": "red"}})
    assert answer("s3:GetObject", "*", is_red, is_not) == "yes"
    assert answer("s3:GetObject", "*", is_red) == "partly"


def test_numbers_leave_a_gap_where_there_is_one():
    below = allow(Condition={"NumericLessThan": {"s3:max-keys": "10"}})
    above = allow(Condition={"NumericGreaterThan": {"s3:max-keys": "10"}})
    rest = covers("s3:ListBucket", "*", [policy(below, above)], {"Null": {"s3:max-keys": "false"}}).rest
    assert {str(one.context["s3:max-keys"]) for one in rest} <= {"10", "10.0", "x"}


def test_conditions_of_the_need_are_counted():
    only_tls = allow(Condition={"Bool": {"aws:SecureTransport": "true"}})
    assert answer("s3:GetObject", "*", only_tls) == "partly"
    assert answer("s3:GetObject", "*", only_tls, conditions={"Bool": {"aws:SecureTransport": "true"}}) == "yes"


def test_a_narrower_address_block_lies_in_a_wider_one():
    office = allow(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    assert answer("s3:GetObject", "*", office, conditions={"IpAddress": {"aws:SourceIp": "10.1.0.0/16"}}) == "yes"
    assert answer("s3:GetObject", "*", office, conditions={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}) == "partly"


def test_every_layer_of_a_policy_set_must_cover():
    identity, boundary = policy(allow("s3:*")), policy(allow("s3:Get*"))
    policies = PolicySet(identity=(identity,), boundary=(boundary,))
    assert covers("s3:GetObject", "*", policies).answer == "yes"
    assert covers("s3:*", "*", policies).answer == "partly"
    assert covers("s3:PutObject", "*", policies).answer == "no"


def arn(*parts: object) -> Text:
    return Text.of("arn:", Pseudo("AWS::Partition"), *parts)


def test_a_reference_covers_the_same_reference_and_no_other():
    grant = Grant("Allow", ("s3:GetObject",), (arn(":s3:::", Ref("Bucket"), "/*"),))
    assert covers("s3:GetObject", arn(":s3:::", Ref("Bucket"), "/in/", ANY), [grant]).answer == "yes"
    assert covers("s3:GetObject", arn(":s3:::", Ref("Other"), "/k"), [grant]).answer == "no"


def test_a_star_covers_a_reference_and_a_question_mark_does_not():
    need = Text.of("arn:aws:s3:::", Ref("Bucket"))
    assert covers("s3:ListBucket", need, [policy(allow("s3:*", "arn:aws:s3:::*"))]).answer == "yes"
    assert covers("s3:ListBucket", need, [policy(allow("s3:*", "arn:aws:s3:::?"))]).answer == "no"


def test_a_whole_arn_that_is_an_attribute_is_covered_by_itself_and_by_star():
    need = Text.of(Att("Queue", "Arn"))
    assert covers("sqs:SendMessage", need, [Grant("Allow", ("sqs:*",), (need,))]).answer == "yes"
    assert covers("sqs:SendMessage", need, [policy(allow("sqs:*"))]).answer == "yes"
    assert covers("sqs:SendMessage", need, [policy(allow("sqs:*", "arn:aws:sqs:*:*:*"))]).answer == "no"


def test_unknown_text_is_everything_where_it_is_needed_and_nothing_where_it_is_granted():
    unknown = Text.of("arn:aws:s3:::", *Text.unknown("from the event").parts)
    assert covers("s3:GetObject", unknown, [policy(allow("s3:*", "arn:aws:s3:::b*"))]).answer == "partly"
    assert covers("s3:GetObject", "arn:aws:s3:::b", [Grant("Allow", ("s3:*",), (unknown,))]).answer == "no"


def test_a_deny_that_could_mean_a_reference_is_told():
    need = Text.of("arn:aws:s3:::", Ref("Bucket"), "/k")
    result = covers("s3:GetObject", need, [policy(allow("s3:*"), deny("s3:*", "arn:aws:s3:::secret/*"))])
    assert result.answer == "yes" and len(result.assumes) == 1
    clear = covers("s3:GetObject", need, [policy(allow("s3:*"), deny("s3:*", "arn:aws:sqs:*:*:secret"))])
    assert clear.assumes == ()


def test_a_policy_variable_covers_nothing_until_the_need_says_its_value():
    own = allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")
    assert answer("s3:GetObject", "arn:aws:s3:::b/alice/k", own) == "no"
    assert (
        answer("s3:GetObject", "arn:aws:s3:::b/alice/k", own, conditions={"StringEquals": {"aws:username": "alice"}})
        == "yes"
    )


ALPHABET = "ab:"
PATTERNS = ["*", "a*", "*b", "a", "ab", "a?", "?", "*a*", "b*a", "a:*", "*:b", "?b*", "a*a*", "aa*", "?:?", "b"]
CONDITIONS: list[dict[str, object] | None] = [
    None,
    None,
    {"StringEquals": {"k": "a"}},
    {"StringNotEquals": {"k": "a"}},
    {"StringLike": {"k": "a*"}},
    {"StringEqualsIfExists": {"k": ["a", "b"]}},
    {"Null": {"k": "true"}},
    {"ForAllValues:StringEquals": {"m": ["a", "b"]}},
    {"ForAnyValue:StringLike": {"m": "a*"}},
    {"ForAnyValue:StringNotEquals": {"m": "a"}},
    {"NumericLessThan": {"n": "5"}},
    {"NumericGreaterThanEquals": {"n": "5"}},
]
HEADS = ["arn:aws:s:::", "arn:aws:s:::", "arn:aws:s:*::", "arn:aws:s:a*b::", "arn:aws:s:a?::", "arn:aws:s:*b::"]
WORDS = [
    head + "".join(chars)
    for head in ("arn:aws:s:::", "arn:aws:s:ab::", "arn:aws:s:b::")
    for size in range(4)
    for chars in itertools.product(ALPHABET, repeat=size)
]
REQUESTS = [Request(ALICE, name, word) for name in ("s:a", "s:ab", "s:b", "s:bb") for word in WORDS]
SETS = [None, ["a"], ["b"], ["ab"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], ["b", "ab"], [""]]
SINGLES = [None, "", "a", "b", "ab", "c", "ba"]
NUMBERS = [None, "4", "5", "6", "x"]


def random_pattern(dice: random.Random) -> str:
    return dice.choice([dice.choice(HEADS) + dice.choice(PATTERNS)] * 7 + ["*"])


def random_statement(dice: random.Random) -> dict[str, object]:
    resource = [random_pattern(dice) for _ in range(dice.choice([1, 1, 2]))]
    condition = dice.choice(CONDITIONS)
    statement: dict[str, object] = {
        "Effect": dice.choice(["Allow", "Allow", "Allow", "Deny"]),
        dice.choice(["Action", "Action", "Action", "NotAction"]): dice.choice(["s:a", "s:*", "s:a*", "s:?b", "*"]),
        dice.choice(["Resource", "Resource", "Resource", "NotResource"]): resource,
    }
    if condition:
        statement["Condition"] = condition
    return statement


def contexts(statements: list[dict[str, object]]) -> list[dict[str, object]]:
    """Every context of the small domains, for the keys that the statements read."""
    text = str(statements)
    keys = [(key, values) for key, values in (("k", SINGLES), ("m", SETS), ("n", NUMBERS)) if f"'{key}':" in text]
    choices = itertools.product(*(values for _, values in keys))
    return [
        {key: value for (key, _), value in zip(keys, choice, strict=True) if value is not None} for choice in choices
    ]


def brute_force(action: str, resource: str, statements: list[dict[str, object]]) -> tuple[bool, bool]:
    """Whether some request is allowed, and whether some is not."""
    compiled = compile(PolicySet(identity=(policy(*statements),)))
    region = compile(PolicySet(identity=(policy(allow(action, resource)),)))
    asked = [bare for bare in REQUESTS if region.evaluate(bare).allowed]  # no condition limits what is asked for
    seen = set()
    for bare, context in itertools.product(asked, contexts(statements)):
        seen.add(compiled.evaluate(Request(ALICE, bare.action, bare.resource, context=context)).allowed)
        if len(seen) == 2:
            break
    return True in seen, False in seen


def check_against_brute_force(seed: int) -> None:
    dice = random.Random(seed)
    statements = [random_statement(dice) for _ in range(dice.choice([1, 2, 3]))]
    action, resource = dice.choice(["s:a", "s:*", "s:a*"]), random_pattern(dice)
    result: Coverage = covers(action, resource, [policy(*statements)])
    some, some_not = brute_force(action, resource, statements)
    told = f"seed {seed}: {action} on {resource} under {statements} gave {result}"
    if some_not:
        assert result.answer != "yes", told
    if some:
        assert result.answer != "no", told
    compiled = compile(PolicySet(identity=(policy(*statements),)))
    for rest in result.rest:  # every witness is a request that the evaluator does not allow
        assert not compiled.evaluate(Request(ALICE, rest.action, rest.resource, context=dict(rest.context))).allowed, (
            told
        )
    if result.answer == "partly":  # and one part is a request that it does allow
        part = result.allowed
        assert part is not None, told
        assert compiled.evaluate(Request(ALICE, part.action, part.resource, context=dict(part.context))).allowed, told


@pytest.mark.parametrize("block", [*range(5), *(pytest.param(more, marks=pytest.mark.slow) for more in range(5, 15))])
def test_coverage_agrees_with_brute_force(block: int):
    for seed in range(block * 100, block * 100 + 100):
        check_against_brute_force(seed)


def test_a_pattern_that_is_longer_than_any_arn_is_not_decided():
    with pytest.raises(LimitError, match="an ARN has at most 2,048"):
        answer(
            "s3:GetObject", "arn:aws:s3:::b/" + "-" * 3000 + "*", allow("s3:*", "arn:aws:s3:::b/" + "-" * 2999 + "*")
        )


def test_a_hundred_overlapping_statements_are_decided_at_once():
    """Patterns whose stars overlap combine in exponentially many ways; only those that matter are followed."""
    statements = [
        allow(
            ["dynamodb:Get*", "s3:Put*"],
            [f"arn:aws:dynamodb:*:*:table/table-{number}*", f"arn:aws:s3:::bucket-{number}/*"],
            Condition={"StringEquals": {"aws:PrincipalTag/team": f"t{number % 5}"}},
        )
        for number in range(100)
    ]
    result = covers("dynamodb:*", "arn:aws:dynamodb:*:*:table/*", [policy(*statements)])
    assert result.answer == "partly"
    assert answer("dynamodb:*", "arn:aws:dynamodb:*:*:table/*", *statements, allow("dynamodb:*")) == "yes"
