"""``scopedown rule``: what a rule of ``scopedown check`` reports, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scopedown.checks.model import Described

_EXAMPLES = """
\b
Examples:
  scopedown rule                # every rule
  scopedown rule SD101          # one rule, with an example
  scopedown rule unused-action  # by its name
  scopedown rule SD2            # all rules whose id begins so
  scopedown rule INVALID_ACTION # a finding of scopedown validate
"""


@click.command("rule", epilog=_EXAMPLES)
@click.argument("names", metavar="[RULE]...", nargs=-1)
def rule_command(names: tuple[str, ...]) -> None:
    """Explain rules of scopedown check, by id, name, or the beginning of an id; and what validate and compare find.

    Without RULE, list every rule and finding with its severity.
    """
    from scopedown.checks.explanation import explanation
    from scopedown.checks.new_access import ANSWERS
    from scopedown.checks.registry import chosen, named, rules
    from scopedown.validate.registry import checks
    from scopedown.validate.registry import chosen as chosen_checks

    if not names:
        for rule in rules():
            click.echo(f"{rule.id}  {rule.severity!s:7}  {rule.name}")
        for answer in ANSWERS:
            click.echo(f"{answer.id}  {answer.severity!s:7}  {answer.name}")
        for check in checks():
            click.echo(f"{check.code}  {check.severity!s:7}  {check.type}")
        return
    answers = [one for one in ANSWERS if {one.id, one.name} & {text for name in names for text in (name, name.upper())}]
    found = {text for one in answers for text in (one.id, one.name)}
    others = [name for name in names if name not in found and name.upper() not in found]
    of_policies = [name for name in others if not named(name) and not name.upper().startswith("SD")]
    ids = chosen([name for name in others if name not in of_policies], None)
    pages: list[Described] = [
        *(rule for rule in rules() if rule.id in ids),
        *answers,
        *(chosen_checks(of_policies) if of_policies else ()),
    ]
    click.echo("\n".join(map(explanation, pages)), nl=False)
