"""How many lines each language has: those of its folder, not blank and no comment alone; docstrings count.

usage: python tools/language_sizes.py
"""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "scopedown"


def size(file: Path) -> int:
    """The lines of a file that are neither blank nor a comment alone."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def files() -> dict[str, list[Path]]:
    """The files of each language."""
    folders = (folder for folder in (SOURCE / "languages").iterdir() if (folder / "__init__.py").exists())
    return {folder.name: sorted(folder.rglob("*.py")) for folder in sorted(folders)}


def sizes() -> dict[str, int]:
    """The lines of each language."""
    return {name: sum(map(size, of)) for name, of in files().items() if of}


if __name__ == "__main__":
    for name, lines in sorted(sizes().items()):
        print(f"{name}\t{lines}")
