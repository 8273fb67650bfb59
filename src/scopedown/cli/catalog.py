"""``scopedown catalog NAME``: what the bundled catalog knows of an action, an operation, a type or a service."""

from __future__ import annotations

from typing import cast

import click

from scopedown.cli.output import output_option
from scopedown.core.finding import ScopedownError


@click.command("catalog")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
def catalog_command(name: str, form: str) -> None:
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
    """
    from scopedown.catalog.load import SqliteCatalog, catalog
    from scopedown.catalog.lookup import as_text, did_you_mean, look_up

    known = cast(SqliteCatalog, catalog())
    data = look_up(known, name)
    if data is None:
        remedy = did_you_mean(known, name) or "see scopedown catalog --help for the forms of a name"
        raise ScopedownError(f"the catalog knows nothing named {name!r}", remedy=remedy)
    if form == "json":
        import json

        click.echo(json.dumps(data, indent=2))
    else:
        click.echo(as_text(data), nl=False)
