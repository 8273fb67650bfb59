"""``scopedown write`` over whole corpora: what is written is read again, written again, and held against the old text.

    python bench/write_corpora.py FOLDER [--kind serverless|sam|cloudformation] [--shared] [--osls]
                                  [--plain [--one-role]] [--json] [--sample N] [--seconds N] [--keep]

FOLDER is a copy: its files are written, and put back unless ``--keep`` is given. For every project that scans: whether
the files read again hold exactly the intended statements, whether a second write is empty, and whether the text outside
of statements, policies, roles and ``role`` keys is the same, which is asked of the text itself and not of scopedown.

``--osls`` has the framework compile every serverless.yml that was written, and holds the roles that it compiles against
scopedown's own (tests/oracle/harness.py says where osls is taken from). ``--plain`` turns SAM templates into the plain
CloudFormation that they are translated to, ``--one-role`` has all functions of such a template assume one role that
holds the policies of all; ``--json`` turns every project file into JSON, intrinsic functions in their long form. The
turned files stand beside the originals for as long as they are looked at.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from oracle.harness import Framework, OracleError, missing
from oracle.resolving import Stubs
from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.emit.cloudformation import plain
from scopedown.emit.splice.edits import replace_files
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Project
from scopedown.scan import ProjectScan, scan
from scopedown.write import serverless, templates
from scopedown.write.every_deployment import of_every_deployment
from scopedown.write.model import WritePlan
from scopedown.write.statements import same

KINDS = ("serverless", "sam", "cloudformation")
WRITTEN = (".yml", ".yaml", ".json", ".template")
LISTS = {
    "Role",
    "statements",
    "iamRoleStatements",
    "managedPolicies",
    "Policies",
    "ManagedPolicyArns",
    "Statement",
    "Statements",
}
BAD = {"UNEQUAL", "SECOND NOT EMPTY", "CHANGED ELSEWHERE", "FAILED", "OSLS REFUSES IT", "OSLS COMPILES OTHER ROLES"}
SEED = 8


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="serverless")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--osls", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--one-role", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--seconds", type=int, default=10_000, help="stop after so many")
    asked = parser.parse_args()
    if asked.osls and (why := missing()):
        sys.exit(why)
    files = [file for file in find_projects(asked.folder) if file.suffix in WRITTEN]
    if asked.sample:
        files = sorted(random.Random(SEED).sample(files, min(asked.sample, len(files))))
    counts: Counter[str] = Counter()
    told: Counter[str] = Counter()
    stop = time.monotonic() + asked.seconds
    with Framework() as osls:
        for number, file in enumerate(files):
            if time.monotonic() > stop:
                counts["left out for time"] += len(files) - number
                break
            for result, detail in looked_at(file, asked, osls, told):
                counts[result] += 1
                if detail:
                    print(f"{result}: {file.relative_to(asked.folder)}: {detail[:300]}", flush=True)
    print(dict(counts))
    print(dict(told))
    return 1 if counts.keys() & BAD else 0


def looked_at(file: Path, asked: Any, osls: Framework, told: Counter[str]) -> Iterator[tuple[str, str]]:
    """What came of one file, turned into another form where that is asked for."""
    try:
        project = load_project(file, Options())
    except ScopedownError:
        yield "not read", ""
        return
    if project.framework != ("sam" if asked.plain else asked.kind):
        return
    if not project.functions:
        yield "no functions", ""
        return
    turned, hidden = file, file.with_name(f"{file.name}.hidden")
    try:
        if asked.plain or asked.json:
            tree = plain_form(project, asked.one_role) if asked.plain else long_form(file)
            turned = file.with_name(f"turned-{file.stem}.{'json' if asked.json else 'yaml'}")
            if project.framework == "serverless":
                turned = file.with_name("serverless.json")
                file.rename(hidden)
            text = json.dumps(tree, indent=2)
            turned.write_text(text if asked.json else yaml.safe_dump(json.loads(text), sort_keys=False))
        yield from one(turned, asked, osls, told)
    except ValueError as error:
        yield "not turned", str(error)
    finally:
        if turned != file:
            turned.unlink(missing_ok=True)
        if hidden.exists():
            hidden.rename(file)


def one(file: Path, asked: Any, osls: Framework, told: Counter[str]) -> Iterator[tuple[str, str]]:
    """What came of one project, each result with a detail to print."""
    try:
        scanned = scan(load_project(file, Options()), catalog())
    except ScopedownError as error:
        yield "not read", str(error) if asked.plain or asked.json else ""
        return
    yield "scanned", ""
    before: dict[Path, bytes] = {}
    try:
        plan = planned(file, scanned, asked.shared)
        told.update(finding.code for finding in plan.findings)
        for finding in plan.findings:
            if finding.code in ("write-unverified", "write-by-hand", "write-shared-role"):
                yield finding.code, str(finding)
        if any(finding.code in ("write-unverified", "write-by-hand") for finding in plan.findings):
            yield "projects with a role that is refused", ""
        before = {change.path: change.before for change in plan.changes}
        yield ("written" if before else "nothing to change"), ""
        for change in plan.changes:
            if why := elsewhere(change.before.decode("utf-8-sig"), change.after.decode("utf-8-sig")):
                yield "CHANGED ELSEWHERE", f"{change.name}: {why}"
            replace_files([(change.path, change.before, change.after)])
        again = scan(load_project(file, Options()), catalog())
        wrong = [role.id for role in plan.roles if not holds(again, role)]
        yield ("UNEQUAL" if wrong else "equal"), ", ".join(wrong)
        second = planned(file, again, asked.shared)
        yield ("SECOND NOT EMPTY" if second.changes else "second write empty"), ""
        if asked.osls and before:
            yield compiled(file, osls, before)
    except Exception as error:  # every failure of the product is a result here
        yield "FAILED", f"{type(error).__name__}: {error}"
    finally:
        if not asked.keep:
            for path, data in before.items():
                path.write_bytes(data)


def compiled(file: Path, osls: Framework, before: Mapping[Path, bytes]) -> tuple[str, str]:
    """Whether osls compiles what was written, and to the roles that are read here."""
    why = ""
    try:
        answer = osls.read(file.parent)
        why = answer.failed or str(dict(answer.refused) or "")
    except OracleError as error:
        return "osls does not answer", str(error)
    if answer.template is None:
        after = {path: path.read_bytes() for path in before}
        for path, data in before.items():
            path.write_bytes(data)
        try:
            asked = osls.read(file.parent)
        except OracleError as error:
            return "osls does not answer", str(error)
        finally:
            for path, data in after.items():
                path.write_bytes(data)
        return ("osls refuses it as it was", "") if asked.template is None else ("OSLS REFUSES IT", why)
    project = load_project(file, Options(values=Stubs(), account="123456789012", framework="osls"))
    theirs = {
        id: item["Properties"] for id, item in answer.template["Resources"].items() if item["Type"] == "AWS::IAM::Role"
    }
    ours = {id: role.properties for id, role in project.roles.items() if role.declared}
    wrong = [id for id in theirs.keys() & ours.keys() if theirs[id] != ours[id]]
    if any(role not in theirs for role in ours) or wrong:
        return "OSLS COMPILES OTHER ROLES", ", ".join([*wrong, *(ours.keys() - theirs.keys())])
    return "osls compiles the same roles", ""


def planned(file: Path, scanned: ProjectScan, shared: bool) -> WritePlan:
    project, options = of_every_deployment(scanned.project, Options())
    read = lambda texts: load_project(file, options, texts)  # noqa: E731
    every = scan(project, catalog())
    if project.framework != "serverless":
        return templates.plan(every, read, shared)
    return serverless.plan(every, read, None, shared)


def holds(again: ProjectScan, role: Any) -> bool:
    own = [one.statement for one in again.project.roles[role.id].statements if one.added_by == "project"]
    read = partial(templates.as_sam_reads, again.project)
    wanted = [*role.statements, *(kept.statement for kept in role.kept), *role.added]
    return len(own) == len(wanted) and all(any(same(it, other, read) for other in own) for it in wanted)


# Other forms of a project file


def long_form(file: Path) -> Any:
    """A project file's tree, intrinsic functions in their long form."""
    is_template = not file.name.startswith("serverless.")
    document = Files(file.parent).document(file, template=is_template)
    assert document is not None
    return json.loads(json.dumps(document.tree, default=str))


