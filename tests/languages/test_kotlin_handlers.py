"""Where Kotlin's handlers begin: classes, objects, functions of files, handlers that are a library's."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import write
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.kotlin import handlers
from scopedown.project.code.folders import find_in_folders
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.wanted import Wanted

_APP = "package com.acme\nclass App {}"
_FILE = "src/main/kotlin/com/acme/App.kt"


def wanted_of(declared: str, code: str, runtime: str = "java21", **environment: str) -> tuple[Wanted, str]:
    """What is looked for, and where."""
    place = Place("template.yaml")
    archive = code if code.endswith((".jar", ".zip")) else ""
    texts = {name: Text.of(value) for name, value in environment.items()}
    wanted = Wanted("F", declared, runtime, None if archive else code, texts, place, place, archive)
    return wanted, str(Path(archive).parent) if archive else code


def found(folder: Path, declared: str, code: str = "", runtime: str = "java21", **environment: str) -> str:
    """The file and the symbol of a handler; ``code`` is the folder or the archive of its code."""
    (folder / ".git").mkdir(exist_ok=True)
    one = handlers.find(Sources(folder), *wanted_of(declared, code, runtime, **environment))
    return "nothing" if one is None else f"{one.file} {one.symbol}"


@pytest.mark.parametrize(
    ("file", "text", "code", "declared"),
    [
        (_FILE, _APP, "", "com.acme.App::handleRequest"),
        (_FILE, _APP, "build/libs/app-all.jar", "com.acme.App"),
        (_FILE, _APP, "build/distributions/app.zip", "com.acme.App::handleRequest"),
        ("src/main/kotlin/App.kt", _APP, "", "com.acme.App::handleRequest"),
        ("src/main/kotlin/Handlers.kt", "package com.acme\nclass Other\nopen class App : Base()", "", "com.acme.App"),
        (_FILE, "package com.acme\nobject App {}", "", "com.acme.App::handle"),
        (_FILE, "package com.acme\nclass App { companion object { fun run() {} } }", "", "com.acme.App$Companion::run"),
        ("src/main/kotlin/com/acme/app.kt", "package com.acme\nfun handle() {}", "", "com.acme.AppKt::handle"),
        (
            "src/main/kotlin/com/acme/app.kt",
            '@file:JvmName("Main")\npackage com.acme\nfun handle() {}',
            "",
            "com.acme.Main::handle",
        ),
    ],
)  # fmt: skip
def test_a_class_or_a_file_is_found_by_its_package(
    tmp_path: Path, file: str, text: str, code: str, declared: str
) -> None:
    write(tmp_path, {file: text, "build.gradle.kts": ""})
    qualified, _, method = declared.partition("::")
    assert found(tmp_path, declared, code) == f"{file} {qualified}::{method}"


def test_a_module_of_the_build_has_the_handler(tmp_path: Path) -> None:
    write(tmp_path, {"settings.gradle.kts": 'include("app")', "app/build.gradle.kts": "", f"app/{_FILE}": _APP})
    assert found(tmp_path, "com.acme.App::handle", "app/build/libs/app.jar") == f"app/{_FILE} com.acme.App::handle"


def test_the_only_class_of_the_repository_is_taken(tmp_path: Path) -> None:
    write(tmp_path, {f"elsewhere/{_FILE}": _APP})
    assert found(tmp_path, "com.acme.App", "dist/app.jar") == f"elsewhere/{_FILE} com.acme.App::"


def test_what_is_nowhere_or_in_another_package_is_not_found(tmp_path: Path) -> None:
    write(tmp_path, {"build.gradle": "", _FILE: "package com.other\nclass App"})
    assert found(tmp_path, "com.acme.App::handle") == "nothing"
    assert found(tmp_path, "index.handler") == "nothing"


@pytest.mark.parametrize(
    ("files", "language"),
    [
        ({_FILE: _APP, "src/main/java/com/acme/Other.java": "package com.acme;\nclass Other {}"}, "kotlin"),
        ({_FILE: "class Other", "src/main/java/com/acme/App.java": "package com.acme;\nclass App {}"}, "java"),
    ],
)
def test_a_module_may_have_both_languages(tmp_path: Path, files: dict[str, str], language: str) -> None:
    write(tmp_path, {**files, "pom.xml": "<project/>", ".git/HEAD": ""})
    wanted, _ = wanted_of("com.acme.App::handle", "")
    one = find_in_folders(Sources(tmp_path), wanted)
    assert one is not None
    assert one.language == language


def test_http4k_names_what_it_starts_in_the_environment(tmp_path: Path) -> None:
    write(tmp_path, {"build.gradle.kts": "", _FILE: _APP})
    declared = "org.http4k.serverless.lambda.LambdaFunction::handle"
    assert found(tmp_path, declared, HTTP4K_BOOTSTRAP_CLASS="com.acme.App") == f"{_FILE} com.acme.App::"
    assert found(tmp_path, declared, HTTP4K_BOOTSTRAP_CLASS="com.acme.Gone") == "nothing"


def test_a_custom_runtime_starts_the_only_main(tmp_path: Path) -> None:
    write(tmp_path, {"build.gradle.kts": "", _FILE: "package com.acme\nfun main() {}"})
    assert found(tmp_path, "bootstrap", runtime="provided.al2023") == f"{_FILE} main::main"
