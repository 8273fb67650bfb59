"""Scans many programs at once, each as a function of one project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from conformance.programs import Language

BATCH = 100
ACTION = "dynamodb:PutItem"


class Answer(Enum):
    """What scopedown says of a program with a call."""

    REPORTED = "reported"
    NOT_WHOLE = "not whole"
    SILENT = "silent"
    CRASH = "crash"
    SLOW = "slow"


@dataclass(frozen=True)
class Verdict:
    """The answer, and what was not seen or what went wrong."""

    answer: Answer
    said: str = ""


def scanned(programs: dict[str, str], folder: Path, language: Language) -> dict[str, Verdict]:
    """The verdict on each program; ``programs`` are texts by name."""
    found: dict[str, Verdict] = {}
    names = list(programs)
    for start in range(0, len(names), BATCH):
        found |= _batch({name: programs[name] for name in names[start : start + BATCH]}, folder, language)
    return found


def _batch(programs: dict[str, str], folder: Path, language: Language) -> dict[str, Verdict]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    language.written(folder, list(programs.values()))
    command = [sys.executable, "-m", "scopedown", "scan", str(folder), "--format", "json", "--no-cache"]
    seconds = 60 + 2 * len(programs)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
        read = {one["name"]: one for one in json.loads(done.stdout)["functions"]}
    except subprocess.TimeoutExpired:
        return _halves(programs, folder, language, Verdict(Answer.SLOW, f"over {seconds} s"))
    except (ValueError, KeyError):
        return _halves(programs, folder, language, Verdict(Answer.CRASH, done.stderr[-2000:]))
    return {name: _verdict(read.get(f"f{number}"), done.stderr) for number, name in enumerate(programs)}


def _halves(programs: dict[str, str], folder: Path, language: Language, alone: Verdict) -> dict[str, Verdict]:
    """Looks for the programs of a batch that made it fail."""
    if len(programs) == 1:
        return dict.fromkeys(programs, alone)
    names = list(programs)
    middle = len(names) // 2
    return {
        name: verdict
        for part in (names[:middle], names[middle:])
        for name, verdict in _batch({name: programs[name] for name in part}, folder, language).items()
    }


def _verdict(function: dict[str, Any] | None, errors: str) -> Verdict:
    if function is None:
        return Verdict(Answer.CRASH, errors[-2000:] or "the function is not in the report")
    coverage = function["coverage"]
    if "fault of scopedown" in json.dumps(function):
        return Verdict(Answer.CRASH, json.dumps(coverage))
    if any(one["action"] == ACTION for one in function["permissions"]):
        return Verdict(Answer.REPORTED, coverage["verdict"])
    unseen = "; ".join(f"{one.get('line')}: {one.get('what')}" for one in coverage["unseen"])
    return Verdict(Answer.SILENT if coverage["verdict"] == "whole" else Answer.NOT_WHOLE, unseen)
