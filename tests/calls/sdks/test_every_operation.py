"""Every operation of the catalog is found by its name in each SDK, and nothing else is.

A source is made for each service and SDK, one call a line; the calls that the analysis finds there are compared with
the operations. Some services, drawn anew from a fixed seed, are tried in every run; all of them in the slow ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.catalog.model import Operation, Service
from scopedown.source.sources import Sources

LINES = 150
"""Calls in one function: the analysis bounds its steps."""

Writer = Callable[[Service, list[Operation]], str | None]


def first_small(name: str) -> str:
    return name[0].lower() + name[1:]


def boto3_source(service: Service, operations: list[Operation]) -> str | None:
    calls = "\n".join(f"    client.{one.method}(**event)" for one in operations)
    return f'import boto3\n\nclient = boto3.client("{service.name}")\n\n\ndef handler(event, context):\n{calls}\n'


def aioboto3_source(service: Service, operations: list[Operation]) -> str | None:
    calls = "\n".join(f"        await client.{one.method}(**event)" for one in operations)
    opened = f'    async with aioboto3.Session().client("{service.name}") as client:'
    return f"import aioboto3\n\n\nasync def handler(event, context):\n{opened}\n{calls}\n"


def v2_source(service: Service, operations: list[Operation]) -> str | None:
    if service.v2_class is None:
        return None
    calls = "\n".join(f"  await client.{first_small(one.name)}(event).promise();" for one in operations)
    made = f"const AWS = require('aws-sdk');\nconst client = new AWS.{service.v2_class}({{ apiVersion: 'latest' }});\n"
    return f"{made}exports.handler = async (event) => {{\n{calls}\n}};\n"


def v2_client_file_source(service: Service, operations: list[Operation]) -> str | None:
    if service.v2_class is None:
        return None
    calls = "\n".join(f"  client.{first_small(one.name)}(event, () => undefined);" for one in operations)
    made = f"import Service from 'aws-sdk/clients/{service.v2_class.lower()}';\nconst client = new Service();\n"
    return f"{made}export const handler = (event) => {{\n{calls}\n}};\n"


def v3_source(service: Service, operations: list[Operation]) -> str | None:
    if service.v3_package is None:
        return None
    name = "".join(one for one in service.service_id if one.isalnum())
    made = f"import * as sdk from '{service.v3_package}';\nconst client = new sdk.{name}Client({{}});\n"
    calls = "\n".join(f"  await client.send(new sdk.{one.name}Command(event));" for one in operations)
    return f"{made}export const handler = async (event) => {{\n{calls}\n}};\n"


def v3_aggregated_source(service: Service, operations: list[Operation]) -> str | None:
    if service.v3_package is None:
        return None
    name = "".join(one for one in service.service_id if one.isalnum())
    made = f"const {{ {name} }} = require('{service.v3_package}');\nconst client = new {name}();\n"
    calls = "\n".join(f"  await client.{first_small(one.name)}(event);" for one in operations)
    return f"{made}exports.handler = async (event) => {{\n{calls}\n}};\n"


WRITERS: dict[str, tuple[str, Writer]] = {
    "boto3": ("app.py", boto3_source),
    "aioboto3": ("app.py", aioboto3_source),
    "js-v2": ("app.js", v2_source),
    "js-v2-client-file": ("app.mjs", v2_client_file_source),
    "js-v3": ("app.mjs", v3_source),
    "js-v3-aggregated": ("app.js", v3_aggregated_source),
}


def called_in(folder: Path, file: str, source: str) -> set[tuple[str, str]]:
    (folder / file).write_text(source, encoding="utf-8")
    report = find_calls(Sources(str(folder)), catalog(), {}, file, "handler")
    assert report.possible == ()
    assert report.findings == ()
    return {(call.service, call.operation) for call in report.calls}


def operations_of(service: Service) -> Iterator[list[Operation]]:
    """The operations that SDKs have, some at a time."""
    found = [one for one in catalog().operations_of(service.name) if one.members or one.method != one.name]
    for start in range(0, len(found), LINES):
        yield found[start : start + LINES]


def same_package(service: Service) -> set[str]:
    """Two services of botocore may be one package or class of JavaScript: both names are right."""
    return {service.name, *(one.name for one in catalog().services() if one.service_id == service.service_id)}


def check(service: Service, sdk: str, folder: Path) -> None:
    file, writer = WRITERS[sdk]
    for operations in operations_of(service):
        source = writer(service, operations)
        if source is None:
            return
        found = called_in(folder, file, source)
        assert {name for _, name in found} == {one.name for one in operations}
        assert {name for name, _ in found} <= same_package(service)


def sampled() -> list[str]:
    names = [one.name for one in catalog().services() if one.v2_class and one.v3_package]
    return sorted(random.Random(20261125).sample(names, 12))


@pytest.mark.parametrize("sdk", WRITERS)
@pytest.mark.parametrize("name", sampled())
def test_operations_are_found_by_their_names(name: str, sdk: str, tmp_path: Path) -> None:
    service = catalog().service(name)
    assert service is not None
    check(service, sdk, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("sdk", WRITERS)
def test_every_operation_of_every_service_is_found_by_its_name(sdk: str, tmp_path: Path) -> None:
    for service in catalog().services():
        check(service, sdk, tmp_path)


def test_the_catalog_has_every_operation_of_botocore() -> None:
    [(count,)] = catalog().rows("SELECT count(*) FROM operation")
    assert count >= 20_027
