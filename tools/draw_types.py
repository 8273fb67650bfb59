"""Draw types of the tables of ``scopedown deploy-policy`` at random, to be worked out from AWS's documentation before
anyone looks at their rows.

usage: python tools/draw_types.py [--seed 6] [--count 20]

Prints one type a line. What was worked out for a draw stands in ``tests/deploy/blind-types.tsv``, and how it compares
in ``bench/README.md``. A draw depends on the types that the tables have at the time.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from scopedown.deploy.resources import CUSTOM
from scopedown.deploy.rows import type_rows


def main() -> None:
    """Print the draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--count", type=int, default=20)
    chosen = parser.parse_args()
    types = sorted(name for name in type_rows() if name not in CUSTOM)
    print(*sorted(random.Random(chosen.seed).sample(types, chosen.count)), sep="\n")


if __name__ == "__main__":
    main()
