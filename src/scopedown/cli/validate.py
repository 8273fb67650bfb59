"""``scopedown validate``: what is wrong with policies, by the codes of AWS's own validation."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.check.baseline import Rules, baseline_of, baseline_options, without_known
from scopedown.cli.check.outputs import form_options, outputs, show_report
from scopedown.cli.options import fail_on_option
from scopedown.cli.settings.defaults import with_settings
from scopedown.core.finding import ScopedownError, printable
from scopedown.iam.document import Kind

if TYPE_CHECKING:
    from scopedown.core.gates import FailOn
    from scopedown.validate.document import PolicyDocument
    from scopedown.validate.facts import Facts

STDIN = "-"
_SUFFIXES = (".json", ".yml", ".yaml")
_STATEMENT = re.compile(r"""\bStatement["']?\s*[:=]""")
_MOST = 4 * 1024 * 1024
"""Bytes of a file of another suffix that are searched for a policy."""
_NAMED = 20
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
  scopedown validate policies --write-baseline         # these findings do not count from now on
  scopedown validate . --format github -o sarif=scopedown.sarif
"""


@click.command("validate", epilog=_EXAMPLES)
@click.argument("paths", metavar="PATH...|-", nargs=-1, required=True, is_eager=True, callback=with_settings)
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
@baseline_options
def validate_command(
    paths: tuple[str, ...], kind: str | None, resource_type: str, form: str, output: tuple[str, ...], fail_on: FailOn,
    select: tuple[str, ...], ignore: tuple[str, ...], baseline: Path | None, write_baseline: bool,
) -> None:  # fmt: skip
    """Check policies by the codes of AWS's policy validation, offline.

    PATH is a policy in JSON or YAML, a template or other file with policies in it (CloudFormation, SAM, serverless.yml,
    Terraform's JSON, answers of the AWS CLI), or a folder of them; - reads standard input. scopedown rule CODE explains
    a finding. In YAML, a comment "# scopedown: ignore CODE reason" hides one. Exit code 1: a gate of --fail-on was met.
    """
    from scopedown.catalog.load import catalog
    from scopedown.checks.ignores import read_files
    from scopedown.checks.policy_findings import named_from, report, results
    from scopedown.cli.repositories import repository_of
    from scopedown.validate.facts import Facts, resource_kinds
    from scopedown.validate.registry import checks, chosen, findings

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
    folder = here if paths[0] == STDIN else Path(paths[0]) if Path(paths[0]).is_dir() else Path(paths[0]).parent
    base = repository_of(folder)
    comments = read_files(here, {finding.found.place.file for finding in found})
    told = [one for one in found if not comments.leaves_out(one.check.code, one.found.place)]
    codes = Rules(frozenset(one.code for one in checks()), frozenset(one.code for one in looked_for))
    files = {named_from(document.place.file, base) for document in documents}
    listed = baseline_of(baseline, folder, write=write_baseline)
    every = results(told, base)
    left, gone = without_known(every, listed, codes, files, write=write_baseline)
    shown = report(left, len(documents), fail_on, len(found) - len(told), len(every) - len(left), gone)
    show_report(shown, base, wanted)
    if shown.failed and not write_baseline:
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
        unread: list[str] = []
        for file in _files(place):
            text = _text_of(file) if file.suffix.lower() in _SUFFIXES else _of_another_suffix(file, unread)
            if "Statement" in text or "statement" in text:
                name = str(file.resolve())
                yield from of_text(text, name, facts, kind=kind, resource_type=resource_type, alone=False)
        _name(unread)
        return
    read = read_text(place, path)
    if read is None:
        raise ScopedownError(f"{path} does not exist", remedy="name a file or a folder, or - for standard input")
    yield from of_text(read, str(place.resolve()), facts, kind=kind, resource_type=resource_type)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that may hold policies, in their order."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts[:-1]
        if not _NOT_THE_USERS & set(inside) and path.is_file():
            yield path


def _of_another_suffix(file: Path, unread: list[str]) -> str:
    """The text of a JSON file whose name says nothing; of any other file nothing, and its name goes to ``unread`` where
    it seems to hold a policy."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST)
    except OSError:
        unread.append(file.as_posix())
        return ""
    text = data.replace(b"\0", b"").decode("utf-8-sig", "replace")
    if not (_STATEMENT.search(text) and "Effect" in text):
        return ""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        unread.append(file.as_posix())
        return ""
    return text


def _name(unread: list[str]) -> None:
    """Say on standard error which files of a folder seem to hold policies and were not read."""
    for file in unread[:_NAMED]:
        why = "it is neither JSON nor YAML by its name, and may hold a policy"
        click.echo(printable(f"not read: {file}: {why}"), err=True)
    if len(unread) > _NAMED:
        click.echo(f"not read: {len(unread) - _NAMED} more files that may hold policies", err=True)


def _text_of(file: Path) -> str:
    """The text of a file of a folder; empty where it is no text, or too large, and names no statements. Raises
    ScopedownError for one that does: it may hold a policy."""
    from scopedown.documents.document import read_text

    try:
        return read_text(file, str(file)) or ""
    except ScopedownError:
        if _names_statements(file):
            raise
        return ""


def _names_statements(file: Path) -> bool:
    """Whether a file has the word in any encoding, read piece by piece; a file that cannot be read may have it."""
    last = b""
    try:
        with file.open("rb") as opened:
            while piece := opened.read(2**20):
                if b"Statement" in (last + piece).replace(b"\0", b""):
                    return True
                last = piece[-32:]
    except OSError:
        return True
    return False
