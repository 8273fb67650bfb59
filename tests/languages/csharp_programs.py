"""Small programs in C#, and the calls that are found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

_USINGS = """
using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks;
using Amazon.DynamoDBv2; using Amazon.DynamoDBv2.Model; using Amazon.S3; using Amazon.S3.Model; using Amazon.SQS;
using Amazon.SQS.Model; using Amazon.Lambda.Core;
"""
PROJECT = '<Project Sdk="Microsoft.NET.Sdk"></Project>'


def report_of(
    folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "App.Function::Handler"
) -> CallReport:
    """The report of a program: ``source`` is ``src/Function.cs`` in the namespace App, ``files`` are further ones."""
    given = {
        "src/App.csproj": PROJECT,
        "src/Function.cs": f"{_USINGS}\nnamespace App;\n{dedent(source)}",
        **(files or {}),
    }
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    return find_calls(Sources(str(folder)), catalog(), {}, "src/Function.cs", symbol)


def calls_of(
    folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "App.Function::Handler"
) -> list[str]:
    """Its calls."""
    return [words(call) for call in report_of(folder, source, files, symbol).calls]


def handler(body: str, members: str = "") -> str:
    """A class whose handler has this body, beside other members."""
    return f"""
public class Function
{{
{dedent(members)}
    public async Task<string> Handler(Dictionary<string, string> input, ILambdaContext context)
    {{
{dedent(body)}
        return "";
    }}
}}
"""
