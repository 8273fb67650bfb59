"""``scopedown write`` (or ``check --fix``) over Terraform folders: read again as intended, a second time empty.

    python bench/terraform_write.py FOLDER [--fix] [--results FILE] [--only NAME] [--seconds N] [--keep FOLDER]

FOLDER holds configurations: one, or several, in each of its folders with ``.tf`` files at any depth. Each is copied
with its folder, written, read again and written again. What is held against the old files is asked of python-hcl2 and
of the lines themselves, not of scopedown: outside of policies the new files read the same, and every line that went or
came is in a block that holds a policy or attaches one. With ``--fix`` the same is done with ``scopedown check --fix``,
whose roles must only come to deny nothing new. A result a folder goes to ``--results`` as it comes; a run goes
on where another was cut off.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

from scopedown.catalog.load import catalog
from scopedown.checks.registry import rules
from scopedown.checks.run import check
from scopedown.cli.scanning import How, scanned
from scopedown.core.finding import ScopedownError
from scopedown.emit.splice.edits import replace_files
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Project
from scopedown.repair.project import Repairing, repaired
from scopedown.scan import ProjectScan
from scopedown.write import terraform
from scopedown.write.every_deployment import of_every_deployment
from scopedown.write.model import FileChange, WritePlan
from scopedown.write.statements import canonical

REFUSED = ("write-by-hand", "write-held-back", "write-unverified", "fix-by-hand", "fix-unverified")
BAD = ("UNEQUAL", "SECOND NOT EMPTY", "CHANGED ELSEWHERE", "HCL2 READS ANOTHER", "NEWLY DENIED", "FAILED")
POLICIES = {
    ("data", "aws_iam_policy_document"): ("statement",),
    ("resource", "aws_iam_role_policy"): ("policy",),
    ("resource", "aws_iam_policy"): ("policy",),
    ("resource", "aws_iam_role"): ("inline_policy", "managed_policy_arns"),
}
"""What of a block is written, by its mode and type."""
GOING = ("aws_iam_role_policy_attachment", "aws_iam_role_policy", "aws_iam_policy", "aws_iam_policy_document")
"""Types of blocks that may go whole."""
HEAD = re.compile(r'^(data|resource|module|locals)\b\s*"?([\w-]*)')
HOW = How((), False, 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--seconds", type=int, default=10_000, help="stop after so many")
    parser.add_argument("--keep", type=Path, help="copy what was written there")
    parser.add_argument("--fix", action="store_true", help="check --fix in the place of write")
    asked = parser.parse_args()
    names = sorted({file.relative_to(asked.folder).parts[0] for file in asked.folder.glob("*/**/*.tf")})
    results: dict[str, dict[str, Any]] = {}
    if asked.results and asked.results.exists():
        results = {one["folder"]: one for one in map(json.loads, asked.results.read_text().splitlines())}
    stop = time.monotonic() + asked.seconds
    for name in names:
        if name in results or (asked.only and name not in asked.only):
            continue
        if time.monotonic() > stop:
            break
        found = {"folder": name, **one(asked.folder / name, name, asked.keep, asked.fix)}
        results[name] = found
        if asked.results:
            with asked.results.open("a") as file:
                file.write(f"{json.dumps(found)}\n")
        print(f"{name}: {', '.join(found['result'])} {found.get('detail', '')[:400]}", flush=True)
    counts = Counter(word for one in results.values() for word in one["result"])
    findings = Counter(code for one in results.values() for code in one.get("findings", ()))
    print(f"{len(results)} of {len(names)} folders:", dict(counts))
    print("findings:", dict(findings))
    pairs = [one.get("problems") or [0, 0] for one in results.values()]
    print(
        "problems with a fix:",
        sum(sum(one[::2]) for one in pairs),
        "before,",
        sum(sum(one[1::2]) for one in pairs),
        "after",
    )
    return 1 if any(word in BAD for word in counts) else 0


def one(folder: Path, name: str, keep: Path | None, fix: bool) -> dict[str, Any]:
    """What came of the configurations of one folder: words, a detail, the codes of what was told."""
    found: dict[str, Any] = {
        "result": [],
        "detail": "",
        "findings": [],
        "kept": 0,
        "roles": 0,
        "added": 0,
        "problems": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / name
        (Path(temporary) / ".git").mkdir()
        shutil.copytree(folder, copy, symlinks=True)
        for config in [one for one in find_projects(copy) if one.name.endswith(".tf")]:
            try:
                project = load_project(config, Options())
                came = written(config, project, fix) if project.functions else {"result": ["no functions"]}
            except ScopedownError as error:
                came = {"result": ["not read"], "detail": str(error)}
            except Exception as error:  # every failure of the product is a result here
                came = {"result": ["FAILED"], "detail": f"{type(error).__name__}: {error}"}
            found = {key: value + came.get(key, type(value)()) for key, value in found.items()}
        if keep is not None:
            shutil.copytree(copy, keep / name, symlinks=True, dirs_exist_ok=True)
    return found


def planned(scan: ProjectScan, fix: bool) -> WritePlan:
    """The plan for a scan, as the command makes it."""
    config = Path(scan.project.root) / scan.project.config
    project, options = of_every_deployment(scan.project, Options())

    def read(texts: Any) -> Project:
        return load_project(config, options, texts)

    every = scanned(project, HOW)
    if not fix:
        return terraform.plan(every, read)
    how = Repairing(
        lambda _, texts: read(texts), lambda project: scanned(project, HOW), frozenset(rule.id for rule in rules()),
        unseen=True,
    )  # fmt: skip
    done = repaired([every], how)[0]
    return WritePlan(done.changes, (), done.findings)


def written(config: Path, project: Project, fix: bool) -> dict[str, Any]:
    """Write a copy, and see what came of it."""
    scan = scanned(project, HOW)
    plan = planned(scan, fix)
    words = ["written" if plan.changes else "nothing to change"]
    detail = ""
    refused = [one for one in plan.findings if one.code in REFUSED]
    if refused:
        words.append("a part is refused" if fix else "a role is refused")
        detail = "; ".join(map(str, refused))
    if any(finding.code in ("write-foreign-role", "write-shared-role") for finding in plan.findings):
        words.append("a role is left alone")
    replace_files([(change.path, change.before, change.after) for change in plan.changes])
    after = load_project(config, Options())
    again = scanned(after, HOW)
    bad: list[tuple[str, str]] = []
    for role in plan.roles:
        own = [each.statement for each in after.roles[role.id].statements]
        wanted = [*role.statements, *(kept.statement for kept in role.kept)]
        if len(own) != len(wanted) or {*map(canonical, own)} != {*map(canonical, wanted)}:
            bad.append(("UNEQUAL", role.id))
    if plan.changes and (second := planned(again, fix)).changes:
        bad.append(("SECOND NOT EMPTY", ", ".join(change.name for change in second.changes)))
    denied, denied_after = (
        {problem.about + problem.role for problem in check(each, catalog()).problems if problem.rule == "SD101"}
        for each in (scan, again)
    )
    if denied_after - denied:
        bad.append(("NEWLY DENIED", ", ".join(sorted(denied_after - denied))))
    for change in plan.changes:
        bad += elsewhere(change)
    return {
        "result": words + [word for word, _ in bad],
        "detail": "; ".join([f"{word}: {what}" for word, what in bad] + ([detail] if detail else [])),
        "findings": [finding.code for finding in plan.findings],
        "kept": sum(len(role.kept) for role in plan.roles),
        "roles": len(plan.roles),
        "added": sum(len(role.statements) for role in plan.roles),
        "problems": [
            sum(problem.fix is not None for problem in check(each, catalog()).problems) for each in (scan, again)
        ],
    }


def elsewhere(change: FileChange) -> Iterator[tuple[str, str]]:
    """What differs outside of policies."""
    old, new = (data.decode("utf-8-sig") for data in (change.before, change.after))
    if not change.before:
        hcl2.loads(new)
        return
    lines, others = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for _, start, end, from_, to in difflib.SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if _ == "equal":
            continue
        for side, first, last in ((lines, start, end), (others, from_, to)):
            for at in range(first, last):
                if side[at].strip() and not is_policy(side, at):
                    yield "CHANGED ELSEWHERE", f"{change.name}: {side[at].strip()!r}"
                    return
    try:
        one = rest(hcl2.loads(old))
    except Exception:  # python-hcl2 does not read it as it was
        yield "hcl2 cannot read it as it was", change.name
        return
    try:
        other = rest(hcl2.loads(new))
    except Exception as error:
        yield "HCL2 READS ANOTHER", f"{change.name}: {error}"
        return
    if one != other:
        yield "HCL2 READS ANOTHER", change.name


def is_policy(lines: list[str], at: int) -> bool:
    """Whether a line is in a block that holds a policy or attaches one."""
    for line in reversed(lines[: at + 1]):
        match = HEAD.match(line)
        if match:
            known = (match[1], match[2]) in POLICIES or match[2] in GOING or match[1] in ("module", "locals")
            return known
    return False


def rest(tree: Any) -> Any:
    """What python-hcl2 reads of a file, without what is written."""
    found = []
    for mode, blocks in tree.items():
        for block in blocks if isinstance(blocks, list) else [blocks]:
            if mode not in ("data", "resource"):
                found.append([mode, without(block)])
                continue
            for type, named in block.items():
                plain = type.strip('"')
                if plain in GOING:
                    continue
                gone = POLICIES.get((mode, plain), ())
                for name, body in named.items():
                    if isinstance(body, dict):
                        body = {key: item for key, item in body.items() if key not in gone}
                    found.append([mode, plain, name, body])
    return found


def without(block: Any) -> Any:
    """A module's call or ``locals`` without policies."""
    if isinstance(block, dict):
        gone = ("policy_statements", "policy_json", "policy")
        return {key: without(item) for key, item in block.items() if key not in gone and not holds_policy(item)}
    return block


def holds_policy(item: Any) -> bool:
    return isinstance(item, str) and "Statement" in item


if __name__ == "__main__":
    sys.exit(main())
