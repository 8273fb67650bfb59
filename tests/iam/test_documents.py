"""Rules 50 to 52: documents, their errors with places, their sizes, and that nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iam.ask import ALICE, allow, deny, policy
from scopedown.iam import Kind, PolicyError, parse_policy
from scopedown.iam.size import Quota, fits, size

RICH = {
    "Version": "2012-10-17",
    "Id": "x",
    "Statement": [
        {
            "Sid": "A1",
            "Effect": "Allow",
            "Principal": {"AWS": [ALICE], "Service": "sns.amazonaws.com"},
            "Action": ["s3:GetObject"],
            "NotResource": "arn:aws:s3:::b/*",
            "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": [10, "20"]}},
        },
        {"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "NotAction": "s3:*", "Resource": ["*"], "Condition": {}},
    ],
}


def error(document: object, kind: str = "identity") -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        parse_policy(document if isinstance(document, str | bytes) else json.dumps(document), kind, name="p.json")
    return caught.value


def test_rule_50_a_document_comes_out_as_it_went_in():
    for document in (RICH, {**RICH, "Statement": RICH["Statement"][0]}):
        assert parse_policy(document, "resource").emit() == document
        assert parse_policy(json.dumps(document), "resource").emit() == document


def test_the_canonical_form_is_one_for_lists_and_single_values():
    one = parse_policy(policy(allow(["s3:b", "s3:a"], "*")))
    other = parse_policy(policy(allow(["s3:a", "s3:b"], ["*"])))
    assert one.emit() != other.emit() and one.canonical() == other.canonical()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({"Effect": "Allow", "Action": "s3:*"}, "Resource or NotResource is missing"),
        ({"Effect": "Allow", "Resource": "*"}, "Action or NotAction is missing"),
        ({"Action": "s3:*", "Resource": "*"}, "Effect is missing"),
        (allow(NotAction="s3:*"), "both Action and NotAction"),
        (allow(NotResource="*"), "both Resource and NotResource"),
        ({**allow(), "Effect": "allow"}, "Allow or Deny"),
        (allow(Principal="*"), "not allowed in identity"),
        (allow(Conditions={}), "unknown element 'Conditions'; did you mean Condition?"),
        ({**allow(), "sid": "x"}, "unknown element 'sid'; did you mean Sid?"),
        (allow([]), "must not be empty"),
        (allow(["s3:*", 1]), "must be text"),
        (allow("s3"), "service:Name"),
        (allow(Sid="a b"), "letters"),
        (allow(Condition={"StringEqual": {"k": "v"}}), "unknown condition operator"),
        (allow(Condition={"StringEquals": {"k": None}}), "must be text"),
        (allow(Condition={"StringEquals": "v"}), "must be an object"),
        (allow(resource="arn:aws:s3:::\u20ac"), "U\\+20AC"),
    ],
)
def test_rule_50_what_the_grammar_forbids_is_an_error(statement: dict[str, object], reason: str):
    caught = error(policy(statement))
    assert __import__("re").search(reason, caught.message) and caught.place is not None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"Statement": {"Effect": "Allow",\n "Action": "a:b", "Action": "*", "Resource": "*"}}', 2, 19),
        ('{"Statement": {"Effect": "Allow",\n "Action": "a:b", "action": "*", "Resource": "*"}}', 2, 19),
        ('{"Version": "2012-10-17",\n\n  "Version": "2012-10-17"}', 3, 3),
        ('{"Statement": [}', 1, 16),
        ('{"Statement": ["x"', 1, 19),
        ("", 1, 1),
        ('{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}} x', 1, 71),
    ],
)
def test_rule_50_an_error_has_its_place(text: str, line: int, column: int):
    place = error(text).place
    assert place is not None and (place.file, place.line, place.column) == ("p.json", line, column)


def test_rule_50_keys_that_differ_by_case_alone_are_errors_in_conditions_too():
    block = '{"StringEquals": {"aws:UserName": "a", "aws:username": "b"}}'
    text = f'{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {block}}}}}'
    assert "only by case" in error(text).message


def test_rule_50_two_statements_have_not_the_same_sid():
    assert "used twice" in error(policy(allow(Sid="A"), deny(Sid="A"))).message


def test_rule_50_an_id_is_no_part_of_identity_policies_and_a_principal_is_asked_of_resource_policies():
    assert error({**policy(allow()), "Id": "x"}).path == "Id"
    assert "Principal is missing" in error(policy(allow()), "resource").message
    assert "Principal is missing" in error(policy({"Effect": "Allow", "Action": "sts:AssumeRole"}), "trust").message


def test_a_trust_policy_names_only_sts_actions():
    assert "sts" in error(policy({"Effect": "Allow", "Action": "s3:*", "Principal": "*"}), "trust").message


def test_rule_52_an_scp_has_the_whole_language():
    rich = {
        "Effect": "Allow",
        "NotAction": "iam:*",
        "NotResource": "arn:aws:s3:::b/*",
        "Condition": {"Null": {"k": "true"}},
    }
    assert parse_policy(policy(rich), Kind.SCP)


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_any_text_or_bytes_are_a_policy_or_an_error(data: str | bytes):
    try:
        parse_policy(data)
    except PolicyError as caught:
        assert caught.place is not None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(["Allow", "*", "s3:*"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Version", "Statement", "Effect", "Action", "Resource", "Condition", "Null", "k"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(list(Kind)))
def test_any_json_is_a_policy_or_an_error(document: object, kind: Kind):
    try:
        assert parse_policy(json.dumps(document), kind).emit() == document
    except PolicyError as caught:
        assert caught.place is not None


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"Statement": ' + "9" * 5000 + "}", "{" + '"a":1,' * 5 + "}"]
)
def test_deep_and_long_input_is_an_error(text: str):
    error(text)


def test_rule_51_white_space_counts_for_scps_and_not_for_roles():
    text = json.dumps(policy(allow()), indent=4)
    assert size([text], Quota.SCP) == len(text) > size([text], Quota.ROLE_INLINE)
    assert size([text, text], Quota.ROLE_INLINE) == 2 * size([text], Quota.ROLE_INLINE)


def test_rule_51_the_quotas():
    long = parse_policy(policy(allow([f"s3:Action{n}" for n in range(450)])))
    assert 6_144 < size([long], Quota.MANAGED) < 10_240
    assert (
        not fits([long], Quota.MANAGED)
        and fits([long], Quota.ROLE_INLINE)
        and not fits([long, long], Quota.ROLE_INLINE)
    )
