"""The kinds of change, and the programs that they make of the functions.

In: the text files of ``python/``, ``javascript/`` and the further languages, one a topic. A kind begins with ``=== its
name`` (in brackets after it what it is: ``esm``, ``ts``, ``plain`` where nothing is dynamic, ``newer`` than the
compiler) and is the text of the handler's file; ``--- NAME`` begins a further file. Out: :class:`Program`, a folder's
files.

``$MAKE`` gives the client, ``$METHOD`` is the method's name (``$HEAD`` and ``$TAIL`` its halves), ``$ARGS`` what it is
given, ``$END`` what follows the call, ``$SETUP`` what a file needs so that the others may stand in it; the handler's
file begins with it unless it has it elsewhere. In Python ``$DICT`` are the arguments as a dictionary. Where a language
writes types, ``$TYPE`` is the client's and ``$REQUEST`` the request's; ``$ARGUMENT`` is the request alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from meaning import written
from meaning.bases import JAVASCRIPT, PYTHON, Base

HERE = Path(__file__).parent
BASES = {"python": PYTHON, "javascript": JAVASCRIPT, **written.BASES}
LANGUAGES = tuple(BASES)


@dataclass(frozen=True)
class Kind:
    """One way to write the same program."""

    language: str
    topic: str
    name: str
    marks: frozenset[str]
    files: tuple[tuple[str, str], ...]
    """The files by name; the handler's is first and its name is empty."""

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.topic}: {self.name}"


@dataclass(frozen=True)
class Program:
    """A base function, written in one way. ``file`` is the handler's, ``symbol`` its name in it."""

    kind: Kind
    base: Base
    file: str
    files: tuple[tuple[str, str], ...]
    symbol: str = "handler"

    @property
    def name(self) -> str:
        return f"{self.kind.topic}: {self.kind.name} / {self.base.name}"


def kinds(language: str) -> list[Kind]:
    """All kinds of a language, in the order of their files."""
    found = []
    for path in sorted((HERE / language).glob("*.txt")):
        for text in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, body = text.partition("\n")
            name, *marks = re.split(r"[\[\]]", title)
            first, *further = re.split(r"^--- (.+)\n", body, flags=re.MULTILINE)
            files = (("", first), *zip(further[::2], further[1::2], strict=True))
            found.append(Kind(language, path.stem, name.strip(), frozenset(" ".join(marks).split()), files))
    return found


def programs(language: str) -> Iterator[Program]:
    """Every kind applied to every base of its language."""
    for kind in kinds(language):
        for base in BASES[language]:
            yield program(kind, base)


def program(kind: Kind, base: Base) -> Program:
    """One kind applied to one base."""
    if (writing := written.WRITINGS.get(kind.language)) is not None:
        return _of_packages(kind, base, writing)
    files = []
    end = (
        ".py"
        if kind.language == "python"
        else ".ts"
        if "ts" in kind.marks
        else ".mjs"
        if "esm" in kind.marks
        else ".js"
    )
    for name, text in kind.files:
        if not name and "$SETUP" not in text:
            text = "$SETUP\n" + text
        files.append((name or f"handler{end}", _filled(text, kind, base, name or f"handler{end}")))
    return Program(kind, base, f"handler{end}", (*files, *base.beside))


def _of_packages(kind: Kind, base: Base, writing: written.Writing) -> Program:
    """A program of a language that binds names by packages."""
    files = []
    for name, text in kind.files:
        if not name:
            text = "$SETUP\n" + text
        files.append((writing.folder + (name or writing.file), _filled(text, kind, base, name)))
    beside = (*writing.beside, *base.beside)
    return Program(kind, base, files[0][0], (*files, *beside), writing.symbol)


def _filled(text: str, kind: Kind, base: Base, file: str) -> str:
    half = len(base.method) // 2
    values = {
        "MAKE": base.make, "METHOD": base.method, "HEAD": base.method[:half], "TAIL": base.method[half:],
        "ARGS": base.args, "END": base.end,
        "DICT": f"dict({base.args})" if kind.language == "python" else base.args,
        "SETUP": base.setup if kind.language in written.WRITINGS else _setup(kind, base, file),
        "TYPE": base.type, "REQUEST": base.request, "ARGUMENT": base.argument or base.args,
    }  # fmt: skip
    return re.sub(
        r"\$(MAKE|METHOD|HEAD|TAIL|ARGS|ARGUMENT|END|DICT|SETUP|TYPE|REQUEST)\b", lambda found: values[found[1]], text
    )


def _setup(kind: Kind, base: Base, file: str) -> str:
    if kind.language == "python":
        return f"import os\n\nimport boto3\n\n{base.setup}"
    lines = []
    for module, names in base.imports:
        if module.startswith("./") and "/" in file:
            module = f".{module}"
        if file.endswith(".mjs"):
            whole = f"{module}.js" if module.startswith(".") or module.count("/") > 1 else module
            lines.append(f'import {names} from "{whole}";')
        elif file.endswith(".ts"):  # a CommonJS module is a default import by assignment
            written = f"from {quoted(module)}" if "{" in names else f"= require({quoted(module)})"
            lines.append(f"import {names} {written};")
        else:
            lines.append(f"const {names} = require({quoted(module)});")
    return "\n".join(lines) + "\n" + base.setup


def quoted(name: str) -> str:
    """A module's name as code writes it."""
    return f'"{name}"'
