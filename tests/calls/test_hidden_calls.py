"""Code that hides what it calls makes the verdict not "whole", unless the call is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan import scan
from scopedown.source.sources import Sources

Report = Callable[..., CallReport]

PYTHON = {
    "a method by a computed name of a client of an unknown service": (
        "getattr(boto3.client(event['s']), event['op'])()",
        "an SDK client of AWS calls a method whose name is computed",
    ),
    "an operation that a variable holds": (
        "send = getattr(boto3.client(event['s']), 'send_message')\n    send(QueueUrl='q', MessageBody='m')",
        "the code calls send_message() on an unknown value (a client of a service with a computed name)",
    ),
    "a call below the methods": (
        "boto3.client('sqs')._make_api_call(event['op'], {})",
        "an SDK client of sqs calls an operation whose name is computed",
    ),
    "a waiter": (
        "boto3.client('s3').get_waiter(event['w']).wait()",
        "an SDK client of s3 makes a waiter whose name is computed",
    ),
    "pickle": (
        "import pickle\n    pickle.loads(event['x'])()",
        "pickle.loads() may run code that the loaded data names",
    ),
    "joblib": ("import joblib\n    joblib.load('m').run()", "joblib.load() may run code that the loaded data names"),
    "an archive": (
        "import zipimport\n    zipimport.zipimporter('/opt/x.zip').load_module('x').go()",
        "zipimport.zipimporter() leads to code that scopedown did not follow",
    ),
}  # fmt: skip
SEND = "new SQS().sendMessage({QueueUrl: 'q', MessageBody: 'm'}).promise()"
SCRIPTS = {
    "an operation by a computed name": (
        "export const handler = async (event) => new SQS().makeRequest(event.op, {}).promise()",
        "an SDK client of sqs calls an operation whose name is computed",
    ),
    "a described service": (
        "export const handler = async (event) => new AWS.Service({apiConfig: event.api}).go()",
        "an SDK client of AWS is made of a description of its service",
    ),
}
FOUND = {
    "a function that unseen code gets from ours": "import lib from 'lib'\n"
    f"lib.use((next) => async (args) => {{ await {SEND} }})\nexport const handler = async (event) => lib.go()",
    "a method that await calls": f"const later = {{ then(done) {{ {SEND} }} }}\n"
    "export const handler = async (event) => { await later }",
    "a method decorated by a descriptor": "function traced(target: any, name: string, descriptor: any) {\n"
    "  const inner = descriptor.value\n"
    f"  descriptor.value = async function (...all: any[]) {{ await {SEND}; return inner.apply(this, all) }}\n}}\n"
    "class Service { @traced async go() {} }\n"
    "export const handler = async (event: any) => new Service().go()",
    "a method decorated by a descriptor that is returned": "function traced(target: any, name: string, old: any) {\n"
    f"  return {{ ...old, value: async () => {{ await {SEND} }} }}\n}}\n"
    "class Service { @traced async go() {} }\n"
    "export const handler = async (event: any) => new Service().go()",
}


def said(report: CallReport) -> list[str]:
    return [one.what for one in report.unseen]


@pytest.mark.parametrize("name", PYTHON)
def test_python_that_hides_a_call_is_not_seen_whole(python_report: Report, name: str) -> None:
    body, what = PYTHON[name]
    report = python_report(f"import boto3\ndef handler(event, context):\n    {body}\n")
    assert not report.calls and what in said(report)


def script(folder: Path, source: str, name: str) -> CallReport:
    (folder / name).write_text(f"import AWS, {{ SQS }} from 'aws-sdk'\n{source}\n")
    return find_calls(Sources(str(folder)), catalog(), {}, name, "handler")


@pytest.mark.parametrize("name", SCRIPTS)
def test_javascript_that_hides_a_call_is_not_seen_whole(tmp_path: Path, name: str) -> None:
    source, what = SCRIPTS[name]
    report = script(tmp_path, source, "app.mjs")
    assert not report.calls and what in said(report)


@pytest.mark.parametrize("name", FOUND)
def test_calls_that_the_language_makes_are_found(tmp_path: Path, name: str) -> None:
    assert [call.name for call in script(tmp_path, FOUND[name], "app.ts").calls] == ["sqs.SendMessage"]


def test_an_operation_that_is_called_below_the_methods_is_found(python_report: Report) -> None:
    call = "boto3.client('sqs')._make_api_call('SendMessage', {'QueueUrl': 'q'})"
    report = python_report(f"import boto3\ndef handler(event, context):\n    {call}\n")
    assert [one.name for one in report.calls] == ["sqs.SendMessage"] and not report.unseen


@pytest.mark.parametrize("hook", ["sys.excepthook", "json.JSONEncoder.default", "threading.excepthook"])
def test_a_hook_of_the_standard_library_may_run(python_report: Report, hook: str) -> None:
    source = f"""\
