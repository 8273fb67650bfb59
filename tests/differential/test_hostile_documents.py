"""Whatever is given as a policy: a policy, or an error that says where; never a crash, never a hang."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from differential import generate
from differential.strategies import choices
from scopedown.iam.document import Kind, Policy
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy

usual = settings(max_examples=200, deadline=None, database=None, derandomize=True)
kinds = st.sampled_from(list(Kind))


def read(data: Any, kind: Kind) -> Policy | None:
    """Parse; a refusal has to name a place when the policy came as text."""
    try:
        return parse_policy(data, kind, name="policy.json")
    except PolicyError as error:
        assert str(error).strip()
        if isinstance(data, str | bytes):
            assert error.place is not None
            assert error.place.line >= 1 and error.place.column >= 1
            lines = data.count("\n" if isinstance(data, str) else b"\n") + 1  # type: ignore[arg-type]
            assert error.place.line <= lines + 1
        return None


@usual
@given(data=st.binary(max_size=200), kind=kinds)
@example(data=b"", kind=Kind.IDENTITY)
@example(data=b"\xff\xfe{\x00}\x00", kind=Kind.IDENTITY)
@example(data=b"\xef\xbb\xbf{}", kind=Kind.IDENTITY)
@example(data=b"\x00" * 50, kind=Kind.RESOURCE)
def test_any_bytes_are_no_policy_and_the_error_says_where(data: bytes, kind: Kind):
    assert read(data, kind) is None


@usual
@given(data=st.text(max_size=200), kind=kinds)
@example(data="\ud800", kind=Kind.IDENTITY)
@example(data='{"Statement":' * 3, kind=Kind.IDENTITY)
@example(data="NaN", kind=Kind.IDENTITY)
def test_any_text_is_no_policy_and_the_error_says_where(data: str, kind: Kind):
    assert read(data, kind) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "Sid", "Bool"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@usual
@given(value=json_values, kind=kinds)
def test_any_json_is_read_or_refused_with_a_place(value: Any, kind: Kind):
    read(json.dumps(value), kind)
    read(json.dumps(value, indent=2).encode(), kind)
    if isinstance(value, dict):
        read(value, kind)


def mutated(r: Any, value: Any, depth: int = 0) -> Any:
    """A policy with something in it changed: a value of another type, a key twice in another case, a hole."""
    if generate.chance(r, 12):
        return r.choice(
            (None, 7, -1.5, True, "", "*", [], {}, [[]], [{}], {"AWS": 3}, "${", "${aws:username", "\x00", "é😀")
        )
    if isinstance(value, dict):
        changed = {key: mutated(r, item, depth + 1) for key, item in value.items()}
        if generate.chance(r, 10) and changed:
            key = r.choice(sorted(changed))
            changed[r.choice((key.upper(), key + " ", "Not" + key, "Foo"))] = changed.pop(key)
        return changed
    if isinstance(value, list):
        return [mutated(r, item, depth + 1) for item in value]
    return value


@usual
@given(r=choices, kind=kinds)
def test_a_damaged_policy_is_read_or_refused_with_a_place(r: Any, kind: Kind):
    asked = generate.request(r)
    document = generate.document(r, asked, kind.value)
    value = mutated(r, document)
    read(json.dumps(value), kind)
    text = json.dumps(value, indent=1)
    cut = r.randrange(len(text) + 1)
    read(text[:cut] + r.choice(("", "}", "]", ",", '"', "\\", "\x00", "{", "//")) + text[cut:], kind)


@usual
@given(r=choices)
def test_a_generated_policy_is_accepted(r: Any):
    """The random policies of the differential test are policies: else it would prove nothing."""
    asked = generate.request(r)
    case = generate.case(r)
    held = case["policies"]
    assert read(json.dumps(generate.document(r, asked, "identity")), Kind.IDENTITY)
    for document in held["identity"]:
        assert read(json.dumps(document), Kind.IDENTITY)
    for kind, levels in ((Kind.SCP, held["scp"]), (Kind.RCP, held["rcp"])):
        for level in levels:
            for document in level["policies"]:
                assert parse_policy(document, kind)
    if held["vpce"]:
        assert parse_policy(held["vpce"], Kind.VPCE)
    if held["resource"]:
        trust = generate.is_trust(case["request"])
        assert parse_policy(held["resource"], Kind.TRUST if trust else Kind.RESOURCE)


DEEP = {
    "lists": "[" * 100_000,
    "objects": '{"a":' * 100_000,
    "closed lists": "[" * 50_000 + "]" * 50_000,
    "in a condition": '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":'
    + '{"a":' * 20_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_a_document_nested_without_end_is_refused_quickly(text: str):
    started = time.process_time()
    assert read(text, Kind.IDENTITY) is None
    assert time.process_time() - started < 2.0


LONG = {
    "a string never closed": '"' + "a" * 1_000_000,
    "a number of many digits": "1" * 100_000,
    "many statements": '{"Version":"2012-10-17","Statement":['
    + ",".join(['{"Effect":"Allow","Action":"s3:*","Resource":"*"}'] * 5000)
    + "]}",
    "white space": " " * 1_000_000,
    "backslashes": '"' + "\\" * 200_001,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_long_document_takes_no_longer_than_its_length_demands(text: str):
    started = time.process_time()
    read(text, Kind.IDENTITY)
    assert time.process_time() - started < 3.0
