"""``--no-cache`` and ``--jobs``: the same bytes whatever is kept and however many processes work."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from command_line import PROGRAM
from scopedown.calls.model import CallReport
from scopedown.cli.main import cli
from scopedown.project.model import Function
from scopedown.scan import entry_points as entries
from scopedown.scan.entry_points import Entries

CONFIG = "service: s{n}\nprovider: {{name: aws, runtime: python3.12}}\nfunctions:\n  f: {{handler: app.f}}\n"
CODE = "import boto3\n\ndef f(event, context):\n    boto3.client('s3').put_object(Bucket='b{n}', Key='k')\n"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Eleven projects, of which one cannot be read and one deploys to another cloud."""
    folder = tmp_path / "many"
    for number in range(9):
        (folder / f"p{number}").mkdir(parents=True)
        (folder / f"p{number}/serverless.yml").write_text(CONFIG.format(n=number))
        (folder / f"p{number}/app.py").write_text(CODE.format(n=number))
    (folder / "broken").mkdir()
    (folder / "broken/serverless.yml").write_text("service: [\n")
    (folder / "google").mkdir()
    (folder / "google/serverless.yml").write_text("service: g\nprovider: {name: google}\n")
    return folder


def run(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [str(one) for one in arguments], env=environment)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("form", ["json", "text", "yaml"])
def test_any_number_of_processes_prints_the_same(many: Path, form: str) -> None:
    command = ("scan", many, "--recursive", "--format", form, "--no-cache")
    one = run(*command, "--jobs", "1")
    assert "b8" in one[1]
    assert run(*command, "--jobs", "2") == one
    assert run(*command, "--jobs", "3") == one
    assert run(*command) == one


def test_projects_that_cannot_be_read_are_told_with_their_place(many: Path) -> None:
    code, shown, _ = run("scan", many, "--recursive", "--format", "json", "--jobs", "2")
    (error,) = json.loads(shown)["errors"]
    assert (code, error["file"], error["line"]) == (0, "broken/serverless.yml", 2)
    assert [one["project"]["service"] for one in json.loads(shown)["projects"]] == [f"s{n}" for n in range(9)]


def test_a_wrong_function_name_is_refused_with_processes_too(many: Path) -> None:
    assert run("scan", many, "--recursive", "--function", "g", "--jobs", "2")[0] != 0
    assert run("scan", many, "--recursive", "--function", "f", "--jobs", "2")[0] == 0


def test_explain_takes_processes_and_the_cache(many: Path) -> None:
    one = run("explain", "s3", many, "--recursive", "--no-cache", "--jobs", "1")
    assert one[1].count("s3:PutObject on") == 9
    assert run("explain", "s3", many, "--recursive", "--jobs", "2") == one
    assert run("explain", "s3", many, "--recursive") == one


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1000000"])
def test_a_number_of_processes_that_is_none_is_refused(many: Path, jobs: str) -> None:
    assert run("scan", many, "--jobs", jobs)[0] == 2


def test_the_functions_of_one_project_are_shared_where_that_saves_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"f{number}" for number in range(12)]
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions:\n"
        + "".join(f"  {name}: {{handler: {name}.handler}}\n" for name in names)
    )
    for name in names:
        (tmp_path / f"{name}.py").write_text(CODE.format(n=name).replace("def f", "def handler"))
    one = run("scan", tmp_path, "--format", "json", "--no-cache", "--jobs", "1")
    shared: list[int] = []
    real = Entries._by_processes
    monkeypatch.setattr(entries, "_PAYS_OFF", 0.0)

    def counted(self: Entries, functions: Sequence[Function], jobs: int) -> Iterator[CallReport]:
        shared.append(len(functions))
        return real(self, functions, jobs)

    monkeypatch.setattr(Entries, "_by_processes", counted)
    assert run("scan", tmp_path, "--format", "json", "--no-cache", "--jobs", "2") == one
    assert shared == [10]


def kept(folder: Path) -> list[str]:
    """The reports that are kept; the digest of the program is a document too."""
    return [path.name for path in folder.rglob("*.json") if b'"report"' in path.read_bytes()]


