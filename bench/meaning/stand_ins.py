"""Run programs of the further languages with packages that stand in for the SDKs: does each make its call?

``executed(root, language, programs)`` gives the calls and the error by program, as ``run.executed`` does; nothing where
the language's tools are not at hand (``ruby``, ``php``, ``javac``, ``go``, ``mcs``, ``rustc``). The stand-ins know the
methods of the bases and no others. A program is compiled by itself, so each kind is run with one of its bases; a kind
that is marked as newer is not, since the compiler does not know the form.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from meaning.kinds import BASES, Program
from meaning.written import MADE, Made, lower, snake, upper

SECONDS = 60
ENVIRONMENT = dict.fromkeys(("BUCKET", "TABLE", "QUEUE_URL", "TOPIC", "SECRET", "OTHER", "MACHINE"), "own")
Ran = dict[int, tuple[str, str]]


def executed(root: Path, language: str, programs: Sequence[Program]) -> Ran:
    """By program: the calls that were made, and an error."""
    tool, write, run = TOOLS.get(language, ("", _nothing, _none))
    if not tool or shutil.which(tool) is None:
        return {}
    stubs = root / "stand-ins"
    stubs.mkdir()
    write(stubs)
    found: Ran = {}
    seen: dict[str, int] = {}
    for number, one in enumerate(programs):
        turn = seen.setdefault(one.kind.title, len(seen)) % len(BASES[language])
        if BASES[language].index(one.base) != turn or "newer" in one.kind.marks:
            continue
        done = run(root / str(number), stubs)
        made = re.findall(r"^CALL (\S+)$", done.stdout, re.MULTILINE)
        wanted = f"{one.base.service}.{one.base.operation}"
        error = "" if wanted in made else (done.stderr or done.stdout).strip()[-300:].replace("\n", " ")
        found[number] = (",".join(made), error)
    return found


def _nothing(stubs: Path) -> None:
    pass


def _none(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], 0, "", "")


def _run(folder: Path, *commands: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    """Commands, one after another until one fails; the last one's outcome."""
    done = subprocess.CompletedProcess[str]([], 0, "", "")
    for command in commands:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS,
            env={**os.environ, **ENVIRONMENT, **more},
        )  # fmt: skip
        if done.returncode:
            break
    return done


def _services() -> dict[str, list[Made]]:
    found: dict[str, list[Made]] = {}
    for one in MADE:
        found.setdefault(one.id, []).append(one)
    return found


# Ruby


def _ruby(stubs: Path) -> None:
    modules = []
    for name, made in _services().items():
        module = re.sub(r"\W", "", "States" if name == "SFN" else name)
        methods = "\n".join(
            f"    def {snake(one.operation)}(**given)\n      puts 'CALL {one.service}.{one.operation}'\n"
            "      {}\n    end"
            for one in made
        )
        modules.append(f"module Aws\n  module {module}\n    class Client\n{methods}\n    end\n  end\nend\n")
        gem = re.sub(r"\W", "", "states" if name == "SFN" else name).lower()
        (stubs / f"aws-sdk-{gem}.rb").write_text("require 'stand_ins'\n")
    (stubs / "stand_ins.rb").write_text("\n".join(modules))


