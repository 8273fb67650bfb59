"""Names of the SDKs that were looked up in the SDKs themselves are what the tables and models take them for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from languages.program_calls import report
from scopedown.calls.model import SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows

Row = Mapping[str, str]
COLUMNS = ("sdk", "package", "client", "method", "request", "member", "means", "found_in")
ROWS = tuple(read_rows(Path(__file__).with_name("sdk_names_checked.tsv"), COLUMNS))
SDKS = tuple(dict.fromkeys(row["sdk"] for row in ROWS))
TABLES = {
    "java-v2": ("java", ("v2",), "software.amazon.awssdk.services."),
    "java-v1": ("java", ("v1",), "com.amazonaws.services."),
    "kotlin": ("kotlin", ("package",), "aws.sdk.kotlin.services."),
    "go-v2": ("go", ("v2",), "github.com/aws/aws-sdk-go-v2/service/"),
    "go-v1": ("go", ("v1", "v2"), "github.com/aws/aws-sdk-go/service/"),
    "csharp": ("csharp", ("namespace",), "Amazon."),
    "ruby": ("ruby", ("module",), "Aws::"),
    "rust": ("rust", ("crate",), "aws_sdk_"),
    "php": ("php", ("namespace",), "Aws\\"),
}
"""The folder of each SDK's language, its columns in services.tsv (where version 1 for Go has no name of its own, it has
that of version 2), and what its packages' names begin with."""


def _found(row: Row, column: str) -> bool:
    return bool(row[column]) and row[column] != "?"


def _service(row: Row) -> str:
    return row["means"].partition(":")[0]


def _first_operation(service: str) -> str:
    """An operation of a service, for a client that was looked up without one."""
    known = catalog()
    found = [known.operation_of_method(service, method) for method in known.method_names(service)]
    return min(one.name for one in found if one is not None)


def _java_v2(row: Row, operation: str) -> str:
    package = row["package"]
    member = f".{row['member']}(x)" if row["member"] else ""
    request = f"{package}.model.{row['request'] or operation + 'Request'}.builder(){member}.build()"
    return f"{package}.{row['client']}.create().{row['method'] or _lower(operation)}({request});"


def _java_v1(row: Row, operation: str) -> str:
    package, kind = row["package"], row["client"]
    client = f"new {package}.{kind}()" if kind.endswith("Client") else f"{package}.{kind}ClientBuilder.defaultClient()"
    member = f".{row['member']}(x)" if row["member"] else ""
    request = f"new {package}.model.{row['request'] or operation + 'Request'}(){member}"
    return f"{client}.{row['method'] or _lower(operation)}({request});"


def _kotlin(row: Row, operation: str) -> str:
    package, member = row["package"], f"{row['member']} = x" if row["member"] else ""
    return f"{package}.{row['client']} {{ }}.{row['method']}({package}.model.{row['request']} {{ {member} }})"


def _go(row: Row, operation: str) -> str:
    alias = row["package"].rpartition("/")[2]
    member = f"{row['member']}: x" if row["member"] else ""
    request = f"&{alias}.{row['request']}{{{member}}}"
    if row["sdk"] == "go-v2":
        return f"{alias}.NewFromConfig(cfg).{row['method']}(ctx, {request})"
    return f"func(c *{alias}.{row['client']}) {{ c.{row['method']}({request}) }}({alias}.New(session))"


def _csharp(row: Row, operation: str) -> str:
    package, member = row["package"], f"{row['member']} = x" if row["member"] else ""
    request = f"new {package}.Model.{row['request'] or operation + 'Request'} {{ {member} }}"
    return f"new {package}.{row['client']}().{row['method'] or operation + 'Async'}({request});"


def _ruby(row: Row, operation: str) -> str:
    member = f"({row['member']}: x)" if row["member"] else ""
    return f"{row['package']}::{row['client']}.new.{row['method']}{member}"


def _rust(row: Row, operation: str) -> str:
    member = f".{row['member']}(x)" if row["member"] else ""
    return f"{row['package']}::{row['client']}::new(&config).{row['method']}(){member}.send().await;"


def _php(row: Row, operation: str) -> str:
    member = f"['{row['member']}' => $x]" if row["member"] else ""
    return f"(new \\{row['package']}\\{row['client']}([]))->{row['method'] or _lower(operation)}({member});"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


STATEMENTS: Mapping[str, Callable[[Row, str], str]] = {
    "java-v2": _java_v2, "java-v1": _java_v1, "kotlin": _kotlin, "go-v2": _go, "go-v1": _go, "csharp": _csharp,
    "ruby": _ruby, "rust": _rust, "php": _php,
}  # fmt: skip


