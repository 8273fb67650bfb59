"""Small programs in Java, and the calls that are found in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

SOURCES = "src/main/java"
POM = "<project><artifactId>app</artifactId></project>"

_CLIENTS = {
    "DynamoDbClient": "software.amazon.awssdk.services.dynamodb.DynamoDbClient",
    "DynamoDbAsyncClient": "software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient",
    "S3Client": "software.amazon.awssdk.services.s3.S3Client",
    "SqsClient": "software.amazon.awssdk.services.sqs.SqsClient",
    "StsClient": "software.amazon.awssdk.services.sts.StsClient",
    "PutItemRequest": "software.amazon.awssdk.services.dynamodb.model.PutItemRequest",
    "AttributeValue": "software.amazon.awssdk.services.dynamodb.model.AttributeValue",
    "Region": "software.amazon.awssdk.regions.Region",
}
"""Classes that a test names without importing them."""


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files; a Java source without a folder stands in its package's folder below ``src/main/java``."""
    for name, text in files.items():
        source = dedent(text)
        if name.endswith(".java") and "/" not in name:
            package = re.search(r"(?m)^package ([\w.]+);", source)
            below = package[1].replace(".", "/") if package else ""
            name = f"{SOURCES}/{below}/{name}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")


def report_of(
    folder: Path,
    files: Mapping[str, str],
    symbol: str = "com.acme.App::handleRequest",
    environment: Mapping[str, str] | None = None,
) -> CallReport:
    """The report of a program, whose handler's class is ``com.acme.App``."""
    write(folder, {"pom.xml": POM, **files})
    file = f"{SOURCES}/{symbol.partition('::')[0].partition('$')[0].replace('.', '/')}.java"
    return find_calls(Sources(str(folder)), catalog(), {}, file, symbol, environment)


def calls_of(
    folder: Path,
    files: Mapping[str, str],
    symbol: str = "com.acme.App::handleRequest",
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Its calls."""
    return [words(call) for call in report_of(folder, files, symbol, environment).calls]


def program(body: str, members: str = "", *imports: str) -> dict[str, str]:
    """A program whose handler has this body; ``members`` stand beside it. Of version 2's classes, some are
    imported where their names stand."""
    text = f"{members}\n{body}"
    first = any(one.startswith("com.amazonaws.") for one in imports)
    names = [full for name, full in _CLIENTS.items() if not first and re.search(rf"\b{name}\b", text)]
    lines = "\n".join(f"import {one};" for one in dict.fromkeys([*names, *imports]))
    return {
        "App.java": f"""package com.acme;
{lines}
import java.util.*;
import java.util.stream.*;

public class App {{
{indent(dedent(members), "    ")}
    public Object handleRequest(Object event, Object context) {{
{indent(dedent(body), "        ")}
    }}
}}
"""
    }
