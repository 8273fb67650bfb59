"""A page of 200 functions and 300 resources in Chromium stays one in which a person can work.

The bounds are far above what is measured (bench/report_200.py), so that a busy machine keeps them: what they find is
a page that has become many times slower.
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
from pathlib import Path
from types import ModuleType

import pytest

from scopedown.report.model import (
    Comparison,
    Edge,
    FunctionPart,
    Graph,
    Needed,
    Node,
    Page,
    Policy,
    ProjectPart,
    Reason,
)
from scopedown.report.page import page as page_of

BENCH = Path(__file__).resolve().parent.parent.parent / "bench" / "report_200.py"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine (Debian: apt install chromium)"),
]


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("report_200", BENCH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def large_page() -> Page:
    functions, edges = [], []
    nodes = [Node(f"r{number}", "resource", f"Table{number}", "DynamoDB Table") for number in range(300)]
    for number in range(200):
        used = [(number * 7 + step * 11) % 300 for step in range(4)]
        needs = tuple(
            Needed(("dynamodb:GetItem",), ((f"${{Table{one}.Arn}}", "resolved"),), (), "code",
                   (Reason(f"app.py:{number}:1 dynamodb.GetItem", ((0, f"reached by work{number}"),)),))
            for one in used
        )  # fmt: skip
        functions.append(
            FunctionPart(f"work{number:03}", "app.py:f", "python3.12", "Role", (), needs, Comparison(), (), (), (), (),
                         "whole", (), (), (Policy("JSON", "", "{}"),))
        )  # fmt: skip
        nodes.append(Node(f"f{number}", "function", f"work{number:03}", "", number))
        edges += [Edge(f"f{number}", f"r{one}", ("dynamodb:GetItem",)) for one in dict.fromkeys(used)]
    part = ProjectPart("many", (("project", "a"),), tuple(functions), (), (), Graph(tuple(nodes), tuple(edges)))
    return Page("1", (part,))


def test_it_opens_filters_and_moves_without_a_long_wait(tmp_path: Path) -> None:
    file = tmp_path / "many.html"
    file.write_text(page_of(large_page()), encoding="utf-8")
    found = bench().measured(file, CHROMIUM)
    assert (found["nodes"], found["edges"]) == (500, 800) and found["moved"] != 0
    assert found["ready"] < 20
    assert statistics.median(found["keys"]) < 300 and statistics.median(found["graph"]) < 2000
    assert statistics.median(found["frames"]) < 100
