"""What ``scopedown write`` prints for CDK apps of aws-samples/serverless-patterns, pasted, compiled and checked again.

usage: python bench/cdk_grants.py synth PATTERNS WORK typescript|python NUMBER
       python bench/cdk_grants.py paste PATTERNS WORK [NUMBER]

PATTERNS is a checkout of the repository; WORK holds a shared install: ``node_modules`` (aws-cdk-lib, constructs,
typescript 5, ts-node, esbuild, @types/node) and ``venv`` (aws-cdk-lib, constructs). ``synth`` takes the apps of a
language that make a function in the order of ``random.Random(20)``, and synthesizes one after another until NUMBER of
them came out. ``paste`` does what the printed text says, in a copy of each: it puts the grants at their line and the
imports above, takes the lines to be removed out, compiles (``tsc --noEmit``, where an error that was there before does
not count; ``compile`` of Python), synthesizes again and scans: is anything missing that was printed, or unused? Both go
on where they were stopped: what is in WORK/synth.jsonl and WORK/paste.jsonl is not done again; ``paste`` stops after
NUMBER apps. A snippet that asks its
reader to give a variable is not pasted.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

from tree_sitter import Node  # noqa: E402

from scopedown.catalog.load import catalog  # noqa: E402
from scopedown.cli.forms import rendered  # noqa: E402
from scopedown.core.text import Att, Ref  # noqa: E402
from scopedown.languages.python import lower  # noqa: E402
from scopedown.project.cdk.program.files import language_of  # noqa: E402
from scopedown.project.cdk.program.find import App  # noqa: E402
from scopedown.project.load import Options, load_project  # noqa: E402
from scopedown.scan import ProjectScan, scan  # noqa: E402
from scopedown.source.languages import javascript_syntax  # noqa: E402
from scopedown.write.constructs.plan import plans  # noqa: E402

SEED, LIMIT = 20, "500"
FUNCTION = re.compile(rb"\b(?:Nodejs|Python|DockerImage|Go|Rust)?Function\s*\(")
FLAGS = {
    "aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True, "aws:cdk:version-reporting": True,
}  # fmt: skip
PLACE = re.compile(r"^(?://|#) (?P<keys>.+): after line (?P<line>\d+) of (?P<file>\S+)(?P<name> \(found by .*\))?$")
REMOVED = re.compile(r"^(?://|#) remove .* \((?P<file>[^\s()]+):(?P<line>\d+)\); it gives what ")


def main() -> int:
    match sys.argv[1:]:
        case ["synth", patterns, work, language, number]:
            return synthesized(Path(patterns).resolve(), Path(work).resolve(), language, int(number))
        case ["paste", patterns, work, *number]:
            return pasted(Path(patterns).resolve(), Path(work).resolve(), int(number[0]) if number else sys.maxsize)
    print(__doc__)
    return 2


def known(path: Path) -> dict[str, dict[str, Any]]:
    rows = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return {row["folder"]: row for row in rows}


def note(path: Path, row: dict[str, Any]) -> None:
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")
    print(row["folder"], {key: value for key, value in row.items() if key not in ("folder", "out", "text")}, flush=True)


def synthesized(patterns: Path, work: Path, language: str, number: int) -> int:
    apps = [one.parent for one in patterns.rglob("cdk.json") if not {"node_modules", "cdk.out"} & set(one.parts)]
    ending = "*.ts" if language == "typescript" else "*.py"
    mine = [
        folder.relative_to(patterns).as_posix() for folder in sorted(apps)
        if language_of(folder) == language
        and any(FUNCTION.search(file.read_bytes()) for file in folder.rglob(ending) if file.is_file())
    ]  # fmt: skip
    random.Random(SEED).shuffle(mine)
    print(len(mine), language)
    done, count = known(work / "synth.jsonl"), 0
    for name in mine:
        if name not in done:
            folder = work / "w" / name
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(patterns / name, folder, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
            began = time.time()
            code, out = synth(folder, work)
            done[name] = {"folder": name, "language": language, "rc": code, "s": round(time.time() - began), "out": out}
            note(work / "synth.jsonl", done[name])
        count += done[name]["rc"] == 0
        if count >= number:
            break
    return 0


def synth(folder: Path, work: Path) -> tuple[int, str]:
    """The app's own command, as the cdk command runs it, into ``cdk.out``."""
    config = json.loads((folder / "cdk.json").read_text())
    environment = {
        **os.environ, "CDK_OUTDIR": str(folder / "cdk.out"), "CDK_DEFAULT_ACCOUNT": "123456789012", "CI": "1",
        "CDK_CONTEXT_JSON": json.dumps({**config.get("context", {}), **FLAGS}), "CDK_DEFAULT_REGION": "us-east-1",
        "TS_NODE_TRANSPILE_ONLY": "1", "PYTHONDONTWRITEBYTECODE": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1", "npm_config_offline": "true", "PIP_NO_INDEX": "1",
        "PATH": f"{work}/venv/bin:{work}/node_modules/.bin:{os.environ['PATH']}",
    }  # fmt: skip
    ran = subprocess.run(
        ["timeout", "-k", "5", LIMIT, "sh", "-c", config["app"]], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if ran.returncode == 0 and (folder / "cdk.out" / "manifest.json").exists():
        return 0, ""
    return ran.returncode or 99, ran.stdout.decode("utf-8", "replace")[-400:]


def pasted(patterns: Path, work: Path, number: int) -> int:
    done = known(work / "paste.jsonl")
    for name, row in known(work / "synth.jsonl").items():
        if row["rc"] == 0 and name not in done and number > 0:
            number -= 1
            try:
                note(work / "paste.jsonl", {"folder": name, **one(name, row["language"], work)})
            except Exception as error:  # a bench goes on
                note(work / "paste.jsonl", {"folder": name, "error": repr(error)})
    return 0


def one(name: str, language: str, work: Path) -> dict[str, Any]:
    before = scanned(work / "w" / name)
    if not before.functions:
        return {"functions": 0}
    text = str(rendered("policies", f"cdk-{language}", before))
    blocks = [*blocks_of(text)]
    row: dict[str, Any] = {"language": language, **found(before), "blocks": len(blocks), "text": text}
    row["asks"] = sum(block["asks"] for block in blocks)
    ready = [block for block in blocks if not block["asks"]]
    if not ready:
        return row
    folder = work / "p" / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work / "w" / name, folder, symlinks=True, ignore=shutil.ignore_patterns("cdk.out", "cdk.out.*"))
    row["by_hand"] = apply(ready, folder, language)
    row["compiles"], row["why"] = compiled(
        work / "w" / name, folder, {block["file"] for block in ready}, language, work
    )
    row["synthesizes"], row["synth_says"] = synth(folder, work)
    if row["synthesizes"] == 0:
        after = scanned(folder)
        left, _ = plans(after, App(after.project))
        keys = {key for block in ready for key in block["keys"].split(", ")}
        mine = [one for one in left if {function.key for function in one.functions} & keys]
        row["still_lacking"] = sum(len(one.permissions) for one in mine)
        row["still_too_much"] = [surplus.what for one in mine for surplus in one.surplus]
    return row


