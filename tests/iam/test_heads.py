"""Patterns by their beginnings: whatever matches a text is among what is found for it, in order, and little else is."""

from hypothesis import given
from hypothesis import strategies as st

from scopedown.iam import Caller, Kind, PolicySet, Request, evaluate, parse_policy
from scopedown.iam.evaluation import compiled
from scopedown.iam.index import by_heads
from scopedown.iam.wildcard import glob, matcher

ALPHABET = st.sampled_from("ab:*?")
PATTERNS = st.lists(st.text(ALPHABET, max_size=6), max_size=8)
TEXTS = st.text(st.sampled_from("ab:"), max_size=8)
CALLER = Caller.user("111122223333", "dev")


@given(PATTERNS, TEXTS)
def test_every_pattern_that_matches_is_found_in_order(patterns: list[str], text: str) -> None:
    look_up = by_heads([(glob(one), number) for number, one in enumerate(patterns)], (), patterns, 8)
    assert look_up is not None
    found = list(look_up(text))
    assert [one for one in patterns if matcher(glob(one))(text)] == [one for one in found if matcher(glob(one))(text)]


def test_a_longer_beginning_brings_the_shorter_ones_and_what_is_always_found() -> None:
    patterns = ["a*", "anything", "ab*", "ab", "c*"]
    look_up = by_heads([(glob(one), number) for number, one in enumerate(patterns) if number != 1], (1,), patterns, 8)
    assert look_up is not None
    assert look_up("abc") == ("a*", "anything", "ab*")
    assert look_up("ab") == ("a*", "anything", "ab*", "ab")
    assert look_up("b") == ("anything",)


def test_many_lengths_or_one_beginning_of_many_are_left_to_the_words() -> None:
    lengths = [(glob("a" * number + "*"), number) for number in range(1, 10)]
    alike = [(glob(f"arn:*:{number}"), number) for number in range(9)]
    assert by_heads(lengths, (), range(10), 8) is None
    assert by_heads(alike, (), range(10), 8) is None


def test_a_policy_of_many_buckets_asks_the_statements_of_one() -> None:
    statements = [
        {"Effect": effect, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::bucket-{number}/{ending}"}
        for number in range(100, 600)
        for effect, ending in (("Allow", "*"), ("Deny", "secret/*"))
    ]
    policies = PolicySet(identity=(parse_policy({"Version": "2012-10-17", "Statement": statements}, Kind.IDENTITY),))
    own = compiled(policies).index.find("s3:getobject").own
    assert len(own.of("arn:aws:s3:::bucket-321/a")) == 1
    assert len(own.of("arn:aws:s3:::bucket-321/secret/a")) == 2
    values = [
        evaluate(Request(CALLER, "s3:GetObject", f"arn:aws:s3:::bucket-{key}"), policies).value
        for key in ("321/a", "321/secret/a", "32/a")
    ]
    assert values == ["allowed", "explicitDeny", "implicitDeny"]