import boto3, json, sys, threading
def tell(*given):
    boto3.client("sqs").send_message(QueueUrl="q", MessageBody="m")
{hook} = tell
def handler(event, context):
    return json.dumps(event)
"""
    assert [one.name for one in python_report(source).calls] == ["sqs.SendMessage"]


COMMAND = "the code runs aws, which may call AWS"
COMPUTED = "an SDK client of AWS is of a service with a computed name"
GO = 'package main\nimport (\n%s\n"github.com/aws/aws-lambda-go/lambda")\n'
GO += "func handle() { %s }\nfunc main() { lambda.Start(handle) }\n"
SHARP = "using System;\nnamespace A { public class F { public string Go(string e) { %s return e; } } }\n"
OTHERS = {
    "Ruby in backticks": ("ruby3.3", "app.handler", "def handler(event:, context:)\n  `aws s3 ls`\nend\n", COMMAND),
    "Ruby by a constant's name": (
        "ruby3.3", "app.handler", "def handler(event:, context:)\n  Aws.const_get(event['s'])::Client.new.go\nend\n",
        COMPUTED,
    ),
    "Ruby's marshalled objects": (
        "ruby3.3", "app.handler", "def handler(event:, context:)\n  Marshal.load(event['x']).call\nend\n",
        "Marshal.load() may run code that the loaded data names",
    ),
    "C#'s processes": ("dotnet8", "A::A.F::Go", SHARP % 'System.Diagnostics.Process.Start("aws", "s3 ls");', COMMAND),
    "C#'s assemblies": (
        "dotnet8", "A::A.F::Go", SHARP % 'System.Reflection.Assembly.LoadFrom("x.dll").GetType("X").GetMethod("Go");',
        "Assembly.LoadFrom() leads to code that scopedown did not follow",
    ),
    "Go's plugins": (
        "provided.al2023", "bootstrap", GO % ('"plugin"', 'plugin.Open("/opt/x.so")'),
        "plugin.Open() leads to code that scopedown did not follow",
    ),
    "Go's functions of C": (
        "provided.al2023", "bootstrap", GO % ('"C"', "C.put_it()"),
        "C.put_it() leads to code that scopedown did not follow",
    ),
    "Ruby's living objects": (
        "ruby3.3", "app.handler",
        "def handler(event:, context:)\n  ObjectSpace.each_object(Class) { |one| one.go }\nend\n",
        "ObjectSpace.each_object() leads to code that scopedown did not follow",
    ),
    "Rust's commands": (
        "provided.al2023", "bootstrap",
        "async fn handle(e: LambdaEvent<u8>) -> Result<(), Error> {\n"
        '    std::process::Command::new("aws").status()?;\n    Ok(())\n}\n'
        "#[tokio::main]\nasync fn main() -> Result<(), Error> { lambda_runtime::run(service_fn(handle)).await }\n",
        COMMAND,
    ),
}  # fmt: skip
FILES = {
    "ruby3.3": {"Gemfile": "gem 'aws-sdk-sqs'\n", "app.rb": ""},
    "dotnet8": {"A.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>', "F.cs": ""},
    "go": {"go.mod": "module x\ngo 1.21\n", "main.go": ""},
    "rust": {"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\n', "src/main.rs": ""},
}


@pytest.mark.parametrize("name", OTHERS)
def test_code_of_other_languages_that_hides_a_call_is_not_seen_whole(tmp_path: Path, name: str) -> None:
    runtime, handler, source, what = OTHERS[name]
    kind = {"Go's plugins": "go", "Go's functions of C": "go", "Rust's commands": "rust"}.get(name, runtime)
    for file, text in FILES[kind].items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text or source)
    (tmp_path / "serverless.yml").write_text(
        f"service: s\nprovider: {{name: aws, runtime: {runtime}}}\nfunctions: {{f: {{handler: '{handler}'}}}}\n"
    )
    (function,) = scan(load_project(tmp_path, Options()), catalog()).functions
    assert what in [one.what for one in function.coverage.unseen]


def test_conversions_of_c_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module x\ngo 1.21\n")
    (tmp_path / "main.go").write_text(GO % ('"C"', 'text := C.CString("x")\nC.free(text)\n_ = C.int(3)'))
    assert find_calls(Sources(str(tmp_path)), catalog(), {}, "main.go", "main").unseen == ()


@pytest.mark.parametrize("depth", [150, 2000])
def test_python_that_is_nested_too_deeply_is_not_seen_whole(python_report: Report, depth: int) -> None:
    call = "boto3.client('sqs').send_message(QueueUrl='q', MessageBody='m')"
    source = f"import boto3\ndef handler(event, context):\n    return {'[' * depth}{call}{']' * depth}\n"
    (what,) = said(python_report(source))
    assert what.startswith("the code is nested too deeply")