def _program(sdk: str, rows: list[Row], lines: str) -> tuple[dict[str, str], str]:
    """The files of a handler that makes these calls, a line each, and its name."""
    if sdk.startswith("java"):
        body = f"public class App {{ public Object handleRequest(String x, Object context) {{\n{lines}\nreturn x; }} }}"
        files = {"src/main/java/app/App.java": f"package app;\n{body}\n", "pom.xml": "<project></project>"}
        return files, "app.App::handleRequest"
    if sdk == "kotlin":
        body = f"class App {{\nfun handleRequest(x: String, context: Any): Any {{\n{lines}\nreturn x\n}}\n}}"
        return {
            "src/main/kotlin/app/App.kt": f"package app\n{body}\n",
            "build.gradle.kts": "",
        }, "app.App::handleRequest"
    if sdk.startswith("go"):
        imports = "\n".join(f'"{package}"' for package in dict.fromkeys(row["package"] for row in rows))
        body = f"func handle(ctx any, x *string) {{\nvar cfg any\nvar session any\n{lines}\n}}"
        head = f'package main\nimport (\nstart "github.com/aws/aws-lambda-go/lambda"\n{imports}\n)\n'
        files = {
            "main.go": f"{head}{body}\nfunc main() {{ start.Start(handle) }}\n",
            "go.mod": "module app\n\ngo 1.22\n",
        }
        return files, "main"
    if sdk == "csharp":
        body = f"public class Function\n{{\npublic string Handler(string x)\n{{\n{lines}\nreturn x;\n}}\n}}"
        files = {
            "src/Function.cs": f"namespace App;\n{body}\n",
            "src/App.csproj": '<Project Sdk="Microsoft.NET.Sdk" />',
        }
        return files, "App.Function::Handler"
    if sdk == "ruby":
        return {"app.rb": f"def handler(event:, context:)\nx = event['x']\n{lines}\nend\n"}, "handler"
    if sdk == "php":
        return {"index.php": f"<?php\nfunction handler($x) {{\n{lines}\n}}\n"}, "handler"
    head = "async fn handle(event: LambdaEvent<Value>) -> Result<(), Error> {\nlet x = event.payload;\n"
    body = f"{head}{lines}\nOk(())\n}}"
    start = "#[tokio::main]\nasync fn main() -> Result<(), Error> {\n    run(service_fn(handle)).await\n}\n"
    head = "use lambda_runtime::{run, service_fn, Error, LambdaEvent};\n"
    crates = "\n".join(f'{one.replace("_", "-")} = "1"' for one in dict.fromkeys(row["package"] for row in rows))
    package = (
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nlambda_runtime = "0.13"\n'
    )
    return {"src/main.rs": f"{head}\n{body}\n{start}", "Cargo.toml": f"{package}{crates}\n"}, "main"


def _calls(folder: Path, sdk: str, rows: list[Row]) -> dict[str, list[SdkCall]]:
    """The calls that each statement makes."""
    statements = [STATEMENTS[sdk](row, _first_operation(_service(row))) for row in rows]
    files, symbol = _program(sdk, rows, "\n".join(statements))
    text = next(iter(files.values())).split("\n")
    found: dict[str, list[SdkCall]] = {}
    for call in report(folder, files, symbol).calls:
        found.setdefault(text[(call.place.line or 1) - 1], []).append(call)
    return {one: found.get(one, []) for one in statements}


@pytest.mark.parametrize("sdk", SDKS)
def test_packages_are_in_the_table_of_services(sdk: str) -> None:
    folder, columns, start = TABLES[sdk]
    path = Path(__file__).parents[2] / "src" / "scopedown" / "languages" / folder / "services.tsv"
    known: dict[str, set[str]] = {}
    for row in read_rows(path):
        for column in columns:
            known.setdefault(row[column].partition(".")[0].lower(), set()).add(row["service"])
    wrong = [
        row["package"]
        for row in ROWS
        if row["sdk"] == sdk
        and _found(row, "package")
        and _service(row) not in known.get(row["package"].removeprefix(start).lower(), ())
    ]
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("sdk", SDKS)
def test_clients_methods_requests_and_members_are_what_they_mean(sdk: str, tmp_path: Path) -> None:
    rows = [row for row in ROWS if row["sdk"] == sdk and _found(row, "client")]
    made = _calls(tmp_path, sdk, rows)
    wrong = []
    for row in rows:
        operation, _, parameter = row["means"].partition(":")[2].partition(" ")
        found = made[STATEMENTS[sdk](row, _first_operation(_service(row)))]
        fits = [
            call
            for call in found
            if call.service == _service(row)
            and operation in ("", call.operation)
            and (parameter in ("", "-") or parameter in call.arguments)
        ]
        if not fits:
            wrong.append((row["package"], row["client"], row["method"], row["member"], row["means"], found))
    assert not wrong


@pytest.mark.parametrize("sdk", SDKS)
def test_two_hundred_names_of_each_sdk_were_found(sdk: str) -> None:
    names = {
        (row["package"], row[column] if column != "member" else f"{row['method']} {row['member']}", column)
        for row in ROWS
        if row["sdk"] == sdk
        for column in ("package", "client", "method", "request", "member")
        if _found(row, column)
    }
    assert len(names) >= 200
    assert all(row["found_in"] for row in ROWS)
