"""Handlers of .NET are led to the class or the program in which they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.csharp.handlers import find
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found
from scopedown.project.code.wanted import Wanted

_CLASS = "namespace {0};\npublic class {1} {{ public void {2}(string s) {{ }} }}"
_STATEMENTS = "using System;\nawait LambdaBootstrapBuilder.Create(h).Build().RunAsync();"
_MAIN = "namespace App { class Program { private static async Task Main(string[] args) { } } }"
_PROGRAM = "<Project><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>"


def found(
    root: Path,
    files: dict[str, str],
    declared: str,
    folder: str | None = "",
    runtime: str = "dotnet8",
    archive: str = "",
    environment: dict[str, str] | None = None,
    metadata: dict[str, object] | None = None,
) -> Found | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / ".git").mkdir(exist_ok=True)
    place = Place("template.yaml")
    variables = {name: Text.of(value) for name, value in (environment or {}).items()}
    wanted = Wanted("Fn", declared, runtime, folder, variables, place, place, archive, metadata=metadata or {})
    return find(Sources(root), wanted, folder if folder is not None else archive.rpartition("/")[0])


def place_of(made: Found | None) -> tuple[str | None, str] | None:
    return None if made is None else (made.file, made.symbol)


@pytest.mark.parametrize(
    ("folder", "archive"),
    [("src/Orders", ""), ("src/Orders/", ""), ("", ""), ("src", ""), ("../outputs/orders", ""),
     ("src/Orders/bin/Release/net8.0/publish", ""), (None, "src/Orders/bin/Release/net8.0/Orders.zip"),
     (None, "artifacts/orders.zip"), (None, "a package in S3")],
)  # fmt: skip
def test_a_class_is_found_by_its_assembly(tmp_path: Path, folder: str | None, archive: str) -> None:
    files = {
        "src/Orders/Orders.csproj": "<Project/>",
        "src/Orders/Api/Function.cs": _CLASS.format("Orders.Api", "Function", "Handle"),
        "src/Orders/Other/Function.cs": _CLASS.format("Orders.Other", "Function", "Handle"),
        "src/Other/Other.csproj": "<Project/>",
        "src/Other/Function.cs": _CLASS.format("Other", "Function", "Handle"),
        "test/Orders.Tests/Orders.Tests.csproj": "<Project/>",
    }
    made = found(tmp_path, files, "Orders::Orders.Api.Function::Handle", folder, archive=archive)
    assert place_of(made) == ("src/Orders/Api/Function.cs", "Orders.Api.Function::Handle")


def test_an_assembly_may_have_another_name_than_its_project(tmp_path: Path) -> None:
    files = {
        "src/Fn/Fn.csproj": "<Project><PropertyGroup><AssemblyName>Acme.Fn</AssemblyName></PropertyGroup></Project>",
        "src/Fn/Function.cs": _CLASS.format("Acme", "Function", "Handle"),
    }
    assert place_of(found(tmp_path, files, "Acme.Fn::Acme.Function::Handle", "src")) == (
        "src/Fn/Function.cs", "Acme.Function::Handle",
    )  # fmt: skip


def test_a_class_may_stand_in_a_project_that_is_referred_to(tmp_path: Path) -> None:
    files = {
        "Host/Host.csproj": r'<Project><ProjectReference Include="..\Core\Core.csproj" /></Project>',
        "Core/Core.csproj": "<Project/>",
        "Core/Function.cs": _CLASS.format("Core", "Function", "Handle"),
    }
    assert place_of(found(tmp_path, files, "Host::Core.Function::Handle", "Host")) == (
        "Core/Function.cs", "Core.Function::Handle",
    )  # fmt: skip


def test_of_the_parts_of_a_class_the_one_with_the_method_is_taken(tmp_path: Path) -> None:
    files = {
        "Fn.csproj": "<Project/>",
        "A.cs": "namespace Fn; public partial class Function { void Other() { } }",
        "B.cs": "namespace Fn; public partial class Function { void Handle() { } }",
    }
    assert place_of(found(tmp_path, files, "Fn::Fn.Function::Handle")) == ("B.cs", "Fn.Function::Handle")


def test_a_generated_class_stands_for_the_method_that_it_calls(tmp_path: Path) -> None:
    files = {"Fn.csproj": "<Project/>", "Api.cs": _CLASS.format("Fn", "Api", "GetAll")}
    assert place_of(found(tmp_path, files, "Fn::Fn.Api_GetAll_Generated::GetAll")) == ("Api.cs", "Fn.Api::GetAll")


def test_a_class_inside_of_another(tmp_path: Path) -> None:
    files = {"Fn.csproj": "<Project/>", "Api.cs": "namespace Fn { class Api { class Inner { void Run() { } } } }"}
    assert place_of(found(tmp_path, files, "Fn::Fn.Api+Inner::Run")) == ("Api.cs", "Fn.Api.Inner::Run")


@pytest.mark.parametrize(("declared", "runtime"), [("Fn", "dotnet8"), ("bootstrap", "provided.al2023"),
    ("Fn::Fn.Function::Handle", "provided.al2")])  # fmt: skip
def test_a_program_starts_where_its_statements_stand(tmp_path: Path, declared: str, runtime: str) -> None:
    files = {
        "src/Fn.csproj": _PROGRAM,
        "src/Function.cs": _CLASS.format("Fn", "Function", "Handle"),
        "src/Start.cs": _STATEMENTS,
    }
    assert place_of(found(tmp_path, files, declared, "src", runtime)) == ("src/Start.cs", "<Main>$")


def test_a_program_starts_with_its_main(tmp_path: Path) -> None:
    files = {"Fn.csproj": _PROGRAM, "A.cs": _CLASS.format("Fn", "A", "B"), "Program.cs": _MAIN}
    assert place_of(found(tmp_path, files, "bootstrap", runtime="provided.al2")) == ("Program.cs", "App.Program::Main")


def test_a_generated_main_calls_what_the_environment_names(tmp_path: Path) -> None:
    files = {
        "Fn.csproj": _PROGRAM,
        "Api.cs": """
            [assembly: LambdaGlobalProperties(GenerateMain = true)]
            namespace Fn;
            public class Api
            {
                [LambdaFunction] public string Get(string id) => id;
                [LambdaFunction()]
                [RestApi(LambdaHttpMethod.Put, "/")]
                public string Put(string id) => id;
            }
            """,
    }
    made = found(tmp_path, files, "Fn", environment={"ANNOTATIONS_HANDLER": "Put"})
    assert place_of(made) == ("Api.cs", "Fn.Api::Put")


def test_the_only_program_below_the_folder_is_taken(tmp_path: Path) -> None:
    files = {
        "src/Fn/Fn.csproj": _PROGRAM, "src/Fn/Program.cs": _MAIN, "src/Lib/Lib.csproj": "<Project/>",
        "src/Fn.Tests/Fn.Tests.csproj": _PROGRAM,
    }  # fmt: skip
    made = found(tmp_path, files, "bootstrap", "src", "provided.al2023")
    assert place_of(made) == ("src/Fn/Program.cs", "App.Program::Main")


def test_a_makefile_names_the_project_of_a_function(tmp_path: Path) -> None:
    files = {
        "Makefile": "build-Fn:\n\tdotnet publish ./Two/Two.csproj -o $(ARTIFACTS_DIR)\n",
        "One/One.csproj": _PROGRAM, "One/Program.cs": _MAIN, "Two/Two.csproj": _PROGRAM, "Two/Program.cs": _STATEMENTS,
    }  # fmt: skip
    made = found(tmp_path, files, "bootstrap", "", "provided.al2", metadata={"BuildMethod": "makefile"})
    assert place_of(made) == ("Two/Program.cs", "<Main>$")


def test_code_of_another_language_is_left_to_it(tmp_path: Path) -> None:
    files = {"main.go": "package main", "tools/Tool.csproj": _PROGRAM, "go/main.go": "package main"}
    assert found(tmp_path, files, "bootstrap", "go", "provided.al2023") is None


def test_other_languages_of_dotnet_are_left_alone(tmp_path: Path) -> None:
    files = {
        "fs/Fn.fsproj": "<Project/>", "fs/Function.fs": "", "cs/Fn.csproj": "<Project/>",
        "cs/F.cs": _CLASS.format("Fn", "F", "H"),
    }  # fmt: skip
    assert found(tmp_path, files, "Fn::Fn.F::H", "fs") is None


def test_of_several_projects_of_a_name_the_nearest_is_taken(tmp_path: Path) -> None:
    files = {
        f"{folder}/Fn/{name}": text
        for folder in ("one", "two")
        for name, text in {"Fn.csproj": "<Project/>", "F.cs": _CLASS.format("Fn", "F", "H")}.items()
    }
    made = found(tmp_path, files, "Fn::Fn.F::H", "two/publish")
    assert place_of(made) == ("two/Fn/F.cs", "Fn.F::H")


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    made = found(tmp_path, {"Fn.csproj": "<Project/>", "A.cs": ""}, "Fn::Fn.Function::Handle")
    assert made is not None and made.file is None
    assert found(tmp_path / "empty", {"a.txt": ""}, "Fn::Fn.Function::Handle") is None
