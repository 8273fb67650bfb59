"""A project of serverless 4, deployed by another release of the Serverless Framework in its copy.

serverless 4 asks for a login, or a license key, before it does anything, and downloads itself from the network
(measured: serverless 4.43.0 of npm is a loader), so it is not run. What of its configuration the others do not know is
put in their words: the version that the project asks for, the parameters of ``stages``, and TypeScript, which it
bundles itself.
Reference: https://www.serverless.com/framework/docs/guides/upgrading-v4,
https://www.serverless.com/framework/docs/guides/stages
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files
from scopedown.documents.nodes import as_map
from scopedown.project.model import Project

NAME: Final = "serverless 4"
"""How :attr:`Project.compiler` names it."""
BUNDLED: Final = (".ts", ".mts", ".cts", ".tsx")
SECONDS: Final = 120
_OWN: Final = frozenset({"frameworkVersion", "stages", "build", "licenseKey", "state"})
"""The sections that only serverless 4 has, and the version: osls refuses what it does not know."""
_INSIDE: Final = re.compile(r"[\s#}\]]|-\s|$")
"""How a line of YAML begins that belongs to the section above: indented, a list's item, or a closing bracket."""


def parameters_of(root: Path, config: str, stage: str) -> dict[str, str]:
    """The parameters that ``stages`` gives a stage, those of ``default`` where it has none; texts and numbers only.

    A file that is a program, or that cannot be read, gives none.
    """
    path = root / config
    if path.suffix not in (".yml", ".yaml", ".json"):
        return {}
    try:
        document = Files(root).document(path)
    except ScopedownError:
        return {}
    stages = as_map(as_map(document.tree if document is not None else None).get("stages"))
    found = {**as_map(as_map(stages.get("default")).get("params")), **as_map(as_map(stages.get(stage)).get("params"))}
    return {name: str(value) for name, value in found.items() if isinstance(value, str | int | float) and name}


def adapt(project: Project, copy: Path, framework: str) -> Iterator[str]:
    """Change the copy so that ``framework`` deploys it; what was done, as notes."""
    yield (
        f"serverless 4 was not run, because it needs a login: {framework} deployed in its place, with the policy for "
        "that. What deploy-policy allows for serverless 4 is not proven"
    )
    path = copy / project.config
    if path.suffix in (".yml", ".yaml") and path.is_file():
        text = "".join(_known(path.read_text(encoding="utf-8").splitlines(True)))
        path.unlink()  # it may be a link to a file of the user's, outside of the copy
        path.write_text(text, encoding="utf-8")
    files = dict.fromkeys(one.handler.file for one in project.functions if one.handler and one.handler.file)
    there = [file for file in files if file.endswith(BUNDLED) and (copy / file).is_file()]
    wanted = [file for file in there if (copy / file).parent.resolve().is_relative_to(copy.resolve())]
    if outside := [file for file in there if file not in wanted]:
        yield f"{', '.join(outside)} was not bundled: prove writes only into its copy of the project's folder"
    if wanted:
        yield from _bundled(wanted, Path(project.root), copy)


def _known(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a project file without the sections that only serverless 4 has."""
    left_out = False
    for line in lines:
        if not _INSIDE.match(line):
            left_out = line.partition(":")[0].strip().strip("'\"") in _OWN
        if not left_out:
            yield line


def _bundled(files: list[str], root: Path, copy: Path) -> Iterator[str]:
    """Bundle TypeScript where serverless 4 does: ``src/keep.ts`` becomes ``src/keep.js`` next to it. esbuild is that of
    the copy, or of a folder above the user's own; above the copy are folders that others may write to."""
    folders = (copy, *root.resolve().parents)
    program = next(
        (found for folder in folders if (found := shutil.which("esbuild", path=_bin(folder)))), None
    ) or shutil.which("esbuild")
    if program is None:
        yield (
            f"serverless 4 bundles TypeScript with esbuild, which is not installed here, so {', '.join(files)} was not "
            "bundled: npm install --save-dev esbuild"
        )
        return
    for file in files:
        made = str(Path(file).with_suffix(".js"))
        words = [program, file, "--bundle", "--platform=node", "--format=cjs", f"--outfile={made}", "--allow-overwrite",
                 "--external:@aws-sdk/*", "--log-level=error"]  # fmt: skip
        try:
            ended = subprocess.run(
                words, cwd=copy, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            yield f"{file} was not bundled: {error}"
            continue
        if ended.returncode != 0:
            yield f"{file} was not bundled: {' '.join(ended.stderr.split())[:300]}"


def _bin(folder: Path) -> str:
    return str(folder / "node_modules" / ".bin")
