"""The functions of the languages that bind names by packages: nine calls, written as each language writes them.

All that a call is given are texts, so that one table serves every language. :data:`WRITINGS` says where a program's
files lie and where its handler begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from meaning.bases import Base


@dataclass(frozen=True)
class Made:
    """One call: ``parameters`` are names of the API with a text, or ``env:NAME``; ``id`` is the service's identifier,
    ``older`` its class in .NET."""

    service: str
    id: str
    operation: str
    parameters: tuple[tuple[str, str], ...]
    older: str = ""

    @property
    def letters(self) -> str:
        """``secretsmanager``."""
        return re.sub(r"\W", "", self.id).lower()

    @property
    def pascal(self) -> str:
        """``DynamoDb``: each word of the identifier with one capital letter."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.id).split()
        return "".join(word[:1].upper() + word[1:].lower() for word in words)


MADE = (
    Made("s3", "S3", "GetObject", (("Bucket", "env:BUCKET"), ("Key", "a.txt"))),
    Made("s3", "S3", "DeleteObject", (("Bucket", "own-bucket"), ("Key", "a"))),
    Made("sqs", "SQS", "SendMessage", (("QueueUrl", "env:QUEUE_URL"), ("MessageBody", "x"))),
    Made("sns", "SNS", "Publish", (("TopicArn", "env:TOPIC"), ("Message", "x")), "SimpleNotificationService"),
    Made("ssm", "SSM", "GetParameter", (("Name", "/own/name"),), "SimpleSystemsManagement"),
    Made("secretsmanager", "Secrets Manager", "GetSecretValue", (("SecretId", "env:SECRET"),), "SecretsManager"),
    Made("dynamodb", "DynamoDB", "DescribeTable", (("TableName", "env:TABLE"),), "DynamoDBv2"),
    Made("stepfunctions", "SFN", "StartExecution", (("stateMachineArn", "env:MACHINE"),), "StepFunctions"),
    Made("lambda", "Lambda", "Invoke", (("FunctionName", "env:OTHER"),)),
)


