"""``scopedown explain``: why a function needs an action."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.options import require_actions, used_option, uses_of
from scopedown.cli.output import output_option
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, scan_options, scan_projects
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.observe.said import Uses
    from scopedown.scan import ProjectScan
    from scopedown.scan.forms.explanation import Said

_EXAMPLES = """
\b
Examples:
  scopedown explain dynamodb:PutItem              # in the project of this folder
  scopedown explain s3 examples/todos             # every action of S3
  scopedown explain 'dynamodb:*Item' --function create
  scopedown explain s3 --format json
"""


@click.command(epilog=_EXAMPLES)
@click.argument("action")
@project_options
@scan_options
@format_option("explanation", "text or JSON (docs/json.md).")
@used_option
@output_option
def explain_command(
    action: str, request: Request, how: How, form: str, used: Path | None
) -> None:  # fmt: skip
    """Show why functions of the project in PATH need ACTION (an action, a pattern, or a service's prefix).

    For every call: the functions from the handler to it, and value by value how its resource was found. Where a value
    is unknown, the expression at which the analysis stopped. Exit code 1 if no function needs the action.
    """
    scans = scan_projects(request, Outcome(), how)
    said = _said(uses_of(used, scans))
    from scopedown.catalog.load import catalog
    from scopedown.scan.forms.explanation import Explanation
    from scopedown.scan.in_app import in_app

    shown = Explanation.of([*map(in_app, scans)], action, catalog(), said)
    if not shown.functions:
        _require_action(action, scans)
    show("explanation", form, shown)
    if not shown.functions:
        click.get_current_context().exit(1)


def _require_action(action: str, scans: list[ProjectScan]) -> None:
    """Raise where an action is none; a function's name is answered with the command that shows a function."""
    names = {function.key for shown in scans for function in shown.project.functions}
    if action in names:
        raise ScopedownError(
            f"{action} is a function, not an action",
            remedy=f"scopedown explain '*' --function {shlex.quote(action)} explains all that it needs",
        )
    require_actions(action)


def _said(uses: Uses | None) -> Said | None:
    """What the logs show of a permission of a function."""
    if uses is None:
        return None
    return lambda scan, function, permission: uses.said(
        scan.project, function.function.role, permission.action, (str(one.arn) for one in permission.resources)
    )
