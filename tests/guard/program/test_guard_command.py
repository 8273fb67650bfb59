"""``scopedown guard``, as it is run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("moto")
pytestmark = pytest.mark.slow

SCOPEDOWN = str(Path(sys.executable).with_name("scopedown"))
LISTS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}


@contextmanager
def running(*options: str, form: str = "json") -> Iterator[tuple[Any, Any]]:
    """The process, and its first line; killed where the test has not ended it."""
    command = [SCOPEDOWN, "guard", "--port", "0", "--format", form, *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "120"}
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, json.loads(line) if form == "json" else line
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: Any, by: int = signal.SIGTERM) -> tuple[str, str]:
    """What it printed until it ended well."""
    process.send_signal(by)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out, err


def client(greeting: Any, service: str, who: int = -1) -> Any:
    import boto3
    from botocore.config import Config

    key = greeting["credentials"][who]
    return boto3.session.Session().client(
        service, endpoint_url=greeting["endpoint"], region_name="us-east-1",
        aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


@pytest.fixture
def policy(tmp_path: Path) -> str:
    (tmp_path / "policy.json").write_text(json.dumps(LISTS))
    return f"app={tmp_path / 'policy.json'}"


def allowed_and_denied(greeting: Any) -> None:
    client(greeting, "s3").list_buckets()
    queues = client(greeting, "sqs")
    with pytest.raises(queues.exceptions.ClientError, match="not authorized to perform: sqs:CreateQueue"):
        queues.create_queue(QueueName="q")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_record_is_whole_when_it_is_told_to_stop(policy: str, tmp_path: Path, by: int) -> None:
    with running("--policy", policy, "--record", str(tmp_path / "r")) as (process, greeting):
        allowed_and_denied(greeting)
        out, err = ended(process, by)
    assert err == f"scopedown: 2 decisions are in {tmp_path / 'r'}\n"
    first, *decisions, last = map(json.loads, (tmp_path / "r").read_text().splitlines())
    assert first["schema"] == greeting["schema"] == "scopedown.guard/1"
    assert [(one["action"], one["allowed"]) for one in decisions] == [
        ("s3:ListAllMyBuckets", True),
        ("sqs:CreateQueue", False),
    ]
    assert last["decisions"] == 2
    assert [json.loads(line) for line in out.splitlines()] == decisions
    assert "secretAccessKey" not in (tmp_path / "r").read_text()


def test_what_is_learned_suffices(tmp_path: Path) -> None:
    with running("--learn", "--quiet", "--record", str(tmp_path / "r")) as (process, greeting):
        client(greeting, "sqs").create_queue(QueueName="q")
        client(greeting, "s3").create_bucket(Bucket="reports")
        client(greeting, "s3").put_object(Bucket="reports", Key="k", Body=b"")
        out, _ = ended(process)
    learned = json.loads(out)
    (one,) = learned["principals"]
    assert learned["schema"] == "scopedown.guard-policies/1"
    (tmp_path / "policy.json").write_text(json.dumps(one["policies"][0]))
    again = subprocess.run(
        [SCOPEDOWN, "guard", "--policies-of", str(tmp_path / "r"), "--format", "json"], capture_output=True, check=True
    )
    assert json.loads(again.stdout) == learned
    with running("--quiet", "--policy", f"app={tmp_path / 'policy.json'}") as (process, greeting):
        client(greeting, "sqs").create_queue(QueueName="q")
        client(greeting, "s3").create_bucket(Bucket="reports")
        client(greeting, "s3").put_object(Bucket="reports", Key="k", Body=b"")
        with pytest.raises(Exception, match="not authorized to perform: s3:PutObject"):
            client(greeting, "s3").put_object(Bucket="reports", Key="other", Body=b"")
        ended(process)


def test_only_some_are_denied_and_what_others_ask_is_recorded(policy: str) -> None:
    with running("--policy", policy, "--enforce-only", "other") as (process, greeting):
        client(greeting, "sqs").create_queue(QueueName="q")
        out, _ = ended(process)
    assert [json.loads(line)["allowed"] for line in out.splitlines()] == [False]


def test_a_condition_key_can_be_given(tmp_path: Path) -> None:
    statement = {**LISTS["Statement"][0], "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}  # type: ignore[dict-item]
    (tmp_path / "p.json").write_text(json.dumps({**LISTS, "Statement": [statement]}))
    options = ("--quiet", "--policy", f"app={tmp_path / 'p.json'}")
    with running(*options) as (_, greeting), pytest.raises(Exception, match="not authorized"):
        client(greeting, "s3").list_buckets()
    with running(*options, "--context", "aws:MultiFactorAuthPresent=true") as (_, greeting):
        client(greeting, "s3").list_buckets()


def test_a_name_in_a_template_can_be_taken_as_existing() -> None:
    template = json.dumps(
        {
            "Parameters": {"Vpc": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-0123456789abcdef0"}},
            "Resources": {"T": {"Type": "AWS::SNS::Topic"}},
        }
    )
    for options, status in (((), "ROLLBACK_COMPLETE"), (("--existing", "vpc-0123456789abcdef0"), "CREATE_COMPLETE")):
        with running("--quiet", *options) as (_, greeting):
            cloudformation = client(greeting, "cloudformation")
            cloudformation.create_stack(StackName="s", TemplateBody=template)
            assert cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == status


def test_the_administrators_key_can_be_given() -> None:
    with running("--admin-key", "AKIAADMINADMINADMIN0:secret-of-mine") as (_, greeting):
        assert greeting["credentials"][0]["secretAccessKey"] == "secret-of-mine"
        client(greeting, "sqs", 0).create_queue(QueueName="q")


def test_people_are_told_how_to_use_it_and_who_was_denied(policy: str) -> None:
    with running("--policy", policy, form="text") as (process, first):
        assert first.startswith("A local AWS that enforces IAM: http://127.0.0.1:")
        lines = [process.stdout.readline() for _ in range(6)]
        exported = next(line for line in lines[4:] if "export " in line).strip().removeprefix("export ")
        given = dict(pair.split("=", 1) for pair in exported.split())
        script = "import boto3; boto3.client('s3').list_buckets(); boto3.client('sqs').create_queue(QueueName='q')"
        done = subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, **given}, capture_output=True, text=True, check=False
        )
        assert "AccessDenied" in done.stderr
        out, err = ended(process)
    assert "scopedown: 2 decisions, 1 allowed, 1 denied" in err
    assert "allowed user/app  s3:ListAllMyBuckets  *  [app/policy-1, statement 1]" in out
    assert "DENIED  user/app  sqs:CreateQueue  arn:aws:sqs:us-east-1:123456789012:q\n        User: arn:aws:iam" in out


def test_a_reader_that_goes_away_does_not_end_it(policy: str) -> None:
    with running("--policy", policy) as (process, greeting):
        process.stdout.close()
        for _ in range(3):
            allowed_and_denied(greeting)
            time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def failed(*options: str) -> str:
    """The one sentence of a run that could not start."""
    found = subprocess.run([SCOPEDOWN, "guard", *options], capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2, found.stderr
    assert "Traceback" not in found.stderr
    return found.stderr


def test_what_is_wrong_with_the_options_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.0.1 is in use" in failed("--port", str(port))
    assert "ID:SECRET" in failed("--admin-key", "short")
    assert "scopedown cannot read" in failed("--policy", "app=/none.json")
    assert "bad.json" in failed("--policy", f"app={tmp_path / 'bad.json'}")
    assert "NAME=FILE" in failed("--policy", "app")
    assert "the record cannot be written" in failed("--port", "0", "--record", str(tmp_path / "none" / "r"))
    assert "the guard cannot listen on" in failed("--port", "0", "--host", "192.0.2.1")
    assert "is not a record" in failed("--policies-of", str(Path(__file__)))


def test_what_is_not_installed_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise ImportError('none', name='moto')")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from scopedown.cli.main import main; main(['guard'])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2
    assert "scopedown guard needs the package moto, which is not installed (run " in found.stderr
    assert "[guard]" in found.stderr
    assert found.stderr.count("\n") == 1