def snake(name: str) -> str:
    """``get_secret_value``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def lower(name: str) -> str:
    """``getSecretValue``."""
    return name[:1].lower() + name[1:]


def upper(name: str) -> str:
    """``StateMachineArn``."""
    return name[:1].upper() + name[1:]


def texts(one: Made, environment: str) -> list[tuple[str, str]]:
    """The parameters as expressions; ``environment`` is how the language reads a variable, with ``%s``."""
    return [
        (name, environment % value.removeprefix("env:") if value.startswith("env:") else f'"{value}"')
        for name, value in one.parameters
    ]


def _base(one: Made, **written: str) -> Base:
    return Base(f"{one.id} {one.operation}", service=one.service, operation=one.operation, **written)


def _java(one: Made) -> Base:
    package = f"software.amazon.awssdk.services.{one.letters}"
    members = "".join(f".{lower(name)}({value})" for name, value in texts(one, 'System.getenv("%s")'))
    request = f"{one.operation}Request"
    imports = (f"{package}.{one.pascal}Client", f"{package}.model.{request}")
    java = ("java.util.*", "java.util.concurrent.*", "java.util.function.*", "java.util.stream.*")
    return _base(
        one, make=f"{one.pascal}Client.create()", method=lower(one.operation), type=f"{one.pascal}Client",
        args=f"{request}.builder(){members}.build()", request=request,
        setup="package app;\n\n" + "".join(f"import {name};\n" for name in (*java, *imports)),
    )  # fmt: skip


def _kotlin(one: Made) -> Base:
    package = f"software.amazon.awssdk.services.{one.letters}"
    members = "".join(f".{lower(name)}({value})" for name, value in texts(one, 'System.getenv("%s")'))
    request = f"{one.operation}Request"
    return _base(
        one, make=f"{one.pascal}Client.create()", method=lower(one.operation), type=f"{one.pascal}Client",
        args=f"{request}.builder(){members}.build()", request=request,
        setup=f"package app\n\nimport {package}.{one.pascal}Client\nimport {package}.model.{request}\n",
    )  # fmt: skip


def _go(one: Made) -> Base:
    package = one.letters
    members = ", ".join(f"{upper(name)}: aws.String({value})" for name, value in texts(one, 'os.Getenv("%s")'))
    request = f"{package}.{one.operation}Input"
    sdk = "github.com/aws/aws-sdk-go-v2"
    imports = ("context", "os", "sync", f"{sdk}/aws", f"{sdk}/config", f"{sdk}/service/{package}")
    return _base(
        one, make=f"{package}.NewFromConfig(configured())", method=one.operation, type=f"*{package}.Client",
        args=f"context.TODO(), &{request}{{{members}}}", argument=f"&{request}{{{members}}}", request=request,
        setup="package main\n\nimport (\n" + "".join(f'\t"{name}"\n' for name in imports) + ")\n\n"
        "var (\n\t_ = os.Getenv\n\t_ sync.Mutex\n\t_ = aws.String\n\t_ = config.LoadDefaultConfig\n"
        f"\t_ = context.TODO\n\t_ = {package}.NewFromConfig\n)\n\n",
        beside=(
            ("go.mod", f"module example.com/app\n\ngo 1.22\n\nrequire {sdk} v1.30.0\n"),
            ("main.go", f'package main\n\nimport (\n\t"context"\n\n\t"{sdk}/aws"\n\t"{sdk}/config"\n'
             '\t"github.com/aws/aws-lambda-go/lambda"\n)\n\nfunc configured() aws.Config {\n'
             "\tfound, _ := config.LoadDefaultConfig(context.TODO())\n\treturn found\n}\n\n"
             "func main() {\n\tlambda.Start(handle)\n}\n"),
        ),
    )  # fmt: skip


def _csharp(one: Made) -> Base:
    namespace = one.older or one.id
    name = namespace.removesuffix("v2")
    written = {"Bucket": "BucketName"} if one.service == "s3" else {}
    given = texts(one, 'Environment.GetEnvironmentVariable("%s")')
    members = ", ".join(f"{written.get(name, upper(name))} = {value}" for name, value in given)
    usings = ("System", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks")
    used = (*usings, f"Amazon.{namespace}", f"Amazon.{namespace}.Model")
    return _base(
        one, make=f"new Amazon{name}Client()", method=f"{one.operation}Async", type=f"IAmazon{name}",
        args=f"new {one.operation}Request {{ {members} }}", request=f"{one.operation}Request",
        setup="".join(f"using {name};\n" for name in used),
    )  # fmt: skip


def _ruby(one: Made) -> Base:
    members = ", ".join(f"{snake(name)}: {value}" for name, value in texts(one, "ENV['%s']"))
    module = re.sub(r"\W", "", "States" if one.id == "SFN" else one.id)
    gem = re.sub(r"\W", "", one.id).lower() if one.id != "SFN" else "states"
    return _base(
        one, make=f"Aws::{module}::Client.new", method=snake(one.operation), type="", args=members,
        setup=f"require 'aws-sdk-{gem}'\n",
    )  # fmt: skip


def _rust(one: Made) -> Base:
    members = "".join(f".{snake(name)}({value})" for name, value in texts(one, 'std::env::var("%s").unwrap()'))
    crate = f"aws_sdk_{one.letters}"
    return _base(
        one, make="Client::new(&aws_config::SdkConfig::builder().build())", method=snake(one.operation), type="Client",
        args=members,
        setup=f"use {crate}::Client;\n\ntype Error = Box<dyn std::error::Error + Send + Sync>;\n"
        "type Event = String;\n\n"
        "#[tokio::main]\nasync fn main() -> Result<(), Error> {\n"
        "    lambda_runtime::run(lambda_runtime::service_fn(handle)).await\n}\n\n",
        beside=(
            ("Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n'
             f'aws-config = "1"\naws-sdk-{one.letters} = "1"\nlambda_runtime = "0.13"\n'),
        ),
    )  # fmt: skip


def _php(one: Made) -> Base:
    members = ", ".join(f"'{upper(name) if name[0].isupper() else name}' => {value}"
                        for name, value in texts(one, "getenv('%s')"))  # fmt: skip
    kind = f"{one.pascal}Client" if one.id != "Secrets Manager" else "SecretsManagerClient"
    space = kind.removesuffix("Client")
    return _base(
        one, make=f"(new {kind}(['region' => 'eu-west-1', 'version' => 'latest']))", method=lower(one.operation),
        type=kind, args=f"[{members}]",
        setup=f"<?php\n\nuse Aws\\{space}\\{kind};\n\nrequire_once __DIR__ . '/vendor/autoload.php';\n",
    )  # fmt: skip


@dataclass(frozen=True)
class Writing:
    """How programs of a language lie in their folder: the handler's file and symbol, the folder of the sources, files
    beside them."""

    base: Callable[[Made], Base]
    file: str
    symbol: str
    folder: str = ""
    beside: tuple[tuple[str, str], ...] = ()


WRITINGS = {
    "java": Writing(_java, "Handler.java", "app.Handler::handle", "src/main/java/app/",
                    (("pom.xml", "<project><artifactId>app</artifactId></project>\n"),)),
    "kotlin": Writing(_kotlin, "Handler.kt", "app.Handler::handle", "src/main/kotlin/app/",
                      (("build.gradle.kts", 'plugins { kotlin("jvm") }\n'),)),
    "go": Writing(_go, "handler.go", "main"),
    "csharp": Writing(_csharp, "Function.cs", "Function::Handle", "src/",
                      (("src/app.csproj", '<Project Sdk="Microsoft.NET.Sdk" />\n'),)),
    "ruby": Writing(_ruby, "handler.rb", "handler"),
    "rust": Writing(_rust, "main.rs", "main", "src/"),
    "php": Writing(_php, "handler.php", ""),
}  # fmt: skip
BASES = {language: tuple(writing.base(one) for one in MADE) for language, writing in WRITINGS.items()}
