"""Does scopedown leave a right alone whose code it cannot see?

    python bench/ablation.py CORPUS... [--count 1500] [--functions 300] [--seed 14] [--one-opinion] [-v]

Each CORPUS is a checkout of public services; it is copied, never changed. Per project: ``write`` and ``check --fix``
make the roles exactly what the code needs, so that every right on them is needed. Then one thing at a time is hidden
from scopedown, as a team's repository hides it, and ``write`` and ``check --fix`` run on what is left:

* ``module``: a file of the project that the function imports is deleted;
* ``layer``: it is deleted, and the import names a module of a layer that is not in the repository;
* ``package``: the SDK is imported through a private package that no manifest of the project knows;
* ``dynamic``: one call is made by a name that arrives with the environment.

``--one-opinion`` does the same without the second opinion (``scopedown/sites``).

A right is lost where a statement's action and resource that were there are allowed by none of the role afterwards. The
verdict of the function must not be ``whole``. Prints a table by kind; exit 1 where a right was lost or a verdict lied.

The reverse, so that safety is not bought with uselessness, in the same run: ``unneeded`` rights are placed on whole
functions' roles, ``check`` must report each and ``write`` must remove it, also where a function that nothing names, in
a module that the handler imports, names the operation; and functions are given a package that is not
there and that a lock file shows to bring no SDK and no signer: they must stay whole.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from in_process import run

from scopedown.calls import find
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Verdict
from scopedown.core.finding import ScopedownError
from scopedown.documents.nodes import items_of
from scopedown.emit.cloudformation import plain
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Project
from scopedown.scan import FunctionScan, ProjectScan, scan

Pair = tuple[str, str, str]
"""A role, an action in small letters, a resource as JSON."""
_MANY = 3
"""Functions of a project from which on the commands are asked for the one function alone, which takes less time."""
UNNEEDED = (
    "glacier:DeleteVault", "workmail:CreateUser", "robomaker:CreateFleet", "gamelift:CreateFleet",
    "braket:CreateQuantumTask", "chime:CreateMeeting", "groundstation:ListContacts", "honeycode:GetScreenData",
    "wellarchitected:CreateWorkload", "snowball:CreateJob",
)  # fmt: skip
_PACKAGES = (
    (re.compile(r"^(\s*)import boto3\b", re.M), r"\1import company_aws as boto3"),
    (re.compile(r"^(\s*)from boto3(?=[.\s])", re.M), r"\1from company_aws"),
    (re.compile(r"""(['"])(aws-sdk|@aws-sdk)(?=[/'"])"""), r"\1@company/aws"),
)
_PYTHON_PICK = "\n\ndef picked_():\n    import json, os\n\n    return json.loads(os.environ['PICKED'])['operation']\n"


@dataclass
class Hidden:
    """What one ablation changes: files by name, with their new text (None: deleted)."""

    kind: str
    what: str
    texts: dict[str, str | None]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--functions", type=int, default=300)
    parser.add_argument("--unneeded", type=int, default=200)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--seconds", type=int, default=100_000, help="stop hiding after so many")
    parser.add_argument("--part", default="1/1", help="of so many parts of the same draw, this one (2/3)")
    parser.add_argument("-v", action="store_true", dest="verbose")
    parser.add_argument("--one-opinion", action="store_true")
    asked = parser.parse_args()
    if asked.one_opinion:
        find.unreached = lambda *given: ()  # type: ignore[assignment]
    part, parts = map(int, asked.part.split("/"))
    stop = time.monotonic() + asked.seconds
    draw = random.Random(asked.seed)
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        prepared = list(_prepared(asked.corpora, Path(scratch), draw, asked.functions, counts))
        functions = sum(len(names) for _, names in prepared)
        print(
            f"{functions} whole functions of {len(prepared)} projects; left out: {dict(_left_out(counts))}", flush=True
        )
        work = [(config, key, one) for config, keys in prepared for key in keys for one in _ways(config, key)]
        draw.shuffle(work)
        by_kind: dict[str, list[Any]] = {}
        for one in work:
            by_kind.setdefault(one[2].kind, []).append(one)
        chosen = _evenly(by_kind, asked.count)[part - 1 :: parts]
        for number, (config, key, hidden) in enumerate(chosen):
            if time.monotonic() > stop:
                break
            for problem in _tried(config, key, hidden):
                counts[hidden.kind, problem.partition(":")[0]] += 1
                if asked.verbose or problem.startswith(("LOST", "LIED")):
                    print(f"{problem} | {hidden.kind} {hidden.what} | {config.parent.name} {key}", flush=True)
            counts[hidden.kind, "tried"] += 1
            if number % 100 == 99:
                print(f"  {number + 1} of {len(chosen)}", file=sys.stderr, flush=True)
        unneeded = _unneeded(prepared, asked.unneeded, draw, asked.verbose)
        elsewhere = _unneeded(prepared, asked.unneeded, draw, asked.verbose, named=True)
        still_whole, given = _harmless(prepared, asked.unneeded, draw, asked.verbose)
    for kind in sorted({kind for kind, _ in counts if kind}):
        row = {what: count for (of, what), count in sorted(counts.items()) if of == kind}
        print(f"{kind:8} {row}")
    for what, (reported, removed, placed) in (("", unneeded), (" that a function which nothing names uses", elsewhere)):
        print(f"unneeded rights{what}: {placed} placed, check reports {reported}, write removes {removed}")
    print(f"packages that a lock file shows to be harmless: {given} given, {still_whole} functions still whole")
    return int(any(what.isupper() for _, what in counts))


