"""Patterns by their words: whatever matches a text is among what is found for it, and of thousands little else is."""

from hypothesis import given
from hypothesis import strategies as st

from scopedown.iam import Caller, PolicySet, Request, parse_policy
from scopedown.iam.evaluation import compiled
from scopedown.iam.wildcard import glob, matcher
from scopedown.iam.words import Words

ALPHABET = st.sampled_from("ab1:/-*?")
PATTERNS = st.lists(st.text(ALPHABET, max_size=12), max_size=12)
TEXTS = st.text(st.sampled_from("ab1:/-"), max_size=12)


@given(PATTERNS, TEXTS)
def test_no_pattern_that_matches_is_left_out(patterns: list[str], text: str) -> None:
    found = {value for some in Words((glob(one), one) for one in patterns).of(text) for value in some}
    assert {one for one in patterns if matcher(glob(one))(text)} <= found


def test_of_many_that_begin_and_end_alike_few_are_compared() -> None:
    patterns = [f"arn:aws:logs:eu-west-1:*:log-group:/aws/lambda/shop-dev-job{number}:*" for number in range(1000)]
    words = Words((glob(one), one) for one in patterns)
    assert words.of("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/shop-dev-job7:a") == [[patterns[7]]]


def test_a_word_that_a_wildcard_prolongs_is_none() -> None:
    words = Words([(glob("arn:aws:s3:::logs*"), "begins"), (glob("*"), "all")])
    assert sorted(value for some in words.of("arn:aws:s3:::logs1") for value in some) == ["all", "begins"]


def test_an_evaluator_compares_a_request_with_few_of_many_statements() -> None:
    names = [f"arn:aws:sqs:eu-west-1:*:shop-{number}-*" for number in range(10, 510)]
    statements = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": [name]} for name in names]
    policy = parse_policy({"Version": "2012-10-17", "Statement": statements})
    asked = "arn:aws:sqs:eu-west-1:111122223333:shop-70-x"
    found = compiled(PolicySet(identity=(policy,))).index.find("sqs:sendmessage")
    assert sum(len(list(group.of(asked))) for group in found.allow) == 1
    request = Request(Caller.user("111122223333", "dev"), "sqs:SendMessage", asked)
    assert compiled(PolicySet(identity=(policy,))).evaluate(request).allowed


def test_of_a_few_statements_none_is_looked_at_whose_resources_begin_otherwise() -> None:
    buckets = [{"Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::b{n}/*"} for n in range(4)]
    group = compiled(PolicySet(identity=(parse_policy({"Statement": buckets}),))).index.find("s3:get").deny
    assert not list(group.of("arn:aws:s3:::other/k"))
    assert len(list(group.of("arn:aws:s3:::b2/k"))) == 1


def test_a_statement_without_a_known_beginning_is_always_looked_at() -> None:
    resources = [{"Resource": "arn:aws:s3:::a/*"}, {"NotResource": "arn:aws:s3:::b/*"}]
    for other in (resources[1], {"Resource": "*:b/*"}, {"Resource": "*"}):
        document = {"Statement": [{"Effect": "Deny", "Action": "s3:*", **one} for one in (resources[0], other)]}
        group = compiled(PolicySet(identity=(parse_policy(document),))).index.find("s3:get").deny
        assert len(list(group.of("arn:aws:s3:::c/k"))) == 2
