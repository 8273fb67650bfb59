"""Where Java's handlers begin: layouts of Maven and Gradle, archives, handlers that are a library's."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import write
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.java import builds, handlers
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.wanted import Wanted

_APP = "package com.acme;\npublic class App {}"


def found(folder: Path, declared: str, code: str | None = "", runtime: str = "java21", **environment: str) -> str:
    """The file and the symbol of a handler; ``code`` is the folder or the archive of its code."""
    (folder / ".git").mkdir(exist_ok=True)
    place = Place("template.yaml")
    archive = code if code is not None and code.endswith((".jar", ".zip")) else ""
    texts = {name: Text.of(value) for name, value in environment.items()}
    wanted = Wanted("F", declared, runtime, None if archive else code, texts, place, place, archive)
    at = str(Path(archive).parent) if archive else code or ""
    one = handlers.find(Sources(folder), wanted, at)
    return "nothing" if one is None else f"{one.file} {one.symbol}"


@pytest.mark.parametrize(
    ("file", "code", "declared"),
    [
        ("src/main/java/com/acme/App.java", "", "com.acme.App::handleRequest"),
        ("src/main/java/com/acme/App.java", "target/app.jar", "com.acme.App"),
        ("app/src/main/java/com/acme/App.java", "app/target/app-1.0.zip", "com.acme.App::handleRequest"),
        ("app/src/main/java/com/acme/App.java", "app/build/distributions/app.zip", "com.acme.App"),
        ("app/src/main/java/com/acme/App.java", "app/build/libs/app-all.jar", "com.acme.App"),
        ("app/src/main/java/com/acme/App.java", "app", "com.acme.App$Inner::run"),
        ("app/src/com/acme/App.java", "app", "com.acme.App"),
        ("app/App.java", "app", "com.acme.App"),
    ],
)
def test_a_class_is_found_by_its_package(tmp_path: Path, file: str, code: str, declared: str) -> None:
    module = file.partition("src")[0] if "src" in file else "app/"
    write(tmp_path, {file: _APP, f"{module}pom.xml": "<project/>"})
    qualified, _, method = declared.partition("::")
    assert found(tmp_path, declared, code) == f"{file} {qualified}::{method}"


def test_a_module_that_the_code_is_built_with_has_the_handler(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pom.xml": "<project><modules><module>app</module><module>shared</module></modules></project>",
            "app/pom.xml": "<project><parent><artifactId>all</artifactId></parent><artifactId>app</artifactId>"
            "<dependencies><dependency><artifactId>shared-code</artifactId></dependency></dependencies></project>",
            "shared/pom.xml": "<project><artifactId>shared-code</artifactId></project>",
            "shared/src/main/java/com/acme/App.java": _APP,
            "app/src/main/java/com/acme/Other.java": "package com.acme;\nclass Other {}",
        },
    )
    assert (
        found(tmp_path, "com.acme.App", "app/target/app.jar") == "shared/src/main/java/com/acme/App.java com.acme.App::"
    )


def test_a_code_folder_with_modules_leads_to_the_one_with_the_class(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "all/settings.gradle": "include 'one', ':deep:two'",
            "all/build.gradle": "",
            "all/deep/two/src/main/java/com/acme/App.java": _APP,
        },
    )
    assert found(tmp_path, "com.acme.App", "all") == "all/deep/two/src/main/java/com/acme/App.java com.acme.App::"


def test_a_class_in_the_file_of_another_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"pom.xml": "<project/>", "Main.java": "package com.acme;\nclass Main {}\nclass App {}"})
    assert found(tmp_path, "com.acme.App") == "src/main/java/com/acme/Main.java com.acme.App::"


def test_the_only_class_of_the_repository_is_taken(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/src/main/java/com/acme/App.java": _APP})
    assert found(tmp_path, "com.acme.App", "dist/app.jar") == "elsewhere/src/main/java/com/acme/App.java com.acme.App::"


def test_a_class_that_is_nowhere_is_not_found(tmp_path: Path) -> None:
    write(tmp_path, {"pom.xml": "<project/>", "App.java": _APP})
    assert found(tmp_path, "com.acme.Other") == "nothing"


def test_a_library_handler_leads_to_the_class_that_a_variable_names(tmp_path: Path) -> None:
    spring = (
        "import org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\npublic class"
    )
    write(
        tmp_path,
        {
            "pom.xml": "<project/>",
            "First.java": f"package com.acme;\n{spring} First {{}}",
            "Second.java": f"package com.acme;\n{spring} Second {{}}",
        },
    )
    handler = "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest"
    assert found(tmp_path, handler) == f"src/main/java/com/acme/First.java {handler}"
    assert found(tmp_path, handler, MAIN_CLASS="com.acme.Second") == f"src/main/java/com/acme/Second.java {handler}"


def test_a_native_program_is_found_by_its_framework(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pom.xml": "<project><artifactId>quarkus-amazon-lambda</artifactId></project>",
            "App.java": "package com.acme;\npublic class App implements RequestHandler<String, String> {}",
        },
    )
    assert found(tmp_path, "not.used.in.provided.runtime", "target/function.zip", "provided.al2") == (
        "src/main/java/com/acme/App.java not.used.in.provided.runtime::"
    )


def test_a_custom_runtime_of_another_language_is_none_of_ours(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": "[package]"})
    assert found(tmp_path, "bootstrap", "", "provided.al2023") == "nothing"


class OnPaper:
    """Files by their paths."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> str | None:
        return self.files.get(path)

    def entries(self, path: str) -> list[str]:
        top = "" if path in (".", "") else path + "/"
        return sorted({name[len(top) :].partition("/")[0] for name in self.files if name.startswith(top)})

    def is_folder(self, path: str) -> bool:
        return path == "." or any(name.startswith(path + "/") for name in self.files)

    def above(self, path: str) -> str | None:
        return None if path == "." else path.rpartition("/")[0] or "."


