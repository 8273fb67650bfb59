"""``scopedown catalog NAME``: what the bundled catalog knows of an action, an operation, a type or a service."""

from __future__ import annotations

from typing import cast

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.output import output_option
from scopedown.core.finding import ScopedownError


@click.command("catalog")
@click.argument("name", required=False)
@click.option("--age", is_flag=True, help="Print how old the AWS data is; exit code 1 if older than 90 days.")
@format_option("catalog")
@output_option
def catalog_command(name: str | None, age: bool, form: str) -> None:
    """Look up what AWS says of NAME, offline.

    \b
    NAME is one of:
      dynamodb:PutItem        an IAM action
      s3.HeadObject           an API operation (botocore's service name)
      AWS::DynamoDB::Table    a CloudFormation type
      dynamodb                a service

    \b
    Examples:
      scopedown catalog dynamodb:PutItem
      scopedown catalog s3.head_object --format json
      scopedown catalog --age                # in CI: is it time to upgrade?
    """
    if age == (name is not None):
        raise click.UsageError("give either a NAME or --age")
    if name is None:
        _age(form)
        return
    from scopedown.catalog.load import SqliteCatalog, catalog
    from scopedown.catalog.lookup import did_you_mean, look_up

    known = cast(SqliteCatalog, catalog())
    data = look_up(known, name)
    if data is None:
        remedy = did_you_mean(known, name) or "see scopedown catalog --help for the forms of a name"
        raise ScopedownError(f"the catalog knows nothing named {name!r}", remedy=remedy)
    show("catalog", form, data)


def _age(form: str) -> None:
    """Print how old the data is; exit code 1 where an upgrade is due."""
    from scopedown.catalog.age import OLD, days, today

    age = days(today())
    show("age", form, age)
    if age > OLD:
        click.get_current_context().exit(1)
