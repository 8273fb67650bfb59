"""What is missing where a function's code cannot be loaded, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scopedown.prove.functions.code import UPLOADED, Code

_NODE: Final = re.compile(r"Cannot find (?:module|package) '([^']+)'")
_PYTHON: Final = re.compile(r"No module named '([^']+)'")
_VERSION_2: Final = "aws-sdk"


def sentence_of(message: str, language: str, code: Code, folder: Path, layers: Sequence[str] = ()) -> str:
    """One sentence on why a module did not load: the missing dependency with its remedy, else the error itself.

    ``layers`` are those that the function uses and the project does not make.
    """
    found = (_NODE if language == "node" else _PYTHON).search(message)
    if found is None or found[1].startswith((".", "/")) or re.match(r"[A-Za-z]:\\", found[1]):
        return message
    name = found[1]
    if layers and not name.startswith(("aws-sdk", "@aws-sdk/")):
        what = found[0][0].upper() + found[0][1:]
        return f"{what}: it may be in {', '.join(layers)}, which is not installed; install it to run the function"
    if language == "python":
        what = f"No module named {name!r}"
        if code.is_packaged and code.name in (UPLOADED, "the template"):
            return f"{what}: it is not in {code.name}; add it to requirements.txt, or to a layer"
        if code.is_packaged:
            return f"{what}: it is not in {code.name} (serverless-python-requirements packages requirements.txt)"
        return f"{what}: install it into the project's .venv, or package the project"
    what = f"Cannot find module '{name}'"
    if re.match(r"(aws-sdk$|aws-sdk/|@aws-sdk/)", name):
        remedy = f"npm install --save-dev {_package(name)}, or name a node_modules that has it in NODE_PATH"
        return f"{what}: the SDK that Lambda provides is not installed here; {remedy}"
    if code.is_packaged:
        return f"{what}: it is not in {code.name}; install the dependencies (npm ci) and package again"
    if not any((place / "node_modules").is_dir() for place in (code.root, folder)):
        return f"{what}: node_modules is missing: run npm ci"
    return f"{what}: npm install {_package(name)}"


def _package(name: str) -> str:
    return "/".join(name.split("/")[: 2 if name.startswith("@") else 1])


def notes_of(provided: Sequence[str], runtime: str | None) -> list[str]:
    """What code was lent that Lambda's runtime does not bring along: version 2 of the SDK is in nodejs16.x and older,
    version 3 in nodejs18.x and later (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html)."""
    found = re.match(r"nodejs(\d+)", runtime or "")
    if found is None:
        return []
    brings_version_3 = int(found[1]) >= 18
    strange = {_package(name) for name in provided if (_package(name) == _VERSION_2) == brings_version_3}
    return [
        f"{name} is neither in the function's code nor in {runtime}: on Lambda it fails to load"
        for name in sorted(strange)
    ]
