"""A call report as the cache keeps it, and what comes of data that is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.calls.model import (
    Alternatives,
    CallReport,
    Hint,
    IdleHint,
    IgnoredCall,
    PossibleCall,
    SdkCall,
)
from scopedown.calls.report_data import data_of, report_of
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.text import ANY, Att, EnvVar, ImportValue, Literal, Param, Pseudo, Ref, Text, Unknown

WORDS = st.text(max_size=6)
PLACES = st.builds(Place, WORDS, st.integers(1, 9), st.integers(1, 9))
PARTS = st.recursive(
    st.one_of(
        st.builds(Literal, st.text(min_size=1, max_size=4)),
        st.builds(Ref, WORDS),
        st.builds(Att, WORDS, WORDS),
        st.builds(Pseudo, WORDS),
        st.builds(Param, WORDS),
        st.builds(Unknown, WORDS, st.none() | PLACES),
        st.just(ANY),
    ),
    lambda inner: st.one_of(
        st.builds(EnvVar, WORDS, st.none() | st.lists(inner, max_size=2).map(lambda parts: Text(tuple(parts)))),
        st.builds(ImportValue, st.lists(inner, max_size=2).map(lambda parts: Text(tuple(parts)))),
    ),
    max_leaves=4,
)
TEXTS = st.lists(PARTS, max_size=3).map(lambda parts: Text(tuple(parts)))
ARGUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(WORDS | TEXTS, inner, max_size=3),
        st.lists(inner, max_size=3).map(lambda options: Alternatives(tuple(options))),
    ),
    max_leaves=6,
)
MANY = st.lists(WORDS, max_size=2).map(tuple)
CALLS = st.builds(
    SdkCall, WORDS, WORDS, st.dictionaries(WORDS, ARGUMENTS, max_size=2), PLACES, MANY, WORDS, st.none() | TEXTS
)
REPORTS = st.builds(
    CallReport,
    st.lists(CALLS, max_size=2).map(tuple),
    st.lists(st.builds(PossibleCall, WORDS, WORDS, PLACES, WORDS), max_size=1).map(tuple),
    st.lists(
        st.builds(Finding, WORDS, WORDS, st.none() | PLACES, WORDS, st.sampled_from(list(Severity))), max_size=1
    ).map(tuple),
    MANY,
    MANY,
    st.integers(0, 9),
    st.dictionaries(WORDS, st.integers(), max_size=1),
    st.lists(st.builds(Hint, MANY, WORDS, PLACES), max_size=1).map(tuple),
    st.lists(st.builds(IgnoredCall, WORDS, WORDS, PLACES, WORDS, PLACES), max_size=1).map(tuple),
    st.lists(st.builds(IdleHint, PLACES, WORDS), max_size=1).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(REPORTS)
def test_a_report_comes_back_as_it_was_with_places_and_order(report: CallReport) -> None:
    back = report_of(json.loads(json.dumps(data_of(report))))
    assert back == report
    assert repr(back) == repr(report)  # == overlooks the place of an unknown, and the order of a mapping


def test_a_flag_stays_a_flag_and_an_unknown_keeps_its_place() -> None:
    arguments: dict[str, Any] = {"a": True, "b": 1, "c": 1.0, "d": Text((Unknown("event", Place("x", 2, 3)),))}
    call = SdkCall("s3", "GetObject", arguments, Place("a.py"), (), "boto3")
    (back,) = report_of(json.loads(json.dumps(data_of(CallReport((call,)))))).calls
    assert [type(value) for value in back.arguments.values()] == [bool, int, float, Text]
    unknown = back.arguments["d"]
    assert isinstance(unknown, Text) and unknown.unknowns[0].place == Place("x", 2, 3)


EMPTY = data_of(CallReport())
CALL = ["s3", "GetObject", {}, ["a.py", 1, 1], [], "boto3", None]
WRONG = [
    None,
    [],
    {},
    {**EMPTY, "calls": None},
    {**EMPTY, "calls": [CALL[:-1]]},
    {**EMPTY, "calls": [[["s3"], *CALL[1:]]]},
    {**EMPTY, "calls": [[*CALL[:2], {"Bucket": {"t": [["e", "X"]]}}, *CALL[3:]]]},
    {**EMPTY, "calls": [[*CALL[:2], {"Bucket": {"t": [{"x": 1}]}}, *CALL[3:]]]},
    {**EMPTY, "calls": [[*CALL[:2], {"Bucket": "raw"}, *CALL[3:]]]},
    {**EMPTY, "calls": [[*CALL[:2], {"Bucket": {"z": []}}, *CALL[3:]]]},
    {**EMPTY, "calls": [[*CALL[:2], {"Bucket": {"t": [], "l": []}}, *CALL[3:]]]},
    {**EMPTY, "calls": [[*CALL[:3], ["a.py", "1", 1], *CALL[4:]]]},
    {**EMPTY, "calls": [[*CALL[:3], ["a.py", True, 1], *CALL[4:]]]},
    {**EMPTY, "findings": [["code", "message", None, "", "fatal"]]},
    {**EMPTY, "files": "abc"},
    {**EMPTY, "functions_entered": "1"},
    {**EMPTY, "statistics": {"a": "b"}},
    {**EMPTY, "hints": [["a", "b", ["c", 1, 1]]]},
    {**EMPTY, "idle": [[["c", 1, 1], 3]]},
]


@pytest.mark.parametrize("data", WRONG)
def test_what_is_no_report_is_refused(data: Any) -> None:
    with pytest.raises(ValueError):
        report_of(data)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(EMPTY)),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner)),
)
def test_any_data_is_a_report_or_refused(field: str, data: Any) -> None:
    try:
        report_of({**EMPTY, field: data})
    except ValueError:
        pass
