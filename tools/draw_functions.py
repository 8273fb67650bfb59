"""Draw further functions of a repository to label by hand: a fixed seed, so anybody draws the same.

usage: draw_functions.py CORPUS_DIR [--seed N] [--with-sdk N] [--without N] [--labelled LABELS.jsonl …]

Population: the Lambda functions of every project under CORPUS_DIR (read by scopedown.project, whose code no call
analysis looks at) that have a source file in Python, JavaScript or TypeScript, whose folder no LABELS file names. It is
parted in two, sorted by folder and name: functions of which a source file in the handler's folder or below it names an
AWS SDK or a library above one, and the rest. Each part is drawn with its own `random.Random(seed).sample`, one function
a project before a second one of any. Printed: `sdk` or `none`, folder, configuration file, function, handler file and
symbol, by tabs;
then the sizes of the two parts on stderr.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from draw_services import NAMED, SKIPPED, SOURCES
from scopedown.core.finding import ScopedownError
from scopedown.project.load import find_projects, load_project
from scopedown.project.options import Options

LANGUAGES = ("python", "javascript", "typescript")

Row = tuple[str, str, str, str, str]


def functions(corpus: Path, labelled: set[str]) -> Iterator[Row]:
    """(folder, configuration, function, handler file, symbol) of the whole population."""
    for config in find_projects(corpus):
        folder = config.parent.relative_to(corpus).as_posix()
        if folder in labelled:
            continue
        try:
            project = load_project(config, Options())
        except ScopedownError:
            continue
        for function in project.functions:
            handler = function.handler
            if handler and handler.file and not handler.inline and function.language in LANGUAGES:
                yield folder, config.name, function.key, handler.file, handler.symbol


def names_sdk(folder: Path) -> bool:
    """Whether a source file in the folder or below it names an AWS SDK or a library above one."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SOURCES or SKIPPED & set(path.parts) or not path.is_file():
            continue
        if NAMED.search(path.read_text("utf-8", "replace")[:500_000]):
            return True
    return False


def drawn(part: list[Row], count: int, seed: int) -> list[Row]:
    """``count`` of them in a fixed order: one a project, then (where there are too few projects) a second one, …"""
    order = random.Random(seed).sample(part, len(part))
    chosen: list[Row] = []
    while len(chosen) < min(count, len(part)):
        projects: set[tuple[str, str]] = set()
        for row in order:
            if row not in chosen and row[:2] not in projects and len(chosen) < count:
                projects.add(row[:2])
                chosen.append(row)
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--with-sdk", type=int, default=20)
    parser.add_argument("--without", type=int, default=10)
    parser.add_argument("--labelled", type=Path, action="append", default=[])
    given = parser.parse_args()
    labelled = {json.loads(line)["dir"] for path in given.labelled for line in path.read_text("utf-8").splitlines()}
    parts: dict[str, list[Row]] = {"sdk": [], "none": []}
    for row in sorted(functions(given.corpus, labelled)):
        folder = (given.corpus / row[0] / row[3]).parent
        parts["sdk" if names_sdk(folder) else "none"].append(row)
    for name, count in (("sdk", given.with_sdk), ("none", given.without)):
        for row in drawn(parts[name], count, given.seed):
            print("\t".join((name, *row)))
    print(f"population: {len(parts['sdk'])} with an SDK, {len(parts['none'])} without", file=sys.stderr)


if __name__ == "__main__":
    main()
