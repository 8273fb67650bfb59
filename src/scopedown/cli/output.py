"""The option ``--output``: what a command prints goes to a file instead. Without it, every command prints."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from scopedown.cli.files import write_file
from scopedown.cli.terminal import ShownStream

Command = TypeVar("Command", bound=Callable[..., Any])
STDOUT = "-"


def output_option(command: Command) -> Command:
    """Give a command the option; what it prints on standard output is written to the file once it is done.

    A gate that fails has printed its result all the same, so that is written too; after an error there is no file.
    """

    @wraps(command)
    def saving(*given: Any, output: str | None, **named: Any) -> Any:
        if output is None or output == STDOUT:
            return command(*given, **named)
        printed = ShownStream(io.TextIOWrapper(io.BytesIO(), "utf-8"))
        try:
            with redirect_stdout(printed):
                result = command(*given, **named)
        except click.exceptions.Exit:
            _write(Path(output), printed)
            raise
        _write(Path(output), printed)
        return result

    option = click.option(
        "--output", "-o", metavar="FILE", help="Write the result to FILE instead of printing it; - prints."
    )
    return option(saving)  # type: ignore[return-value]


def _write(path: Path, printed: ShownStream) -> None:
    printed.flush()
    write_file(path, printed.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    click.echo(f"scopedown: wrote {path}", err=True)
