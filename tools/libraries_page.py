"""The list in docs/libraries.md, from the models themselves.

usage: python tools/libraries_page.py [--check]

Rewrites what stands between the page's two markers; with ``--check`` it only says whether the page is true (exit 1
where it is not).
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import scopedown.calls.interpreter.interpret  # noqa: F401  (the models are parts of it)
from scopedown.calls import libraries
from scopedown.calls.libraries.library_rows import FOLDER, headers

PAGE = Path(__file__).parent.parent / "docs" / "libraries.md"
BEGIN, END = "<!-- begin: tools/libraries_page.py -->", "<!-- end -->"
TABLES = frozenset({"python_rows", "javascript_rows"})
"""The models that answer for all tables."""
LANGUAGES = {"python": "Python", "javascript": "JavaScript"}


def entries() -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Language, packages, what it is, and the file that models it."""
    for info in pkgutil.iter_modules(libraries.__path__):
        model = importlib.import_module(f"scopedown.calls.libraries.{info.name}")
        packages = getattr(model, "PACKAGES", ())
        if packages and info.name not in TABLES:
            title = (model.__doc__ or "").strip().splitlines()[0].rstrip(".")
            yield LANGUAGES[model.LANGUAGE], tuple(packages), title, f"{info.name}.py"
    for path in FOLDER.glob("*.tsv"):
        about = headers(path)
        yield LANGUAGES[about["language"]], tuple(about["packages"].split()), about["title"], f"rows/{path.name}"


def listing() -> str:
    """The page's list."""
    lines = ["| language | packages | what | modelled in |", "|---|---|---|---|"]
    for language, packages, title, file in sorted(entries()):
        named = ", ".join(f"`{one}`" for one in packages)
        lines.append(f"| {language} | {named} | {title} | `{file}` |")
    return "\n".join(lines)


def main() -> int:
    """Write the list, or check it."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{listing()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        return int(wanted != text)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