def _left_out(counts: Counter[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    for (kind, what), count in counts.items():
        if not kind:
            yield what, count


def _evenly(by_kind: dict[str, list[Any]], count: int) -> list[Any]:
    """As many of each kind as there are, taken in turn."""
    chosen: list[Any] = []
    while len(chosen) < count and any(by_kind.values()):
        for kind in sorted(by_kind):
            if by_kind[kind] and len(chosen) < count:
                chosen.append(by_kind[kind].pop())
    return chosen


def _prepared(
    corpora: list[Path], scratch: Path, draw: random.Random, wanted: int, counts: Counter[tuple[str, str]]
) -> Iterator[tuple[Path, list[str]]]:
    """Copies of projects whose roles were written, with the functions that are seen whole and call AWS."""
    files = sorted(file for corpus in corpora for file in find_projects(corpus))
    draw.shuffle(files)
    have = 0
    for number, file in enumerate(files):
        if have >= wanted:
            return
        try:
            before = _read(file)
            keys = [one.function.key for one in before.functions if _is_subject(one)]
            if not keys or file.suffix not in (".yml", ".yaml", ".json"):
                continue
        except (ScopedownError, RecursionError):
            continue
        root = Path(before.project.root)
        copy = scratch / str(number) / root.name
        ignored = shutil.ignore_patterns("node_modules", ".git", ".serverless")
        shutil.copytree(root, copy, ignore=ignored, symlinks=True)
        (copy / ".git").mkdir()
        config = copy / before.project.config
        code, _ = run("write", str(config), "--yes", "--no-cache")
        run("check", str(config), "--fix", "--yes", "--no-cache")
        try:
            after = _read(config)
        except ScopedownError:
            counts["", "not read after write"] += 1
            continue
        if code != 0:
            counts["", f"write ends with {code}"] += 1
            continue
        keys = [one.function.key for one in after.functions if _is_subject(one) and one.function.key in keys]
        keys = keys[: wanted - have]
        have += len(keys)
        if keys:
            yield config, keys


def _is_subject(one: FunctionScan) -> bool:
    calls = [call for call in one.report.calls if call.credentials is None]
    outside = any(name.startswith("../") for name in one.report.files)
    return bool(calls) and one.coverage.verdict is Verdict.WHOLE and not outside and not one.function.handler.inline  # type: ignore[union-attr]


def _read(config: Path) -> ProjectScan:
    return scan(load_project(config, Options()), catalog())


def _pairs(project: Project) -> set[Pair]:
    """What the roles that functions assume allow."""
    found = set()
    for id in {one.role for one in project.functions}:
        role = project.roles.get(id)
        for declared in role.statements if role is not None else ():
            written = declared.statement
            if written.get("Effect") != "Allow":
                continue
            for action in items_of(written.get("Action")) or [None]:
                for resource in items_of(written.get("Resource")) or [None]:
                    found.add((id, str(action).lower(), json.dumps(plain(resource), sort_keys=True, default=str)))
    return found


def _lost(before: set[Pair], after: set[Pair]) -> list[Pair]:
    return sorted(
        one for one in before - after
        if not any(one[0] == other[0] and fnmatchcase(one[1], other[1])
                   and (one[2] == other[2] or other[2] == '"*"') for other in after)
    )  # fmt: skip


def _ways(config: Path, key: str) -> Iterator[Hidden]:
    """Everything that can be hidden from one function."""
    read = _read(config)
    one = next(one for one in read.functions if one.function.key == key)
    root = Path(read.project.root)
    handler = one.function.handler
    entry = handler.file if handler is not None else None
    texts: dict[str, str] = {}
    for name in one.report.files:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            texts[name] = (root / name).read_text("utf-8")
    for name in texts:
        if name == entry or name.endswith("__init__.py") or _holds_types_only(name, texts[name]):
            continue
        yield Hidden("module", name, {name: None})
        stem = re.escape(Path(name).stem)
        importing = re.compile(rf"""(['"])\.{{1,2}}/(?:[\w./@-]*/)?{stem}(?:\.\w+)?(?=['"])""")
        for other, text in texts.items():
            changed = importing.sub(r"\1/opt/nodejs/company_layer", text)
            changed = re.sub(rf"^(\s*)from [\w.]*\b{stem} import", r"\1from company_layer import", changed, flags=re.M)
            changed = re.sub(
                rf"^(\s*)import {stem}\b", rf"\1import company_layer as {Path(name).stem}", changed, flags=re.M
            )
            if changed != text and other != name:
                yield Hidden("layer", f"{name} of {other}", {name: None, other: changed})
    for name, text in texts.items():
        changed = text
        for pattern, instead in _PACKAGES:
            changed = pattern.sub(instead, changed)
        if _without_comments(changed) != _without_comments(text):
            yield Hidden("package", name, {name: changed})
    for call in one.report.calls:
        text = texts.get(call.place.file)
        if text is None:
            continue
        lines = text.split("\n")
        at = call.place.line - 1
        for near in range(at, min(at + 2, len(lines))):
            changed_line = _made_dynamic(lines[near], call.place.file, call.operation)
            if changed_line != lines[near]:
                copy = [*lines[:near], changed_line, *lines[near + 1 :]]
                end = _PYTHON_PICK if call.place.file.endswith(".py") else ""
                yield Hidden("dynamic", f"{call.place}", {call.place.file: "\n".join(copy) + end})
                break


def _holds_types_only(name: str, text: str) -> bool:
    """Whether a file holds declarations of types alone: hiding it hides no code that runs."""
    code = _without_comments(text)
    if name.endswith(".go"):
        return re.search(r"^(?:func|var)\b", code, re.M) is None
    if name.endswith((".cs", ".java")):
        code = re.sub(r"\[[^\]]*\]|@\w+(?:\([^)]*\))?", "", code)  # attributes, annotations
        return "(" not in code or re.search(r"\b(?:class|struct|record|enum)\b", code) is None
    if not name.endswith((".ts", ".mts", ".cts")):
        return False
    code = re.sub(r"^import[^;]*;?$", "", code, flags=re.M)
    if "(" not in code and "=" not in code:  # fields without a value
        return True
    runs = r"\b(?:const|let|var|function|class|enum|require|new)\b|=>\s*\{|\bexport\s+(?:default|\*)"
    return re.search(runs, code) is None


def _without_comments(text: str) -> str:
    """Code in the notation of C without its comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)


def _made_dynamic(line: str, file: str, operation: str) -> str:
    if file.endswith(".py"):
        method = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", operation).lower()
        for name in (method, method.replace("v_2", "v2")):
            changed = re.sub(rf"([A-Za-z_][\w.]*)\.{name}\(", r"getattr(\1, picked_())(", line, count=1)
            if changed != line:
                return changed
        return line
    picked = "[JSON.parse(process.env.PICKED).operation]("
    for name in ("send", operation[0].lower() + operation[1:], *_SHORT.get(operation, ())):
        changed = re.sub(rf"(?<=[\w)\]])\.{name}\(", picked, line, count=1)
        if changed != line:
            return changed
    return line


_SHORT = {
    "GetItem": ("get",), "PutItem": ("put",), "UpdateItem": ("update",), "DeleteItem": ("delete",), "Query": ("query",),
    "Scan": ("scan",), "BatchWriteItem": ("batchWrite",), "BatchGetItem": ("batchGet",),
}  # fmt: skip


def _tried(config: Path, key: str, hidden: Hidden) -> Iterator[str]:
    """What is wrong after something was hidden; the project is as it was again afterwards."""
    project = load_project(config, Options())
    root, before = Path(project.root), _pairs(project)
    kept = {path: path.read_bytes() for path in (root / name for name in hidden.texts) if path.is_file()}
    configs = {
        path: path.read_bytes()
        for path in root.rglob("*")
        if path.suffix in (".yml", ".yaml", ".json") and path.is_file()
    }
    try:
        for name, text in hidden.texts.items():
            if text is None:
                (root / name).unlink(missing_ok=True)
            else:
                (root / name).write_text(text, "utf-8")
        read = _read(config)
        one = next(one for one in read.functions if one.function.key == key)
        yield f"verdict {one.coverage.verdict.value}"
        if one.coverage.verdict is Verdict.WHOLE:
            yield "LIED"
        options = ("--yes", "--no-cache", *(("--function", key) if len(read.functions) > _MANY else ()))
        for command in (("write", str(config), *options), ("check", str(config), "--fix", *options)):
            code, _ = run(*command)
            yield f"{command[0]} ends with {code}"
            lost = _lost(before, _pairs(load_project(config, Options())))
            if lost:
                yield f"LOST BY {command[0].upper()}: {lost[:3]}"
            for path, content in configs.items():
                path.write_bytes(content)
    finally:
        for path, content in {**configs, **kept}.items():
            path.write_bytes(content)


def _unneeded(
    prepared: list[tuple[Path, list[str]]], wanted: int, draw: random.Random, verbose: bool, named: bool = False
) -> tuple[int, int, int]:
    """Rights that nobody needs, placed in a statement of a role whose functions are all whole. ``named``: a module that
    one of them imports gets a function that names the operation, and that nothing names."""
    from scopedown.write.layout import located
    from scopedown.write.texts import Texts

    reported = removed = placed = 0
    spots = []
    for config, _ in prepared:
        read = _read(config)
        for id, role in read.project.roles.items():
            functions = [one for one in read.functions if one.function.role == id]
            if functions and all(one.coverage.verdict is Verdict.WHOLE for one in functions):
                spots += [(config, id, number) for number, one in enumerate(role.statements)
                          if one.added_by == "project" and one.place is not None]  # fmt: skip
    draw.shuffle(spots)
    for number, (config, id, position) in enumerate(spots * 3):
        if placed >= wanted:
            break
        action = UNNEEDED[0 if named else number % len(UNNEEDED)]
        project = load_project(config, Options())
        module = _imported(config, id) if named else None
        if named and module is None:
            continue
        declared = project.roles[id].statements[position]
        texts = Texts(config.parent)
        try:
            file, path = located(declared.place, None, texts)  # type: ignore[arg-type]
            texts.set(file, (*path, "Action"), [*items_of(plain(declared.statement.get("Action"))), action])
            changes = texts.changes()
        except ScopedownError:
            continue
        kept = {change.path: change.path.read_bytes() for change in changes}
        try:
            for change in changes:
                change.path.write_bytes(change.after)
            if module is not None:
                kept[module] = module.read_bytes()
                module.write_bytes(kept[module] + _forgotten(module))
            placed += 1
            _, said = run("check", str(config), "--no-cache", "--format", "json", "--fail-on", "none")
            is_reported = action.lower() in said.lower()
            run("write", str(config), "--yes", "--no-cache")
            is_removed = not any(one[1] == action.lower() for one in _pairs(load_project(config, Options())))
            reported += is_reported
            removed += is_removed
            if verbose and not (is_reported and is_removed):
                print(f"unneeded {action} of {config.parent.name} {id}: reported {is_reported}, removed {is_removed}")
        finally:
            for path_, content in kept.items():
                path_.write_bytes(content)
    return reported, removed, placed


def _imported(config: Path, role: str) -> Path | None:
    """A module that a function of a role imports, and that is no handler's file."""
    read = _read(config)
    handlers = {one.function.handler.file for one in read.functions if one.function.handler is not None}
    for one in read.functions:
        for name in one.report.files if one.function.role == role else ():
            path = Path(read.project.root) / name
            if name not in handlers and path.name != "__init__.py" and path.suffix in (".py", ".js", ".mjs", ".ts"):
                return path
    return None


def _forgotten(module: Path) -> bytes:
    """The text of a function that deletes a vault, and that nobody calls."""
    if module.suffix == ".py":
        call = b"boto3.client('glacier').delete_vault(vaultName=key)"
        return b"\n\ndef forgotten_vault(key):\n    import boto3\n    " + call + b"\n"
    is_module = module.suffix != ".js" or re.search(rb"^(?:import|export)\b", module.read_bytes(), re.M) is not None
    head = b"export const forgottenVault" if is_module else b"exports.forgottenVault"
    return (
        b"\n" + head + b" = async (key) => {\n  const glacier = await import('@aws-sdk/client-glacier');\n"
        b"  await new glacier.GlacierClient({}).send(new glacier.DeleteVaultCommand({ vaultName: key }));\n};\n"
    )


_NAMES = ("tidy-words", "paperclips", "north-star", "quick-sum", "leaf-tree", "plain-dates", "colour-wheel", "tea-time")


def _harmless(
    prepared: list[tuple[Path, list[str]]], wanted: int, draw: random.Random, verbose: bool
) -> tuple[int, int]:
    """Functions that import a package which only a lock file describes, and how many of them stay whole."""
    subjects = [(config, key) for config, keys in prepared for key in keys]
    draw.shuffle(subjects)
    whole = given = 0
    for number, (config, key) in enumerate(subjects):
        if given >= wanted:
            break
        read = _read(config)
        one = next(one for one in read.functions if one.function.key == key)
        name, helper = _NAMES[number % len(_NAMES)], f"{_NAMES[(number + 3) % len(_NAMES)]}-core"
        root = Path(read.project.root)
        file = root / (one.function.handler.file or "")  # type: ignore[union-attr]
        if file.suffix == ".py":
            module = name.replace("-", "_")
            text = f"{file.read_text('utf-8')}\n\nimport {module}\n\nextra_ = {module}.make('x')\n"
            lock = root / "poetry.lock"
            described = (
                f'[[package]]\nname = "{name}"\nversion = "1.0.0"\n\n[package.dependencies]\n{helper} = "*"\n\n'
                f'[[package]]\nname = "{helper}"\nversion = "1.0.0"\n'
            )
        else:
            is_module = re.search(r"^(?:import|export)\b", file.read_text("utf-8"), re.M) is not None
            head = f"import extra_ from '{name}';" if is_module else f"const extra_ = require('{name}');"
            text = f"{head}\n{file.read_text('utf-8')}\nextra_('x');\n"
            lock = root / "package-lock.json"
            described = json.dumps({
                "lockfileVersion": 3,
                "packages": {
                    "": {"dependencies": {name: "^1.0.0"}},
                    f"node_modules/{name}": {"version": "1.0.0", "dependencies": {helper: "^1.0.0"}},
                    f"node_modules/{helper}": {"version": "1.0.0"},
                },
            })  # fmt: skip
        if lock.exists():
            continue
        kept = file.read_bytes()
        given += 1
        try:
            file.write_text(text, "utf-8")
            lock.write_text(described, "utf-8")
            after = next(one for one in _read(config).functions if one.function.key == key)
            whole += after.coverage.verdict is Verdict.WHOLE
            if verbose and after.coverage.verdict is not Verdict.WHOLE:
                print(f"not whole with {name}: {config.parent.name} {key}: {after.coverage.unseen[0].what}")
        finally:
            file.write_bytes(kept)
            lock.unlink()
    return whole, given


if __name__ == "__main__":
    sys.exit(main())
