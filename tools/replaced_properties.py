"""Refresh ``guard/cloudformation/provision_replaced_by.tsv``: ``python tools/replaced_properties.py [--offline]``.

Comes in: the registry's schemas of CloudFormation's types, from the pinned wheel of ``cfn-lint``. Goes out: for each
type the properties that only its creation takes (``createOnlyProperties``): a change of one makes a new resource. Parts
of a property are left out, as a change beside them is made in place.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from catalog.sources import Sources

TABLE = "src/scopedown/guard/cloudformation/provision_replaced_by.tsv"
SCHEMA = re.compile(r"cfnlint/data/schemas/resources/(?:[^/]+/)?[^/]+\.json$")
PROPERTY = "/properties/"


def rows(sources: Sources) -> Iterator[tuple[str, str]]:
    """Types, each with its properties."""
    wheel = sources.wheel("cfn-lint")
    for name in wheel.names:
        schema = wheel.json(name) if SCHEMA.match(name) else {}
        paths = [path.removeprefix(PROPERTY) for path in schema.get("createOnlyProperties", ())]
        whole = sorted({path for path in paths if "/" not in path})
        if "typeName" in schema and whole:
            yield schema["typeName"], ",".join(whole)


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="use what .cache/ holds, download nothing")
    options = parser.parse_args()
    root = Path(__file__).parent.parent
    found = sorted(set(rows(Sources(root / ".cache", offline=options.offline))))
    lines = ["type\tproperties", *("\t".join(row) for row in found)]
    (root / TABLE).write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{TABLE}: {len(found):,} types")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
