"""A YAML file is changed at one place, and stays byte for byte what it was elsewhere."""

from __future__ import annotations

import pytest

from scopedown.documents.document import parse_yaml
from scopedown.emit.splice.edits import SpliceError, replace_files
from scopedown.emit.splice.yaml_text import YamlText

FILE = """\
# a service
service: "todos"   # its name
functions:
  create:
    handler: a.b
    events: [{ http: GET / }]

  # the second
  list: {handler: c.d}
  empty:
provider:
  statements:
  - Effect: Allow     # a person's
    Action: s3:*
  # about the second
  - Effect: Deny
    Action: '*'
text: |
  line

last: 1"""


def text(source: str = FILE) -> YamlText:
    return YamlText(source, "serverless.yml")


def test_a_new_key_stands_behind_the_last_one_in_the_files_own_indentation() -> None:
    changed = text().setting(("functions", "create", "role"), "CreateRole").text
    assert changed == FILE.replace("events: [{ http: GET / }]\n", "events: [{ http: GET / }]\n    role: CreateRole\n")


def test_a_new_key_of_a_flow_mapping_stays_on_its_line() -> None:
    changed = text().setting(("functions", "list", "role"), "ListRole").text
    assert changed == FILE.replace("{handler: c.d}", "{handler: c.d, role: ListRole}")


def test_missing_mappings_on_the_way_are_made() -> None:
    changed = text().setting(("resources", "Resources", "A"), {"Type": "AWS::SNS::Topic"}).text
    assert changed == FILE + "\nresources:\n  Resources:\n    A:\n      Type: AWS::SNS::Topic"


def test_a_key_without_a_value_is_given_one() -> None:
    changed = text().setting(("functions", "empty", "handler"), "x.y").text
    assert changed == FILE.replace("  empty:\n", "  empty:\n    handler: x.y\n")


def test_items_are_appended_where_the_lists_dashes_stand() -> None:
    changed = text().appending(("provider", "statements"), [{"Effect": "Allow", "Action": ["s3:GetObject"]}]).text
    assert "    Action: '*'\n  - Effect: Allow\n    Action:\n    - s3:GetObject\ntext: |" in changed
    assert changed.replace("  - Effect: Allow\n    Action:\n    - s3:GetObject\n", "") == FILE


def test_an_item_goes_without_the_comments_of_its_neighbours() -> None:
    changed = text().without(("provider", "statements", 0)).text
    assert changed == FILE.replace("  - Effect: Allow     # a person's\n    Action: s3:*\n", "")


def test_the_last_item_leaves_an_empty_list() -> None:
    changed = text().without(("provider", "statements", 0)).without(("provider", "statements", 0)).text
    assert parse_yaml(changed, "x").tree["provider"] == {"statements": []}


def test_line_ends_of_windows_stay() -> None:
    source = FILE.replace("\n", "\r\n")
    changed = text(source).setting(("provider", "iam", "role"), {"a": [1]}).text
    assert changed.replace("\r\n", "") == changed.replace("\r\n", "").replace("\n", "")
    assert "\r\n  iam:\r\n    role:\r\n      a:\r\n      - 1\r\n" in changed


def test_a_key_behind_a_block_of_text_does_not_become_part_of_it() -> None:
    changed = text("a:\n  b: |\n    one\n\n\nc: 1\n").setting(("a", "d"), "e").text
    assert parse_yaml(changed, "x").tree == {"a": {"b": "one\n", "d": "e"}, "c": 1}


def test_intrinsic_functions_are_written_as_the_file_writes_them() -> None:
    arn = {"Fn::GetAtt": ["T", "Arn"]}
    assert text("a: !Ref B\n").setting(("c",), arn).text == "a: !Ref B\nc: !GetAtt T.Arn\n"
    assert "Fn::GetAtt:\n" in text("a:\n  Ref: B\n").setting(("c",), arn).text


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("base: &b {x: 1}\nother: *b\n", ("other", "y")),
        ("a: 1\na: 2\n", ("a",)),
        ("- 1\n", ("a",)),
        ("a: word\n", ("a", "b")),
    ],
)
def test_what_would_change_another_place_is_refused_with_its_place(source: str, path: tuple[str, ...]) -> None:
    with pytest.raises(SpliceError) as refused:
        text(source).setting(path, 1)
    assert refused.value.place is not None and refused.value.remedy


def test_the_paths_of_a_place_are_those_of_keys_and_items() -> None:
    assert text().paths_at(4, 3) == [("functions", "create")]
    assert text().paths_at(13, 5) == [("provider", "statements", 0), ("provider", "statements", 0, "Effect")]


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "serverless.yml"
    file.write_bytes(b"theirs")
    with pytest.raises(SpliceError, match="in the meantime"):
        replace_files([(file, b"mine", b"new")])
    assert file.read_bytes() == b"theirs" and [one.name for one in tmp_path.iterdir()] == ["serverless.yml"]


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file, link = tmp_path / "real.yml", tmp_path / "link.yml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    replace_files([(link, b"old", b"new")])
    assert link.is_symlink() and file.read_bytes() == b"new" and file.stat().st_mode & 0o777 == 0o640


def test_intrinsic_functions_in_a_flow_collection_take_the_files_own_form() -> None:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [{"Fn::Sub": "${B.Arn}/*"}]}
    short = text("name: !Ref B\nlist: [1]\n").appending(("list",), [statement]).text
    assert "list: [1, {Effect: Allow, Action: ['s3:GetObject'], Resource: [!Sub '${B.Arn}/*']}]" in short
    long = text("name: {Ref: B}\nother:\n  Fn::Sub: x\nlist: []\na: {}\n").setting(
        ("a", "b"), {"Fn::GetAtt": ["B", "Arn"]}
    )
    assert "a: {b: {'Fn::GetAtt': [B, Arn]}}" in long.text
