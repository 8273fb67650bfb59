"""What is seen at once of a need and a grant is what deciding it says too."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.compare.grant_prefilter import apart, beginning, plainly_covered, relevant, surely_not_covered
from scopedown.core.text import ANY, Att, Literal, Ref, Text, Unknown
from scopedown.iam.coverage import Grant, covers

PIECES = ["arn:aws:sqs:", "us-east-1:1:", "eu-*:", "a", "b", "/", ":", "*", "?", "jobs-", "arn:aws:s3:::", "x" * 3]
PARTS = st.one_of(
    st.sampled_from(PIECES).map(Literal),
    st.sampled_from([Ref("Bucket"), Ref("Queue"), Att("Queue", "Arn"), ANY, Unknown("event")]),
)
TEXTS = st.lists(PARTS, min_size=1, max_size=6).map(lambda parts: Text.of(*parts))
GRANTS = st.builds(
    Grant,
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.lists(st.sampled_from(["s3:GetObject", "s3:*", "sqs:Send*", "*"]), min_size=1, max_size=2).map(tuple),
    st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
)


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.lists(GRANTS, max_size=3), st.sampled_from(["s3:GetObject", "sqs:SendMessage"]))
def test_a_short_cut_never_says_what_deciding_does_not(form: Text, grants: list[Grant], action: str) -> None:
    answer = covers(action, form, grants).answer
    near = [*relevant(action, form, grants)]
    assert (covers(action, form, near).answer if near else "no") == answer
    if plainly_covered(form, near):
        assert answer == "yes"
    if surely_not_covered(form, near):
        assert answer != "yes"


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_what_is_apart_has_nothing_in_common(form: Text, other: Text) -> None:
    if apart([beginning(form)], [beginning(other)]):
        assert covers("s3:GetObject", form, [Grant("Allow", ("s3:GetObject",), (other,))]).answer == "no"


def test_log_groups_of_other_functions_are_left_out() -> None:
    groups = tuple(Text.of(f"arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f{number}:*") for number in range(300))
    (left,) = relevant("logs:PutLogEvents", groups[7], [Grant("Allow", ("logs:Put*",), groups)])
    assert left.resources == (groups[7],)
    assert not [*relevant("logs:PutLogEvents", groups[7], [Grant("Allow", ("s3:*",), groups)])]


def test_a_pattern_that_goes_beyond_in_the_last_field_plainly_covers() -> None:
    wide = Grant("Allow", ("logs:*",), (Text.of("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/s-*:*"),))
    assert plainly_covered(Text.of("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/s-f:*"), [wide])
    assert not plainly_covered(Text.of("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/t-f:*"), [wide])
    assert not plainly_covered(Text.of("arn:aws:logs:*:1:log-group:/aws/lambda/s-f:*"), [wide])
