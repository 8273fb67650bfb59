"""What went wrong in a command of a framework, by what it printed: its own error, the place in the project, a remedy.

In: the whole output, and the folder where the command ran. Out: a :class:`ToolError`. The outputs are those of aws-cdk
2.1148.1 (with ts-node and jsii), aws-sam-cli 1.170.0, osls 4.3.1 and serverless 3.40.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.core.place import Place

LONGEST: Final = 500
"""Characters of an error that are shown."""
COPY: Final = "copy"
"""The folder that holds the copy of the project (:func:`~.workspace.make_workspace`)."""
MOST_LINES: Final = 20_000
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
_TYPESCRIPT: Final = re.compile(r"^(\S.*?\.[cm]?tsx?)(?:\((\d+),\d+\)|:(\d+):\d+)(?: - |: )error (TS\d+: .+)")
_CODED: Final = re.compile(r"«\w+» .+")
_TRACEBACK: Final = re.compile(r"^Traceback \(most recent call last\)")
_PYTHON: Final = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt)(?:: .*)?$")
_ONE_LINE: Final = (
    re.compile(r"^(?:Uncaught )?Error: \S.*"),
    re.compile(r"^(?:Uncaught )?\w*Error(?: \[\w+\])?: \S.*"),
    re.compile(r"^The following CloudFormation Parameters are missing a value: .+"),
    re.compile(r"^.*\bis not authorized to perform: .+"),
    re.compile(r"^❌ .+"),
    re.compile(r"^.*\bcommand not found\b.*|^'.+' is not recognized .+"),
    re.compile(r"^\S*[Ee]rror:? \S.*"),
)
"""In the order in which they are looked for; of one kind, the first line counts."""
_ALONE: Final = re.compile(r"^(?:✖ |× )?(?:Error|Serverless Error):?$|^Serverless Error -+$")
"""A title whose text is on the lines below it."""
_NOISE: Final = re.compile(r"^(?:.*Subprocess exited|at |npm (?:error|ERR!)$|Relates to construct)")
_NPM: Final = re.compile(r"^npm (?:error|ERR!) ?")
_JAVASCRIPT_PLACE: Final = re.compile(r"(?:^|[\s(]|file://)(/[^\s():]+\.(?:[cm]?[jt]sx?)):(\d+)")
_PYTHON_PLACE: Final = re.compile(r'^\s*File "([^"]+\.py)", line (\d+)')
_INSTALLED: Final = ("node_modules", "site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class ToolError:
    """``error`` is one line of the tool's own words (or its last lines, where none looks like an error)."""

    error: str = ""
    place: Place | None = None
    """The file of the project that it happened in, relative to the folder where the command ran."""
    remedy: str = ""
    """Empty where none is known."""


NO_ERROR: Final = ToolError()
"""Of a command that ended well, or that was ended because its time ran out."""


def error_of(output: str, folder: Path) -> ToolError:
    """The error in an output.

    >>> error_of("Building…\\nTraceback (most recent call last):\\nModuleNotFoundError: No module named 'aws_cdk'",
    ...          Path("/app")).error
    "ModuleNotFoundError: No module named 'aws_cdk'"
    """
    lines = [_ESCAPES.sub("", line) for line in output.splitlines()[:MOST_LINES]]
    found = _typescript(lines) or ToolError(_words(lines) or _last(lines), _place(lines, folder))
    if found.place is not None and (inside := _inside(found.place.file, folder)):
        found = replace(found, place=Place(inside, found.place.line))
    error = _without(" ".join(found.error.split()), folder)
    error = error if len(error) <= LONGEST else f"{error[: LONGEST - 1]}…"
    return replace(found, error=error, remedy=remedy_of(error))


def _typescript(lines: Sequence[str]) -> ToolError | None:
    """The first error of the TypeScript compiler."""
    for line in lines:
        if match := _TYPESCRIPT.match(line.strip()):
            return ToolError(match[4], Place(match[1], int(match[2] or match[3])))
    return None


def _words(lines: Sequence[str]) -> str:
    """The error as the tool words it; empty where no line looks like one."""
    for line in lines:
        if match := _CODED.search(line):
            return match[0]
    if any(_TRACEBACK.match(line) for line in lines):
        raised = [number for number, line in enumerate(lines) if _PYTHON.match(line)]
        said = [line for line in lines if re.match(r"Error: \S", line)]
        if said or raised:
            return said[0] if said else _with_next(lines, raised[-1])
    for number, line in enumerate(lines):
        if _ALONE.match(line.strip()):
            return " ".join(_paragraph(lines[number + 1 :]))
    for pattern in _ONE_LINE:
        for number, line in enumerate(lines):
            if pattern.match(line.strip()) and not _NOISE.match(line.strip()):
                return _with_next(lines, number)
    return ""


def _with_next(lines: Sequence[str], number: int) -> str:
    """An error with what npm says below it, or with the next line where it ends in a colon."""
    line = lines[number].strip()
    below = _paragraph(lines[number + 1 :])
    if _NPM.search(line) or "npm error" in line:
        told = [_NPM.sub("", one) for one in below if _NPM.match(one)]
        return " ".join([line, *[one for one in told if one][:6]])
    return f"{line} {below[0]}" if line.endswith(":") and below else line


