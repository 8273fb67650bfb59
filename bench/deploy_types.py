"""How much of the resources that real projects deploy the tables of ``scopedown deploy-policy`` speak of.

usage: python bench/deploy_types.py FOLDER... [-v]

Reads every project under the folders in one process and counts the resources of the templates that CloudFormation
gets: SAM's translated, serverless.yml's compiled. For each folder and for all of them: resources whose type the table
has rows for, and those that fall back to the registry's handlers; ``-v`` names the types of the latter.
"""

from __future__ import annotations

import collections
import sys
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.deploy.resources import covered
from scopedown.project.load import Options, find_projects, load_project


def main() -> None:
    """Count and print."""
    folders = [Path(one) for one in sys.argv[1:] if not one.startswith("-")]
    if not folders:
        sys.exit(__doc__)
    total: collections.Counter[str] = collections.Counter()
    for folder in folders:
        found: collections.Counter[str] = collections.Counter()
        read = refused = 0
        for path in find_projects(folder):
            try:
                project = load_project(path, Options())
            except ScopedownError:
                refused += 1
                continue
            read += 1
            found.update(resource.type for resource in project.deployed.values())
        print(f"{folder.name}: {read} projects read, {refused} refused; {_share(found)}")
        total += found
    if len(folders) > 1:
        print(f"together: {_share(total)}")
    if "-v" in sys.argv:
        for name, count in total.most_common():
            if not covered(name):
                print(f"{count:6} {name}")


def _share(found: collections.Counter[str]) -> str:
    resources, types = sum(found.values()), len(found)
    known = sum(count for name, count in found.items() if covered(name))
    known_types = sum(covered(name) for name in found)
    return f"{known} of {resources} resources covered ({known / max(resources, 1):.1%}), {known_types} of {types} types"


if __name__ == "__main__":
    main()
