"""A text on which tree-sitter's parser does not come to an end is a syntax error."""

from __future__ import annotations

import pytest

from scopedown.languages.javascript import lower as javascript
from scopedown.languages.python import lower as python
from scopedown.source.languages import javascript_syntax
from scopedown.source.languages.syntax import Grammar, bounded_parse

ENDLESS = "a={f:{\u1c4d/t:{T:`$"
"""What the fuzz found: the grammar of TypeScript with JSX reads it for ever."""


def test_a_text_without_end_for_the_parser_is_reported_as_a_syntax_error() -> None:
    module = javascript.lower(ENDLESS.encode(), "app.tsx")
    assert module.problems


def test_the_next_text_is_parsed_from_its_start() -> None:
    javascript.lower(ENDLESS.encode(), "app.tsx")
    assert not javascript.lower(b"exports.handler = async () => {};\n", "app.tsx").problems


@pytest.mark.parametrize("grammar", [python.GRAMMAR, javascript_syntax._JAVASCRIPT, javascript_syntax._TSX])
def test_a_long_file_is_parsed_whole(grammar: Grammar) -> None:
    source = b"f(1);\n" * 30_000
    tree = grammar.parsed(source)
    assert tree.root_node.end_byte == len(source) and not tree.root_node.has_error


def test_the_stand_in_is_a_syntax_error_in_every_grammar() -> None:
    import importlib

    for language in ("csharp.lower", "go.lower", "java.lower", "kotlin.work", "php.lower", "ruby.lower", "rust.work"):
        grammar = importlib.import_module(f"scopedown.languages.{language}").GRAMMAR
        assert bounded_parse(grammar.parser, b"<?php (").root_node.has_error, language
