"""Does ``scopedown write`` take anything away that labelled functions need?

    python bench/write_labels.py LABELS.jsonl CHECKOUTS [LABELS CHECKOUTS ...] [-v]

LABELS has the shape of tests/corpus/README.md; CHECKOUTS holds the repositories that they name. Each repository is
copied, and its project written with ``write --yes``. The roles of its labelled functions are compared with their labels
before and after:

* ``broken``: a needed action that the role allowed before, and that it does not allow now, or on other resources than
  the labelled one only;
* ``removed``: of the entries (an action of a statement) that no label of a function of the role needs or calls
  optional, and that no setting needs, where all functions of the role are labelled: how many are gone. ``of whole``
  counts those of the roles whose functions are all called whole: of the others, the unseen code may need them.
  ``of whole and written`` leaves out those of programs too (serverless.ts, CDK), for which write prints what to do.

Exit 1 where a function is broken. Labels count whether the code was found or not: nothing may go that is not seen.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from in_process import run

from scopedown.catalog.load import catalog
from scopedown.core.coverage import Verdict
from scopedown.core.finding import ScopedownError
from scopedown.documents.nodes import items_of
from scopedown.emit.cloudformation import plain
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.model import Origin
from scopedown.project.load import Options, load_project
from scopedown.project.model import Project
from scopedown.scan import ProjectScan, scan

Entry = tuple[str, str, str]
"""The effect, an action in small letters, the resources as JSON."""
LABEL = dict[str, Any]


def main() -> int:
    arguments = [one for one in sys.argv[1:] if one != "-v"]
    verbose = "-v" in sys.argv[1:]
    counts: Counter[str] = Counter()
    for labels, checkouts in zip(arguments[::2], arguments[1::2], strict=True):
        by_project: dict[tuple[str, str], list[LABEL]] = defaultdict(list)
        for line in Path(labels).read_text("utf-8").splitlines():
            if line.strip():
                label = json.loads(line)
                by_project[label["dir"], label["config"]].append(label)
        for (folder, config), rows in sorted(by_project.items()):
            for what in _project(Path(checkouts), folder, config, rows, counts):
                if verbose or what.startswith("BROKEN"):
                    print(f"{what} | {folder}/{config}", flush=True)
    print(dict(sorted(counts.items())))
    for head in ("", "of whole: ", "of whole and written: "):
        if counts[f"{head}unneeded"]:
            print(f"{head}of {counts[f'{head}unneeded']} unneeded entries {counts[f'{head}removed']} removed")
    return int(counts["broken functions"] > 0)


def _project(checkouts: Path, folder: str, config: str, rows: list[LABEL], counts: Counter[str]) -> Iterator[str]:
    if not (checkouts / folder).is_dir():
        counts["no checkout"] += len(rows)
        return
    with tempfile.TemporaryDirectory() as scratch:
        repository = folder.partition("/")[0]
        copy = Path(scratch) / repository
        ignored = shutil.ignore_patterns("node_modules", ".git")
        shutil.copytree(checkouts / repository, copy, ignore=ignored, symlinks=True, ignore_dangling_symlinks=True)
        (copy / ".git").mkdir()
        target = Path(scratch) / folder
        if config and not config.endswith(".tf"):
            target /= config
        try:
            before = load_project(target, Options())
        except (ScopedownError, OSError) as error:
            counts["not read"] += len(rows)
            yield f"not read: {str(error)[:100]}"
            return
        code, _ = run("write", str(target), "--yes", "--no-cache")
        counts[f"write ends with {code}"] += 1
        try:
            after = load_project(target, Options())
        except (ScopedownError, OSError) as error:
            counts["broken functions"] += len(rows)
            yield f"BROKEN: not read after write: {error}"
            return
        yield from _roles(scan(before, catalog()), after, rows, counts)


def _from_settings(read: ProjectScan) -> dict[str, set[str]]:
    """The actions that the settings of each function need."""
    return {
        one.function.key: {need.action for need in one.permissions if need.origin is Origin.CONFIG}
        for one in read.functions
    }


def _key(label: LABEL, project: Project) -> str:
    """The key of a labelled function; a label may have its logical id, or the end of its key."""
    name = label["function"].lower()
    for one in project.functions:
        if name in (one.key.lower(), one.logical_id.lower(), one.key.rpartition("/")[2].lower()):
            return one.key
    return str(label["function"])


def _roles(read: ProjectScan, after: Project, rows: list[LABEL], counts: Counter[str]) -> Iterator[str]:
    before = read.project
    written = before.framework != "cdk" and not before.config.endswith((".ts", ".js"))
    roles = {function.key: function.role for function in before.functions}
    now = {function.key: function.role for function in after.functions}
    labelled = {_key(label, before): label for label in rows}
    whole = {one.function.key for one in read.functions if one.coverage.verdict is Verdict.WHOLE}
    of_settings = _from_settings(read)
    for key, label in labelled.items():
        counts["functions"] += 1
        if key not in roles or key not in now:
            counts["functions not found"] += 1
            continue
        old, new = _entries(before, roles[key]), _entries(after, now[key])
        counts["roles changed"] += old != new
        lost = [need for need in label["needs"] if _allows(old, need["action"]) and not _still(new, old, need)]
        if lost:
            counts["broken functions"] += 1
            said = ", ".join(f"{one['action']} on {one['resource']}" for one in lost)
            yield f"BROKEN: {key}: {said}"
    for role in sorted({one for one in roles.values() if one is not None}, key=str):
        users = [key for key, own in roles.items() if own == role]
        if not all(key in labelled and labelled[key].get("certain", True) for key in users):
            continue
        needed = [one["action"] for key in users for one in labelled[key]["needs"]]
        needed += [one if isinstance(one, str) else one["action"] for key in users for one in labelled[key]["optional"]]
        seen = whole.issuperset(users)
        heads = ["", *(["of whole: "] if seen else []), *(["of whole and written: "] if seen and written else [])]
        doubt = ", ".join(["stays", *([] if seen else ["not whole"]), *([] if written else ["not written"])])
        needed += [action for key in users for action in of_settings.get(key, ())]
        for entry in _entries(before, role):
            service = entry[1].partition(":")[0]
            if entry[0] != "Allow" or service in ("logs", "xray") or any(_fits(entry[1], one) for one in needed):
                continue
            gone = all(entry not in _entries(after, now.get(key)) for key in users)
            for head in heads:
                counts[f"{head}unneeded"] += 1
                counts[f"{head}removed"] += gone
            if not gone:
                yield f"{doubt}: {role}: {entry[1]} on {entry[2][:100]}"


def _entries(project: Project, id: Any) -> list[Entry]:
    """What a role allows and denies, its managed policies by their statements."""
    role = project.roles.get(id)
    found: list[Entry] = []
    for declared in role.statements if role is not None else ():
        written = declared.statement
        resources = json.dumps(plain(written.get("Resource")), sort_keys=True, default=str)
        found += [
            (str(written.get("Effect")), str(action).lower(), resources)
            for action in items_of(written.get("Action")) or [None]
        ]
    for arn in role.managed_policies if role is not None else ():
        for grant in allowed_by(str(arn)) or ():
            found += [(grant.effect, action.lower(), '"*"') for action in grant.actions]
    return found


def _allows(entries: Iterable[Entry], action: str) -> bool:
    return any(effect == "Allow" and _fits(pattern, action) for effect, pattern, _ in entries)


def _still(new: list[Entry], old: list[Entry], need: dict[str, Any]) -> bool:
    """Whether a role allows a need as it did: on the labelled resource, or in a statement that was there before."""
    for effect, pattern, resources in new:
        if effect != "Allow" or not _fits(pattern, need["action"]):
            continue
        if (effect, pattern, resources) in old or any(re.search(one, resources) for one in _names(need)):
            return True
    return False


def _names(need: dict[str, Any]) -> Iterator[str]:
    """Patterns of how the resources of a need are named in a statement."""
    yield r'"\*"'
    for resource in (need["resource"], *need.get("alt", ())):
        if resource in ("dynamic", "*"):
            yield ""
        kind, _, rest = resource.partition(":")
        name = rest if kind in ("ref", "construct") else resource.rpartition(":")[2]
        yield ".*".join(map(re.escape, re.split(r"\$\{[^}]*\}|\*", name.partition("/")[0])))


def _fits(pattern: str, action: str) -> bool:
    return fnmatchcase(action.lower(), pattern.lower())


if __name__ == "__main__":
    sys.exit(main())
