"""Scans many programs at once, each as a function of one project."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from enum import Enum
from functools import cache
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
    seconds = 60 + 2 * len(programs)
    said, errors, in_time = _scan(folder, seconds)
    if not in_time:
        return _halves(programs, folder, language, Verdict(Answer.SLOW, f"over {seconds} s"))
    try:
        read = {one["name"]: one for one in json.loads(said)["functions"]}
    except (ValueError, KeyError):
        return _halves(programs, folder, language, Verdict(Answer.CRASH, errors[-2000:]))
    return {name: _verdict(read.get(f"f{number}"), errors) for number, name in enumerate(programs)}


def _scan(folder: Path, seconds: float) -> tuple[str, str, bool]:
    """What a scan prints and its errors, and whether it ended in time.

    It runs in a fork of this process, where scopedown is loaded: starting it takes longer than most scans.
    """
    _load()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
            with contextlib.suppress(BaseException):
                _command(folder)
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(0)
        until = time.monotonic() + seconds
        in_time = True
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            if time.monotonic() > until:
                in_time = False
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.05)
        out.seek(0)
        errors.seek(0)
        return out.read().decode("utf-8", "replace"), errors.read().decode("utf-8", "replace"), in_time


def _command(folder: Path) -> None:
    from scopedown.cli.main import main

    main(["scan", str(folder), "--format", "json", "--no-cache", "--jobs", "1"])


@cache
def _load() -> None:
    """Scans an empty function, so that what scans load once is loaded in this process."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        Path(folder, "f.py").write_text(
            "import boto3\n\ndef f(e, c):\n    boto3.client('s3').list_buckets()\n", "utf-8"
        )
        Path(folder, "serverless.yml").write_text(
            "service: s\nprovider: {name: aws, runtime: python3.11}\nfunctions: {f: {handler: f.f}}\n", "utf-8"
        )
        with contextlib.suppress(SystemExit):
            _command(Path(folder))


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
