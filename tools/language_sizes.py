"""How many lines each language has: those of its folder, not blank and no comment alone; docstrings count.

usage: python tools/language_sizes.py

Python and JavaScript (with TypeScript) have their files in several packages, known by their names.
"""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "scopedown"
IN_PACKAGES = {"python": r"python|boto3|aioboto3", "javascript": r"javascript|typescript|js|node"}
"""How the names of the files begin that are a language's where it has no folder of its own."""
PACKAGES = ("source/languages", "source/javascript", "source/resolve", "calls")


def size(file: Path) -> int:
    """The lines of a file that are neither blank nor a comment alone."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def files() -> dict[str, list[Path]]:
    """The files of each language."""
    found = {folder.name: sorted(folder.rglob("*.py")) for folder in sorted((SOURCE / "languages").iterdir())
             if folder.is_dir() and folder.name != "__pycache__"}  # fmt: skip
    for name, beginnings in IN_PACKAGES.items():
        own = {
            file
            for package in PACKAGES
            for file in (SOURCE / package).rglob("*.py")
            if re.match(rf"(?:{beginnings})(?:_|\.|$)", file.name)
            or (name == "javascript" and file.parent.name == name)
        }
        found[name] = sorted({*found.get(name, ()), *own})
    return found


def sizes() -> dict[str, int]:
    """The lines of each language."""
    return {name: sum(map(size, of)) for name, of in files().items() if of}


if __name__ == "__main__":
    for name, lines in sorted(sizes().items()):
        print(f"{name}\t{lines}")
