"""``scopedown rule``: what a rule of ``scopedown check`` reports, and what to do about it."""

from __future__ import annotations

import click

_EXAMPLES = """
\b
Examples:
  scopedown rule                # every rule
  scopedown rule SD101          # one rule, with an example
  scopedown rule unused-action  # by its name
  scopedown rule SD2            # all rules whose id begins so
"""


@click.command("rule", epilog=_EXAMPLES)
@click.argument("names", metavar="[RULE]...", nargs=-1)
def rule_command(names: tuple[str, ...]) -> None:
    """Explain rules of scopedown check, by id, name, or the beginning of an id.

    Without RULE, list every rule with its severity.
    """
    from scopedown.checks.explanation import explanation
    from scopedown.checks.registry import chosen, rules

    if not names:
        for rule in rules():
            click.echo(f"{rule.id}  {rule.severity!s:7}  {rule.name}")
        return
    ids = chosen(names, None)
    click.echo("\n".join(explanation(rule) for rule in rules() if rule.id in ids), nl=False)
