"""``scopedown completion SHELL``: the script with which a shell completes commands, options and their values.

The script is click's own (https://click.palletsprojects.com/en/stable/shell-completion/): it asks the command itself,
through the variable ``_SCOPEDOWN_COMPLETE``, so that it stays right when the command changes.
"""

from __future__ import annotations

import click

_EXAMPLES = """
\b
Examples:
  scopedown completion bash > ~/.local/share/bash-completion/completions/scopedown
  scopedown completion zsh > "${fpath[1]}/_scopedown"
  scopedown completion fish > ~/.config/fish/completions/scopedown.fish
  scopedown completion powershell >> $PROFILE
"""


@click.command(epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
def completion_command(shell: str) -> None:
    """Print the completion script of SHELL, to be kept where the shell looks for one (docs/completion.md)."""
    from click.shell_completion import ShellComplete, get_completion_class

    if shell == "powershell":
        import scopedown.cli.powershell  # noqa: F401 - click has no script for it
    form = get_completion_class(shell)
    assert form is not None
    program = click.get_current_context().find_root().command
    # Not the class's own source(): it asks the bash of PATH for its version, which need not be the one that reads this.
    script = ShellComplete.source(form(program, {}, "scopedown", "_SCOPEDOWN_COMPLETE"))
    click.echo(script.strip())
