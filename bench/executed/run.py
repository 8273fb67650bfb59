"""Are the SDK calls that a project's own tests make in its scan?

    python bench/executed/run.py CONFIG [--folder FOLDER] [--show] -- COMMAND …

CONFIG is a project file or folder, as for ``scopedown scan``, whose packages are installed; COMMAND runs its tests
(``.venv/bin/python -m pytest -q``, ``npx jest``) in FOLDER, by default CONFIG's. The tests may use moto, botocore's
Stubber, aws-sdk-client-mock or an endpoint of their own: noted is what is asked of an SDK's client while a handler
runs (``python/sitecustomize.py``, ``record.cjs``). Each noted call must be in the scan of that handler's function, or
the function must not be called *whole*.

Printed are the functions whose handlers ran, their calls, what is missing, and why one is not whole. Exit 1 where a
call is missing and the function was called whole; 2 where the tests made no call while a handler ran. **The tests of
CONFIG are executed**: run it where they can do no harm. What is asked of the mocks and fakes that replace boto3, or the
SDK of JavaScript, is noted too (``python/replaced.py``). A test that replaces the project's own helpers makes no call.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.catalog.names import method_name
from scopedown.core.coverage import Verdict
from scopedown.project.load import Options, load_project
from scopedown.scan import FunctionScan, scan

HERE = Path(__file__).parent
Call = tuple[str, str]
"""botocore's name of a service, and the operation."""

# Document clients name their commands after the operation of an item.
# Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-lib-dynamodb/
_DOCUMENT = {
    "Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "BatchGet": "BatchGetItem",
    "BatchWrite": "BatchWriteItem", "TransactGet": "TransactGetItems", "TransactWrite": "TransactWriteItems",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One noted call, and the handlers that ran: ``(file, symbol)``. It is one of ``calls``: a mock may serve for
    several services."""

    calls: frozenset[Call]
    handlers: frozenset[tuple[str, str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--folder", type=Path, help="where COMMAND runs")
    parser.add_argument("--seconds", type=float, default=120, help="when the tests are ended")
    parser.add_argument("--show", action="store_true", help="print the output of the tests")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    asked = parser.parse_args()
    project = load_project(asked.config, Options(account="123456789012"))
    functions = scan(project, catalog()).functions
    handlers: dict[tuple[str, str], list[FunctionScan]] = defaultdict(list)
    for one in functions:
        handler = one.function.handler
        if handler is not None and handler.file is not None:
            handlers[str(Path(project.root, handler.file).resolve()), handler.symbol].append(one)
    folder = asked.folder or (asked.config if asked.config.is_dir() else asked.config.parent)
    return _judge(handlers, _executed(asked.command, folder, handlers, asked.show, asked.seconds))


def _executed(
    command: list[str], folder: Path, handlers: Iterable[tuple[str, str]], show: bool, seconds: float
) -> list[Seen]:
    """Runs the tests and reads what was noted."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for file, symbol in handlers:
        by_file[file].append(symbol)
    with tempfile.TemporaryDirectory() as scratch:
        wanted, seen, known = (Path(scratch, one) for one in ("handlers.json", "seen.jsonl", "operations.json"))
        wanted.write_text(json.dumps(by_file), "utf-8")
        seen.touch()
        known.write_text(json.dumps(_operations()), "utf-8")
        environment = {
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true", **os.environ,
            "SCOPEDOWN_HANDLERS": str(wanted), "SCOPEDOWN_SEEN": str(seen), "SCOPEDOWN_OPERATIONS": str(known),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE / "python"), os.environ.get("PYTHONPATH")))),
            "NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --require {HERE / 'record.cjs'}".strip(),
        }  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", timeout=seconds
            )
            said = (done.stdout + done.stderr).strip().splitlines()
        except subprocess.TimeoutExpired:
            said = [f"the tests were ended after {seconds} s"]
        print("\n".join(said if show else said[-1:]))
        lines = seen.read_text("utf-8").splitlines()
    services = _services()
    noted = [(json.loads(line), _seen(json.loads(line), services)) for line in dict.fromkeys(lines)]
    # A mock may be asked for what is no operation.
    return [one for line, one in noted if not line.get("mocked") or all(map(_is_operation, one.calls))]


def _operations() -> list[tuple[str, str, str, list[str]]]:
    """The Python method, service, name and parameters of every operation."""
    query = (
        "SELECT s.name, o.name, o.method, m.value FROM operation o JOIN service s ON s.id = o.service "
        "LEFT JOIN text m ON m.id = o.members"
    )
    return [
        (method or method_name(name), service, name, (members or "").replace("*", "").split())
        for service, name, method, members in catalog().rows(query)
    ]


def _is_operation(call: Call) -> bool:
    service, operation = call
    return catalog().operation(service, operation) is not None


def _services() -> dict[str, str]:
    """botocore's name of a service by all of its names, letters and digits only."""
    named = {}
    for one in catalog().services():
        for name in (one.name, one.service_id, one.v2_class or "", f"{one.service_id}Client"):
            named[_letters(name)] = one.name
    return named


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _seen(line: dict[str, object], services: dict[str, str]) -> Seen:
    calls, handlers = line["calls"], line["handlers"]
    assert isinstance(calls, list)
    assert isinstance(handlers, list)
    return Seen(
        frozenset(_call(str(service), str(operation), services) for service, operation in calls),
        frozenset((str(file), str(symbol)) for file, symbol in handlers),
    )


def _call(service: str, operation: str, services: dict[str, str]) -> Call:
    name = services.get(_letters(service), service)
    if name.startswith("DynamoDBDocument"):
        name = "dynamodb"
    if name == "dynamodb":
        operation = _DOCUMENT.get(operation, operation)
    return name, operation


def _judge(handlers: dict[tuple[str, str], list[FunctionScan]], noted: list[Seen]) -> int:
    """Prints what each handler called, and what of it its scan has."""
    silent = absent = seen = all_whole = 0
    called: dict[tuple[str, str], set[frozenset[Call]]] = defaultdict(set)
    for one in noted:
        for handler in one.handlers:
            called[handler].add(one.calls)
    outside = sum(not one.handlers for one in noted)
    for (file, symbol), calls in sorted(called.items()):
        functions = handlers[file, symbol]
        has = {(call.service, call.operation) for one in functions for call in one.report.calls}
        missing = {alternatives for alternatives in calls if not alternatives & has}
        whole = all(one.coverage.verdict is Verdict.WHOLE for one in functions)
        lost = bool(missing) and whole
        silent, absent, seen, all_whole = silent + lost, absent + len(missing), seen + len(calls), all_whole + whole
        verdict = "LOST IN SILENCE" if lost else "whole" if whole else "not whole"
        names = ", ".join(one.function.key for one in functions)
        print(f"{verdict}: {names}: {_words(calls)}" + (f"; missing: {_words(missing)}" if missing else ""))
        for reason in sorted({f"{why.cause.value}: {why.what}" for one in functions for why in one.coverage.unseen}):
            print(f"    {reason}")
    print(f"{len(called)} handlers ran, {all_whole} whole; {seen} calls, {absent} not in the scan"
          f", {silent} lost in silence; {outside} calls outside of handlers")  # fmt: skip
    return int(bool(silent)) or (0 if called else 2)


def _words(calls: Iterable[frozenset[Call]]) -> str:
    """The calls in order; what may be one of several is named with all of them."""
    return ", ".join(
        sorted(" or ".join(sorted(f"{service}.{operation}" for service, operation in one)) for one in calls)
    )


if __name__ == "__main__":
    sys.exit(main())
