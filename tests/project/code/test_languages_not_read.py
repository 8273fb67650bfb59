"""Functions in a language that is not read: the language is named, not a source that was not found."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.code.folders import unread_language
from scopedown.project.code.handler_files import Sources


@pytest.mark.parametrize(
    ("runtime", "handler", "language", "files", "expected"),
    [
        ("java21", "notes.Handler", "java", ("build.sbt", "src/main/scala/Notes.scala"), "written in Scala,"),
        ("java21", "notes.Handler", "java", ("project.clj",), "written in Clojure,"),
        ("dotnet8", "Notes::Notes.Function::Run", "csharp", ("Notes.fsproj",), "written in F#,"),
        ("provided.al2023", "bootstrap", None, ("Package.swift",), "written in Swift,"),
        ("provided.al2", "function.sh", None, (), "written in Bash,"),
        ("provided.al2023", "bootstrap", None, (), "custom runtime provided.al2023 runs no code that scopedown found"),
    ],
)
def test_the_language_is_named(
    tmp_path: Path, runtime: str, handler: str, language: str | None, files: tuple[str, ...], expected: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert expected in unread_language(Sources(tmp_path), runtime, handler, "", language)


@pytest.mark.parametrize(
    ("runtime", "language"), [("python3.12", "python"), ("nodejs22.x", "javascript"), (None, None), ("java21", "java")]
)
def test_a_language_that_is_read_is_looked_for(tmp_path: Path, runtime: str | None, language: str | None) -> None:
    assert unread_language(Sources(tmp_path), runtime, "app.handler", "", language) == ""
