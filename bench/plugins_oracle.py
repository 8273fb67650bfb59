"""Hold what is read of plugins against the plugins themselves, and write down what came of each.

usage: OSLS_DIR=… SERVERLESS_DIR=… PLUGINS_DIR=FOLDER python bench/plugins_oracle.py [--save FILE]
       python bench/plugins_oracle.py --install

``--install`` prints the command that fills FOLDER: every plugin that a service of ``tests/oracle/plugins`` loads, at
the version that was compared. ``--save`` writes the rows as they come, and goes on from those that are there.
Rows: plugin, version, service, framework, resources, roles, result.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from oracle.harness import OSLS, SERVERLESS_3, Framework  # noqa: E402
from oracle.plugins import Held, hold, samples  # noqa: E402

RESULTS = Path(__file__).with_name("plugins_oracle.tsv")
RELEASES = {"osls": f"osls {OSLS.version}", "v3": f"serverless {SERVERLESS_3.version}"}
HEADER = "plugin\tversion\tservice\tframework\tresources\troles\tresult"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="print the command that installs the plugins")
    parser.add_argument("--save", type=Path, default=None, help="write the rows to a file, and go on from what it has")
    given = parser.parse_args()
    if given.install:
        print(_install())
        return
    done = _done(given.save)
    print(HEADER)
    with Framework(OSLS) as osls, Framework(SERVERLESS_3) as serverless_3:
        for sample in samples():
            for which, framework in (("osls", osls), ("v3", serverless_3)):
                row = done.get((sample.name, RELEASES[which])) or _row(hold(osls, framework, which, sample), which)
                print(row, flush=True)
                done[sample.name, RELEASES[which]] = row
                if given.save is not None:
                    given.save.write_text("\n".join([HEADER, *done.values()]) + "\n", encoding="utf-8")


def _done(save: Path | None) -> dict[tuple[str, str], str]:
    """The rows that a file has already, by service and framework: a run goes on where it was cut off."""
    if save is None or not save.is_file():
        return {}
    lines = save.read_text(encoding="utf-8").splitlines()[1:]
    return {(line.split("\t")[2], line.split("\t")[3]): line for line in lines}


def _row(held: Held, which: str) -> str:
    result = "equal"
    if held.missing:
        result = f"not installed: {held.missing}"
    elif held.failed:
        result = f"the plugin fails: {held.failed.splitlines()[0][:100]}"
    elif held.differences:
        result = f"{len(held.differences)} differences: {held.differences[0][:100]}"
    cells = (held.plugin, held.version, held.sample, RELEASES[which], str(held.resources), str(held.roles), result)
    return "\t".join(cells)


def _install() -> str:
    """The command of npm, with the versions of the results that are written down."""
    rows = [line.split("\t") for line in RESULTS.read_text(encoding="utf-8").splitlines()[1:]]
    packages = {plugin: version for plugin, version, *_ in rows if version}
    # A name that ends in a release's number is an older release of the plugin before it.
    specs = [
        f"{name}@npm:{name[:-2]}@{version}" if name[-2:-1] == "-" and name[-1].isdigit() else f"{name}@{version}"
        for name, version in sorted(packages.items())
    ]
    return "npm install --prefix FOLDER --ignore-scripts --legacy-peer-deps --omit=peer " + " ".join(specs)


if __name__ == "__main__":
    main()
