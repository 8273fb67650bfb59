"""No module needs itself: circles of imports, those of annotations and inside of functions counted as well.

import-linter keeps the siblings of every package apart (``acyclic_siblings``) but leaves single files alone; here every
import that the syntax shows is followed, over files and over the parts of each package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
Graph = Mapping[str, set[str]]


def modules() -> dict[str, Path]:
    return {".".join(p.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): p
            for p in (SOURCE / "scopedown").rglob("*.py")}  # fmt: skip


def imported(name: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the project that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from [inner] if inner in known else [str(node.module)] if node.module in known else []


def by_package(files: Graph) -> dict[str, dict[str, set[str]]]:
    """For each package: which of its parts imports which other part."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, others in files.items():
        for other in others:
            one, two = name.split("."), other.split(".")
            depth = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), None)
            if depth is not None:  # else one is the package of the other
                parts = found.setdefault(".".join(one[:depth]), {})
                parts.setdefault(one[depth], set()).add(two[depth])
    return found


def circle(graph: Graph) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def files() -> dict[str, set[str]]:
    known = modules()
    return {name: set(imported(name, file, known)) - {name} for name, file in known.items()}


def test_no_file_imports_itself_through_others() -> None:
    assert circle(files()) == []


def test_no_part_of_a_package_imports_itself_through_its_siblings() -> None:
    assert {package: found for package, parts in by_package(files()).items() if (found := circle(parts))} == {}


def test_a_circle_is_found() -> None:
    graph = {"p.a.x": {"p.b.y"}, "p.b.z": {"p.a.w"}, "p.b.y": set[str](), "p.a.w": set[str]()}
    assert circle(graph) == []
    assert set(circle(by_package(graph)["p"])) == {"a", "b"}