def test_without_the_cache_nothing_is_kept_and_nothing_recalled(many: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = run("scan", many / "p1", "--no-cache", SCOPEDOWN_CACHE=str(cache))
    assert not cache.exists()
    assert run("scan", many / "p1", SCOPEDOWN_CACHE=str(cache)) == first
    assert len(kept(cache)) == 1
    assert run("scan", many / "p1", SCOPEDOWN_CACHE=str(cache)) == first
    assert len(kept(cache)) == 1


def test_the_environments_values_are_not_part_of_what_is_kept(tmp_path: Path) -> None:
    config = CONFIG.replace("python3.12", "python3.12, environment: {{B: NAME}}").format(n="")
    (tmp_path / "app.py").write_text(
        "import os, boto3\ndef f(e, c):\n    boto3.client('s3').list_objects_v2(Bucket=os.environ['B'])\n"
    )
    for name in ("one", "two", "one"):
        (tmp_path / "serverless.yml").write_text(config.replace("NAME", name))
        assert f":s3:::{name}" in run("scan", tmp_path)[1]


@pytest.mark.slow
def test_two_runs_at_once_on_an_empty_cache_say_the_same(many: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SCOPEDOWN_CACHE": str(tmp_path / "cache")}
    command = [*PROGRAM, "scan", str(many), "--recursive", "--format", "json", "--jobs", "1"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    shown = [process.communicate(timeout=60)[0] for process in processes]
    assert shown[0] == shown[1] == shown[2] != b""
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_cache_that_cannot_be_is_no_hindrance(many: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    first = run("scan", many / "p1", "--no-cache")
    for place in (tmp_path / "file", tmp_path / "file/below", Path("/proc/nowhere")):
        assert run("scan", many / "p1", SCOPEDOWN_CACHE=str(place)) == first
    assert run("scan", many / "p1", SCOPEDOWN_CACHE="", HOME="", XDG_CACHE_HOME="", LOCALAPPDATA="") == first


SLOW = "def f(event, context):\n" + "".join(f"    if event.a{n}: x{n} = event.b{n}\n" for n in range(40))


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a group of processes")
def test_an_interruption_ends_the_scan_and_its_processes(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"p{number}").mkdir()
        (tmp_path / f"p{number}/serverless.yml").write_text(CONFIG.format(n=number))
        (tmp_path / f"p{number}/app.py").write_text(CODE.format(n=number) + SLOW.replace("def f", "def g") * 40)
    command = [*PROGRAM, "scan", str(tmp_path), "--recursive", "--no-cache", "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        time.sleep(1.2)
        if process.poll() is not None:
            pytest.skip("the machine was faster than the signal")
        os.killpg(process.pid, signal.SIGINT)
        shown, told = process.communicate(timeout=30)
        assert (process.returncode, shown, told.strip()) == (130, "", "scopedown: interrupted")
        with pytest.raises(ProcessLookupError):
            for _ in range(100):
                os.killpg(process.pid, 0)
                time.sleep(0.1)


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_progress_is_a_bar_at_a_terminal_and_plain_lines_elsewhere(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    program = (
        "import sys, time; from scopedown.cli import terminal; now = iter(range(10**6)); "
        "terminal.time.monotonic = lambda: next(now) * 2.0; from scopedown.cli.main import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", program, "scan", str(many), "--recursive", "--format", "json", "--jobs", "2"]
    parent, child = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=child) as process:
        os.close(child)
        shown, _ = process.communicate(timeout=60)
        told = b""
        while select.select([parent], [], [], 0.5)[0]:
            try:
                data = os.read(parent, 10_000)
            except OSError:
                break
            if not data:
                break
            told += data
    os.close(parent)
    assert b"\x1b[2K9/" in told or b"p7" in told
    assert json.loads(shown)["projects"]
    plain = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert plain.stdout == shown
    assert b"\x1b" not in plain.stderr
    assert all(line.startswith((b"scopedown: ", b"not read: ")) for line in plain.stderr.splitlines())
