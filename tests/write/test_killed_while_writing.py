"""A process that is killed while it writes leaves each file old or new, and a project that the next run finishes."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import pytest

from command_line import PROGRAM, run
from scopedown.emit.splice.edits import SpliceError, replace_files
from scopedown.project.load import Options, load_project

MOMENTS = 200
RUNS = int(os.environ.get("SCOPEDOWN_KILLS", "30"))
"""How often the whole command is killed; 200 take some minutes."""
WRITER = """\
import sys
from pathlib import Path
from scopedown.emit.splice.edits import replace_files
path, one, other = Path(sys.argv[1]), b"a" * 400_000, b"b" * 400_000
print("ready", flush=True)
while True:
    replace_files([(path, one, other)])
    replace_files([(path, other, one)])
"""
CODE = """\
import boto3
table = boto3.resource("dynamodb").Table("notes")
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
"""
FILES = {
    "serverless.yml": """\
service: notes
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem']
          Resource: '*'
functions: ${file(functions.yml)}
resources: ${file(resources.yml)}
""",
    "functions.yml": "# mine\nput:\n  handler: app.put\nread:\n  handler: app.read\n",
    "resources.yml": "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n",
}
RIGHTS = {
    "put": {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"},
    "read": {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"},
}


@pytest.mark.slow
def test_the_file_is_always_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    seed = random.Random(8)
    file = tmp_path / "serverless.yml"
    file.write_bytes(b"a" * 400_000)
    writer = tmp_path.parent / "writer.py"
    writer.write_text(WRITER)
    seen: set[bytes] = set()
    left = 0
    for _ in range(MOMENTS):
        file.write_bytes(b"a" * 400_000)
        process = Popen([sys.executable, str(writer), str(file)], stdout=PIPE, stderr=DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seed.uniform(0, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        data = file.read_bytes()
        assert len(data) == 400_000 and len(set(data)) == 1
        seen.add(data[:1])
        for other in tmp_path.iterdir():
            if other != file:
                assert other.name.startswith(".serverless.yml.") and other.name.endswith(".new")
                other.unlink()
                left += 1
    assert seen == {b"a", b"b"} and left  # it was killed before, between and while it wrote


def service(folder: Path) -> None:
    (folder / "app.py").write_text(CODE)
    for one in folder.glob(".*.new"):
        one.unlink()
    for name, text in FILES.items():
        (folder / name).write_text(text)


def contents(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in FILES}


def allowed(folder: Path) -> dict[str, set[str]]:
    """What DynamoDB lets each function do."""
    project = load_project(folder, Options())
    found: dict[str, set[str]] = {}
    for function in project.functions:
        names = found.setdefault(function.key, set())
        for one in project.roles[function.role].statements:
            listed: Any = one.statement["Action"]
            names.update(name for name in ([listed] if isinstance(listed, str) else listed) if "dynamodb" in name)
    return found


def killed(folder: Path, wait: Callable[[Popen[bytes]], object]) -> None:
    """Run the command in a process of its own, which is killed after a wait."""
    process = Popen([*PROGRAM, "write", "--yes"], cwd=folder, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    wait(process)
    process.kill()
    process.wait()


def at_random_moments(folder: Path, seconds: float) -> Iterator[None]:
    """Kills spread over the whole run, and as many once the first file is being written.

    The first kill comes at once and the last after the end, however fast the machine is.
    """
    seed = random.Random(8)
    service(folder)
    killed(folder, _pause(0))
    yield
    for number in range(RUNS - 2):
        service(folder)
        moment = seed.uniform(0, 1.1)
        killed(folder, partial(_until_it_writes, folder, moment * 0.003) if number % 2 else _pause(moment * seconds))
        yield
    service(folder)
    killed(folder, lambda process: process.wait())
    yield


def _pause(seconds: float) -> Callable[[Popen[bytes]], None]:
    return lambda process: time.sleep(seconds)


def _until_it_writes(folder: Path, more: float, process: Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until and not any(folder.glob(".*.new")):
        pass
    time.sleep(more)


@pytest.mark.slow
def test_each_file_is_old_or_new_whenever_the_command_is_killed_and_the_next_run_finishes(tmp_path: Path) -> None:
    service(tmp_path)
    began = time.monotonic()
    assert run("--yes", command="write", cwd=tmp_path).returncode == 0
    seconds = time.monotonic() - began
    new = contents(tmp_path)
    assert all(new[name] != text for name, text in FILES.items())
    assert allowed(tmp_path) == {"put": {"dynamodb:PutItem"}, "read": {"dynamodb:GetItem"}}
    states: dict[tuple[str, ...], int] = {}
    left = 0
    for _ in at_random_moments(tmp_path, seconds):
        now = contents(tmp_path)
        assert all(text in (FILES[name], new[name]) for name, text in now.items())
        state = tuple(name for name, text in now.items() if text == new[name])
        states[state] = states.get(state, 0) + 1
        left += bool(list(tmp_path.glob(".*.new")))
        rights = allowed(tmp_path)
        assert all(rights[key] <= RIGHTS[key] for key in RIGHTS) and "dynamodb:PutItem" in rights["put"]
        if states[state] == 1 or left == 1:
            assert run("--yes", command="write", cwd=tmp_path).returncode == 0
            assert contents(tmp_path) == new, state
    assert states[()] and states[tuple(FILES)] and left, states
    print(f"{RUNS} kills: {states}, {left} with a file left beside")  # -s shows it


@pytest.mark.parametrize("replaced", [("resources.yml",), ("resources.yml", "functions.yml")])
def test_a_project_of_which_only_the_first_files_are_new_allows_no_more_and_is_finished(
    tmp_path: Path, replaced: tuple[str, ...]
) -> None:
    service(tmp_path)
    assert run("--yes", command="write", cwd=tmp_path).returncode == 0
    new = contents(tmp_path)
    service(tmp_path)
    for name in replaced:
        (tmp_path / name).write_text(new[name])
    rights = allowed(tmp_path)
    assert all(rights[key] <= RIGHTS[key] for key in RIGHTS)
    assert "dynamodb:PutItem" in rights["put"] and "dynamodb:GetItem" in rights["read"]
    assert run("--yes", command="write", cwd=tmp_path).returncode == 0
    assert contents(tmp_path) == new


def test_files_are_replaced_in_the_order_given_or_none_is(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"1")
    other.write_bytes(b"theirs")
    with pytest.raises(SpliceError, match="another process changed other in the meantime"):
        replace_files([(one, b"1", b"new"), (other, b"2", b"new")])
    assert one.read_bytes() == b"1" and {file.name for file in tmp_path.iterdir()} == {"one", "other"}


def test_what_a_killed_process_left_long_ago_is_removed_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "serverless.yml"
    file.write_bytes(b"old")
    ours, fresh, theirs = (
        tmp_path / name for name in (".serverless.yml.abc_d123.new", ".serverless.yml.zzzzzzz1.new", ".serverless.new")
    )
    for one in (ours, fresh, theirs):
        one.write_bytes(b"")
    for one in (ours, theirs):
        os.utime(one, (time.time() - 3_600,) * 2)
    replace_files([(file, b"old", b"new")])
    assert not ours.exists() and fresh.exists() and theirs.exists() and file.read_bytes() == b"new"
