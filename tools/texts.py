"""All texts of scopedown that a user reads, to be read by a person and by ``tests/cli/test_style_of_texts.py``.

    python tools/texts.py [FOLDER-OR-FILE...]      # below src/scopedown; all of it by default

Prints ``file:line: text`` of every string of three words and more in the sources, with ``{}`` where a value is put in,
and the docstrings of commands, which are their help. Left out are other docstrings, SQL, samples of code, and the files
of ``NOT_OURS``, whose sentences are AWS's or a framework's own.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src" / "scopedown"
NOT_OURS = (
    "calls/libraries/opensearch_verbs",
    "guard/cloudformation",
    "guard/moto",
    "guard/services",
    "prove/events",
)
"""Folders and beginnings of file names whose texts are data, or the words of AWS that the guard repeats."""
_WORDS = re.compile(r"[A-Za-z}'][,;:]? (?=[A-Za-z{(])")
_LIST = re.compile(r"\s*(?:[A-Za-z_]\w*[?!=]?\s+){7,}[A-Za-z_]\w*[?!=]?\s*")
"""Names that a module splits at their spaces: none is followed by a mark."""
_SENTENCE = re.compile(r"\b(?:a|an|and|are|be|by|for|from|has|is|it|not|of|or|the|this|to|which|with|you)\b")
_CODE = re.compile(
    r"^(SELECT|INSERT|CREATE|PRAGMA|UPDATE|WITH) |\n(def |import |  ?\w+:)|^\s*(import|def|const|export|from) |=>|\);"
)


@dataclass(frozen=True, slots=True)
class Text:
    """``Text("cli/scan.py", 41, "Only this function; repeatable.")``; ``help``: it is a command's or option's help."""

    file: str
    line: int
    text: str
    help: bool = False


def texts(folder: Path = SOURCES) -> Iterator[Text]:
    """The texts of all Python files of a folder, in the files' order."""
    for path in sorted(folder.rglob("*.py") if folder.is_dir() else [folder]):
        name = path.relative_to(SOURCES).as_posix()
        if not name.startswith(NOT_OURS):
            yield from _of_file(name, ast.parse(path.read_text(encoding="utf-8")))


def _of_file(name: str, tree: ast.Module) -> Iterator[Text]:
    helps, skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values if isinstance(part, ast.Constant))
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if _LIST.fullmatch(text) and len(_SENTENCE.findall(text)) < 2:
            continue
        if id(node) in helps or (len(_WORDS.findall(text)) >= 2 and not _CODE.search(text)):
            yield Text(name, node.lineno, text, id(node) in helps)


def _docstrings(tree: ast.Module) -> tuple[set[int], set[int]]:
    """The ids of commands' helps, and those of all other docstrings."""
    helps: set[int] = set()
    others: set[int] = set()
    for node in ast.walk(tree):
        for number, statement in enumerate(
            getattr(node, "body", ()) if not isinstance(node, ast.IfExp | ast.Lambda) else ()
        ):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                is_help = number == 0 and any(
                    "command" in ast.unparse(one) for one in getattr(node, "decorator_list", ())
                )
                (helps if is_help else others).add(id(statement.value))
        if isinstance(node, ast.Call):
            helps.update(id(word.value) for word in node.keywords if word.arg in ("help", "short_help", "epilog"))
    return helps, others


def main() -> None:
    for place in [SOURCES / name for name in sys.argv[1:]] or [SOURCES]:
        for text in texts(place):
            print(f"{text.file}:{text.line}: {text.text!r}")


if __name__ == "__main__":
    main()