def scanned(folder: Path) -> ProjectScan:
    return scan(load_project(folder, Options()), catalog())


def found(scan: ProjectScan) -> dict[str, Any]:
    """Of the functions and of the app's resources that they need: how many lines and variables were found."""
    app, pairs = App(scan.project), {}
    for function in scan.functions:
        stack = function.function.logical_id.rpartition("/")[0]
        ids = {part.id for need in function.permissions for resource in need.resources for part in resource.arn.parts
               if isinstance(part, Ref | Att)} | {function.function.logical_id}  # fmt: skip
        for id in ids:
            resource = scan.project.resource(id) or scan.project.resource(f"{stack}/{id}")
            if resource is not None:
                pairs[function.function.key, resource.logical_id] = app.of(resource)
    made = [one for one in pairs.values() if one is not None]
    return {
        "functions": len(scan.functions), "pairs": len(pairs), "lines": len(made),
        "variables": sum(bool(one.creation and one.creation.variable) for one in made),
        "by_name": sum(one.by_name for one in made),
        "found": [[path, str(one.place), one.creation.variable if one.creation else ""] for (_, path), one in
                  pairs.items() if one is not None],
    }  # fmt: skip


def blocks_of(text: str) -> Iterator[dict[str, Any]]:
    """The snippets of a text, each with where it goes, what it takes away and what it adds."""
    for block in text.split("\n\n//" if "\n//" in text else "\n\n#"):
        lines = block.strip("\n").split("\n")
        mark = "//" if "//" in text else "#"
        first = lines[0] if lines[0].startswith(mark) else f"{mark}{lines[0]}"
        place = PLACE.match(first)
        if place is None:
            continue
        code = [line for line in lines[1:] if line and not line.startswith(mark)]
        imports = [line for line in code if re.match(r"(?:import|from) ", line)]
        yield {
            "keys": place["keys"], "file": place["file"], "line": int(place["line"]), "imports": imports,
            "code": [line for line in code if line not in imports],
            "asks": any(re.search(r" is the construct .*; (?:pass it|assign it|scopedown did not)|, made by ", line)
                        for line in lines),
            "removed": [(found["file"], int(found["line"])) for line in lines if (found := REMOVED.match(line))],
        }  # fmt: skip


