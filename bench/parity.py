"""How many services of a repository are read as the framework reads them.

usage: python bench/parity.py FOLDER [-v]

Every service under FOLDER is resolved and compiled by osls (tests/oracle/harness.py says where it is taken from) and
read here. Prints, for the services that osls compiles, how many are equal in each item, in all that scopedown reads of
it (tests/oracle/comparing.py); for the others, whether the same properties are refused; and the seconds that reading
here took. ``-v`` names every difference.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from oracle.comparing import differences
from oracle.harness import Framework, OracleError, missing
from oracle.resolving import Stubs, difference
from scopedown.core.finding import ScopedownError
from scopedown.project.load import NotAwsError, find_projects, load_project
from scopedown.project.options import Options

ITEMS = (
    "configuration",
    "functions",
    "environment",
    "roles",
    "event source mappings",
    "log groups",
    "resources",
)


def main() -> None:
    """Run and print."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if reason := missing():
        sys.exit(reason)
    root, verbose = Path(sys.argv[1]), "-v" in sys.argv
    options = Options(values=Stubs(), account="123456789012", framework="osls")
    unequal: Counter[str] = Counter()
    seconds: list[float] = []
    compiled = equal = read = others = 0
    with Framework() as framework:
        for config in find_projects(root):
            name = str(config.parent.relative_to(root))
            if not config.name.startswith("serverless."):
                continue
            try:
                started = time.perf_counter()
                project = load_project(config, options)
                seconds.append(time.perf_counter() - started)
            except NotAwsError:
                others += 1
                continue
            except ScopedownError as error:
                print(f"{name}: not read: {error}")
                continue
            read += 1
            try:
                as_written = framework.read(config.parent, compile=False)
                answer = framework.read(config.parent)
            except OracleError as error:
                print(f"{name}: the framework: {error}")
                continue
            told = difference(config, config.parent, options, as_written)
            if answer.template is None:
                why = answer.failed or f"refuses {', '.join(answer.refused)}"
                print(f"{name}: not compiled by the framework: {why[:160]}; refused here: {told is None or told}")
                continue
            compiled += 1
            found = differences(answer.template, project)
            items = {one.item for one in found} | ({"configuration"} if told else set())
            unequal.update(items)
            equal += not items
            if items:
                dropped = f" (without {', '.join(answer.dropped)})" if answer.dropped else ""
                print(f"{name}: differs in {', '.join(sorted(items))}{dropped}")
            if verbose:
                for line in ([f"configuration: {told}"] if told else []) + [str(one) for one in found]:
                    print("   ", line)
    print(f"{read} services read here, {others} of other clouds, {compiled} compiled by the framework")
    for item in ITEMS:
        print(f"  {item:22} {compiled - unequal[item]} of {compiled} equal")
    print(f"  {'everything':22} {equal} of {compiled} equal")
    if seconds:
        print(f"read here: median {statistics.median(seconds) * 1000:.1f} ms, all {sum(seconds):.2f} s")


if __name__ == "__main__":
    main()
