"""cli/forms.tsv names what renders every form, and every command takes its forms from there."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import scopedown
from scopedown.cli.commands import COMMANDS
from scopedown.cli.forms import forms, renderer
from scopedown.core.tables import read_rows

ROOT = Path(scopedown.__file__).parent
ROWS = [(row["of"], row["form"]) for row in read_rows(ROOT / "cli" / "forms.tsv")]


@pytest.mark.parametrize(("of", "form"), ROWS)
def test_every_row_names_a_function_and_the_columns_of_flat_rows(of: str, form: str) -> None:
    render = renderer(of, form)
    assert render.__doc__
    assert (form in ("ndjson", "parquet")) == hasattr(importlib.import_module(render.__module__), "COLUMNS")


def test_no_form_of_a_result_is_named_twice() -> None:
    assert len(ROWS) == len(set(ROWS))


def options() -> Iterator[tuple[str, list[str]]]:
    for name, entry in COMMANDS.items():
        module, _, attribute = entry.where.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        for one in command.params:
            if "--format" in one.opts:
                assert isinstance(one.type, click.Choice)
                yield name, [str(choice) for choice in one.type.choices]


@pytest.mark.parametrize(("command", "choices"), list(options()))
def test_a_command_takes_the_forms_of_a_result(command: str, choices: list[str]) -> None:
    known = [list(forms(of)) for of in dict(ROWS)]
    assert [one for one in choices if one != "files"] in known