def _paragraph(lines: Sequence[str]) -> list[str]:
    """The lines up to an empty one, without empty ones before them."""
    found: list[str] = []
    for line in lines[:40]:
        if line.strip():
            found.append(line.strip())
        elif found:
            break
    return found


def _last(lines: Sequence[str]) -> str:
    """What the output ends with."""
    told = [line.strip() for line in lines if line.strip() and not line.startswith(("WARNING", "[WARNING"))]
    return " ".join(told[-4:]) or "it printed nothing"


def _place(lines: Sequence[str], folder: Path) -> Place | None:
    """Where in the project it happened: the file of the innermost call that is not of an installed package. Python
    lists the innermost last."""
    ours = [
        Place(match[1], int(match[2]))
        for line in lines
        for match in (_PYTHON_PLACE.match(line) or _JAVASCRIPT_PLACE.search(line),)
        if match and not any(f"/{name}/" in match[1] for name in _INSTALLED) and _inside(match[1], folder)
    ]
    python = [one for one in ours if one.file.endswith(".py")]
    return python[-1] if python else next(iter(ours), None)


def _inside(file: str, folder: Path) -> str:
    """A file relative to the folder; empty where it is not in it."""
    if not file.startswith("/"):
        return file
    return file.removeprefix(f"{folder}/") if file.startswith(f"{folder}/") else ""


def _without(text: str, folder: Path) -> str:
    """A text in which paths in the copy are relative: the copy is gone when the user reads it."""
    up, current = "", folder
    text = text.replace(f"{current}/", "").replace(str(current), ".")
    while COPY in current.parts and current.name != COPY:
        up, current = f"../{up}", current.parent
        text = text.replace(f"{current}/", up)
    return text


_REMEDIES: Final[Sequence[tuple[str, str]]] = (
    (
        r"Cannot find (?:module|package) ['\"](?P<name>(?:\.|/)[^'\"]*)['\"]",
        "{name} is not in the project: build the project first, or correct the path",
    ),
    (
        r"Cannot find (?:module|package) ['\"](?P<name>@[^/'\"]+/[^/'\"]+|[^@'\"/][^/'\"]*)",
        "install the project's packages (npm ci), or this one: npm install {name}",
    ),
    (
        r"No module named '(?P<name>[^'.]+)",
        "install the project's packages for the python that runs it: pip install -r requirements.txt",
    ),
    (r"lugin \"(?P<name>[^\"]+)\" not found", "install the project's packages (npm ci), or this one: npm i -D {name}"),
    (
        r"package lock file",
        "run npm install in the project's folder, which writes package-lock.json, or set depsLockFilePath",
    ),
    (r"Cannot find asset at", "build the project first (for example npm run build), or correct the path"),
    (
        r"Could not find Docker installation|requires a container runtime",
        "name images that are in a registry (ImageUri, image: URI), because prove cannot push what is built",
    ),
    (
        r"spawn(?:Sync)? docker ENOENT|docker: command not found|[Cc]annot connect to the Docker daemon|"
        r"Docker is (?:unreachable|not running)|docker exited|Finch",
        "start Docker, which builds this asset; NodejsFunction builds without it after npm install --save-dev esbuild",
    ),
    (
        r"Cannot find esbuild",
        "npm install --save-dev esbuild in the function's folder, or put esbuild on the PATH",
    ),
    (
        r"Binary validation failed for (?P<name>\w+)",
        "install the release of {name} that the function's Runtime names, and put it on the PATH",
    ),
    (r"ERESOLVE", "correct the versions in package.json until npm install succeeds in this folder"),
    (r"Parameters are missing a value|Parameters: \[.*\] must have values", "give each a value: --param NAME=VALUE"),
    (
        r"CLI is not compatible with the CDK library|[Ss]chema version mismatch",
        "install the newest program: npm install --save-dev aws-cdk@latest",
    ),
    (
        r"Need to perform AWS calls|[Cc]ontext provider|Could not find any VPCs|Found zones: \[\]|context lookups",
        "run cdk synth for your account once: it keeps what it looks up in cdk.context.json",
    ),
    (
        r"Configuration error at '[^']{0,200}runtime'",
        "write a runtime that this framework knows, or run the framework that deploys the project (--framework, "
        "--framework-program)",
    ),
    (
        r"does not satisfy the \"frameworkVersion\"",
        "remove frameworkVersion from the project file, or run the version that it asks for (--framework-program)",
    ),
    (
        r"(?P<name>[\w.-]+): (?:command )?not found|spawn (?P<other>[\w./-]+) ENOENT",
        "install {name}{other}, or put it on the PATH",
    ),
    (r"^TS\d+:", "make `npx tsc --noEmit` succeed in the project's folder"),
    (
        r"No such file or directory|Not a directory|does not exist|ENOENT",
        "the project names a path that is not there: correct it, or build the project first",
    ),
)  # fmt: skip
"""Patterns of errors, and what to do about each. The first that matches counts."""


def remedy_of(error: str) -> str:
    """What to do about an error; empty where that is not known."""
    for pattern, remedy in _REMEDIES:
        if match := re.search(pattern, error):
            groups = {name: value or "" for name, value in match.groupdict().items()}
            return remedy.format(**groups)
    return ""
