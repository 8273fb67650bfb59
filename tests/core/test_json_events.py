"""JSON is read strictly, with the offset of everything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopedown.core.json_text import Json, JsonError, json_events


def test_every_event_knows_where_it_begins_and_ends() -> None:
    text = '{"a": [1.5, "b\\n"], "c": {}}'
    found = [(kind, text[start:end]) for kind, _, start, end in json_events(text, 9)]
    assert found == [
        (Json.OBJECT, "{"), (Json.KEY, '"a"'), (Json.ARRAY, "["), (Json.NUMBER, "1.5"), (Json.TEXT, '"b\\n"'),
        (Json.END, "]"), (Json.KEY, '"c"'), (Json.OBJECT, "{"), (Json.END, "}"), (Json.END, "}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "offset"),
    [("", 0), ("[1,]", 3), ('{"a" 1}', 5), ('{"a": 1,}', 8), ("[1 2]", 3), ("1 1", 2), ("nul", 0), ('["\\x"]', 1),
     ("[", 1), ('"\\ud800"', 0), ("[[[[", 3), ("'a'", 0), ("NaN", 0)],
)  # fmt: skip
def test_what_is_no_json_is_refused_at_its_place(text: str, offset: int) -> None:
    with pytest.raises(JsonError) as error:
        list(json_events(text, 3))
    assert error.value.offset == offset


@given(st.text(alphabet='{}[]",:1e.-\\ utrefalsn\n', max_size=30))
def test_it_reads_what_the_standard_library_reads(text: str) -> None:
    try:
        json.loads(text)
        valid = True
    except ValueError:
        valid = False
    try:
        list(json_events(text, 40))
        assert valid
    except JsonError:
        assert not valid or "\\u" in text
