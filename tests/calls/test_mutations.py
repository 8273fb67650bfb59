"""Changes that keep a source's meaning leave what is found in it unchanged (``mutations.py``)."""

from __future__ import annotations

import json
import random
import shutil
from functools import cache
from pathlib import Path

import pytest

from calls.conftest import words
from calls.mutations import MUTATIONS, Mutated, language_of
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.resolve.node import JS_EXTENSIONS
from scopedown.source.sources import Sources

SOURCES = Path(__file__).parent / "sources"
APPS = Path(__file__).parent.parent / "apps"
SEED = 20251126
FAST = 60
"""Mutated projects in the suite that always runs."""


def entries() -> list[tuple[Path, str, str]]:
    """(folder, file, symbol) of every entry of the sources and the applications."""
    found = []
    for path in sorted(SOURCES.rglob("handler*")):
        if path.suffix in (".py", *JS_EXTENSIONS):
            folder = SOURCES / path.relative_to(SOURCES).parts[0]
            found.append((folder, path.relative_to(folder).as_posix(), "handler"))
    for path in sorted(APPS.glob("*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        folder = (path.parent / expected.get("project", ".")).resolve()
        handlers = [function["handler"] for function in expected["functions"].values()]
        found += [(folder, handler["file"], handler["symbol"]) for handler in handlers]
    return found


CASES = [(*entry, mutation) for entry in entries() for mutation in MUTATIONS]
SHUFFLED = random.Random(SEED).sample(CASES, len(CASES))


def name_of(case: tuple[Path, str, str, str]) -> str:
    folder, file, symbol, mutation = case
    return f"{folder.name}/{file}.{symbol}: {mutation}"


def reported(folder: Path, file: str, symbol: str) -> CallReport:
    return find_calls(Sources(str(folder)), catalog(), {}, file, symbol)


@cache
def found(folder: Path, file: str, symbol: str) -> frozenset[str]:
    return frozenset(words(call) for call in reported(folder, file, symbol).calls)


def mutated(case: tuple[Path, str, str, str]) -> Mutated | None:
    folder, file, symbol, mutation = case
    source = (folder / file).read_text(encoding="utf-8")
    if "/" in file and mutation in ("moved to another file", "entry in a class") and file.endswith(".py"):
        return None  # how a file in a package is imported depends on where the package begins
    chance = random.Random(f"{SEED} {name_of(case)}")
    return MUTATIONS[mutation](source, symbol, chance, language_of(file))


def check(case: tuple[Path, str, str, str], to: Path) -> None:
    folder, file, symbol, _ = case
    changed = mutated(case)
    if changed is None:
        pytest.skip("nothing of the kind in this source")
    copy = to / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("node_modules", ".cache"))
    (copy / file).write_text(changed.source, encoding="utf-8")
    for name, text in changed.beside.items():
        (copy / file).with_name(name).write_text(text, encoding="utf-8")
    report = reported(copy, file, symbol)
    after = {words(call) for call in report.calls}
    assert after == found(folder, file, symbol), changed.source


@pytest.mark.parametrize("case", SHUFFLED[:FAST], ids=name_of)
def test_what_is_found_does_not_change(case: tuple[Path, str, str, str], tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("case", SHUFFLED[FAST:], ids=name_of)
def test_what_is_found_never_changes(case: tuple[Path, str, str, str], tmp_path: Path) -> None:
    check(case, tmp_path)


def test_every_mutation_changes_some_source() -> None:
    """None of them is empty, so that none of the tests above passes for nothing."""
    changed = {case[3] for case in SHUFFLED[:FAST] if mutated(case) is not None}
    assert changed == set(MUTATIONS)
