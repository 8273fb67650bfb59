"""``scopedown validate``: what is wrong with policies, by the codes of AWS's own validation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.check.outputs import Outputs, form_options, outputs
from scopedown.cli.gates import fail_on_option
from scopedown.core.finding import ScopedownError
from scopedown.iam.document import Kind

if TYPE_CHECKING:
    from scopedown.checks.gates import FailOn
    from scopedown.checks.results import Report
    from scopedown.validate.document import PolicyDocument
    from scopedown.validate.facts import Facts

STDIN = "-"
_SUFFIXES = (".json", ".yml", ".yaml")
_NOT_THE_USERS = {"node_modules", ".git", ".venv", "venv", "site-packages", "__pycache__", ".terraform", ".serverless"}
_EXAMPLES = """
\b
Examples:
  scopedown validate policy.json                       # one policy
  scopedown validate template.yaml serverless.yml      # the policies in templates
  scopedown validate policies --fail-on error,SECURITY_WARNING
  scopedown validate deny.json --type scp
  scopedown validate bucket.json --resource-type AWS::S3::Bucket
  aws iam get-account-authorization-details | scopedown validate -
  scopedown validate . --format github -o sarif=scopedown.sarif
"""


@click.command("validate", epilog=_EXAMPLES)
@click.argument("paths", metavar="PATH...|-", nargs=-1, required=True)
@click.option(
    "--type", "kind", type=click.Choice([str(kind) for kind in Kind]), metavar="TYPE",
    help="What the policies are: identity, resource, trust, scp, rcp, boundary, session or vpce.  [default: by what "
    "they say; policies without principals count as identity]",
)  # fmt: skip
@click.option(
    "--resource-type", metavar="TYPE", default="",
    help="The resource that has the policy, such as AWS::S3::Bucket.  [default: by the actions in it]",
)  # fmt: skip
@form_options
@fail_on_option("validate")
@click.option(
    "--select", multiple=True, metavar="CODE",
    help="Only this finding (INVALID_ACTION, PASS_ROLE, SUGGESTION); repeatable.",
)  # fmt: skip
@click.option("--ignore", multiple=True, metavar="CODE", help="Skip this finding; repeatable.")
def validate_command(
    paths: tuple[str, ...], kind: str | None, resource_type: str, form: str, output: tuple[str, ...], fail_on: FailOn,
    select: tuple[str, ...], ignore: tuple[str, ...],
) -> None:  # fmt: skip
    """Check policies by the codes of AWS's policy validation, offline.

    PATH is a policy in JSON or YAML, a template or other file with policies in it (CloudFormation, SAM, serverless.yml,
    Terraform's JSON, answers of the AWS CLI), or a folder of them; - reads standard input. scopedown rule CODE explains
    a finding. Exit code 1: a gate of --fail-on was met.
    """
    from scopedown.catalog.load import catalog
    from scopedown.checks.policy_findings import report
    from scopedown.checks.results import repository_of
    from scopedown.validate.facts import Facts, resource_kinds
    from scopedown.validate.registry import checks, chosen
    from scopedown.validate.run import findings

    wanted = outputs(form, output)
    if resource_type and resource_type not in resource_kinds():
        known = ", ".join(resource_kinds())
        raise ScopedownError(f"scopedown knows no policies of {resource_type}", remedy=f"types are {known}")
    left_out = {check.code for check in chosen(ignore)}
    looked_for = [check for check in (chosen(select) if select else checks()) if check.code not in left_out]
    facts = Facts(catalog())  # type: ignore[arg-type]  # the bundled catalog has the look-ups that its protocol lacks
    documents = [
        document
        for path in paths
        for document in _documents(path, facts, Kind(kind) if kind else None, resource_type)
    ]  # fmt: skip
    if not documents:
        raise ScopedownError(f"there is no policy in {', '.join(paths)}", remedy="name a file with a policy in it")
    found = [finding for document in documents for finding in findings(document, looked_for)]
    here = Path.cwd().resolve()
    base = repository_of(Path(paths[0]).parent if paths[0] != STDIN else here)
    _show(report(found, len(documents), fail_on, base), report(found, len(documents), fail_on, here), wanted)
    if report(found, len(documents), fail_on, here).failed:
        click.get_current_context().exit(1)


def _documents(path: str, facts: Facts, kind: Kind | None, resource_type: str) -> Iterator[PolicyDocument]:
    """The policies of one argument. Raises ScopedownError for a file that cannot be read."""
    from scopedown.documents.document import read_text
    from scopedown.validate.read import of_text

    if path == STDIN:
        text = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if hasattr(sys.stdin, "buffer") else ""
        yield from of_text(text, "<stdin>", facts, kind=kind, resource_type=resource_type)
        return
    place = Path(path)
    if place.is_dir():
        for file in _files(place):
            text = _text_of(file)
            if '"Statement"' in text or "Statement" in text or "statement" in text:
                name = str(file.resolve())
                yield from of_text(text, name, facts, kind=kind, resource_type=resource_type, alone=False)
        return
    read = read_text(place, path)
    if read is None:
        raise ScopedownError(f"{path} does not exist", remedy="name a file or a folder, or - for standard input")
    yield from of_text(read, str(place.resolve()), facts, kind=kind, resource_type=resource_type)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that may hold policies, in their order."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts[:-1]
        if path.suffix in _SUFFIXES and path.is_file() and not _NOT_THE_USERS & set(inside):
            yield path


def _text_of(file: Path) -> str:
    """The text of a file of a folder; empty where it is no text, or too large."""
    from scopedown.documents.document import read_text

    try:
        return read_text(file, str(file)) or ""
    except ScopedownError:
        return ""


def _show(of_base: Report, here: Report, wanted: Outputs) -> None:
    """Write the files, then print. Places of text are relative to the working directory, others to the repository."""
    from scopedown.checks.forms import form
    from scopedown.checks.forms.text import render
    from scopedown.cli.files import write_file
    from scopedown.cli.terminal import has_colours

    for path, name in wanted.files:
        write_file(path, form(name)(here if name == "text" else of_base))
    if wanted.printed == "text":
        click.echo(render(here, has_colours()), nl=False)
    elif wanted.printed is not None:
        click.echo(form(wanted.printed)(of_base), nl=False)
