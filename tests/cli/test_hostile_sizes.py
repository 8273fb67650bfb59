"""Inputs that repeat one small thing thousands of times: the commands end soon, and say what was too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run, run_program

resource = pytest.importorskip("resource", reason="the system does not tell processor time of children")

CONFIG = "service: SERVICE\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.handler}}\n"
HANDLER = "def handler(event, context): pass\n"
SECONDS = 10.0
"""Of processor time: the wall clock of a machine that does other things tells little."""

REPEATED = {
    "a list that doubles": "x = [1]\n" + "x = x + x\n" * 8_000,
    "a list that doubles in place": "x = [1]\n" + "x += x\n" * 8_000,
    "a list of itself twice": "x = [1]\n" + "x = [*x, *x]\n" * 8_000,
    "copies of a long list": "x = [1]\n" + "x = x + x\n" * 20 + "y = list(x)\n" * 8_000,
    "classes below each other": "class C0: pass\n" + "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(1, 8_000)),
    "branches among many names": "".join(f"def f{n}(): pass\nif f{n}: y = f{n}\n" for n in range(8_000)),
    "one call that runs and 4,000 that do not": (
        "import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n    s3.get_object(Bucket='b', Key='k')\n"
        "    raise ValueError\n" + "    s3.get_object(Bucket='b', Key='k')\n" * 4_000
    ),
    "a word of 80,000 letters": f"from lib import {'a' * 80_000}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPEATED)
def test_source_that_repeats_itself_ends_soon(name: str, tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(CONFIG.replace("SERVICE", "loans"))
    (tmp_path / "app.py").write_text(REPEATED[name] + HANDLER)
    done, seconds = timed("--no-cache", cwd=tmp_path)
    assert done == 0 and seconds < SECONDS


@pytest.mark.slow
def test_a_service_with_a_name_of_thousands_of_items_ends_soon(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(CONFIG.replace("SERVICE", f"[{', '.join(['b'] * 3_000)}]"))
    (tmp_path / "app.py").write_text(HANDLER)
    done, seconds = timed("--explain", cwd=tmp_path, command="deploy-policy")
    assert done == 0 and seconds < SECONDS


@pytest.mark.slow
def test_two_thousand_functions_are_checked_soon(tmp_path: Path) -> None:
    functions = "".join(f"  g{number}: {{handler: app.handler}}\n" for number in range(2_000))
    (tmp_path / "serverless.yml").write_text(
        CONFIG.replace("SERVICE", "loans").split("functions")[0] + "functions:\n" + functions
    )
    (tmp_path / "app.py").write_text(HANDLER)
    done, seconds = timed("--no-cache", "--jobs", "1", cwd=tmp_path, command="check")
    assert done == 0 and seconds < SECONDS


@pytest.mark.parametrize("command", ["check", "report", "write"])
def test_an_attribute_of_nothing_is_no_fault_of_the_command(command: str, tmp_path: Path) -> None:
    resources = "resources: {Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt []}}}}\n"
    (tmp_path / "serverless.yml").write_text(CONFIG.replace("SERVICE", "loans") + resources)
    (tmp_path / "app.py").write_text(HANDLER)
    done = run(
        *(["-o", "-"] if command == "report" else ["--diff"] if command == "write" else []),
        cwd=tmp_path,
        command=command,
    )
    assert "internal error" not in done.stderr


def timed(*arguments: str, cwd: Path, command: str = "scan") -> tuple[int, float]:
    """The exit code, and the processor's seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run_program(*arguments, cwd=cwd, command=command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "internal error" not in done.stderr
    return done.returncode, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_name_that_the_system_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    done = run(f"app.py:{'h' * 300}", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("scopedown: app.py:hhh") and done.stderr.count("\n") == 1
    assert "internal error" not in done.stderr
