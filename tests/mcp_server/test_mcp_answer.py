"""Answers are valid text, and as large as was agreed at most."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.mcp.answer import Cut, fitted, read, text_of

CUT = Cut(("problems",), "ask for less", "rule")


def problems(count: int, size: int = 100) -> dict[str, Any]:
    return {"schema": "x/1", "problems": [{"rule": f"R{number}", "text": "t" * size} for number in range(count)]}


def test_what_fits_stays_as_it_is() -> None:
    whole = problems(3)
    assert fitted(whole, len(text_of(whole)), CUT) == whole


@pytest.mark.parametrize("most", [700, 1_000, 5_000, 11_000])
def test_what_does_not_fit_loses_the_end_of_its_list_and_says_so(most: int) -> None:
    whole = problems(100)
    found = fitted(whole, most, CUT)
    shown = len(found["problems"])
    assert len(text_of(found)) <= most
    assert found["problems"] == whole["problems"][:shown]
    assert (
        found["cut"]["said"]
        == f"{shown} of 100 problems are shown, because the whole answer is too large; ask for less"
    )
    names = [f"R{number}" for number in range(shown, 100)]
    told = found["cut"]["leftOut"]
    assert told == names[: len(told)]
    assert len(told) == len(names) or len(text_of({"": told})) > most / 4 - 10


def test_as_much_is_shown_as_fits() -> None:
    found = fitted(problems(100), 8_000, Cut(("problems",), "ask for less"))
    assert 8_000 - len(text_of(found)) < 200


def test_lists_that_belong_together_are_cut_together() -> None:
    whole = {"results": ["a" * 50] * 40, "more": ["b" * 50] * 40}
    found = fitted(whole, 1_500, Cut(("results", "more"), "ask for less"))
    assert len(found["results"]) == len(found["more"]) > 5


def test_the_severest_problems_are_those_that_are_shown() -> None:
    whole = {"problems": [{"severity": one, "text": "t" * 200} for one in ("note", "warning", "error") * 10]}
    found = fitted(whole, 3_000, Cut(("problems",), "ask for less", severest_first=True))
    shown = [one["severity"] for one in found["problems"]]
    assert shown == ["error"] * shown.count("error") + ["warning"] * shown.count("warning")
    assert shown.count("error") == 10 or not shown.count("warning")
    assert "are shown, the severest first" in found["cut"]["said"]


@pytest.mark.parametrize("whole", [problems(1, 5_000), {"text": "t" * 5_000}, {"problems": [], "text": "t" * 5_000}])
def test_what_cannot_be_cut_is_refused_with_the_advice(whole: dict[str, Any]) -> None:
    with pytest.raises(ScopedownError, match=r"more than the limit of 1000") as error:
        fitted(whole, 1_000, CUT)
    assert error.value.remedy == "ask for less"


def test_a_lone_surrogate_becomes_text_that_can_be_sent() -> None:
    found = read('{"name": "a\\ud800b", "of": "é\\ud83d\\ude00"}')
    assert text_of(found).encode("utf-8")
    assert found == {"name": "a?b", "of": "é😀"}


@pytest.mark.parametrize("printed", ["", "Traceback", "[1]", "[" * 100_000, "1"])
def test_what_is_no_object_is_told(printed: str) -> None:
    with pytest.raises(ScopedownError, match="JSON"):
        read(printed)


def test_an_object_is_read_as_it_is() -> None:
    value = {"a": [1, None, {"b": "é"}]}
    assert read(json.dumps(value)) == value
