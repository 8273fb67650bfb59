"""``scopedown scan FILE[:SYMBOL]``: code without a project file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run

JOB = """\
import boto3
import names

def clean():
    boto3.client("s3").delete_object(Bucket=names.BUCKET, Key="k")

def other():
    boto3.client("sqs").list_queues()

if __name__ == "__main__":
    clean()
"""


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "job.py").write_text(JOB)
    (tmp_path / "jobs" / "names.py").write_text("BUCKET = 'reports'\nif __name__ == '__main__':\n    clean()\n")
    (tmp_path / "worker.js").write_text(
        "const { SQS } = require('@aws-sdk/client-sqs');\n"
        "exports.work = () => new SQS().purgeQueue({ QueueUrl: 'u' });\n"
        "if (require.main === module) new SQS().listQueues();\n"
    )
    return tmp_path


def actions(folder: Path, *arguments: str) -> dict[str, list[str]]:
    shown = json.loads(run(*arguments, "--format", "json", cwd=folder).stdout)
    assert shown["project"]["framework"] == "none"
    return {one["name"]: [permission["action"] for permission in one["permissions"]] for one in shown["functions"]}


def test_a_programs_top_level_is_entered_as_the_main_module(jobs: Path) -> None:
    assert actions(jobs, "jobs/job.py") == {"job": ["s3:DeleteObject"]}
    assert actions(jobs, "worker.js") == {"worker": ["sqs:ListQueues"]}


def test_one_function_of_a_file_is_entered(jobs: Path) -> None:
    assert actions(jobs, "jobs/job.py:other") == {"job": ["sqs:ListQueues"]}
    assert actions(jobs, "worker.js:work") == {"worker": ["sqs:PurgeQueue"]}


def test_several_entries_are_one_project(jobs: Path) -> None:
    assert actions(jobs, "jobs/job.py", "worker.js") == {"job": ["s3:DeleteObject"], "worker": ["sqs:ListQueues"]}
    assert actions(jobs, "jobs/job.py:other", "jobs/job.py:clean") == {
        "jobs/job.py:other": ["sqs:ListQueues"], "jobs/job.py:clean": ["s3:DeleteObject"],
    }  # fmt: skip


def test_the_symbol_follows_the_last_colon_only_where_the_rest_is_a_file(jobs: Path) -> None:
    (jobs / "a:b.py").write_text("import boto3\nboto3.client('sns').list_topics()\n")
    assert actions(jobs, "a:b.py") == {"a:b": ["sns:ListTopics"]}
    assert "does not exist" in run("jobs/nothing.py:other", cwd=jobs).stderr


def test_a_function_that_is_not_there_is_told(jobs: Path) -> None:
    assert "no export 'nothing'" in run("jobs/job.py:nothing", cwd=jobs).stdout


def test_nothing_of_a_project_is_shown_that_there_is_not(jobs: Path) -> None:
    shown = run("jobs/job.py", cwd=jobs).stdout
    assert "\njob  jobs/job.py\n" in shown
    assert "logs:" not in shown and "role" not in shown
    assert "role" not in run("jobs/job.py", cwd=jobs, command="project").stdout


def test_files_and_projects_are_not_mixed(jobs: Path) -> None:
    (jobs / "serverless.yml").write_text("service: s\nprovider: {name: aws}\n")
    done = run("jobs/job.py", ".", cwd=jobs)
    assert done.returncode == 2 and "scanned together" in done.stderr
