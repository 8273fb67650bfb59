"""Rules 36 to 49: conditions."""

from __future__ import annotations

import pytest

from iam.ask import allow, allowed, holds, policy
from scopedown.iam import PolicyError, parse_policy
from scopedown.iam.operators import OPERATORS

KEY, SET, NUMBER, DATE, IP, ARN = (
    "aws:PrincipalTag/x",
    "aws:TagKeys",
    "s3:max-keys",
    "aws:CurrentTime",
    "aws:SourceIp",
    "aws:SourceArn",
)


def test_there_are_27_operators():
    assert len(OPERATORS) == 27


def test_rule_36_operators_and_keys_are_and_and_values_are_or():
    both = allow(Condition={"StringEquals": {KEY: ["a", "b"], "k": "1"}, "Bool": {"f": "true"}})
    assert allowed(both, context={KEY: "b", "k": "1", "f": "true"})
    for missing in (KEY, "k", "f"):
        context = {key: value for key, value in {KEY: "b", "k": "1", "f": "true"}.items() if key != missing}
        assert not allowed(both, context=context)


def test_rule_36_a_negated_operator_wants_none_of_its_values():
    assert holds("StringNotEquals", KEY, ["a", "b"], "c")
    assert not holds("StringNotEquals", KEY, ["a", "b"], "b")


SAMPLE = {
    "String": "a", "Numeric": "1", "Date": "2020-01-01", "Bool": "true", "Binary": "YQ==",
    "IpAddress": "10.0.0.1", "Arn": "arn:aws:sns:r:a:t", "Null": "true",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OPERATORS))
@pytest.mark.parametrize("quantifier", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_rule_37_and_46_what_a_missing_key_gives(name: str, quantifier: str, suffix: str):
    operator = OPERATORS[name]
    if name == "Null":
        if not suffix:
            assert holds(quantifier + name, KEY, "true") and not holds(quantifier + name, KEY, "false")
        return
    expected = bool(suffix) or (quantifier == "ForAllValues:" if quantifier else operator.negated)
    assert holds(quantifier + name + suffix, KEY, SAMPLE[operator.family]) is expected


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - {"Null"}))
@pytest.mark.parametrize("quantifier", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_rule_37_if_exists_says_nothing_of_a_key_that_is_there(name: str, quantifier: str, suffix: str):
    operator = OPERATORS[name]
    value = SAMPLE[operator.family]
    given = [value] if quantifier else value
    strict = name.endswith(("LessThan", "GreaterThan"))
    assert holds(quantifier + name + suffix, KEY, value, given) is not (operator.negated or strict)


def test_rule_38_names_of_keys_have_no_case_and_nor_have_tags():
    assert holds("StringEquals", "AWS:principaltag/X", "a", {"aws:PrincipalTag/x": "a"})


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a*", True),
        ("StringEqualsIgnoreCase", "AbC", "aBc", True),
        ("StringLike", "a?c*", "abcd", True),
        ("StringLike", "A*", "ab", False),
        ("StringNotLike", "a*", "b", True),
    ],
)
def test_rule_39_texts(operator: str, wanted: str, given: str, expected: bool):
    assert holds(operator, KEY, wanted, given) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("NumericEquals", "10.0", "10", True),
        ("NumericEquals", 10, "10", True),
        ("NumericEquals", "10", 10.0, True),
        ("NumericLessThan", "9", "10", False),
        ("NumericLessThan", "10", "9", True),
        ("NumericGreaterThanEquals", "-1.5", "-1.5", True),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "10", "ten", False),
        ("NumericEquals", "ten", "10", False),
        ("NumericLessThan", "10", "NaN", False),
    ],
)
def test_rule_40_numbers(operator: str, wanted: object, given: object, expected: bool):
    assert holds(operator, NUMBER, wanted, given) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("DateEquals", "2020-01-01", "2020-01-01T00:00:00Z", True),
        ("DateEquals", "2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00Z", True),
        ("DateEquals", "1577836800", "2020-01-01T00:00:00Z", True),
        ("DateLessThan", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2020", "2020-06-01", True),
        ("DateGreaterThan", "2019-02-30", "2020-06-01", False),
        ("DateNotEquals", "2020-01-01", "yesterday", False),
        ("DateGreaterThanEquals", "2020-01", "2020-01-01", True),
    ],
)
def test_rule_41_dates(operator: str, wanted: str, given: str, expected: bool):
    assert holds(operator, DATE, wanted, given) is expected


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("true", "TRUE", True),
        (True, "true", True),
        (False, False, True),
        ("true", "false", False),
        ("true", "1", False),
    ],
)
def test_rule_42_truth_values(wanted: object, given: object, expected: bool):
    assert holds("Bool", "aws:SecureTransport", wanted, given) is expected


