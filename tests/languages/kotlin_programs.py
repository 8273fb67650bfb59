"""Small programs in Kotlin, and the calls that are found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

SOURCES = "src/main/kotlin/com/acme"


def report_of(
    folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "com.acme.Handler::handleRequest"
) -> CallReport:
    """The report of a handler: ``source`` is ``Handler.kt`` of a module of Gradle, ``files`` are further ones beside it
    (or, with a slash in front, of the module)."""
    given = {"/build.gradle.kts": "", "Handler.kt": source, **(files or {})}
    for name, text in given.items():
        path = folder / (name[1:] if name.startswith("/") else f"{SOURCES}/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, f"{SOURCES}/Handler.kt", symbol)


def calls_of(
    folder: Path, source: str, files: Mapping[str, str] | None = None, symbol: str = "com.acme.Handler::handleRequest"
) -> list[str]:
    """Its calls."""
    return [words(call) for call in report_of(folder, source, files, symbol).calls]


def handler(body: str, *imports: str, fields: str = "", beside: str = "") -> str:
    """A handler with this body; ``fields`` are members of its class, ``beside`` further declarations."""
    lines = "\n".join(f"import {one}" for one in imports)
    return f"""package com.acme

import com.amazonaws.services.lambda.runtime.Context
import com.amazonaws.services.lambda.runtime.RequestHandler
{lines}

{dedent(beside)}

class Handler : RequestHandler<Map<String, String>, String> {{
{dedent(fields)}
    override fun handleRequest(input: Map<String, String>, context: Context): String {{
{dedent(body)}
        return "ok"
    }}
}}
"""
