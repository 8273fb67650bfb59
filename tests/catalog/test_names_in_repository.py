"""No action string anywhere in the repository is unknown to the catalog (a class of bug that lives for years)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scopedown.catalog.load import SqliteCatalog

NAME = re.compile(r"(?<![\w.:/$-])([a-z][a-z0-9-]*):([A-Z][A-Za-z0-9]*[*?]?)(?![\w:.*?-])")
PLACES = ("src", "docs", "tests", "tools", "examples", "bench", "README.md", "ARCHITECTURE.md", "CHANGELOG.md")
SKIPPED = {"not_actions.tsv", "sdk_names_checked.tsv"}  # the second one names operations


def files(root: Path) -> Iterator[Path]:
    for place in PLACES:
        path = root / place
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in found:
            generated = file.parent.name == "tables" or "node_modules" in file.parts or file.suffix == ".pyc"
            if file.is_file() and not generated and file.name not in SKIPPED and file.suffix != ".sqlite":
                yield file


def unknown_names(text: str, facts: SqliteCatalog, prefixes: set[str]) -> Iterator[str]:
    for prefix, rest in NAME.findall(text):
        if prefix not in prefixes:
            continue
        name = f"{prefix}:{rest}"
        if rest[-1] in "*?":
            begin = name[:-1].lower()
            known = any(a.name.lower().startswith(begin) for a in facts.actions_of(prefix))
        else:
            known = facts.action(name) is not None
        if not known and name.lower() not in {key.lower() for key in facts.condition_keys_of(prefix)}:
            yield name


def test_every_action_string_in_the_repository_is_an_action(facts: SqliteCatalog, root: Path) -> None:
    lines = Path(__file__).with_name("not_actions.tsv").read_text(encoding="utf-8").splitlines()
    allowed = {line.split("\t")[0] for line in lines[2:]}
    prefixes = set(facts.prefixes())
    found: dict[str, set[str]] = {}
    for file in files(root):
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for name in unknown_names(text, facts, prefixes):
            if name not in allowed:
                found.setdefault(name, set()).add(str(file.relative_to(root)))
    assert found == {}, "list what is no action on purpose in tests/catalog/not_actions.tsv"


def test_a_misspelt_action_is_noticed(facts: SqliteCatalog) -> None:
    text = "dynamodb:" + "PutItems, s3:GetObject, s3:" + "Fetch*, s3:Get*, dynamodb:LeadingKeys"
    assert list(unknown_names(text, facts, {"s3", "dynamodb"})) == ["dynamodb:" + "PutItems", "s3:" + "Fetch*"]
