"""Refresh ``guard/cloudformation/import_identifiers.tsv``: ``python tools/import_identifiers.py [--offline]``.

Comes in: the registry's schemas of CloudFormation's types, from the pinned wheel of ``cfn-lint``, and the types that
the guard reads. Goes out: for each of these types the properties that identify a resource (``primaryIdentifier``).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "src")]

from catalog.sources import Sources  # noqa: E402
from scopedown.guard.cloudformation.readers import rows as readers  # noqa: E402

TABLE = "src/scopedown/guard/cloudformation/import_identifiers.tsv"
SCHEMA = re.compile(r"cfnlint/data/schemas/resources/(?:[^/]+/)?[^/]+\.json$")


def rows(sources: Sources) -> Iterator[tuple[str, str]]:
    """Types, each with its properties."""
    wheel = sources.wheel("cfn-lint")
    for name in wheel.names:
        schema = wheel.json(name) if SCHEMA.match(name) else {}
        if schema.get("typeName") in readers():
            parts = [path.removeprefix("/properties/") for path in schema.get("primaryIdentifier", ())]
            yield schema["typeName"], ",".join(parts)


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="use what .cache/ holds, download nothing")
    options = parser.parse_args()
    made = sorted(set(rows(Sources(ROOT / ".cache", options.offline))))
    head = "# Of tools/import_identifiers.py: what identifies a resource that is imported (primaryIdentifier).\n"
    lines = [head, "type\tidentifiers\n", *(f"{type}\t{identifiers}\n" for type, identifiers in made)]
    (ROOT / TABLE).write_text("".join(lines), encoding="utf-8")
    print(f"{TABLE}: {len(made)} types")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
