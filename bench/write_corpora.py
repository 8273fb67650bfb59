"""``scopedown write`` over whole corpora: what is written is read again, written again, and held against the old text.

    python bench/write_corpora.py FOLDER [--kind serverless|sam] [--sample N] [--shared] [--keep]

FOLDER is a copy: its files are written, and put back unless ``--keep`` is given. For every project that scans: whether
the files read again hold exactly the intended statements, whether a second write is empty, and whether the text outside
of statements, policies, roles and ``role`` keys is the same, which is asked of the text itself and not of scopedown.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.emit.splice.edits import replace_file
from scopedown.project.load import Options, load_project
from scopedown.scan import ProjectScan, scan
from scopedown.write import serverless, templates
from scopedown.write.model import WritePlan
from scopedown.write.portable import STAGE
from scopedown.write.statements import same

NAMES = {"serverless": ("serverless.yml", "serverless.yaml", "serverless.json"),
         "sam": ("template.yaml", "template.yml", "template.json")}  # fmt: skip
LISTS = {"statements", "iamRoleStatements", "Policies", "ManagedPolicyArns", "Statement", "Statements"}
SEED = 8


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=sorted(NAMES), default="serverless")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--seconds", type=int, default=10_000, help="stop after so many")
    asked = parser.parse_args()
    files = sorted(f for name in NAMES[asked.kind] for f in asked.folder.rglob(name) if "node_modules" not in f.parts)
    if asked.sample:
        files = sorted(random.Random(SEED).sample(files, min(asked.sample, len(files))))
    counts: Counter[str] = Counter()
    told: Counter[str] = Counter()
    stop = time.monotonic() + asked.seconds
    for file in files:
        if time.monotonic() > stop:
            counts["left out for time"] += 1
            continue
        for result, detail in one(file, asked.shared, asked.keep, told):
            counts[result] += 1
            if detail:
                print(f"{result}: {file.relative_to(asked.folder)}: {detail[:300]}")
    print(dict(counts))
    print(dict(told))
    return 0 if not counts.keys() & {"UNEQUAL", "SECOND NOT EMPTY", "CHANGED ELSEWHERE", "FAILED"} else 1


def one(file: Path, shared: bool, keep: bool, told: Counter[str]) -> Iterator[tuple[str, str]]:
    """What came of one project, each result with a detail to print."""
    try:
        scanned = scan(load_project(file, Options()), catalog())
    except ScopedownError:
        yield "not read", ""
        return
    if not scanned.functions:
        yield "no functions", ""
        return
    yield "scanned", ""
    before: dict[Path, bytes] = {}
    try:
        plan = planned(file, scanned, shared)
        told.update(finding.code for finding in plan.findings)
        for finding in plan.findings:
            if finding.code in ("write-unverified", "write-by-hand"):
                yield finding.code, str(finding)
        if any(finding.code in ("write-unverified", "write-by-hand") for finding in plan.findings):
            yield "projects with a role that is refused", ""
        before = {change.path: change.before for change in plan.changes}
        yield ("written" if before else "nothing to change"), ""
        for change in plan.changes:
            if why := elsewhere(change.before.decode("utf-8-sig"), change.after.decode("utf-8-sig")):
                yield "CHANGED ELSEWHERE", f"{change.name}: {why}"
            replace_file(change.path, change.before, change.after)
        again = scan(load_project(file, Options()), catalog())
        wrong = [role.id for role in plan.roles if not holds(again, role)]
        yield ("UNEQUAL" if wrong else "equal"), ", ".join(wrong)
        second = planned(file, again, shared)
        yield ("SECOND NOT EMPTY" if second.changes else "second write empty"), ""
    except Exception as error:  # every failure of the product is a result here
        yield "FAILED", f"{type(error).__name__}: {error}"
    finally:
        if not keep:
            for path, data in before.items():
                path.write_bytes(data)


def planned(file: Path, scanned: ProjectScan, shared: bool) -> WritePlan:
    read = lambda texts: load_project(file, Options(), texts)  # noqa: E731
    if scanned.project.framework != "serverless":
        return templates.plan(scanned, read)
    return serverless.plan(scanned, read, None, shared, scan(load_project(file, Options(stage=STAGE)), catalog()))


def holds(again: ProjectScan, role: Any) -> bool:
    own = [one.statement for one in again.project.roles[role.id].statements if one.added_by == "project"]
    read = partial(templates.as_sam_reads, again.project)
    wanted = [*role.statements, *(kept.statement for kept in role.kept), *role.added]
    return len(own) == len(wanted) and all(any(same(it, other, read) for other in own) for it in wanted)


# The text outside


def elsewhere(before: str, after: str) -> str:
    """What differs outside of the places that are written, empty for nothing: both texts without those places are
    compared, white space and commas left out."""
    old, new = yaml.compose(before), yaml.compose(after)
    roles = new_keys(old, new)
    one, other = (bare(text, sorted(spans(root, roles, ()))) for text, root in ((before, old), (after, new)))
    if one == other:
        return ""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[at : at + 80]!r} became {other[at : at + 80]!r}"


def new_keys(old: yaml.Node, new: yaml.Node) -> set[tuple[str, ...]]:
    """Paths of mappings that are only in the new text and may be: roles, and the sections around them."""
    present, later = dict(keys(old, ())), dict(keys(new, ()))
    found = set()
    for path, node in later.items():
        if path in present:
            continue
        is_role = isinstance(node, yaml.MappingNode) and any(
            key.value == "Type" and value.value == "AWS::IAM::Role" for key, value in node.value
        )
        if is_role or path[-1] in ("role", "resources", "Resources", "iam") or path[-1] in LISTS:
            found.add(path)
    return found


def keys(node: yaml.Node, path: tuple[str, ...], deep: int = 0) -> Iterator[tuple[tuple[str, ...], yaml.Node]]:
    if isinstance(node, yaml.MappingNode) and deep < 40:
        for key, value in node.value:
            yield (*path, str(key.value)), value
            yield from keys(value, (*path, str(key.value)), deep + 1)
    elif isinstance(node, yaml.SequenceNode) and deep < 40:
        for number, item in enumerate(node.value):
            yield from keys(item, (*path, str(number)), deep + 1)


def spans(node: yaml.Node, new: set[tuple[str, ...]], path: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the places that may be written begin and end."""
    entries = node.value if isinstance(node, yaml.MappingNode) else ()
    for key, value in entries:
        here = (*path, str(key.value))
        if value.start_mark.index < key.start_mark.index:
            continue  # an alias
        if key.value in LISTS or here in new:
            yield key.start_mark.index, value.end_mark.index
        else:
            yield from spans(value, new, here)
    for number, item in enumerate(node.value if isinstance(node, yaml.SequenceNode) else ()):
        yield from spans(item, new, (*path, str(number)))


def bare(text: str, cut: list[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in cut:
        # A block collection's end is where the next token stands: the comments before that are outside of it.
        piece = text[start:end]
        tail = piece[len(piece.rstrip()) :]
        lines = piece.rstrip().split("\n")
        comments = []
        while lines and (lines[-1].lstrip().startswith("#") or not lines[-1].strip()):
            comments.append(lines.pop())
        parts += [text[last:start], "\n".join(reversed(comments)), tail]
        last = end
    parts.append(text[last:])
    return "".join("".join(parts).replace(",", "").split())


if __name__ == "__main__":
    sys.exit(main())
