"""The official client of the ``mcp`` package, talking to ``python -m scopedown mcp`` in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, InitializeResult, Tool

TODOS = Path(__file__).resolve().parents[2] / "examples" / "todos"
SECONDS = 90
"""After which a test gives up, on a machine that does much else."""


@dataclass
class Client:
    """A session, for code that is not asynchronous."""

    portal: BlockingPortal
    session: ClientSession
    greeting: InitializeResult

    def call(self, name: str, /, **arguments: Any) -> CallToolResult:
        return self.portal.call(self._call, name, arguments)

    def answer(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a call that has to come to one."""
        result = self.call(name, **arguments)
        assert not result.isError, text(result)
        assert result.structuredContent is not None
        return result.structuredContent

    def error(self, name: str, /, **arguments: Any) -> str:
        """What is said of a call that has to fail."""
        result = self.call(name, **arguments)
        assert result.isError, text(result)[:500]
        return text(result)

    def tools(self) -> list[Tool]:
        return self.portal.call(self.session.list_tools).tools

    async def _call(self, name: str, arguments: dict[str, Any]) -> CallToolResult:
        with anyio.fail_after(SECONDS):
            return await self.session.call_tool(name, arguments)


def text(result: CallToolResult) -> str:
    (content,) = result.content
    return content.text  # type: ignore[union-attr]


@contextmanager
def talking(*options: str, cwd: Path = TODOS, program: list[str] | None = None, **variables: str) -> Iterator[Client]:
    """A client of a server that is started in ``cwd`` with these options."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(session(*options, cwd=cwd, program=program, **variables)) as (one, greeting),
    ):
        yield Client(portal, one, greeting)


@asynccontextmanager
async def session(
    *options: str, cwd: Path = TODOS, program: list[str] | None = None, **variables: str
) -> AsyncIterator[tuple[ClientSession, InitializeResult]]:
    command, *arguments = program or [sys.executable, "-m", "scopedown"]
    server = StdioServerParameters(
        command=command, args=[*arguments, "mcp", *options], cwd=cwd, env={**environment(), **variables}
    )
    async with stdio_client(server) as (answers, questions), ClientSession(answers, questions) as one:
        with anyio.fail_after(SECONDS):
            greeting = await one.initialize()
        yield one, greeting


def environment() -> dict[str, str]:
    """What a server's process needs beside what the client gives each."""
    return {
        name: os.environ[name]
        for name in ("PYTHONPATH", "SCOPEDOWN_CACHE", "SCOPEDOWN_CACHE_KEY")
        if name in os.environ
    }
