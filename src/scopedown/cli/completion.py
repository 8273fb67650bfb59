"""``scopedown completion SHELL``: the script with which a shell completes commands, options and their values.

The script is click's own (https://click.palletsprojects.com/en/stable/shell-completion/): it asks the command itself,
through the variable ``_SCOPEDOWN_COMPLETE``, so that it stays right when the command changes.

PowerShell is among the shells that click can drive once this module is imported. Its script gives the finished words
in ``COMP_WORDS``, a line each, and the word that is being typed in ``COMP_WORD``; each answer is a line of kind, value
and help, with tabs between them. Where nothing is offered, PowerShell completes paths itself. Source of the script's
interface: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter
"""

from __future__ import annotations

import os
from typing import ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

_SOURCE = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $finished = $commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition }
    $env:COMP_WORDS = ($finished | ForEach-Object { "$_" }) -join "`n"
    $env:COMP_WORD = $wordToComplete
    $env:%(complete_var)s = 'powershell_complete'
    try {
        %(prog_name)s 2>$null | ForEach-Object {
            $kind, $value, $help = $_ -split "`t", 3
            if ($kind -eq 'plain') {
                if (-not $help) { $help = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
            }
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_WORD, Env:%(complete_var)s -ErrorAction SilentlyContinue
    }
}
"""


@add_completion_class
class PowerShellComplete(ShellComplete):
    """PowerShell 5.1 and newer."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """The finished words after the program's name, and the word that is being typed."""
        return os.environ.get("COMP_WORDS", "").split("\n")[1:], os.environ.get("COMP_WORD", "")

    def format_completion(self, item: CompletionItem[str]) -> str:
        """One line: kind, value, help."""
        return f"{item.type}\t{item.value}\t{' '.join((item.help or '').split())}"


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
        import scopedown.cli.completion  # noqa: F401 - click has no script for it
    form = get_completion_class(shell)
    assert form is not None
    program = click.get_current_context().find_root().command
    # Not the class's own source(): it asks the bash of PATH for its version, which need not be the one that reads this.
    script = ShellComplete.source(form(program, {}, "scopedown", "_SCOPEDOWN_COMPLETE"))
    click.echo(script.strip())
