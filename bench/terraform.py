"""How much of a corpus's Terraform is read, and how right is it?

    python bench/terraform.py CHECKOUT [--labels LABELS.jsonl] [--statements STATEMENTS.jsonl] [--only NAME] [-v]
    python bench/terraform.py --labels LABELS.jsonl --checkouts FOLDER [-v]

CHECKOUT holds one pattern a folder (aws-samples/serverless-patterns), and a folder .git: without one, each pattern is a
repository, and code above it is not read. A folder counts as read where all its Terraform configurations are. With
--checkouts only LABELS is measured, whose repositories lie in FOLDER as OWNER__NAME, each at the commit that LABELS
names (tests/corpus/labels-terraform-2.jsonl). Printed are:

* folders read, with the cause of each that is not; the roles, statements and findings of all;
* functions whose code is found, and why not for the rest: an image, a package that a build makes, or neither;
* with STATEMENTS (tests/corpus/statements-terraform.jsonl, written by hand): the statements of each role beside
  those that were read: as written, and more. A reference is compared by its address;
* with LABELS (tests/corpus/labels-terraform.jsonl): the figures of bench/fresh.py.

What was read is printed folder by folder with -v, as soon as it is.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import fresh

from scopedown.core.finding import ScopedownError
from scopedown.core.text import Att, Literal, Pseudo, Ref, Text
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Function, Project, Role

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")


@dataclass
class Tally:
    """What is counted over all folders."""

    folders: int = 0
    refused: list[str] = field(default_factory=list)
    configurations: int = 0
    functions: int = 0
    found: int = 0
    causes: collections.Counter[str] = field(default_factory=collections.Counter)
    roles: int = 0
    statements: int = 0
    findings: collections.Counter[str] = field(default_factory=collections.Counter)
    seconds: list[float] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="?")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--checkouts", type=Path, help="the folder with the repositories that LABELS names")
    parser.add_argument("--statements", type=Path)
    parser.add_argument("--only", action="append", help="only this folder; may be given several times")
    parser.add_argument("-v", action="store_true", dest="verbose")
    asked = parser.parse_args()
    if asked.checkouts is not None:
        if asked.labels is None or asked.checkout is not None or asked.statements is not None:
            parser.error("--checkouts goes with --labels alone")
        lacking = lacks(asked.labels, asked.checkouts)
        if lacking:
            parser.error(f"{asked.checkouts} lacks {', '.join(lacking)}")
        label(asked.labels, asked.checkouts, asked.verbose)
        return 0
    if asked.checkout is None:
        parser.error("give CHECKOUT, or --labels with --checkouts")
    tally = Tally()
    for folder in sorted(asked.checkout.iterdir()):
        if folder.is_dir() and (not asked.only or folder.name in asked.only) and holds_terraform(folder):
            read(folder, asked.checkout, tally, asked.verbose)
    show(tally)
    if asked.statements:
        compare(asked.statements, asked.checkout, asked.verbose)
    if asked.labels:
        label(asked.labels, asked.checkout, asked.verbose)
    return 0


def holds_terraform(folder: Path) -> bool:
    return any(path.name.endswith(SUFFIXES) for path in folder.rglob("*"))


def read(folder: Path, root: Path, tally: Tally, verbose: bool) -> None:
    """Read every Terraform configuration of a folder."""
    tally.folders += 1
    configs = [path for path in find_projects(folder) if path.name.endswith(SUFFIXES)]
    problems = [] if configs else ["no configuration was found"]
    for config in configs:
        started = time.process_time()
        name = config.relative_to(root).as_posix()
        try:
            project = load_project(config, Options())
        except ScopedownError as error:
            problems.append(f"{name}: {error.message}")
            continue
        tally.seconds.append(time.process_time() - started)
        count(project, name, tally, verbose)
    if problems:
        tally.refused.append(f"{folder.name}: {'; '.join(problems)}")


def count(project: Project, name: str, tally: Tally, verbose: bool) -> None:
    tally.configurations += 1
    tally.roles += sum(role.declared for role in project.roles.values())
    tally.statements += sum(len(role.statements) for role in project.roles.values())
    tally.findings.update(finding.code for finding in project.findings)
    if verbose:
        print(f"{name}: {len(project.functions)} functions", *sorted({one.code for one in project.findings}))
    for function in project.functions:
        tally.functions += 1
        cause = missing(project, function)
        tally.found += cause is None
        if cause is not None:
            tally.causes[cause] += 1
            if verbose:
                print(f"    no code: {function.key} ({function.runtime}): {cause}")


def missing(project: Project, function: Function) -> str | None:
    """Why the code of a function was not found; None where it was."""
    if function.handler is not None and (function.handler.file is not None or function.handler.inline is not None):
        return None
    declared = project.resource(function.logical_id)
    code: Any = declared.properties.get("Code") if declared is not None else None
    if isinstance(code, dict) and "ImageUri" in code:
        return "an image"
    if isinstance(code, dict) and "S3Key" in code:
        return "an object in S3"
    if function.handler is None:
        return "no handler"
    return f"the file of the handler, for {function.language or function.runtime}"


def show(tally: Tally) -> None:
    done = tally.folders - len(tally.refused)
    print(f"folders read {done} of {tally.folders} ({done / max(1, tally.folders):.1%}), ", end="")
    print(f"configurations {tally.configurations}, roles {tally.roles} with {tally.statements} statements")
    print(*(f"    not read: {line}" for line in tally.refused), sep="\n")
    print(f"functions {tally.functions}, code found {tally.found} ({tally.found / max(1, tally.functions):.1%})")
    print("    not found:", dict(tally.causes.most_common()))
    print("    findings:", dict(tally.findings.most_common()))
    if tally.seconds:
        print(f"    processor: median {statistics.median(tally.seconds) * 1e3:.1f} ms, sum {sum(tally.seconds):.1f} s")


def lacks(labels: Path, checkouts: Path) -> list[str]:
    """The folders that the labels name and CHECKOUTS lacks; otherwise their functions would count as missed."""
    folders = {json.loads(line)["dir"] for line in labels.read_text("utf-8").splitlines()}
    return sorted(folder for folder in folders if not (checkouts / folder).is_dir())


def label(labels: Path, checkout: Path, verbose: bool) -> None:
    """The figures of bench/fresh.py."""
    sys.argv = ["fresh.py", str(labels), str(checkout), *(["-v"] if verbose else [])]
    fresh.main()


@dataclass
class Compared:
    """Statements of the hand-written roles."""

    roles: int = 0
    same: int = 0
    statements: int = 0
    equal: int = 0
    more: int = 0
    managed: int = 0
    managed_equal: int = 0
    managed_more: int = 0


def compare(statements: Path, checkout: Path, verbose: bool) -> None:
    """The statements that are declared, by hand and read."""
    done = Compared()
    projects: dict[Path, Project | str] = {}
    for line in statements.read_text("utf-8").splitlines():
        one = json.loads(line)
        config = checkout / one["dir"] / one["config"]
        if config not in projects:
            try:
                projects[config] = load_project(config, Options())
            except ScopedownError as error:
                projects[config] = error.message
        role_compared(one, projects[config], done, verbose)
    print(
        f"roles {done.roles}, all of it equal {done.same}; statements {done.statements}, read as written {done.equal} "
        f"({done.equal / max(1, done.statements):.1%}), more than written {done.more}; "
        f"managed policies {done.managed}, equal {done.managed_equal}, more {done.managed_more}"
    )


def role_compared(one: dict[str, Any], project: Project | str, done: Compared, verbose: bool) -> None:
    done.roles += 1
    wanted = [hand_written(statement) for statement in one["statements"]]
    managed = {pattern(text) for text in one["managed"]}
    done.statements += len(wanted)
    done.managed += len(managed)
    where = f"{one['dir']} {one['role']}"
    found = None if isinstance(project, str) else role_of(project, one["role"])
    if found is None or isinstance(project, str):
        if verbose:
            print(f"no role: {where}: {project if isinstance(project, str) else sorted(project.roles)}")
        return
    got = [as_read(statement.statement, project) for statement in found.statements]
    held = {text for text in (pattern(shown(one, project, False)) for one in found.managed_policies) if "<" not in text}
    lacking = []
    for wants in wanted:
        same = next((at for at, has in enumerate(got) if is_same(wants, has)), None)
        if same is None:
            lacking.append(wants)
        else:
            got.pop(same)
    done.equal += len(wanted) - len(lacking)
    done.more += len(got)
    done.managed_equal += len(managed & held)
    done.managed_more += len(held - managed)
    done.same += not lacking and not got and managed == held
    if verbose and (lacking or got or managed != held):
        print(f"differs: {where}")
        print(*(f"      lacking: {item}" for item in lacking), *(f"      more: {item}" for item in got), sep="\n")
        print(f"      managed lacking {sorted(managed - held)}, more {sorted(held - managed)}")


def role_of(project: Project, address: str) -> Role | None:
    """A role by its address, with or without the keys of instances."""
    plain = {re.sub(r"\[[^\]]*\]", "", id): role for id, role in project.roles.items()}
    return project.roles.get(address) or plain.get(re.sub(r"\[[^\]]*\]", "", address))


Statement = tuple[str, tuple[str, ...], list[tuple[str, ...]], bool]
"""Effect, actions, the resources in each way in which they may be written (an ARN that holds a resource's name is also
that resource's), whether there are conditions."""


def hand_written(statement: dict[str, Any]) -> Statement:
    forms = [statement["resources"], statement.get("resolved", statement["resources"])]
    actions = tuple(sorted(action.lower() for action in statement["actions"]))
    return statement["effect"], actions, [listed(form) for form in forms], bool(statement["conditions"])


def as_read(statement: Any, project: Project) -> Statement:
    actions = listed(shown(one, project, False).lower() for one in items(statement.get("Action")))
    resources = items(statement.get("Resource"))
    forms = [listed(shown(one, project, by_name) for one in resources) for by_name in (False, True)]
    forms.append(tuple(sorted(re.sub(r"^arn:.*(<[^<>]*>)", r"\1", text) for text in forms[0])))
    return str(statement.get("Effect", "?")), actions, forms, bool(statement.get("Condition"))


def is_same(one: Statement, other: Statement) -> bool:
    return (
        one[0] == other[0]
        and one[1] == other[1]
        and one[3] == other[3]
        and any(_alike(a, b) for a in one[2] for b in other[2])
    )


def _alike(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Whether resources are the same; what a data source looks up may be the ARN that its arguments give."""
    if wanted == found:
        return True
    rest = [text for text in found if text not in wanted]
    looked_up = [text for text in wanted if text not in found]
    return len(rest) == len(looked_up) and all(
        text.startswith("<data.") and "?" in arn for text, arn in zip(looked_up, rest, strict=True)
    )


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def listed(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(pattern(text) for text in texts))


def pattern(text: str) -> str:
    """A text in template notation in which what refers to a resource is its address; the account, the region and the
    partition are stars."""

    def part(match: re.Match[str]) -> str:
        written = match[1].strip()
        if re.match(r"(data\.)?aws_(caller_identity|region|partition)\b|AWS::", written.removeprefix("data.")):
            return "*"
        if re.match(r"(var|local|each|random_\w+)\.", written):
            return "?"  # what nobody gave a value, or an apply makes up
        address = re.match(r"((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(?:data\.)?aws_\w+\.[\w-]+)", written)
        return f"<{address[1]}>" if address else f"<{written}>"

    text = re.sub(r"\$\{([^}]*)\}", part, text)
    return re.sub(r"\?+", "?", text).replace("arn:aws:", "arn:*:")


def shown(value: Any, project: Project, by_name: bool) -> str:
    """What was read, in the same notation; ``by_name``: a reference to a name that is given is that name."""
    if not isinstance(value, Text):
        return str(value)
    parts = []
    for part in value.parts:
        match part:
            case Literal():
                parts.append(part.value)
            case Pseudo():
                parts.append(f"${{{part.name}}}")
            case Ref() | Att():
                name = given_name(project, part) if by_name else None
                parts.append(name if name is not None else f"${{{part.id}}}")
            case _:
                parts.append("?")
    return "".join(parts)


def given_name(project: Project, part: Ref | Att) -> str | None:
    resource = project.resource(part.id)
    if resource is None or isinstance(part, Att):
        return None
    names = [value for key, value in resource.properties.items() if key.endswith("Name") and isinstance(value, str)]
    return names[0] if len(names) == 1 else None


if __name__ == "__main__":
    sys.exit(main())
