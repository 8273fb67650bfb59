"""Whatever a file looks like: an edit makes the intended value of it and touches no other byte, or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.documents.document import parse_json, parse_yaml
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.text import SplicedText, spliced_text

Steps = tuple[str | int, ...]
KEYS = st.sampled_from(["functions", "put", "role", "statements", "Resources", "größe", "a b", "x-y", "on", "1"])
SCALARS = st.sampled_from(
    ["word", "'it''s'", '"a\\tb"', "1", "true", "~", "arn:aws:s3:::b/*", "!Ref Table", "!GetAtt T.Arn", "${self:a}",
     "äöü", "日本", "a # b", "'" + "x" * 300 + "'"]
)  # fmt: skip
FLOWS = st.sampled_from(["{a: 1, b: [x,\ty]}", "[1, {c: d}]", "[ ]", "{ }"])
NEW: Any = st.recursive(
    st.sampled_from(
        ["CreateRole", "s3:GetObject", "*", "arn:aws:s3:::b/${a}", "it's", "ü", "a: b", "# no", "", 1, True]
    ),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=5,
)


@st.composite
def blocks(draw: Any, depth: int = 0, indent: int = 0) -> list[str]:
    """Lines of a block mapping, in whatever layout a person may give it."""
    lines: list[str] = []
    space = " " * indent
    for key in draw(st.lists(KEYS, min_size=1, max_size=4, unique=depth > 0 or draw(st.integers(0, 20)) > 0)):
        if draw(st.integers(0, 5)) == 0:
            lines.append(draw(st.sampled_from(["", f"{space}# of {key}", "# at the edge", "   "])))
        head = f"{space}{json.dumps(key, ensure_ascii=False) if ' ' in key or draw(st.booleans()) else key}:"
        note = draw(st.sampled_from(["", "", "   # a note", "\t# a tab"]))
        kind = draw(st.sampled_from(["scalar", "map", "list", "flow", "text", "empty", "flow lines"]))
        if depth >= 3 and kind in ("map", "list"):
            kind = "scalar"
        if kind == "scalar":
            lines.append(f"{head} {draw(SCALARS)}{note}")
        elif kind == "empty":
            lines.append(f"{head}{draw(st.sampled_from(['', ' {}', ' []']))}{note}")
        elif kind == "text":
            mark = draw(st.sampled_from(["|", ">", "|-", "|+"]))
            lines += [f"{head} {mark}", f"{space}    text: [", "", f"{space}      # no comment"]
            lines += [""] * draw(st.integers(0, 2))
        elif kind == "flow":
            lines.append(f"{head} {draw(FLOWS)}{note}")
        elif kind == "flow lines":
            lines += [f"{head} {{", f"{space}  a: 1, # one", f"{space}  b: [x,", f"{space}    y]", f"{space}  }}"]
        elif kind == "map":
            lines += [f"{head}{note}", *draw(blocks(depth + 1, indent + draw(st.sampled_from([1, 2, 4]))))]
        else:
            lines.append(f"{head}{note}")
            within = indent + draw(st.sampled_from([0, 2]))
            for _ in range(draw(st.integers(1, 3))):
                if draw(st.booleans()):
                    lines.append(f"{' ' * within}- {draw(SCALARS)}{draw(st.sampled_from(['', '  # an item']))}")
                else:
                    first, *rest = [one for one in draw(blocks(3, within + 2)) if one.strip()]
                    if first.lstrip().startswith("#"):
                        first = f"{' ' * (within + 2)}k: v"
                    lines += [f"{' ' * within}- {first[within + 2 :]}", *rest]
    return lines


@st.composite
def yaml_files(draw: Any) -> str:
    lines = draw(blocks())
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n", "\n# the end"]))
    text = draw(st.sampled_from(["", "---\n", "# first\n"])) + text
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def read(text: str, name: str) -> Any:
    return json.loads(json.dumps((parse_json if name.endswith("json") else parse_yaml)(text, name).tree, default=str))


def paths(tree: Any, path: Steps = ()) -> list[Steps]:
    found = [path]
    items: Any = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in items:
        if not (isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))):
            found += paths(item, (*path, key))
    return found


def at(tree: Any, path: Steps) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def ended(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: ended(item) for key, item in tree.items()}
    if isinstance(tree, list):
        return [ended(item) for item in tree]
    return tree.rstrip("\n") if isinstance(tree, str) else tree


def check(text: str, name: str, data: st.DataObject) -> None:
    """One edit of a text, at a place and of a kind that are drawn."""
    try:
        before = read(text, name)
        spliced: SplicedText = spliced_text(text, name)
    except Exception:
        return  # no file that a project could be read of
    path = data.draw(st.sampled_from(paths(before)))
    target = at(before, path)
    intended = json.loads(json.dumps(before))
    try:
        if isinstance(target, list) and data.draw(st.booleans()):
            items = data.draw(st.lists(NEW, min_size=1, max_size=2))
            edit = spliced.edit_appending(path, items)
            at(intended, path).extend(items)
        elif path and data.draw(st.booleans()):
            edit = spliced.edit_without(path)
            del at(intended, path[:-1])[path[-1]]
        else:
            where = (*path, data.draw(KEYS)) if isinstance(target, dict) else path
            value = data.draw(NEW)
            edit = spliced.edit_setting(where, value)
            if not where:
                return
            at(intended, where[:-1])[where[-1]] = value
        after = spliced.edited([edit]).text
    except SpliceError:
        return
    assert after == text[: edit.start] + edit.text + text[edit.end :]
    found = read(after, name)
    if not text.endswith("\n"):  # a block of text at the end has a newline once something follows it
        found, intended = ended(found), ended(intended)
    assert found == intended, (text, path, after)
    if "\r\n" in text:
        assert after.count("\n") == after.count("\r\n"), after


@settings(max_examples=500, deadline=None, derandomize=True)
@given(yaml_files(), st.data())
def test_a_yaml_file_says_what_was_intended_after_an_edit(text: str, data: st.DataObject) -> None:
    check(text, "serverless.yml", data)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(NEW, st.sampled_from([None, 1, 2, 4, "\t"]), st.booleans(), st.data())
def test_a_json_file_says_what_was_intended_after_an_edit(
    tree: Any, indent: Any, windows: bool, data: st.DataObject
) -> None:
    text = json.dumps({"a": tree, "b": {}, "c": []}, indent=indent, ensure_ascii=False)
    check(text.replace("\n", "\r\n") if windows else text, "serverless.json", data)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n---\nb: 2\n",
        "a: 1\na: 2\n",
        "a: &x {b: 1}\nc: *x\n",
        "a: &x\n  b: 1\nc:\n  <<: *x\n",
        "\ta: 1\n",
        "a: [1\n",
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str) -> None:
    name = "serverless.yml"
    with pytest.raises((SpliceError, yaml.YAMLError)):
        made = spliced_text(text, name)
        made.edit_setting(("a",), "other")
        made.edit_setting(("c", "b"), "other")
