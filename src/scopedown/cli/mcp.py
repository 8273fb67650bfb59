"""``scopedown mcp``: the commands as tools of a Model Context Protocol server."""

from __future__ import annotations

import signal
from pathlib import Path

import click

_EXAMPLES = """
\b
Examples:
  scopedown mcp                                   # projects below this folder
  scopedown mcp --root services --root lib        # these two folders alone
  scopedown mcp --root . --env STAGE              # ${env:STAGE} of a serverless.yml is known
"""


@click.command("mcp", epilog=_EXAMPLES)
@click.option(
    "--root", "roots", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="A folder that the server may read; repeatable. Default: the current folder.",
)  # fmt: skip
@click.option(
    "--env", "variables", multiple=True, metavar="NAME",
    help="An environment variable that project files may use (${env:NAME}); repeatable. Default: "
"none.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(1, 3600), default=120, show_default=True, metavar="SECONDS",
    help="Stop a call after this many seconds.",
)  # fmt: skip
@click.option(
    "--max-characters", type=click.IntRange(2_000), default=50_000, show_default=True, metavar="N",
    help="The largest answer; a longer answer is cut, and says what was left out.",
)  # fmt: skip
def mcp_command(roots: tuple[Path, ...], variables: tuple[str, ...], timeout: float, max_characters: int) -> None:
    """Serve the tools scan, deploy_policy, check, explain, simulate and catalog to an MCP client over stdio.

    An editor or assistant starts this command and uses its tools. The tools only read files below the given folders.
    They run no project code and no framework, and send nothing to AWS. The server ends when its standard input closes.
    """
    try:
        from scopedown.mcp.server import Settings, serve
    except ImportError as error:
        from scopedown.core.extras import not_installed

        raise not_installed("scopedown mcp", error.name, "mcp") from error
    from scopedown.mcp.places import Places

    # The thread that reads standard input cannot be interrupted: Ctrl+C ends the process as it ends any other filter.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve(Settings(Places.of(roots or (Path(),)), timeout, max_characters, variables))
