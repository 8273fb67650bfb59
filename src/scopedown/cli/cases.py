"""Files of cases, one JSON object a line: each is decided, and compared with what it expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from scopedown.core.place import Place
from scopedown.iam.cases import case_objects
from scopedown.iam.errors import PolicyError, RequestError

Case = Mapping[str, Any]


def run_cases(
    file: Path, form: str, key: str, page: str,
    expected: Callable[[Case, Place], str], decide: Callable[[Case], tuple[str, Iterable[str]]], invalid: str,
) -> int:  # fmt: skip
    """Run every case, and give the exit code. A case whose policies are wrong is ``invalid``, and the others still run.

    ``expected`` reads what a case expects, ``decide`` gives the result and lines that explain it; the result is called
    ``key`` in JSON. ``page`` documents the cases. Raises RequestError for a file that is none of cases.
    """
    passed = failed = 0
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestError("is not UTF-8 text", Place(str(file))) from None
    for place, data in case_objects(text, str(file)):
        wanted = expected(data, place)
        try:
            result, why = decide(data)
        except (PolicyError, RequestError) as error:
            result, why = invalid, [error.message]
        good = result == wanted
        passed, failed = passed + good, failed + (not good)
        if form == "json":
            record = {"id": data.get("id"), "expected": wanted, key: result, "pass": good}
            click.echo(json.dumps(record, ensure_ascii=False))
        elif not good:
            head = f"FAILED {data.get('id')}: expected {wanted}, {'decided' if key == 'decision' else 'found'} {result}"
            click.echo("\n".join([head, f"  {place}", *(f"  {line}" for line in why)]))
    if not passed + failed:
        raise RequestError("holds no case", Place(str(file)), f"write one case a line, as {page} shows")
    if form == "text":
        click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