def _run_ruby(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    code = "require './handler'; handler(event: {}, context: nil)"
    return _run(folder, ["ruby", "-I", str(stubs), "-I", ".", "-e", code])


# PHP


def _php(stubs: Path) -> None:
    classes = []
    for name, made in _services().items():
        kind = made[0].pascal if name != "Secrets Manager" else "SecretsManager"
        methods = "".join(
            f"public function {lower(one.operation)}(array $given) "
            f'{{ echo "CALL {one.service}.{one.operation}\\n"; return []; }} '
            for one in made
        )
        classes.append(
            f"namespace Aws\\{kind} {{ class {kind}Client {{ public function __construct(array $o) {{}} {methods} }} }}"
        )
    (stubs / "autoload.php").write_text("<?php\n" + "\n".join(classes))


def _run_php(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    (folder / "vendor").mkdir(exist_ok=True)
    shutil.copy(stubs / "autoload.php", folder / "vendor/autoload.php")
    return _run(folder, ["php", "-d", "display_errors=stderr", "-r", "$f = require 'handler.php'; $f([]);"])


# Java


def _java(stubs: Path) -> None:
    for made in _services().values():
        one = made[0]
        package = f"software.amazon.awssdk.services.{one.letters}"
        folder = stubs / package.replace(".", "/")
        (folder / "model").mkdir(parents=True)
        methods = "".join(
            f"public Object {lower(each.operation)}({package}.model.{each.operation}Request given) "
            f'{{ System.out.println("CALL {each.service}.{each.operation}"); return "x"; }}\n'
            for each in made
        )
        kind = f"{one.pascal}Client"
        (folder / f"{kind}.java").write_text(
            f"package {package};\npublic class {kind} implements AutoCloseable {{\n"
            f"public static {kind} create() {{ return new {kind}(); }}\npublic void close() {{ }}\n{methods}}}\n"
        )
        for each in made:
            members = "".join(
                f"public Builder {lower(name)}(String given) {{ return this; }}\n" for name, _ in each.parameters
            )
            request = f"{each.operation}Request"
            (folder / "model" / f"{request}.java").write_text(
                f"package {package}.model;\npublic class {request} {{\n"
                "public static Builder builder() { return new Builder(); }\n"
                f"public static class Builder {{\npublic {request} build() {{ return new {request}(); }}\n"
                f"{members}}}\n}}\n"
            )
    (stubs / "Driver.java").write_text(
        "public class Driver {\npublic static void main(String[] given) throws Exception {\n"
        "new app.Handler().handle(new java.util.HashMap<>());\n}\n}\n"
    )
    sources = [str(path) for path in stubs.rglob("*.java") if path.name != "Driver.java"]
    subprocess.run(["javac", "-d", str(stubs / "classes"), *sources], check=True, timeout=SECONDS)


def _run_java(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    sources = [str(path) for path in (folder / "src").rglob("*.java")]
    within = f"{stubs / 'classes'}{os.pathsep}out"
    compile_ = ["javac", "-cp", within, "-d", "out", *sources, str(stubs / "Driver.java")]
    return _run(folder, compile_, ["java", "-cp", within, "Driver"])


# Go


def _go(stubs: Path) -> None:
    def write(path: str, text: str) -> None:
        file = stubs / "src/github.com/aws" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    write(
        "aws-sdk-go-v2/aws/aws.go",
        "package aws\n\ntype Config struct{}\n\nfunc String(s string) *string { return &s }\n",
    )
    write(
        "aws-sdk-go-v2/config/config.go",
        'package config\n\nimport (\n\t"context"\n\n\t"github.com/aws/aws-sdk-go-v2/aws"\n)\n\n'
        "func LoadDefaultConfig(ctx context.Context) (aws.Config, error) { return aws.Config{}, nil }\n",
    )
    write(
        "aws-lambda-go/lambda/lambda.go",
        'package lambda\n\nimport "context"\n\n'
        "func Start(handler func(context.Context, map[string]string) (any, error)) {\n"
        "\tif _, err := handler(context.TODO(), map[string]string{}); err != nil {\n\t\tpanic(err)\n\t}\n}\n",
    )
    for made in _services().values():
        package = made[0].letters
        body = "".join(
            f"type {one.operation}Output struct{{}}\n\ntype {one.operation}Input struct {{\n"
            + "".join(f"\t{upper(name)} *string\n" for name, _ in one.parameters)
            + f"}}\n\nfunc (c *Client) {one.operation}(ctx context.Context, in *{one.operation}Input) "
            f'(*{one.operation}Output, error) {{\n\tfmt.Println("CALL {one.service}.{one.operation}")\n'
            f"\treturn &{one.operation}Output{{}}, nil\n}}\n\n"
            for one in made
        )
        write(
            f"aws-sdk-go-v2/service/{package}/{package}.go",
            f'package {package}\n\nimport (\n\t"context"\n\t"fmt"\n\n\t"github.com/aws/aws-sdk-go-v2/aws"\n)\n\n'
            f"type Client struct{{}}\n\nfunc NewFromConfig(cfg aws.Config) *Client {{ return &Client{{}} }}\n\n{body}",
        )


def _run_go(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    inside = stubs / "src/app" / folder.name
    shutil.copytree(folder, inside)
    (inside / "go.mod").unlink()
    return _run(inside, ["go", "run", "."], GOPATH=str(stubs), GO111MODULE="off", GOFLAGS="")


# C#


def _csharp(stubs: Path) -> None:
    parts = []
    for made in _services().values():
        namespace = made[0].older or made[0].id
        name = namespace.removesuffix("v2")
        methods = [
            f"Task<{one.operation}Response> {one.operation}Async(Model.{one.operation}Request given)" for one in made
        ]
        bodies = "".join(
            f"public async {method} {{ await Task.Yield(); "
            f'Console.WriteLine("CALL {one.service}.{one.operation}"); return new {one.operation}Response(); }}\n'
            for method, one in zip(methods, made, strict=True)
        )
        members = "".join(
            f"namespace Amazon.{namespace}.Model {{ public class {one.operation}Request {{\n"
            + "".join(
                f"public string {'BucketName' if member == 'Bucket' else upper(member)} {{ get; set; }}\n"
                for member, _ in one.parameters
            )
            + "} }\n"
            for one in made
        )
        answers = "".join(f"public class {one.operation}Response {{ }}\n" for one in made)
        parts.append(
            f"namespace Amazon.{namespace} {{ {answers} public interface IAmazon{name} : IDisposable {{ "
            + "".join(f"{method}; " for method in methods)
            + f"}}\npublic class Amazon{name}Client : IAmazon{name} {{ public void Dispose() {{ }}\n{bodies}}} }}\n"
            + members
        )
    (stubs / "Sdk.cs").write_text("using System;\nusing System.Threading.Tasks;\n" + "\n".join(parts))
    (stubs / "Driver.cs").write_text(
        "public static class Driver { public static void Main() { "
        "object found = new Function().Handle(new System.Collections.Generic.Dictionary<string, string>()); "
        "var task = found as System.Threading.Tasks.Task; if (task != null) { task.Wait(); } } }\n"
    )


def _run_csharp(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    sources = [str(path) for path in (folder / "src").glob("*.cs")]
    compile_ = ["mcs", "-langversion:latest", "-out:app.exe", *sources, str(stubs / "Sdk.cs"), str(stubs / "Driver.cs")]
    return _run(folder, compile_, ["mono", "app.exe"])


# Rust


def _rust(stubs: Path) -> None:
    def build(name: str, text: str) -> None:
        (stubs / f"{name}.rs").write_text(text)
        command = ["rustc", "--edition", "2021", "--crate-type", "rlib", "-L", str(stubs), "-A", "warnings"]
        if name != "aws_config":
            command += ["--extern", f"aws_config={stubs / 'libaws_config.rlib'}"]
        subprocess.run(
            [*command, "-o", str(stubs / f"lib{name}.rlib"), str(stubs / f"{name}.rs")], check=True, timeout=SECONDS
        )

    build(
        "aws_config",
        "pub struct SdkConfig;\npub struct Builder;\nimpl SdkConfig { pub fn builder() -> Builder { Builder } }\n"
        "impl Builder { pub fn build(self) -> SdkConfig { SdkConfig } }\n",
    )
    for made in _services().values():
        body = "".join(
            f"    pub fn {snake(one.operation)}(&self) -> {one.operation} {{ {one.operation} }}\n" for one in made
        )
        fluent = "".join(
            f"#[derive(Clone, Debug)]\npub struct {one.operation};\nimpl {one.operation} {{\n"
            + "".join(
                f"    pub fn {snake(name)}(self, given: impl Into<String>) -> Self {{ self }}\n"
                for name, _ in one.parameters
            )
            + "    pub async fn send(self) -> Result<(), std::io::Error> {\n"
            f'        println!("CALL {one.service}.{one.operation}");\n        Ok(())\n    }}\n}}\n'
            for one in made
        )
        build(
            f"aws_sdk_{made[0].letters}",
            "#[derive(Clone, Debug)]\npub struct Client;\nimpl Client {\n"
            f"    pub fn new(config: &aws_config::SdkConfig) -> Self {{ Client }}\n{body}}}\n{fluent}",
        )


_MAIN = re.compile(r"#\[tokio::main\]\nasync fn main\(\).*?\n\}\n", re.DOTALL)
_START = """use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

fn main() {
    fn same(_: *const ()) -> RawWaker { RawWaker::new(std::ptr::null(), &TABLE) }
    fn nothing(_: *const ()) {}
    static TABLE: RawWakerVTable = RawWakerVTable::new(same, nothing, nothing, nothing);
    let waker = unsafe { Waker::from_raw(same(std::ptr::null())) };
    let mut future = Box::pin(handle(String::new()));
    while let Poll::Pending = future.as_mut().poll(&mut Context::from_waker(&waker)) {}
}
"""


def _run_rust(folder: Path, stubs: Path) -> subprocess.CompletedProcess[str]:
    main = folder / "src/main.rs"
    main.write_text("use std::future::Future;\n" + _MAIN.sub(lambda found: _START, main.read_text()))
    crates = ["aws_config", *re.findall(r"^use (aws_sdk_\w+)", main.read_text(), re.MULTILINE)]
    known = [part for crate in crates for part in ("--extern", f"{crate}={stubs / f'lib{crate}.rlib'}")]
    compile_ = ["rustc", "--edition", "2021", "-A", "warnings", "-L", str(stubs), *known, "-o", "app", "src/main.rs"]
    return _run(folder, compile_, ["./app"])


TOOLS: dict[
    str, tuple[str, Callable[[Path], None], Callable[[Path, Path], subprocess.CompletedProcess[str]]]
] = {
    "ruby": ("ruby", _ruby, _run_ruby),
    "php": ("php", _php, _run_php),
    "java": ("javac", _java, _run_java),
    "go": ("go", _go, _run_go),
    "csharp": ("mcs", _csharp, _run_csharp),
    "rust": ("rustc", _rust, _run_rust),
}  # fmt: skip
