"""``scopedown_guard`` in an application's own tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("moto")

LISTS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}


def test_a_stack_may_name_what_the_test_says_exists(scopedown_guard: Any) -> None:
    import boto3
    from botocore.config import Config

    group = "sg-0123456789abcdef0"
    trust = {"Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]}  # fmt: skip
    template = json.dumps({"Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "F": {"Type": "AWS::Lambda::Function", "Properties": {
            "Runtime": "nodejs22.x", "Handler": "index.h", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": "exports.h = 1"}, "VpcConfig": {"SecurityGroupIds": [group], "SubnetIds": []},
        }},
    }})  # fmt: skip
    client = boto3.client("cloudformation", config=Config(read_timeout=300, retries={"total_max_attempts": 1}))

    def status(name: str) -> str:
        client.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
        return str(client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    assert status("before") == "ROLLBACK_COMPLETE"
    scopedown_guard.existing(group)
    assert status("after") == "CREATE_COMPLETE"


def test_the_environment_is_the_administrators_until_a_user_acts(scopedown_guard: Any) -> None:
    import boto3

    boto3.client("s3").create_bucket(Bucket="reports")
    user = scopedown_guard.user("app", LISTS)
    scopedown_guard.act_as(user)
    client = boto3.client("s3")
    assert [one["Name"] for one in client.list_buckets()["Buckets"]] == ["reports"]
    assert scopedown_guard.denied == []
    with pytest.raises(client.exceptions.ClientError, match="not authorized to perform: s3:PutObject"):
        client.put_object(Bucket="reports", Key="k", Body=b"")
    assert [one.check.action for one in scopedown_guard.denied] == ["s3:PutObject"]


def test_each_test_finds_an_empty_account(scopedown_guard: Any) -> None:
    assert scopedown_guard.admin.client("s3").list_buckets()["Buckets"] == []
    assert scopedown_guard.decided == []


def test_a_policy_may_be_a_file_or_text(scopedown_guard: Any, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps(LISTS))
    for name, policy in (("a", tmp_path / "p.json"), ("b", json.dumps(LISTS))):
        scopedown_guard.user(name, policy).client("s3").list_buckets()
    assert scopedown_guard.denied == []


def test_what_was_allowed_is_learned(scopedown_guard: Any) -> None:
    scopedown_guard.user("app", LISTS).client("s3").list_buckets()
    (one,) = scopedown_guard.learned()
    assert one.policies[0]["Statement"][0]["Action"] == ["s3:ListAllMyBuckets"]


def test_a_process_gets_a_users_key_by_its_environment(scopedown_guard: Any) -> None:
    import os

    user = scopedown_guard.user("app", LISTS)
    script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    found = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **user.env}, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert found.stdout.strip() == user.arn


def test_a_role_may_do_what_its_policy_says(scopedown_guard: Any) -> None:
    role = scopedown_guard.role("worker", LISTS)
    role.client("s3").list_buckets()
    queues = role.client("sqs")
    with pytest.raises(queues.exceptions.ClientError, match="assumed-role/worker/worker is not authorized"):
        queues.create_queue(QueueName="q")


@pytest.mark.slow
def test_the_plugin_costs_nothing_where_it_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_nothing_heavy_is_there():\n"
        "    assert 'scopedown.guard.pytest_plugin' in sys.modules\n"
        "    heavy = {'moto', 'boto3', 'botocore', 'waitress', 'werkzeug', 'rich', 'scopedown.catalog'}\n"
        "    assert heavy & set(sys.modules) == set()\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_other.py"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout
