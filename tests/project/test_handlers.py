"""A handler is led to the source file in which it begins, however the project builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.handlers import Found, Sources, find
from scopedown.project.images import find_in_image


def project(root: Path, *files: str, **contents: str) -> Sources:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(contents.get(name.replace(".", "_").replace("/", "_"), ""))
    return Sources(root)


@pytest.mark.parametrize(
    ("file", "handler", "runtime", "symbol", "language"),
    [
        ("app.py", "app.main", "python3.12", "main", "python"),
        ("src/a/b.py", "src/a/b.main", "python3.12", "main", "python"),
        ("src/a/b.py", "src.a.b.main", "python3.12", "main", "python"),
        ("a/b/__init__.py", "a/b.main", "python3.12", "main", "python"),
        ("h.js", "h.run", "nodejs20.x", "run", "javascript"),
        ("src/h.mjs", "./src/h.run", "nodejs20.x", "run", "javascript"),
        ("src/h.ts", "src/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h/index.ts", "src/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h/index.js", "src/h/index.run", "nodejs20.x", "run", "javascript"),
        ("src/user.service.ts", "src/user.service.run", "nodejs20.x", "run", "typescript"),
        ("src/h.js", "src/h.nested.run", "nodejs20.x", "nested.run", "javascript"),
        ("src/h.ts", "dist/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h.ts", "dist/src/h.run", "nodejs20.x", "run", "typescript"),
        ("h.ts", ".build/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h.ts", ".webpack/service/src/h.run", "nodejs20.x", "run", "typescript"),
        ("lib/user.rb", "lib/user.Models.call", "ruby3.2", "call", "ruby"),
        ("cmd/hello/main.go", "bin/hello", "go1.x", "main", "go"),
    ],
)
def test_a_handler_is_found(tmp_path: Path, file: str, handler: str, runtime: str, symbol: str, language: str) -> None:
    assert find(project(tmp_path, file), handler, runtime) == Found(file, symbol, language)


def test_typescript_wins_over_what_was_compiled_of_it(tmp_path: Path) -> None:
    assert find(project(tmp_path, "h.js", "h.ts"), "h.run", "nodejs20.x").file == "h.ts"


def test_tsconfig_leads_from_the_output_to_the_source(tmp_path: Path) -> None:
    sources = project(tmp_path, "code/fn/h.ts", "tsconfig.json")
    (tmp_path / "tsconfig.json").write_text(
        '{\n // comment\n "compilerOptions": '
        '{"outDir": "./made", "rootDir": "code", /* x */ "paths": {"@/*": ["a/*"]},},\n}'
    )
    assert find(sources, "made/fn/h.run", "nodejs20.x").file == "code/fn/h.ts"


def test_a_broken_tsconfig_is_no_matter(tmp_path: Path) -> None:
    sources = project(tmp_path, "h.ts", "tsconfig.json")
    (tmp_path / "tsconfig.json").write_text("{{{")
    assert find(sources, "h.run", "nodejs20.x").file == "h.ts"


@pytest.mark.parametrize("handler", ["../x/h.run", "a/../../h.run", "..\\h.run"])
def test_a_handler_that_leaves_the_folder_is_not_followed(tmp_path: Path, handler: str) -> None:
    (tmp_path / "h.py").write_text("")
    inner = tmp_path / "inner"
    inner.mkdir()
    found = find(Sources(inner), handler, "python3.12")
    assert found.outside and found.file is None


@pytest.mark.parametrize("handler", ["nowhere.run", "", "no-dot", "x" * 5000 + ".run", "a\0b.run", "…/é.run"])
def test_a_handler_that_does_not_exist_has_no_file(tmp_path: Path, handler: str) -> None:
    for runtime in ("python3.12", "nodejs20.x", "go1.x", "java21", "provided.al2", None):
        assert find(Sources(tmp_path), handler, runtime).file is None


def test_without_a_known_runtime_the_file_tells_the_language(tmp_path: Path) -> None:
    sources = project(tmp_path, "a.py", "b.ts")
    assert find(sources, "a.main", None).language == "python"
    assert find(sources, "b.main", "provided.al2").language == "typescript"


def test_an_image_names_its_handler_in_its_dockerfile(tmp_path: Path) -> None:
    sources = project(tmp_path, "image/src/app.py", "image/Dockerfile")
    (tmp_path / "image/Dockerfile").write_text(
        "FROM public.ecr.aws/lambda/python:3.12\nCOPY src/ ${LAMBDA_TASK_ROOT}\n"
        'RUN pip \\\n install x\nCMD ["app.main"]\n'
    )
    assert find_in_image(sources, "image", "Dockerfile", None) == (
        "app.main",
        Found("image/src/app.py", "main", "python"),
    )
    assert find_in_image(sources, "image", "Dockerfile", ["app.other"]) == (
        "app.other", Found("image/src/app.py", "other", "python"),
    )  # fmt: skip
    assert find_in_image(sources, "missing", "Dockerfile", None) is None
