"""Functions in a language that is not read: the language is named, not a source that was not found."""

from __future__ import annotations

import pytest

from scopedown.project.code.locate import unread_language


@pytest.mark.parametrize(
    ("runtime", "handler", "language", "expected"),
    [
        ("java21", "notes.Handler", "java", "written in Java,"),
        ("dotnet8", "Notes::Notes.Function::Run", "csharp", "written in C#,"),
        ("provided.al2023", "bootstrap", None, "custom runtime provided.al2023 runs Go, Rust or another language"),
        ("provided.al2", "public/index.php", None, "written in PHP,"),
        ("php-83", "public/index.php", None, "written in PHP,"),
        ("provided.al2023", "src/main.rs", None, "written in Rust,"),
    ],
)
def test_the_language_is_named(runtime: str, handler: str, language: str | None, expected: str) -> None:
    assert expected in unread_language(runtime, handler, language)


@pytest.mark.parametrize(
    ("runtime", "language"), [("python3.12", "python"), ("nodejs22.x", "javascript"), (None, None)]
)
def test_a_language_that_is_read_is_looked_for(runtime: str | None, language: str | None) -> None:
    assert unread_language(runtime, "app.handler", language) == ""
