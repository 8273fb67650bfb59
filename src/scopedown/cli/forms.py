"""The output forms of every command: ``forms.tsv`` has a row for each, with the function that renders it.

The function takes the command's result. It gives a text, bytes, lines, the tree of a JSON document, or a function that
draws on a console. A function of flat rows (``COLUMNS`` are its module's) is written as NDJSON or Parquet
(docs/fleet.md). A new form is a module with such a function, and its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from scopedown.cli.output import print_content
from scopedown.cli.terminal import drawn, prints_unicode
from scopedown.core.finding import printable
from scopedown.core.tables import read_rows

Command = TypeVar("Command", bound=Callable[..., Any])


@cache
def forms(of: str) -> Mapping[str, Mapping[str, str]]:
    """The forms of a result by their names, each with the cells of its row."""
    rows = read_rows(Path(__file__).with_name("forms.tsv"), ("of", "form", "render", "ending"))
    return {row["form"]: row for row in rows if row["of"] == of}


def format_option(
    of: str, help: str | None = None, *, default: str | None = "text", more: Iterable[str] = ()
) -> Callable[[Command], Command]:
    """The option ``--format`` of a command; ``more`` are words in front of the forms."""
    choices = click.Choice([*more, *forms(of)])
    return click.option("--format", "form", type=choices, default=default, show_default=default is not None, help=help)


def renderer(of: str, form: str) -> Callable[..., Any]:
    """The function that renders a form."""
    module, _, name = forms(of)[form]["render"].partition(":")
    render: Callable[..., Any] = getattr(import_module(f"scopedown.{module}"), name)
    return render


def rendered(of: str, form: str, *result: object, **options: Any) -> str | bytes:
    """A result in a form. ``options`` are what the form for people also takes."""
    render = renderer(of, form)
    if form in ("ndjson", "parquet"):
        from scopedown.emit.rows import rendered as of_rows

        return of_rows(form, import_module(render.__module__).COLUMNS, render(*result))
    made = render(*result, **(options if form == "text" else {}))
    if isinstance(made, str | bytes):
        return made
    if callable(made):
        return drawn(made)
    if isinstance(made, Iterator):
        return "".join(f"{printable(line)}\n" for line in made)
    from scopedown.emit.json_text import indented

    return f"{indented(made, ensure_ascii=not prints_unicode())}\n"


def show(of: str, form: str, *result: object, **options: Any) -> None:
    """Print a result in a form."""
    print_content(rendered(of, form, *result, **options))
