"""What becomes HTML: everything is escaped but elements themselves."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from scopedown.report.markup import data, el, text


def test_text_and_attributes_are_escaped_and_elements_are_not() -> None:
    assert el("p", {"title": "a\"'<"}, "<b>&", el("b", {}, 1), None, ["x", el("br")]) == (
        '<p title="a&quot;&#x27;&lt;">&lt;b&gt;&amp;<b>1</b>x<br></p>'
    )


def test_an_attribute_that_is_true_stands_alone_and_one_that_is_false_not_at_all() -> None:
    assert el("p", {"hidden": True, "open": False}) == "<p hidden></p>"


def test_characters_that_nobody_would_see_are_shown() -> None:
    assert text("a\u202eb\x07\nc\ud800") == "a\\u202eb\\x07\nc\\ud800"


@given(st.text())
def test_data_is_the_same_json_and_holds_nothing_that_a_page_or_a_script_reads_otherwise(said: str) -> None:
    shown = text(said)
    written = data({"a": shown})
    assert json.loads(written) == {"a": shown}
    assert not set("<>&\u2028\u2029") & set(written)
    written.encode("utf-8")


@given(st.text())
def test_no_text_makes_an_element(said: str) -> None:
    made = el("p", {"title": said}, said)
    assert made.count("<") == 2 and made.count(">") == 2
