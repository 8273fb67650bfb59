"""The commands in odd surroundings: closed or full streams, strange widths, names that no terminal should obey."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from command_line import PROGRAM as COMMAND
from command_line import run as run_here

CONFIG = """\
service: shop
provider: {name: aws, runtime: python3.12}
functions: {save: {handler: app.handler}}
"""


def run(*arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "serverless.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "app.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    return str(tmp_path)


@pytest.mark.parametrize("columns", ["0", "1", "-5", "²", "x", "", "9" * 30])
def test_a_table_is_printed_whatever_width_is_asked_for(project: str, columns: str) -> None:
    done = run_here("--all", cwd=Path(project), COLUMNS=columns)
    assert done.returncode == 0, done.stderr
    assert "logs:PutLogEvents" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_told_in_one_line(project: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "scan", project], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "scopedown: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as a POSIX shell does")
@pytest.mark.parametrize(
    "closed", ["<&-", ">&- 2>&-", *(pytest.param(one, marks=pytest.mark.slow) for one in (">&-", "2>&-"))]
)
def test_a_closed_stream_is_no_error(project: str, closed: str) -> None:
    done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *COMMAND, "scan", project], check=False)
    assert done.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="only POSIX arguments are bytes")
@pytest.mark.parametrize("name", [b"\xff", b"s3\xff:Get", b"s3.\xff", b"AWS::\xff"])
def test_a_name_that_is_no_text_is_unknown(name: bytes) -> None:
    done = run("catalog", name)
    assert done.returncode == 2
    assert "the catalog knows nothing named" in done.stderr


@pytest.mark.parametrize(("option", "value"), [("--region", "*"), ("--region", ""), ("--account", "١٢٣٤٥٦٧٨٩٠١٢")])
def test_what_stands_in_an_arn_is_checked(project: str, option: str, value: str) -> None:
    done = run("scan", project, option, value)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("form", ["text", "yaml", "json"])
def test_no_escape_sequence_of_a_project_reaches_the_terminal(project: str, form: str) -> None:
    text = CONFIG.replace("save:", '"a\\e]0;b\\a\\n":').replace("app.handler", '"app.handler"')
    Path(project, "serverless.yml").write_text(text, encoding="utf-8")
    done = run("scan", project, "--format", form)
    assert done.returncode == 0
    assert done.stdout.replace("\n", "").isprintable()


def test_a_test_file_that_holds_itself_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "loop.test.yml"
    file.write_text(
        'policies: &p {identity: [*p]}\ntests: [{expect: allowed, action: s3:GetObject, resource: "*"}]\n',
        encoding="utf-8",
    )
    done = run("test", str(file))
    assert done.returncode == 2
    assert "nested too deeply" in done.stderr and "internal error" not in done.stderr
