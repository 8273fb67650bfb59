"""Matching with wildcards is what a regular expression says, and stays quick where one would explode."""

import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference import wildcards as reference
from scopedown.iam.arn import arn_like, resource_template, split_fields
from scopedown.iam.variables import resolve
from scopedown.iam.wildcard import glob, matcher

usual = settings(max_examples=400, deadline=None, database=None, derandomize=True)

patterns = st.text(alphabet="ab*?:/.", max_size=12)
texts = st.text(alphabet="ab:/.\n", max_size=14)
anything = st.text(max_size=12)


@usual
@given(pattern=patterns, text=texts)
@example(pattern="*a*", text="\n")
@example(pattern="a*a", text="a")
def test_a_pattern_matches_what_its_regular_expression_matches(pattern: str, text: str):
    assert matcher(glob(pattern))(text) == reference.matches(reference.pieces_of(pattern), text)


@usual
@given(pattern=anything, text=anything)
def test_every_character_but_the_two_wildcards_is_itself(pattern: str, text: str):
    assert matcher(glob(pattern))(text) == reference.matches(reference.pieces_of(pattern), text)


@usual
@given(text=anything)
def test_a_text_without_wildcards_matches_itself_alone(text: str):
    plain = text.replace("*", "x").replace("?", "y")
    assert matcher(glob(plain))(plain)
    assert not matcher(glob(plain))(plain + "z")


arn_fields = st.text(alphabet="ab*?", max_size=4)
arn_values = st.text(alphabet="ab:", max_size=4)
arn_patterns = st.tuples(*[arn_fields] * 5, st.text(alphabet="ab*?:/", max_size=6)).map(":".join)
arns = st.tuples(*[st.text(alphabet="ab", max_size=3)] * 5, st.text(alphabet="ab:/", max_size=6)).map(":".join)
loose_arns = st.tuples(*[arn_values] * 6).map(":".join)


@usual
@given(pattern=arn_patterns, text=st.one_of(arns, loose_arns))
def test_a_resource_pattern_matches_as_the_reference_reads_it(pattern: str, text: str):
    template: Any = resolve(resource_template(pattern, variables=False, pad=False), {})
    assert matcher(template)(text) == reference.resource_arn_matches(reference.pieces_of(pattern), text)


@usual
@given(pattern=arn_patterns, text=st.one_of(arns, loose_arns))
def test_an_arn_operator_matches_field_by_field(pattern: str, text: str):
    fields = split_fields(glob("arn:" + pattern))
    assert fields is not None
    expected = reference.arn_matches_field_by_field(reference.pieces_of("arn:" + pattern), "arn:" + text)
    assert arn_like(fields)("arn:" + text) == expected


EVIL = {
    "star-a repeated": ("*a" * 40 + "*", "a" * 20_000),
    "star-a repeated, then b": ("*a" * 40 + "*b", "a" * 20_000),
    "question marks and stars": ("*?" * 40 + "b", "a" * 20_000),
    "two-letter pieces": ("*ab" * 40 + "c", "ab" * 10_000),
    "only stars": ("*" * 500 + "b", "a" * 20_000),
    "overlapping pieces": ("*aab" * 20 + "*aac", "a" * 20_000),
}


def seconds(pattern: str, text: str) -> float:
    match = matcher(glob(pattern))
    match(text[:10])
    started = time.process_time()
    match(text)
    return time.process_time() - started


@pytest.mark.parametrize("pattern, text", EVIL.values(), ids=EVIL.keys())
def test_a_pathological_pattern_is_quick(pattern: str, text: str):
    assert seconds(pattern, text) < 0.5


@pytest.mark.parametrize("pattern, text", EVIL.values(), ids=EVIL.keys())
def test_a_pathological_pattern_costs_twice_as_much_on_twice_the_text(pattern: str, text: str):
    short, long = text[: len(text) // 8], text
    once = min(seconds(pattern, short) for _ in range(5))
    eightfold = min(seconds(pattern, long) for _ in range(5))
    assert eightfold < 40 * max(once, 2e-5)  # 8 times the text; 64 times and more would be quadratic


RESOURCE_EVIL = {
    "field stars": ("arn:" + "*a" * 30 + "b:x:y:z:" + "*a" * 30 + "b", "arn:" + "a" * 5000 + ":x:y:z:" + "a" * 5000),
    "stars before every colon": ("a*:a*:a*:a*:a*:a*b", ("a" * 500 + ":") * 40),
}


@pytest.mark.parametrize("pattern, text", RESOURCE_EVIL.values(), ids=RESOURCE_EVIL.keys())
def test_a_pathological_resource_pattern_is_quick(pattern: str, text: str):
    template: Any = resolve(resource_template(pattern, variables=False, pad=False), {})
    started = time.process_time()
    matcher(template)(text)
    assert time.process_time() - started < 1.0
