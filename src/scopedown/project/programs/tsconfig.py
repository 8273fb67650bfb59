"""Names that tsconfig.json gives to files of the project: ``baseUrl`` and ``paths``, through ``extends``.

https://www.typescriptlang.org/tsconfig/#paths
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.nodes import MapNode
from scopedown.project.programs.scope import Module, Scope
from scopedown.source.languages.javascript_syntax import parse

if TYPE_CHECKING:
    from scopedown.project.programs.evaluate import Evaluator

_CHAIN: Final = 10
_LARGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Names:
    """``base``: where plain names start, if set; ``paths``: patterns with at most one ``*``, and what they mean."""

    base: Path | None
    paths: tuple[tuple[str, tuple[Path, ...]], ...]


def mapped(e: Evaluator, specifier: str) -> Iterator[Path]:
    """The files (without their endings) that a name may mean in this project, the most exact pattern first."""
    if e.names is None:
        e.names = _read(e, e.files.root / "tsconfig.json", _CHAIN)
    matches: list[tuple[int, str, tuple[Path, ...]]] = []
    for pattern, targets in e.names.paths:
        before, star, after = pattern.partition("*")
        if not star:
            if pattern == specifier:
                matches.append((1_000_000, "", targets))
        elif specifier.startswith(before) and specifier.endswith(after) and len(specifier) >= len(pattern) - 1:
            matches.append((len(before), specifier[len(before) : len(specifier) - len(after)], targets))
    for _, inside, targets in sorted(matches, key=lambda item: -item[0]):
        for target in targets:
            yield Path(os.path.normpath(str(target).replace("*", inside)))
    if e.names.base is not None:
        yield Path(os.path.normpath(e.names.base / specifier))


def _read(e: Evaluator, path: Path, left: int) -> Names:
    try:
        text = e.files.text(path)
    except ScopedownError:
        text = None
    if text is None or not left or len(text) > _LARGEST:
        return Names(None, ())
    # JSON with comments and trailing commas is what JavaScript reads as an object.
    source = parse(f"({text})", path.with_suffix(".js"), e.files.name(path))
    statement = next((child for child in source.root.named_children if child.type == "expression_statement"), None)
    scope = Scope(Module(source))
    tree = e.expression(statement.named_children[0], scope) if statement is not None else None
    if not isinstance(tree, MapNode):
        return Names(None, ())
    names = Names(None, ())
    extends = tree.get("extends")
    for parent in extends if isinstance(extends, list) else [extends]:
        if isinstance(parent, str) and parent.startswith("."):
            file = Path(os.path.normpath(path.parent / parent))
            above = _read(e, file if file.suffix == ".json" else file.with_name(file.name + ".json"), left - 1)
            names = Names(above.base or names.base, above.paths or names.paths)
    options = tree.get("compilerOptions")
    if not isinstance(options, MapNode):
        return names
    written = options.get("baseUrl")
    base = Path(os.path.normpath(path.parent / written)) if isinstance(written, str) else None
    paths = options.get("paths")
    if not isinstance(paths, MapNode):
        return Names(base or names.base, names.paths)
    start = base or names.base or path.parent
    return Names(
        base or names.base,
        tuple(
            (pattern, tuple(start / target for target in targets if isinstance(target, str)))
            for pattern, targets in paths.items()
            if isinstance(targets, list)
        ),
    )
