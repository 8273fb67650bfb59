"""Several processes that write into one project at once: one wins, the others say that the project was changed."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import pytest

from command_line import PROGRAM, run
from scopedown.cli.projects import Request
from scopedown.cli.write import require_as_read
from scopedown.core.finding import ScopedownError
from scopedown.emit.splice.edits import SpliceError, locked, replace_files
from scopedown.project.load import Options, load_project

FILES = {
    "serverless.yml": """\
service: letters
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ['sqs:SendMessage', 'sqs:DeleteQueue']
          Resource: '*'
functions: ${file(functions.yml)}
resources: ${file(resources.yml)}
""",
    "functions.yml": "send:\n  handler: app.send\n  timeout: 3\ncount:\n  handler: app.count\n",
    "resources.yml": "Resources:\n  Letters:\n    Type: AWS::SQS::Queue\n",
    "app.py": """\
import boto3
def send(event, context):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/letters"
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="")
def count(event, context):
    return len(event)
""",
}
WAYS = (("--shared",), ("--dialect", "inline"), ("--function", "send", "--dialect", "inline"))
HOLDER = """\
import sys, time
from pathlib import Path
from scopedown.emit.splice.edits import locked
with locked([Path(sys.argv[1])]):
    print("held", flush=True)
    time.sleep(60)
"""


def project(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def state(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text() for one in folder.iterdir()}


@pytest.mark.slow
def test_of_three_writers_one_wins_and_the_others_say_that_the_project_was_changed(tmp_path: Path) -> None:
    alone = []
    for number, way in enumerate(WAYS):
        folder = project(tmp_path / f"alone-{number}")
        assert run("--yes", *way, cwd=folder, command="write").returncode in (0, 1)
        alone.append(state(folder))
    old = state(project(tmp_path / "old"))
    assert all(one != old for one in alone)
    for _ in range(3):
        folder = project(tmp_path / "together")
        processes = [
            Popen([*PROGRAM, "write", "--yes", *way], cwd=folder, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True)
            for way in WAYS
        ]
        said = [one.communicate(timeout=60)[1] for one in processes]
        changed = [one.returncode == 2 for one in processes]
        assert all(("in the meantime" in text) == lost for text, lost in zip(said, changed, strict=True)), said
        # Who begins after the first one has ended writes into what that one made; else one alone has written.
        assert changed.count(True) < 2 or state(folder) in alone
        assert set(state(folder)) == set(old)


def test_a_change_is_not_made_where_what_it_depends_on_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "one.yml"
    file.write_bytes(b"a: 1\n")
    with pytest.raises(SpliceError, match="another process changed the project in the meantime"):
        replace_files([(file, b"a: 1\n", b"a: 2\n")], [tmp_path], lambda: False)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("one.yml", b"a: 1\n")]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed with SIGKILL")
def test_a_lock_is_waited_for_and_goes_with_the_process_that_held_it(tmp_path: Path) -> None:
    holder = Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(TimeoutError), locked([tmp_path], patience=0.05):
            pass
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
    with locked([tmp_path], patience=5):
        assert not list(tmp_path.iterdir())


def test_a_folder_that_is_locked_twice_by_one_process_under_two_names_is_locked_once(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with locked([tmp_path, tmp_path / "here" / ".."], patience=0.05):
        pass


def test_what_is_refused_because_the_project_was_changed_is_said_to_be_that(tmp_path: Path) -> None:
    asked = Request((project(tmp_path),), False, None, None, None, (), None, None, None, False)
    found = load_project(tmp_path, Options())
    require_as_read([found], asked)
    with pytest.raises(ScopedownError, match="in the meantime"):
        require_as_read([replace(found, service="another")], asked)