def apply(blocks: list[dict[str, Any]], folder: Path, language: str) -> int:
    """Do what the snippets say; the number of removals that were left, because they are no statement of their own."""
    left = 0
    for file in sorted({block["file"] for block in blocks} | {one for block in blocks for one, _ in block["removed"]}):
        path = folder / file
        lines = path.read_bytes().decode("utf-8").split("\n")
        edits: list[tuple[int, int, list[str]]] = []
        for number in sorted({line for block in blocks for one, line in block["removed"] if one == file}):
            span = statement_at(path.read_bytes(), number, language, file)
            if span is None:
                left += 1
            else:
                edits.append((*span, []))
        for block in blocks:
            if block["file"] == file:
                indent = re.match(r"\s*", lines[block["line"] - 1])
                inset = re.match(r"\s*", lines[first_line(path.read_bytes(), block["line"], language, file) - 1])
                space = (inset or indent)[0] if (inset or indent) else ""
                edits.append((block["line"] + 1, block["line"], [space + line for line in block["code"]]))
        for first, last, new in sorted(edits, key=lambda edit: (edit[0], edit[1]), reverse=True):
            lines[first - 1 : last] = new
        imports = list(dict.fromkeys(line for block in blocks if block["file"] == file for line in block["imports"]))
        at = next((number for number, line in enumerate(lines) if re.match(r"(?:import|from) ", line)), 0)
        lines[at:at] = imports
        path.write_text("\n".join(lines))
    return left


def tree(data: bytes, language: str, file: str) -> Node:
    return (lower.parsed(data) if language == "python" else javascript_syntax.parsed(data, file)[0]).root_node


def nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.named_children


def statement_at(data: bytes, line: int, language: str, file: str) -> tuple[int, int] | None:
    """The lines of the expression statement that begins on a line."""
    for node in nodes(tree(data, language, file)):
        if node.type == "expression_statement" and node.start_point[0] + 1 == line:
            inner = node.named_children[0] if node.named_children else node
            if inner.type in ("call", "call_expression"):
                return line, node.end_point[0] + 1
    return None


def first_line(data: bytes, last: int, language: str, file: str) -> int:
    """The line on which the statement begins that ends on a line."""
    ends = [
        node.start_point[0] + 1 for node in nodes(tree(data, language, file))
        if node.end_point[0] + 1 == last and node.type.endswith(("statement", "declaration"))
    ]  # fmt: skip
    return max(ends, default=last)


def compiled(before: Path, after: Path, files: set[str], language: str, work: Path) -> tuple[bool, str]:
    """Whether the files compile as well as they did before."""
    if language == "python":
        try:
            for file in files:
                compile((after / file).read_text(), file, "exec")
        except SyntaxError as error:
            return False, str(error)
        return True, ""
    old, new = (errors(folder, files, work) for folder in (before, after))
    return not new - old, "; ".join(sorted(new - old))[:600]


def errors(folder: Path, files: set[str], work: Path) -> set[str]:
    options = "--noEmit --strict --esModuleInterop --skipLibCheck --target ES2022 --module commonjs --types node"
    ran = subprocess.run(
        ["timeout", LIMIT, str(work / "node_modules/.bin/tsc"), *options.split(), "--typeRoots",
         str(work / "node_modules/@types"), *sorted(files)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if ran.returncode not in (0, 1, 2):
        return {f"tsc ended with {ran.returncode}"}
    text = ran.stdout.decode("utf-8", "replace")
    return {re.sub(r"\(\d+,\d+\)", "", line) for line in text.splitlines() if "error TS" in line}


if __name__ == "__main__":
    raise SystemExit(main())
