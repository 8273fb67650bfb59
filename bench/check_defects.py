"""Does `scopedown check` find defects that are planted in public services, and nothing else?

usage: python bench/check_defects.py FOLDER [--count 20] [--seed 7]

Copies services (serverless.yml) of FOLDER that have statements of their own, plants one defect in each, and compares
what is found before and after. Prints one line a defect as TSV: service, defect, the rule that should find it, whether
it does, what else is new. Exit 1 where less than 95% are found or something else is new.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from check_examples import configs

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.compare.subject import Declared, Subject, subjects
from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, load_project
from scopedown.scan import ProjectScan, scan
from scopedown.write.layout import located
from scopedown.write.texts import Texts

Plant = Callable[[Subject, Declared, tuple[str, tuple[Any, ...]], Texts], bool]
"""Changes the files at a statement; whether it can be planted there."""


def removed_action(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    """An action that code needs and that only this statement allows is taken away."""
    others = tuple(other.grant for other in subject.declared if other is not one and other.grant) + subject.managed[0]
    for action in one.actions:
        lost = [
            need for need in subject.needs
            if need.permission.action == action and need.known and subject.covered(need, others) == "no"
            and subject.covered(need) == "yes" and str(need.permission.origin) != "config"
        ]  # fmt: skip
        if lost and len(one.actions) > 1:
            texts.set(spot[0], (*spot[1], "Action"), [other for other in one.actions if other != action])
            return True
    return False


def widened_resource(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    if not any(need.known and subject.covered(need, (one.grant,)) == "yes" for need in subject.needs if one.grant):
        return False
    if any("*" in str(forms[0]) for _, forms in one.resources):
        return False
    texts.set(spot[0], (*spot[1], "Resource"), "*")
    return True


def added_action(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    texts.set(spot[0], (*spot[1], "Action"), [*one.actions, "glacier:DeleteVault"])
    return True


def pattern_of_actions(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    prefix = one.actions[0].partition(":")[0]
    if any("*" in action or not action.startswith(f"{prefix}:") for action in one.actions):
        return False
    if not subject.needed_by(f"{prefix}:*"):
        return False
    texts.set(spot[0], (*spot[1], "Action"), f"{prefix}:*")
    return True


def lost_tracing(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    """The plugin for roles of functions, and X-Ray, which it leaves out."""
    project = subject.scan.project
    config = project.config
    function = subject.functions[0].function
    if not texts.of(config).has(("functions", function.key)) or texts.of(config).has(("provider", "tracing")):
        return False
    plugins = [*project.plugins, "serverless-iam-roles-per-function"]
    texts.set(config, ("plugins",), plugins)
    texts.set(config, ("provider", "tracing"), {"lambda": True})
    texts.set(config, ("functions", function.key, "iamRoleStatementsInherit"), True)
    texts.set(config, ("functions", function.key, "iamRoleStatements"), [])
    return True


def _role(statements: list[dict[str, Any]]) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": statements}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "own", "PolicyDocument": document}],
        },
    }


def _with_role(subject: Subject, texts: Texts, key: str, statements: list[dict[str, Any]]) -> bool:
    config = subject.scan.project.config
    if not texts.of(config).has(("functions", key)) or texts.of(config).kind(("resources",)) not in ("mapping", ""):
        return False
    texts.set(config, ("resources", "Resources", "PlantedRole"), _role(statements))
    texts.set(config, ("functions", key, "role"), "PlantedRole")
    return True


def role_without_logs(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    key = subject.functions[0].function.key
    wanted = [
        {"Effect": "Allow", "Action": need.permission.action, "Resource": "*"}
        for need in subject.needs
        if need.function.function.key == key and not need.permission.action.startswith("logs:")
    ]
    return bool(wanted) and _with_role(subject, texts, key, wanted)


def foreign_role(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    """A function assumes a role that was made for something else."""
    for function in subject.functions:
        own = [need for need in subject.needs if need.function is function and str(need.permission.origin) != "config"]
        if own:
            logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
            return _with_role(subject, texts, function.function.key, [logs])
    return False


def _appended(spot: tuple[str, tuple[Any, ...]], texts: Texts, statement: dict[str, Any]) -> bool:
    texts.append(spot[0], spot[1][:-1], [statement])
    return True


def passed_role(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    return _appended(spot, texts, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"})


def misspelt_action(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    # An operation of the SDK whose action has another name.
    return _appended(spot, texts, {"Effect": "Allow", "Action": "s3:ListObjectsV2", "Resource": "*"})


def lower_case_effect(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    return _appended(spot, texts, {"Effect": "allow", "Action": "sqs:ListQueues", "Resource": "*"})


def all_but(subject: Subject, one: Declared, spot: tuple[str, tuple[Any, ...]], texts: Texts) -> bool:
    return _appended(spot, texts, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})


DEFECTS: tuple[tuple[Plant, str, frozenset[str]], ...] = (
    (removed_action, "SD101", frozenset()),
    (foreign_role, "SD101", frozenset({"SD201", "SD204", "SD205"})),
    (lost_tracing, "SD102", frozenset({"SD201"})),
    (role_without_logs, "SD103", frozenset({"SD201", "SD204", "SD205"})),
    (added_action, "SD201", frozenset({"SD405"})),
    (pattern_of_actions, "SD203", frozenset()),
    (widened_resource, "SD204", frozenset({"SD201"})),
    (passed_role, "SD206", frozenset({"SD201"})),
    (all_but, "SD208", frozenset()),
    (misspelt_action, "SD401", frozenset({"SD404"})),
    (lower_case_effect, "SD402", frozenset()),
)
"""Each with the rule that should find it, and those that rightly speak of it too: a role of wildcards is wide, what was
added is needed by nobody, what a function needs no longer of a shared role is unused there, and an action that was
unused on one resource is unused on more where its statement is widened."""


def able(folder: Path) -> Iterator[Path]:
    """The services that have plain statements of their own, and code that was read."""
    for config in configs(folder, "serverless.yml"):
        try:
            read = scan(load_project(config, Options()), catalog())
        except ScopedownError:
            continue
        if any(one.judged and one.statement.place for subject in subjects(read, catalog()) if not subject.doubt.why("*")
               for one in subject.declared):  # fmt: skip
            yield config.parent


def keys(read: ProjectScan) -> set[tuple[str, str, str, tuple[str, ...]]]:
    return {(one.rule, one.role, one.about, one.functions) for one in problems(read, catalog())}


def planted(copy: Path, plant: Plant, draw: random.Random) -> tuple[set[Any], set[Any]] | None:
    """What is found before and after; None where the defect cannot be planted in this service."""
    read = scan(load_project(copy / "serverless.yml", Options()), catalog())
    texts = Texts(copy)
    places = [
        (subject, one) for subject in subjects(read, catalog()) if not subject.doubt.why("*")
        for one in subject.declared if one.judged and one.statement.place
    ]  # fmt: skip
    draw.shuffle(places)
    for subject, one in places:
        try:
            if plant(subject, one, located(one.statement.place, None, texts), texts):
                break
        except ScopedownError:
            continue
    else:
        return None
    before = keys(read)
    for change in texts.changes():
        change.path.write_bytes(change.after)
    return before, keys(scan(load_project(copy / "serverless.yml", Options()), catalog()))


def first_able(
    services: list[Path], plant: Plant, draw: random.Random, scratch: Path
) -> tuple[Path | None, tuple[set[Any], set[Any]] | None]:
    """The first service in which a defect can be planted, and what is found before and after."""
    for number, service in enumerate(services):
        copy = scratch / str(number)
        shutil.copytree(service, copy, ignore=shutil.ignore_patterns("node_modules", ".serverless"))
        result = planted(copy, plant, draw)
        if result is not None:
            return service, result
    return None, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    services = list(able(given.folder))
    draw.shuffle(services)
    found = others = count = turn = idle = 0
    with tempfile.TemporaryDirectory() as scratch:
        while count < given.count and idle < len(DEFECTS):
            plant, rule, beside = DEFECTS[turn % len(DEFECTS)]
            turn += 1
            service, result = first_able(services, plant, draw, Path(scratch) / str(turn))
            if service is None or result is None:
                idle += 1
                continue
            services.remove(service)
            idle = 0
            count += 1
            new = result[1] - result[0]
            is_found = any(one[0] == rule for one in new)
            there = {(one[0], one[2]) for one in result[0]}
            else_new = sorted({one[0] for one in new if (one[0], one[2]) not in there} - {rule} - beside)
            found += is_found
            others += bool(else_new)
            print(
                "\t".join((service.name, plant.__name__, rule, "found" if is_found else "missed", " ".join(else_new)))
            )
    print(f"{found} of {count} found; something else is new in {others}", file=sys.stderr)
    return int(found < 0.95 * count or others > 0)


if __name__ == "__main__":
    sys.exit(main())
