"""Fragments of templates: placeholders, what is left out, and that each fragment is of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.text import Text
from scopedown.documents.document import parse_yaml
from scopedown.documents.nodes import as_map
from scopedown.project.serverless import fragments
from scopedown.project.serverless.event_names import event_rows
from scopedown.project.serverless.fragments import Named, filled

FOLDER = Path(fragments.__file__).parent
FILES = sorted(FOLDER.rglob("*.yml"), key=str)


def test_a_placeholder_alone_is_the_value_and_in_a_text_its_text() -> None:
    values = {"name": "jobs", "tags": [{"Key": "a"}], "number": 2}
    written = {"<name>Queue": {"Tags": "<tags>", "Name": "<name>-<number>", "Count": "<number>"}}
    assert filled(written, values) == {"jobsQueue": {"Tags": [{"Key": "a"}], "Name": "jobs-2", "Count": 2}}
    unknown = Text.unknown("it is not known")
    assert filled("<name>-queue", {"name": unknown}) == Text.of(unknown, "-queue")


def test_what_is_none_or_whose_condition_is_false_is_left_out() -> None:
    written = {"A": "<a>", "B": {"When": "<b>", "C": 1}, "D": [{"When": "<a>"}, "<a>", {"When": "<c>", "E": 1}]}
    assert filled(written, {"a": None, "b": False, "c": "yes"}) == {"D": [{"E": 1}]}
    assert filled({"A": "<a>"}, {"a": {"B": None}}) == {"A": {"B": None}}  # values stay as they are


def test_placeholders_without_a_value_are_ids_where_the_caller_names_them() -> None:
    assert filled({"Ref": "<Queue>"}, Named({"Topic": "t"}, lambda name: f"jobs{name}")) == {"Ref": "jobsQueue"}
    with pytest.raises(KeyError):
        filled("<Queue>", {})


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_every_fragment_is_of_use(file: Path) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    names = as_map(parse_yaml(file.read_text(encoding="utf-8"), file.name, template=True).tree)
    assert names
    assert [name for name in names if f'"{name}"' not in source and name not in event_rows()] == []
