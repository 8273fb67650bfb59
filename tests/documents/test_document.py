"""YAML and JSON files become trees with places; whatever a file holds ends as a tree or as one error with a place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import Files, parse_json, parse_yaml, read_text
from scopedown.documents.nodes import MapNode, clone, place_of, value_place


def tree(text: str) -> object:
    return parse_yaml(text, "f.yml").tree


def error(text: str) -> ScopedownError:
    with pytest.raises(ScopedownError) as raised:
        parse_yaml(text, "f.yml")
    return raised.value


def test_every_key_and_item_knows_its_place() -> None:
    root = parse_yaml("a: 1\nb:\n  - x\n  - {c: y}\n", "f.yml").tree
    assert place_of(root, "b") == Place("f.yml", 2, 1)
    assert place_of(root["b"], 1) == Place("f.yml", 4, 5)
    assert place_of(root["b"][1], "c") == Place("f.yml", 4, 6)
    assert value_place(root["b"][1], "c") == Place("f.yml", 4, 9)
    assert place_of(root["b"]) == Place("f.yml", 3, 3)


def test_plain_words_are_read_as_the_framework_reads_them() -> None:
    assert tree("[yes, on, 1:30, 1_000, 2012-10-17, 0777, 0o17, 0x1f, .5, 1e3, ~, .inf, True]") == [
        "yes", "on", "1:30", "1_000", "2012-10-17", 777, 15, 31, 0.5, 1000, None, None, True,
    ]  # fmt: skip


def test_quoted_words_stay_text() -> None:
    assert tree("['12', \"true\", !!str 5, ! 6]") == ["12", "true", "5", "6"]


def test_keys_are_text_as_in_javascript() -> None:
    assert tree("{200: a, true: b, ~: c, 0777: d}") == {"200": "a", "true": "b", "null": "c", "777": "d"}


def test_short_tags_become_long_functions() -> None:
    assert tree("[!Ref A, !GetAtt A.B.C, !GetAtt [A, B], !Sub 'x', !Join ['', [!Ref A]], !If {a: 1}]") == [
        {"Ref": "A"},
        {"Fn::GetAtt": ["A", "B.C"]},
        {"Fn::GetAtt": ["A", "B"]},
        {"Fn::Sub": "x"},
        {"Fn::Join": ["", [{"Ref": "A"}]]},
        {"Fn::If": {"a": 1}},
    ]


def test_merge_keys_never_replace_what_stands_there() -> None:
    assert tree("a: &a {x: 1, y: 2}\nb: &b {x: 9, z: 3}\nc: {<<: [*a, *b], y: 5}") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 9, "z": 3},
        "c": {"x": 1, "y": 5, "z": 3},
    }


def test_an_alias_is_a_copy() -> None:
    root = parse_yaml("a: &a {x: 1}\nb: *a\n", "f.yml").tree
    root["a"]["x"] = 2
    assert root["b"] == {"x": 1}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, 1, "repeats the key"),
        ("a: !Foo x", 1, 4, "unknown tag !Foo"),
        ("a: 1\n---\nb: 2", 2, 1, "more than one YAML document"),
        ("a: b: c", 1, 5, "mapping values are not allowed"),
        ("a: [1, 2", 2, 1, "not valid YAML"),
        ("a: *nowhere", 1, 4, "without an anchor before it"),
        ("a: {<<: [3]}", 1, 5, "merges a value that is not a mapping with <<"),
        ("a: @x", 1, 4, "cannot start any token"),
        ("a: \x01", 1, 4, "control character"),
    ],
)
def test_a_broken_file_is_one_error_at_its_place(text: str, line: int, column: int, words: str) -> None:
    found = error(text)
    assert words in found.message
    assert found.place == Place("f.yml", line, column)
    assert found.remedy


def test_an_alias_bomb_ends_quickly() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 15)
    )  # fmt: skip
    start = time.process_time()
    assert "expands to more than" in error(bomb).message
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "text", ["[" * 10_000, "a: " + "{a: " * 10_000, "\n".join(" " * n + "a:" for n in range(2000))]
)
def test_deep_nesting_ends_quickly(text: str) -> None:
    start = time.process_time()
    assert "nest" in error(text).message
    assert time.process_time() - start < 5


def test_json_has_places_and_its_own_rules() -> None:
    document = parse_json('{\n\t"a": [1, {"b": "yes"}],\n\t"a": {"c": 0.5}\n}', "f.json")
    assert document.tree == {"a": {"c": 0.5}}
    assert place_of(document.tree, "a") == Place("f.json", 3, 2)


def test_json_that_is_no_yaml_keeps_its_values() -> None:
    assert parse_json('{"a": "\\ud83d\\ude00"}', "f.json").tree == {"a": "😀"}


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "{'a': 1}", "", "NaN"])
def test_broken_json_is_one_error(text: str) -> None:
    with pytest.raises(ScopedownError, match=r"f\.json is not valid JSON"):
        parse_json(text, "f.json")


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes(b"a: 1\nb: \xe9\n")
    (tmp_path / "binary.yml").write_bytes(b"\x7fELF\0\0")
    with pytest.raises(ScopedownError, match="not UTF-8") as raised:
        read_text(tmp_path / "latin.yml", "latin.yml")
    assert raised.value.place == Place("latin.yml", 2, 4)
    with pytest.raises(ScopedownError, match="not a text file"):
        read_text(tmp_path / "binary.yml", "binary.yml")
    with pytest.raises(ScopedownError, match="is a folder"):
        read_text(tmp_path, "folder")
    assert read_text(tmp_path / "none.yml", "none.yml") is None


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "f.yml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    document = Files(tmp_path).document(tmp_path / "f.yml")
    assert document is not None and document.tree == {"a": 1}


def test_a_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "f.yml").write_text("a: 1")
    files = Files(tmp_path)
    first = files.document(tmp_path / "f.yml")
    (tmp_path / "f.yml").write_text("a: 2")
    assert files.document(tmp_path / "f.yml") is first


def test_five_megabytes_are_read_or_refused_quickly() -> None:
    text = "".join(f"key{n}: some text that is a value of this key\n" for n in range(110_000))
    assert len(text) > 5_000_000
    start = time.process_time()
    assert len(parse_yaml(text, "f.yml").tree) == 110_000
    assert time.process_time() - start < 15


def test_a_clone_keeps_places_and_shares_nothing() -> None:
    root = parse_yaml("a: {b: [1]}", "f.yml").tree
    copy = clone(root)
    copy["a"]["b"].append(2)
    assert root == {"a": {"b": [1]}}
    assert isinstance(copy, MapNode) and place_of(copy["a"], "b") == place_of(root["a"], "b")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    for parse in (parse_yaml, parse_json):
        try:
            parse(text, "f")
        except ScopedownError as found:
            assert found.message


def test_json_keeps_its_places_where_yaml_would_lose_them() -> None:
    long = "k" * 2000
    root = parse_json('{"a": "\\ud83d\\ude00", "b": {},\n "' + long + '": [\n\t1,\n\t{"c": null}]}', "f.json").tree
    assert place_of(root, "b") == Place("f.json", 1, 23)
    assert place_of(root, long) == Place("f.json", 2, 2)
    assert value_place(root[long][1], "c") == Place("f.json", 4, 8)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"a": 1,}', 1, 9, "a key in double quotes"),
        ('{"a": 1\n "b": 2}', 2, 2, "a comma or a closing }"),
        ("[1, 2", 1, 6, "a comma or a closing ]"),
        ('{"a" 1}', 1, 6, "a colon"),
        ('{"a": /* no */ 1}', 1, 7, "not a JSON value"),
        ('{"a": "\\ud800"}', 1, 7, "half of a character"),
        ('{"a": "\\q"}', 1, 7, "an escape"),
        ('{"a": "x\ny"}', 1, 7, "no closing quote on its line"),
        ("{} {}", 1, 4, "more text after its end"),
        ('{"a": Infinity}', 1, 7, "not a JSON value"),
        ('{"a": ' + "[" * 200, 1, 134, "nested deeper"),
    ],
)
def test_broken_json_is_told_where_it_breaks(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(ScopedownError, match=words) as raised:
        parse_json(text, "f.json")
    assert raised.value.place == Place("f.json", line, column) and raised.value.remedy


def test_numbers_of_json_are_those_of_javascript() -> None:
    assert parse_json(f"[1e400, {'9' * 5000}, 1.0, -0, 12345678901234567890]", "f.json").tree == [
        None, None, 1, 0, 12345678901234567890.0,
    ]  # fmt: skip
