"""Every two places that hold the same lines, names apart: what one function could say once.

usage: python tools/equal_lines.py [FOLDER] [--least N]

Reads the Python files below FOLDER (src/scopedown/languages). Compared are lines of code: blank lines, comments,
docstrings and imports are left out, and every name but Python's own words counts as the same. Prints the places of each
run of at least N (13) such lines, the longest first.
"""

from __future__ import annotations

import argparse
import ast
import io
import keyword
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "scopedown" / "languages"
_LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER)
Line = tuple[int, str]
"""The number of a line, and its text with the names replaced."""


def lines_of(text: str) -> list[Line]:
    """The lines of code of a module."""
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        is_text = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    found: dict[int, list[str]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _LAYOUT and token.start[0] not in left_out:
            is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            found[token.start[0]].append("name" if is_name else token.string)
    return [(number, " ".join(tokens)) for number, tokens in sorted(found.items())]


def equal(files: dict[str, list[Line]], least: int) -> Iterator[tuple[int, str, str]]:
    """Each longest run of equal lines in two places: its lines, and where both are (``file:first-last``)."""
    windows: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, lines in files.items():
        for at in range(len(lines) - least + 1):
            windows[tuple(text for _, text in lines[at : at + least])].append((name, at))
    pairs = {pair for places in windows.values() for pair in combinations(places, 2)}
    for (one, at), (other, there) in sorted(pairs):
        if ((one, at - 1), (other, there - 1)) in pairs:
            continue  # it begins further up
        length = least
        while ((one, at + length - least + 1), (other, there + length - least + 1)) in pairs:
            length += 1
        if one == other and there < at + length:
            continue  # a run that overlaps itself: a table
        yield length, _place(one, files[one], at, length), _place(other, files[other], there, length)


def _place(name: str, lines: list[Line], at: int, length: int) -> str:
    return f"{name}:{lines[at][0]}-{lines[at + length - 1][0]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--least", type=int, default=13)
    options = parser.parse_args()
    files = {
        path.relative_to(options.folder).as_posix(): lines_of(path.read_text(encoding="utf-8"))
        for path in sorted(options.folder.rglob("*.py"))
    }
    for length, one, other in sorted(equal(files, options.least), key=lambda found: -found[0]):
        print(f"{length} lines\t{one}\t{other}")


if __name__ == "__main__":
    main()
