"""Make every file anew that is generated from the product itself: pages, tables, the options of the plugin.

    python tools/generate.py            # writes what is not current (make format does so)
    python tools/generate.py --check    # names it, and exits 1 where there is something

Comes in: what the modules of ``GENERATORS`` read: each has ``files()``, which gives the text of each of its files, and
may have ``FOLDERS``, in which no other page is left. Other tools make the files whose sources are not in the
repository: AWS's data, packages, the frameworks.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATORS = (
    "cli_pages",
    "libraries_page",
    "plugin_options",
    "plugins_page",
    "plugins_read_page",
    "rules_pages",
    "sdk_names",
    "settings_pages",
)


def stale(generator: str) -> dict[Path, str | None]:
    """The files of a generator that are not current, each with its text; None where it is to be removed."""
    module = importlib.import_module(generator)
    wanted: dict[Path, str | None] = dict(module.files())
    others = {path for folder in getattr(module, "FOLDERS", ()) for path in folder.glob("*.md")} - wanted.keys()
    wanted |= dict.fromkeys(others)
    there = {path: path.read_text("utf-8") if path.is_file() else None for path in wanted}
    return {path: text for path, text in wanted.items() if text != there[path]}


def main(arguments: list[str]) -> int:
    """Write the files, or check them."""
    found = {path: text for name in GENERATORS for path, text in stale(name).items()}
    for path, text in sorted(found.items()):
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)}: not current: run python tools/generate.py")
        elif text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: written")
    return int(bool(found) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
