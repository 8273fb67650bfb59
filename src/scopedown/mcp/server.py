"""The protocol's side: lists the tools, checks a call's arguments, has its command run, and answers.

The low-level server of the official package, version 1, which is imported in half of the time of version 2
(docs/decisions/001-runtime-dependencies.md). Handlers are put into its table, as its decorators have no types.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio
import jsonschema
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from scopedown import __version__
from scopedown.core.finding import ScopedownError
from scopedown.mcp.answer import fitted, text_of
from scopedown.mcp.places import Places
from scopedown.mcp.run import Done, Runner
from scopedown.mcp.tools import TOOLS, Tool

INSTRUCTIONS = (
    "Least-privilege IAM for serverless projects on AWS (Serverless Framework, SAM, CloudFormation, CDK), offline. "
    "scan: what functions need. check: how roles differ from that. explain: why. denied: what a denial means. "
    "validate: what is wrong with policies. compare: what new policies newly allow. deploy_policy: what the deploying "
    "user needs. simulate: whether AWS would allow a request. catalog: AWS's facts. All tools only read. Unknown "
    "values are listed as unresolved or possible. Do not replace them with a wildcard, ask the user."
)
AT_ONCE = 2
"""Commands that run at the same time; further calls wait."""
MOST_MESSAGE = 4_000
"""Characters of an error."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the server may read and how much it gives."""

    places: Places
    seconds: float
    most: int
    """Characters of one answer."""
    variables: Sequence[str] = ()
    """Environment variables that a project file may use."""


def serve(settings: Settings) -> None:
    """Speak MCP over standard input and output until the input closes."""
    # The SDK logs each message that its version of the protocol does not know, as a newer client's first question.
    logging.disable(logging.WARNING)
    anyio.run(_serve, server_of(settings))


async def _serve(server: Server[Any, Any]) -> None:
    try:
        async with stdio_server() as (asked, answered):
            await server.run(asked, answered, server.create_initialization_options())
    except* (BrokenPipeError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        pass  # the client went away while it was answered


def server_of(settings: Settings) -> Server[Any, Any]:
    """The server with its tools."""
    server: Server[Any, Any] = Server("scopedown", __version__, INSTRUCTIONS)
    calls = _Calls(settings)

    async def list_tools(_: types.ListToolsRequest) -> types.ServerResult:
        return types.ServerResult(types.ListToolsResult(tools=[_listed(tool) for tool in TOOLS]))

    async def call_tool(asked: types.CallToolRequest) -> types.ServerResult:
        return types.ServerResult(await calls.answered(asked.params.name, asked.params.arguments or {}))

    server.request_handlers[types.ListToolsRequest] = list_tools
    server.request_handlers[types.CallToolRequest] = call_tool
    return server


class _Calls:
    """Calls of tools, some at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runner = Runner(settings.places.roots, settings.seconds, tuple(settings.variables))
        self.turn = anyio.Semaphore(AT_ONCE)

    async def answered(self, name: str, given: Mapping[str, Any]) -> types.CallToolResult:
        """A tool's answer; what is wrong is an error of the tool, which the model reads and can act on."""
        try:
            answer = await self._answer(name, given)
        except ScopedownError as error:
            remedy = f" ({error.remedy})" if error.remedy else ""
            return _result(_clipped(f"{error.message}{remedy}"), None)
        return _result(text_of(answer), answer)

    async def _answer(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        tool = next((one for one in TOOLS if one.name == name), None)
        if tool is None:
            raise ScopedownError("unknown tool", remedy=f"there are {', '.join(one.name for one in TOOLS)}")
        _check(given, tool)
        command = tool.command(given, self.settings.places)
        async with self.turn:
            done = await self.runner.run(command)
        if done.code not in ((0, 1) if tool.objects else (0,)):
            raise ScopedownError(_why(done))
        return fitted(tool.read(done), self.settings.most, tool.cut)


def _listed(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        title=tool.title, readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
    )
    return types.Tool(
        name=tool.name, title=tool.title, description=tool.description, inputSchema=tool.arguments,
        outputSchema=tool.answer, annotations=hints,
    )  # fmt: skip


def _check(given: Mapping[str, Any], tool: Tool) -> None:
    """Raises ScopedownError where arguments do not fit the tool's schema, or could be no arguments of a program."""
    wrong = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(tool.arguments).iter_errors(given))
    if wrong is not None:
        where = ".".join(map(str, wrong.absolute_path))
        raise ScopedownError(
            _clipped(f"wrong arguments of {tool.name}: {f'{where}: ' if where else ''}{wrong.message}")
        )
    if any("\0" in text for text in _texts(given)):
        raise ScopedownError(f"wrong arguments of {tool.name}: a text contains a NUL character")


def _texts(value: Any) -> Sequence[str]:
    """Every text in a value, keys as well."""
    found: list[str] = []
    ahead = [value]
    while ahead:
        one = ahead.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, Mapping):
            ahead += [*one, *one.values()]
        elif isinstance(one, list):
            ahead += one
    return found


def _why(done: Done) -> str:
    """What the command said of why it ended."""
    said = done.notes.strip().removeprefix("scopedown: ")
    if said.startswith("Usage: "):  # of a command line that the client does not know
        said = said.rpartition("\nError: ")[2]
    return said or f"the command ended with exit code {done.code} and printed nothing"


def _clipped(text: str) -> str:
    return text if len(text) <= MOST_MESSAGE else f"{text[:MOST_MESSAGE]} … ({len(text)} characters)"


def _result(text: str, answer: dict[str, Any] | None) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structuredContent=answer, isError=answer is None
    )
