"""How right is a scan of applications that were labelled from their code?

    python bench/fresh.py LABELS.jsonl CHECKOUTS [--language java] [-v]

LABELS has the shape of tests/corpus/README.md; CHECKOUTS holds the repositories that they name, each at its commit, as
a fresh clone has it. Printed are, over functions whose label is certain and whose source does not come from a build:

* precision and recall of actions, the share of functions that are exact;
* of needs whose resource can be determined from the repository, the share that the scan names, with nothing beside it;
* how many functions were seen whole, and of those with a missed action, which ones were called whole (there must be
  none).

An action that a label calls optional is neither demanded nor wrong. Needs that come from a function's settings and not
from its code do not count on either side.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.coverage import Verdict
from scopedown.core.finding import ScopedownError
from scopedown.emit.cloudformation import plain
from scopedown.permissions.model import Origin
from scopedown.project.load import Options, load_project
from scopedown.scan import FunctionScan, ProjectScan, scan


@dataclass
class Figures:
    """What is counted."""

    right: int = 0
    invented: int = 0
    missed: int = 0
    functions: int = 0
    exact: int = 0
    resources: int = 0
    resources_right: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    blind: list[str] = field(default_factory=list)
    """Functions with a missed action that were called whole."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--language", action="append", help="only functions of it; may be given several times")
    parser.add_argument("-v", action="store_true", dest="verbose")
    asked = parser.parse_args()
    labels = [json.loads(line) for line in asked.labels.read_text("utf-8").splitlines() if line.strip()]
    figures, apart = Figures(), Figures()
    scans: dict[Path, ProjectScan | str] = {}
    for label in labels:
        if not label.get("certain", True) or (asked.language and label["language"] not in asked.language):
            continue
        config = asked.checkouts / label["dir"] / label["config"]
        if config not in scans:
            scans[config] = _read(config)
        found = scans[config]
        one = None if isinstance(found, str) else _function(found, label["function"])
        if one is None and asked.verbose:
            print(f"not read: {config} {label['function']}: {found if isinstance(found, str) else 'no such function'}")
        _count(apart if label.get("built") else figures, label, one, asked.verbose)
    _print("", figures)
    if apart.functions:
        _print("source only after a build: ", apart)
    return int(bool(figures.blind))


def _read(config: Path) -> ProjectScan | str:
    try:
        return scan(load_project(config, Options(account="123456789012")), catalog())
    except ScopedownError as error:
        return str(error)


def _function(read: ProjectScan, name: str) -> FunctionScan | None:
    for one in read.functions:
        if name.lower() in (
            one.function.key.lower(),
            one.function.logical_id.lower(),
            one.function.key.rpartition("/")[2].lower(),
        ):
            return one
    return None


def _count(figures: Figures, label: dict[str, Any], one: FunctionScan | None, verbose: bool) -> None:
    needs = label["needs"]
    wanted = {need["action"].lower() for need in needs}
    allowed = {text.lower().split(" ")[0] for text in label.get("optional", [])} - wanted
    permissions = [] if one is None else [item for item in one.permissions if item.origin is Origin.CODE]
    got = {item.action.lower() for item in permissions} - allowed
    figures.functions += 1
    figures.right += len(got & wanted)
    figures.invented += len(got - wanted)
    figures.missed += len(wanted - got)
    figures.exact += one is not None and got == wanted
    verdict = "not read" if one is None else one.coverage.verdict.value
    figures.verdicts[verdict] += 1
    where = f"{label['dir']} {label['function']}"
    if wanted - got and verdict == Verdict.WHOLE.value:
        figures.blind.append(where)
    if verbose and (got != wanted or verdict != Verdict.WHOLE.value):
        print(f"{verdict}: {where}: missing {sorted(wanted - got)}, invented {sorted(got - wanted)}")
        for item in one.coverage.unseen[:4] if one is not None else ():
            print(f"      {item.cause.value}: {item.what} ({item.place})")
    for need in needs:
        if need["resource"] == "dynamic" or need["resource"].startswith("construct"):
            continue
        named = [
            _flat(plain(resource.arn))
            for item in permissions
            if item.action.lower() == need["action"].lower()
            for resource in item.resources
        ]
        figures.resources += 1
        is_right = _is_named(need, needs, named)
        figures.resources_right += is_right
        if verbose and named and not is_right:
            print(f"resource: {where}: {need['action']} wants {need['resource']}, is {named}")


def _is_named(need: dict[str, Any], needs: list[dict[str, Any]], named: list[str]) -> bool:
    right = [need["resource"], *need.get("alt", [])]
    if not any(_same(one, named) for one in right if one != "dynamic"):
        return False
    mine = [one for other in needs if other["action"].lower() == need["action"].lower()
            for one in (other["resource"], *other.get("alt", []))]  # fmt: skip
    if any(one == "dynamic" or one.startswith("construct") for one in mine):
        return True
    return all(any(_same(one, [name]) for one in mine) for name in named)


def _same(label: str, named: list[str]) -> bool:
    if label == "*":
        return named == ["*"]
    if label.startswith("ref:"):
        id = label[4:].partition("/")[0]
        return any(f"<{id}>" in name or id.lower() in name.lower() for name in named)
    label = re.sub(r"\$\{[^}]*\}", "*", label)
    part = label.split(":", 5)[-1] if label.startswith("arn:") else label
    pattern = ".*".join(re.escape(text) for text in re.split(r"\*+", part))
    if not re.sub(r"[\W_]|\\", "", pattern):
        return bool(named)
    return any(re.search(pattern, name) for name in named)


def _flat(value: Any) -> str:
    """A resource as one string in which logical ids can be seen."""
    match value:
        case str():
            return value
        case list():
            return "".join(map(_flat, value))
        case {"Ref": str() as name}:
            return f"<{name}>"
        case {"Fn::GetAtt": target}:
            return f"<{target[0] if isinstance(target, list) else _id(target)}>"
        case {"Fn::Sub": str() as text}:
            return re.sub(r"\$\{(?!AWS::)([^}!]+)\}", lambda one: f"<{_id(one[1])}>", text)
        case {"Fn::Sub": [text, names]}:
            return re.sub(r"\$\{(?!AWS::)([^}!.]+)[^}]*\}",
                          lambda one: _flat(names[one[1]]) if one[1] in names else f"<{one[1]}>", text)  # fmt: skip
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_flat, parts))
        case _:
            return json.dumps(value, default=str)


def _id(target: str) -> str:
    """The logical id of ``Id.Attribute``; Terraform's are addresses, which have dots."""
    if not re.match(r"(module\.|aws_\w+\.)", target):
        return target.partition(".")[0]
    return re.sub(r"\.[A-Z][\w.]*$", "", target)


def _print(head: str, one: Figures) -> None:
    precision = one.right / max(1, one.right + one.invented)
    recall = one.right / max(1, one.right + one.missed)
    print(
        f"{head}functions {one.functions}, precision {precision:.3f}, recall {recall:.3f}, "
        f"exact {one.exact} ({one.exact / max(1, one.functions):.1%}), "
        f"resources {one.resources_right} of {one.resources} ({one.resources_right / max(1, one.resources):.1%}), "
        f"verdicts {dict(one.verdicts)}"
    )
    print(f"{head}missed and called whole: {len(one.blind)} {one.blind}")


if __name__ == "__main__":
    sys.exit(main())
