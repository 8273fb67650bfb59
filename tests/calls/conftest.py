"""Small sources in, found calls out, in words that a test can compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import Alternatives, Argument, CallReport, SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.text import Text
from scopedown.source.sources import Sources

collect_ignore = ["sources"]
"""They are read, not run."""

Calls = Callable[..., list[str]]


def show(argument: Argument) -> str:
    """``env:X`` as ``${env:X}``, unknown as ``*``, alternatives with ``|``."""
    match argument:
        case Text():
            return str(argument)
        case Alternatives(options=options):
            return "|".join(sorted(show(option) for option in options))
        case tuple():
            return "[" + ",".join(show(item) for item in argument) + "]"
        case Mapping():
            return "{" + ",".join(f"{key}:{show(item)}" for key, item in argument.items()) + "}"
        case _:
            return str(argument)


def words(call: SdkCall) -> str:
    """``s3.PutObject Bucket=b Key=* as ROLE``."""
    arguments = "".join(f" {name}={show(value)}" for name, value in call.arguments.items() if name != "$parts")
    return call.name + arguments + (f" as {call.credentials}" if call.credentials is not None else "")


def report_of(
    folder: Path, source: str, files: Mapping[str, str] | None, symbol: str, dependencies: Mapping[str, str] | None
) -> CallReport:
    for name, text in {"app.py": source, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), dependencies or {}, "app.py", symbol)


@pytest.fixture
def python_report(tmp_path: Path) -> Callable[..., CallReport]:
    """The report of a Python source whose entry is ``handler``; ``files`` are further ones."""

    def report(
        source: str,
        files: Mapping[str, str] | None = None,
        symbol: str = "handler",
        dependencies: Mapping[str, str] | None = None,
    ) -> CallReport:
        return report_of(tmp_path, source, files, symbol, dependencies)

    return report


@pytest.fixture
def python_calls(python_report: Callable[..., CallReport]) -> Calls:
    """The calls of a Python source, each in words, in the order of their places."""

    def calls(source: str, **options: object) -> list[str]:
        return [words(call) for call in python_report(source, **options).calls]

    return calls


@pytest.fixture
def javascript_report(tmp_path: Path) -> Callable[..., CallReport]:
    """The report of a JavaScript source (TypeScript with ``file="app.ts"``) whose entry is ``handler``."""

    def report(
        source: str,
        files: Mapping[str, str] | None = None,
        symbol: str = "handler",
        dependencies: Mapping[str, str] | None = None,
        file: str = "app.js",
    ) -> CallReport:
        for name, text in {file: source, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return find_calls(Sources(str(tmp_path)), catalog(), dependencies or {}, file, symbol)

    return report


@pytest.fixture
def javascript_calls(javascript_report: Callable[..., CallReport]) -> Calls:
    """The calls of a JavaScript source, each in words, in the order of their places."""

    def calls(source: str, **options: object) -> list[str]:
        return [words(call) for call in javascript_report(source, **options).calls]

    return calls
