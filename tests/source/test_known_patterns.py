"""Regular expressions of users are run only where they end quickly."""

from __future__ import annotations

import pytest

from scopedown.languages.javascript.known import regexp, strings
from scopedown.languages.javascript.known.values import Regex
from scopedown.source.known import NotKnown, effort_of


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+b", "(a|b)*c", "a?" * 60 + "a" * 60, "a{0,9}" * 30, "(a|a)" * 40, "a*a*a*b", "a" * 300],
    ids=["group repeats", "choice repeats", "optional letters", "counted", "choices", "three stars", "long"],
)
def test_a_pattern_that_may_take_long_is_not_run(pattern: str) -> None:
    with pytest.raises(NotKnown):
        regexp.cost(Regex(pattern, ""), "a" * 59)


@pytest.mark.parametrize("pattern", ["[][a]", "[a--b]", "[^]", "(?=a)", "(?<n>a)", "(?P<n>a)", "\\p{L}", "a++", "\\1"])
def test_a_notation_that_means_something_else_to_python_is_not_run(pattern: str) -> None:
    with pytest.raises(NotKnown):
        regexp.cost(Regex(pattern, ""), "a")


@pytest.mark.parametrize("pattern", ["a*", "\\b", "\\B", "$"])
def test_a_text_is_not_split_where_nothing_stands(pattern: str) -> None:
    with pytest.raises(NotKnown):
        regexp.split(Regex(pattern, ""), "ab cd")


def test_a_long_text_is_not_searched() -> None:
    with pytest.raises(NotKnown):
        regexp.cost(Regex("a", ""), "a" * 5000)


def test_what_a_pattern_may_take_grows_with_its_stars_and_choices() -> None:
    efforts = [effort_of(pattern) for pattern in ("a", "a*", "a*b*", "a?b?", "a|b|c", "a{2,4}")]
    assert [(one.unbounded, one.ways) for one in efforts if one is not None] == [
        (0, 1), (1, 1), (2, 1), (0, 4), (0, 4), (0, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), [("repeat", [10**9]), ("padStart", [10**9]), ("normalize", ["NFX"])])
def test_a_text_that_nobody_deploys_is_not_made(name: str, arguments: list[object]) -> None:
    with pytest.raises(NotKnown):
        strings.call(name, "ab", arguments)
