"""PowerShell among the shells whose completion click can drive, once this module is imported.

The script gives the finished words in ``COMP_WORDS``, a line each, and the word that is being typed in ``COMP_WORD``;
each answer is a line of kind, value and help, with tabs between them. Where nothing is offered, PowerShell completes
paths itself. Source of the script's interface:
https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter
"""

from __future__ import annotations

import os
from typing import ClassVar

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