def test_sources_stand_where_a_build_says() -> None:
    maven = {"pom.xml": "<build><sourceDirectory>${basedir}/code</sourceDirectory><source>17</source></build>"}
    gradle = {"build.gradle": 'sourceSets { main { java { srcDirs = ["a", "b"] } } } // srcDirs = ["c"]'}
    assert builds.source_folders(OnPaper({**maven, "code/A.java": "", "17/x": ""}), ".") == ["code"]
    assert builds.source_folders(OnPaper({**gradle, "a/A.java": "", "b/B.java": "", "c/C.java": ""}), ".") == ["a", "b"]


def test_dependencies_between_modules_are_followed() -> None:
    files = {
        "settings.gradle.kts": 'include(":app", ":my-core")\nproject(":my-core").projectDir = file("core")',
        "app/build.gradle.kts": 'dependencies { implementation(projects.myCore)\n implementation(project(":util")) }',
        "core/build.gradle": "dependencies { api project(path: ':util') }",
        "util/build.gradle": "",
    }
    assert builds.dependencies(OnPaper(files), "app") == ["app", "util", "core"]


def test_dependencies_of_plugins_and_comments_are_none() -> None:
    dependency = "<dependency><artifactId>b</artifactId></dependency>"
    texts = (
        f"<artifactId>a</artifactId><!-- {dependency} --><build>{dependency}</build>",
        f"<artifactId>a</artifactId><dependencyManagement>{dependency}</dependencyManagement>",
    )
    for text in texts:
        files = OnPaper({"a/pom.xml": text, "b/pom.xml": "<artifactId>b</artifactId>"})
        assert builds.dependencies(files, "a") == ["a"]


def test_a_dependency_of_the_parent_is_inherited() -> None:
    files = OnPaper(
        {
            "pom.xml": "<artifactId>all</artifactId><dependency><artifactId>b</artifactId></dependency>",
            "a/pom.xml": "<parent><artifactId>all</artifactId></parent><artifactId>a</artifactId>",
            "b/pom.xml": "<artifactId>b</artifactId>",
        }
    )
    assert builds.dependencies(files, "a") == ["a", "b"]


def test_modules_that_list_each_other_come_to_an_end() -> None:
    files = OnPaper({"a/pom.xml": "<module>../b</module>", "b/pom.xml": "<module>../a</module>"})
    assert builds.modules_below(files, "a") == ["a", "b"]


def test_a_broken_build_file_is_read_in_one_pass() -> None:
    text = "<dependency>" * 30_000 + "<!--" * 30_000
    assert builds.dependencies(OnPaper({"pom.xml": text}), ".") == ["."]
