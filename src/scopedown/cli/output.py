"""Where results go: the option ``--output`` puts what a command prints into a file. Without it, every command prints.
Files are written whole or not at all.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from scopedown.cli.terminal import ShownStream
from scopedown.core.finding import ScopedownError


def write_file(path: Path, content: str | bytes) -> None:
    """Write text or bytes to a file of the user's: to a temporary file beside it, which then takes its name.

    A file that was there keeps its mode; a device or a pipe (/dev/null, /dev/stdout) is written to and not replaced.
    Raises ScopedownError where the folder cannot be written.
    """
    mode, encoding = ("wb", None) if isinstance(content, bytes) else ("w", "utf-8")
    try:
        if path.exists() and not path.is_file():
            with path.open(mode, encoding=encoding) as file:
                file.write(content)
            return
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        try:
            with os.fdopen(handle, mode, encoding=encoding) as file:
                file.write(content)
            rights = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
            Path(temporary).chmod(rights)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScopedownError(
            f"{path} cannot be written: {reason}", None, "choose another file with --output"
        ) from error


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


Command = TypeVar("Command", bound=Callable[..., Any])
STDOUT = "-"
ROW_FORMS = ("ndjson", "parquet")
"""Forms of flat rows (docs/fleet.md)."""


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
    write_file(path, printed.buffer.getvalue())  # type: ignore[attr-defined]
    click.echo(f"scopedown: wrote {path}", err=True)


def print_content(content: str | bytes) -> None:
    """Print a form's text, or its bytes."""
    if isinstance(content, str):
        click.echo(content, nl=False)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def require_parquet_output(form: str | None) -> None:
    """Raise ScopedownError where Parquet is asked for and cannot be written: before the work, not after it.

    A file's bytes are not printed on a terminal.
    """
    if form != "parquet":
        return
    from scopedown.emit.rows import require_parquet

    require_parquet()
    if sys.stdout.isatty():
        raise ScopedownError("--format parquet is not text", remedy="add -o FILE")
