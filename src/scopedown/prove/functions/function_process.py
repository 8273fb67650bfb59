"""One function, ready to be run on events, each in a process of its own.

In: a function, its code, an interpreter, the local AWS, the credentials of its role. Out: an
:class:`~.model.EventRun` for each event. The process starts ``in_node/bootstrap.cjs`` or ``in_python/bootstrap.py``,
which load the handler as Lambda does; this module prepares what they read (a JSON file), and reads what they leave.

The code is the user's own and runs because the user asked for it. Its process has a clean environment and a network
that ends at the local AWS, but this is no sandbox: it reads and writes files as the user may.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from scopedown.project.model import Function
from scopedown.prove.endpoint import Credentials, Endpoint
from scopedown.prove.events.setting import Sample
from scopedown.prove.functions.code import UPLOADED, Code
from scopedown.prove.functions.environment import HERE, environment_of, memory_of, name_of, timeout_of
from scopedown.prove.functions.model import EventRun, FunctionRun
from scopedown.prove.functions.process import Ended, run
from scopedown.prove.functions.runtimes import Interpreter
from scopedown.source.resolve.environments import ENVIRONMENTS, site_packages

BOOTSTRAPS: Final = {"python": HERE / "in_python" / "bootstrap.py", "node": HERE / "in_node" / "bootstrap.cjs"}
PATIENCE: Final = 2
"""Events of one function whose time may be over; its others are then not run."""
SHOWN: Final = 1000
"""Characters of what a handler answers that are kept for the report."""
_LINE: Final = 500


class FunctionProcess:
    """One function, ready to be run."""

    def __init__(
        self, function: Function, code: Code, with_what: Interpreter, where: Endpoint, who: Credentials, folder: Path,
        work: Path, timeout: float,
    ) -> None:  # fmt: skip
        self.function = function
        self.code = code
        self.with_what = with_what
        self.where = where
        self.who = who
        self.folder = folder
        self.work = work
        self.timeout = timeout
        self.notes = [with_what.note] if with_what.note else []
        self.provided: list[str] = []
        self.missing: list[str] = []
        """Packages that Lambda's runtime brings along, and programs of layers, that are not here."""

    def run(
        self, asked: list[Sample], on_progress: Callable[[str, str], None], before: tuple[EventRun, ...] = ()
    ) -> FunctionRun:
        """Run it on each event; where its module does not load, only on the first. ``before`` are its earlier runs."""
        runs: list[EventRun] = []
        started = bool(before)
        for sample in asked:
            on_progress(self.function.key, sample.name)
            self._seed(sample)
            one, has_started = self.on(sample)
            runs.append(one)
            started = started or has_started
            if one.outcome == "load" or (not has_started and one.outcome == "timeout"):
                break
            if [run.outcome for run in runs].count("timeout") == PATIENCE and len(runs) < len(asked):
                self.notes.append(f"{len(asked) - len(runs)} more events were not run: {PATIENCE} did not end in time")
                break
        why = "" if started else self.why(runs[-1])
        self.notes += notes_of(self.provided, self.function.runtime)
        return FunctionRun(
            self.function.key, started, why, (*before, *runs), str(self.with_what), self.code.name,
            tuple(dict.fromkeys(self.notes)),
        )  # fmt: skip

    def why(self, last: EventRun) -> str:
        """Why it did not start, by its last run."""
        if last.outcome == "load":
            why = sentence_of(last.error, self.with_what.language, self.code, self.folder, self._layers())
            return why if why != last.error else f"it could not be loaded: {last.error_type}: {last.error}"
        return f"it could not be loaded: {last.error or last.outcome}"

    def _layers(self) -> list[str]:
        """The layers of others, by name: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION."""
        given = self.function.settings.get("layers")
        texts = [str(one) for one in given if isinstance(one, str)] if isinstance(given, list | tuple) else []
        return [f"the layer {text.split(':')[6]}" for text in texts if text.startswith("arn:") and text.count(":") >= 6]

    def _seed(self, sample: Sample) -> None:
        for seed in sample.seeds:
            try:
                self.where.seed(seed.service, seed.operation, seed.parameters)
            except Exception as error:  # a client's own errors, of any service: the event arrives all the same
                self.notes.append(f"{seed.what} could not be prepared: {error}")

    def on(self, sample: Sample, kept: int = SHOWN) -> tuple[EventRun, bool]:
        """Run it on one event, in a folder of its own; ``kept`` characters of what it answers. Whether it started."""
        place = Path(tempfile.mkdtemp(dir=self.work))
        home = place / "home"
        home.mkdir()
        asked, started, told, refused = (place / name for name in ("asked.json", "started", "told.json", "refused"))
        provided, missing = place / "provided", place / "missing"
        guard = urlsplit(self.where.address)
        asked.write_text(
            json.dumps({
                "guard": {"host": guard.hostname, "port": guard.port}, "refused": str(refused), "started": str(started),
                "result": str(told), "kept": kept, "missing": str(missing),
                "handler": self.code.handler, "root": str(self.code.root), "event": sample.event,
                "context": self._context(), **self._modules(provided),
            }),
            encoding="utf-8",
        )  # fmt: skip
        environment, notes = environment_of(self.function, self.code, self.with_what, self.where, self.who, asked, home)
        self.notes += notes
        flags = self._flags()
        command = [self.with_what.program, *flags, str(BOOTSTRAPS[self.with_what.language])]
        try:
            ended = run(command, self.code.root, environment, self.timeout)
        except OSError as error:
            return EventRun(sample.name, "exit", type(error).__name__, str(error)), False
        self.provided += _lines(provided)
        self.missing += _lines(missing)
        return self._read(sample, ended, told, refused, started.exists()), started.exists()

    def _read(self, sample: Sample, ended: Ended, told: Path, refused: Path, has_started: bool) -> EventRun:
        hosts = tuple(dict.fromkeys(_lines(refused)))
        try:
            result: Mapping[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            result = {}
        error, kind = "", ""
        if ended.code is None and not result:
            outcome = "timeout"
            what = "its handler did not end" if has_started else "its module did not load"
            error = f"{what} within {self.timeout:g} s"
        elif not result:
            outcome, kind = "exit", f"exit {ended.code}"
            error = f"the process ended with {ended.code} before the handler did"
        else:
            outcome, kind = str(result["outcome"]), str(result.get("type", ""))
            error = " ".join(str(result.get("message", "")).split("\nRequire stack:")[0].split())[:_LINE]
        return EventRun(
            sample.name, outcome, kind, error, ended.output, round(ended.seconds, 3), hosts,
            str(result.get("result", "")) if outcome == "ok" else "",
        )  # fmt: skip

    def _context(self) -> Mapping[str, Any]:
        name = name_of(self.function, self.where)
        partition = "aws-cn" if self.where.region.startswith("cn-") else "aws"
        return {
            "functionName": name,
            "functionVersion": "$LATEST",
            "invokedFunctionArn": f"arn:{partition}:lambda:{self.where.region}:{self.where.account}:function:{name}",
            "memoryLimitInMB": str(memory_of(self.function)),
            "awsRequestId": str(uuid.uuid4()),
            "logGroupName": f"/aws/lambda/{name}",
            "logStreamName": "2026/01/01/[$LATEST]0",
            "milliseconds": timeout_of(self.function) * 1000,
        }

    def _modules(self, provided: Path) -> Mapping[str, Any]:
        """Where the function's imports are looked for beside its own folder."""
        if self.with_what.language == "node":
            own = [Path(part) for part in os.environ.get("NODE_PATH", "").split(os.pathsep) if part]
            folders = (self.folder / "node_modules", *own, *self.where.runtime_modules)
            return {
                "provided": str(provided),
                "runtime_modules": [str(folder) for folder in folders if folder.is_dir()],
            }
        major = ".".join(self.with_what.version.split(".")[:2])
        layers = [
            str(layer / place)
            for layer in self.code.layers
            for place in ("python", f"python/lib/python{major}/site-packages")
        ]
        boto3 = importlib.util.find_spec("boto3")
        return {
            "paths": [str(self.code.root), *layers],
            "layers": [str(layer) for layer in self.code.layers],
            "more_paths": [str(package) for package in self._site_packages()],
            "provided": str(Path(boto3.origin).parent.parent) if boto3 is not None and boto3.origin else "",
        }

    def _site_packages(self) -> list[Path]:
        """The packages that are installed for a project that is not packaged: those of its virtual environment."""
        if self.code.is_packaged:
            return []
        active = [Path(os.environ["VIRTUAL_ENV"])] if os.environ.get("VIRTUAL_ENV") else []
        for place in (*(self.folder / name for name in ENVIRONMENTS), *active):
            if found := site_packages(place):
                return found
        return []

    def _flags(self) -> list[str]:
        if self.with_what.language == "node":
            return []
        return ["-S"] if self.code.is_packaged or self._site_packages() else []


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


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