def test_rule_43_binary_values_are_compared_as_bytes():
    assert holds("BinaryEquals", "k", "YWI=", {"k": "YWI="})
    assert not holds("BinaryEquals", "k", "YWI=", {"k": "YWM="})
    assert not holds("BinaryEquals", "k", "YWI=", {"k": "not base64!"})


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("IpAddress", "203.0.113.0/24", "203.0.113.255", True),
        ("IpAddress", "203.0.113.7/24", "203.0.113.1", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "0.0.0.0/0", "8.8.8.8", True),
        ("IpAddress", "0.0.0.0/0", "::1", False),
        ("IpAddress", "2001:DB8::/32", "2001:db8:0:0::5", True),
        ("IpAddress", "::/0", "::1", True),
        ("NotIpAddress", "10.0.0.0/8", "::1", True),
        ("NotIpAddress", "10.0.0.0/8", "10.1.1.1", False),
        ("NotIpAddress", "10.0.0.0/8", "nonsense", False),
        ("IpAddress", "10.0.0.0/255.0.0.0", "10.0.0.1", False),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1", False),
    ],
)
def test_rule_44_addresses(operator: str, wanted: str, given: str, expected: bool):
    assert holds(operator, IP, wanted, given) is expected


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("arn:aws:sns:*:*:t*", "arn:aws:sns:us-east-1:1:topic", True),
        ("arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:2:1:topic", False),
        ("arn:aws:lambda:*:*:function:f*", "arn:aws:lambda:r:1:function:f:9", True),
        ("arn:aws:SNS:*:*:*", "arn:aws:sns:r:1:t", False),
        ("arn:aws:sns:r:?:t", "arn:aws:sns:r:1:t", True),
        ("*", "arn:aws:sns:r:1:t", True),
        ("*", "topic", False),
    ],
)
def test_rule_45_arns(operator: str, wanted: str, given: str, expected: bool):
    assert holds(operator, ARN, wanted, given) is expected
    negated = operator.replace("Arn", "ArnNot")
    if given != "topic":
        assert holds(negated, ARN, wanted, given) is not expected


@pytest.mark.parametrize("operator", ["ArnNotEquals", "ArnNotLike"])
def test_rule_45_what_is_no_arn_matches_under_neither_sign(operator: str):
    assert not holds(operator, ARN, "arn:aws:sns:*:*:*", "topic")


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "c"], False),
        ("ForAnyValue:StringEquals", ["a"], ["x", "a"], True),
        ("ForAnyValue:StringEquals", ["a"], [], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
    ],
)
def test_rule_46_sets(operator: str, wanted: list[str], given: list[str], expected: bool):
    assert holds(operator, SET, wanted, given) is expected


def test_rule_47_a_single_value_is_a_set_of_one_and_a_set_without_operator_never_matches():
    assert holds("ForAllValues:StringEquals", SET, ["a"], "a")
    assert holds("ForAnyValue:StringEquals", SET, ["a"], "a")
    for operator in ("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"):
        assert not holds(operator, SET, ["a"], ["a", "b"])


def test_rule_48_null_takes_no_if_exists_and_bool_not_both_values():
    for block in ({"NullIfExists": {"k": "true"}}, {"Bool": {"k": ["true", "false"]}}, {"Null": {"k": "maybe"}}):
        with pytest.raises(PolicyError):
            parse_policy(policy(allow(Condition=block)))


def test_rule_49_an_empty_text_is_null_to_null_and_to_the_set_operators():
    assert holds("Null", KEY, "true", "")
    assert not holds("Null", KEY, "false", "")
    assert holds("ForAllValues:StringEquals", SET, ["a"], [""])
    assert not holds("ForAnyValue:StringEquals", SET, [""], [""])
    assert holds("StringEquals", KEY, "", "")
