"""Operations that the AWS data lacks, where an installed botocore has them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan import FunctionScan, scan

PROJECT = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"


@pytest.fixture(autouse=True)
def without_a_botocore_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scopedown.scan.newer_names.find_spec", lambda name: None)


def scanned(folder: Path, call: str) -> FunctionScan:
    (folder / "serverless.yml").write_text(PROJECT)
    (folder / "app.py").write_text(f"import boto3\ndef f(event, context):\n    {call}\n")
    return scan(load_project(folder / "serverless.yml", Options()), catalog()).functions[0]


def install(folder: Path, content: bytes, name: str = "service-2.json.gz", service: str = "dynamodb") -> None:
    packages = folder / ".venv/lib/python3.12/site-packages"
    model = packages / "botocore/data" / service / "2012-08-10"
    model.mkdir(parents=True)
    (packages / "botocore-1.99.0.dist-info").mkdir()
    (model / name).write_bytes(content)


def model(*operations: str) -> bytes:
    return gzip.compress(json.dumps({"operations": {name: {} for name in operations}}).encode())


def test_an_operation_of_a_newer_botocore_is_newer_than_the_data_and_possible(tmp_path: Path) -> None:
    install(tmp_path, model("OrbitTable"))
    function = scanned(tmp_path, 'boto3.client("dynamodb").orbit_table(TableName="x")')
    (unseen,) = function.coverage.unseen
    assert "dynamodb.OrbitTable is newer than the AWS data" in unseen.what and "botocore 1.99.0 has it" in unseen.what
    assert "needs dynamodb:OrbitTable on TARGET" in unseen.remedy
    (possible,) = function.report.possible
    assert (possible.service, possible.operation, possible.place.line) == ("dynamodb", "OrbitTable", 3)


def test_a_service_of_a_newer_botocore_is_newer_than_the_data(tmp_path: Path) -> None:
    install(tmp_path, model("Launch"), service="orbit")
    function = scanned(tmp_path, 'boto3.client("orbit").launch()')
    assert any("the service orbit is newer than the AWS data" in one.what for one in function.coverage.unseen)


def test_a_name_that_no_botocore_has_is_not_known_as_before(tmp_path: Path) -> None:
    install(tmp_path, model("OrbitTable"))
    function = scanned(tmp_path, 'boto3.client("dynamodb").put_itm(TableName="x")')
    assert ["did you mean put_item?" in one.remedy for one in function.coverage.unseen] == [True]
    assert function.report.possible == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8bnot gzip", gzip.compress(b"[1]"), gzip.compress(b'{"operations": [1]}'), b"[" * 100_000],
    ids=["empty", "no gzip", "a list", "operations in a list", "deep"],
)
def test_a_damaged_model_counts_as_none(tmp_path: Path, content: bytes) -> None:
    install(tmp_path, content)
    function = scanned(tmp_path, 'boto3.client("dynamodb").orbit_table(TableName="x")')
    assert ["is not known" in one.what for one in function.coverage.unseen] == [True]
