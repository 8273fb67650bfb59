"""Small programs in Go, and the calls that are found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

_IMPORTS = {
    "aws": "github.com/aws/aws-sdk-go/aws",
    "session": "github.com/aws/aws-sdk-go/aws/session",
    "config": "github.com/aws/aws-sdk-go-v2/config",
    "lambda": "github.com/aws/aws-lambda-go/lambda",
    "events": "github.com/aws/aws-lambda-go/events",
}
"""Packages that a test names without saying which they are."""


def report_of(folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "main") -> CallReport:
    """The report of a program: ``source`` is ``main.go``, ``files`` are further ones."""
    given = {"go.mod": "module example.com/app\n\ngo 1.22\n", "main.go": source, **(files or {})}
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, "main.go", symbol)


def calls_of(folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "main") -> list[str]:
    """Its calls."""
    return [words(call) for call in report_of(folder, source, files, symbol).calls]


def program(body: str, *imports: str, handler: str = "", version: int = 2) -> str:
    """A program whose handler has this body; ``imports`` are paths, or short names of the SDK's services. ``handler``
    is code beside it."""
    sdk = "github.com/aws/aws-sdk-go" + ("-v2" if version == 2 else "")
    paths = [one if "/" in one or one in _STANDARD else _IMPORTS.get(one, f"{sdk}/service/{one}") for one in imports]
    lines = "\n".join(f'"{path}"' for path in dict.fromkeys((_IMPORTS["lambda"], "context", *paths)))
    return f"""package main

import (
{lines}
)

{dedent(handler)}

func handle(ctx context.Context, event map[string]string) error {{
{dedent(body)}
    return nil
}}

func main() {{
    lambda.Start(handle)
}}
"""


_STANDARD = frozenset(
    {"os", "fmt", "strings", "sync", "errors", "time", "sort", "strconv", "io", "path", "flag", "reflect"}
)
