"""What would be published: a source archive and a wheel that an index takes, and README's commands from that wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from .console import ROOT, differences, folder_for

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    ran = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=600, check=False
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source archive, and the wheel that is built from it alone."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def program(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``scopedown`` of an environment that has the wheel and what it requires, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    quiet = ("--quiet", "--disable-pip-version-check")
    run(scripts / "python", "-m", "pip", "install", *quiet, "-c", ROOT / "constraints.txt", built[".whl"], cwd=folder)
    return scripts / "scopedown"


def test_an_index_takes_the_source_archive_and_the_wheel(built: dict[str, Path], tmp_path: Path) -> None:
    assert sorted(built) == [".gz", ".whl"]
    run(sys.executable, "-m", "twine", "check", "--strict", *built.values(), cwd=tmp_path)


def test_readme_s_commands_print_from_the_wheel_what_it_says(program: Path, tmp_path: Path) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong = differences(page, folder_for(page, tmp_path), program=program)
    assert not wrong, "\n\n".join(wrong)


def test_a_sam_template_is_read_without_an_extra(program: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import boto3\n\n\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n"
    )
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Queues:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: .}\n"
    )
    assert "sqs:ListQueues" in run(program, "scan", "--no-cache", cwd=tmp_path)
