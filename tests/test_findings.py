"""docs/findings.md names every code that a finding can have, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from scopedown.project.findings import rows
from scopedown.project.serverless.event_names import event_rows

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+\Z")

TELLERS = {
    "Finding": 0, "Remark": 0, "tell": 0, "finding": 0, "problem": 0, "fail": 0, "Answer": 3, "_tell": None, "_fail": 1,
}  # fmt: skip
"""What makes findings, and which of its arguments is the code; None: any of them."""
BUILT = {"repeated-key"}
"""Codes that are put together of the name of a section."""


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src").rglob("*.py")}


def texts(node: ast.expr, names: Mapping[str, set[str]]) -> Iterator[str]:
    """The texts that an expression may give; ``names`` are those of constants."""
    if isinstance(node, ast.Name):
        yield from names.get(node.id, ())
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, names)
        yield from texts(node.orelse, names)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from texts(value, names)


def constants() -> dict[str, set[str]]:
    """Names that hold a text, anywhere in the source: ``CODE = "…"``."""
    found: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            target, value = None, None
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
            elif isinstance(node, ast.AnnAssign):
                target, value = node.target, node.value
            if isinstance(target, ast.Name) and value is not None:
                found.setdefault(target.id, set()).update(texts(value, {}))
    return found


@cache
def told() -> dict[str, str]:
    """Every code that the source tells, and where."""
    names = constants()
    found = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in TELLERS:
                continue
            position = TELLERS[name]
            arguments = node.args if position is None else node.args[position : position + 1]
            arguments = [*arguments, *(word.value for word in node.keywords if word.arg == "code")]
            for argument in arguments:
                given = (text for text in texts(argument, names) if CODE.fullmatch(text))
                found |= dict.fromkeys(given, f"{path.name}:{node.lineno}")
    return found | {name.partition(" ")[0]: "findings.tsv" for name in rows()}


def documented() -> list[str]:
    return [code for code, _, _ in ROW.findall((ROOT / "docs" / "findings.md").read_text(encoding="utf-8"))]


def test_every_code_of_the_source_is_documented() -> None:
    missing = {code: where for code, where in told().items() if code not in documented()}
    assert missing == {}


def test_every_documented_code_is_told() -> None:
    assert set(documented()) - set(told()) - BUILT == set()


def test_a_code_is_documented_once() -> None:
    assert sorted(set(documented())) == sorted(documented())


@pytest.mark.parametrize("code", ["variable-not-found", "event-refused", "wrong-type", "legacy-setting", "hint-action"])
def test_codes_are_found_however_they_are_written(code: str) -> None:
    """A literal, a constant, one of two, a variable: where the source is not understood, nothing would be missed."""
    assert code in told()


def reports() -> Iterator[tuple[str, set[str]]]:
    """Every report of a row that is named in the source: the row, and the values that it is given."""
    for tree in trees().values():
        for node in ast.walk(tree):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in ("report", "reported") and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), {word.arg for word in node.keywords if word.arg}


def test_a_report_gives_the_values_of_its_row() -> None:
    texts_of = {name: row["message"] + row["remedy"] for name, row in rows().items()}
    given = [(name, values) for name, values in reports() if name in texts_of]
    assert len(given) > 100
    assert [one for one in given if set(re.findall(r"<(\w+)>", texts_of[one[0]])) != one[1]] == []


def test_every_row_is_reported() -> None:
    named = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    in_rows = {row["value"] for of_kind in event_rows().values() for row in of_kind if row["setting"] == "finding"}
    built = {f"{section}-invalid item" for section in ("functions", "resources")}
    built |= {f"{name}-unknown property" for name in ("handler", "runtime")}
    assert {name for name in rows() if f'"{name}"' not in named} == in_rows | built
