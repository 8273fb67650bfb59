"""Calls run beside each other, end with whoever asked for them, and give no more than was agreed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import ClientSession, McpError, types

from .client import SECONDS, TODOS, environment, session, talking

pytestmark = pytest.mark.slow

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="it stops processes by signals and runs a shell script")
CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
SLEEPS = (
    "import runpy, sys, time; runpy.run_module = lambda *a, **k: time.sleep(300);"
    "from scopedown.mcp.confined import main; main(['[]', '[]', 'scan'])"
)
"""A command that is at work for long, in the place of any."""


@pytest.fixture
def slow(tmp_path: Path) -> list[str]:
    """A program as ``python -m scopedown`` whose explanations take for ever; the process of each is in ``at-work``."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *explain*)\n'
        f"  echo $$ > {tmp_path}/beginning && mv {tmp_path}/beginning {tmp_path}/at-work\n"
        f'  exec {sys.executable} -c "{SLEEPS}";;\nesac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    program = f"import sys; sys.executable = {str(python)!r}; from scopedown.cli.main import main; main(sys.argv[1:])"
    return [sys.executable, "-c", program]


def at_work(folder: Path) -> int:
    """The process of the explanation, once it has begun."""
    wait(lambda: (folder / "at-work").exists(), "no explanation has begun")
    number = int((folder / "at-work").read_text())
    (folder / "at-work").unlink()
    assert runs(number)
    return number


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def wait(until: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + SECONDS
    while not until():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def started(program: list[str], **variables: str) -> subprocess.Popen[str]:
    """A server without a client, initialized by hand."""
    server = subprocess.Popen(
        [*program, "mcp"],
        cwd=TODOS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **environment(), **variables},
    )
    say(server, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": CLIENT})
    assert server.stdout is not None
    assert json.loads(server.stdout.readline())["result"]["serverInfo"]["name"] == "scopedown"
    say(server, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    return server


def say(server: subprocess.Popen[str], message: dict[str, Any] | str) -> None:
    assert server.stdin is not None
    server.stdin.write(f"{message if isinstance(message, str) else json.dumps(message)}\n")
    server.stdin.flush()


def called(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


PROGRAM = [sys.executable, "-m", "scopedown"]


@POSIX
def test_a_call_is_answered_while_another_one_is_at_work_and_a_cancelled_one_is_killed(
    slow: list[str], tmp_path: Path
) -> None:
    async def explained(client: ClientSession) -> None:
        with pytest.raises(McpError, match="cancelled"):
            await client.call_tool("explain", {"action": "s3"})

    async def talk() -> None:
        async with session(program=slow) as (client, _):
            with anyio.fail_after(SECONDS):
                async with anyio.create_task_group() as calls:
                    calls.start_soon(explained, client)
                    process = await anyio.to_thread.run_sync(at_work, tmp_path)
                    assert not (await client.call_tool("catalog", {"name": "sqs"})).isError
                    assert runs(process)
                    # The client's first requests are initialize (0) and this call (1).
                    await client.send_notification(_cancelled(1))
                    await anyio.to_thread.run_sync(wait, lambda: not runs(process), "it goes on after its cancellation")
                assert not (await client.call_tool("catalog", {"name": "sqs"})).isError

    anyio.run(talk)


def _cancelled(request: int) -> types.ClientNotification:
    parameters = types.CancelledNotificationParams(requestId=request, reason="not needed")
    return types.ClientNotification(types.CancelledNotification(params=parameters))


def test_many_calls_at_once_are_all_answered() -> None:
    async def talk() -> list[str]:
        found: list[str] = []

        async def ask(name: str) -> None:
            answer = await client.call_tool("catalog", {"name": name})
            assert answer.structuredContent is not None
            found.append(answer.structuredContent["name"])

        async with session() as (client, _):
            with anyio.fail_after(SECONDS):
                async with anyio.create_task_group() as calls:
                    for name in names:
                        calls.start_soon(ask, name)
        return found

    names = ["s3", "sqs", "sns", "dynamodb", "kms", "lambda", "events", "logs"]
    assert sorted(anyio.run(talk)) == sorted(names)


@POSIX
def test_a_call_that_takes_too_long_is_stopped_and_told(slow: list[str], tmp_path: Path) -> None:
    with talking("--timeout", "1", program=slow) as client:
        said = client.error("explain", action="s3")
        assert said.startswith("it took more than 1 seconds and was stopped")
        assert "--timeout" in said
    assert not runs(int((tmp_path / "at-work").read_text()))


@POSIX
def test_the_server_ends_when_its_input_closes_and_its_commands_with_it(slow: list[str], tmp_path: Path) -> None:
    with started(slow) as server:
        say(server, called(2, "explain", action="s3"))
        process = at_work(tmp_path)
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(SECONDS) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
    wait(lambda: not runs(process), "its command goes on")


@POSIX
def test_a_killed_server_leaves_no_command_behind(slow: list[str], tmp_path: Path) -> None:
    # A server that is killed cannot take away its calls' folders: they are in the test's own.
    with started(slow, TMPDIR=str(tmp_path)) as server:
        say(server, called(2, "explain", action="s3"))
        process = at_work(tmp_path)
        server.kill()
    wait(lambda: not runs(process), "its command goes on")


def test_the_server_ends_where_nothing_was_asked() -> None:
    done = subprocess.run(
        [*PROGRAM, "mcp"], cwd=TODOS, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_is_no_message_ends_nothing() -> None:
    with started(PROGRAM) as server:
        for line in (
            "no json", "[]", "{}", '{"jsonrpc": "2.0", "id": 7, "method": "absent"}', "\x00", '"\\ud800"', "[" * 5000,
            '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"catalog","arguments":{"name":"\\ud800"}}}',
            '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"catalog","arguments":[]}}',
        ):  # fmt: skip
            say(server, line)
        say(server, called(10, "catalog", name="dynamodb:PutItem"))
        assert server.stdout is not None
        answers = iter(server.stdout.readline, "")
        answer = next(one for line in answers if (one := json.loads(line)).get("id") == 10)
        assert answer["result"]["structuredContent"]["accessLevel"] == "Write"
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(SECONDS) == 0


def test_only_messages_are_on_standard_output() -> None:
    with started(PROGRAM) as server:
        for number, (tool, arguments) in enumerate(
            [("scan", {}), ("deploy_policy", {}), ("scan", {"path": ".."}), ("catalog", {"name": "sqs:Send"})], 2
        ):
            say(server, called(number, tool, **arguments))
        assert server.stdout is not None and server.stdin is not None
        lines = [json.loads(server.stdout.readline()) for _ in range(4)]
        server.stdin.close()
        assert server.stdout.read() == ""
    assert {one["id"] for one in lines} == {2, 3, 4, 5}


def test_a_large_answer_is_cut_and_says_what_is_missing_and_how_to_ask_for_it() -> None:
    with talking("--max-characters", "3600") as client:
        whole = json.dumps(client.answer("scan", functions=["create"])["functions"])
        found = client.answer("scan")
        assert [one["name"] for one in found["functions"]] == ["create"]
        assert json.dumps(found["functions"]) == whole
        assert found["cut"]["said"].startswith("1 of 3 functions are shown")
        assert "argument functions" in found["cut"]["said"]
        assert found["cut"]["leftOut"] == ["list", "attach"]
        assert "cut" not in client.answer("catalog", name="dynamodb:PutItem")


def test_a_policy_is_never_cut() -> None:
    with talking("--max-characters", "4000") as client:
        said = client.error("deploy_policy")
        assert "more than the limit of 4000" in said
        assert "argument commands" in said


def test_a_root_that_is_no_folder_is_told_before_anything_is_served() -> None:
    done = subprocess.run(
        [*PROGRAM, "mcp", "--root", "absent"], cwd=TODOS, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("scopedown: absent is not a folder")


def test_without_the_extra_the_remedy_is_told() -> None:
    program = "import sys; sys.modules['mcp'] = None; from scopedown.cli.main import main; main(['mcp'])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=TODOS, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("scopedown: scopedown mcp needs the package mcp, which is not installed (run ")
    assert "[mcp]" in done.stderr
