"""An account that is no account: moto in this process, which no request leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws


@pytest.fixture
def session(alone: None) -> Iterator[Any]:
    """A session of boto3's in the account 123456789012."""
    import boto3

    with mock_aws():
        yield boto3.Session()


@pytest.fixture
def session_with_managed(alone: None) -> Iterator[Any]:
    """The same in an account that has AWS's managed policies, which take their time."""
    import boto3

    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield boto3.Session()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of the user's in reach."""
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "home" / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "home" / "config"))
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