def plain_form(project: Project, one_role: bool) -> dict[str, Any]:
    """The template that a SAM template is translated to, with the folders of its code in it. Raises ValueError where
    that holds what is not known."""
    resources: dict[str, Any] = {}
    for id, resource in project.deployed.items():
        properties = {name: told(one) for name, one in resource.properties.items() if not is_packaged(one)}
        resources[id] = {"Type": resource.type, **told(resource.attributes), "Properties": properties}
    functions = {one.logical_id: one for one in project.functions}
    for id, function in functions.items():
        handler = function.handler
        if handler is not None and handler.inline is None:
            resources[id]["Properties"]["Code"] = f"./{handler.root}"
        if isinstance(role := resources[id]["Properties"].get("Role"), str) and project.roles[function.role].declared:
            raise ValueError(f"the role of {id} is {role}")
    roles = [id for id in dict.fromkeys(one.role for one in project.functions) if id in resources]
    if one_role and len(roles) > 1:
        first = resources[roles[0]]["Properties"]
        for name in ("Policies", "ManagedPolicyArns"):
            every = [item for id in roles for item in resources[id]["Properties"].get(name, ())]
            first[name] = list({json.dumps(item): item for item in every}.values())
        for id, function in functions.items():
            if function.role in roles:
                resources[id]["Properties"]["Role"] = {"Fn::GetAtt": [roles[0], "Arn"]}
        for id in roles[1:]:
            if id not in json.dumps([one for name, one in resources.items() if name != id]):
                del resources[id]
    sections = {"Parameters": project.parameters, "Mappings": project.mappings, "Conditions": project.conditions}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        **{name: told(section) for name, section in sections.items() if section},
        "Resources": resources,
    }


def is_packaged(tree: Any) -> bool:
    """Whether a property names what is made when the application is packaged (an archive's place)."""
    if isinstance(tree, Text):
        return any("is packaged" in one.reason for one in tree.unknowns)
    if isinstance(tree, Mapping):
        return any(is_packaged(one) for one in tree.values())
    return isinstance(tree, list | tuple) and any(is_packaged(one) for one in tree)


def told(tree: Any) -> Any:
    """A tree as it is written. Raises ValueError where it is not known."""
    if isinstance(tree, Text):
        if tree.unknowns:
            raise ValueError(tree.unknowns[0].reason)
        return plain(tree)
    if isinstance(tree, Mapping):
        return {str(key): told(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [told(item) for item in tree]
    return str(tree) if isinstance(tree, str) else tree


# The text outside


def elsewhere(before: str, after: str) -> str:
    """What differs outside of the places that are written, empty for nothing: both texts without those places are
    compared, white space and commas left out."""
    old, new = yaml.compose(before), yaml.compose(after)
    roles = new_keys(old, new) | new_keys(new, old)  # those that are shared no more are only in the old text
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
