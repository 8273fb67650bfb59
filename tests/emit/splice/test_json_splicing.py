"""A JSON file is changed at one place, and stays byte for byte what it was elsewhere."""

from __future__ import annotations

import json

import pytest

from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.json_text import JsonText

FILE = """\
{
    "service": "todos",
    "functions": {
        "create": {"handler": "a.b"},
        "list":   {
            "handler": "c.d"
        },
        "empty": {}
    },
    "statements": [
        {"Effect": "Allow", "Action": "s3:*"},
        {
            "Effect": "Deny"
        }
    ]
}
"""


def text(source: str = FILE) -> JsonText:
    return JsonText(source, "serverless.json")


def test_a_new_key_stands_behind_the_last_one_in_the_files_own_indentation() -> None:
    changed = text().setting(("functions", "list", "role"), "R").text
    assert changed == FILE.replace('"c.d"\n', '"c.d",\n            "role": "R"\n')


def test_a_new_key_of_an_object_on_one_line_stays_on_its_line() -> None:
    changed = text().setting(("functions", "create", "role"), "R").text
    assert changed == FILE.replace('{"handler": "a.b"}', '{"handler": "a.b", "role": "R"}')


def test_an_empty_object_is_filled_over_lines() -> None:
    changed = text().setting(("functions", "empty", "handler"), "x").text
    assert changed == FILE.replace('"empty": {}', '"empty": {\n            "handler": "x"\n        }')


def test_missing_objects_on_the_way_are_made() -> None:
    changed = text().setting(("resources", "Resources", "A"), {"Type": "T"}).text
    assert json.loads(changed)["resources"] == {"Resources": {"A": {"Type": "T"}}}
    assert changed.startswith(FILE.removesuffix("\n}\n"))


def test_items_are_appended_and_taken_out() -> None:
    changed = text().appending(("statements",), [{"Effect": "Allow"}])
    assert [one["Effect"] for one in json.loads(changed.text)["statements"]] == ["Allow", "Deny", "Allow"]
    assert changed.without(("statements", 2)).text == FILE
    assert json.loads(changed.without(("statements", 0)).text)["statements"][0] == {"Effect": "Deny"}


def test_the_last_item_leaves_an_empty_list() -> None:
    changed = text().without(("statements", 1)).without(("statements", 0)).text
    assert json.loads(changed)["statements"] == []


def test_line_ends_of_windows_stay() -> None:
    changed = text(FILE.replace("\n", "\r\n")).setting(("provider", "iam"), {"a": [1]}).text
    assert changed.count("\n") == changed.count("\r\n") > FILE.count("\n")


def test_a_file_on_one_line_stays_on_one() -> None:
    assert text('{"a":{}}').setting(("a", "b"), {"c": [1]}).text == '{"a":{"b": {"c": [1]}}}'


def test_the_paths_of_a_place_are_those_of_keys_and_items() -> None:
    assert text().paths_at(4, 9) == [("functions", "create")]
    assert text().paths_at(12, 9) == [("statements", 1)]
    assert text().values_at(10, 19) == [("statements",)]


@pytest.mark.parametrize("source", ['{"a": 1, "a": 2}', '{"a": "word"}', "[1]"])
def test_what_would_change_another_place_is_refused(source: str) -> None:
    with pytest.raises(SpliceError):
        text(source).setting(("a", "b"), 1)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(SpliceError, match="not valid JSON"):
        text("{a: 1}")


def test_what_is_long_is_over_lines_behind_what_stands_on_one() -> None:
    source = '{\n  "resources": {"A": {"Type": "x"}}\n}\n'
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"Path": "/a-path-that-is-long/", "RoleName": "a-name-that-is-long"},
    }
    changed = JsonText(source, "x.json").setting(("resources", "B"), role)
    assert changed.text.splitlines()[1:4] == [
        '  "resources": {"A": {"Type": "x"},', '    "B": {', '      "Type": "AWS::IAM::Role",'
    ]  # fmt: skip
    again = changed.setting(("resources", "B", "Properties", "Tags"), [{"Key": "one", "Value": "two"}])
    assert '\n        "Tags": [\n          {\n' in again.text
