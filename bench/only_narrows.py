"""Does ``scopedown write`` only narrow? Over corpora: each role beside what was written, and wildcards counted.

    python bench/only_narrows.py FOLDER [--sample N] [--seconds N] [--shared]

FOLDER is a copy: its files are written, and put back. For every serverless.yml, SAM and CloudFormation template that
scans: the reasons of :func:`scopedown.compare.narrows.narrows` for every written role (there must be none), needs that
the old role covered and the new one does not (none), wildcard grants before and after (never more for a function), and
the share of roles that were left alone because they could not be decided.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.compare.arn_normalization import Comparable
from scopedown.compare.narrows import narrows
from scopedown.compare.statement import shown
from scopedown.compare.subject import Subject, subjects
from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Role
from scopedown.report.changes import is_wide
from scopedown.scan import scan
from scopedown.write import serverless, templates
from scopedown.write.model import WritePlan

SEED = 14
BAD = {"WIDER OR LOST", "MORE WILDCARDS", "FAILED"}


def main() -> int:
    """Count over a folder; exit code 1 where anything bad was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seconds", type=int, default=10_000)
    parser.add_argument("--shared", action="store_true")
    asked = parser.parse_args()
    files = [file for file in find_projects(asked.folder) if file.suffix in (".yml", ".yaml", ".json", ".template")]
    if asked.sample:
        files = sorted(random.Random(SEED).sample(files, min(asked.sample, len(files))))
    counts: Counter[str] = Counter()
    stop = time.monotonic() + asked.seconds
    for number, file in enumerate(files):
        if time.monotonic() > stop:
            counts["left out for time"] += len(files) - number
            break
        try:
            for result, detail in of_project(file, asked.shared):
                counts[result] += 1
                if detail:
                    print(f"{result}: {file.relative_to(asked.folder)}: {detail[:300]}", flush=True)
        except ScopedownError:
            counts["not read"] += 1
        except Exception as error:  # every failure of the product is a result here
            counts["FAILED"] += 1
            print(f"FAILED: {file}: {type(error).__name__}: {error}", flush=True)
    print(dict(counts))
    return 1 if counts.keys() & BAD else 0


def of_project(file: Path, shared: bool) -> Iterator[tuple[str, str]]:
    """What came of one project, each result with a detail to print."""
    project = load_project(file, Options())
    if project.framework not in ("serverless", "sam", "cloudformation") or not project.functions:
        return
    scanned = scan(project, catalog())
    plan: WritePlan = (
        serverless.plan(scanned, lambda texts: load_project(file, Options(), texts), None, shared)
        if project.framework == "serverless"
        else templates.plan(scanned, lambda texts: load_project(file, Options(), texts), shared)
    )
    yield "projects", ""
    yield from ((f"finding {one.code}", "") for one in plan.findings)
    held = {one.code for one in plan.findings} & {"write-unverified"}
    known = [one for one in subjects(scanned, catalog()) if one.role.declared]
    written = {key for one in plan.roles for key in one.functions} if not held else set()
    for subject in known:
        for one in subject.functions:
            yield ("functions written" if one.function.key in written else "functions left alone"), ""
    if not plan.changes:
        return
    after = load_project(file, Options(), {one.path: one.after.decode("utf-8-sig") for one in plan.changes})
    names = Comparable(after, catalog())
    by_key = {one.function.key: one for one in scanned.functions}
    old_names = Comparable(project, catalog())
    for role in plan.roles:
        functions = tuple(by_key[key] for key in role.functions)
        id = functions[0].function.role
        old = Subject(scanned, project.roles.get(id) or Role(id), functions, catalog(), old_names)
        new = Subject(replace(scanned, project=after), after.roles[role.id], functions, catalog(), names)
        reasons = narrows(old, new, old.doubt)
        yield ("WIDER OR LOST", f"{role.id}: {reasons[0]}") if reasons else ("only narrowed", "")
        before, now = wide(old), wide(new)
        yield ("MORE WILDCARDS", f"{role.id}: {before} → {now}") if now > before else ("wildcards no more", "")


def wide(subject: Subject) -> int:
    """How many wildcard grants a role has, by its statements and by managed policies of AWS's."""
    own = sum(
        is_wide(action, shown(item))
        for one in subject.declared
        if one.written.get("Effect") == "Allow"
        for action in one.actions
        for item, _ in one.resources
    )
    return own + sum(len(one.actions) for one in subject.managed[0])


if __name__ == "__main__":
    sys.exit(main())
