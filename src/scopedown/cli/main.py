"""The command's entry: finds the subcommand, and turns every problem into one line and an exit code.

Exit codes: 0 done and nothing to object, 1 where a gate objects, 2 usage, configuration, a missing tool or a fault of
scopedown; and a shell's own 130 (interrupted) and 141 (nobody reads the output any more).
"""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from scopedown import __version__
from scopedown.catalog import AWS_DATA
from scopedown.cli.commands import Commands, with_suggestion
from scopedown.cli.terminal import ShownStream, forces_colours
from scopedown.core.finding import ScopedownError, printable

_BETWEEN_COLLECTIONS = 20_000
"""How many more containers there are before garbage is looked for among the young ones. Nearly all that a command makes
stays until it ends, modules first; Python's own 700 would search it over and over and find nothing."""


class _Commands(Commands):
    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand. Two of its ends are told apart here, before click gives them exit codes of its own."""
        _advise_upgrade()
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGone from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
                raise _NotWritten(error.strerror) from error
            raise
        except KeyboardInterrupt as error:
            raise click.Abort from error


def _advise_upgrade() -> None:
    """Tell a person at a terminal where the AWS data is old; pipelines ask ``scopedown catalog --age``."""
    if not sys.stderr.isatty():
        return
    from scopedown.catalog.age import advice, days, today

    if text := advice(days(today())):
        click.echo(f"warning: {text}", err=True)


READER_GONE = 141
"""The exit code where nobody reads on: 128 and SIGPIPE's number, as a shell tells of every program that a closed pipe
ended."""


class _ReaderGone(Exception):
    """Nobody reads what we print any more."""


class _NotWritten(Exception):
    """There is no room for what we print."""


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="scopedown", message=f"%(prog)s %(version)s (AWS data of {AWS_DATA})")
def cli() -> None:
    """Least-privilege IAM for serverless applications on AWS, from the project and its code.

    \b
    Examples:
      scopedown scan                      # what each function needs
      scopedown explain dynamodb:PutItem  # why a function needs an action
      scopedown check                     # missing and unneeded permissions
      scopedown write --diff              # least-privilege roles, as a diff
      scopedown deploy-policy             # what the deploying user needs
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; ``arguments`` default to the process's own."""
    # A closed stream is none at all in Python; what would be printed there is lost, as the caller wishes.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    # A character that the reader's encoding lacks is shown as its escape, and ends nothing.
    if type(sys.stdout) is io.TextIOWrapper:
        sys.stdout = ShownStream(sys.stdout)
    if type(sys.stderr) is io.TextIOWrapper:
        sys.stderr = ShownStream(sys.stderr)
    gc.set_threshold(_BETWEEN_COLLECTIONS, 10, 10)
    # All memory goes back with the process: Python need not look for garbage in it at the end.
    atexit.register(gc.freeze)
    if os.environ.get("_SCOPEDOWN_COMPLETE", "").startswith("powershell"):
        import scopedown.cli.completion  # noqa: F401 - click asks it what to complete
    try:
        code = cli.main(arguments, prog_name="scopedown", standalone_mode=False, color=forces_colours() or None)
        from scopedown.cli import faults

        code = faults.exit_code(code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        shown = with_suggestion(error) if isinstance(error, click.BadParameter) else error
        shown.show()
        code = error.exit_code
    except click.Abort:
        click.echo("scopedown: interrupted", err=True)
        code = 130
    except MemoryError:
        click.echo("scopedown: out of memory\n  scan one function at a time with --function NAME", err=True)
        code = 2
    except ScopedownError as error:
        click.echo(f"scopedown: {_line(error)}", err=True)
        code = 2
    except (_ReaderGone, BrokenPipeError):
        # The reader went away (``scopedown check | head``): its right, and no error of ours. But the work ended
        # halfway, which a pipeline under ``set -o pipefail`` must not take for "no problems".
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = READER_GONE
    except OSError as error:  # a name that the system refuses, a folder that may not be read
        name = f"{str(error.filename)[:60]}: " if error.filename is not None else ""
        click.echo(printable(f"scopedown: {name}{error.strerror or error} (correct the name, or its rights)"), err=True)
        code = 2
    except _NotWritten as error:
        click.echo(f"scopedown: the output cannot be written: {error}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except Exception as error:
        if os.environ.get("SCOPEDOWN_TRACEBACK"):
            raise
        click.echo(
            f"scopedown: internal error: {type(error).__name__}: {printable(str(error))}\n"
            "This is a fault of scopedown. Please report it; SCOPEDOWN_TRACEBACK=1 shows where it happened.",
            err=True,
        )
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _line(error: ScopedownError) -> str:
    """Where, what, and what to do, on one line; what a file holds cannot break or colour it."""
    return printable(str(error.finding("")))
