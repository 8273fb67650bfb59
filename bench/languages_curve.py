# ruff: noqa: E501  (the generated programs are as long as they are)
"""How long does a scan take of a function of many files, in each language?

    python bench/languages_curve.py [LANGUAGE …] [--files 5,250,500,1000]

For each language and number of files a project is generated: a handler that reaches every file, and in each file a class
(a struct, a module) with twelve methods, one of which puts an item into a table named by an environment variable.
Printed are CPU seconds and the peak of memory of `scan --no-cache --jobs 1`, and what was found. A scan that is not
measured goes before, which writes Python's bytecode as an installation does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TEMPLATE = """\
service: app
provider: {{name: aws, runtime: {runtime}}}
functions:
  fn: {{handler: '{handler}', environment: {{TABLE: !Ref Table}}}}
resources:
  Resources:
    Table:
      Type: AWS::DynamoDB::Table
      Properties:
        AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
        KeySchema: [{{AttributeName: id, KeyType: HASH}}]
        BillingMode: PAY_PER_REQUEST
"""


def _java(root: Path, files: int) -> dict[str, str]:
    source = root / "src/main/java/app"
    source.mkdir(parents=True)
    (root / "pom.xml").write_text("<project><artifactId>app</artifactId></project>")
    for number in range(files):
        methods = "\n".join(
            f"    String format{one}(String given) {{\n        StringBuilder text = new StringBuilder();\n"
            f"        for (int i = 0; i < {one}; i++) {{ text.append(given).append(i); }}\n"
            f'        return text.toString().isEmpty() ? "none" : given + {one};\n    }}'
            for one in range(11)
        )
        (source / f"Service{number}.java").write_text(
            "package app;\n\nimport java.util.Map;\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient;\n"
            "import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;\n\n"
            f"public class Service{number} {{\n    private final DynamoDbClient client = DynamoDbClient.create();\n"
            f"{methods}\n    void save(String id) {{\n        format3(id);\n        client.putItem("
            'PutItemRequest.builder().tableName(System.getenv("TABLE")).build());\n    }\n}\n'
        )
    calls = "\n".join(f"        new Service{number}().save(event);" for number in range(files))
    (source / "Handler.java").write_text(
        "package app;\n\nimport com.amazonaws.services.lambda.runtime.Context;\n"
        "import com.amazonaws.services.lambda.runtime.RequestHandler;\n\n"
        "public class Handler implements RequestHandler<String, String> {\n"
        f"    public String handleRequest(String event, Context context) {{\n{calls}\n        return event;\n    }}\n}}\n"
    )
    return {"handler": "app.Handler::handleRequest", "runtime": "java21"}


def _kotlin(root: Path, files: int) -> dict[str, str]:
    source = root / "src/main/kotlin/app"
    source.mkdir(parents=True)
    (root / "build.gradle.kts").write_text('plugins { kotlin("jvm") }\n')
    for number in range(files):
        methods = "\n".join(
            f'    fun format{one}(given: String): String {{\n        var text = ""\n'
            f"        for (i in 0..{one}) {{ text += given + i }}\n"
            f'        return if (text.isEmpty()) "none" else "$given{one}"\n    }}'
            for one in range(11)
        )
        (source / f"Service{number}.kt").write_text(
            "package app\n\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient\n\n"
            f"class Service{number} {{\n    private val client = DynamoDbClient.create()\n{methods}\n"
            '    fun save(id: String) {\n        format3(id)\n        client.putItem { it.tableName(System.getenv("TABLE")) }\n'
            "    }\n}\n"
        )
    calls = "\n".join(f"        Service{number}().save(event)" for number in range(files))
    (source / "Handler.kt").write_text(
        "package app\n\nimport com.amazonaws.services.lambda.runtime.Context\n"
        "import com.amazonaws.services.lambda.runtime.RequestHandler\n\n"
        "class Handler : RequestHandler<String, String> {\n"
        f"    override fun handleRequest(event: String, context: Context): String {{\n{calls}\n        return event\n    }}\n}}\n"
    )
    return {"handler": "app.Handler::handleRequest", "runtime": "java21"}


def _go(root: Path, files: int) -> dict[str, str]:
    (root / "go.mod").write_text("module example.com/app\n\ngo 1.22\n\nrequire github.com/aws/aws-sdk-go-v2 v1.30.0\n")
    (root / "store").mkdir()
    for number in range(files):
        methods = "\n".join(
            f'func (s *Service{number}) Format{one}(given string) string {{\n\ttext := ""\n'
            f'\tfor i := 0; i < {one}; i++ {{\n\t\ttext += fmt.Sprintf("%s-%d", given, i)\n\t}}\n\treturn text\n}}\n'
            for one in range(11)
        )
        (root / "store" / f"service{number}.go").write_text(
            'package store\n\nimport (\n\t"context"\n\t"fmt"\n\t"os"\n\n\t"github.com/aws/aws-sdk-go-v2/aws"\n'
            '\t"github.com/aws/aws-sdk-go-v2/service/dynamodb"\n)\n\n'
            f"type Service{number} struct {{\n\tclient *dynamodb.Client\n}}\n\n"
            f"func NewService{number}(cfg aws.Config) *Service{number} {{\n"
            f"\treturn &Service{number}{{client: dynamodb.NewFromConfig(cfg)}}\n}}\n\n{methods}\n"
            f"func (s *Service{number}) Save(ctx context.Context, id string) error {{\n\ts.Format3(id)\n"
            '\t_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(os.Getenv("TABLE"))})\n'
            "\treturn err\n}\n"
        )
    calls = "\n".join(f"\tstore.NewService{number}(cfg).Save(ctx, event)" for number in range(files))
    (root / "main.go").write_text(
        'package main\n\nimport (\n\t"context"\n\n\t"example.com/app/store"\n\t"github.com/aws/aws-lambda-go/lambda"\n'
        '\t"github.com/aws/aws-sdk-go-v2/config"\n)\n\n'
        "func handle(ctx context.Context, event string) (string, error) {\n"
        f"\tcfg, _ := config.LoadDefaultConfig(ctx)\n{calls}\n\treturn event, nil\n}}\n\n"
        "func main() {\n\tlambda.Start(handle)\n}\n"
    )
    return {"handler": "bootstrap", "runtime": "provided.al2023"}


def _csharp(root: Path, files: int) -> dict[str, str]:
    (root / "App.csproj").write_text('<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup></PropertyGroup></Project>')
    for number in range(files):
        methods = "\n".join(
            f'    public string Format{one}(string given)\n    {{\n        var text = "";\n'
            f'        for (var i = 0; i < {one}; i++) {{ text += $"{{given}}-{{i}}"; }}\n'
            f'        return text.Length == 0 ? "none" : given + {one};\n    }}'
            for one in range(11)
        )
        (root / f"Service{number}.cs").write_text(
            "using System;\nusing System.Threading.Tasks;\nusing Amazon.DynamoDBv2;\nusing Amazon.DynamoDBv2.Model;\n\n"
            f"namespace App;\n\npublic class Service{number}\n{{\n    private readonly AmazonDynamoDBClient client = new();\n"
            f"{methods}\n    public async Task Save(string id)\n    {{\n        Format3(id);\n        await client.PutItemAsync("
            'new PutItemRequest { TableName = Environment.GetEnvironmentVariable("TABLE") });\n    }\n}\n'
        )
    calls = "\n".join(f"        await new Service{number}().Save(input);" for number in range(files))
    (root / "Function.cs").write_text(
        "using System.Threading.Tasks;\nusing Amazon.Lambda.Core;\n\nnamespace App;\n\npublic class Function\n{\n"
        f"    public async Task<string> Handle(string input, ILambdaContext context)\n    {{\n{calls}\n        return input;\n"
        "    }\n}\n"
    )
    return {"handler": "App::App.Function::Handle", "runtime": "dotnet8"}


def _ruby(root: Path, files: int) -> dict[str, str]:
    (root / "lib").mkdir()
    for number in range(files):
        methods = "\n".join(
            f"  def format{one}(given)\n    text = ''\n    {one}.times {{ |i| text += \"#{{given}}-#{{i}}\" }}\n"
            f"    text.empty? ? 'none' : given + '{one}'\n  end"
            for one in range(11)
        )
        (root / "lib" / f"service{number}.rb").write_text(
            f"require 'aws-sdk-dynamodb'\n\nclass Service{number}\n  def initialize\n"
            f"    @client = Aws::DynamoDB::Client.new\n  end\n\n{methods}\n\n  def save(id)\n    format3(id)\n"
            "    @client.put_item(table_name: ENV['TABLE'], item: { 'id' => id })\n  end\nend\n"
        )
    requires = "\n".join(f"require_relative 'lib/service{number}'" for number in range(files))
    calls = "\n".join(f"  Service{number}.new.save(event['id'])" for number in range(files))
    (root / "app.rb").write_text(f"{requires}\n\ndef handler(event:, context:)\n{calls}\nend\n")
    return {"handler": "app.handler", "runtime": "ruby3.3"}


def _rust(root: Path, files: int) -> dict[str, str]:
    (root / "src").mkdir()
    (root / "Cargo.toml").write_text(
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\naws-config = "1"\n'
        'aws-sdk-dynamodb = "1"\nlambda_runtime = "0.13"\n'
    )
    for number in range(files):
        methods = "\n".join(
            f"    pub fn format{one}(&self, given: &str) -> String {{\n        let mut text = String::new();\n"
            f'        for i in 0..{one} {{ text.push_str(&format!("{{}}-{{}}", given, i)); }}\n        text\n    }}'
            for one in range(11)
        )
        (root / "src" / f"service{number}.rs").write_text(
            f"use aws_sdk_dynamodb::Client;\n\npub struct Service{number} {{\n    client: Client,\n}}\n\n"
            f"impl Service{number} {{\n    pub fn new(client: Client) -> Self {{\n        Self {{ client }}\n    }}\n{methods}\n"
            "    pub async fn save(&self, id: &str) {\n        self.format3(id);\n        self.client.put_item()"
            '.table_name(std::env::var("TABLE").unwrap()).send().await.unwrap();\n    }\n}\n'
        )
    modules = "\n".join(f"mod service{number};" for number in range(files))
    calls = "\n".join(
        f'    service{number}::Service{number}::new(client.clone()).save("a").await;' for number in range(files)
    )
    (root / "src" / "main.rs").write_text(
        f"{modules}\n\nuse lambda_runtime::{{run, service_fn, Error, LambdaEvent}};\nuse serde_json::Value;\n\n"
        "async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {\n"
        "    let config = aws_config::load_from_env().await;\n    let client = aws_sdk_dynamodb::Client::new(&config);\n"
        f"{calls}\n    Ok(event.payload)\n}}\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n"
        "    run(service_fn(handle)).await\n}\n"
    )
    return {
        "handler": "bootstrap", "runtime": "provided.al2023",
    }  # fmt: skip


def _php(root: Path, files: int) -> dict[str, str]:
    (root / "src").mkdir()
    (root / "composer.json").write_text(
        '{"require": {"aws/aws-sdk-php": "^3", "bref/bref": "^2"}, "autoload": {"psr-4": {"App\\\\": "src/"}}}'
    )
    for number in range(files):
        methods = "\n".join(
            f"    public function format{one}(string $given): string\n    {{\n        $text = '';\n"
            f'        for ($i = 0; $i < {one}; $i++) {{ $text .= "$given-$i"; }}\n'
            f"        return $text === '' ? 'none' : $given . '{one}';\n    }}"
            for one in range(11)
        )
        (root / "src" / f"Service{number}.php").write_text(
            f"<?php\n\nnamespace App;\n\nuse Aws\\DynamoDb\\DynamoDbClient;\n\nclass Service{number}\n{{\n"
            "    private DynamoDbClient $client;\n\n    public function __construct()\n    {\n"
            "        $this->client = new DynamoDbClient(['region' => 'eu-west-1', 'version' => 'latest']);\n    }\n\n"
            f"{methods}\n\n    public function save(string $id): void\n    {{\n        $this->format3($id);\n"
            "        $this->client->putItem(['TableName' => getenv('TABLE'), 'Item' => []]);\n    }\n}\n"
        )
    calls = "\n".join(f"    (new \\App\\Service{number}())->save('a');" for number in range(files))
    (root / "index.php").write_text(
        f"<?php\n\nrequire __DIR__ . '/vendor/autoload.php';\n\nreturn function ($event) {{\n{calls}\n}};\n"
    )
    return {"handler": "index.php", "runtime": "provided.al2"}


LANGUAGES = {
    "csharp": _csharp, "go": _go, "java": _java, "kotlin": _kotlin, "php": _php, "ruby": _ruby, "rust": _rust,
}  # fmt: skip


def measured(language: str, files: int) -> tuple[float, float, int, str]:
    """CPU seconds, MB, calls of AWS that were found, and the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        settings = LANGUAGES[language](Path(folder), files)
        (Path(folder) / "serverless.yml").write_text(TEMPLATE.format(**settings))
        command = [sys.executable, "-m", "scopedown", "scan", folder, "--no-cache", "--jobs", "1", "--format", "json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        output = process.stdout.read() if process.stdout else b""
        _, _, used = os.wait4(process.pid, 0)
        found = json.loads(output)["functions"]
        one = next(iter(found.values())) if isinstance(found, dict) else found[0]
        reasons = sum(
            len(p.get("because", ())) for p in one.get("permissions", ()) if p["action"] == "dynamodb:PutItem"
        )
        verdict = one.get("coverage", {})
        said = verdict.get("verdict", "") if isinstance(verdict, dict) else str(verdict)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, reasons, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", default=sorted(LANGUAGES), metavar="LANGUAGE")
    parser.add_argument("--files", default="5,250,500,1000")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    bytecode = tempfile.TemporaryDirectory()
    os.environ["PYTHONPYCACHEPREFIX"] = bytecode.name
    for language in asked.languages:
        measured(language, 1)
        for files in map(int, asked.files.split(",")):
            seconds, megabytes, found, verdict = measured(language, files)
            print(
                f"{language:8} {files:5} files  {seconds:6.2f} s  {megabytes:5.0f} MB  {found} calls  {verdict}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
