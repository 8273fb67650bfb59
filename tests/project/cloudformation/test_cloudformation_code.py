"""Where code is: folders, single files, the template itself, images, packages."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.place import Place

FUNCTION = """
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties:
          Handler: app.main
          Runtime: python3.12
          Role: arn:aws:iam::123456789012:role/r
          Code: {code}
"""


def function(read: Any, code: str, files: dict[str, str] | None = None, **changes: str) -> Any:
    template = FUNCTION.replace("{code}", code)
    for name, value in changes.items():
        template = template.replace({"handler": "app.main", "runtime": "python3.12"}[name], value)
    project = read(template, files)
    return project.functions[0], project.findings


@pytest.mark.parametrize("code", ["./src", "src/", "src", "src/app.py"])
def test_a_local_path_is_a_folder_or_a_single_file(read: Any, code: str) -> None:
    found, findings = function(read, code, {"src/app.py": "def main(): pass"})
    assert (found.handler.file, found.handler.symbol, found.handler.root) == ("src/app.py", "main", "src")
    assert findings == ()


def test_the_templates_own_folder_can_be_the_package(read: Any) -> None:
    found, _ = function(read, ".", {"app.py": "def main(): pass"})
    assert (found.handler.file, found.handler.root) == ("app.py", "")


def test_a_block_of_inline_code_begins_on_the_line_below(read: Any) -> None:
    found, findings = function(read, "{ZipFile: x}", handler="index.go")
    assert found.handler.inline.text == "x"
    assert findings == ()
    template = FUNCTION.replace(
        "Code: {code}", "Code:\n            ZipFile: |\n              import boto3\n              def main(): pass\n"
    )
    project = read(template)
    handler = project.functions[0].handler
    assert handler.file == "index.py"
    assert handler.inline is not None
    assert handler.inline.text == "import boto3\ndef main(): pass\n"
    assert handler.inline.place == Place("template.yaml", 10, 11)


@pytest.mark.parametrize("written", ["!Sub |", "\n              Fn::Sub: |"])
def test_inline_code_in_a_sub_begins_below_it_too(read: Any, written: str) -> None:
    indent = " " * 16
    code = f"Code:\n            ZipFile: {written}\n{indent}table = '${{Table}}'\n"
    project = read(FUNCTION.replace("Code: {code}", code))
    inline = project.functions[0].handler.inline
    assert inline is not None
    assert inline.text == "table = '${Table}'\n"
    assert inline.place == Place("template.yaml", 10 if written == "!Sub |" else 11, 13)


def test_inline_code_of_joined_lines_begins_at_the_first(read: Any) -> None:
    lines = ("ZipFile: !Join", '  - "\\n"', "  - - import os", '    - "x = 1"')
    code = "Code:\n" + "".join(f"            {line}\n" for line in lines)
    project = read(FUNCTION.replace("Code: {code}", code))
    inline = project.functions[0].handler.inline
    assert inline is not None
    assert (inline.text, inline.place) == ("import os\nx = 1", Place("template.yaml", 11, 15))


def test_inline_code_of_node_is_index_js(read: Any) -> None:
    found, _ = function(read, '{ZipFile: "exports.go = 1"}', runtime="nodejs20.x", handler="index.go")
    assert (found.handler.file, found.handler.symbol, found.language) == ("index.js", "go", "javascript")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("{S3Bucket: artifacts, S3Key: a.zip}", "handler-packaged"),
        ("s3://artifacts/a.zip", "handler-packaged"),
        ("./nowhere", "handler-not-found"),
        ("./a.zip", "handler-packaged"),
        ("../../outside", "handler-outside"),
    ],
)
def test_code_that_is_not_here_is_told_once(read: Any, code: str, told: str) -> None:
    found, findings = function(read, code)
    assert found.handler.file is None
    assert [(one.code, one.place.line) for one in findings if one.place] == [
        (told, 8 if "packaged" in told or code.startswith("s3") else 5)
    ]


@pytest.mark.parametrize(("name", "file"), [("0123456789abcdef" * 2, None), ("orders.zip", "src/app.py")])
def test_what_was_uploaded_by_its_content_need_not_be_the_code_that_is_here(
    read: Any, name: str, file: str | None
) -> None:
    found, _ = function(read, f"s3://artifacts/orders/{name}", {"src/app.py": "def main(): pass"})
    assert found.handler.file == file


def test_a_runtime_of_ones_own_is_only_noted(read: Any) -> None:
    found, findings = function(read, "./src", {"src/main.swift": ""}, runtime="provided.al2023", handler="bootstrap")
    assert (found.runtime, found.language, found.handler.file) == ("provided.al2023", None, None)
    assert [(one.code, one.severity) for one in findings] == [("runtime-unknown", "note")]


def test_an_image_leads_to_its_dockerfile(read: Any) -> None:
    template = """
        Resources:
          F:
            Type: AWS::Lambda::Function
            Metadata: {DockerContext: ./image, Dockerfile: Dockerfile}
            Properties:
              PackageType: Image
              Role: arn:aws:iam::123456789012:role/r
              Code: {ImageUri: app:latest}
    """
    files = {
        "image/Dockerfile": 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py ./\nCMD ["app.main"]\n',
        "image/app.py": "def main(): pass\n",
    }
    project = read(template, files)
    (found,) = project.functions
    assert (found.handler.file, found.language, found.handler.root) == ("image/app.py", "python", "image")
    assert project.findings == ()
    without = read(template.replace("Metadata: {DockerContext: ./image, Dockerfile: Dockerfile}", "DependsOn: []"))
    assert [one.code for one in without.findings] == ["handler-elsewhere"]
    assert without.functions[0].handler.file == "image/app.py"


def test_the_code_of_one_function_does_not_stand_for_anothers(read: Any) -> None:
    lines = FUNCTION.rstrip().splitlines()
    second = "\n".join(lines[2:]).replace("  F:", "  G:").replace("{code}", "api/src")
    template = FUNCTION.rstrip().replace("{code}", "site/dist") + "\n" + second + "\n"
    files = {"api/src/app.py": "def main(): pass", "site/page.py": ""}
    for folder in ("site/dist", "gone"):
        project = read(template.replace("site/dist", folder), files)
        assert [one.handler.file for one in project.functions] == [None, "api/src/app.py"]
        assert [one.code for one in project.findings] == ["handler-not-found"]
        assert "looks like other code: api/src/app.py" in project.findings[0].message
