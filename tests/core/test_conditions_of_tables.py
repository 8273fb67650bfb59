"""One notation for the conditions of all tables."""

from __future__ import annotations

import pytest

from scopedown.core.conditions import Term, held_terms, parse_condition, paths_in


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("Mode", Term("Mode")),
        ("+Mode", Term("Mode", surely=True)),
        ("!Mode", Term("Mode", negative=True)),
        ("+!Mode=Fast", Term("Mode", "=", "fast", negative=True, surely=True)),
        ("Query^=create table", Term("Query", "^=", "create table")),
        ("Source~=?versionId=", Term("Source", "~=", "?versionid=")),
        ("Items[].Arn~=:s3:", Term("Items[].Arn", "~=", ":s3:")),
        ("own($0.model).id", Term("own($0.model).id")),
    ],
)
def test_a_term_is_a_path_with_signs(written: str, term: Term) -> None:
    assert parse_condition(written) == ((term,),)


@pytest.mark.parametrize("wrong", ["!", "A &", "| B", "=x", "A=", "!+A", "!!A"])
def test_what_is_no_condition_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a term of a condition"):
        parse_condition(wrong)


def test_and_joins_before_or() -> None:
    known = {"A", "C", "D"}
    terms = held_terms("A & B | C & D", lambda term: term.path in known)
    assert terms is not None and [term.path for term in terms] == ["C", "D"]
    assert held_terms("A & B | B", lambda term: term.path in known) is None
    assert held_terms("", lambda term: False) == ()


def test_the_paths_of_a_condition_are_known() -> None:
    assert paths_in("A & !B.C | +D[].E=x | F~=y") == ["A", "B.C", "D[].E", "F"]
    assert paths_in("") == []


def test_texts_compare_whatever_the_case_and_the_spaces_between_words() -> None:
    ((term,),) = parse_condition("Query^=create table")
    assert term.compares("CREATE \n TABLE t") and not term.compares("drop table t")
